//! Loans: what their owners do with them, and what anybody may do for them.

use actuary::{Assets, Shares};
use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{Address, Env, Vec};

use crate::errors::{require, MarketError, OrFail};
use crate::events::{Borrowed, CollateralSupplied, CollateralWithdrawn, LoanOpened, Repaid};
use crate::market::{this, Market};
use crate::payment::{above_zero, send, take};
use crate::price::{require_safe, MAX_COLLATERAL};
use crate::{cover, storage};

/// The most loans that are assigned to one owner, so that the list of them stays small.
const MAX_RECEIVED: u32 = 32;

/// A loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The borrower.
    pub owner: Address,
    /// Its collateral.
    pub collateral: Assets,
    /// Its shares of the debt.
    pub shares: Shares,
    /// Whether it was ever insured: only then is the insurer asked, and has it a say.
    pub is_insured: bool,
}

/// A loan that is being changed, the market around it, and where it is.
pub struct Desk<'a> {
    pub env: &'a Env,
    pub address: &'a Address,
    pub loan: Loan,
    pub market: Market,
}

impl<'a> Desk<'a> {
    /// A loan with interest to now.
    pub fn open(env: &'a Env, address: &'a Address) -> Self {
        Self {
            env,
            address,
            loan: storage::loan(env, address),
            market: Market::open(env),
        }
    }

    /// What the loan owes, rounded up.
    pub fn debt_up(&self) -> Assets {
        self.market.debt_up(self.env, &self.loan)
    }

    /// Writes both.
    pub fn store(&self) {
        storage::set_loan(self.env, self.address, &self.loan);
        self.market.store(self.env);
    }

    /// Books what is borrowed.
    fn add_debt(&mut self, amount: Assets) {
        let env = self.env;
        self.market.require_liquid(env, amount);
        let books = &mut self.market.books;
        let shares = books.debts.shares_for_up(amount).or_fail(env);
        books.debts.shares = books.debts.shares.checked_add(shares).or_fail(env);
        books.debts.amount = books.debts.amount.checked_add(amount).or_fail(env);
        books.cash = books.cash.checked_sub(amount).or_fail(env);
        self.loan.shares = self.loan.shares.checked_add(shares).or_fail(env);
    }

    /// Books a repayment of at most `amount`. Returns what is taken.
    pub fn repay_debt(&mut self, amount: Assets) -> Assets {
        let env = self.env;
        let books = &mut self.market.books;
        let repayment = books.debts.repayment(self.loan.shares, amount).or_fail(env);
        books.book_repayment(&repayment).or_fail(env);
        self.loan.shares = self.loan.shares.checked_sub(repayment.shares).or_fail(env);
        repayment.paid
    }

    /// Books collateral that comes in.
    fn add_collateral(&mut self, amount: Assets) {
        let env = self.env;
        let books = &mut self.market.books;
        books.collateral = books.collateral.checked_add(amount).or_fail(env);
        let is_counted = books.collateral <= MAX_COLLATERAL;
        require(env, is_counted, MarketError::InvalidAmount);
        self.loan.collateral = self.loan.collateral.checked_add(amount).or_fail(env);
    }

    /// Books collateral that leaves.
    pub fn take_collateral(&mut self, amount: Assets) {
        let env = self.env;
        let is_there = amount <= self.loan.collateral;
        require(env, is_there, MarketError::NotEnough);
        let books = &mut self.market.books;
        books.collateral = books.collateral.checked_sub(amount).or_fail(env);
        self.loan.collateral = self.loan.collateral.checked_sub(amount).or_fail(env);
    }

    /// Borrows to `to`, as far as the loan stays safe.
    pub fn borrow(&mut self, amount: Assets, to: &Address) {
        self.add_debt(amount);
        require_safe(self.env, &self.market, &self.loan);
        self.store();
        Borrowed {
            loan: self.address.clone(),
            amount: amount.raw(),
            to: to.clone(),
        }
        .publish(self.env);
        send(self.env, &self.market.terms.config.asset, to, amount);
    }

    /// Hands collateral to `to`, as far as the loan stays safe.
    pub fn hand_out(&mut self, amount: Assets, to: &Address) {
        self.take_collateral(amount);
        require_safe(self.env, &self.market, &self.loan);
        self.store();
        self.send_collateral(amount, to);
    }

    /// Repays the whole debt with at most `pay_max` from `payer`, and hands them all the collateral. Returns the debt.
    pub fn close(&mut self, payer: &Address, pay_max: i128) -> Assets {
        let (env, debt) = (self.env, self.debt_up());
        let collateral = self.loan.collateral;
        let is_open = !debt.is_zero() || !collateral.is_zero();
        require(env, is_open, MarketError::NothingOwed);
        require(env, debt.raw() <= pay_max, MarketError::NotRepaid);
        self.repay_debt(debt);
        self.take_collateral(collateral);
        self.store();
        if !debt.is_zero() {
            self.tell_repaid(payer, debt);
        }
        let asset = &self.market.terms.config.asset;
        take(env, asset, payer, Assets::from_raw(pay_max), debt);
        self.send_collateral(collateral, payer);
        debt
    }

    pub fn tell_repaid(&self, payer: &Address, amount: Assets) {
        Repaid {
            loan: self.address.clone(),
            amount: amount.raw(),
            payer: payer.clone(),
        }
        .publish(self.env);
    }

