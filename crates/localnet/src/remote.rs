//! A ledger that is kept elsewhere: the same calls go to a network.

use soroban_env_host::xdr::{
    AccountId, Asset, HostFunction, LedgerEntry, LedgerKey, ScAddress, ScVal,
};

use crate::{
    auth::Auth,
    error::{InvokeError, LedgerError},
    invoke::Outcome,
    Keypair,
};

/// What a network must be able to do for a [`Ledger`](crate::Ledger) that stands for it: everything that changes or reads its entries.
///
/// The ledger keeps the clock, which moves only when told, and the log of events. What can go wrong where no error is returned, the
/// next call or entry that is asked for tells.
pub trait Remote {
    /// SHA-256 of the network's passphrase.
    fn network_id(&self) -> [u8; 32];

    /// Sequence number and Unix time of the ledger that the next transaction goes into.
    ///
    /// # Errors
    /// When the network does not answer.
    fn clock(&self) -> Result<(u32, u64), LedgerError>;

    /// Moves the clock as [`Ledger::advance`](crate::Ledger::advance) does.
    fn advance(&self, seconds: u64);

    /// Remembers the network's state and says under which number.
    fn snapshot(&self) -> u32;

    /// Goes back to a remembered state, which stays remembered; a network may keep few of them, and forget those made after it.
    fn revert(&self, snapshot: u32);

    /// Simulates, signs and sends a call, and waits for what came of it.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    fn execute(
        &self,
        source: &Keypair,
        function: &HostFunction,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError>;

    /// Simulates a call without signatures and returns its value.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    fn view(&self, function: &HostFunction) -> Result<ScVal, InvokeError>;

    /// Creates an account with `balance` stroops of the native asset, paid by the network's root account.
    ///
    /// # Errors
    /// [`LedgerError::Network`]: it exists already, or the network does not answer.
    fn create_account(&self, account: &AccountId, balance: i64) -> Result<(), LedgerError>;

    /// Creates an empty trustline of `holder`'s, with room for `limit` of the asset's smallest unit.
    ///
    /// # Errors
    /// When the network refuses it.
    fn create_trustline(
        &self,
        holder: &Keypair,
        asset: &Asset,
        limit: i64,
    ) -> Result<(), LedgerError>;

    /// Adds flags to `account`'s.
    ///
    /// # Errors
    /// When the network refuses it.
    fn add_account_flags(&self, account: &Keypair, flags: u32) -> Result<(), LedgerError>;

    /// The live or archived entry under `key`, with the last ledger in which it lives.
    ///
    /// # Errors
    /// When the network does not answer.
    fn entry(&self, key: &LedgerKey) -> Result<Option<(LedgerEntry, Option<u32>)>, LedgerError>;

    /// Every contract that was created with code of its own, with that code's hash.
    fn contracts(&self) -> Vec<(ScAddress, [u8; 32])>;
}
