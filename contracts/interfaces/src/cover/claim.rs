//! Losses and appeals, and what becomes of them.

use super::policy::Interest;
use super::terms::Peril;
use soroban_sdk::{contracttype, Address};

/// What an adapter reports of a loss.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The peril it falls under.
    pub peril: Peril,
    /// The event it belongs to; 0: an event of its own.
    pub event: u64,
    /// Gross loss of that event so far, in the asset's smallest unit, rounded down.
    pub amount: i128,
    /// When the event began; the waiting period must be over by then.
    pub occurred_at: u64,
    /// Whether it repays the subject's debt (or follows its route) instead of being sent to the subject. A deposit's is always sent.
    pub rescue: bool,
    /// How many independent price sources agreed on it; 0 for a loss without a price.
    pub sources: u32,
}

/// What a policy's owner asks the court for, since no contract proves it: an event of its own, measured as `pay` measures a loss.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// The peril it falls under; not an advance.
    pub peril: Peril,
    /// Gross loss, in the asset's smallest unit, rounded down.
    pub amount: i128,
    /// When it began; the waiting period must be over by then.
    pub occurred_at: u64,
}

/// What became of a claim.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Paid at once.
    Paid(i128),
    /// Waits in the challenge window under this number.
    Filed(u32, i128),
}

/// A claim that waits.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The policy.
    pub interest: Interest,
    /// The peril.
    pub peril: Peril,
    /// What it asks, limit already taken from the exposure.
    pub amount: i128,
    /// When it was filed.
    pub filed_at: u64,
    /// Whether it is paid by the policy's route instead of being sent to the subject.
    pub rescue: bool,
    /// From when on it is settled by anyone: 48 h after it was filed, 72 h more if the guardian delayed it; of a disputed one when the
    /// court's time is over; of a decided one at once.
    pub payable_from: u64,
    /// Whether the guardian has delayed it, which they may once.
    pub delayed: bool,
    /// Who challenged it, or appealed, as long as the court has not decided; the bond is theirs.
    pub disputed_by: Option<Address>,
    /// Their bond, in the asset's smallest unit; 0: the court admitted the claim itself. Of a decided claim, the bond that was lost.
    pub bond: i128,
    /// Whether it rests on the vote alone. Without a decision in time such a claim is denied; one that an adapter filed, proven by
    /// state, is paid.
    pub is_appeal: bool,
}
