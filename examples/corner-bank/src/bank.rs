//! Loans and books.

use interfaces::platform::{
    Compensation, InsurerClient, Liquidation, LoanFacts, LoanTerms, Solvency,
};
use interfaces::price::{PriceHubClient, PRICE_ONE};
use soroban_sdk::token::TokenClient;
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{contracterror, contracttype, panic_with_error, Address, Env};

/// The part of the collateral's value up to which a loan is safe, 1e7 = 100 %.
pub const LIQUIDATION_LTV: u32 = 8_000_000;
/// Collateral that a liquidator gets per value repaid, 1e7 = 1.
pub const INCENTIVE: u32 = 10_500_000;
/// Of both assets.
const DECIMALS: u32 = 7;
/// 100 %.
const WHOLE: i128 = 10_000_000;

/// What the bank is founded on.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The asset that is lent.
    pub asset: Address,
    /// The collateral asset.
    pub collateral: Address,
    /// Where both are priced.
    pub price_hub: Address,
    /// Who insures the loans.
    pub insurer: Address,
}

/// A loan.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// Who owes it.
    pub owner: Address,
    /// What secures it.
    pub collateral: i128,
    /// What is owed.
    pub debt: i128,
}

/// What lenders own, what is lent out, and what is there: `supply = lent + cash`.
#[contracttype]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The lenders'.
    pub supply: i128,
    /// The borrowers'.
    pub lent: i128,
    /// The rest.
    pub cash: i128,
}

/// What the bank refuses. Codes from 9000.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum BankError {
    /// An amount that must be above zero, and within what there is, is not.
    InvalidAmount = 9000,
    /// There is no such loan.
    UnknownLoan = 9001,
    /// The loan would not be safe.
    Unsafe = 9002,
    /// The loan is safe from liquidation.
    Healthy = 9003,
    /// The repayment does not cover the debt.
    NotRepaid = 9004,
}

#[contracttype]
enum Key {
    Config,
    Books,
    Loan(Address),
    Count(Address),
}

/// What the bank is founded on.
pub fn config(env: &Env) -> Config {
    let config = env.storage().instance().get(&Key::Config);
    config.unwrap_or_else(|| panic_with_error!(env, BankError::UnknownLoan))
}

/// Writes it.
pub fn set_config(env: &Env, config: &Config) {
    env.storage().instance().set(&Key::Config, config);
}

/// The books.
pub fn books(env: &Env) -> Books {
    let books = env.storage().persistent().get(&Key::Books);
    books.unwrap_or_default()
}

/// A loan.
pub fn loan(env: &Env, address: &Address) -> Loan {
    let loan = env.storage().persistent().get(&Key::Loan(address.clone()));
    loan.unwrap_or_else(|| panic_with_error!(env, BankError::UnknownLoan))
}

/// What all loans have in common, for the insurer.
pub fn terms(env: &Env) -> LoanTerms {
    let Config {
        asset, collateral, ..
    } = config(env);
    LoanTerms {
        collateral,
        collateral_decimals: DECIMALS,
        asset,
        asset_decimals: DECIMALS,
        liquidation_ltv: LIQUIDATION_LTV,
        incentive: INCENTIVE,
    }
}

/// A loan, for the insurer.
pub fn facts(env: &Env, address: &Address) -> LoanFacts {
    let Loan {
        owner,
        collateral,
        debt,
    } = loan(env, address);
    LoanFacts {
        owner,
        collateral,
        debt,
        borrow_rate: 0,
    }
}

/// What lenders own and what is there for it, for the insurer.
pub fn solvency(env: &Env) -> Solvency {
    let Books { supply, lent, cash } = books(env);
    Solvency {
        supply,
        credits: 0,
        liabilities: lent,
        cash,
        written_off: 0,
    }
}

/// The insurer.
pub fn insurer(env: &Env) -> InsurerClient<'_> {
    InsurerClient::new(env, &config(env).insurer)
}

/// Lets the insurer alone go on. Returns it.
pub fn insurer_signs(env: &Env) -> Address {
    let insurer = config(env).insurer;
    insurer.require_auth();
    insurer
}

/// The bank's own address.
pub fn this(env: &Env) -> Address {
    env.current_contract_address()
}

/// A new loan against collateral that its owner hands over; its address is nobody's.
pub fn open(env: &Env, owner: &Address, collateral: i128, amount: i128) -> Address {
    let key = Key::Count(owner.clone());
    let count: u32 = env.storage().persistent().get(&key).unwrap_or_default();
    env.storage()
        .persistent()
        .set(&key, &count.saturating_add(1));
    let salt = env.crypto().sha256(&(owner, count).to_xdr(env));
    let address = env
        .deployer()
        .with_current_contract(salt)
        .deployed_address();
    above_zero(env, collateral);
    take(env, &config(env).collateral, owner, collateral);
    let loan = Loan {
        owner: owner.clone(),
        collateral,
        debt: 0,
    };
    store(env, &address, &loan);
    lend(env, &address, amount, owner);
    address
}

/// Lends more on a loan.
pub fn lend(env: &Env, address: &Address, amount: i128, to: &Address) {
    let (mut loan, mut books) = (loan(env, address), books(env));
    require(
        env,
        amount > 0 && amount <= books.cash,
        BankError::InvalidAmount,
    );
    loan.debt += amount;
    (books.lent, books.cash) = (books.lent + amount, books.cash - amount);
    require(env, is_safe(env, &loan), BankError::Unsafe);
    store(env, address, &loan);
    set_books(env, &books);
    send(env, &config(env).asset, to, amount);
}

