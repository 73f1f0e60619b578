//! The market as of now: its terms, its books with interest booked, and what follows from them.

use actuary::lending::{supply_rate_down, RateModel};
use actuary::{Assets, Rate};
use interfaces::market::MarketState;
use interfaces::platform::{LoanFacts, Solvency};
use soroban_sdk::{Address, Env};

use crate::books::Books;
use crate::errors::{require, MarketError, OrFail};
use crate::events::InterestAccrued;
use crate::loan::Loan;
use crate::storage::{self, Terms};

/// Terms and books.
pub struct Market {
    pub terms: Terms,
    pub books: Books,
}

impl Market {
    /// The market with interest booked; whoever changes it stores it.
    pub fn open(env: &Env) -> Self {
        let (market, accrued) = Self::accrued(env);
        if let Some(event) = accrued {
            event.publish(env);
        }
        market
    }

    /// The same for views, which tell nothing.
    pub fn peek(env: &Env) -> Self {
        Self::accrued(env).0
    }

    fn accrued(env: &Env) -> (Self, Option<InterestAccrued>) {
        let (terms, mut books) = (storage::terms(env), storage::books(env));
        let (interest, fee_shares) = books
            .accrue(&rates(&terms), fee_rate(env), env.ledger().timestamp())
            .or_fail(env);
        let event = InterestAccrued {
            interest: interest.raw(),
            fee_shares: fee_shares.raw(),
        };
        let event = (!interest.is_zero()).then_some(event);
        (Self { terms, books }, event)
    }

    /// Writes the books.
    pub fn store(&self, env: &Env) {
        storage::set_books(env, &self.books);
    }

    /// What a loan owes, rounded up.
    pub fn debt_up(&self, env: &Env, loan: &Loan) -> Assets {
        self.books.debts.owed_up(loan.shares).or_fail(env)
    }

    /// What borrowers pay per year now.
    fn borrow_rate(&self, env: &Env) -> Rate {
        let utilisation = self.books.utilisation().or_fail(env);
        rates(&self.terms).rate_up(utilisation).or_fail(env)
    }

    /// A loan as its insurer is told. What is lent or borrowed for a moment does not lower its rate: the one before this ledger
    /// counts, if it was higher.
    pub fn facts(&self, env: &Env, loan: &Loan) -> LoanFacts {
        LoanFacts {
            owner: loan.owner.clone(),
            collateral: loan.collateral.raw(),
            debt: self.debt_up(env, loan).raw(),
            borrow_rate: small(self.borrow_rate(env).max(self.books.rate)),
        }
    }

    /// Refuses to pay out what is not there.
    pub fn require_liquid(&self, env: &Env, amount: Assets) {
        require(env, amount <= self.books.liquid(), MarketError::Illiquid);
    }

    /// The books as others see them.
    pub fn state(&self, env: &Env) -> MarketState {
        let (books, now) = (&self.books, env.ledger().timestamp());
        let (borrow_rate, fee) = (self.borrow_rate(env), fee_rate(env));
        let supply_rate = supply_rate_down(borrow_rate, books.debts.amount, books.supply, fee);
        let written_off = books.bad_debt.checked_add(books.missing);
        MarketState {
            supply: books.supply.raw(),
            supply_high: books.supply_high(now).or_fail(env).raw(),
            supply_shares: books.supply_shares.raw(),
            debt: books.debts.amount.raw(),
            debt_shares: books.debts.shares.raw(),
            cash: books.cash.raw(),
            collateral: books.collateral.raw(),
            utilisation: small(books.utilisation().or_fail(env)),
            borrow_rate: small(borrow_rate),
            supply_rate: small(supply_rate.or_fail(env)),
            fee: small(fee),
            unsettled: books.unsettled.raw(),
            filed: books.filed(now).raw(),
            written_off: written_off.or_fail(env).raw(),
        }
    }

    /// What lenders are owed and what is there for it.
    pub fn solvency(&self) -> Solvency {
        Solvency {
            supply: self.books.supply.raw(),
            credits: self.books.credits.raw(),
            liabilities: self.books.debts.amount.raw(),
            cash: self.books.cash.raw(),
            written_off: self.books.missing.raw(),
        }
    }
}

/// The rate model in the terms.
pub fn rates(terms: &Terms) -> RateModel {
    let given = &terms.config.rates;
    RateModel {
        base: Rate::from_raw(given.base.into()),
        slope: Rate::from_raw(given.slope.into()),
        steep: Rate::from_raw(given.steep.into()),
        target: Rate::from_raw(given.target.into()),
    }
}

/// The market's part of the interest.
fn fee_rate(env: &Env) -> Rate {
    Rate::from_raw(storage::fee(env).map_or(0, |fee| fee.rate.into()))
}

/// A rate in the 32 bits that callers get; the largest of them for more.
pub fn small(rate: Rate) -> u32 {
    u32::try_from(rate.raw()).unwrap_or(u32::MAX)
}

/// The market's own address.
pub fn this(env: &Env) -> Address {
    env.current_contract_address()
}
