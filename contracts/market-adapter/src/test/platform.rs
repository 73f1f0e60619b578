//! A lending platform that does what a test tells it: its loans hold what they are set to, and it counts what it receives.

use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use interfaces::platform::{
    Beneficiary, Compensation, InsuredPlatform, InsurerClient, Liquidation, LoanFacts, LoanTerms,
    Solvency,
};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{contract, contractimpl, contracttype, Address, Env, Error};

#[contracttype]
enum Key {
    Terms,
    Insurer,
    Loan(Address),
    Solvency,
    Received,
    Unsettled(Address),
    Refuses,
}

/// What a platform received from its insurer: for the lenders, for borrowers, and what it repaid of loans.
#[contracttype]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub lenders: i128,
    pub borrowers: i128,
    pub repaid: i128,
}

#[contract]
pub struct MockPlatform;

#[contractimpl]
impl MockPlatform {
    pub fn __constructor(env: Env, terms: LoanTerms) {
        env.storage().instance().set(&Key::Terms, &terms);
        let sound = Solvency {
            supply: 0,
            credits: 0,
            liabilities: 0,
            cash: 0,
            written_off: 0,
        };
        env.storage().instance().set(&Key::Solvency, &sound);
        env.storage()
            .instance()
            .set(&Key::Received, &Received::default());
    }

    pub fn set_terms(env: Env, terms: LoanTerms) {
        env.storage().instance().set(&Key::Terms, &terms);
    }

    pub fn set_insurer(env: Env, insurer: Address) {
        env.storage().instance().set(&Key::Insurer, &insurer);
    }

    pub fn set_loan(env: Env, loan: Address, facts: LoanFacts) {
        env.storage().instance().set(&Key::Loan(loan), &facts);
    }

    pub fn set_solvency(env: Env, solvency: Solvency) {
        env.storage().instance().set(&Key::Solvency, &solvency);
    }

    /// From now on it takes no money and assigns no loan, or does so again.
    pub fn refuse(env: Env, refuses: bool) {
        env.storage().instance().set(&Key::Refuses, &refuses);
    }

    pub fn received(env: Env) -> Received {
        env.storage().instance().get(&Key::Received).unwrap()
    }

    /// Insures a loan as it is; `payer` has signed.
    pub fn insure(env: Env, loan: Address, payer: Address, request: CoverRequest) -> Quote {
        payer.require_auth();
        let facts = Self::loan(env.clone(), loan.clone());
        let platform = env.current_contract_address();
        insurer(&env).insure(&platform, &loan, &facts, &payer, &request)
    }

    /// Asks whether a loan may become this; it does if it may.
    pub fn change(env: Env, loan: Address, facts: LoanFacts) -> u32 {
        let platform = env.current_contract_address();
        let refusal = insurer(&env).exit_refusal(&platform, &loan, &facts);
        if refusal == 0 {
            Self::set_loan(env, loan, facts);
        }
        refusal
    }

    /// Settles a liquidation; one that fails is kept.
    pub fn liquidate(
        env: Env,
        loan: Address,
        liquidation: Liquidation,
        bounty_to: Address,
    ) -> Option<Compensation> {
        let platform = env.current_contract_address();
        let settled =
            insurer(&env).try_settle_liquidation(&platform, &loan, &liquidation, &bounty_to);
        let Ok(Ok(compensation)) = settled else {
            env.storage()
                .instance()
                .set(&Key::Unsettled(loan), &liquidation);
            return None;
        };
        book(&env, compensation.lenders, compensation.borrower, 0);
        Some(compensation)
    }

    /// Settles what is kept; fails as the insurer does.
    pub fn settle(env: Env, loan: Address, bounty_to: Address) -> Compensation {
        let liquidation = Self::unsettled(env.clone(), loan.clone()).unwrap();
        let platform = env.current_contract_address();
        let compensation =
            insurer(&env).settle_liquidation(&platform, &loan, &liquidation, &bounty_to);
        book(&env, compensation.lenders, compensation.borrower, 0);
        env.storage().instance().remove(&Key::Unsettled(loan));
        compensation
    }

    pub fn unsettled(env: Env, loan: Address) -> Option<Liquidation> {
        env.storage().instance().get(&Key::Unsettled(loan))
    }
}

#[contractimpl]
impl InsuredPlatform for MockPlatform {
    fn loan_terms(env: Env) -> LoanTerms {
        env.storage().instance().get(&Key::Terms).unwrap()
    }

    fn loan(env: Env, loan: Address) -> LoanFacts {
        env.storage().instance().get(&Key::Loan(loan)).unwrap()
    }

