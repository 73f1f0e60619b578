//! The built-in scenarios hold what they promise, and a broken file is told where and what.

use super::*;
use crate::decimal::parse_exact;
use crate::prices::WARM_UP_SECONDS;

const MIDNIGHT_22_FEBRUARY: u64 = 1_771_718_400;

fn scenario(name: &str) -> Scenario {
    Scenario::find(name).unwrap()
}

fn price(text: &str) -> Price {
    Price::from_raw(parse_exact(text, 14).unwrap())
}

fn altered(from: &str, to: &str) -> ScenarioError {
    let text = built_in("calm").unwrap();
    assert!(text.contains(from), "calm has {from:?}");
    Scenario::parse(&text.replacen(from, to, 1), "mine.toml").unwrap_err()
}

#[test]
fn every_built_in_scenario_is_playable_and_named_as_its_file() {
    for name in NAMES {
        let scenario = scenario(name);
        assert_eq!(scenario.name, name);
        let path = scenario.path();
        assert_eq!(
            path.points.first().map(|point| point.time),
            Some(path.begins - WARM_UP_SECONDS),
            "{name}: warm-up"
        );
        assert_eq!(
            path.ends(),
            scenario.prices.last().unwrap().at,
            "{name}: to the last point"
        );
    }
}

#[test]
fn a_story_is_told_without_prices_of_others() {
    for (name, story) in [
        ("vote", Story::Vote),
        ("dispute", Story::Dispute),
        ("kyc", Story::Kyc),
    ] {
        let scenario = scenario(name);
        assert_eq!(scenario.story, Some(story), "{name}");
        let refused = scenario.check_replaceable_prices();
        let expected = ScenarioError::Priceless {
            name: name.to_owned(),
        };
        assert_eq!(refused, Err(expected), "{name}");
    }
    assert_eq!(scenario("calm").story, None, "calm is played over prices");
}

#[test]
fn the_crash_of_2020_goes_through_its_known_highs_and_lows() {
    let scenario = scenario("eth-2020-03-12");
    let path = scenario.path();
    assert_eq!(
        path.range(),
        Some((price("86"), price("208.62"))),
        "low of the 13th, high of the 9th"
    );
    let at = |time: u64| {
        path.points
            .iter()
            .find(|point| point.time == time)
            .unwrap()
            .price
    };
    assert_eq!(at(1_583_973_000), price("195.55"), "12 March, 00:30");
    assert_eq!(at(1_584_065_700), price("86"), "13 March, 02:15");
    assert_eq!(at(1_584_698_400), price("152.55"), "20 March, 10:00");
    assert!(!scenario.is_dated(), "other prices fit it");
}

#[test]
fn usdc_falls_to_its_known_low_and_returns_to_par() {
    let scenario = scenario("usdc-depeg-2023-03");
    let path = scenario.path();
    assert_eq!(
        path.range(),
        Some((price("0.8774"), price("1"))),
        "low of 11 March, par"
    );
    assert_eq!(path.points.last().unwrap().price, price("1"), "back at par");
    assert_eq!(scenario.assets.loan, "USDT", "lent is another dollar");
    let reference = scenario.reference.unwrap();
    assert_eq!(reference.price, price("1"), "what one stands for");
    assert_eq!(
        reference.surrendered_of(200_000_000_001),
        80_000_000_000,
        "two fifths, rounded down"
    );
}

#[test]
fn prices_of_a_scenario_with_a_robbery_are_not_replaced() {
    let scenario = scenario("platform-robbed");
    assert!(scenario.is_dated(), "it has a date");
    let deficit = scenario.deficit.unwrap();
    let waiting = 14 * 24 * 3_600;
    assert!(
        deficit.at >= scenario.prices[0].at + waiting,
        "after the waiting period"
    );
}

#[test]
fn the_manipulated_price_shows_only_on_the_lending_pools_oracle() {
    let scenario = scenario("ustry-2026-02-22");
    let (market, manipulated) = (price("1.06"), price("107"));
    let from = MIDNIGHT_22_FEBRUARY + 600;
    assert_eq!(
        scenario.shown_by(Feed::Blend, from - 1, market),
        market,
        "before"
    );
    assert_eq!(
        scenario.shown_by(Feed::Blend, from, market),
        manipulated,
        "from 00:10"
    );
    assert_eq!(
        scenario.shown_by(Feed::Blend, from + 1_800, market),
        market,
        "from 00:40"
    );
    for feed in [Feed::Reflector, Feed::Redstone, Feed::Chainlink] {
        assert_eq!(
            scenario.shown_by(feed, from, market),
            market,
            "{feed:?} shows the market"
        );
    }
    let highest = scenario.path().range().unwrap().1;
    assert!(highest < price("1.1"), "the market's own price never moves");
    assert_eq!(
        scenario.refusal.unwrap().hub,
        [Feed::Reflector],
        "one source in the other market"
    );
}

#[test]
fn the_attackers_debts_are_the_known_ones() {
    let scenario = scenario("ustry-2026-02-22");
    let debts: Vec<_> = scenario
        .reckless
        .iter()
        .map(|attacker| (attacker.asset.as_deref(), attacker.debt))
        .collect();
    let amount = |units: i128| Size::Amount(Assets::from_raw(units * 10_000_000));
    assert_eq!(
        debts,
        [
            (Some("USDC"), amount(1_000_196)),
            (Some("XLM"), amount(61_200_000))
        ]
    );
}

