//! What calls write without a simulation counting it: *untold* are keys that a call may write and of which the simulation
//! tells no new value.
//!
//! A contract may go on after a call that it made failed. What only such a call touched is in the footprint, and once the
//! transaction is applied all that is under read-write keys counts as written, changed or not. A simulation does not count
//! it, and tells of its entries what it tells of deleted ones: what they were. So what was deleted is declared as well, in
//! vain, since nothing tells which is which.
//!
//! A server that lies about sizes or the rate raises the fee up to the ceiling at most. The network takes no more bytes than
//! its own limit, charges its own rate for them, and gives back the rest.

use wire::xdr::{
    ConfigSettingEntry, ConfigSettingId, LedgerEntryData, LedgerKey, LedgerKeyConfigSetting,
    Limits, SorobanTransactionData, WriteXdr,
};

use crate::{
    entries::{entries, Entry, METHOD},
    error::Error,
    rpc::Rpc,
    simulate,
};

/// The setting that has the fee for what is written.
const SETTING: LedgerKey = LedgerKey::ConfigSetting(LedgerKeyConfigSetting {
    config_setting_id: ConfigSettingId::ContractLedgerCostExtV0,
});

/// Keys that a call may write on mainnet at most: no more are asked for, whatever a server says.
const MOST: usize = 200;
/// Bytes of a contract's entry around its data.
const FRAME: u64 = 8;
/// The same of an account or a trustline, which somebody may sponsor.
const SPONSORED_FRAME: u64 = 52;
/// Bytes that the rate is for.
const UNIT: u64 = 1024;

/// `data` with the bytes of the entries under `untold` keys declared as written, and the fee for them.
pub(crate) async fn declare_untold(
    rpc: &Rpc,
    mut data: SorobanTransactionData,
    untold: &[LedgerKey],
) -> Result<SorobanTransactionData, Error> {
    if untold.is_empty() {
        return Ok(data);
    }
    if untold.len() > MOST {
        return Err(Error::answer(simulate::METHOD, "more keys than fit a call"));
    }
    let mut keys = vec![SETTING];
    keys.extend_from_slice(untold);
    let mut found = entries(rpc, &keys).await?.into_iter();
    let rate = rate(found.next().flatten().as_ref())?;
    let mut bytes = 0_u64;
    for entry in found.flatten() {
        bytes = bytes.saturating_add(size(&entry.data)?);
    }
    let written = u64::from(data.resources.write_bytes).saturating_add(bytes);
    data.resources.write_bytes = u32::try_from(written).unwrap_or(u32::MAX);
    data.resource_fee = data.resource_fee.saturating_add(fee_up(bytes, rate));
    Ok(data)
}

/// Stroops for 1 024 bytes that are written.
fn rate(setting: Option<&Entry>) -> Result<u64, Error> {
    let Some(LedgerEntryData::ConfigSetting(ConfigSettingEntry::ContractLedgerCostExtV0(cost))) =
        setting.map(|entry| &entry.data)
    else {
        return Err(Error::answer(METHOD, "no fee for what is written"));
    };
    let negative = |_| Error::answer(METHOD, "a negative fee for what is written");
    u64::try_from(cost.fee_write1_kb).map_err(negative)
}

/// Bytes of an entry as the ledger keeps it, at most.
fn size(data: &LedgerEntryData) -> Result<u64, Error> {
    let frame = match data {
        LedgerEntryData::ContractData(_) | LedgerEntryData::ContractCode(_) => FRAME,
        _ => SPONSORED_FRAME,
    };
    let bytes = data.to_xdr(Limits::none())?.len();
    Ok(u64::try_from(bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(frame))
}

/// Stroops for `bytes` bytes at `rate`, rounded up: the network's favour.
fn fee_up(bytes: u64, rate: u64) -> i64 {
    let fee = u128::from(bytes).saturating_mul(u128::from(rate));
    i64::try_from(fee.div_ceil(u128::from(UNIT))).unwrap_or(i64::MAX)
}
