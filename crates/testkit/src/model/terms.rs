//! What is fixed by the design, and what governance sets.

use serde::Deserialize;

use super::digits;
use super::exact::{div_up, product};

/// Seconds in an hour.
pub const HOUR: u64 = 3_600;
/// Seconds in a day.
pub const DAY: u64 = 86_400;
/// Seconds in a week, the grid on which policies end.
pub const WEEK: u64 = 604_800;
/// Seconds in the year to which rates refer.
pub const YEAR: u64 = 31_536_000;
/// One token in its smallest unit.
pub const UNIT: i128 = 10_000_000;
/// A rate of 100 %.
pub const FULL_RATE: i128 = 10_000_000;
/// What a scaled amount is multiplied with.
pub const SCALE: i128 = 1_000_000_000_000;
/// Offset of the share price, against inflation attacks.
pub const VIRTUAL_SHARES: i128 = 1_000;
/// The most unearned premium, in units; it keeps scaled amounts inside 128 bits.
pub const MAX_UNEARNED: i128 = 10i128.pow(26);
/// The longest term of a policy, in weeks.
pub const MAX_WEEKS: u64 = 13;
/// Weeks that the ring of earning rates holds.
pub const EARNING_SLOTS: u64 = 14;
/// Weeks that a group's ring of limits holds.
pub const GROUP_SLOTS: u64 = 16;
/// The reserve's share of a premium.
pub const PROTOCOL_FEE: i128 = 1_000_000;
/// The part of the unearned premium that a cancellation refunds.
pub const REFUND_RATE: i128 = 9_000_000;
/// NAV_lo in relation to NAV_hi from which anyone may complete an exit.
pub const EXIT_PARITY: i128 = 9_950_000;
/// Seconds from an exit's request until it may be paid.
pub const EXIT_DELAY: u64 = 14 * DAY;
/// Seconds in which a claim may be challenged.
pub const CHALLENGE_WINDOW: u64 = 48 * HOUR;
/// Seconds before its end from which a policy may be renewed.
pub const RENEWAL_WINDOW: u64 = 3 * DAY;
/// Seconds from its start until a policy may be cancelled.
pub const CANCEL_DELAY: u64 = 7 * DAY;
/// Seconds from its start until a policy may draw an advance.
pub const ADVANCE_DELAY: u64 = 24 * HOUR;
/// Seconds after its end for which a policy's limit stays in the exposure.
pub const GRACE: u64 = WEEK;

/// What governance sets. The default is what the test vectors were recorded with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct Terms {
    /// The smallest premium, in units.
    #[serde(with = "digits")]
    pub min_premium: i128,
    /// What a keeper earns at most for one job, in units.
    #[serde(with = "digits")]
    pub bounty: i128,
    /// The part of a premium's fee set aside for bounties, at most, in units.
    #[serde(with = "digits")]
    pub bounty_prepaid: i128,
    /// The smallest bond of a challenge, in units.
    #[serde(with = "digits")]
    pub min_bond: i128,
    /// The fee on every draw, a rate of the amount drawn.
    #[serde(with = "digits")]
    pub advance_flat_fee: i128,
    /// The bond of a challenge, a rate of the claim.
    #[serde(with = "digits")]
    pub bond_rate: i128,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            min_premium: UNIT / 10,
            bounty: UNIT / 200,
            bounty_prepaid: UNIT / 100,
            min_bond: 100 * UNIT,
            advance_flat_fee: FULL_RATE / 100,
            bond_rate: FULL_RATE / 50,
        }
    }
}

impl Terms {
    /// The design's starting values: a premium of at least 1 USDC, 0.5 USDC of bounty a policy, a flat fee of 0.5 %.
    pub fn starting() -> Self {
        Self {
            min_premium: UNIT,
            bounty: UNIT / 2,
            bounty_prepaid: UNIT / 2,
            advance_flat_fee: FULL_RATE / 200,
            ..Self::default()
        }
    }

    /// The price of `seconds` of cover up to `limit` at a yearly rate, in units, rounded up in the pool's favour.
    pub fn premium_up(&self, limit: i128, premium_rate: i128, seconds: u64) -> i128 {
        let yearly = product(&[limit, premium_rate, i128::from(seconds)]);
        self.min_premium
            .max(div_up(yearly, i128::from(YEAR) * FULL_RATE))
    }

    /// The bond that challenges a claim of `amount`, in units, rounded up.
    pub fn bond_up(&self, amount: i128) -> i128 {
        self.min_bond
            .max(div_up(product(&[amount, self.bond_rate]), FULL_RATE))
    }
}
