//! Each peril pays what the actuary's formulas say, to the right party: worked out again from the facts of the JSON.

use actuary::deficit::LentReserve;
use actuary::loss::{
    blend_incentive_down, collateral_loss_down, default_loss_down, has_dropped,
    liquidation_loss_down, payout_down, PlatformBooks, BLEND_SCALE,
};
use actuary::math::{mul_div_down, mul_div_up};
use actuary::{Assets, Price, Rate};
use serde_json::Value;

use super::runs::{all, amount, assert_lps_add_up, fact, named, payouts, played, run};

/// One, as a price.
const PRICE_ONE: i128 = 100_000_000_000_000;
/// Collateral that liquidators of the market get per value repaid: 1.05.
const INCENTIVE: Rate = Rate::from_raw(10_500_000);

fn percent(percent: i128) -> Rate {
    Rate::from_raw(percent * 100_000)
}

fn assets(object: &Value, field: &str) -> Assets {
    Assets::from_raw(amount(object, field))
}

/// What is paid for a loss without deductible.
fn payout(loss: Assets, co_insurance: Rate, limit: Assets) -> i128 {
    payout_down(loss, Assets::ZERO, co_insurance, limit)
        .unwrap()
        .raw()
}

/// The claims of a peril. Each was paid what was due, and together they are what the peril paid.
#[track_caller]
fn claims<'a>(run: &'a Value, peril: &str, beneficiary: &str) -> &'a [Value] {
    let told = &run["perils"][peril];
    assert_eq!(told["offered"], true, "{peril}: offered");
    assert_eq!(told["triggered"], true, "{peril}: triggered");
    assert_eq!(told["beneficiary"], beneficiary, "{peril}: beneficiary");
    let claims = told["claims"].as_array().unwrap();
    let mut paid = 0;
    for claim in claims {
        assert_eq!(claim["beneficiary"], beneficiary, "{peril}: who is paid");
        assert_eq!(claim["paid"], claim["due"], "{peril}: paid what is due");
        paid += amount(claim, "paid");
    }
    assert!(paid > 0, "{peril}: paid");
    assert_eq!(amount(told, "paid"), paid, "{peril}: sum of its claims");
    claims
}

#[track_caller]
fn assert_untouched(run: &Value, perils: &[&str]) {
    for peril in perils {
        let told = &run["perils"][*peril];
        assert_eq!(told["triggered"], false, "{peril}");
        assert_eq!(amount(told, "paid"), 0, "{peril}");
        assert_eq!(told["beneficiary"], Value::Null, "{peril}");
    }
}

/// Lenders of the insured market share what was paid by their shares; those of its twin get nothing.
#[track_caller]
fn assert_lenders_share(run: &Value, paid: i128) {
    let lenders = run["lenders"].as_array().unwrap();
    let insured = lenders.iter().filter(|lender| lender["insured"] == true);
    let (mut sum, mut most) = (0, 0);
    for lender in insured {
        sum += amount(lender, "paid_by_cover");
        most += i128::try_from(payouts(lender).len()).unwrap();
    }
    assert!((paid - most..=paid).contains(&sum), "{sum} of {paid}");
    for lender in lenders.iter().filter(|lender| lender["insured"] == false) {
        assert_eq!(payouts(lender).len(), 0, "{}", lender["name"]);
    }
    let (own, twin) = (
        named(&run["lenders"], "insured lender"),
        named(&run["lenders"], "uninsured lender"),
    );
    assert_eq!(own["before"], twin["before"], "twins");
    assert!(
        amount(own, "after") > amount(twin, "after"),
        "cover was worth it"
    );
}

#[test]
fn bad_debt_of_the_market_is_paid_to_its_lenders() {
    let run = run("eth-2020-03-12", "market");
    assert_lps_add_up(run);
    let claims = claims(run, "default", "lenders of the insured market");
    assert_eq!(claims.len(), 8, "loans");
    let mut lost = 0;
    for claim in claims {
        let facts = &claim["facts"];
        let value = mul_div_up(
            amount(facts, "collateral"),
            amount(facts, "price"),
            PRICE_ONE,
        );
        let (bad_debt, debt) = (assets(facts, "bad_debt"), assets(facts, "debt"));
        let value = Assets::from_raw(value.unwrap());
        let loss = default_loss_down(bad_debt, debt, value, INCENTIVE).unwrap();
        let due = payout(loss, percent(10), assets(facts, "limit"));
        assert_eq!(amount(claim, "paid"), due, "nine tenths of the loss");
        lost += bad_debt.raw();
    }
    assert_lenders_share(run, amount(&run["perils"]["default"], "paid"));
    let lender = named(&run["lenders"], "insured lender");
    let part = lost * amount(lender, "before") / 10_000_000_000_000;
    assert_eq!(amount(lender, "loss"), part, "a twentieth of the bad debt");
    let twin = fact(run, 6, "2020-03-13 02:10  whale, twin market");
    assert!(twin.starts_with("8 loans liquidated, bad debt"), "{twin}");
    assert!(!twin.contains("cover"), "{twin}");
}

