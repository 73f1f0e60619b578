//! What a new pool's config starts from, as far as policies' wording says it.

use crate::Rate;

/// d_max of a grant: 50 %.
pub const GRANT_MOST: Rate = Rate::from_raw(5_000_000);
/// Co-insurance of `default` on the loan market: 10 %.
pub const MARKET_DEFAULT_CO_INSURANCE: Rate = Rate::from_raw(1_000_000);
/// Co-insurance of `default` on Blend: 5 %.
pub const BLEND_DEFAULT_CO_INSURANCE: Rate = Rate::from_raw(500_000);
/// Co-insurance of a grant: 10 %.
pub const GRANT_CO_INSURANCE: Rate = Rate::from_raw(1_000_000);
/// Co-insurance of `liquidation`: 30 %.
pub const LIQUIDATION_CO_INSURANCE: Rate = Rate::from_raw(3_000_000);
/// The loan market's liquidation incentive factor: 1.05.
pub const MARKET_INCENTIVE: Rate = Rate::from_raw(10_500_000);
