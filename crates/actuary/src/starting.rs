//! What a new pool's config starts from, until the risk engine calibrates it. Yearly rates are of the limit.

use crate::Rate;

/// Base rate of an advance: 1.5 %.
pub const ADVANCE_BASE: Rate = Rate::from_raw(150_000);
/// Base rate of a grant: 12 %.
pub const GRANT_BASE: Rate = Rate::from_raw(1_200_000);
/// Base rate of `default` for an insured vault: 1.5 %.
pub const VAULT_DEFAULT_BASE: Rate = Rate::from_raw(150_000);
/// Base rate of `default` for a loan on the market: 1 %.
pub const LOAN_DEFAULT_BASE: Rate = Rate::from_raw(100_000);
/// Base rate of `liquidation`: 2 %.
pub const LIQUIDATION_BASE: Rate = Rate::from_raw(200_000);
/// Base rate of `collateral`: 2 %.
pub const COLLATERAL_BASE: Rate = Rate::from_raw(200_000);
/// Base rate of `contract`: 2.5 %.
pub const CONTRACT_BASE: Rate = Rate::from_raw(250_000);
/// r_min: 0.1 %.
pub const MIN_RATE: Rate = Rate::from_raw(10_000);
/// r_max: 50 %.
pub const MAX_RATE: Rate = Rate::from_raw(5_000_000);
/// d_max of a grant: 50 %.
pub const GRANT_MOST: Rate = Rate::from_raw(5_000_000);
/// An advance's usual limit, of the debt: 50 %.
pub const ADVANCE_LIMIT: Rate = Rate::from_raw(5_000_000);
/// A grant's usual limit, of the collateral's value: 30 %.
pub const GRANT_LIMIT: Rate = Rate::from_raw(3_000_000);
/// The highest l at which an advance is sold: 70 %.
pub const ADVANCE_MAX_LTV: Rate = Rate::from_raw(7_000_000);
/// w_g of a correlation group: 40 % of NAV_lo.
pub const CORRELATION_CAP: Rate = Rate::from_raw(4_000_000);
/// Cap of one market: 15 % of NAV_lo.
pub const MARKET_CAP: Rate = Rate::from_raw(1_500_000);
/// Cap of one Blend pool: 10 % of NAV_lo.
pub const BLEND_POOL_CAP: Rate = Rate::from_raw(1_000_000);
/// Cap of one subject: 2 % of NAV_lo.
pub const SUBJECT_CAP: Rate = Rate::from_raw(200_000);
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
