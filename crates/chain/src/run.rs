//! Running host functions: what they need, who signs, and what is restored first.

use std::collections::BTreeSet;

use bindings::Call;
use wire::{
    xdr::{
        ExtensionPoint, HostFunction, InvokeHostFunctionOp, OperationBody, RestoreFootprintOp,
        SorobanAuthorizationEntry, SorobanTransactionData,
    },
    SIGNATURE_LIFETIME,
};

use crate::{
    client::Client,
    consent::{authorise, judge, valid_until, Allowed},
    error::Error,
    fees::Fees,
    receipt::Receipt,
    signer::Signer,
    simulate::{simulate, Mode, Simulated, METHOD},
    transaction::Prepared,
    untold::declare_untold,
};

/// How often archived entries are restored for one call.
const RESTORES: u32 = 2;

/// A client that signs calls within calls: see [`Client::allowing`].
#[derive(Debug)]
pub struct Allowing<'a> {
    pub(crate) client: &'a Client,
    pub(crate) allowed: Allowed,
}

impl Allowing<'_> {
    /// As [`Client::send`].
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send<R>(
        &self,
        call: Call<R>,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt<R>, Error> {
        self.run(call.into_function()?, source, signers).await
    }

    /// As [`Client::run`].
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn run<R>(
        &self,
        function: HostFunction,
        source: &dyn Signer,
        signers: &[&dyn Signer],
    ) -> Result<Receipt<R>, Error> {
        let client = self.client;
        let (found, fees) = client.restored(&function, source).await?;
        let mut auth = found.auth;
        let network_id = client.network_id;
        judge(
            &function,
            &auth,
            &source.address(),
            &self.allowed,
            network_id,
        )?;
        let expiration = client
            .reached(found.ledger)
            .saturating_add(SIGNATURE_LIFETIME);
        authorise(&mut auth, signers, network_id, expiration).await?;
        if valid_until(&auth).is_some() {
            return client.run_signed(function, source, auth, &fees).await;
        }
        let body = called(function, auth)?;
        client
            .submit_call(body, found.data, found.untold_bytes, source, &fees)
            .await
    }
}

impl Client {
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
        self.allowing(Allowed::Nothing)
            .run(function, source, signers)
            .await
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
        self.run_signed(function, source, auth, &self.settings.fees)
            .await
    }

    /// Once others have signed, the call is simulated with their signatures: verifying them costs, and touches entries.
    async fn run_signed<R>(
        &self,
        function: HostFunction,
        source: &dyn Signer,
        auth: Vec<SorobanAuthorizationEntry>,
        fees: &Fees,
    ) -> Result<Receipt<R>, Error> {
        let until = valid_until(&auth);
        let body = called(function, auth)?;
        let run = async {
            let found = self.simulated(source, body.clone(), Mode::Enforce).await?;
            self.submit_call(body, found.data, found.untold_bytes, source, fees)
                .await
        };
        run.await.map_err(|error: Error| error.authorised(until))
    }

    /// Sends a call with what a simulation found that it needs, told and untold.
    async fn submit_call<R>(
        &self,
        body: OperationBody,
        data: SorobanTransactionData,
        untold_bytes: usize,
        source: &dyn Signer,
        fees: &Fees,
    ) -> Result<Receipt<R>, Error> {
        let data = declare_untold(&self.rpc, data, untold_bytes).await?;
        let prepared = priced(body, data, fees)?;
        self.submit_within(&prepared, source, fees).await
    }

    /// What a call needs, once everything that it touches is restored, and what may still be paid for it.
    async fn restored(
        &self,
        function: &HostFunction,
        source: &dyn Signer,
    ) -> Result<(Simulated, Fees), Error> {
        let mut fees = self.settings.fees;
        let body = called(function.clone(), Vec::new())?;
        for _ in 0..=RESTORES {
            let found = self.simulated(source, body.clone(), Mode::Record).await?;
            let Some(data) = &found.restore else {
                return Ok((found, fees));
            };
            if !is_within(data, &found.data) {
                let problem = "entries to restore that the call does not touch";
                return Err(Error::answer(METHOD, problem));
            }
            let body = OperationBody::RestoreFootprint(RestoreFootprintOp {
                ext: ExtensionPoint::V0,
            });
            let prepared = priced(body, data.clone(), &fees)?;
            let offered = self.submit_restoring(&prepared, source, &fees).await?;
            fees.ceiling = fees.ceiling.saturating_sub(offered);
        }
        Err(Error::StillArchived)
    }

    async fn simulated(
        &self,
        source: &dyn Signer,
        body: OperationBody,
        mode: Mode,
    ) -> Result<Simulated, Error> {
        let question = Prepared { body, data: None };
        simulate(&self.rpc, &question.question(source.public_key())?, mode).await
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
        let prepared = priced(body, found.data, &self.settings.fees)?;
        self.submit(&prepared, source).await
    }
}

/// Whether all that is restored is touched by the call that it is restored for, both as the server has it: that keeps an
/// honest one from mistakes, and bounds nothing for one that names the same entries twice.
fn is_within(restored: &SorobanTransactionData, call: &SorobanTransactionData) -> bool {
    let keys = |data: &'_ SorobanTransactionData| {
        let footprint = &data.resources.footprint;
        let keys = footprint
            .read_only
            .iter()
            .chain(footprint.read_write.iter());
        keys.cloned().collect::<BTreeSet<_>>()
    };
    keys(restored).is_subset(&keys(call))
}

fn priced(
    body: OperationBody,
    mut data: SorobanTransactionData,
    fees: &Fees,
) -> Result<Prepared, Error> {
    data.resource_fee = fees.resource(data.resource_fee)?;
    let data = Some(data);
    Ok(Prepared { body, data })
}

/// The operation that runs a host function.
pub(crate) fn called(
    function: HostFunction,
    auth: Vec<SorobanAuthorizationEntry>,
) -> Result<OperationBody, Error> {
    Ok(OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
        host_function: function,
        auth: auth.try_into()?,
    }))
}
