//! What the vault tells the world. Shares and deposits are told by SEP-41's and SEP-56's events, policies by the cover
//! pool.

use interfaces::cover::Peril;
use soroban_sdk::contractevent;

/// The platform's lenders lost, and cover owes the vault its part.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossBooked {
    /// The vault's gross loss, rounded down.
    pub loss: i128,
    /// The loss index up to which losses are booked.
    pub index: i128,
    /// When the earliest unsettled loss of this peril began at the earliest.
    pub since: u64,
    /// `Default`, or `Contract` for a deficit.
    pub peril: Peril,
}

/// A loss that no policy pays for any more was dropped.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossDropped {
    /// The gross loss.
    pub loss: i128,
}

/// Cover paid into cash.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverPaid {
    /// The amount.
    pub amount: i128,
}

/// A loss waits as a claim in the cover pool's challenge window.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFiled {
    /// The claim's number.
    #[topic]
    pub claim: u32,
    /// What it asks.
    pub amount: i128,
}

/// Idle units were lent.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invested {
    /// The amount.
    pub amount: i128,
}

/// Units were taken back from the platform.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divested {
    /// The amount.
    pub amount: i128,
}

/// The vault was insured.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insured {
    /// The limit.
    pub limit: i128,
    /// The premium.
    pub premium: i128,
    /// What of it the vault paid.
    pub spent: i128,
    /// End of the term.
    pub end: u64,
}

/// The cover got its next term.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRenewed {
    /// The limit.
    pub limit: i128,
    /// The premium.
    pub premium: i128,
    /// What of it the vault paid.
    pub spent: i128,
}

/// The cover was cancelled.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverCancelled {
    /// The refund that came to cash.
    pub refund: i128,
}
