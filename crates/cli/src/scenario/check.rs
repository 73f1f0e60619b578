//! What a scenario must be to be playable.

use actuary::time::DAY;
use actuary::{Rate, FULL_RATE};

use super::{Feed, Scenario, Size};
use crate::peril::Peril;
use crate::prices::{MAX_DAYS, MAX_PRICE, STEP_SECONDS};

type Verdict = Result<(), (&'static str, &'static str)>;

/// The longest term of a cover, in weeks.
const MAX_WEEKS: u32 = 13;
/// The most loans that one borrower spreads a debt over.
const MAX_LOANS: u32 = 20;
/// The covers of a loan that there is a twin for.
const KINDS: [Peril; 4] = [
    Peril::Advance,
    Peril::Grant,
    Peril::Liquidation,
    Peril::Collateral,
];
/// Nothing a scenario counts in an asset is larger: 10^12 units.
const MAX_AMOUNT: i128 = 1_000_000_000_000 * 10_000_000;

pub fn check(scenario: &Scenario) -> Verdict {
    check_words(scenario)?;
    check_prices(scenario)?;
    check_platform(scenario)?;
    check_feeds(scenario)?;
    check_cover(scenario)?;
    check_failures(scenario)?;
    check_people(scenario)
}

fn that(holds: bool, field: &'static str, problem: &'static str) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err((field, problem))
    }
}

