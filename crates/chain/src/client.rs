//! The client: calls and transactions, from asking what they need to knowing what became of them.

use bindings::Call;
use tracing::instrument;
use wire::{
    contract_call,
    xdr::{
        AccountEntry, AccountId, HostFunction, InvokeHostFunctionOp, LedgerKey, OperationBody,
        ScVal, SorobanAuthorizationEntry, SorobanTransactionData, TransactionResultResult,
    },
    FromScVal, SIGNATURE_LIFETIME,
};

use crate::{
    deliver::{wall, Delivery, Timing},
    entries::{self, Entry},
    error::{hex, Error},
    events::{EventFilter, EventStart, Events},
    fees::Fees,
    lanes::Lanes,
    network::{Clock, Network},
    outcome::Applied,
    receipt::{finished, Receipt},
    rpc::{Patience, Question, Rpc},
    signer::Signer,
    simulate::{simulate, Mode, Simulated},
    transaction::{authorise, is_of, restoring, sign, Prepared},
};

/// How often archived entries are restored for one call.
const RESTORES: u32 = 2;

/// How often a transaction is made anew because its sequence number was used by someone else.
const REMAKES: u32 = 3;

/// The account that views are simulated from; it need not exist.
const NOBODY: [u8; 32] = [0; 32];

/// How a client behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What transactions offer to pay.
    pub fees: Fees,
    /// How long they may take.
    pub timing: Timing,
    /// How patient to be with the server.
    pub patience: Patience,
}

/// A client of one network through one server. All methods may be given up half-way: what was sent may be applied, and
/// what is sent next takes the network's own sequence number.
#[derive(Debug)]
pub struct Client {
    pub(crate) rpc: Rpc,
    network: Network,
    network_id: [u8; 32],
    settings: Settings,
    lanes: Lanes,
}

impl Client {
    /// Connects, if the server serves this network.
    ///
    /// # Errors
    /// [`Error::Passphrase`] when it serves another; [`Error`].
    pub async fn connect(network: Network, settings: Settings) -> Result<Self, Error> {
        let rpc = Rpc::new(&network.url, settings.patience)?;
        let found: stellar_rpc_client::GetNetworkResponse =
            rpc.ask(Question::new("getNetwork")).await?;
        if found.passphrase != network.passphrase {
            return Err(Error::Passphrase {
                wanted: network.passphrase,
                found: found.passphrase.chars().take(100).collect(),
            });
        }
        Ok(Self {
            rpc,
            network_id: network.id(),
            network,
            settings,
            lanes: Lanes::default(),
        })
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Forgets the sequence numbers that it remembers: for a network that went back to an earlier state.
    pub fn forget_sequences(&self) {
        self.lanes.forget();
    }

    /// What the call returns now, without sending it: nobody signs.
    ///
    /// # Errors
    /// [`Error::Call`] when it fails; [`Error`].
    pub async fn view<R: FromScVal>(&self, call: Call<R>) -> Result<R, Error> {
        let (contract, function) = (call.contract.clone(), call.function);
        let function = contract_call(&contract, function, call.into_args()?)?;
        Ok(R::from_scval(&self.view_function(&function).await?)?)
    }

    /// What a host function returns now, without sending it: nobody signs.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn view_function(&self, function: &HostFunction) -> Result<ScVal, Error> {
        let found = self.asked(NOBODY, function, Vec::new()).await?;
        let nothing = || Error::answer("simulateTransaction", "a call without a result");
        found.value.ok_or_else(nothing)
    }

    /// Sends the call from `source`, with the signatures of `signers` where they are asked for, and waits until it is applied.
    ///
    /// # Errors
    /// [`Error::Call`] when it would fail, so nothing is sent; [`Error::Failed`] when it was applied and failed; [`Error`].
    pub async fn send<R>(
        &self,
        call: Call<R>,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt<R>, Error> {
        let (contract, function) = (call.contract.clone(), call.function);
        let function = contract_call(&contract, function, call.into_args()?)?;
        self.run(function, source, signers).await
    }

    /// Runs a host function: a call, an upload of wasm, or the making of a contract.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn run<R>(
        &self,
        function: HostFunction,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt<R>, Error> {
        let prepared = self.prepared(function, source, signers).await?;
        self.submit(&prepared, source).await
    }

    /// Runs a host function with exactly these authorisations, signed already.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn run_authorised<R>(
        &self,
        function: HostFunction,
        source: &dyn Signer,
        auth: Vec<SorobanAuthorizationEntry>,
    ) -> Result<Receipt<R>, Error> {
        let found = self
            .simulated(source.public_key(), &function, auth.clone(), Mode::Enforce)
            .await?;
        let prepared = self.priced(called(function, auth)?, found.data)?;
        self.submit(&prepared, source).await
    }

    /// The events of `filter` from `start` on.
    #[must_use]
    pub fn events(&self, filter: EventFilter, start: EventStart) -> Events {
        Events::new(self.rpc.clone(), filter, start)
    }