    fn send_collateral(&self, amount: Assets, to: &Address) {
        if amount.is_zero() {
            return;
        }
        CollateralWithdrawn {
            loan: self.address.clone(),
            amount: amount.raw(),
            to: to.clone(),
        }
        .publish(self.env);
        send(self.env, &self.market.terms.config.collateral, to, amount);
    }
}

/// Opens a loan, pays it out and insures it. Returns where it is, and the quote.
pub fn open(
    env: &Env,
    owner: &Address,
    collateral: i128,
    amount: i128,
    insurance: Option<(CoverRequest, Address)>,
) -> (Address, Option<Quote>) {
    require(env, !storage::is_paused(env), MarketError::Paused);
    let (collateral, amount) = (above_zero(env, collateral), above_zero(env, amount));
    let number = storage::opened(env, owner);
    let address = address_of(env, owner, number);
    let mut desk = Desk {
        env,
        address: &address,
        loan: Loan {
            owner: owner.clone(),
            collateral: Assets::ZERO,
            shares: Shares::ZERO,
            is_insured: insurance.is_some(),
        },
        market: Market::open(env),
    };
    desk.add_collateral(collateral);
    desk.add_debt(amount);
    require_safe(env, &desk.market, &desk.loan);
    desk.store();
    storage::set_opened(env, owner, number.saturating_add(1));
    LoanOpened {
        loan: address.clone(),
        owner: owner.clone(),
        collateral: collateral.raw(),
        amount: amount.raw(),
    }
    .publish(env);
    let config = &desk.market.terms.config;
    take(env, &config.collateral, owner, collateral, collateral);
    send(env, &config.asset, owner, amount);
    let quote = insurance.map(|(request, payer)| cover::insure(&desk, &payer, &request));
    (address, quote)
}

/// Insures an existing loan.
pub fn insure(env: &Env, address: &Address, payer: &Address, request: &CoverRequest) -> Quote {
    let mut desk = Desk::open(env, address);
    desk.loan.is_insured = true;
    desk.store();
    cover::insure(&desk, payer, request)
}

/// Borrows more to `to`.
pub fn borrow_more(env: &Env, address: &Address, amount: i128, to: &Address) {
    require(env, !storage::is_paused(env), MarketError::Paused);
    let amount = above_zero(env, amount);
    let mut desk = Desk::open(env, address);
    desk.borrow(amount, to);
    cover::require_exit_allowed(&desk);
}

/// Adds collateral from `payer`.
pub fn supply_collateral(env: &Env, address: &Address, payer: &Address, amount: i128) {
    let amount = above_zero(env, amount);
    let mut desk = Desk::open(env, address);
    desk.add_collateral(amount);
    desk.store();
    CollateralSupplied {
        loan: address.clone(),
        amount: amount.raw(),
        payer: payer.clone(),
    }
    .publish(env);
    let collateral = &desk.market.terms.config.collateral;
    take(env, collateral, payer, amount, amount);
}

/// Takes collateral out, to `to`.
pub fn withdraw_collateral(env: &Env, address: &Address, amount: i128, to: &Address) {
    let amount = above_zero(env, amount);
    let mut desk = Desk::open(env, address);
    desk.hand_out(amount, to);
    cover::require_exit_allowed(&desk);
}

/// Repays at most `amount` from `payer`; what exceeds the debt comes back. Returns what was taken.
pub fn repay(env: &Env, address: &Address, payer: &Address, amount: i128) -> Assets {
    let amount = above_zero(env, amount);
    let mut desk = Desk::open(env, address);
    let is_owed = !desk.loan.shares.is_zero();
    require(env, is_owed, MarketError::NothingOwed);
    let paid = desk.repay_debt(amount);
    desk.store();
    desk.tell_repaid(payer, paid);
    take(env, &desk.market.terms.config.asset, payer, amount, paid);
    paid
}

/// Repays everything from the owner and hands them all the collateral.
pub fn close(env: &Env, address: &Address, pay_max: i128) {
    let mut desk = Desk::open(env, address);
    let owner = desk.loan.owner.clone();
    desk.close(&owner, pay_max);
    cover::require_exit_allowed(&desk);
}

/// The loans of `owner`: opened by them and still theirs, then those that were assigned to them.
pub fn loans_of(env: &Env, owner: &Address) -> Vec<Address> {
    let opened = (0..storage::opened(env, owner)).map(|number| address_of(env, owner, number));
    let is_theirs = |loan: &Address| storage::loan(env, loan).owner == *owner;
    let mut loans = Vec::from_iter(env, opened.filter(is_theirs));
    for loan in storage::received(env, owner) {
        if !loans.contains(&loan) {
            loans.push_back(loan);
        }
    }
    loans
}

/// Lists a loan that was assigned with its new owner.
pub fn move_listing(env: &Env, address: &Address, from: &Address, to: &Address) {
    let mut left = storage::received(env, from);
    if let Some(index) = left.first_index_of(address) {
        left.remove(index);
        storage::set_received(env, from, &left);
    }
    let mut received = storage::received(env, to);
    let has_room = received.len() < MAX_RECEIVED;
    require(env, has_room, MarketError::TooManyAssigned);
    received.push_back(address.clone());
    storage::set_received(env, to, &received);
}

/// The address of a loan: it follows from owner and number alone, so that a signer knows it beforehand whatever others do
/// meanwhile, and no one else can hold it.
pub fn address_of(env: &Env, owner: &Address, number: u32) -> Address {
    let salt = env.crypto().sha256(&(owner, number).to_xdr(env));
    env.deployer()
        .with_address(this(env), salt)
        .deployed_address()
}