fn check_words(scenario: &Scenario) -> Verdict {
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_symbol = |text: &str| {
        (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let assets = &scenario.assets;
    that(
        is_name(&scenario.name),
        "name",
        "must be lower-case letters, digits and dashes",
    )?;
    that(
        !scenario.title.trim().is_empty(),
        "title",
        "must not be empty",
    )?;
    that(
        !scenario.summary.trim().is_empty(),
        "summary",
        "must not be empty",
    )?;
    that(
        !scenario.summary.contains('\n'),
        "summary",
        "must be one line",
    )?;
    that(
        !scenario.sources.is_empty(),
        "sources",
        "must name at least one, or say that the numbers are invented",
    )?;
    that(
        [&assets.collateral, &assets.loan]
            .into_iter()
            .chain(assets.others.keys())
            .all(|symbol| is_symbol(symbol)),
        "assets",
        "must be symbols of 1 to 12 letters and digits",
    )?;
    that(
        assets.collateral != assets.loan
            && !assets.others.contains_key(&assets.collateral)
            && !assets.others.contains_key(&assets.loan),
        "assets",
        "must differ from each other",
    )
}

fn check_prices(scenario: &Scenario) -> Verdict {
    let points = &scenario.prices;
    let is_price = |price: actuary::Price| price.raw() > 0 && price <= MAX_PRICE;
    that(points.len() >= 2, "prices", "must have at least two points")?;
    that(
        points.iter().all(|point| is_price(point.price)),
        "prices",
        "must be above 0 and at most 10^9",
    )?;
    that(
        scenario.assets.others.values().copied().all(is_price),
        "assets.others",
        "must be above 0 and at most 10^9",
    )?;
    that(
        points
            .windows(2)
            .all(|pair| pair[0].at + STEP_SECONDS <= pair[1].at),
        "prices",
        "must ascend in time, at least 5 minutes apart",
    )?;
    let longest = MAX_DAYS * DAY;
    that(
        span(scenario).is_some_and(|(begins, ends)| ends - begins <= longest),
        "prices",
        "must not last longer than 91 days",
    )
}

fn span(scenario: &Scenario) -> Option<(u64, u64)> {
    Some((scenario.prices.first()?.at, scenario.prices.last()?.at))
}

fn is_during(scenario: &Scenario, time: u64) -> bool {
    span(scenario).is_some_and(|(begins, ends)| (begins..=ends).contains(&time))
}

fn check_platform(scenario: &Scenario) -> Verdict {
    let platform = &scenario.platform;
    that(
        is_share(platform.collateral_factor),
        "platform.collateral_factor",
        "must be above 0 and at most 1",
    )?;
    that(
        is_share(platform.liability_factor),
        "platform.liability_factor",
        "must be above 0 and at most 1",
    )?;
    that(
        platform.backstop_take_rate.raw() < FULL_RATE,
        "platform.backstop_take_rate",
        "must be below 1",
    )?;
    that(
        (FULL_RATE..=1_000 * FULL_RATE).contains(&platform.backstop_size.raw()),
        "platform.backstop_size",
        "must be 1 to 1000, else the pool is not active",
    )?;
    that(
        platform.backstop_leaving.raw() <= FULL_RATE,
        "platform.backstop_leaving",
        "must be at most 1",
    )
}

fn is_share(rate: Rate) -> bool {
    (1..=FULL_RATE).contains(&rate.raw())
}

fn check_feeds(scenario: &Scenario) -> Verdict {
    let feeds = &scenario.feeds;
    let differ = |hub: &[Feed]| {
        hub.iter()
            .enumerate()
            .all(|(index, feed)| !hub[..index].contains(feed))
    };
    that(
        feeds.hub.len() >= 2 && differ(&feeds.hub),
        "feeds.hub",
        "must be two or three different feeds",
    )?;
    that(
        !feeds.hub.contains(&Feed::Blend),
        "feeds.hub",
        "must not hold the market's own oracle",
    )?;
    for divergence in &feeds.divergences {
        that(
            divergence.from < divergence.until,
            "feeds.divergences",
            "must end after they begin",
        )?;
        that(
            is_during(scenario, divergence.from) && is_during(scenario, divergence.until),
            "feeds.divergences",
            "must happen between the first and the last price",
        )?;
        that(
            divergence.price.raw() > 0,
            "feeds.divergences",
            "must show a price above 0",
        )?;
    }
    let refusal = scenario.refusal.as_ref();
    that(
        refusal.is_none_or(|refusal| refusal.hub.len() < 2),
        "refusal.hub",
        "must be fewer than two feeds",
    )
}

fn check_cover(scenario: &Scenario) -> Verdict {
    let (loan, cover) = (&scenario.loan, &scenario.cover);
    that(
        (1..=MAX_WEEKS).contains(&cover.weeks),
        "cover.weeks",
        "must be 1 to 13",
    )?;
    that(
        is_share(cover.advance_limit),
        "cover.advance_limit",
        "must be above 0 and at most 1",
    )?;
    that(
        is_share(cover.grant_limit),
        "cover.grant_limit",
        "must be above 0 and at most 1",
    )?;
    that(
        cover
            .cancelled_after_days
            .is_none_or(|days| (7..=7 * cover.weeks).contains(&days)),
        "cover.cancelled_after_days",
        "must be at least 7 and within the term",
    )?;
    that(
        is_amount(loan.collateral_value.raw()),
        "loan.collateral_value",
        "must be above 0 and at most 10^12",
    )?;
    that(
        loan.pay_back_at_health.raw() > FULL_RATE,
        "loan.pay_back_at_health",
        "must be above 1",
    )?;
    let platform = &scenario.platform;
    let borrowable = platform.collateral_factor.raw() * platform.liability_factor.raw() / FULL_RATE;
    that(
        loan.ltv.raw() > 0 && loan.ltv.raw() < borrowable,
        "loan.ltv",
        "must be above 0 and below the platform's collateral factor times liability factor",
    )
}

fn check_failures(scenario: &Scenario) -> Verdict {
    let kinds = &scenario.cover.kinds;
    let differ = kinds
        .iter()
        .enumerate()
        .all(|(index, kind)| KINDS.contains(kind) && !kinds[..index].contains(kind));
    that(
        differ,
        "cover.kinds",
        "must be different ones of advance, grant, liquidation and collateral",
    )?;
    that(
        is_share(scenario.cover.liquidation_limit),
        "cover.liquidation_limit",
        "must be above 0 and at most 1",
    )?;
    that(
        scenario.reference.is_some() || !kinds.contains(&Peril::Collateral),
        "cover.kinds",
        "needs a [reference] price for cover of the collateral",
    )?;
    if let Some(reference) = &scenario.reference {
        that(
            reference.price.raw() > 0 && reference.price <= MAX_PRICE,
            "reference.price",
            "must be above 0 and at most 10^9",
        )?;
        that(
            is_share(reference.surrendered),
            "reference.surrendered",
            "must be above 0 and at most 1",
        )?;
    }
    if let Some(deficit) = &scenario.deficit {
        that(
            is_during(scenario, deficit.at),
            "deficit.at",
            "must be between the first and the last price",
        )?;
        that(
            is_amount(deficit.stolen.raw()) && is_amount(deficit.limit.raw()),
            "deficit",
            "must have amounts above 0 and at most 10^12",
        )?;
    }
    Ok(())
}

fn is_amount(raw: i128) -> bool {
    (1..=MAX_AMOUNT).contains(&raw)
}

fn check_people(scenario: &Scenario) -> Verdict {
    that(
        is_amount(scenario.lp_stake.raw()),
        "lp_stake",
        "must be above 0 and at most 10^12",
    )?;
    check_lenders(scenario)?;
    check_reckless(scenario)
}

fn is_lent(scenario: &Scenario, asset: &str) -> bool {
    let assets = &scenario.assets;
    asset == assets.loan || assets.others.contains_key(asset)
}

fn check_lenders(scenario: &Scenario) -> Verdict {
    that(
        !scenario.lenders.is_empty(),
        "lenders",
        "must be at least one",
    )?;
    for lender in &scenario.lenders {
        that(!lender.name.is_empty(), "lenders.name", "must not be empty")?;
        that(
            is_lent(scenario, &lender.asset),
            "lenders.asset",
            "must be the loan asset or one of assets.others",
        )?;
        that(
            is_amount(lender.deposit.raw()),
            "lenders.deposit",
            "must be above 0 and at most 10^12",
        )?;
        that(
            lender.insured_limit.is_none_or(is_share),
            "lenders.insured_limit",
            "must be above 0 and at most 1",
        )?;
        that(
            lender.insured_limit.is_none() || lender.asset == scenario.assets.loan,
            "lenders.insured_limit",
            "needs a lender of the loan asset, which the cover pool pays in",
        )?;
    }
    Ok(())
}

fn check_reckless(scenario: &Scenario) -> Verdict {
    for borrower in &scenario.reckless {
        that(
            !borrower.name.is_empty(),
            "reckless.name",
            "must not be empty",
        )?;
        that(
            borrower
                .asset
                .as_deref()
                .is_none_or(|asset| is_lent(scenario, asset)),
            "reckless.asset",
            "must be the loan asset or one of assets.others",
        )?;
        that(
            !matches!(borrower.collateral, Size::Ltv(_)),
            "reckless.collateral",
            "must be an amount or a value",
        )?;
        that(
            [borrower.collateral, borrower.debt]
                .into_iter()
                .all(is_size),
            "reckless",
            "must have a collateral and a debt above 0 and at most 10^12",
        )?;
        that(
            (1..=MAX_LOANS).contains(&borrower.loans),
            "reckless.loans",
            "must be 1 to 20",
        )?;
        that(
            borrower.default_limit.is_none_or(is_share),
            "reckless.default_limit",
            "must be above 0 and at most 1",
        )?;
        that(
            borrower.at.is_none_or(|time| is_during(scenario, time)),
            "reckless.at",
            "must be between the first and the last price",
        )?;
    }
    Ok(())
}

fn is_size(size: Size) -> bool {
    match size {
        Size::Amount(amount) | Size::Value(amount) => is_amount(amount.raw()),
        Size::Ltv(ltv) => ltv.raw() > 0,
    }
}
