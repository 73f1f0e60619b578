//! Opening, insuring, renewing and cancelling; and what an owner may take out while insured.

use actuary::time::is_backed;
use actuary::Assets;
use adjuster::answers::{Policy, PoolClient};
use adjuster::event::is_event_under_way;
use adjuster::peg::Peg;
use adjuster::policy::loan_interest;
use adjuster::underwriting::{insurable_ltv_up, ltv_up, require_limit_within_debt};
use adjuster::Holdings;
use blend_reader::collateral::require_sources;
use blend_reader::platform;
use entries::extend_instance;
use interfaces::adapter::{AdapterConfig, CoverRequest, Loan, Market};
use interfaces::cover::{Application, CoverPoolClient, Interest, Peril, Quote};
use interfaces::position::{Account, Links, PositionClient};
use soroban_sdk::deploy::DeployerWithAddress;
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{Address, ContractExecutable, Env, Vec};

use crate::answers::AccountClient;
use crate::events::LoanOpened;
use crate::facts::{Case, Facts};
use crate::storage::Registration;
use crate::{facts, storage, underwriting};
use adjuster::refusal::no_result;
use interfaces::adapter::AdapterError;

/// A position's policy. One of somebody else than its owner, who lost it to a foreclosure by assignment, covers nothing
/// of it any more.
pub fn policy(
    env: &Env,
    config: &AdapterConfig,
    position: &Address,
) -> Result<Policy, AdapterError> {
    PoolClient::new(env, &config.cover_pool)
        .policy(&loan_interest(position))
        .filter(|policy| policy.owner == account_owner(env, position))
        .ok_or(AdapterError::NotInsured)
}

/// The owner of a position that this adapter deployed.
pub fn owner_of(env: &Env, position: &Address) -> Result<Address, AdapterError> {
    facts::registration(env, position)?;
    Ok(account_owner(env, position))
}

fn account_owner(env: &Env, position: &Address) -> Address {
    AccountClient::new(env, position).account().owner
}

/// Deploys a position, opens its loan, and insures it when asked.
pub fn open(
    env: &Env,
    owner: &Address,
    loan: &Loan,
    request: Option<CoverRequest>,
) -> Result<(Address, Option<Quote>), AdapterError> {
    let config = storage::config(env);
    let (id, market) = market_of(env, loan)?;
    let position = deploy(env, &config, &market, owner);
    storage::set_registration(env, &position, &Registration(id, 0, 0));
    storage::extend_market(env, id, &market);
    extend_instance(env);
    PositionClient::new(env, &position).open(&loan.collateral, &loan.debt);
    LoanOpened {
        owner: owner.clone(),
        position: position.clone(),
        market: id,
        collateral: loan.collateral,
        debt: loan.debt,
    }
    .publish(env);
    let quote = request
        .map(|request| insure(env, &position, owner, request))
        .transpose()?;
    Ok((position, quote))
}

/// The price of cover for a loan that does not exist yet.
pub fn quote(
    env: &Env,
    owner: &Address,
    loan: &Loan,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    let config = storage::config(env);
    let (_, market) = market_of(env, loan)?;
    let facts = Facts::read(env, &config, market)?;
    let holdings = Holdings {
        collateral: Assets::checked_from_raw(loan.collateral).map_err(no_result)?,
        debt: Assets::checked_from_raw(loan.debt).map_err(no_result)?,
    };
    let ltv = underwrite(env, &config, &facts, holdings, &request, None)?;
    let position = deployer(env, owner, storage::opened(env, owner)).deployed_address();
    let application = application(&facts.market, loan_interest(&position), owner, request, ltv);
    Ok(CoverPoolClient::new(env, &config.cover_pool).quote(&application))
}

/// Insures an existing loan.
pub fn insure(
    env: &Env,
    position: &Address,
    owner: &Address,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    let Case {
        registration,
        config,
        facts,
        holdings,
    } = &Case::read(env, position)?;
    let ltv = underwrite(env, config, facts, *holdings, &request, Some(position))?;
    let rated = Registration(registration.0, ltv, holdings.collateral.raw());
    rate(env, position, &rated);
    if request.perils.contains(Peril::Liquidation) {
        PositionClient::new(env, position).watch(&facts.valuation.pair.price);
    }
    let application = application(&facts.market, loan_interest(position), owner, request, ltv);
    Ok(CoverPoolClient::new(env, &config.cover_pool).open(&application))
}

