//! The world's terms of groups and of the cover pool.

use localnet::xdr::ScAddress;

use crate::{asset::UNIT, bindings::cover_pool as cover, model::DAY};

/// The pool's terms.
#[must_use]
pub fn starting_terms() -> cover::Terms {
    cover::Terms {
        advance_fee: 50_000,
        base_max_age: 7 * DAY,
        bounty: UNIT / 2,
        bounty_prepaid: UNIT / 2,
        daily_share: 500_000,
        instant_max: 25_000 * UNIT,
        instant_share: 100_000,
        min_premium: UNIT,
    }
}

/// Terms of a group of loans: advances and grants.
#[must_use]
pub fn loan_group(adapter: &ScAddress, platform: &ScAddress) -> cover::GroupTerms {
    cover::GroupTerms {
        adapter: adapter.clone(),
        cap: 4_000_000,
        class: cover::Class::Loan,
        deductible: 0,
        knots: usual_knots(),
        perils: vec![
            peril(cover::Peril::Advance, 150_000, 0, 7_000_000),
            peril(cover::Peril::Grant, 1_200_000, 1_000_000, 8_000_000),
            peril(cover::Peril::Liquidation, 200_000, 3_000_000, 8_000_000),
            peril(cover::Peril::Collateral, 150_000, 0, 8_000_000),
        ],
        platform: Some(platform.clone()),
        rate_max: 5_000_000,
        rate_min: 10_000,
        subject_cap: 200_000,
    }
}

/// Terms of a group of insured vaults: defaults and deficits.
#[must_use]
pub fn deposit_group(lenders: &ScAddress) -> cover::GroupTerms {
    let default = peril(cover::Peril::Default, 150_000, 500_000, 10_000_000);
    let contract = peril(cover::Peril::Contract, 250_000, 0, 10_000_000);
    cover::GroupTerms {
        adapter: lenders.clone(),
        cap: 1_000_000,
        class: cover::Class::Deposit,
        deductible: 0,
        knots: usual_knots(),
        perils: vec![waiting(3, default), waiting(14, contract)],
        platform: None,
        rate_max: 5_000_000,
        rate_min: 10_000,
        subject_cap: 1_000_000,
    }
}

/// Terms of a group of market loans: every peril of a loan.
#[must_use]
pub fn market_loan_group(insurer: &ScAddress) -> cover::GroupTerms {
    let default = peril(cover::Peril::Default, 150_000, 1_000_000, 8_000_000);
    let mut terms = loan_group(insurer, insurer);
    terms.platform = None;
    terms.perils.insert(2, waiting(3, default));
    terms
}

/// Terms of a group of a market's lenders: a deficit.
#[must_use]
pub fn market_lender_group(insurer: &ScAddress) -> cover::GroupTerms {
    let contract = peril(cover::Peril::Contract, 100_000, 0, 10_000_000);
    cover::GroupTerms {
        perils: vec![waiting(14, contract)],
        ..deposit_group(insurer)
    }
}

/// One up to an l of 0.5, rising to four at 0.8.
#[must_use]
pub fn usual_knots() -> Vec<cover::Knot> {
    [
        (0, 10_000_000),
        (5_000_000, 10_000_000),
        (6_000_000, 20_000_000),
        (7_000_000, 30_000_000),
        (8_000_000, 40_000_000),
    ]
    .map(|(ltv, factor)| cover::Knot { factor, ltv })
    .to_vec()
}

/// A peril with a day's waiting period and a base rate that the risk role may halve or double.
#[must_use]
pub fn peril(peril: cover::Peril, base: u32, co_insurance: u32, max_ltv: u32) -> cover::PerilTerms {
    cover::PerilTerms {
        base,
        base_max: base * 2,
        base_min: base / 2,
        co_insurance,
        max_ltv,
        peril,
        waiting: DAY,
    }
}

/// The same peril with a waiting period of so many days.
fn waiting(days: u64, peril: cover::PerilTerms) -> cover::PerilTerms {
    cover::PerilTerms {
        waiting: days * DAY,
        ..peril
    }
}