#[test]
fn borrowers_of_the_market_are_rescued_as_on_blend() {
    let run = run("eth-2020-03-12", "market");
    let borrower = |name| named(&run["borrowers"], name);
    for name in ["with an advance", "with a grant"] {
        assert_eq!(borrower(name)["liquidated"], false, "{name}");
        for payout in payouts(borrower(name)) {
            let health = payout["health_after"].as_f64().unwrap();
            assert!(health >= 1.05, "{name}: {health} right after a payout");
        }
    }
    let advanced = borrower("with an advance");
    assert_eq!(amount(&advanced["advance"], "owed"), 0, "paid back");
    assert_eq!(
        advanced["limit_left"], advanced["limit"],
        "the limit is whole"
    );
    let depreciation = &run["perils"]["depreciation"];
    assert_eq!(
        amount(depreciation, "paid"),
        amount(advanced, "paid_by_cover") + amount(borrower("with a grant"), "paid_by_cover"),
        "both layers"
    );
    assert_eq!(depreciation["beneficiary"], "with an advance, with a grant");
    assert_eq!(borrower("uninsured")["liquidated"], true, "the twin");
}

#[test]
fn a_part_of_the_penalty_comes_back_to_the_liquidated() {
    let name = "with liquidation cover";
    let run = run("eth-2021-05-19", "market");
    assert_lps_add_up(run);
    assert_untouched(run, &["default", "collateral", "contract"]);
    let [claim] = claims(run, "liquidation", name) else {
        panic!("one liquidation");
    };
    let facts = &claim["facts"];
    let lost = mul_div_down(amount(facts, "seized"), amount(facts, "price"), PRICE_ONE);
    let loss = liquidation_loss_down(
        Assets::from_raw(lost.unwrap()),
        assets(facts, "repaid"),
        INCENTIVE,
        Assets::ZERO,
    );
    let due = payout(loss.unwrap(), percent(30), assets(facts, "limit"));
    assert_eq!(amount(claim, "paid"), due, "seven tenths of the penalty");
    let (own, twin) = (
        named(&run["borrowers"], name),
        named(&run["borrowers"], "uninsured"),
    );
    assert_eq!(amount(own, "paid_by_cover"), due, "paid to the borrower");
    assert_eq!(twin["liquidated"], true, "the twin");
    let better = amount(own, "after") - amount(twin, "after");
    assert_eq!(better, due - amount(own, "premium"), "better off by that");
    assert_eq!(
        named(&run["borrowers"], "with an advance")["liquidated"],
        false,
        "an advance keeps from being liquidated"
    );
}

#[test]
fn a_part_of_the_penalty_of_blends_auctions_repays_the_loan() {
    let name = "with liquidation cover";
    for scenario in ["eth-2020-03-12", "eth-2021-05-19"] {
        let run = run(scenario, "blend");
        assert_lps_add_up(run);
        assert_untouched(run, &["collateral", "contract"]);
        let claims = claims(run, "liquidation", name);
        for claim in claims {
            let due = penalty_paid_on_blend(claim);
            assert!(due > 0, "{scenario}: a penalty");
            assert_eq!(amount(claim, "paid"), due, "seven tenths of the penalty");
        }
        let own = named(&run["borrowers"], name);
        let paid: Vec<i128> = payouts(own)
            .iter()
            .map(|payout| amount(payout, "amount"))
            .collect();
        let claimed: Vec<i128> = claims.iter().map(|claim| amount(claim, "paid")).collect();
        assert_eq!(paid, claimed, "{scenario}: each into the loan");
        for payout in payouts(own) {
            let health = |when| payout[when].as_f64().unwrap();
            let helped = health("health_after") > health("health_before");
            assert!(helped, "{scenario}: debt was repaid");
        }
        let twin = named(&run["borrowers"], "uninsured");
        for liquidated in [own, twin] {
            assert_eq!(liquidated["liquidated"], true, "{scenario}: like the twin");
        }
        assert_eq!(payouts(twin).len(), 0, "{scenario}: nobody else is paid");
    }
}

