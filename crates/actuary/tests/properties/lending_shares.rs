use actuary::lending::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, ten_to, up_to};

fn shares(raw: i128) -> Shares {
    Shares::from_raw(raw)
}

/// Debts of somebody, and a part of their shares that is one loan's.
fn debts() -> impl Strategy<Value = (Debts, Shares)> {
    let all = (from_one_to(ten_to(27)), from_one_to(ten_to(33)));
    (all, from_one_to(ten_to(33))).prop_map(|((amount, all), loan)| {
        let debts = Debts {
            amount: assets(amount),
            shares: shares(all),
        };
        (debts, shares(loan.min(all)))
    })
}

/// Whether a share is worth at least what the first one is: 10^-6 of a unit.
fn is_worth_a_millionth(debts: Debts) -> bool {
    big(debts.amount.raw()) * SHARES_PER_UNIT >= big(debts.shares.raw())
}

/// Whether a share is worth no more than before: `a / s <= b / t`.
fn is_worth_no_more(after: Debts, before: Debts) -> bool {
    big(after.amount.raw()) * before.shares.raw() <= big(before.amount.raw()) * after.shares.raw()
}

fn without(debts: Debts, repayment: &Repayment) -> Debts {
    Debts {
        amount: debts.amount.checked_sub(repayment.taken_off).unwrap(),
        shares: debts.shares.checked_sub(repayment.shares).unwrap(),
    }
}

#[test]
fn the_first_unit_is_a_million_shares() {
    let minted = supply_shares_down(assets(7), Shares::ZERO, Assets::ZERO);
    assert_eq!(minted, Ok(shares(7_000_000)), "lent");
    let paid = redeemed_assets_down(shares(7_000_000), shares(7_000_000), assets(7));
    assert_eq!(paid, Ok(assets(7)), "redeemed");
    let owed = Debts::default().shares_for_up(assets(7));
    assert_eq!(owed, Ok(shares(7_000_000)), "borrowed");
    assert_eq!(
        Debts::default().owed_up(Shares::ZERO),
        Ok(Assets::ZERO),
        "nothing owed"
    );
}

#[test]
fn inflating_the_share_costs_a_million_times_what_it_takes() {
    // One unit lent, then a million given: the next lender of a million loses less than a unit and a half in a million.
    let (supply, held) = (assets(1_000_001), shares(1_000_000));
    let minted = supply_shares_down(assets(1_000_000), held, supply).unwrap();
    let (supply, all) = (assets(2_000_001), held.checked_add(minted).unwrap());
    let paid = redeemed_assets_down(minted, all, supply).unwrap();
    assert!(paid >= assets(999_999), "the victim keeps {}", paid.raw());
    let paid = redeemed_assets_down(held, all, supply).unwrap();
    assert!(paid <= assets(500_001), "the attacker gets {}", paid.raw());
}

