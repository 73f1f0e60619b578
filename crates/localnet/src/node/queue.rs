//! Transactions that wait for a ledger: one of each source account.

use std::{cmp::Ordering, collections::BTreeMap};

use soroban_env_host::xdr::{AccountId, TransactionResult, TransactionResultCode as Code};

use super::{
    capacity::Taken,
    check::not_queued,
    resources,
    results::{result, Failure},
    Submission,
};
use crate::network::{LedgerLimits, NetworkConfig};

/// How many times the bid per operation a fee bump offers at least to take the place of what it bumps.
const REPLACEMENT_FACTOR: i128 = 10;

/// Bytes of envelopes that wait at most; decoded they are a few times as much.
const BYTES: usize = 64 << 20;

/// Transactions that wait, by source account.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: BTreeMap<AccountId, Waiting>,
    arrivals: u64,
    /// What each account offers to pay for those that wait, stroops.
    owed: BTreeMap<AccountId, i128>,
    /// Bytes of their envelopes.
    bytes: usize,
}

struct Waiting {
    submission: Submission,
    /// Place in the order of arrival.
    arrival: u64,
}

/// Whether a source account's place in the queue is free for another transaction.
pub(crate) enum Vacancy {
    /// None waits, or the other one takes its place.
    Free,
    /// It is the same.
    Same,
    /// It stays.
    Taken,
    /// It stays, since the other one is before it, declares what may not be, or does not offer enough.
    Refused(TransactionResult),
}

impl Queue {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether `submission` may take its source account's place. Where another one waits, what it declares is looked at first, as
    /// the network does; where none does, that is a part of what is looked at later.
    pub fn vacancy(&self, config: &NetworkConfig, submission: &Submission) -> Vacancy {
        let Some(Waiting {
            submission: old, ..
        }) = self.waiting.get(&submission.source())
        else {
            return Vacancy::Free;
        };
        // The network has a queue for each of the two kinds, and an account in one of them.
        if old.soroban().is_some() != submission.soroban().is_some() {
            return Vacancy::Taken;
        }
        if old.hash == submission.hash || old.inner_hash == Some(submission.hash) {
            return Vacancy::Same;
        }
        let order = submission.transaction.seq_num.cmp(&old.transaction.seq_num);
        if order == Ordering::Less {
            return Vacancy::Refused(not_queued(submission, Code::TxBadSeq));
        }
        let declared = submission.soroban().map_or(Ok(()), |data| {
            resources::check_where_another_waits(config, submission, data)
        });
        if let Err(code) = declared {
            return Vacancy::Refused(not_queued(submission, code));
        }
        match submission.bump {
            Some(_) if order == Ordering::Equal => Self::contest(old, submission),
            _ => Vacancy::Taken,
        }
    }

    /// What `old` means for the fee bump `submission` that would take its place.
    fn contest(old: &Submission, submission: &Submission) -> Vacancy {
        let (bid, old_bid) = (submission.inclusion_bid(), old.inclusion_bid());
        let offered = i128::from(bid) * i128::from(old.paid_operations());
        let wanted =
            REPLACEMENT_FACTOR * i128::from(old_bid) * i128::from(submission.paid_operations());
        if offered >= wanted {
            return Vacancy::Free;
        }
        // Rounded up, so that it suffices.
        let operations = i128::from(old.paid_operations());
        let least = (wanted + operations - 1) / operations + i128::from(submission.resource_fee());
        let least = i64::try_from(least).unwrap_or(i64::MAX);
        let refused = Err(Failure::Envelope(Code::TxInsufficientFee));
        Vacancy::Refused(result(submission, least, refused))
    }

    /// What its payer offers for others that wait, stroops, once `submission` has taken its place.
    pub fn owed_beside(&self, submission: &Submission) -> i128 {
        let payer = submission.fee_source();
        let owed = self.owed.get(&payer).copied().unwrap_or(0);
        let replaced = self.waiting.get(&submission.source());
        let replaced = replaced.filter(|old| old.submission.fee_source() == payer);
        owed - replaced.map_or(0, |old| i128::from(old.submission.bid()))
    }