/// Adds the next term. At the limit that is left it needs no calm market; more than that does. Anyone may keep cover up, its
/// owner alone may change it; a limit above the debt of an advance is cut to it.
pub fn renew(
    env: &Env,
    position: &Address,
    limit: i128,
    weeks: u32,
    bounty_to: &Address,
) -> Result<i128, AdapterError> {
    let case = &Case::read(env, position)?;
    let Case {
        config,
        facts,
        holdings,
        ..
    } = case;
    let policy = policy(env, config, position)?;
    policy.require_nothing_owed()?;
    if limit != policy.limit {
        policy.owner.require_auth();
    }
    if limit > policy.limit {
        require_sellable(env, config, facts, Some(position))?;
    }
    let covers_advance = policy.perils.contains(Peril::Advance);
    let limit = if covers_advance {
        limit.min(holdings.debt.raw())
    } else {
        limit
    };
    let ltv = insurable_ltv_up(facts.worse_health_down(*holdings)?)?;
    rate_again(env, position, case, Some(ltv))?;
    Ok(CoverPoolClient::new(env, &config.cover_pool).renew(
        &loan_interest(position),
        &limit,
        &weeks,
        &ltv,
        bounty_to,
    ))
}

/// Sells more limit for the rest of the term, at the worse of what the position is rated at now and was rated at before:
/// what the owner may take out stays bounded by the latter, so a moment's better rating would be cheap cover of the old risk.
pub fn top_up(
    env: &Env,
    position: &Address,
    owner: &Address,
    amount: i128,
    max_premium: i128,
) -> Result<i128, AdapterError> {
    let case = &Case::read(env, position)?;
    let Case {
        config,
        facts,
        holdings,
        ..
    } = case;
    let policy = policy(env, config, position)?;
    require_sellable(env, config, facts, Some(position))?;
    let limit = policy
        .limit
        .checked_add(amount)
        .ok_or(AdapterError::NoResult)?;
    require_limit_within_debt(&policy.perils, limit, holdings.debt)?;
    let rated = rate_again(env, position, case, None)?;
    let ltv = insurable_ltv_up(facts.worse_health_down(*holdings)?)?.max(rated);
    Ok(CoverPoolClient::new(env, &config.cover_pool).top_up(
        &loan_interest(position),
        owner,
        &amount,
        &ltv,
        &max_premium,
    ))
}

/// Ends the cover.
pub fn cancel(env: &Env, position: &Address) -> Result<i128, AdapterError> {
    let Case { config, facts, .. } = &Case::read(env, position)?;
    underwriting::require_unarmed(env, config, facts, Some(position))?;
    Ok(CoverPoolClient::new(env, &config.cover_pool).cancel(&loan_interest(position)))
}

/// Refuses what an owner has just taken out: while an advance is owed or a claim is open; and with debt on an insured
/// position, during an event or beyond the rated LTV. Without debt it needs no price. What is taken out while there is debt
/// is insured no more, also when it comes back. Returns the hub's price of what it allows.
pub fn exit_price(env: &Env, position: &Address) -> Result<Option<i128>, AdapterError> {
    let registered = facts::registered(env, position)?;
    let pool = PoolClient::new(env, &storage::config(env).cover_pool);
    let Some(policy) = pool.policy(&loan_interest(position)) else {
        return Ok(None);
    };
    policy.require_nothing_owed()?;
    if policy.open_claims > 0 {
        return Err(AdapterError::ClaimOpen);
    }
    if !is_backed(policy.end, env.ledger().timestamp()) {
        return Ok(None);
    }
    if !platform::has_debt(env, &registered.1.platform, position) {
        return Ok(None);
    }
    let case = &Case::of(env, position, registered)?;
    let Registration(id, rated, counted) = case.registration;
    require_no_event(env, case)?;
    if ltv_up(case.facts.worse_health_down(case.holdings)?)? > rated {
        return Err(AdapterError::AboveRatedLtv);
    }
    let left = case.holdings.collateral.raw();
    if left < counted {
        rate(env, position, &Registration(id, rated, left));
    }
    Ok(Some(case.facts.valuation.pair.price))
}

/// The positions of `owner`: deployed for them and still theirs, then those that were assigned to them.
pub fn positions_of(env: &Env, owner: &Address) -> Vec<Address> {
    let deployed = |number| deployer(env, owner, number).deployed_address();
    let is_theirs = |position: &Address| account_owner(env, position) == *owner;
    let opened = 0..storage::opened(env, owner);
    let mut positions = Vec::from_iter(env, opened.map(deployed).filter(is_theirs));
    for position in storage::received(env, owner) {
        if !positions.contains(&position) {
            positions.push_back(position);
        }
    }
    positions
}

