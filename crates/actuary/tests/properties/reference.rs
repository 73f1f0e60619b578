//! Single steps of the executable reference model, to the last unit: what it did to premium, advances and NAV.
//! `reference.csv` was taken from the model's test vectors.

use actuary::advance::{AdvanceBook, Draw};
use actuary::nav::Books;
use actuary::premium::{
    earning_rate_down, merged_earning_rate_down, refund_down, unearned, Premium,
};
use actuary::time::{renewed_end, term_end};
use actuary::{Scaled, ScaledRate};

use crate::exact::{assets, rate};

/// What stands in for P_min and the flat fee in the model.
const MIN_PREMIUM: i128 = 1_000_000;
const FLAT_FEE: i128 = 100_000;

fn steps(kind: &str) -> Vec<Vec<i128>> {
    let rows = include_str!("reference.csv")
        .lines()
        .filter_map(|line| line.strip_prefix(kind)?.strip_prefix(','));
    let steps: Vec<Vec<i128>> = rows
        .map(|row| {
            row.split(',')
                .map(|number| number.parse().unwrap())
                .collect()
        })
        .collect();
    assert!(steps.len() >= 5, "{kind} is covered");
    steps
}

fn book(drawn: i128, fees: i128, fee_rate: i128) -> AdvanceBook {
    AdvanceBook {
        drawn: assets(drawn),
        fees_owed: Scaled::from_raw(fees),
        fee_rate: ScaledRate::from_raw(fee_rate),
        last: 0,
    }
}

#[test]
fn opening_costs_and_earns_as_the_reference() {
    for step in steps("open") {
        let [now, weeks, limit, yearly, premium, end, earning_rate] = step[..] else {
            panic!("{step:?}")
        };
        assert_eq!(
            term_end(now as u64, weeks as u32),
            Ok(end as u64),
            "end {step:?}"
        );
        let seconds = (end - now) as u64;
        let ours = Premium::of(assets(limit), rate(yearly), seconds, assets(MIN_PREMIUM)).unwrap();
        assert_eq!(ours.total, assets(premium), "premium {step:?}");
        assert_eq!(
            earning_rate_down(ours.net, seconds).map(ScaledRate::raw),
            Ok(earning_rate),
            "q {step:?}"
        );
    }
}

#[test]
fn renewing_merges_as_the_reference() {
    for step in steps("renew") {
        let [now, weeks, limit, yearly, old_end, old_rate, premium, end, earning_rate] = step[..]
        else {
            panic!("{step:?}")
        };
        assert_eq!(
            renewed_end(old_end as u64, weeks as u32, now as u64),
            Ok(end as u64),
            "end {step:?}"
        );
        let ours = Premium::of(
            assets(limit),
            rate(yearly),
            (end - old_end) as u64,
            assets(MIN_PREMIUM),
        )
        .unwrap();
        assert_eq!(ours.total, assets(premium), "premium {step:?}");
        let left = unearned(ScaledRate::from_raw(old_rate), old_end as u64, now as u64).unwrap();
        let merged = merged_earning_rate_down(left, ours.net, (end - now) as u64);
        assert_eq!(merged.map(ScaledRate::raw), Ok(earning_rate), "q {step:?}");
    }
}

#[test]
fn cancelling_refunds_as_the_reference() {
    for step in steps("cancel") {
        let [now, end, earning_rate, refund] = step[..] else {
            panic!("{step:?}")
        };
        let left = unearned(ScaledRate::from_raw(earning_rate), end as u64, now as u64).unwrap();
        assert_eq!(refund_down(left), Ok(assets(refund)), "refund {step:?}");
    }
}

#[test]
fn drawing_owes_as_the_reference() {
    for step in steps("draw") {
        let [drawn, fees, fee_rate, amount, yearly, drawn_after, fees_after, fee_rate_after] =
            step[..]
        else {
            panic!("{step:?}")
        };
        let mut ours = book(drawn, fees, fee_rate);
        ours.add(&Draw::new(assets(amount), rate(FLAT_FEE), rate(yearly)).unwrap())
            .unwrap();
        assert_eq!(
            ours,
            book(drawn_after, fees_after, fee_rate_after),
            "{step:?}"
        );
    }
}

#[test]
fn paying_back_and_foreclosing_settle_as_the_reference() {
    let all = steps("pay_back").into_iter().map(|step| (true, step));
    for (pays_back, step) in all.chain(steps("foreclose").into_iter().map(|step| (false, step))) {
        let [drawn, fees, fee_rate, amount, paid, drawn_after, fees_after, fee_rate_after] =
            step[..]
        else {
            panic!("{step:?}")
        };
        let mut ours = book(drawn, fees, fee_rate);
        let settlement = if pays_back {
            ours.pay_back(assets(amount))
        } else {
            ours.foreclose(assets(amount))
        }
        .unwrap();
        assert_eq!(settlement.paid(), Ok(assets(paid)), "paid {step:?}");
        ours.subtract(&settlement).unwrap();
        assert_eq!(
            ours,
            book(drawn_after, fees_after, fee_rate_after),
            "{step:?}"
        );
    }
}

#[test]
fn the_books_are_worth_what_the_reference_says() {
    for step in steps("nav") {
        let [cash, unearned, pending, claimable, bonds, bounties, reserve, drawn, fees, lo, hi] =
            step[..]
        else {
            panic!("{step:?}")
        };
        let books = Books {
            cash: assets(cash),
            unearned: Scaled::from_raw(unearned),
            pending: assets(pending),
            claimable: assets(claimable),
            bonds: assets(bonds),
            bounties: assets(bounties),
            reserve: assets(reserve),
            drawn: assets(drawn),
            fees_owed: Scaled::from_raw(fees),
        };
        let nav = books.nav().unwrap();
        assert_eq!((nav.lo, nav.hi), (assets(lo), assets(hi)), "{step:?}");
    }
}
