//! What a call used and what the network would charge for it.

use std::io;

use soroban_env_host::{
    e2e_invoke::{extract_rent_changes, LedgerEntryChange},
    fees::{compute_rent_fee, compute_transaction_resource_fee, TransactionResources},
    xdr::{LedgerKey, Limited, Limits as XdrLimits, WriteXdr},
};

use crate::{
    error::{InvokeError, Limit},
    network::{Limits, NetworkConfig},
};

/// Resources of one call under its own footprint, in the network's own units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Metered CPU instructions.
    pub instructions: u64,
    /// Metered memory, bytes.
    pub memory: u64,
    /// Keys in the footprint, whatever the access.
    pub read_entries: u32,
    /// Bytes of the entries under those keys before the call.
    pub read_bytes: u32,
    /// The part of them that the network reads from disk: accounts, trustlines, restored entries.
    pub disk_read_entries: u32,
    /// Bytes of the entries read from disk.
    pub disk_read_bytes: u32,
    /// Keys in the read-write footprint, one per signature's nonce included.
    pub write_entries: u32,
    /// Bytes of the entries under those keys after the call.
    pub write_bytes: u32,
    /// Bytes of contract events and the return value.
    pub event_bytes: u32,
    /// Bytes of the transaction envelope.
    pub transaction_bytes: u32,
    /// Resource fee without rent, for exactly these resources, stroops.
    pub fee: i64,
    /// Rent for new, grown, extended and restored entries, stroops.
    pub rent: i64,
}

impl Costs {
    /// Fails with the first limit that is exceeded.
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), InvokeError> {
        let within = |which, used: u64, limit: u64| {
            if used > limit {
                return Err(InvokeError::over(which, used, limit));
            }
            Ok(())
        };
        let small = |which, used: u32, limit: u32| within(which, used.into(), limit.into());
        within(Limit::Instructions, self.instructions, limits.instructions)?;
        within(Limit::Memory, self.memory, limits.memory)?;
        small(
            Limit::FootprintEntries,
            self.read_entries,
            limits.footprint_entries,
        )?;
        small(
            Limit::DiskReadEntries,
            self.disk_read_entries,
            limits.disk_read_entries,
        )?;
        small(
            Limit::DiskReadBytes,
            self.disk_read_bytes,
            limits.disk_read_bytes,
        )?;
        small(
            Limit::WriteEntries,
            self.write_entries,
            limits.write_entries,
        )?;
        small(Limit::WriteBytes, self.write_bytes, limits.write_bytes)?;
        small(Limit::EventBytes, self.event_bytes, limits.event_bytes)?;
        small(
            Limit::TransactionBytes,
            self.transaction_bytes,
            limits.transaction_bytes,
        )
    }

    /// Fills in `fee` and `rent`.
    pub(crate) fn price(
        &mut self,
        changes: &[LedgerEntryChange],
        config: &NetworkConfig,
        sequence: u32,
    ) {
        let resources = TransactionResources {
            instructions: u32::try_from(self.instructions).unwrap_or(u32::MAX),
            disk_read_entries: self.disk_read_entries,
            write_entries: self.write_entries,
            disk_read_bytes: self.disk_read_bytes,
            write_bytes: self.write_bytes,
            contract_events_size_bytes: self.event_bytes,
            transaction_size_bytes: self.transaction_bytes,
        };
        let (non_refundable, events) = compute_transaction_resource_fee(&resources, &config.fees);
        self.fee = non_refundable.saturating_add(events);
        self.rent = compute_rent_fee(&extract_rent_changes(changes), &config.rent, sequence);
    }
}

/// Checks one written entry against the limits on a single key and entry; sizes in bytes.
pub(crate) fn check_entry(
    key: &LedgerKey,
    key_bytes: usize,
    entry_bytes: usize,
    limits: &Limits,
) -> Result<(), InvokeError> {
    let within = |which, used: usize, limit: u32| {
        let used = u64::try_from(used).unwrap_or(u64::MAX);
        if used > limit.into() {
            return Err(InvokeError::over(which, used, limit));
        }
        Ok(())
    };
    match key {
        LedgerKey::ContractData(_) => {
            within(Limit::KeyBytes, key_bytes, limits.key_bytes)?;
            within(Limit::DataEntryBytes, entry_bytes, limits.data_entry_bytes)
        }
        _ => Ok(()),
    }
}

/// A length as the network counts it.
pub(crate) fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Bytes of a value's XDR, which is not kept.
pub(crate) fn encoded(value: &impl WriteXdr) -> usize {
    let mut bytes = Bytes(0);
    // Nothing here fails: what the host made can be encoded, and this takes it all.
    let _ = value.write_xdr(&mut Limited::new(&mut bytes, XdrLimits::none()));
    bytes.0
}

/// Counts what is written.
struct Bytes(usize);

impl io::Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
