//! What must fit together: a certificate that contradicts itself must not be printed.

use actuary::time::{WEEK, YEAR};
use actuary::Rate;

use super::error::Fault;
use super::{Class, Issued, Market, Peril, PlatformKind, Policy, Route};

/// Refuses what no contract would hold.
pub fn check(issued: &Issued) -> Result<(), Fault> {
    check_term(issued)?;
    check_amounts(&issued.policy)?;
    check_perils(issued)?;
    check_route(issued)?;
    check_collateral(issued)?;
    check_market(issued)
}

fn check_term(issued: &Issued) -> Result<(), Fault> {
    let policy = &issued.policy;
    require(
        policy.end.is_multiple_of(WEEK),
        "policy.end",
        "is not where a week begins",
        "write the end as the cover pool has it: a multiple of 604800",
    )?;
    require(
        policy.start < policy.end,
        "policy.end",
        "is not after policy.start",
        "check both times: unix seconds",
    )?;
    require(
        issued.as_of >= policy.start,
        "as_of",
        "is before policy.start",
        "write when the policy was read",
    )
}

fn check_amounts(policy: &Policy) -> Result<(), Fault> {
    require(
        !policy.original_limit.is_zero(),
        "policy.original_limit",
        "is zero",
        "write the limit that was sold",
    )?;
    require(
        policy.topped_up <= policy.original_limit,
        "policy.topped_up",
        "is above policy.original_limit",
        "check both: the limit that was sold includes what was topped up",
    )?;
    let used = policy.limit.checked_add(policy.drawn);
    require(
        used.is_ok_and(|used| used <= policy.original_limit),
        "policy.limit",
        "and policy.drawn are together above policy.original_limit",
        "check the three: what is left and what is drawn are parts of what was sold",
    )?;
    require(
        policy.earning_rate.over(YEAR).is_ok(),
        "policy.earning_rate",
        "is too large",
        "write it as the cover pool has it: units per second times 10^12",
    )
}

fn check_perils(issued: &Issued) -> Result<(), Fault> {
    let perils = &issued.policy.perils;
    require(
        !perils.is_empty(),
        "policy.perils",
        "is empty",
        "list what the policy covers",
    )?;
    for (index, peril) in perils.iter().enumerate() {
        let (field, name) = (format!("policy.perils[{index}]"), peril.name());
        if perils[..index].contains(peril) {
            return Err(Fault::at(
                field,
                format!("is {name} again"),
                "list each peril once",
            ));
        }
        if !is_sold(*peril, issued.class, issued.platform.kind) {
            let problem = format!("is {name}, which this class and kind of platform cannot have");
            let hint = "check policy.perils, class and platform.kind: loans have advance and grant, on a market also \
                        default, liquidation and collateral; deposits have contract, on blend also default";
            return Err(Fault::at(field, problem, hint));
        }
    }
    let terms: Vec<Peril> = issued
        .group
        .perils
        .iter()
        .map(|terms| terms.peril)
        .collect();
    require(
        &terms == perils,
        "group.perils",
        "are not the terms of policy.perils",
        "give the terms of exactly these perils, in the same order",
    )
}

/// What a policy of a class can cover.
const fn is_sold(peril: Peril, class: Class, kind: PlatformKind) -> bool {
    match (class, kind) {
        (Class::Loan, PlatformKind::Market) => !matches!(peril, Peril::Contract),
        (Class::Loan, PlatformKind::Blend) => matches!(peril, Peril::Advance | Peril::Grant),
        (Class::Deposit, PlatformKind::Market) => matches!(peril, Peril::Contract),
        (Class::Deposit, PlatformKind::Blend) => matches!(peril, Peril::Default | Peril::Contract),
    }
}

fn check_route(issued: &Issued) -> Result<(), Fault> {
    let by_adapter = issued.policy.route == Route::Adapter;
    let on_market = issued.platform.kind == PlatformKind::Market;
    require(
        by_adapter == on_market,
        "policy.route",
        "does not fit platform.kind",
        "write adapter for a market, repay or buy-collateral for blend",
    )
}

fn check_collateral(issued: &Issued) -> Result<(), Fault> {
    let is_loan = issued.class == Class::Loan;
    require(
        issued.collateral.is_some() == is_loan,
        "collateral",
        if is_loan { "is missing" } else { "is given" },
        "give it for a loan, and leave it out for a deposit",
    )
}

fn check_market(issued: &Issued) -> Result<(), Fault> {
    let covers = |peril| issued.policy.perils.contains(&peril);
    let on_market = issued.platform.kind == PlatformKind::Market;
    let market = &issued.market;
    let needs_incentive = on_market && (covers(Peril::Default) || covers(Peril::Liquidation));
    for (field, is_given, is_needed) in [
        (
            "market.advance",
            market.advance.is_some(),
            covers(Peril::Advance),
        ),
        ("market.grant", market.grant.is_some(), covers(Peril::Grant)),
        (
            "market.incentive",
            market.incentive.is_some(),
            needs_incentive,
        ),
        (
            "market.peg",
            market.peg.is_some(),
            covers(Peril::Collateral),
        ),
    ] {
        require(
            is_given == is_needed,
            field,
            if is_needed { "is missing" } else { "is given" },
            "give the terms of the policy's perils, and no others: `--help` says which belong to which",
        )?;
    }
    check_market_terms(market)
}

fn check_market_terms(market: &Market) -> Result<(), Fault> {
    if let Some(advance) = &market.advance {
        require(
            Rate::FULL < advance.trigger && advance.trigger < advance.target,
            "market.advance",
            "has a trigger that is not between 1 and its target",
            "write both as health factors: 11200000 is 1.12",
        )?;
    }
    if let Some(grant) = &market.grant {
        require(
            grant.deductible <= grant.trigger && grant.deductible < grant.most,
            "market.grant",
            "has a deductible above its trigger, or no less than its most",
            "write them as falls: 1500000 is 15 %",
        )?;
        require(
            grant.target > Rate::FULL,
            "market.grant.target",
            "is not above 1",
            "write it as a health factor: 12500000 is 1.25",
        )?;
    }
    require(
        market
            .incentive
            .is_none_or(|incentive| incentive >= Rate::FULL),
        "market.incentive",
        "is below 1",
        "write it as a factor: 10500000 is 1.05",
    )
}

fn require(
    holds: bool,
    field: &str,
    problem: &'static str,
    hint: &'static str,
) -> Result<(), Fault> {
    if holds {
        Ok(())
    } else {
        Err(Fault::at(field, problem, hint))
    }
}
