//! Making transactions. Nothing here asks anyone anything.

use wire::{
    authorisation,
    xdr::{
        DecoratedSignature, FeeBumpTransaction, FeeBumpTransactionEnvelope, FeeBumpTransactionExt,
        FeeBumpTransactionInnerTx, HostFunction, InvokeContractArgs, Memo, MuxedAccount, Operation,
        OperationBody, Preconditions, ScAddress, ScSymbol, ScVal, SequenceNumber, Signature,
        SignatureHint, SorobanAuthorizationEntry, SorobanAuthorizedFunction,
        SorobanTransactionData, TimeBounds, TimePoint, Transaction, TransactionEnvelope,
        TransactionExt, TransactionV1Envelope, Uint256,
    },
    ValueError,
};

use crate::{error::Error, fees::Fees, signer::Signer};

/// An operation with what simulation says it needs; nothing for classic ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prepared {
    pub body: OperationBody,
    /// Its footprint and resources; the fee in it is the one to declare.
    pub data: Option<SorobanTransactionData>,
}

impl Prepared {
    /// An operation that touches no contract.
    pub fn classic(body: OperationBody) -> Self {
        Self { body, data: None }
    }

    /// The resource fee it declares, stroops.
    pub fn resource_fee(&self) -> i64 {
        self.data.as_ref().map_or(0, |data| data.resource_fee)
    }

    /// The transaction of this operation, unsigned; it may be applied until `until`, Unix seconds.
    pub fn transaction(
        &self,
        source: [u8; 32],
        sequence: i64,
        fees: &Fees,
        until: u64,
    ) -> Result<Transaction, Error> {
        let fee = fees.single(self.resource_fee())?;
        unpriced(self, source, sequence, fee, until)
    }

    /// The transaction to simulate: neither its fee nor its sequence number matters yet.
    pub fn question(&self, source: [u8; 32]) -> Result<TransactionEnvelope, Error> {
        Ok(unpriced(self, source, 0, 0, 0)?.into())
    }
}

fn unpriced(
    prepared: &Prepared,
    source: [u8; 32],
    sequence: i64,
    fee: u32,
    until: u64,
) -> Result<Transaction, Error> {
    let operation = Operation {
        source_account: None,
        body: prepared.body.clone(),
    };
    Ok(Transaction {
        source_account: MuxedAccount::Ed25519(Uint256(source)),
        fee,
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::Time(TimeBounds {
            min_time: TimePoint(0),
            max_time: TimePoint(until),
        }),
        memo: Memo::None,
        operations: vec![operation].try_into()?,
        ext: match &prepared.data {
            Some(data) => TransactionExt::V1(data.clone()),
            None => TransactionExt::V0,
        },
    })
}

/// The operation that calls `function` of `contract`.
pub(crate) fn invocation(
    contract: &ScAddress,
    function: &str,
    args: Vec<ScVal>,
) -> Result<HostFunction, Error> {
    let name = function.try_into();
    Ok(HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: contract.clone(),
        function_name: ScSymbol(name.map_err(|_| ValueError::TooLong("function name"))?),
        args: args.try_into()?,
    }))
}

/// Whether an authorisation is one of the call `function` and not of something that the server made up.
pub(crate) fn is_of(function: &HostFunction, entry: &SorobanAuthorizationEntry) -> bool {
    match (function, &entry.root_invocation.function) {
        (HostFunction::InvokeContract(call), SorobanAuthorizedFunction::ContractFn(root)) => {
            call == root
        }
        (
            HostFunction::CreateContract(args),
            SorobanAuthorizedFunction::CreateContractHostFn(root),
        ) => args == root,
        (
            HostFunction::CreateContractV2(args),
            SorobanAuthorizedFunction::CreateContractV2HostFn(root),
        ) => args == root,
        _ => false,
    }
}

/// Signs the entries that ask for a signature, valid up to ledger `expiration`; says whether there were any.
pub(crate) async fn authorise(
    entries: &mut [SorobanAuthorizationEntry],
    source: &dyn Signer,
    signers: &[&dyn Signer],
    network_id: [u8; 32],
    expiration: u32,
) -> Result<bool, Error> {
    let mut any = false;
    for entry in entries {
        let Some(address) = authorisation::signatory(entry).cloned() else {
            continue;
        };
        let missing = || Error::MissingSignature(address.clone());
        let mut known = signers.iter().copied().chain([source]);
        let signer = known.find(|signer| signer.address() == address);
        let signer = signer.ok_or_else(missing)?;
        let payload = authorisation::payload(entry, network_id, expiration)?;
        let signature = signer.sign(&payload.ok_or_else(missing)?).await?;
        authorisation::attach(entry, signer.public_key(), signature, expiration)?;
        any = true;
    }
    Ok(any)
}

/// A signed transaction and the hash it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub envelope: TransactionEnvelope,
    pub hash: [u8; 32],
}

/// Signs a transaction as its source.
pub(crate) async fn sign(
    transaction: Transaction,
    source: &dyn Signer,
    network_id: [u8; 32],
) -> Result<(TransactionV1Envelope, [u8; 32]), Error> {
    let hash = transaction.hash(network_id)?;
    let envelope = TransactionV1Envelope {
        tx: transaction,
        signatures: vec![decorated(source, &hash).await?].try_into()?,
    };
    Ok((envelope, hash))
}

/// The same transaction for a higher fee, paid by `payer`. It has the same sequence number: only one of the two can
/// ever be applied.
pub(crate) async fn bump(
    inner: &TransactionV1Envelope,
    payer: &dyn Signer,
    fee: i64,
    network_id: [u8; 32],
) -> Result<Signed, Error> {
    let transaction = FeeBumpTransaction {
        fee_source: MuxedAccount::Ed25519(Uint256(payer.public_key())),
        fee,
        inner_tx: FeeBumpTransactionInnerTx::Tx(inner.clone()),
        ext: FeeBumpTransactionExt::V0,
    };
    let hash = transaction.hash(network_id)?;
    let signatures = vec![decorated(payer, &hash).await?].try_into()?;
    Ok(Signed {
        envelope: TransactionEnvelope::TxFeeBump(FeeBumpTransactionEnvelope {
            tx: transaction,
            signatures,
        }),
        hash,
    })
}

async fn decorated(signer: &dyn Signer, hash: &[u8; 32]) -> Result<DecoratedSignature, Error> {
    let signature = signer.sign(hash).await?;
    let [.., a, b, c, d] = signer.public_key();
    Ok(DecoratedSignature {
        hint: SignatureHint([a, b, c, d]),
        signature: Signature(signature.to_vec().try_into()?),
    })
}
