//! The client: calls and transactions, from asking what they need to knowing what became of them.

use std::marker::PhantomData;

use bindings::Call;
use wire::{
    xdr::{
        AccountEntry, AccountId, ContractEvent, ExtensionPoint, HostFunction, InvokeHostFunctionOp,
        LedgerKey, OperationBody, RestoreFootprintOp, ScAddress, ScVal, SorobanAuthorizationEntry,
        SorobanResources, SorobanTransactionData,
    },
    FromScVal, SIGNATURE_LIFETIME,
};

use crate::{
    deliver::Timing,
    entries::{self, Entry},
    error::Error,
    events::{EventFilter, EventStart, Events},
    fees::Fees,
    lanes::Lanes,
    look::Applied,
    network::Network,
    rpc::{Patience, Question, Rpc},
    signer::Signer,
    simulate::{simulate, Mode, Simulated},
    transaction::{authorise, invocation, is_of, Prepared},
};

/// How often archived entries are restored for one call.
const RESTORES: u32 = 2;

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

/// What became of a transaction that succeeded; `R` is what the call in it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt<R = ()> {
    /// The hash that it was signed under; a fee bump that carried it has another one too.
    pub hash: [u8; 32],
    /// The ledger.
    pub ledger: u32,
    /// Stroops paid, refunds taken off.
    pub fee: i64,
    /// What the call returned, as the contract's value.
    pub returned: Option<ScVal>,
    /// What it declared to use; nothing for an operation that touches no contract.
    pub resources: Option<SorobanResources>,
    /// The contracts that it created with code of their own, with that code's hash.
    pub created: Vec<(ScAddress, [u8; 32])>,
    /// The contracts' events.
    pub events: Vec<ContractEvent>,
    returns: PhantomData<fn() -> R>,
}

impl<R: FromScVal> Receipt<R> {
    /// What the call returned.
    ///
    /// # Errors
    /// When it is something else. The transaction is applied all the same.
    pub fn value(&self) -> Result<R, Error> {
        let returned = self.returned.as_ref().unwrap_or(&ScVal::Void);
        Ok(R::from_scval(returned)?)
    }
}

impl<R> Receipt<R> {
    pub(crate) fn new(
        hash: [u8; 32],
        resources: Option<SorobanResources>,
        applied: Applied,
    ) -> Self {
        Self {
            hash,
            ledger: applied.ledger,
            fee: applied.result.fee_charged,
            returned: applied.returned,
            resources,
            created: applied.created,
            events: applied.events,
            returns: PhantomData,
        }
    }
}

/// A client of one network through one server. All methods may be given up half-way: what was sent may be applied, and
/// what is sent next takes the network's own sequence number.
#[derive(Debug)]
pub struct Client {
    pub(crate) rpc: Rpc,
    pub(crate) network: Network,
    pub(crate) network_id: [u8; 32],
    pub(crate) settings: Settings,
    pub(crate) lanes: Lanes,
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
        let function = invocation(&contract, function, call.into_args()?)?;
        Ok(R::from_scval(&self.look(&function).await?)?)
    }

    /// What a host function returns now, without sending it: nobody signs.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn look(&self, function: &HostFunction) -> Result<ScVal, Error> {
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
        let function = invocation(&contract, function, call.into_args()?)?;
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
                self.restore(data, source).await?;
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

    /// Restores the entries of a footprint.
    async fn restore(
        &self,
        data: SorobanTransactionData,
        source: &dyn Signer,
    ) -> Result<(), Error> {
        let body = OperationBody::RestoreFootprint(RestoreFootprintOp {
            ext: ExtensionPoint::V0,
        });
        let prepared = self.priced(body, data)?;
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
