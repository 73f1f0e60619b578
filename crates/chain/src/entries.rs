//! Entries of the ledger, as many as are wanted.

use std::collections::{BTreeMap, BTreeSet};

use stellar_rpc_client::{GetLedgerEntriesResponse, LedgerEntryResult};
use wire::{
    account_key,
    xdr::{AccountEntry, AccountId, LedgerEntryData, LedgerKey, Limits, WriteXdr},
};

use crate::{
    decode,
    error::Error,
    rpc::{Question, Rpc},
};

pub(crate) const METHOD: &str = "getLedgerEntries";

/// Keys that a server answers for at once.
pub const BATCH: usize = 200;

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it holds.
    pub data: LedgerEntryData,
    /// The ledger that last changed it.
    pub last_modified: u32,
    /// The last ledger it lives in, for contracts' entries.
    pub live_until: Option<u32>,
}

/// The entries of `keys`, in the same order; `None` where there is none.
pub(crate) async fn entries(rpc: &Rpc, keys: &[LedgerKey]) -> Result<Vec<Option<Entry>>, Error> {
    let mut found = BTreeMap::new();
    let wanted: Vec<_> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
    for batch in wanted.chunks(BATCH) {
        let encoded: Vec<_> = batch
            .iter()
            .map(|key| key.to_xdr_base64(Limits::none()))
            .collect::<Result<_, _>>()?;
        let answer: GetLedgerEntriesResponse = rpc
            .ask(Question::new(METHOD).with("keys", encoded)?)
            .await?;
        for result in answer.entries.unwrap_or_default() {
            let (key, entry) = read(&result)?;
            if batch.binary_search(&&key).is_err() {
                return Err(Error::answer(METHOD, "an entry that was not asked for"));
            }
            found.insert(key, entry);
        }
    }
    Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
}

fn read(result: &LedgerEntryResult) -> Result<(LedgerKey, Entry), Error> {
    let key: LedgerKey = decode::xdr(METHOD, &result.key)?;
    let data: LedgerEntryData = decode::xdr(METHOD, &result.xdr)?;
    if data.to_key() != key {
        return Err(Error::answer(METHOD, "an entry under another's key"));
    }
    let entry = Entry {
        data,
        last_modified: result.last_modified_ledger,
        live_until: result.live_until_ledger_seq_ledger_seq,
    };
    Ok((key, entry))
}

/// The account, which must exist.
pub(crate) async fn account(rpc: &Rpc, id: &AccountId) -> Result<AccountEntry, Error> {
    match entries(rpc, &[account_key(id)]).await?.pop().flatten() {
        Some(Entry {
            data: LedgerEntryData::Account(account),
            ..
        }) => Ok(account),
        _ => Err(Error::UnknownAccount(id.clone())),
    }
}
