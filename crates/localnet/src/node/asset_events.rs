//! Events that the network writes for what moves without a contract, in the name of the asset's contract: fees, payments.

use soroban_env_host::xdr::{
    self, AccountId, Asset, ContractEvent, ContractEventBody, ContractEventType, ContractEventV0,
    ContractId, ExtensionPoint, Memo, MuxedAccount, OperationBody, ScAddress, ScMap, ScMapEntry,
    ScVal, TransactionEvent, TransactionEventStage,
};

use super::{
    asset::issuer,
    damage::damaged,
    submission::{account_id, key},
    NodeError,
};
use crate::{
    ledger::Ledger,
    value::{bytes, symbol, ToScVal},
};

/// `payer` pays `amount` stroops; gets them back if below zero.
pub(crate) fn fee(
    ledger: &Ledger,
    payer: &AccountId,
    amount: i64,
    stage: TransactionEventStage,
) -> Result<Option<TransactionEvent>, NodeError> {
    if amount == 0 {
        return Ok(None);
    }
    let topics = vec![
        name("fee")?,
        ScVal::Address(ScAddress::Account(payer.clone())),
    ];
    let amount = ScVal::from(i128::from(amount));
    let event = event(ledger, Asset::Native, topics, amount)?;
    Ok(Some(TransactionEvent { stage, event }))
}

/// What `source`'s operation moved.
pub(crate) fn of_operation(
    ledger: &Ledger,
    memo: &Memo,
    source: &MuxedAccount,
    body: &OperationBody,
) -> Result<Vec<ContractEvent>, NodeError> {
    let (asset, to, amount) = match body {
        OperationBody::Payment(payment) => (
            payment.asset.clone(),
            payment.destination.clone(),
            payment.amount,
        ),
        OperationBody::CreateAccount(create) => {
            let to = MuxedAccount::from(create.destination.clone());
            (Asset::Native, to, create.starting_balance)
        }
        _ => return Ok(Vec::new()),
    };
    let from = account_id(source);
    let address = |account: &AccountId| ScVal::Address(ScAddress::Account(account.clone()));
    let receiver = account_id(&to);
    let is_issuer = |account: &AccountId| issuer(&asset) == Some(account);
    let noted = || with_note(amount, &to, memo);
    let (mut topics, data) = match (is_issuer(&from), is_issuer(&receiver)) {
        (true, false) => (vec![name("mint")?, address(&receiver)], noted()?),
        (false, true) => {
            let amount = ScVal::from(i128::from(amount));
            (vec![name("burn")?, address(&from)], amount)
        }
        _ => {
            let topics = vec![name("transfer")?, address(&from), address(&receiver)];
            (topics, noted()?)
        }
    };
    topics.push(label(&asset)?);
    Ok(vec![event(ledger, asset, topics, data)?])
}

/// The amount, with the receiver's id or the memo if there is one.
fn with_note(amount: i64, to: &MuxedAccount, memo: &Memo) -> Result<ScVal, NodeError> {
    let amount = ScVal::from(i128::from(amount));
    let note = match (to, memo) {
        (MuxedAccount::MuxedEd25519(to), _) => ScVal::U64(to.id),
        (_, Memo::None) => return Ok(amount),
        (_, Memo::Text(text)) => {
            ScVal::String(xdr::ScString(text.to_vec().try_into().map_err(damaged)?))
        }
        (_, Memo::Id(id)) => ScVal::U64(*id),
        (_, Memo::Hash(hash) | Memo::Return(hash)) => bytes(&hash.0).map_err(damaged)?,
    };
    let entries = [("amount", amount), ("to_muxed_id", note)];
    let entries = entries.map(|(key, val)| {
        Ok(ScMapEntry {
            key: name(key)?,
            val,
        })
    });
    let entries = entries.into_iter().collect::<Result<Vec<_>, NodeError>>()?;
    let entries = entries.try_into().map_err(damaged)?;
    Ok(ScVal::Map(Some(ScMap(entries))))
}

fn event(
    ledger: &Ledger,
    asset: Asset,
    topics: Vec<ScVal>,
    data: ScVal,
) -> Result<ContractEvent, NodeError> {
    let contract = ledger.contract_of_asset(asset).map_err(damaged)?;
    let contract_id = match contract {
        ScAddress::Contract(ContractId(hash)) => Some(ContractId(hash)),
        _ => None,
    };
    Ok(ContractEvent {
        ext: ExtensionPoint::V0,
        contract_id,
        type_: ContractEventType::Contract,
        body: ContractEventBody::V0(ContractEventV0 {
            topics: topics.try_into().map_err(damaged)?,
            data,
        }),
    })
}

/// The asset as contracts call it: `native`, or code and issuer.
fn label(asset: &Asset) -> Result<ScVal, NodeError> {
    let (code, issuer) = match asset {
        Asset::Native => return "native".to_scval().map_err(damaged),
        Asset::CreditAlphanum4(asset) => (asset.asset_code.0.to_vec(), &asset.issuer),
        Asset::CreditAlphanum12(asset) => (asset.asset_code.0.to_vec(), &asset.issuer),
    };
    let code: Vec<u8> = code.into_iter().take_while(|byte| *byte != 0).collect();
    let issuer = stellar_strkey::ed25519::PublicKey(key(&issuer.clone().into()));
    format!("{}:{issuer}", String::from_utf8_lossy(&code))
        .to_scval()
        .map_err(damaged)
}

fn name(name: &str) -> Result<ScVal, NodeError> {
    symbol(name).map_err(damaged)
}
