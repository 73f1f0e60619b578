use actuary::nav::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, ten_to, up_to};

fn shares(raw: i128) -> Shares {
    Shares::from_raw(raw)
}

fn books() -> Books {
    Books {
        cash: assets(1_000),
        unearned: Scaled::from_raw(10 * S + 1),
        pending: assets(100),
        claimable: assets(20),
        bonds: assets(30),
        bounties: assets(4),
        reserve: assets(5),
        drawn: assets(200),
        fees_owed: Scaled::from_raw(1),
    }
}

#[test]
fn the_books_are_worth_their_cash_less_what_is_set_apart() {
    let nav = books().nav().unwrap();
    assert_eq!(nav.lo, assets(1_000 - 11 - 159), "NAV_lo");
    assert_eq!(nav.hi, assets(830 + 100 + 200 + 1), "NAV_hi");
    let short = Books {
        cash: assets(169),
        ..books()
    };
    assert_eq!(short.nav(), Err(MathError::Underflow), "a unit short");
    let even = Books {
        cash: assets(170),
        ..books()
    };
    assert_eq!(even.nav().map(|nav| nav.lo), Ok(Assets::ZERO), "even");
}

#[test]
fn the_first_deposit_mints_a_thousand_shares_a_unit() {
    assert_eq!(
        shares_for_down(assets(7), Shares::ZERO, Assets::ZERO),
        Ok(shares(7_000)),
        "minted"
    );
    assert_eq!(
        assets_for_up(shares(6_001), Shares::ZERO, Assets::ZERO),
        Ok(assets(7)),
        "cost"
    );
    assert_eq!(
        assets_for_down(shares(6_999), shares(7_000), assets(7)),
        Ok(assets(6)),
        "paid"
    );
    assert_eq!(
        shares_for_up(assets(6), shares(6_999), assets(7)),
        Ok(shares(6_000)),
        "burned"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn conversions_equal_the_exact_model(
        amount in up_to(ten_to(30)), supply in up_to(ten_to(30)), nav in up_to(ten_to(27)),
    ) {
        let (virtual_supply, virtual_nav) = (big(supply) + 1_000, big(nav) + 1);
        let minted = big(amount) * &virtual_supply;
        let paid = big(amount) * &virtual_nav;
        let (a, s, nav, supply) = (assets(amount), shares(amount), assets(nav), shares(supply));
        let raw = Shares::raw;
        prop_assert_eq!(shares_for_down(a, supply, nav).map(raw), fitting(&exact::div_down(&minted, &virtual_nav)), "mint");
        prop_assert_eq!(shares_for_up(a, supply, nav).map(raw), fitting(&exact::div_up(&minted, &virtual_nav)), "burn");
        let raw = Assets::raw;
        prop_assert_eq!(assets_for_down(s, supply, nav).map(raw), fitting(&exact::div_down(&paid, &virtual_supply)), "pay");
        prop_assert_eq!(assets_for_up(s, supply, nav).map(raw), fitting(&exact::div_up(&paid, &virtual_supply)), "cost");
    }

    #[test]
    fn i12_a_deposit_and_an_exit_never_profit(
        deposit in from_one_to(ten_to(27)), supply in up_to(ten_to(30)), lo in up_to(ten_to(27)), open in up_to(ten_to(26)),
    ) {
        let hi = assets(lo + open);
        if let Ok(minted) = shares_for_down(assets(deposit), shares(supply), hi) {
            let after = assets(lo + open + deposit);
            let out = assets_for_down(minted, shares(supply).checked_add(minted).unwrap(), after).unwrap();
            prop_assert!(out.raw() <= deposit, "{} in, {} out", deposit, out.raw());
        }
    }

    #[test]
    fn previews_of_mint_and_withdraw_never_favour_the_caller(
        amount in from_one_to(ten_to(27)), supply in up_to(ten_to(30)), nav in up_to(ten_to(27)),
    ) {
        let (supply, nav) = (shares(supply), assets(nav));
        if let Ok(cost) = assets_for_up(shares(amount), supply, nav) {
            prop_assert!(shares_for_down(cost, supply, nav).unwrap() >= shares(amount), "cost covers the shares");
            let cheaper = assets(cost.raw() - 1);
            prop_assert!(shares_for_down(cheaper, supply, nav).unwrap() < shares(amount), "and not a unit too much");
        }
        if let Ok(burned) = shares_for_up(assets(amount), supply, nav) {
            prop_assert!(assets_for_down(burned, supply, nav).unwrap() >= assets(amount), "burned pays for the assets");
        }
    }

    #[test]
    fn nav_equals_the_exact_model(cash in up_to(ten_to(27)), unearned in up_to(ten_to(38)), fees in up_to(ten_to(38))) {
        let books = Books { cash: assets(cash), unearned: Scaled::from_raw(unearned), fees_owed: Scaled::from_raw(fees), ..books() };
        let lo = big(cash) - exact::div_up(&big(unearned), &big(S)) - 159;
        let hi = &lo + 300 + exact::div_up(&big(fees), &big(S));
        match books.nav() {
            Ok(nav) => {
                prop_assert_eq!(Ok(nav.lo.raw()), fitting(&lo), "NAV_lo");
                prop_assert_eq!(Ok(nav.hi.raw()), fitting(&hi), "NAV_hi");
            }
            Err(error) => {
                prop_assert_eq!(error, MathError::Underflow, "the only reason");
                prop_assert!(lo < big(0), "below zero");
            }
        }
    }
}
