//! Code that is parsed once and kept between calls.

use std::fmt::Debug;

use soroban_env_host::{
    budget::{AsBudget, Budget},
    xdr::{Hash, LedgerEntryData},
    CompilationContext, Error, ErrorHandler, HostError, ModuleCache, Val,
};

use crate::{
    error::InvokeError,
    ledger::Ledger,
    network::{NetworkConfig, PROTOCOL_VERSION},
    run::internal,
    state::Entry,
};

impl Ledger {
    /// Live code is parsed once and kept, as on the network; archived code is parsed by the call that restores it.
    pub(crate) fn sync_module(
        &self,
        hash: &Hash,
        entry: &Entry,
        archived: bool,
    ) -> Result<(), InvokeError> {
        let cache = self.modules();
        match (archived, cache.contains_module(hash).map_err(internal)?) {
            (true, true) => self.forget_module(hash),
            (false, false) => {
                let entry = entry.decoded()?;
                let LedgerEntryData::ContractCode(code) = &entry.data else {
                    return Ok(());
                };
                let compiler = Compiler::new(self.config()).map_err(internal)?;
                cache
                    .parse_and_cache_module_simple(&compiler, PROTOCOL_VERSION, &code.code)
                    .map_err(internal)
            }
            _ => Ok(()),
        }
    }

    /// Code that is not live any more, or has come back, is parsed anew when it is called.
    pub(crate) fn forget_module(&self, hash: &Hash) -> Result<(), InvokeError> {
        let removed = self.modules().remove_module(hash);
        removed.map(drop).map_err(internal)
    }
}

/// Where wasm is parsed outside a call: with the network's cost model, without its limits.
#[derive(Clone)]
struct Compiler(Budget);

impl Compiler {
    fn new(config: &NetworkConfig) -> Result<Self, HostError> {
        const UNLIMITED: u64 = 1_000_000;
        config.budget(UNLIMITED).map(Self)
    }
}

impl CompilationContext for Compiler {}

impl AsBudget for Compiler {
    fn as_budget(&self) -> &Budget {
        &self.0
    }
}

impl ErrorHandler for Compiler {
    fn map_err<T, E>(&self, result: Result<T, E>) -> Result<T, HostError>
    where
        Error: From<E>,
        E: Debug,
    {
        result.map_err(|error| HostError::from(Error::from(error)))
    }

    fn error(&self, error: Error, _message: &str, _args: &[Val]) -> HostError {
        HostError::from(error)
    }
}

pub(crate) fn new_module_cache(config: &NetworkConfig) -> Result<ModuleCache, HostError> {
    ModuleCache::new(&Compiler::new(config)?)
}