    /// Whether there is room for `submission` among `count` transactions.
    pub fn has_room(&self, submission: &Submission, count: usize) -> bool {
        let (bytes, count) = match self.waiting.get(&submission.source()) {
            Some(old) => {
                let old = length(&old.submission);
                (self.bytes.saturating_sub(old), count.saturating_add(1))
            }
            None => (self.bytes, count),
        };
        self.len() < count && bytes.saturating_add(length(submission)) <= BYTES
    }

    /// Lets `submission` wait, in the place of its source account's.
    pub fn push(&mut self, submission: Submission) {
        self.remove(&submission.source());
        let owed = self.owed.entry(submission.fee_source()).or_default();
        *owed += i128::from(submission.bid());
        self.bytes = self.bytes.saturating_add(length(&submission));
        self.arrivals = self.arrivals.saturating_add(1);
        let arrival = self.arrivals;
        let waiting = Waiting {
            submission,
            arrival,
        };
        self.waiting.insert(waiting.submission.source(), waiting);
    }

    fn remove(&mut self, source: &AccountId) -> Option<Submission> {
        let submission = self.waiting.remove(source)?.submission;
        self.bytes = self.bytes.saturating_sub(length(&submission));
        let payer = submission.fee_source();
        if let Some(owed) = self.owed.get_mut(&payer) {
            *owed -= i128::from(submission.bid());
            if *owed == 0 {
                self.owed.remove(&payer);
            }
        }
        Some(submission)
    }

    /// Takes out what the next ledger takes, in the order of application: classic transactions first, then those of
    /// contracts, the better bids per operation before the others. What `is_valid` refuses is dropped; it is told what the
    /// payer offers for those that are taken already, stroops.
    pub fn take(
        &mut self,
        limits: &LedgerLimits,
        is_valid: impl Fn(&Submission, i128) -> bool,
    ) -> Vec<Submission> {
        let mut order: Vec<_> = self.waiting.iter().collect();
        order.sort_by(|(_, one), (_, other)| {
            let by_bid = compare_bids(&other.submission, &one.submission);
            by_bid.then(one.arrival.cmp(&other.arrival))
        });
        let (mut taken, mut leaving) = (Taken::default(), Vec::new());
        let mut owed = BTreeMap::<AccountId, i128>::new();
        for (source, Waiting { submission, .. }) in order {
            let owed = owed.entry(submission.fee_source()).or_default();
            if !is_valid(submission, *owed) {
                leaving.push((source.clone(), false));
            } else if let Some(with) = taken.with(submission, limits) {
                taken = with;
                *owed += i128::from(submission.bid());
                leaving.push((source.clone(), true));
            }
        }
        let (mut classic, mut of_contracts) = (Vec::new(), Vec::new());
        for (source, is_taken) in leaving {
            match self.remove(&source) {
                Some(submission) if is_taken && submission.soroban().is_some() => {
                    of_contracts.push(submission);
                }
                Some(submission) if is_taken => classic.push(submission),
                _ => {}
            }
        }
        classic.append(&mut of_contracts);
        classic
    }
}

/// Which of two offers more for each operation, to the last stroop.
fn compare_bids(one: &Submission, other: &Submission) -> Ordering {
    let weighed = |bid: &Submission, by: &Submission| {
        i128::from(bid.inclusion_bid()) * i128::from(by.paid_operations())
    };
    weighed(one, other).cmp(&weighed(other, one))
}

fn length(submission: &Submission) -> usize {
    usize::try_from(submission.bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;
    use crate::node::test::{node, payment};

    #[test]
    fn bytes_that_wait_are_bounded() {
        let mut queue = Queue::default();
        let mut long = payment(&node());
        long.bytes = 33 << 20;
        assert!(queue.has_room(&long, 1));
        queue.push(long.clone());
        assert!(!queue.has_room(&long, 0), "more than may wait");
        assert!(queue.has_room(&long, 1), "in the place of its own");
        let mut other = long.clone();
        other.transaction.source_account = crate::Keypair::named("other").account_id().into();
        assert!(!queue.has_room(&other, 2), "too long beside it");
        other.bytes = 31 << 20;
        assert!(queue.has_room(&other, 2));
        let all = queue.take(&node().network().ledger_limits, |_, _| true);
        assert_eq!(all.len(), 1);
        assert_eq!((queue.bytes, queue.owed.len()), (0, 0), "given back");
    }
}
