//! Transactions that wait for a ledger: one of each source account.

use std::{
    cmp::Reverse,
    collections::{btree_map::Entry, BTreeMap},
};

use soroban_env_host::xdr::{AccountId, TransactionResult, TransactionResultCode as Code};

use super::{
    capacity::Taken,
    results::{result, Failure},
    Submission,
};
use crate::network::LedgerLimits;

/// How many times the bid per operation a fee bump offers at least to take the place of what it bumps.
const REPLACEMENT_FACTOR: i128 = 10;

/// Transactions that wait, by source account.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: BTreeMap<AccountId, Waiting>,
    arrivals: u64,
}

struct Waiting {
    submission: Submission,
    /// Place in the order of arrival.
    arrival: u64,
}

/// What a source account's waiting transaction means for another one.
pub(crate) enum Standing {
    /// None waits, or the other one takes its place.
    Free,
    /// It is the same.
    Same,
    /// It stays.
    Taken,
    /// It stays, since the other one does not offer enough.
    Underbid(TransactionResult),
}

impl Queue {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// What waits for `submission`'s source account.
    pub fn standing(&self, submission: &Submission) -> Standing {
        let Some(Waiting {
            submission: old, ..
        }) = self.waiting.get(&submission.source())
        else {
            return Standing::Free;
        };
        if old.hash == submission.hash || old.inner_hash == Some(submission.hash) {
            return Standing::Same;
        }
        let is_next = old.transaction.seq_num == submission.transaction.seq_num;
        if submission.bump.is_none() || !is_next {
            return Standing::Taken;
        }
        let (bid, old_bid) = (submission.inclusion_bid(), old.inclusion_bid());
        let offered = i128::from(bid) * i128::from(old.paid_operations());
        let wanted =
            REPLACEMENT_FACTOR * i128::from(old_bid) * i128::from(submission.paid_operations());
        if offered >= wanted {
            return Standing::Free;
        }
        // Rounded up, so that it suffices.
        let operations = i128::from(old.paid_operations());
        let least = (wanted + operations - 1) / operations + i128::from(submission.resource_fee());
        let least = i64::try_from(least).unwrap_or(i64::MAX);
        let refused = Err(Failure::Envelope(Code::TxInsufficientFee));
        Standing::Underbid(result(submission, least, refused))
    }

    /// Whether `submission` would take the place of one that waits.
    pub fn replaces(&self, submission: &Submission) -> bool {
        self.waiting.contains_key(&submission.source())
    }

    /// Lets `submission` wait, in the place of its source account's.
    pub fn push(&mut self, submission: Submission) {
        self.arrivals = self.arrivals.saturating_add(1);
        let arrival = self.arrivals;
        let waiting = Waiting {
            submission,
            arrival,
        };
        match self.waiting.entry(waiting.submission.source()) {
            Entry::Occupied(mut place) => drop(place.insert(waiting)),
            Entry::Vacant(place) => drop(place.insert(waiting)),
        }
    }

    /// Takes out what the next ledger takes, in the order of application: classic transactions first, then those of
    /// contracts, the better bids per operation before the others. What `is_valid` refuses is dropped.
    ///
    /// # Errors
    /// Those of `is_valid`; nothing is taken out then.
    pub fn take<E>(
        &mut self,
        limits: &LedgerLimits,
        is_valid: impl Fn(&Submission) -> Result<bool, E>,
    ) -> Result<Vec<Submission>, E> {
        let mut order: Vec<_> = self.waiting.iter().collect();
        order.sort_by_cached_key(|(_, waiting)| {
            let submission = &waiting.submission;
            let bid = submission.inclusion_bid() / submission.paid_operations();
            (Reverse(bid), waiting.arrival)
        });
        let (mut taken, mut leaving) = (Taken::default(), Vec::new());
        for (source, Waiting { submission, .. }) in order {
            if !is_valid(submission)? {
                leaving.push((source.clone(), false));
            } else if let Some(with) = taken.with(submission, limits) {
                taken = with;
                leaving.push((source.clone(), true));
            }
        }
        let (mut classic, mut of_contracts) = (Vec::new(), Vec::new());
        for (source, is_taken) in leaving {
            match self.waiting.remove(&source).map(|left| left.submission) {
                Some(submission) if is_taken && submission.soroban().is_some() => {
                    of_contracts.push(submission);
                }
                Some(submission) if is_taken => classic.push(submission),
                _ => {}
            }
        }
        classic.append(&mut of_contracts);
        Ok(classic)
    }
}