/// Takes at most what is owed from `payer`. Returns it.
pub fn repay(env: &Env, address: &Address, payer: &Address, amount: i128) -> i128 {
    let asset = config(env).asset;
    take(env, &asset, payer, amount);
    let taken = pay_down(env, address, amount);
    if amount > taken {
        send(env, &asset, payer, amount - taken);
    }
    taken
}

/// Books money that is here already as repaid. Returns what was owed of it.
fn pay_down(env: &Env, address: &Address, amount: i128) -> i128 {
    above_zero(env, amount);
    let (mut loan, mut books) = (loan(env, address), books(env));
    let taken = amount.min(loan.debt);
    loan.debt -= taken;
    (books.lent, books.cash) = (books.lent - taken, books.cash + taken);
    store(env, address, &loan);
    set_books(env, &books);
    taken
}

/// Books money that is here already: repays the loan, and what exceeds its debt is sent to its owner.
pub fn give_borrower(env: &Env, address: &Address, amount: i128) {
    let rest = amount - pay_down(env, address, amount);
    if rest > 0 {
        send(env, &config(env).asset, &loan(env, address).owner, rest);
    }
}

/// Books money that is here already: the lenders'.
pub fn give_lenders(env: &Env, amount: i128) {
    let mut books = books(env);
    (books.supply, books.cash) = (books.supply + amount, books.cash + amount);
    set_books(env, &books);
}

/// Books what an insurer has sent for a liquidation.
pub fn book(env: &Env, address: &Address, paid: &Compensation) {
    if paid.lenders > 0 {
        give_lenders(env, paid.lenders);
    }
    if paid.borrower > 0 {
        give_borrower(env, address, paid.borrower);
    }
}

/// Hands collateral out.
pub fn hand_out(env: &Env, address: &Address, amount: i128, to: &Address) {
    let mut loan = loan(env, address);
    require(
        env,
        amount > 0 && amount <= loan.collateral,
        BankError::InvalidAmount,
    );
    loan.collateral -= amount;
    require(env, is_safe(env, &loan), BankError::Unsafe);
    store(env, address, &loan);
    send(env, &config(env).collateral, to, amount);
}

/// Makes somebody else the owner of a loan.
pub fn pass(env: &Env, address: &Address, to: &Address) {
    let owner = to.clone();
    let loan = loan(env, address);
    store(env, address, &Loan { owner, ..loan });
}

/// Takes the whole debt from `payer` and hands them all collateral. Returns the debt.
pub fn take_over(env: &Env, address: &Address, payer: &Address, pay_max: i128) -> i128 {
    let Loan {
        debt, collateral, ..
    } = loan(env, address);
    require(env, debt <= pay_max, BankError::NotRepaid);
    repay(env, address, payer, pay_max);
    if collateral > 0 {
        hand_out(env, address, collateral, payer);
    }
    debt
}

/// Sells an unsafe loan's collateral to a liquidator for the debt that it is worth; what is still owed then is spread over the
/// lenders.
pub fn liquidate(env: &Env, address: &Address, liquidator: &Address) -> Liquidation {
    let (mut loan, mut books, config) = (loan(env, address), books(env), config(env));
    require(env, !is_safe(env, &loan), BankError::Healthy);
    let price = price(env);
    let (incentive, worth) = (i128::from(INCENTIVE), value(loan.collateral, price));
    let worth = (worth * WHOLE + incentive - 1) / incentive;
    let repaid = worth.min(loan.debt);
    let liquidation = Liquidation {
        time: env.ledger().timestamp(),
        price,
        collateral: loan.collateral,
        debt: loan.debt,
        seized: loan.collateral,
        repaid,
        bad_debt: loan.debt - repaid,
    };
    (books.lent, books.cash) = (books.lent - loan.debt, books.cash + repaid);
    books.supply -= liquidation.bad_debt;
    (loan.collateral, loan.debt) = (0, 0);
    store(env, address, &loan);
    set_books(env, &books);
    take(env, &config.asset, liquidator, repaid);
    send(env, &config.collateral, liquidator, liquidation.seized);
    liquidation
}

/// Takes a token from somebody who signs that.
pub fn take(env: &Env, token: &Address, from: &Address, amount: i128) {
    above_zero(env, amount);
    TokenClient::new(env, token).transfer(from, env.current_contract_address(), &amount);
}

fn send(env: &Env, token: &Address, to: &Address, amount: i128) {
    TokenClient::new(env, token).transfer(&env.current_contract_address(), to, &amount);
}

fn is_safe(env: &Env, loan: &Loan) -> bool {
    loan.debt == 0 || {
        let value = value(loan.collateral, price(env));
        value * i128::from(LIQUIDATION_LTV) / WHOLE >= loan.debt
    }
}

fn value(collateral: i128, price: i128) -> i128 {
    collateral * price / PRICE_ONE
}

fn price(env: &Env) -> i128 {
    let config = config(env);
    let hub = PriceHubClient::new(env, &config.price_hub);
    hub.pair(&config.collateral, &config.asset).price
}

fn above_zero(env: &Env, amount: i128) {
    require(env, amount > 0, BankError::InvalidAmount);
}

fn require(env: &Env, holds: bool, error: BankError) {
    if !holds {
        panic_with_error!(env, error);
    }
}

fn store(env: &Env, address: &Address, loan: &Loan) {
    let key = Key::Loan(address.clone());
    env.storage().persistent().set(&key, loan);
}

fn set_books(env: &Env, books: &Books) {
    env.storage().persistent().set(&Key::Books, books);
}
