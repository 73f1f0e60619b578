//! What the bank did before it was insured, and where it asks its insurer.

use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use interfaces::platform::Liquidation;
use soroban_sdk::{contractimpl, Address, Env};

use crate::bank::{self, Books, Config};
use crate::{insured, CornerBank, CornerBankArgs, CornerBankClient};

#[contractimpl]
impl CornerBank {
    /// Founds it.
    pub fn __constructor(env: Env, config: Config) {
        bank::set_config(&env, &config);
    }

    /// Lend to it. The lender.
    pub fn deposit(env: Env, lender: Address, amount: i128) {
        lender.require_auth();
        bank::take(&env, &bank::config(&env).asset, &lender, amount);
        bank::give_lenders(&env, amount);
    }

    /// Borrow `amount` against `collateral`, insured when `insure` is given: one call, one signature. The owner. Returns the loan
    /// and what its cover costs.
    pub fn borrow(
        env: Env,
        owner: Address,
        collateral: i128,
        amount: i128,
        insure: Option<CoverRequest>,
    ) -> (Address, Option<Quote>) {
        owner.require_auth();
        let loan = bank::open(&env, &owner, collateral, amount);
        let quote = insure.map(|request| insured::insure(&env, &loan, &owner, &request));
        (loan, quote)
    }

    /// Borrow more. The owner.
    pub fn borrow_more(env: Env, loan: Address, amount: i128) {
        let owner = bank::loan(&env, &loan).owner;
        owner.require_auth();
        bank::lend(&env, &loan, amount, &owner);
        insured::require_exit_allowed(&env, &loan);
    }

    /// Take collateral out. The owner.
    pub fn withdraw(env: Env, loan: Address, amount: i128) {
        let owner = bank::loan(&env, &loan).owner;
        owner.require_auth();
        bank::hand_out(&env, &loan, amount, &owner);
        insured::require_exit_allowed(&env, &loan);
    }

    /// Liquidate an unsafe loan. With `settle_cover: false` nobody asks the insurer. The liquidator.
    pub fn liquidate(
        env: Env,
        loan: Address,
        liquidator: Address,
        settle_cover: bool,
    ) -> Liquidation {
        liquidator.require_auth();
        let liquidation = bank::liquidate(&env, &loan, &liquidator);
        if settle_cover {
            insured::settle(&env, &loan, &liquidation, &liquidator);
        }
        liquidation
    }

    /// The books. Anyone.
    pub fn books(env: Env) -> Books {
        bank::books(&env)
    }
}