#[test]
fn prices_of_a_dated_scenario_are_not_replaced() {
    assert_eq!(
        scenario("eth-2020-03-12").check_replaceable_prices(),
        Ok(())
    );
    let error = scenario("ustry-2026-02-22")
        .check_replaceable_prices()
        .unwrap_err();
    assert_eq!(
        error,
        ScenarioError::Dated {
            name: "ustry-2026-02-22".to_owned()
        }
    );
}

#[test]
fn an_unknown_scenario_is_told_the_known_ones() {
    let message = Scenario::find("eth").unwrap_err().to_string();
    assert!(
        message.contains("calm, eth-2020-03-12, eth-2021-05-19") && message.contains(".toml"),
        "{message}"
    );
}

#[test]
fn a_missing_file_is_told_by_its_name() {
    let message = Scenario::find("no/such.toml").unwrap_err().to_string();
    assert!(
        message.starts_with("no/such.toml: cannot be read"),
        "{message}"
    );
}

#[test]
fn malformed_files_are_told_the_line() {
    for (from, to, expected) in [
        (
            "ltv = \"0.36\"",
            "ltv = \"a third\"",
            "\"a third\" is not a number",
        ),
        ("ltv = \"0.36\"", "ltv = \"-0.36\"", "\"-0.36\" is negative"),
        (
            "ltv = \"0.36\"",
            "ltv = \"0.123456789\"",
            "has more decimals than its unit (7 decimals)",
        ),
        ("ltv = \"0.36\"", "ltv = 0.36", "expected a string"),
        (
            "payout = \"repay\"",
            "payout = \"gift\"",
            "unknown variant `gift`",
        ),
        ("lp_stake", "lp_steak", "unknown field `lp_steak`"),
        (
            "at = 2024-01-10T12:00:00Z",
            "at = 2024-01-10",
            "no moment such as",
        ),
    ] {
        let error = altered(from, to);
        let message = error.to_string();
        assert!(
            matches!(error, ScenarioError::Malformed { .. }),
            "{to}: {message}"
        );
        assert!(
            message.starts_with("mine.toml: TOML parse error at line"),
            "{to}: {message}"
        );
        assert!(message.contains(expected), "{to}: {message}");
    }
}

#[test]
fn fields_that_make_no_sense_are_told() {
    for (from, to, field) in [
        ("name = \"calm\"", "name = \"Calm!\"", "name"),
        ("loan = \"USDC\"", "loan = \"ETH\"", "assets"),
        ("weeks = 3", "weeks = 14", "cover.weeks"),
        (
            "cancelled_after_days = 10",
            "cancelled_after_days = 6",
            "cover.cancelled_after_days",
        ),
        ("ltv = \"0.36\"", "ltv = \"0.7125\"", "loan.ltv"),
        ("lp_stake = \"1000000\"", "lp_stake = \"0\"", "lp_stake"),
        (
            "hub = [\"reflector\", \"redstone\", \"chainlink\"]",
            "hub = [\"reflector\"]",
            "feeds.hub",
        ),
        ("\"redstone\", \"chainlink\"]", "\"blend\"]", "feeds.hub"),
        (
            "backstop_size = \"2\"",
            "backstop_size = \"0.9\"",
            "platform.backstop_size",
        ),
        ("price = \"2060\"", "price = \"0\"", "prices"),
        (
            "payout = \"repay\"",
            "payout = \"repay\"\nkinds = [\"grant\", \"grant\"]",
            "cover.kinds",
        ),
        (
            "payout = \"repay\"",
            "payout = \"repay\"\nkinds = [\"collateral\"]",
            "cover.kinds",
        ),
        (
            "payout = \"repay\"",
            "payout = \"repay\"\nliquidation_limit = \"0\"",
            "cover.liquidation_limit",
        ),
        (
            "[feeds]",
            "[reference]\nprice = \"0\"\nsurrendered = \"1\"\n[feeds]",
            "reference.price",
        ),
        (
            "[feeds]",
            "[reference]\nprice = \"1\"\nsurrendered = \"1.1\"\n[feeds]",
            "reference.surrendered",
        ),
        (
            "[feeds]",
            "[deficit]\nat = 2024-02-22T00:00:00Z\nstolen = \"1\"\nlimit = \"1\"\n[feeds]",
            "deficit.at",
        ),
        (
            "[feeds]",
            "[deficit]\nat = 2024-01-12T00:00:00Z\nstolen = \"0\"\nlimit = \"1\"\n[feeds]",
            "deficit",
        ),
        (
            "at = 2024-01-13T00:00:00Z",
            "at = 2024-01-10T12:04:59Z",
            "prices",
        ),
        (
            "at = 2024-01-22T00:00:00Z",
            "at = 2024-04-09T00:00:00Z",
            "prices",
        ),
        ("asset = \"USDC\"", "asset = \"EUR\"", "lenders.asset"),
        (
            "insured_limit = \"1\"",
            "insured_limit = \"1.1\"",
            "lenders.insured_limit",
        ),
    ] {
        match altered(from, to) {
            ScenarioError::Invalid { field: told, .. } => assert_eq!(told, field, "{to}"),
            other => panic!("{to}: {other}"),
        }
    }
}