/// What cover owes for a liquidation on Blend: 0.75 and 0.95 are its factors in both scenarios.
fn penalty_paid_on_blend(claim: &Value) -> i128 {
    let facts = &claim["facts"];
    let price = |field| Price::from_raw(amount(facts, field));
    let has_dropped = has_dropped(price("price_before"), price("price")).unwrap();
    let lost = mul_div_down(
        amount(facts, "seized"),
        amount(facts, "low_price"),
        PRICE_ONE,
    );
    let incentive = blend_incentive_down(percent(75), percent(95)).unwrap();
    let (lost, repaid) = (Assets::from_raw(lost.unwrap()), assets(facts, "repaid"));
    let penalty = liquidation_loss_down(lost, repaid, incentive, Assets::ZERO).unwrap();
    let loss = if has_dropped { penalty } else { Assets::ZERO };
    payout(loss, percent(30), assets(facts, "limit"))
}

#[test]
fn a_liquidation_by_blends_oracle_alone_is_settled_with_nothing() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/oracle-alone.toml");
    let run = played(&["--scenario", FILE]);
    assert_lps_add_up(&run);
    let own = named(&run["borrowers"], "with liquidation cover");
    assert_eq!(own["liquidated"], true, "by Blend");
    assert_eq!(payouts(own).len(), 0, "paid nothing");
    let told = &run["perils"]["liquidation"];
    assert_eq!(told["triggered"], true, "settled");
    assert_eq!(amount(told, "paid"), 0, "with nothing");
    assert_eq!(told["beneficiary"], Value::Null, "to nobody");
    for claim in told["claims"].as_array().unwrap() {
        let facts = &claim["facts"];
        assert_eq!(facts["price"], facts["price_before"], "at the hub");
        assert_eq!(penalty_paid_on_blend(claim), 0, "by the formula");
        assert_eq!(amount(claim, "due"), 0, "due");
    }
}

#[test]
fn failed_collateral_is_paid_for_and_sold() {
    for platform in ["blend", "market"] {
        let run = run("usdc-depeg-2023-03", platform);
        assert_lps_add_up(run);
        assert_untouched(run, &["default", "depreciation", "liquidation", "contract"]);
        assert_failed_collateral_is_paid_for(run);
        assert!(
            amount(&run["lp"], "claims") < 0,
            "{platform}: the sale at par brought the pool more than it paid"
        );
    }
}

#[track_caller]
fn assert_failed_collateral_is_paid_for(run: &Value) {
    let name = "with collateral cover";
    let [claim] = claims(run, "collateral", name) else {
        panic!("one surrender");
    };
    let facts = &claim["facts"];
    let price = |field| Price::from_raw(amount(facts, field));
    assert_eq!(price("reference").raw(), PRICE_ONE, "par");
    assert!(
        price("price").raw() < PRICE_ONE * 9 / 10,
        "below what is paid"
    );
    let value = mul_div_down(amount(facts, "surrendered"), PRICE_ONE, PRICE_ONE);
    let loss = collateral_loss_down(
        Assets::from_raw(value.unwrap()),
        price("reference"),
        price("six_hour_mean"),
        percent(10),
    );
    let due = payout(loss.unwrap(), percent(0), assets(facts, "limit"));
    assert_eq!(amount(claim, "paid"), due, "90 % of par");
    assert_eq!(due, 72_000_000_000, "two fifths of the collateral");
    let own = named(&run["borrowers"], name);
    assert_eq!(own["asset"], "USDT", "paid in the loan asset");
    let [payout] = payouts(own) else {
        panic!("one payout")
    };
    assert_eq!(amount(payout, "amount"), due, "paid to the loan");
    let waits = payout["time"].as_u64().unwrap() - claim["time"].as_u64().unwrap();
    assert!(waits >= (6 + 48) * 3_600, "after its window: {waits} s");
}

