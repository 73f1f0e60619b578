//! Entry points. Platforms insure, ask and settle; rescues, claims, proofs and foreclosures are open to anyone; cover is its
//! owner's; platforms and code are the owner's.

use adjuster::batch::settle_all;
use adjuster::payment::collect;
use adjuster::refusal::{code, Refusal};
use interfaces::adapter::{AdapterError, CoverRequest, Health, Outcome};
use interfaces::assign::Assignable;
use interfaces::cover::{CoverPoolVaultClient, Interest, Quote};
use interfaces::market_adapter::{
    InsuredMarket, MarketAdapter as MarketAdapterInterface, MarketAdapterConfig,
};
use interfaces::platform::{Compensation, Insurer, Liquidation, LoanFacts};
use soroban_sdk::{contract, contractimpl, Address, BytesN, Env, Vec};
use stellar_access::ownable;
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;

use crate::facts::Case;
use crate::rescue::{Layer, Row};
use crate::{
    cover, finalize, foreclosure, lenders, liquidation, listing, loan, storage, surrender,
};

/// The market adapter.
#[contract]
pub struct MarketAdapter;

#[contractimpl]
impl MarketAdapter {
    /// `owner` lists platforms and may change the code.
    pub fn __constructor(env: Env, owner: Address, config: MarketAdapterConfig) {
        ownable::set_owner(&env, &owner);
        storage::set_asset(
            &env,
            &CoverPoolVaultClient::new(&env, &config.cover_pool).query_asset(),
        );
        storage::set_config(&env, &config);
    }
}

#[contractimpl]
impl Insurer for MarketAdapter {
    fn insure(
        env: Env,
        platform: Address,
        loan: Address,
        facts: LoanFacts,
        payer: Address,
        request: CoverRequest,
    ) -> Quote {
        platform.require_auth();
        loan::insure(&env, &platform, &loan, facts, &payer, request)
            .unwrap_or_else(|error| Refusal::from(error).raise(&env))
    }

    fn exit_refusal(env: Env, platform: Address, loan: Address, facts: LoanFacts) -> u32 {
        platform.require_auth();
        code(loan::require_exit_allowed(&env, &platform, &loan, facts))
    }

    fn settle_liquidation(
        env: Env,
        platform: Address,
        loan: Address,
        liquidation: Liquidation,
        bounty_to: Address,
    ) -> Compensation {
        platform.require_auth();
        liquidation::settle(&env, &platform, &loan, &liquidation, &bounty_to)
            .unwrap_or_else(|refusal| refusal.raise(&env))
    }
}

#[contractimpl]
impl MarketAdapterInterface for MarketAdapter {
    fn quote_loan(
        env: Env,
        platform: Address,
        facts: LoanFacts,
        insure: CoverRequest,
    ) -> Result<Quote, AdapterError> {
        loan::quote(&env, &platform, facts, insure)
    }

    fn renew(
        env: Env,
        subject: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError> {
        cover::renew(&env, &subject, limit, weeks, &bounty_to)
    }

    fn top_up(
        env: Env,
        subject: Address,
        amount: i128,
        max_premium: i128,
    ) -> Result<i128, AdapterError> {
        cover::top_up(&env, &subject, amount, max_premium)
    }

    fn cancel(env: Env, subject: Address) -> Result<i128, AdapterError> {
        cover::cancel(&env, &subject)
    }

    fn rescue(env: Env, loans: Vec<Address>, bounty_to: Address) -> Vec<Outcome> {
        settle_row(&env, Layer::Advances, &loans, &bounty_to)
    }

    fn grant(env: Env, loans: Vec<Address>, bounty_to: Address) -> Vec<Outcome> {
        settle_row(&env, Layer::Grants, &loans, &bounty_to)
    }

    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, AdapterError> {
        finalize::finalize(&env, claim, &bounty_to)
    }

    fn surrender(env: Env, loan: Address, amount: i128, least: i128) -> Result<u32, AdapterError> {
        surrender::surrender(&env, &loan, amount, least)
    }

    fn refinance(env: Env, loan: Address) -> Result<i128, AdapterError> {
        foreclosure::refinance(&env, &loan)
    }

    fn start_foreclosure(env: Env, loan: Address) -> Result<u64, AdapterError> {
        foreclosure::start(&env, &loan)
    }

    fn cure(env: Env, loan: Address) -> Result<(), AdapterError> {
        foreclosure::cure(&env, &loan)
    }

    fn foreclose(
        env: Env,
        loan: Address,
        payer: Address,
        pay_max: i128,
        bid: i128,
    ) -> Result<i128, AdapterError> {
        payer.require_auth();
        foreclosure::foreclose(&env, &loan, &payer, pay_max, bid)
    }

    fn collect(env: Env, owner: Address) -> Result<i128, AdapterError> {
        collect(&env, &storage::asset(&env), &owner)
    }

    fn insure_lenders(
        env: Env,
        platform: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, AdapterError> {
        payer.require_auth();
        lenders::insure(&env, &platform, &payer, request)
    }

    fn prove_deficit(
        env: Env,
        platform: Address,
        bounty_to: Address,
    ) -> Result<i128, AdapterError> {
        Ok(lenders::prove_deficit(&env, &platform, &bounty_to)
            .unwrap_or_else(|refusal| refusal.raise(&env)))
    }

    fn armed(env: Env, platform: Address) -> u32 {
        code(cover::require_loans_sellable(&env, &platform))
    }

    fn health(env: Env, loan: Address) -> Result<Health, AdapterError> {
        Case::read(&env, &loan)?.health()
    }

    fn market(env: Env, platform: Address) -> Option<InsuredMarket> {
        storage::listed(&env, &platform).map(|listed| listed.0)
    }

    fn config(env: Env) -> MarketAdapterConfig {
        storage::config(&env)
    }

    #[only_owner]
    fn set_market(env: Env, market: InsuredMarket) -> Result<(), AdapterError> {
        listing::set_market(&env, market)
    }
}

#[contractimpl]
impl Assignable for MarketAdapter {
    fn assign(env: Env, interest: Interest, to: Address) {
        cover::assign(&env, &interest, &to)
            .unwrap_or_else(|error| Refusal::from(error).raise(&env));
    }
}

fn settle_row(env: &Env, layer: Layer, loans: &Vec<Address>, bounty_to: &Address) -> Vec<Outcome> {
    let config = storage::config(env);
    let cover_pool = config.cover_pool.clone();
    let mut row = Row::new(env, config, layer);
    settle_all(env, &cover_pool, &mut row, loans, bounty_to)
}

#[contractimpl]
impl Upgradeable for MarketAdapter {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}

/// Ownership as OpenZeppelin's `Ownable` has it, but that it cannot be renounced: platforms and code need an owner.
#[contractimpl]
impl MarketAdapter {
    /// The owner.
    pub fn get_owner(env: Env) -> Option<Address> {
        ownable::get_owner(&env)
    }

    /// Offer ownership, until that ledger. The owner.
    pub fn transfer_ownership(env: Env, new_owner: Address, live_until_ledger: u32) {
        ownable::transfer_ownership(&env, &new_owner, live_until_ledger);
    }

    /// Accept it. The new owner.
    pub fn accept_ownership(env: Env) {
        ownable::accept_ownership(&env);
    }
}
