//! Getting a signed transaction applied, once.
//!
//! Whatever is sent for a transaction carries its sequence number: it is sent again as it is, or inside fee bumps that pay
//! more. So at most one of all these is ever applied, and only the ledger's word ends the wait: applied, or past the time
//! up to which it may be.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use stellar_rpc_client::SendTransactionResponse;
use tokio::time::{sleep, Instant};
use wire::xdr::{
    Limits, TransactionEnvelope, TransactionResult, TransactionResultResult, TransactionV1Envelope,
    WriteXdr,
};

use crate::{
    decode,
    entries::account,
    error::Error,
    fees::Fees,
    network::Clock,
    outcome::{outcome, Applied, Kept, Outcome},
    rpc::{Question, Rpc},
    signer::Signer,
    transaction::{bump, Outgoing},
};

const METHOD: &str = "sendTransaction";

/// Times of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long a transaction may be applied after it was made.
    pub lifetime: Duration,
    /// After how long without being applied its fee is raised.
    pub raise_after: Duration,
    /// Time between the first two looks at what became of it; it grows by half with each.
    pub poll: Duration,
    /// The longest time between looks.
    pub longest_poll: Duration,
    /// How long after its lifetime the ledger's word is waited for.
    pub grace: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(60),
            raise_after: Duration::from_secs(15),
            poll: Duration::from_millis(100),
            longest_poll: Duration::from_secs(2),
            grace: Duration::from_secs(60),
        }
    }
}

/// The clock on the wall, Unix seconds.
pub(crate) fn wall() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// What a delivery needs to know.
pub(crate) struct Delivery<'a> {
    pub rpc: &'a Rpc,
    pub network_id: [u8; 32],
    pub clock: Clock,
    pub fees: &'a Fees,
    pub timing: &'a Timing,
    /// Who signs fee bumps, and pays them.
    pub payer: &'a dyn Signer,
    /// The transaction.
    pub inner: &'a TransactionV1Envelope,
    /// Its hash.
    pub hash: [u8; 32],
    /// Its resource fee, stroops.
    pub resource_fee: i64,
    /// The time up to which it may be applied, Unix seconds.
    pub until: u64,
    /// The last ledger before it was sent.
    pub since: u32,
    /// Whether its sequence number is from memory, and not asked for just now.
    pub is_remembered: bool,
}

/// How a delivery ended.
pub(crate) enum Fate {
    /// The transaction was applied; says too the most that was offered for it, stroops.
    Applied(Box<Applied>, i64),
    /// Another one used its sequence number. The account's last number, by which this transaction and one that follows that
    /// number cannot both be applied.
    Overtaken(i64),
}

/// What the network said to a transaction.
enum Said {
    Taken,
    NoRoom,
    No(Box<TransactionResult>),
}

/// How far a delivery is.
struct Progress {
    /// What is sent next, and what it is known by.
    next: Outgoing,
    /// All that was sent, the transaction itself first: any of it may be what is applied.
    hashes: Vec<[u8; 32]>,
    /// The highest fee that was signed, stroops.
    offered: i64,
    /// Whether `next` is with the network.
    is_taken: bool,
    /// Whether anything may be with the network.
    is_out: bool,
    raises: u32,
    refusals: u32,
    raised_at: Instant,
    /// What went wrong with the last offer.
    trouble: Option<Error>,
}

