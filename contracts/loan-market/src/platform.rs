//! What the insurer does with an insured loan, and what it pays. Loans that were never insured are none of its business.

use actuary::lending::Split;
use actuary::Assets;
use interfaces::platform::{Beneficiary, LoanTerms};
use soroban_sdk::{Address, Env};

use crate::cover::pay_in;
use crate::errors::{require, MarketError, OrFail};
use crate::events::{Compensated, LoanAssigned};
use crate::loan::{move_listing, Desk};
use crate::market::{this, Market};
use crate::payment::{above_zero, take};
use crate::storage::{self, Terms};

/// Lets the insurer alone go on.
pub fn require_insurer(env: &Env) -> Address {
    let insurer = storage::insurer(env)
        .ok_or(MarketError::NoInsurer)
        .or_fail(env);
    insurer.require_auth();
    insurer
}

/// A loan that the insurer has a say in.
fn insured<'a>(env: &'a Env, address: &'a Address) -> Desk<'a> {
    let desk = Desk::open(env, address);
    require(env, desk.loan.is_insured, MarketError::NotInsured);
    desk
}

/// Books money that the insurer pays, from `payer`.
pub fn compensate(env: &Env, payer: &Address, beneficiary: &Beneficiary, amount: i128) {
    let amount = above_zero(env, amount);
    let loan = match beneficiary {
        Beneficiary::Lenders => {
            let market = compensate_lenders(env, amount);
            take(env, &market.terms.config.asset, payer, amount, amount);
            None
        }
        Beneficiary::Borrower(address) => {
            compensate_borrower(env, payer, address, amount);
            Some(address.clone())
        }
    };
    Compensated {
        loan,
        amount: amount.raw(),
    }
    .publish(env);
}

/// For the lenders, who wait for as much less.
fn compensate_lenders(env: &Env, amount: Assets) -> Market {
    let mut market = Market::open(env);
    let books = &mut market.books;
    books.give_lenders(amount).or_fail(env);
    books.cash = books.cash.checked_add(amount).or_fail(env);
    books.filed = books.filed.sub_or_zero(amount);
    market.store(env);
    market
}

/// For a borrower; taken first, since the owner's part is sent on.
fn compensate_borrower(env: &Env, payer: &Address, address: &Address, amount: Assets) {
    let mut desk = Desk::open(env, address);
    take(env, &desk.market.terms.config.asset, payer, amount, amount);
    let split = Split {
        lenders: Assets::ZERO,
        borrower: amount,
    };
    pay_in(&mut desk, split, Assets::ZERO);
    desk.store();
}

/// Borrows on a loan to the insurer, which pays an advance back with it.
pub fn refinance(env: &Env, insurer: &Address, address: &Address, amount: i128) {
    let amount = above_zero(env, amount);
    insured(env, address).borrow(amount, insurer);
}

/// Repays a loan's whole debt from `payer` and hands them its collateral. Returns the debt.
pub fn foreclose(env: &Env, address: &Address, payer: &Address, pay_max: i128) -> Assets {
    insured(env, address).close(payer, pay_max)
}

/// Hands collateral of a loan to `to`.
pub fn surrender(env: &Env, address: &Address, amount: i128, to: &Address) {
    let amount = above_zero(env, amount);
    insured(env, address).hand_out(amount, to);
}

/// Makes `to` the owner of a loan. What it is still owed by its cover goes with it.
pub fn assign(env: &Env, address: &Address, to: &Address) {
    require(env, *to != this(env), MarketError::PaysItself);
    let mut desk = insured(env, address);
    let from = core::mem::replace(&mut desk.loan.owner, to.clone());
    desk.store();
    move_listing(env, address, &from, to);
    LoanAssigned {
        loan: address.clone(),
        from,
        to: to.clone(),
    }
    .publish(env);
}

/// What all loans have in common.
pub fn loan_terms(terms: Terms) -> LoanTerms {
    let Terms {
        config,
        collateral_decimals,
        asset_decimals,
    } = terms;
    LoanTerms {
        collateral: config.collateral,
        collateral_decimals,
        asset: config.asset,
        asset_decimals,
        liquidation_ltv: config.liquidation_ltv,
        incentive: config.incentive,
    }
}
