//! Signing and sending, one transaction of an account after the other.

use tracing::instrument;
use wire::xdr::SorobanResources;

use crate::{
    client::Client,
    deliver::{wall, Delivery, Fate},
    error::{hex, Error, Failed},
    failure::Failure,
    fees::Fees,
    lanes::Turn,
    ledgers::LatestLedger,
    network::Clock,
    outcome::Applied,
    receipt::Receipt,
    signer::Signer,
    transaction::{sign, Prepared},
};

/// The sequence number of a transaction.
#[derive(Clone, Copy)]
struct Number {
    sequence: i64,
    /// Whether it follows the last one that this client used, and was not asked for just now.
    is_remembered: bool,
}

impl Number {
    fn after(last: i64, is_remembered: bool) -> Self {
        Self {
            sequence: last.saturating_add(1),
            is_remembered,
        }
    }
}

/// What became of one number's transaction.
enum Attempt {
    Applied(Delivered),
    /// The account is at `last`, through another's transaction.
    Overtaken {
        hash: [u8; 32],
        last: i64,
    },
}

/// A transaction that was applied.
struct Delivered {
    sequence: i64,
    hash: [u8; 32],
    applied: Box<Applied>,
    /// The most that was offered for it, stroops.
    offered: i64,
}

impl Client {
    /// Signs and sends, with the account's next sequence number, and waits for what becomes of it.
    pub(crate) async fn submit<R>(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
    ) -> Result<Receipt<R>, Error> {
        self.submit_within(prepared, source, &self.settings.fees)
            .await
    }

    /// The same for these fees.
    pub(crate) async fn submit_within<R>(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
        fees: &Fees,
    ) -> Result<Receipt<R>, Error> {
        let delivered = self.take_turn(prepared, source, fees).await?;
        let data = prepared.data.as_ref();
        finished(delivered, data.map(|data| data.resources.clone()))
    }

    /// The same for entries that are restored; returns the most that was offered for it, stroops.
    pub(crate) async fn submit_restoring(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
        fees: &Fees,
    ) -> Result<i64, Error> {
        let delivered = self.take_turn(prepared, source, fees).await?;
        let offered = delivered.offered;
        finished::<()>(delivered, None).map(|_| offered)
    }

    /// Waits for the account's turn, and delivers. A transaction is made anew only once, and only if it is certain that not
    /// both can be applied.
    #[instrument(skip_all, fields(source = %source.address(), hash = tracing::field::Empty))]
    async fn take_turn(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
        fees: &Fees,
    ) -> Result<Delivered, Error> {
        let mut turn = self.lanes.enter(source.public_key()).await;
        let number = match turn.take() {
            Some(last) => Number::after(last, true),
            None => {
                let account = self.account(&source.account_id()).await?;
                Number::after(account.seq_num.0, false)
            }
        };
        let first = self.deliver(prepared, source, number, fees, &mut turn);
        let delivered = match first.await? {
            Attempt::Applied(delivered) => delivered,
            Attempt::Overtaken { hash, last } => {
                tracing::debug!("the sequence number was used by someone else");
                let number = Number::after(last, false);
                let second = self.deliver(prepared, source, number, fees, &mut turn);
                match second.await.map_err(|error| shown(hash, error))? {
                    Attempt::Applied(delivered) => delivered,
                    Attempt::Overtaken { hash, .. } => {
                        return Err(Error::Unknown { hash, cause: None })
                    }
                }
            }
        };
        turn.used(delivered.sequence);
        Ok(delivered)
    }

    async fn deliver(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
        number: Number,
        fees: &Fees,
        turn: &mut Turn,
    ) -> Result<Attempt, Error> {
        let latest = self.latest_ledger().await?;
        let until = self.until(latest);
        let sequence = number.sequence;
        self.claim(turn, sequence, until)?;
        let transaction = prepared.transaction(source.public_key(), sequence, fees, until)?;
        let (inner, hash) = sign(transaction, source, self.network_id).await?;
        tracing::Span::current().record("hash", hex(&hash));
        let delivery = Delivery {
            rpc: &self.rpc,
            network_id: self.network_id,
            clock: self.network.clock,
            fees,
            timing: &self.settings.timing,
            payer: source,
            inner: &inner,
            hash,
            resource_fee: prepared.resource_fee(),
            until,
            since: self.reached(latest.sequence),
            is_remembered: number.is_remembered,
        };
        Ok(match delivery.run().await? {
            Fate::Applied(applied, offered) => Attempt::Applied(Delivered {
                sequence,
                hash,
                applied,
                offered,
            }),
            Fate::Overtaken(last) => Attempt::Overtaken { hash, last },
        })
    }

    /// Notes that `sequence` is signed for a transaction that may be applied up to `until`, Unix seconds, if nothing that was
    /// signed before stands against it.
    fn claim(&self, turn: &mut Turn, sequence: i64, until: u64) -> Result<(), Error> {
        let until = until.saturating_add(self.settings.timing.grace.as_secs());
        if turn.sign(sequence, until, wall()) {
            return Ok(());
        }
        let problem = "a sequence number below one that was signed";
        Err(Error::answer("getLedgerEntries", problem))
    }

    /// The time up to which a transaction made now may be applied.
    fn until(&self, latest: LatestLedger) -> u64 {
        let now = match self.network.clock {
            Clock::Wall => wall(),
            Clock::Ledger => wall().max(latest.close_time),
        };
        now.saturating_add(self.settings.timing.lifetime.as_secs())
    }
}

/// What failed after the server had been shown the transaction `hash`: no reason to try again.
fn shown(hash: [u8; 32], error: Error) -> Error {
    match error.is_retryable() {
        true => Error::Unknown {
            hash,
            cause: Some(Box::new(error)),
        },
        false => error,
    }
}

fn finished<R>(
    delivered: Delivered,
    resources: Option<SorobanResources>,
) -> Result<Receipt<R>, Error> {
    let Delivered { hash, applied, .. } = delivered;
    if applied.is_success {
        return Ok(Receipt::new(hash, resources, *applied));
    }
    Err(Error::Failed(Box::new(Failed {
        hash,
        ledger: applied.ledger,
        failure: Failure::from_events(&applied.diagnostics),
        result: applied.result,
    })))
}
