//! `vangnet demo` on Blend, played to its end: what it promises, in the numbers of the JSON.

use serde_json::Value;

use super::runs::{amount, assert_lps_add_up, fact, named, payouts, played, run};

/// The insured lender got all but the co-insurance of 5 % of the loss.
#[track_caller]
fn assert_insured_lender_is_whole(run: &Value) {
    let (insured, uninsured) = (
        named(&run["lenders"], "insured lender"),
        named(&run["lenders"], "uninsured lender"),
    );
    let loss = amount(insured, "loss");
    assert!(loss > 0 && amount(uninsured, "loss") > 0, "both lose");
    assert_eq!(
        amount(insured, "paid_by_cover"),
        loss * 95 / 100,
        "95 % of the loss, rounded down"
    );
    assert!(loss <= amount(insured, "limit"), "within the limit");
    assert_eq!(amount(uninsured, "paid_by_cover"), 0, "nobody else is paid");
    assert!(
        amount(insured, "after") > amount(uninsured, "after"),
        "cover was worth it"
    );
}

#[test]
fn in_calm_times_premiums_become_the_lps_and_a_refund_is_exact() {
    let run = run("calm", "blend");
    assert_lps_add_up(run);
    assert_eq!(amount(&run["lp"], "claims"), 0, "claims");
    assert_eq!(
        amount(&run["lp"], "staked"),
        10_000_000_000_001,
        "a million, and the pool's first unit"
    );
    assert!(
        amount(&run["lp"], "exit") > 10_000_000_000_000,
        "LPs earned"
    );
    for person in ["borrowers", "lenders"].map(|people| run[people].as_array().unwrap()) {
        for person in person {
            assert_eq!(payouts(person).len(), 0, "{}", person["name"]);
        }
    }
    assert!(amount(&run["lp"], "refunds") > 0, "a refund");
    assert_eq!(
        run["invariants"]["I11"], true,
        "refund = 90 % of the unearned part"
    );
    assert!(
        fact(run, 4, "cancelled").contains("exactly the 90 % due"),
        "told"
    );
    let steps: Vec<_> = run["steps"].as_array().unwrap().iter().collect();
    assert_eq!(steps.len(), 7, "steps");
}

#[test]
fn in_the_crash_of_march_2020_cover_saves_borrowers_and_lenders() {
    let run = run("eth-2020-03-12", "blend");
    assert_lps_add_up(run);
    assert_insured_lender_is_whole(run);
    let borrower = |name| named(&run["borrowers"], name);
    assert_eq!(
        borrower("uninsured")["liquidated"],
        true,
        "the uninsured twin"
    );
    for name in ["with an advance", "with a grant"] {
        let insured = borrower(name);
        assert_eq!(insured["liquidated"], false, "{name}");
        assert!(!payouts(insured).is_empty(), "{name} was paid");
        for payout in payouts(insured) {
            let health = payout["health_after"].as_f64().unwrap();
            assert!(health >= 1.05, "{name}: {health} right after a payout");
        }
        let paid: i128 = payouts(insured)
            .iter()
            .map(|payout| amount(payout, "amount"))
            .sum();
        assert_eq!(
            amount(insured, "paid_by_cover"),
            paid,
            "{name}: sum of payouts"
        );
        assert!(
            amount(insured, "after") > amount(borrower("uninsured"), "after"),
            "{name}: cover was worth it"
        );
    }
    let advanced = borrower("with an advance");
    let advance = &advanced["advance"];
    assert_eq!(amount(advance, "owed"), 0, "paid back");
    assert!(
        amount(advance, "repaid") > amount(advance, "drawn"),
        "with fees"
    );
    assert_eq!(
        amount(advanced, "limit_left"),
        amount(advanced, "limit"),
        "whole again"
    );
    assert_eq!(
        run["invariants"]["I16"], true,
        "who owes takes nothing out, and tried"
    );
    assert_budgets(run);
}

/// Bytes written.
#[track_caller]
fn assert_budgets(run: &Value) {
    for (operation, most) in [
        ("stake", 980),
        ("request an exit", 580),
        ("settle the vault's loss", 1_460),
        ("rescue one position", 1_620 + 640),
    ] {
        let costs = run["costs"].as_array().unwrap();
        let cost = costs
            .iter()
            .find(|cost| cost["operation"] == operation)
            .unwrap();
        let bytes = cost["bytes"].as_u64().unwrap();
        assert!(bytes <= most, "{operation}: {bytes} bytes");
    }
}

#[test]
fn a_manipulated_platform_sells_and_pays_nothing_but_the_real_loss() {
    let run = run("ustry-2026-02-22", "blend");
    assert_lps_add_up(run);
    assert_insured_lender_is_whole(run);
    let one_source = |what| fact(run, 2, &format!("with one source of prices: {what}")).to_owned();
    assert!(
        one_source("listing").contains("lacks two independent price sources"),
        "{}",
        one_source("listing")
    );
    assert!(
        one_source("cover").contains("fewer than two independent sources"),
        "{}",
        one_source("cover")
    );
    for (name, reason) in [
        ("cover bought meanwhile", "more than 3 % apart"),
        ("deposits and cover of the vault", "more than 3 % apart"),
        ("trigger meanwhile", "has not fallen enough"),
        ("rescue meanwhile", "the loan is healthy"),
    ] {
        assert!(
            fact(run, 5, name).contains(reason),
            "{name}: {}",
            fact(run, 5, name)
        );
    }
    for borrower in run["borrowers"].as_array().unwrap() {
        assert_eq!(payouts(borrower).len(), 0, "{}", borrower["name"]);
        assert_eq!(borrower["liquidated"], false, "{}", borrower["name"]);
    }
    let xlm = named(&run["lenders"], "XLM lenders");
    let share = amount(xlm, "loss") * 1_000 / amount(xlm, "before");
    assert!(
        (515..=525).contains(&share),
        "52 % of XLM was lost: {share}"
    );
}

#[test]
fn own_prices_are_played_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (prices, report) = (
        folder.path().join("own.csv"),
        folder.path().join("own.html"),
    );
    let rows = (0..=24).map(|hour| {
        let price = if hour < 12 { 100 } else { 96 };
        format!("{},{price}\n", 1_700_000_000 + hour * 3_600)
    });
    let csv: String = std::iter::once("time,price\n".to_owned())
        .chain(rows)
        .collect();
    std::fs::write(&prices, csv).unwrap();
    let run = played(&[
        "--scenario",
        "calm",
        "--prices",
        prices.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ]);
    assert_lps_add_up(&run);
    assert!(
        fact(&run, 5, "lowest price").starts_with("96.00 USDC per ETH"),
        "{}",
        fact(&run, 5, "lowest price")
    );
    let page = std::fs::read_to_string(report).unwrap();
    assert_eq!(
        page.matches("<figure>").count(),
        3,
        "price, health and NAV; no payouts"
    );
}