#[test]
fn what_a_robbed_market_is_short_of_is_paid_to_its_lenders() {
    let run = run("platform-robbed", "market");
    assert_lps_add_up(run);
    assert_untouched(
        run,
        &["default", "depreciation", "liquidation", "collateral"],
    );
    let [claim] = claims(run, "contract", "lenders of the insured market") else {
        panic!("one deficit");
    };
    let facts = &claim["facts"];
    let missing = |look| assets(facts, look);
    let loss = missing("missing_at_first_look").min(missing("missing_at_second_look"));
    assert_eq!(loss.raw(), 1_000_000_000_000, "all that was stolen");
    let due = payout(loss, percent(0), assets(facts, "limit"));
    assert_eq!(amount(claim, "paid"), due, "up to the limit");
    assert_lenders_share(run, due);
    let lender = named(&run["lenders"], "insured lender");
    assert_eq!(amount(lender, "loss"), 50_000_000_000, "a tenth");
    assert_eq!(amount(lender, "paid_by_cover"), 50_000_000_000, "all of it");
}

#[test]
fn what_robbed_blend_is_short_of_is_paid_to_the_insured_vault() {
    let run = run("platform-robbed", "blend");
    assert_lps_add_up(run);
    assert_untouched(
        run,
        &["default", "depreciation", "liquidation", "collateral"],
    );
    let [claim] = claims(run, "contract", "insured lender") else {
        panic!("one deficit");
    };
    let facts = &claim["facts"];
    let missing = |look| assets(facts, look);
    let missing = missing("missing_at_first_look").min(missing("missing_at_second_look"));
    let stolen = 1_000_000_000_000;
    // Blend rounds for itself.
    assert!((stolen - 10..=stolen).contains(&missing.raw()), "stolen");
    let none = Assets::ZERO;
    let reserve = LentReserve {
        books: PlatformBooks {
            supply: none,
            credits: none,
            liabilities: none,
            balance: none,
        },
        b_tokens: amount(facts, "b_supply"),
        b_rate: amount(facts, "b_rate"),
    };
    let lost = reserve.loss_per_b_token_down(missing).unwrap();
    let loss = mul_div_down(amount(facts, "b_tokens"), lost, BLEND_SCALE).unwrap();
    let due = payout(Assets::from_raw(loss), percent(0), assets(facts, "limit"));
    assert_eq!(amount(claim, "paid"), due, "all of it");
    let (insured, twin) = (
        named(&run["lenders"], "insured lender"),
        named(&run["lenders"], "uninsured lender"),
    );
    assert_eq!(insured["peril"], "contract", "its cover");
    assert_eq!(amount(insured, "loss"), due, "what it lost");
    let [payout] = payouts(insured) else {
        panic!("one payout")
    };
    assert_eq!(amount(payout, "amount"), due, "paid to the vault");
    let between = payout["time"].as_u64().unwrap() - claim["time"].as_u64().unwrap();
    assert!(between >= 3_600, "two looks an hour apart: {between} s");
    let left_out = |lender| amount(lender, "before") - amount(lender, "after");
    let tenth = amount(twin, "before") / 10;
    assert_eq!(payouts(twin).len(), 0, "nobody else is paid");
    assert!(left_out(twin) > tenth * 99 / 100, "a tenth is gone");
    assert!(left_out(insured) < tenth / 10, "but for the premium");
}

#[test]
fn where_no_failed_collateral_is_taken_it_is_said() {
    for run in all()["runs"].as_array().unwrap() {
        let has_reference = run["scenario"] == "usdc-depeg-2023-03";
        for (name, peril) in run["perils"].as_object().unwrap() {
            let is_offered = name != "collateral" || has_reference;
            assert_eq!(
                peril["offered"], is_offered,
                "{} on {}: {name}",
                run["scenario"], run["platform"]
            );
        }
        if !has_reference {
            assert_untouched(run, &["collateral"]);
        }
    }
}

#[test]
fn a_manipulated_oracle_of_blend_does_not_reach_the_market() {
    let run = run("ustry-2026-02-22", "market");
    assert_lps_add_up(run);
    assert_untouched(run, &["default", "depreciation", "liquidation", "contract"]);
    for (attacker, reason) in [
        ("attacker, USDC", "would not be safe"),
        ("attacker, XLM", "does not lend XLM"),
    ] {
        let told = fact(run, 5, attacker);
        assert!(told.contains(reason), "{attacker}: {told}");
    }
    for lender in run["lenders"].as_array().unwrap() {
        assert_eq!(amount(lender, "loss"), 0, "{}", lender["name"]);
    }
}
