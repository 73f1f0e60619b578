//! Entry points. Rescues and foreclosures are open to anyone; loans are their owners', markets and code are the owner's.

use adjuster::batch::settle_all;
use adjuster::payment::collect;
use adjuster::refusal::{code, Refusal};
use interfaces::adapter::{
    Adapter, AdapterConfig, AdapterError, CoverRequest, ExitVerdict, Health, Loan, Market, Outcome,
};
use interfaces::assign::Assignable;
use interfaces::cover::{CoverPoolVaultClient, Interest, Quote, Settlement};
use soroban_sdk::{contract, contractimpl, Address, BytesN, Env, Vec};
use stellar_access::ownable;
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;

use crate::facts::Case;
use crate::foreclosure::Handover;
use crate::rescue::{Layer, Row};
use crate::{
    assignment, finalize, foreclosure, liquidation, listing, loan, storage, surrender, underwriting,
};

/// The Blend adapter.
#[contract]
pub struct BlendAdapter;

#[contractimpl]
impl BlendAdapter {
    /// `owner` lists markets and may change the code.
    pub fn __constructor(env: Env, owner: Address, config: AdapterConfig) {
        ownable::set_owner(&env, &owner);
        storage::set_asset(
            &env,
            &CoverPoolVaultClient::new(&env, &config.cover_pool).query_asset(),
        );
        storage::set_config(&env, &config);
    }
}

#[contractimpl]
impl Adapter for BlendAdapter {
    fn open_loan(
        env: Env,
        owner: Address,
        loan: Loan,
        insure: Option<CoverRequest>,
    ) -> Result<(Address, Option<Quote>), AdapterError> {
        owner.require_auth();
        loan::open(&env, &owner, &loan, insure)
    }

    fn quote_loan(
        env: Env,
        owner: Address,
        loan: Loan,
        insure: CoverRequest,
    ) -> Result<Quote, AdapterError> {
        loan::quote(&env, &owner, &loan, insure)
    }

    fn insure(env: Env, position: Address, request: CoverRequest) -> Result<Quote, AdapterError> {
        let owner = loan::owner_of(&env, &position)?;
        owner.require_auth();
        loan::insure(&env, &position, &owner, request)
    }

    fn renew(
        env: Env,
        position: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError> {
        loan::renew(&env, &position, limit, weeks, &bounty_to)
    }

    fn top_up(
        env: Env,
        position: Address,
        amount: i128,
        max_premium: i128,
    ) -> Result<i128, AdapterError> {
        let owner = loan::owner_of(&env, &position)?;
        owner.require_auth();
        loan::top_up(&env, &position, &owner, amount, max_premium)
    }

    fn cancel(env: Env, position: Address) -> Result<i128, AdapterError> {
        loan::owner_of(&env, &position)?.require_auth();
        loan::cancel(&env, &position)
    }

    fn rescue(env: Env, positions: Vec<Address>, bounty_to: Address) -> Vec<Outcome> {
        settle_row(&env, Layer::Advances, &positions, &bounty_to)
    }

    fn grant(env: Env, positions: Vec<Address>, bounty_to: Address) -> Vec<Outcome> {
        settle_row(&env, Layer::Grants, &positions, &bounty_to)
    }

    fn settle_liquidation(
        env: Env,
        position: Address,
        bounty_to: Address,
    ) -> Result<Settlement, AdapterError> {
        Ok(liquidation::settle(&env, &position, &bounty_to)
            .unwrap_or_else(|refusal| refusal.raise(&env)))
    }

    fn surrender(
        env: Env,
        position: Address,
        amount: i128,
        least: i128,
    ) -> Result<u32, AdapterError> {
        let owner = loan::owner_of(&env, &position)?;
        owner.require_auth();
        surrender::surrender(&env, &position, &owner, amount, least)
    }

    fn finalize(env: Env, claim: u32, bounty_to: Address) -> Result<i128, AdapterError> {
        finalize::finalize(&env, claim, &bounty_to)
    }

    fn refinance(env: Env, position: Address) -> Result<i128, AdapterError> {
        foreclosure::refinance(&env, &position)
    }

    fn start_foreclosure(env: Env, position: Address) -> Result<u64, AdapterError> {
        foreclosure::start(&env, &position)
    }

    fn cure(env: Env, position: Address) -> Result<(), AdapterError> {
        foreclosure::cure(&env, &position)
    }

    fn foreclose(
        env: Env,
        position: Address,
        payer: Address,
        pay_max: i128,
        take: i128,
        bid: i128,
    ) -> Result<i128, AdapterError> {
        payer.require_auth();
        foreclosure::foreclose(
            &env,
            &position,
            &payer,
            Handover::Settled(pay_max, take),
            bid,
        )
    }

    fn foreclose_by_assignment(
        env: Env,
        position: Address,
        payer: Address,
        bid: i128,
    ) -> Result<i128, AdapterError> {
        payer.require_auth();
        foreclosure::foreclose(&env, &position, &payer, Handover::Assigned, bid)
    }

    fn collect(env: Env, owner: Address) -> Result<i128, AdapterError> {
        collect(&env, &storage::asset(&env), &owner)
    }

    fn armed(env: Env, position: Address) -> u32 {
        code(Case::read(&env, &position).and_then(|case| {
            underwriting::require_unarmed(&env, &case.config, &case.facts, Some(&position))
        }))
    }

    fn judge_exit(env: Env, position: Address) -> ExitVerdict {
        let judged = loan::exit_price(&env, &position);
        ExitVerdict {
            refusal: judged.err().map_or(0, |error| error as u32),
            price: judged.ok().flatten(),
        }
    }

    fn health(env: Env, position: Address) -> Result<Health, AdapterError> {
        let case = Case::read(&env, &position)?;
        case.facts.health(case.holdings)
    }

    fn is_position(env: Env, position: Address) -> bool {
        storage::registration(&env, &position).is_some()
    }

    fn positions_of(env: Env, owner: Address) -> Vec<Address> {
        loan::positions_of(&env, &owner)
    }

    fn market(env: Env, platform: Address, collateral: Address) -> Option<Market> {
        storage::market(&env, storage::market_of(&env, &platform, &collateral)?)
    }

    fn config(env: Env) -> AdapterConfig {
        storage::config(&env)
    }

    #[only_owner]
    fn set_market(env: Env, market: Market) -> Result<(), AdapterError> {
        listing::set_market(&env, market)
    }
}

#[contractimpl]
impl Assignable for BlendAdapter {
    fn assign(env: Env, interest: Interest, to: Address) {
        let owner = loan::owner_of(&env, &interest.0)
            .unwrap_or_else(|error| Refusal::from(error).raise(&env));
        owner.require_auth();
        assignment::assign(&env, &interest, &owner, &to)
            .unwrap_or_else(|error| Refusal::from(error).raise(&env));
    }
}

fn settle_row(
    env: &Env,
    layer: Layer,
    positions: &Vec<Address>,
    bounty_to: &Address,
) -> Vec<Outcome> {
    let config = storage::config(env);
    let cover_pool = config.cover_pool.clone();
    let mut row = Row::new(env, config, layer);
    settle_all(env, &cover_pool, &mut row, positions, bounty_to)
}

#[contractimpl]
impl Upgradeable for BlendAdapter {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}

/// Ownership as OpenZeppelin's `Ownable` has it, but that it cannot be renounced: markets and code need an owner.
#[contractimpl]
impl BlendAdapter {
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