/// Refuses while the pair of a position is falling, or grants may be due on it.
pub fn require_no_event(env: &Env, case: &Case) -> Result<(), AdapterError> {
    if is_falling(env, case) {
        Err(AdapterError::EventUnderWay)
    } else {
        Ok(())
    }
}

fn is_falling(env: &Env, Case { config, facts, .. }: &Case) -> bool {
    let (collateral, debt) = (&facts.market.collateral, &facts.asset);
    is_event_under_way(env, &config.price_hub, collateral, debt)
}

/// What must hold for a sale, and the l = 1 / health factor it is rated at.
fn underwrite(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    holdings: Holdings,
    request: &CoverRequest,
    position: Option<&Address>,
) -> Result<u32, AdapterError> {
    underwriting::require_payable(config, facts, request)?;
    require_sellable(env, config, facts, position)?;
    require_limit_within_debt(&request.perils, request.limit, holdings.debt)?;
    insurable_ltv_up(facts.worse_health_down(holdings)?)
}

/// Refuses while the market is armed or the platform accepts what the hub cannot price.
fn require_sellable(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    position: Option<&Address>,
) -> Result<(), AdapterError> {
    require_sources(env, &config.price_hub, &facts.market.platform)?;
    underwriting::require_unarmed(env, config, facts, position)
}

/// Notes what a position was rated at, which bounds what its owner may take out, and its collateral, beyond which no grant counts
/// and nothing can be surrendered.
fn rate(env: &Env, position: &Address, registration: &Registration) {
    storage::set_registration(env, position, registration);
    extend_instance(env);
}

/// Rates an insured position anew, at its old LTV unless there is a new one. More collateral than before is insured only with a new
/// one, and neither during an event nor below the reference price. Returns the LTV.
fn rate_again(
    env: &Env,
    position: &Address,
    case: &Case,
    ltv: Option<u32>,
) -> Result<u32, AdapterError> {
    let Case {
        registration: Registration(id, rated, counted),
        facts,
        holdings,
        ..
    } = case;
    let (rated, counted, held) = (*rated, *counted, holdings.collateral.raw());
    let has_failed = Peg::from(&facts.market)
        .require_kept(facts.valuation.pair.low)
        .is_err();
    let counted = if ltv.is_none() || has_failed || is_falling(env, case) {
        counted.min(held)
    } else {
        held
    };
    let ltv = ltv.unwrap_or(rated);
    rate(env, position, &Registration(*id, ltv, counted));
    Ok(ltv)
}

fn application(
    market: &Market,
    interest: Interest,
    owner: &Address,
    request: CoverRequest,
    ltv: u32,
) -> Application {
    Application {
        interest,
        owner: owner.clone(),
        payer: owner.clone(),
        group: market.group,
        perils: request.perils,
        route: request.route,
        limit: request.limit,
        weeks: request.weeks,
        ltv,
        max_premium: request.max_premium,
        max_rate: request.max_rate,
    }
}

fn market_of(env: &Env, loan: &Loan) -> Result<(u32, Market), AdapterError> {
    let id = storage::market_of(env, &loan.platform, &loan.collateral_asset);
    let id = id.ok_or(AdapterError::UnknownMarket)?;
    Ok((
        id,
        storage::market(env, id).ok_or(AdapterError::UnknownMarket)?,
    ))
}

/// Deploys the next position of `owner`.
fn deploy(env: &Env, config: &AdapterConfig, market: &Market, owner: &Address) -> Address {
    let number = storage::opened(env, owner);
    storage::set_opened(env, owner, number.saturating_add(1));
    let account = Account {
        owner: owner.clone(),
        platform: market.platform.clone(),
        collateral: market.collateral.clone(),
        debt: storage::asset(env),
    };
    let links = Links {
        adapter: env.current_contract_address(),
        cover_pool: config.cover_pool.clone(),
        price_hub: config.price_hub.clone(),
        exchange: config.exchange.clone(),
    };
    let executable = ContractExecutable::Wasm(config.position_wasm.clone());
    deployer(env, owner, number).deploy_contract(executable, (account, links))
}

/// Addresses follow from owner and number alone, so that a signer knows them beforehand whatever others do meanwhile.
fn deployer(env: &Env, owner: &Address, number: u32) -> DeployerWithAddress {
    let salt = env.crypto().sha256(&(owner, number).to_xdr(env));
    env.deployer().with_current_contract(salt)
}
