//! Liquidations: anyone repays an unsafe loan's debt and takes collateral for it, at a discount.
//!
//! What a loan owes without collateral is spread over the lenders in the same call, less what cover pays for it. All that
//! the liquidator is part of is booked before the insurer is asked, so that nothing it does can change it.

use actuary::Assets;
use interfaces::market::Liquidated;
use interfaces::platform::Liquidation;
use soroban_sdk::{Address, Env};

use crate::cover::{self, Settled};
use crate::errors::{require, MarketError, OrFail};
use crate::events::LoanLiquidated;
use crate::loan::Desk;
use crate::payment::{above_zero, send, take};
use crate::price::require_liquidatable;
use crate::solvency::tell_socialised;

/// Liquidates a loan, in full or in part.
pub fn liquidate(
    env: &Env,
    address: &Address,
    liquidator: &Address,
    seize: i128,
    max_repay: i128,
    settles_cover: bool,
) -> Liquidated {
    let (seize, max_repay) = (above_zero(env, seize), above_zero(env, max_repay));
    let mut desk = Desk::open(env, address);
    let terms = require_liquidatable(env, &desk.market, &desk.loan);
    let (collateral, debt) = (desk.loan.collateral, desk.debt_up());
    let seizure = terms
        .seizure(collateral, debt, seize, max_repay)
        .or_fail(env);
    require(env, !seizure.seized.is_zero(), MarketError::TooExpensive);
    desk.repay_debt(seizure.repaid);
    desk.take_collateral(seizure.seized);
    let lost = if seizure.bad_debt.is_zero() {
        Assets::ZERO
    } else {
        write_off(&mut desk)
    };
    desk.store();
    let liquidation = Liquidation {
        time: env.ledger().timestamp(),
        price: terms.collateral.price.raw(),
        collateral: collateral.raw(),
        debt: debt.raw(),
        seized: seizure.seized.raw(),
        repaid: seizure.repaid.raw(),
        bad_debt: seizure.bad_debt.raw(),
    };
    tell_liquidated(env, address, liquidator, &liquidation);
    let config = &desk.market.terms.config;
    take(env, &config.asset, liquidator, max_repay, seizure.repaid);
    send(env, &config.collateral, liquidator, seizure.seized);
    let settled = if desk.loan.is_insured {
        cover::after_liquidation(&mut desk, &liquidation, lost, liquidator, settles_cover)
    } else {
        Settled::nothing(lost)
    };
    conclude(&mut desk, liquidation, settled)
}

/// Counts and tells what is left for the lenders to bear.
fn conclude(desk: &mut Desk, liquidation: Liquidation, settled: Settled) -> Liquidated {
    let (env, books) = (desk.env, &mut desk.market.books);
    books.bad_debt = books.bad_debt.checked_add(settled.lost).or_fail(env);
    desk.store();
    tell_socialised(env, Some(desk.address.clone()), settled.lost);
    Liquidated {
        liquidation,
        covered: settled.split.lenders.raw(),
        to_borrower: settled.split.borrower.raw(),
        socialised: settled.lost.raw(),
        is_unsettled: settled.is_unsettled,
    }
}

/// Takes what the loan still owes off the debt. Returns what the lenders lose by it.
fn write_off(desk: &mut Desk) -> Assets {
    let shares = core::mem::take(&mut desk.loan.shares);
    desk.market.books.write_off_debt(shares).or_fail(desk.env)
}

fn tell_liquidated(env: &Env, loan: &Address, liquidator: &Address, liquidation: &Liquidation) {
    LoanLiquidated {
        loan: loan.clone(),
        liquidator: liquidator.clone(),
        seized: liquidation.seized,
        repaid: liquidation.repaid,
        bad_debt: liquidation.bad_debt,
        price: liquidation.price,
    }
    .publish(env);
}