impl Delivery<'_> {
    /// Sends the transaction until its fate is known.
    pub async fn run(&self) -> Result<Fate, Error> {
        let wait = self.timing.lifetime.saturating_add(self.timing.grace);
        let ends = Instant::now().checked_add(wait);
        let mut progress = Progress {
            next: Outgoing {
                envelope: TransactionEnvelope::Tx(self.inner.clone()),
                hash: self.hash,
            },
            hashes: vec![self.hash],
            offered: self.inner.tx.fee.into(),
            is_taken: false,
            is_out: false,
            raises: 0,
            refusals: 0,
            raised_at: Instant::now(),
            trouble: None,
        };
        let mut pause = self.timing.poll;
        loop {
            if !progress.is_taken {
                if let Some(last) = self.hand_in(&mut progress).await? {
                    return Ok(Fate::Overtaken(last));
                }
            }
            sleep(pause).await;
            let longer = pause.saturating_add(pause / 2);
            pause = longer.min(self.timing.longest_poll);
            if let Some(applied) = self.find(&progress).await? {
                return Ok(Fate::Applied(applied, progress.offered));
            }
            if ends.is_some_and(|ends| Instant::now() >= ends) {
                return Err(self.unknown(progress.trouble));
            }
            if progress.raised_at.elapsed() >= self.timing.raise_after {
                self.raise(&mut progress).await?;
            }
        }
    }

    /// Offers what is next; says the account's last number if another transaction used this one's. An error only while, by
    /// the server's word, nothing is with the network.
    async fn hand_in(&self, progress: &mut Progress) -> Result<Option<i64>, Error> {
        progress.trouble = None;
        match self.send(&progress.next).await {
            Ok(Said::Taken) => {
                progress.is_taken = true;
                progress.is_out = true;
            }
            Ok(Said::NoRoom) => {
                progress.refusals = progress.refusals.saturating_add(1);
                if !progress.is_out && progress.refusals >= self.rpc.patience.attempts {
                    return Err(Error::NoRoom(self.hash));
                }
            }
            Ok(Said::No(result)) => return self.refused(progress, result).await,
            Err(error @ Error::Answer { .. }) => return Err(self.unknown(Some(error))),
            Err(error) if error.is_turned_away() => {
                if !progress.is_out {
                    return Err(error);
                }
                // What is under way decides.
                progress.is_taken = true;
                progress.trouble = Some(error);
            }
            Err(error) => {
                // It may have arrived all the same.
                tracing::debug!(%error, "sending again");
                progress.is_out = true;
                progress.trouble = Some(error);
            }
        }
        Ok(None)
    }

    /// The network does not want it: final while nothing is out, unless a higher fee may do, or another number.
    async fn refused(
        &self,
        progress: &mut Progress,
        result: Box<TransactionResult>,
    ) -> Result<Option<i64>, Error> {
        let wants_more = result.result == TransactionResultResult::TxInsufficientFee;
        if wants_more && progress.raises < self.fees.raises {
            self.raise(progress).await?;
            return Ok(None);
        }
        if result.result == TransactionResultResult::TxBadSeq {
            match self.overtaken().await {
                Some(last) if !progress.is_out => return Ok(Some(last)),
                Some(_) => {}
                None => {
                    // Nothing but the server's word says that this very transaction is not what used the number.
                    progress.is_out = true;
                    progress.raises = self.fees.raises;
                }
            }
        }
        if progress.is_out {
            // Something with the same sequence number is under way or applied already: that decides.
            progress.is_taken = true;
            return Ok(None);
        }
        Err(Error::NotAccepted {
            hash: self.hash,
            result,
        })
    }

    /// The account's last number, if another transaction has used this one's, so that one made anew does not do the same
    /// thing twice. That is certain only of a remembered number that the account is past by more than this transaction alone
    /// explains: then the next number fits no account that this transaction was applied to. What is made anew follows the
    /// very number returned here: asked again, a server may say one that fits both.
    async fn overtaken(&self) -> Option<i64> {
        if !self.is_remembered {
            return None;
        }
        let unseen = outcome(self.rpc, self.hash, self.network_id).await;
        if !matches!(unseen, Ok(Outcome::Nowhere(_))) {
            return None;
        }
        let account = account(self.rpc, &self.payer.account_id()).await.ok()?;
        let last = account.seq_num.0;
        (last > self.inner.tx.seq_num.0).then_some(last)
    }

    /// Makes the next a fee bump that pays more, as long as that is allowed.
    async fn raise(&self, progress: &mut Progress) -> Result<(), Error> {
        progress.raised_at = Instant::now();
        if progress.raises >= self.fees.raises {
            return Ok(());
        }
        let raises = progress.raises.saturating_add(1);
        let Ok(fee) = self.fees.bump(self.resource_fee, raises) else {
            progress.raises = self.fees.raises;
            return Ok(());
        };
        let bumped = bump(self.inner, self.payer, fee, self.network_id).await;
        // The server has seen the transaction, whatever it said to it.
        let bumped = bumped.map_err(|error| self.unknown(Some(error)))?;
        tracing::info!(fee, raises, "the fee is raised");
        progress.raises = raises;
        progress.offered = fee;
        progress.hashes.push(bumped.hash);
        progress.next = bumped;
        progress.is_taken = false;
        Ok(())
    }

    async fn send(&self, signed: &Outgoing) -> Result<Said, Error> {
        let encoded = signed.envelope.to_xdr_base64(Limits::none())?;
        let question = Question::new(METHOD).with("transaction", encoded)?;
        let answer: SendTransactionResponse = self.rpc.ask_once(&question).await?;
        if decode::hash(METHOD, &answer.hash)? != signed.hash {
            return Err(Error::answer(METHOD, "another transaction's hash"));
        }
        match answer.status.as_str() {
            "PENDING" | "DUPLICATE" => Ok(Said::Taken),
            "TRY_AGAIN_LATER" => Ok(Said::NoRoom),
            "ERROR" => {
                let missing = || Error::answer(METHOD, "an error without a result");
                let result = answer.error_result_xdr.as_deref().ok_or_else(missing)?;
                Ok(Said::No(Box::new(decode::xdr(METHOD, result)?)))
            }
            _ => Err(Error::answer(METHOD, "a status that there is not")),
        }
    }

    /// The one that was applied, if one was; an error once none ever will be.
    async fn find(&self, progress: &Progress) -> Result<Option<Box<Applied>>, Error> {
        let mut kept = None;
        for hash in &progress.hashes {
            match outcome(self.rpc, *hash, self.network_id).await {
                Ok(Outcome::Applied(applied)) => return Ok(Some(applied)),
                Ok(Outcome::Nowhere(ledgers)) => kept = kept.or(Some(ledgers)),
                Err(error) if error.is_retryable() => return Ok(None),
                Err(error) => return Err(self.unknown(Some(error))),
            }
        }
        match kept {
            Some(kept) if self.is_past(kept) => Err(Error::Expired(self.hash)),
            _ => Ok(None),
        }
    }

    /// Whether the server would know if it had been applied, and it no longer can be. `kept` is from the first look of a
    /// round, so nothing was applied between it and the later ones unseen.
    fn is_past(&self, kept: Kept) -> bool {
        let is_kept = kept.oldest <= self.since.saturating_add(1);
        let is_late = self.clock == Clock::Ledger || wall() > self.until;
        is_kept && is_late && kept.closed_at > self.until
    }

    fn unknown(&self, cause: Option<Error>) -> Error {
        Error::Unknown {
            hash: self.hash,
            cause: cause.map(Box::new),
        }
    }
}
