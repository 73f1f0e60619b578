//! What calls write without a simulation counting it: *untold* is an entry that a call may write and of which the
//! simulation tells no new value.
//!
//! A contract may go on after a call that it made failed. What only such a call touched is in the footprint, and once the
//! transaction is applied all that is under read-write keys counts as written, changed or not. A simulation does not count
//! it, and tells of its entries what it tells of deleted ones: what they were. So what was deleted is declared as well, in
//! vain, since nothing tells which is which. Of an archived entry that only such a call touched nothing is told: neither its
//! bytes nor its rent are declared.
//!
//! A server that lies about sizes or the rate raises the fee up to the ceiling at most. The network charges its own rate, and
//! gives back the rest.

use std::collections::{BTreeMap, BTreeSet};

use stellar_rpc_client::LedgerEntryChange;
use wire::xdr::{
    ConfigSettingEntry, ConfigSettingId, LedgerEntry, LedgerEntryData, LedgerKey,
    LedgerKeyConfigSetting, Limits, SorobanTransactionData, WriteXdr,
};

use crate::{
    decode,
    entries::{entries, Entry, METHOD},
    error::Error,
    rpc::Rpc,
    simulate,
};

/// Bytes by which an account grows with its first transaction, and for each of its signers then.
const GROWTH: (usize, usize) = (52, 4);
/// Bytes that the rate is for.
const UNIT: u64 = 1024;

/// Bytes of the untold entries among those that may be written: of each key once, as large as they can be once they are
/// written.
pub(crate) fn untold_bytes(
    written: &[LedgerKey],
    changes: &[LedgerEntryChange],
) -> Result<usize, Error> {
    let written: BTreeSet<_> = written.iter().collect();
    let mut untold = BTreeMap::new();
    for change in changes {
        let LedgerEntryChange::Deleted { key, before } = change else {
            continue;
        };
        let key: LedgerKey = decode::xdr(simulate::METHOD, key)?;
        let entry: LedgerEntry = decode::xdr(simulate::METHOD, before)?;
        if entry.to_key() != key {
            let problem = "an entry under another's key";
            return Err(Error::answer(simulate::METHOD, problem));
        }
        if written.contains(&key) {
            untold.insert(key, size(&entry)?);
        }
    }
    Ok(untold.into_values().sum())
}

/// Bytes of an entry that is written as it was.
fn size(entry: &LedgerEntry) -> Result<usize, Error> {
    let growth = match &entry.data {
        LedgerEntryData::Account(account) => GROWTH.0 + GROWTH.1 * account.signers.len(),
        _ => 0,
    };
    Ok(entry.to_xdr(Limits::none())?.len() + growth)
}

/// `data` with `bytes` more that are written, as far as the network lets a transaction, and the fee for them.
pub(crate) async fn declare_untold(
    rpc: &Rpc,
    mut data: SorobanTransactionData,
    bytes: usize,
) -> Result<SorobanTransactionData, Error> {
    if bytes == 0 {
        return Ok(data);
    }
    let (limit, rate) = costs(rpc).await?;
    let simulated = data.resources.write_bytes;
    let more = u32::try_from(bytes).unwrap_or(u32::MAX);
    let written = simulated.saturating_add(more).min(limit.max(simulated));
    data.resources.write_bytes = written;
    let fee = fee_up((written - simulated).into(), rate);
    data.resource_fee = data.resource_fee.saturating_add(fee);
    Ok(data)
}

/// Bytes that a transaction may write, and stroops for 1 024 of them.
async fn costs(rpc: &Rpc) -> Result<(u32, u64), Error> {
    let settings = [
        ConfigSettingId::ContractLedgerCostV0,
        ConfigSettingId::ContractLedgerCostExtV0,
    ];
    let keys = settings.map(|config_setting_id| {
        LedgerKey::ConfigSetting(LedgerKeyConfigSetting { config_setting_id })
    });
    let found = entries(rpc, &keys).await?;
    let mut found = found.iter().map(|entry| setting(entry.as_ref()));
    let (
        Some(Some(ConfigSettingEntry::ContractLedgerCostV0(limits))),
        Some(Some(ConfigSettingEntry::ContractLedgerCostExtV0(rates))),
    ) = (found.next(), found.next())
    else {
        let problem = "no limit of what is written, or no fee for it";
        return Err(Error::answer(METHOD, problem));
    };
    let negative = |_| Error::answer(METHOD, "a negative fee for what is written");
    let rate = u64::try_from(rates.fee_write1_kb).map_err(negative)?;
    Ok((limits.tx_max_write_bytes, rate))
}

fn setting(entry: Option<&Entry>) -> Option<&ConfigSettingEntry> {
    match &entry?.data {
        LedgerEntryData::ConfigSetting(setting) => Some(setting),
        _ => None,
    }
}

/// Stroops for `bytes` bytes at `rate`, rounded up: the network's favour.
fn fee_up(bytes: u64, rate: u64) -> i64 {
    let fee = u128::from(bytes).saturating_mul(u128::from(rate));
    i64::try_from(fee.div_ceil(u128::from(UNIT))).unwrap_or(i64::MAX)
}