    fn solvency(env: Env) -> Solvency {
        env.storage().instance().get(&Key::Solvency).unwrap()
    }

    fn repay(env: Env, loan: Address, payer: Address, amount: i128) -> i128 {
        payer.require_auth();
        take(&env, &payer, amount);
        let repaid = pay_debt(&env, &loan, amount);
        send(&env, &payer, amount - repaid);
        book(&env, 0, 0, repaid);
        repaid
    }

    fn compensate(env: Env, payer: Address, beneficiary: Beneficiary, amount: i128) {
        insurer(&env).address.require_auth();
        take(&env, &payer, amount);
        match beneficiary {
            Beneficiary::Lenders => {
                let mut solvency = Self::solvency(env.clone());
                solvency.supply += amount;
                solvency.cash += amount;
                Self::set_solvency(env.clone(), solvency);
                book(&env, amount, 0, 0);
            }
            Beneficiary::Borrower(loan) => {
                let repaid = pay_debt(&env, &loan, amount);
                let owner = Self::loan(env.clone(), loan).owner;
                send(&env, &owner, amount - repaid);
                book(&env, 0, amount, 0);
            }
        }
    }

    fn refinance(env: Env, loan: Address, amount: i128) {
        let insurer = insurer(&env).address;
        insurer.require_auth();
        let mut facts = Self::loan(env.clone(), loan.clone());
        facts.debt += amount;
        Self::set_loan(env.clone(), loan, facts);
        send(&env, &insurer, amount);
    }

    fn foreclose(env: Env, loan: Address, payer: Address, pay_max: i128) -> i128 {
        insurer(&env).address.require_auth();
        let facts = Self::loan(env.clone(), loan.clone());
        take(&env, &payer, pay_max);
        let repaid = pay_debt(&env, &loan, pay_max);
        send(&env, &payer, pay_max - repaid);
        let terms = Self::loan_terms(env.clone());
        let platform = env.current_contract_address();
        TokenClient::new(&env, &terms.collateral).transfer(&platform, &payer, &facts.collateral);
        let closed = LoanFacts {
            collateral: 0,
            ..Self::loan(env.clone(), loan.clone())
        };
        Self::set_loan(env, loan, closed);
        repaid
    }

    fn assign(env: Env, loan: Address, to: Address) {
        insurer(&env).address.require_auth();
        if env.storage().instance().get(&Key::Refuses) == Some(true) {
            return;
        }
        let facts = Self::loan(env.clone(), loan.clone());
        Self::set_loan(env, loan, LoanFacts { owner: to, ..facts });
    }

    fn surrender(env: Env, loan: Address, amount: i128, to: Address) {
        insurer(&env).address.require_auth();
        let terms = Self::loan_terms(env.clone());
        let mut facts = Self::loan(env.clone(), loan.clone());
        facts.collateral -= amount;
        Self::set_loan(env.clone(), loan, facts);
        let platform = env.current_contract_address();
        TokenClient::new(&env, &terms.collateral).transfer(&platform, &to, &amount);
    }
}

fn insurer(env: &Env) -> InsurerClient<'static> {
    let insurer = env.storage().instance().get(&Key::Insurer).unwrap();
    InsurerClient::new(env, &insurer)
}

fn take(env: &Env, payer: &Address, amount: i128) {
    if env.storage().instance().get(&Key::Refuses) == Some(true) {
        soroban_sdk::panic_with_error!(env, Error::from_contract_error(7699));
    }
    let terms = MockPlatform::loan_terms(env.clone());
    let platform = env.current_contract_address();
    TokenClient::new(env, &terms.asset).transfer(payer, &platform, &amount);
}

fn send(env: &Env, to: &Address, amount: i128) {
    let terms = MockPlatform::loan_terms(env.clone());
    let platform = env.current_contract_address();
    if amount > 0 {
        TokenClient::new(env, &terms.asset).transfer(&platform, to, &amount);
    }
}

/// Takes a payment off a loan's debt. Returns what was owed of it.
fn pay_debt(env: &Env, loan: &Address, amount: i128) -> i128 {
    let mut facts = MockPlatform::loan(env.clone(), loan.clone());
    let repaid = facts.debt.min(amount);
    facts.debt -= repaid;
    MockPlatform::set_loan(env.clone(), loan.clone(), facts);
    repaid
}

fn book(env: &Env, lenders: i128, borrowers: i128, repaid: i128) {
    let mut received = MockPlatform::received(env.clone());
    received.lenders += lenders;
    received.borrowers += borrowers;
    received.repaid += repaid;
    env.storage().instance().set(&Key::Received, &received);
}
