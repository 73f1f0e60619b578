//! Transactions as a client makes them: simulated, assembled, signed.

use base64::{engine::general_purpose::STANDARD, Engine};
use localnet::{
    xdr::{
        HostFunction, InvokeHostFunctionOp, Limits, Memo, Operation, OperationBody, Preconditions,
        ReadXdr, SequenceNumber, SorobanAuthorizationEntry, SorobanTransactionData, Transaction,
        TransactionEnvelope, TransactionExt, TransactionV1Envelope, WriteXdr,
    },
    Keypair,
};
use serde_json::{json, Value};
use wire::sign_transaction;

use crate::{
    network::{body, call, Network},
    Outcome,
};

/// A key, and its next sequence number.
pub struct Payer {
    pub key: Keypair,
    pub next: i64,
}

/// Operations with all that a simulation found out, but for the sequence number and the signature.
#[derive(Clone)]
pub struct Prepared {
    operations: Vec<OperationBody>,
    /// Stroops.
    fee: u32,
    data: Option<SorobanTransactionData>,
}

impl Prepared {
    /// Operations that need no simulation.
    pub fn classic(operations: Vec<OperationBody>) -> Outcome<Self> {
        let fee = u32::try_from(operations.len())?.saturating_mul(100);
        Ok(Self {
            operations,
            fee,
            data: None,
        })
    }

    /// Simulates `function` for `payer`, and takes over what comes of it.
    pub fn simulated(
        network: &mut dyn Network,
        payer: &Payer,
        function: HostFunction,
    ) -> Outcome<Self> {
        let mut prepared = Self {
            operations: vec![invocation(function.clone(), Vec::new())?],
            fee: 100,
            data: None,
        };
        let envelope = prepared.envelope(payer, [0; 32])?;
        let found = call(
            network,
            "simulateTransaction",
            &json!({ "transaction": envelope }),
        )?;
        let part = |pointer: &str| {
            let part = found.pointer(pointer).and_then(Value::as_str);
            part.ok_or_else(|| format!("simulated: {found}"))
        };
        prepared.data = Some(decoded(part("/transactionData")?)?);
        prepared.fee = prepared
            .fee
            .saturating_add(part("/minResourceFee")?.parse()?);
        let auth = found.pointer("/results/0/auth").and_then(Value::as_array);
        let auth = auth.into_iter().flatten().filter_map(Value::as_str);
        let auth = auth.map(decoded).collect::<Outcome<Vec<_>>>()?;
        prepared.operations = vec![invocation(function, auth)?];
        Ok(prepared)
    }

    /// The request that sends it for `payer`, whose sequence number is used up.
    pub fn sending(&self, payer: &mut Payer, network_id: [u8; 32]) -> Outcome<String> {
        let envelope = self.envelope(payer, network_id)?;
        payer.next += 1;
        Ok(body("sendTransaction", &json!({ "transaction": envelope })))
    }

    /// The request that simulates it.
    pub fn simulating(&self, payer: &Payer) -> Outcome<String> {
        let envelope = self.envelope(payer, [0; 32])?;
        let params = json!({ "transaction": envelope });
        Ok(body("simulateTransaction", &params))
    }

    /// The signed envelope in base64.
    fn envelope(&self, payer: &Payer, network_id: [u8; 32]) -> Outcome<String> {
        let operation = |body: &OperationBody| Operation {
            source_account: None,
            body: body.clone(),
        };
        let operations: Vec<_> = self.operations.iter().map(operation).collect();
        let tx = Transaction {
            source_account: payer.key.account_id().into(),
            fee: self.fee,
            seq_num: SequenceNumber(payer.next),
            cond: Preconditions::None,
            memo: Memo::None,
            operations: operations.try_into()?,
            ext: self
                .data
                .clone()
                .map_or(TransactionExt::V0, TransactionExt::V1),
        };
        let signature = sign_transaction(&payer.key, &tx.hash(network_id)?)?;
        let envelope = TransactionEnvelope::Tx(TransactionV1Envelope {
            tx,
            signatures: vec![signature].try_into()?,
        });
        Ok(STANDARD.encode(envelope.to_xdr(Limits::none())?))
    }
}

/// Fails unless the response says that the transaction waits.
pub fn check_pending(said: &[u8]) -> Outcome<()> {
    let text = std::str::from_utf8(said)?;
    match text.contains(r#""status":"PENDING""#) {
        true => Ok(()),
        false => Err(format!("not pending: {text}").into()),
    }
}

fn invocation(
    host_function: HostFunction,
    auth: Vec<SorobanAuthorizationEntry>,
) -> Outcome<OperationBody> {
    Ok(OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
        host_function,
        auth: auth.try_into()?,
    }))
}

fn decoded<T: ReadXdr>(base64: &str) -> Outcome<T> {
    Ok(T::from_xdr(STANDARD.decode(base64)?, Limits::none())?)
}
