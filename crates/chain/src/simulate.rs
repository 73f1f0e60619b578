//! Asking what a call needs, and what it returns.

use stellar_rpc_client::SimulateTransactionResponse;
use wire::xdr::{
    Limits, ScVal, SorobanAuthorizationEntry, SorobanTransactionData, TransactionEnvelope, WriteXdr,
};

use crate::{
    decode,
    error::Error,
    failure::Failure,
    rpc::{Question, Rpc},
    untold::untold_bytes,
};

pub(crate) const METHOD: &str = "simulateTransaction";

/// How authorisations are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The server says which are needed.
    Record,
    /// Those in the transaction have to be enough.
    Enforce,
}

/// What a simulation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Simulated {
    /// Footprint and resources; the fee in it is the least that is enough.
    pub data: SorobanTransactionData,
    /// Authorisations that are needed.
    pub auth: Vec<SorobanAuthorizationEntry>,
    /// What the call returns; nothing for an operation that is no call.
    pub value: Option<ScVal>,
    /// Bytes that may be written besides those in `data`: [`crate::untold`].
    pub untold_bytes: usize,
    /// What has to be restored first.
    pub restore: Option<SorobanTransactionData>,
    /// The ledger it was simulated on.
    pub ledger: u32,
}

/// Simulates a transaction.
pub(crate) async fn simulate(
    rpc: &Rpc,
    envelope: &TransactionEnvelope,
    mode: Mode,
) -> Result<Simulated, Error> {
    let mode = match mode {
        Mode::Record => "record",
        Mode::Enforce => "enforce",
    };
    let question = Question::new(METHOD)
        .with("transaction", envelope.to_xdr_base64(Limits::none())?)?
        .with("authMode", mode)?;
    read(rpc.ask(question).await?)
}

fn read(answer: SimulateTransactionResponse) -> Result<Simulated, Error> {
    if let Some(words) = &answer.error {
        let events = decode::all(METHOD, &answer.events)?;
        let failure = Failure::from_events(&events).with_line(words);
        return Err(Error::Call(Box::new(failure)));
    }
    let restore = answer.restore_preamble.as_ref();
    let restore =
        restore.map(|preamble| priced(&preamble.transaction_data, preamble.min_resource_fee));
    let (auth, value) = match answer.results.as_slice() {
        [] => (Vec::new(), None),
        [result] => (
            decode::all(METHOD, &result.auth)?,
            Some(decode::xdr(METHOD, &result.xdr)?),
        ),
        _ => return Err(Error::answer(METHOD, "more than one result")),
    };
    let data = priced(&answer.transaction_data, answer.min_resource_fee)?;
    let changes = answer.state_changes.as_deref().unwrap_or_default();
    Ok(Simulated {
        untold_bytes: untold_bytes(&data.resources.footprint.read_write, changes)?,
        data,
        auth,
        value,
        restore: restore.transpose()?,
        ledger: answer.latest_ledger,
    })
}

/// The data with the fee that goes with it.
fn priced(data: &str, fee: u64) -> Result<SorobanTransactionData, Error> {
    let mut data: SorobanTransactionData = decode::xdr(METHOD, data)?;
    let too_high = |_| Error::answer(METHOD, "a fee that no transaction can hold");
    data.resource_fee = i64::try_from(fee).map_err(too_high)?;
    Ok(data)
}
