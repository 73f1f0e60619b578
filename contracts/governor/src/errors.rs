//! What this governor refuses beyond what OpenZeppelin's modules do (4000 to 4299).

use soroban_sdk::contracterror;

/// What a governor refuses. Codes 7800 to 7899.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum RuleError {
    /// Rules that nobody could be governed by: no voting period, no delay, no grace, a quorum of nothing or above all.
    InvalidRules = 7800,
    /// Only its proposer cancels a proposal, and only before its vote begins.
    CannotCancel = 7801,
    /// What was won was not queued, or what was queued not executed, within its grace: it needs another vote.
    TooLate = 7802,
}