#[test]
fn a_repayment_takes_off_what_was_paid_unless_a_share_would_be_worth_too_little() {
    let debts = Debts {
        amount: assets(10),
        shares: shares(3),
    };
    let all = debts.repayment(shares(3), assets(11)).unwrap();
    assert_eq!((all.paid, all.taken_off), (assets(10), assets(10)), "all");
    let third = debts.repayment(shares(1), assets(100)).unwrap();
    assert_eq!(
        (third.paid, third.taken_off),
        (assets(4), assets(4)),
        "a third"
    );
    let part = debts.repayment(shares(3), assets(9)).unwrap();
    let expected = (assets(9), shares(2), assets(9));
    assert_eq!((part.paid, part.shares, part.taken_off), expected, "part");
    let nothing = Debts::default().repayment(Shares::ZERO, assets(1)).unwrap();
    assert_eq!(nothing.paid, Assets::ZERO, "nothing owed");
    let lost = Debts::default().repayment(shares(1), assets(1));
    assert_eq!(lost, Err(MathError::DivisionByZero), "shares of nothing");
    // Three units of a million shares each, one and a half of them paid for with two: the others would owe one for 1.5 million.
    let first = Debts {
        amount: assets(3),
        shares: shares(3_000_000),
    };
    let half = first.repayment(shares(1_500_000), assets(2)).unwrap();
    assert_eq!(
        (half.paid, half.taken_off),
        (assets(2), assets(1)),
        "rounded for the lenders"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn lenders_conversions_equal_the_exact_model(amount in up_to(ten_to(33)), all in up_to(ten_to(33)), supply in up_to(ten_to(27))) {
        let (virtual_shares, virtual_assets) = (big(all) + SHARES_PER_UNIT, big(supply) + 1);
        let minted = exact::div_down(&(big(amount) * &virtual_shares), &virtual_assets);
        prop_assert_eq!(supply_shares_down(assets(amount), shares(all), assets(supply)).map(Shares::raw), fitting(&minted), "minted");
        let paid = exact::div_down(&(big(amount) * &virtual_assets), &virtual_shares);
        prop_assert_eq!(redeemed_assets_down(shares(amount), shares(all), assets(supply)).map(Assets::raw), fitting(&paid), "paid");
        let everything = redeemed_assets_down(shares(all), shares(all), assets(supply)).unwrap();
        prop_assert!(everything <= assets(supply), "never more than the supply");
    }

    #[test]
    fn lending_and_redeeming_never_profits(amount in from_one_to(ten_to(27)), all in up_to(ten_to(33)), supply in up_to(ten_to(27)), owed in up_to(ten_to(26))) {
        if let Ok(minted) = supply_shares_down(assets(amount), shares(all), assets(supply + owed)) {
            let all = shares(all).checked_add(minted).unwrap();
            let paid = redeemed_assets_down(minted, all, assets(supply + amount)).unwrap();
            prop_assert!(paid.raw() <= amount, "at once: {} in, {} out", amount, paid.raw());
            let paid = redeemed_assets_down(minted, all, assets(supply + owed + amount)).unwrap();
            prop_assert!(paid.raw() <= amount, "after cover has paid: {} in, {} out", amount, paid.raw());
        }
    }

    #[test]
    fn fee_shares_are_worth_no_more_than_the_fee(supply in from_one_to(ten_to(27)), part in 0..=FULL_RATE, all in up_to(ten_to(33))) {
        let fee = assets(supply).share_down(rate(part)).unwrap();
        if let Ok(minted) = fee_shares_down(fee, shares(all), assets(supply)) {
            let all = shares(all).checked_add(minted).unwrap();
            prop_assert!(redeemed_assets_down(minted, all, assets(supply)).unwrap() <= fee);
        }
    }

    #[test]
    fn debts_equal_the_exact_model((debts, loan) in debts(), amount in up_to(ten_to(27))) {
        let (all, owed) = (big(debts.shares.raw()), big(debts.amount.raw()));
        let minted = exact::div_up(&(big(amount) * &all), &owed);
        prop_assert_eq!(debts.shares_for_up(assets(amount)).map(Shares::raw), fitting(&minted), "shares");
        let exact_owed = big(loan.raw()) * &owed;
        prop_assert_eq!(debts.owed_up(loan).map(Assets::raw), fitting(&exact::div_up(&exact_owed, &all)), "owed");
    }

    #[test]
    fn a_borrower_owes_at_least_what_they_borrowed((debts, _) in debts(), amount in from_one_to(ten_to(27))) {
        if let Ok(minted) = debts.shares_for_up(assets(amount)) {
            let after = Debts { amount: debts.amount.checked_add(assets(amount)).unwrap(), shares: debts.shares.checked_add(minted).unwrap() };
            if let Ok(owed) = after.owed_up(minted) {
                prop_assert!(owed.raw() >= amount, "borrowed {}, owes {}", amount, owed.raw());
            }
        }
    }

    #[test]
    fn repaying_is_rounded_against_the_payer((debts, loan) in debts(), amount in up_to(ten_to(27))) {
        let owed = debts.owed_up(loan).unwrap();
        let repayment = debts.repayment(loan, assets(amount)).unwrap();
        prop_assert_eq!(repayment.paid, owed.min(assets(amount)), "takes what is owed, at most the amount");
        let part = exact::div_down(&(big(amount) * debts.shares.raw()), &big(debts.amount.raw()));
        let expected = if amount >= owed.raw() { Ok(loan.raw()) } else { fitting(&part) };
        prop_assert_eq!(Ok(repayment.shares.raw()), expected, "all shares for all, else what the amount is worth");
        prop_assert!(repayment.taken_off <= repayment.paid, "no more is taken off than paid");
        let exact_part = exact::div_down(&(big(repayment.shares.raw()) * debts.amount.raw()), &big(debts.shares.raw()));
        prop_assert!(big(repayment.taken_off.raw()) >= exact_part, "no less than the shares were worth");
        let after = without(debts, &repayment);
        prop_assert_eq!(after.shares.is_zero(), after.amount.is_zero(), "debt and shares end together");
        prop_assert!(is_worth_no_more(after, debts) || !is_worth_a_millionth(Debts { amount: assets(after.amount.raw() - 1), ..after }),
            "others owe no more, unless a share is worth as little as it may");
    }

    #[test]
    fn no_sequence_pushes_a_share_below_a_millionth(steps in prop::collection::vec((any::<bool>(), 0..4_usize, from_one_to(1_000), 0..=20_i128), 1..60)) {
        let (mut debts, mut loans) = (Debts::default(), [Shares::ZERO; 4]);
        for (is_borrowing, who, amount, interest) in steps {
            if is_borrowing {
                let minted = debts.shares_for_up(assets(amount)).unwrap();
                debts = Debts { amount: debts.amount.checked_add(assets(amount)).unwrap(), shares: debts.shares.checked_add(minted).unwrap() };
                loans[who] = loans[who].checked_add(minted).unwrap();
            } else {
                let repayment = debts.repayment(loans[who], assets(amount)).unwrap();
                debts = without(debts, &repayment);
                loans[who] = loans[who].checked_sub(repayment.shares).unwrap();
            }
            if !debts.shares.is_zero() {
                debts.amount = debts.amount.checked_add(assets(interest)).unwrap();
            }
            prop_assert_eq!(debts.shares.is_zero(), debts.amount.is_zero(), "end together");
            // A borrower's shares are rounded up by less than one each time.
            let slack = Debts { shares: shares((debts.shares.raw() - 60).max(0)), ..debts };
            prop_assert!(is_worth_a_millionth(slack), "{debts:?}");
        }
    }

    #[test]
    fn what_all_owe_is_never_more_than_what_each_owes(parts in prop::collection::vec(from_one_to(ten_to(30)), 1..6), amount in from_one_to(ten_to(27))) {
        let all = parts.iter().sum();
        let debts = Debts { amount: assets(amount), shares: shares(all) };
        let sum: i128 = parts.iter().map(|part| debts.owed_up(shares(*part)).unwrap().raw()).sum();
        prop_assert!(sum >= amount && sum < amount + parts.len() as i128, "each is rounded up by less than a unit");
    }
}

fn rate(raw: i128) -> Rate {
    Rate::from_raw(raw)
}
