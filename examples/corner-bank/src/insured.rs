//! The whole integration: what the insurer may ask and do, and where the bank asks it.

use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use interfaces::platform::{
    Beneficiary, InsuredPlatform, Liquidation, LoanFacts, LoanTerms, Solvency,
};
use soroban_sdk::{contractimpl, Address, Env, Error};

use crate::bank::{self, insurer, insurer_signs, this};
use crate::{CornerBank, CornerBankArgs, CornerBankClient};

#[rustfmt::skip] // What fits a line is on one.
#[contractimpl]
impl InsuredPlatform for CornerBank {
    fn loan_terms(env: Env) -> LoanTerms { bank::terms(&env) }
    fn loan(env: Env, loan: Address) -> LoanFacts { bank::facts(&env, &loan) }
    fn solvency(env: Env) -> Solvency { bank::solvency(&env) }
    fn repay(env: Env, loan: Address, payer: Address, amount: i128) -> i128 {
        bank::repay(&env, &loan, &payer, amount)
    }
    fn compensate(env: Env, payer: Address, beneficiary: Beneficiary, amount: i128) {
        insurer_signs(&env);
        bank::take(&env, &bank::config(&env).asset, &payer, amount);
        match beneficiary {
            Beneficiary::Lenders => bank::give_lenders(&env, amount),
            Beneficiary::Borrower(loan) => bank::give_borrower(&env, &loan, amount),
        }
    }
    fn refinance(env: Env, loan: Address, amount: i128) {
        bank::lend(&env, &loan, amount, &insurer_signs(&env));
    }
    fn foreclose(env: Env, loan: Address, payer: Address, pay_max: i128) -> i128 {
        insurer_signs(&env);
        bank::take_over(&env, &loan, &payer, pay_max)
    }
    fn surrender(env: Env, loan: Address, amount: i128, to: Address) {
        insurer_signs(&env);
        bank::hand_out(&env, &loan, amount, &to);
    }
    fn assign(env: Env, loan: Address, to: Address) { insurer_signs(&env); bank::pass(&env, &loan, &to) }
}

/// When a borrower ticks the box, in the same call as the loan.
pub fn insure(env: &Env, loan: &Address, payer: &Address, request: &CoverRequest) -> Quote {
    insurer(env).insure(&this(env), loan, &bank::facts(env, loan), payer, request)
}

/// After an owner has taken something out: borrowed more, or withdrawn collateral.
#[rustfmt::skip]
pub fn require_exit_allowed(env: &Env, loan: &Address) {
    let refusal = insurer(env).exit_refusal(&this(env), loan, &bank::facts(env, loan));
    if refusal != 0 { env.panic_with_error(Error::from_contract_error(refusal)) }
}

/// At the end of a liquidation. An insurer that fails keeps nobody from liquidating.
#[rustfmt::skip]
pub fn settle(env: &Env, loan: &Address, liquidation: &Liquidation, bounty_to: &Address) {
    let paid = insurer(env).try_settle_liquidation(&this(env), loan, liquidation, bounty_to);
    if let Ok(Ok(paid)) = paid { bank::book(env, loan, &paid) }
}
