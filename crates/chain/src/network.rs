//! Which network is spoken to. Nothing else differs between a machine of one's own, testnet and mainnet.

use wire::{PUBLIC, STANDALONE, TESTNET};

/// What the time bounds of transactions are reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The clock on the wall alone.
    Wall,
    /// The clock on the wall, or the ledger's own time where that is ahead: for networks whose time is moved.
    Ledger,
}

/// A network and where to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its passphrase, whose SHA-256 all signatures bind to.
    pub passphrase: String,
    /// URL of a Stellar RPC.
    pub url: String,
    /// What time bounds are reckoned from.
    pub clock: Clock,
}

impl Network {
    /// Mainnet, through the RPC at `url`: it has none for everyone.
    #[must_use]
    pub fn mainnet(url: &str) -> Self {
        Self {
            passphrase: PUBLIC.into(),
            url: url.into(),
            clock: Clock::Wall,
        }
    }

    /// Testnet, through its public RPC.
    #[must_use]
    pub fn testnet() -> Self {
        Self {
            passphrase: TESTNET.into(),
            url: "https://soroban-testnet.stellar.org".into(),
            clock: Clock::Wall,
        }
    }

    /// A network on this machine with the usual passphrase of such networks, through the RPC at `url`.
    #[must_use]
    pub fn local(url: &str) -> Self {
        Self {
            passphrase: STANDALONE.into(),
            url: url.into(),
            clock: Clock::Ledger,
        }
    }

    /// The SHA-256 of the passphrase.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        wire::network_id(&self.passphrase)
    }
}
