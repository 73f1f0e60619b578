//! What this governor refuses beyond what OpenZeppelin's modules do (4000 to 4299).

use soroban_sdk::contracterror;

/// What a governor refuses. Codes 7800 to 7899.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum RuleError {
    /// Rules that nobody could be governed by: times of nothing or above 90 days, a quorum of nothing or above half of the supply, a
    /// threshold of nothing or above it.
    InvalidRules = 7800,
    /// A proposal is not cancelled: it is voted down.
    CannotCancel = 7801,
    /// What was won was not queued, or what was queued not executed, within its grace: it needs another vote.
    TooLate = 7802,
}