    /// The entries of `keys`, however many, in the same order; `None` where there is none.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn entries(&self, keys: &[LedgerKey]) -> Result<Vec<Option<Entry>>, Error> {
        entries::entries(&self.rpc, keys).await
    }

    /// An account.
    ///
    /// # Errors
    /// [`Error::UnknownAccount`]; [`Error`].
    pub async fn account(&self, id: &AccountId) -> Result<AccountEntry, Error> {
        entries::account(&self.rpc, id).await
    }

    /// What a call needs, with everyone's signature, and everything that it touches restored.
    async fn prepared(
        &self,
        function: HostFunction,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Prepared, Error> {
        for _ in 0..=RESTORES {
            let found = self
                .asked(source.public_key(), &function, Vec::new())
                .await?;
            if let Some(data) = found.restore {
                self.restore_found(data, source).await?;
                continue;
            }
            return self.authorised(function, found, source, signers).await;
        }
        Err(Error::StillArchived)
    }

    /// Once others have signed, the call is simulated with their signatures: verifying them costs, and touches entries.
    async fn authorised(
        &self,
        function: HostFunction,
        found: Simulated,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Prepared, Error> {
        let Simulated {
            mut data,
            mut auth,
            ledger,
            ..
        } = found;
        if let Some(foreign) = auth.iter().find(|entry| !is_of(&function, entry)) {
            return Err(Error::ForeignAuthorisation(Box::new(foreign.clone())));
        }
        let expiration = ledger.saturating_add(SIGNATURE_LIFETIME);
        if authorise(&mut auth, source, signers, self.network_id, expiration).await? {
            let enforced = self.asked(source.public_key(), &function, auth.clone());
            data = enforced.await?.data;
        }
        self.priced(called(function, auth)?, data)
    }

    /// Simulates a call; with authorisations, these have to be enough.
    async fn asked(
        &self,
        source: [u8; 32],
        function: &HostFunction,
        auth: Vec<SorobanAuthorizationEntry>,
    ) -> Result<Simulated, Error> {
        let mode = if auth.is_empty() {
            Mode::Record
        } else {
            Mode::Enforce
        };
        self.simulated(source, function, auth, mode).await
    }

    async fn simulated(
        &self,
        source: [u8; 32],
        function: &HostFunction,
        auth: Vec<SorobanAuthorizationEntry>,
        mode: Mode,
    ) -> Result<Simulated, Error> {
        let question = Prepared {
            body: called(function.clone(), auth)?,
            data: None,
        };
        simulate(&self.rpc, &question.question(source)?, mode).await
    }

    fn priced(
        &self,
        body: OperationBody,
        mut data: SorobanTransactionData,
    ) -> Result<Prepared, Error> {
        data.resource_fee = self.settings.fees.resource(data.resource_fee)?;
        let data = Some(data);
        Ok(Prepared { body, data })
    }

    /// Restores what a simulation found to be archived.
    async fn restore_found(
        &self,
        data: SorobanTransactionData,
        source: &dyn Signer,
    ) -> Result<(), Error> {
        let prepared = self.priced(restoring(), data)?;
        self.submit::<()>(&prepared, source).await.map(|_| ())
    }

    /// Simulates an operation on a footprint: extending it or restoring it.
    pub(crate) async fn footprint_operation(
        &self,
        body: OperationBody,
        data: SorobanTransactionData,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let question = Prepared {
            body: body.clone(),
            data: Some(data),
        };
        let envelope = question.question(source.public_key())?;
        let found = simulate(&self.rpc, &envelope, Mode::Record).await?;
        self.submit(&self.priced(body, found.data)?, source).await
    }

    /// Signs and sends, with the account's next sequence number, and waits for what becomes of it.
    #[instrument(skip_all, fields(source = %source.address(), hash = tracing::field::Empty))]
    pub(crate) async fn submit<R>(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
    ) -> Result<Receipt<R>, Error> {
        let mut turn = self.lanes.enter(source.public_key()).await;
        let mut known = turn.take();
        for _ in 0..REMAKES {
            let last = match known.take() {
                Some(last) => last,
                None => self.account(&source.account_id()).await?.seq_num.0,
            };
            let sequence = last.saturating_add(1);
            match self.deliver(prepared, source, sequence).await {
                Err(Error::NotAccepted(result))
                    if result.result == TransactionResultResult::TxBadSeq =>
                {
                    tracing::debug!(sequence, "sequence number used by someone else");
                }
                Ok((hash, applied)) => {
                    turn.used(sequence);
                    let data = prepared.data.as_ref();
                    let resources = data.map(|data| data.resources.clone());
                    return finished(hash, resources, applied);
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::NoRoom)
    }

    async fn deliver(
        &self,
        prepared: &Prepared,
        source: &dyn Signer,
        sequence: i64,
    ) -> Result<([u8; 32], Applied), Error> {
        let until = self.until().await?;
        let fees = &self.settings.fees;
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
        };
        Ok((hash, delivery.run().await?))
    }

    /// The time up to which a transaction made now may be applied.
    async fn until(&self) -> Result<u64, Error> {
        let now = match self.network.clock {
            Clock::Wall => wall(),
            Clock::Ledger => wall().max(self.ledger_time().await?),
        };
        Ok(now.saturating_add(self.settings.timing.lifetime.as_secs()))
    }
}

fn called(
    function: HostFunction,
    auth: Vec<SorobanAuthorizationEntry>,
) -> Result<OperationBody, Error> {
    Ok(OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
        host_function: function,
        auth: auth.try_into()?,
    }))
}
