//! A call's entries on their way to the host, within what the transaction declares.

use soroban_env_host::xdr::{
    InvokeHostFunctionResult as Code, LedgerKey, ScErrorCode, ScErrorType,
};

use super::{
    resources,
    soroban::{fits, HostOperation, Stopped, OVER_BUDGET},
    NodeError,
};
use crate::{
    costs::size,
    run::Input,
    state::{Entry, Standing},
};

impl HostOperation<'_> {
    /// The footprint's entries as the host takes them, within what is declared.
    pub fn load(&self) -> Result<Result<Input, Stopped<Code>>, NodeError> {
        let footprint = &self.data.resources.footprint;
        let marked = resources::archived(self.data);
        let mut load = Load {
            operation: self,
            input: Input::default(),
            disk_read_bytes: 0,
        };
        for key in footprint.read_only.iter() {
            if let Err(stopped) = load.add(key, None)? {
                return Ok(Err(stopped));
            }
        }
        for (index, key) in (0..).zip(footprint.read_write.iter()) {
            let restorable = marked.binary_search(&index).is_ok().then_some(index);
            if let Err(stopped) = load.add(key, restorable)? {
                return Ok(Err(stopped));
            }
        }
        Ok(Ok(load.input))
    }
}

/// Entries on their way to the host.
struct Load<'a> {
    operation: &'a HostOperation<'a>,
    input: Input,
    disk_read_bytes: u64,
}

impl Load<'_> {
    /// Adds the entry under `key`; archived, it is restored if it is at a position that is marked for that.
    fn add(
        &mut self,
        key: &LedgerKey,
        restorable: Option<u32>,
    ) -> Result<Result<(), Stopped<Code>>, NodeError> {
        let ledger = self.operation.ledger;
        ledger.with_state(|state| {
            let (entry, is_archived) = match state.standing(key) {
                Standing::Absent => {
                    self.input.entries.push((None, None));
                    return Ok(Ok(()));
                }
                Standing::Live(entry) => (entry, false),
                Standing::Archived(entry) => (entry, true),
            };
            if is_archived && restorable.is_none() {
                let error = (ScErrorType::Value, ScErrorCode::InvalidInput);
                let why = "an archived entry is not marked to be restored";
                return Ok(Err(Stopped::new(Code::EntryArchived, error, why)));
            }
            if let Err(stopped) = self.measure(key, entry, is_archived) {
                return Ok(Err(stopped));
            }
            if let LedgerKey::ContractCode(code) = key {
                if is_archived || !self.operation.unparsed.contains(&code.hash) {
                    let synced = ledger.sync_module(&code.hash, entry, is_archived);
                    if synced.is_err() {
                        return Ok(Err(Stopped::broken()));
                    }
                }
            }
            let ttl = entry.ttl(is_archived.then(|| ledger.restored_until()));
            self.input
                .restored
                .extend(restorable.filter(|_| is_archived));
            self.input.entries.push((Some(entry.encoded.clone()), ttl));
            Ok(Ok(()))
        })
    }

    fn measure(
        &mut self,
        key: &LedgerKey,
        entry: &Entry,
        is_archived: bool,
    ) -> Result<(), Stopped<Code>> {
        let over = |why| Err(Stopped::new(Code::ResourceLimitExceeded, OVER_BUDGET, why));
        let bytes = entry.encoded.len();
        if !fits(key, bytes, &self.operation.ledger.config().limits) {
            return over("an entry is larger than the network allows");
        }
        if is_archived || entry.live_until.is_none() {
            self.disk_read_bytes = self.disk_read_bytes.saturating_add(size(bytes).into());
            if self.disk_read_bytes > self.operation.data.resources.disk_read_bytes.into() {
                return over("bytes read from disk reach over what is declared");
            }
        }
        Ok(())
    }
}
