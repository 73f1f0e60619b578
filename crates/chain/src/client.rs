//! The client: calls and transactions, from asking what they need to knowing what became of them.

use bindings::Call;
use wire::{
    xdr::{AccountEntry, AccountId, HostFunction, LedgerKey, ScVal},
    FromScVal,
};

use crate::{
    consent::Allowed,
    deliver::Timing,
    entries::{self, Entry},
    error::Error,
    events::{EventFilter, EventStart, Events},
    fees::Fees,
    lanes::Lanes,
    ledgers::Start,
    network::Network,
    outcome::kept,
    receipt::Receipt,
    rpc::{Patience, Question, Rpc},
    run::{called, Allowing},
    signer::Signer,
    simulate::{simulate, Mode},
    transaction::Prepared,
};

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
    pub(crate) network: Network,
    pub(crate) network_id: [u8; 32],
    pub(crate) settings: Settings,
    pub(crate) lanes: Lanes,
    pub(crate) start: Start,
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
            start: Start::now(kept(&rpc).await?.latest),
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
        let function = call.into_function()?;
        Ok(R::from_scval(&self.view_function(&function).await?)?)
    }

    /// What a host function returns now, without sending it: nobody signs.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn view_function(&self, function: &HostFunction) -> Result<ScVal, Error> {
        let question = Prepared {
            body: called(function.clone(), Vec::new())?,
            data: None,
        };
        let found = simulate(&self.rpc, &question.question(NOBODY)?, Mode::Record).await?;
        let nothing = || Error::answer("simulateTransaction", "a call without a result");
        found.value.ok_or_else(nothing)
    }

    /// Sends the call from `source`, with the signatures of `signers` where they are asked for, and waits until it is applied.
    /// Calls that it makes in anyone's name have to be allowed: see [`Client::allowing`].
    ///
    /// # Errors
    /// [`Error::Call`] when it would fail, so nothing is sent; [`Error::Failed`] when it was applied and failed;
    /// [`Error::Authorised`] around either when others had signed; [`Error`].
    pub async fn send<R>(
        &self,
        call: Call<R>,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt<R>, Error> {
        self.allowing(Allowed::Nothing)
            .send(call, source, signers)
            .await
    }

    /// Sends calls that make calls of their own in the name of who signs: the source's too, whose signature is the
    /// transaction's. Without it none of these are signed.
    #[must_use]
    pub fn allowing(&self, allowed: Allowed) -> Allowing<'_> {
        Allowing {
            client: self,
            allowed,
        }
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
}
