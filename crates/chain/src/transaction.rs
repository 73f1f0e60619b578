//! Making transactions. Nothing here asks anyone anything.

use wire::xdr::{
    DecoratedSignature, FeeBumpTransaction, FeeBumpTransactionEnvelope, FeeBumpTransactionExt,
    FeeBumpTransactionInnerTx, Hash, Memo, MuxedAccount, Operation, OperationBody, Preconditions,
    SequenceNumber, SorobanTransactionData, TimeBounds, TimePoint, Transaction,
    TransactionEnvelope, TransactionExt, TransactionSignaturePayload,
    TransactionSignaturePayloadTaggedTransaction, TransactionV1Envelope, Uint256,
};

use crate::{
    error::Error,
    fees::Fees,
    signer::{Signed, Signer},
};

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

/// A signed transaction and the hash it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
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
    let tagged = TransactionSignaturePayloadTaggedTransaction::Tx(transaction.clone());
    let signature = signature(source, &hash, tagged, network_id).await?;
    let envelope = TransactionV1Envelope {
        tx: transaction,
        signatures: vec![signature].try_into()?,
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
) -> Result<Outgoing, Error> {
    let transaction = FeeBumpTransaction {
        fee_source: MuxedAccount::Ed25519(Uint256(payer.public_key())),
        fee,
        inner_tx: FeeBumpTransactionInnerTx::Tx(inner.clone()),
        ext: FeeBumpTransactionExt::V0,
    };
    let hash = transaction.hash(network_id)?;
    let tagged = TransactionSignaturePayloadTaggedTransaction::TxFeeBump(transaction.clone());
    let signatures = vec![signature(payer, &hash, tagged, network_id).await?].try_into()?;
    Ok(Outgoing {
        envelope: TransactionEnvelope::TxFeeBump(FeeBumpTransactionEnvelope {
            tx: transaction,
            signatures,
        }),
        hash,
    })
}

async fn signature(
    signer: &dyn Signer,
    hash: &[u8; 32],
    tagged_transaction: TransactionSignaturePayloadTaggedTransaction,
    network_id: [u8; 32],
) -> Result<DecoratedSignature, Error> {
    let payload = TransactionSignaturePayload {
        network_id: Hash(network_id),
        tagged_transaction,
    };
    let signature = signer.sign(hash, Signed::Transaction(&payload)).await?;
    Ok(wire::decorated(signer.public_key(), signature)?)
}
