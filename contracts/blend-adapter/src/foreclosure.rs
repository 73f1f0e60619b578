//! The end of an advance that is not paid back: refinancing, or someone takes the position over at a discount that grows.

use actuary::advance::{discount_down, is_foreclosable, Foreclosure};
use actuary::time::DAY;
use actuary::{Assets, Rate};
use interfaces::cover::CoverPoolClient;
use interfaces::position::PositionClient;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{vec, Address, Env, IntoVal, Symbol, Vec};

use crate::answers::Policy;
use crate::errors::{no_result, AdapterError};
use crate::events::{Foreclosed, ForeclosureCured, ForeclosureStarted};
use crate::facts::{Case, Holdings};
use crate::{loan, platform, storage};

/// How long a start is good: afterwards a foreclosure starts anew, with its discount at nothing. So a start that nobody
/// cleared does not sell a later crash cheaply.
const START_GOOD_FOR: u64 = DAY;

/// A position that owes the cover pool.
struct Debtor<'a> {
    env: &'a Env,
    position: &'a Address,
    case: Case,
    policy: Policy,
    owed: Assets,
}

/// How a position is taken over.
pub enum Handover {
    /// Its debt is repaid with at most the first amount, and its collateral, at most the second, handed out.
    Settled(i128, i128),
    /// It becomes the payer's, with its debt and its collateral.
    Assigned,
}

impl<'a> Debtor<'a> {
    fn read(env: &'a Env, position: &'a Address) -> Result<Self, AdapterError> {
        let case = Case::read(env, position)?;
        let policy = loan::policy(env, &case.config, position)?;
        let owed = loan::owed_up(&policy).map_err(no_result)?;
        if owed.is_zero() {
            return Err(AdapterError::NothingOwed);
        }
        Ok(Self {
            env,
            position,
            case,
            policy,
            owed,
        })
    }

    fn value_low(&self) -> Result<Assets, AdapterError> {
        self.case
            .facts
            .value_down(self.case.facts.pair.low, self.case.holdings.collateral)
    }

    /// Never at a price that the hub's window does not confirm: a moment's fall must not sell a position for nothing.
    fn is_foreclosable(&self) -> Result<bool, AdapterError> {
        if self.case.facts.pair.quarantined {
            return Err(AdapterError::PriceQuarantined);
        }
        let (debt, now) = (self.case.holdings.debt, self.env.ledger().timestamp());
        is_foreclosable(debt, self.owed, self.value_low()?, self.policy.end, now).map_err(no_result)
    }

    /// Whether the cover has ended and the loan would stay at its target with what it owes on top.
    fn can_refinance(&self) -> Result<bool, AdapterError> {
        if self.env.ledger().timestamp() < self.policy.end {
            return Ok(false);
        }
        let debt = self
            .case
            .holdings
            .debt
            .checked_add(self.owed)
            .map_err(no_result)?;
        let health = self.case.facts.worse_health_down(Holdings {
            debt,
            ..self.case.holdings
        })?;
        Ok(health >= Rate::from_raw(self.case.facts.market.target.into()))
    }

    /// Pays `amount` of what the adapter holds to the cover pool.
    fn authorise_payment(&self, amount: Assets) {
        let pool = &self.case.config.cover_pool;
        let context = ContractContext {
            contract: storage::asset(self.env),
            fn_name: Symbol::new(self.env, "transfer"),
            args: (self.env.current_contract_address(), pool, amount.raw()).into_val(self.env),
        };
        let invocation = SubContractInvocation {
            context,
            sub_invocations: Vec::new(self.env),
        };
        let entry = InvokerContractAuthEntry::Contract(invocation);
        self.env
            .authorize_as_current_contract(vec![self.env, entry]);
    }
}

/// Borrows on the platform what a healthy position owes after the end of its cover, and pays it back.
pub fn refinance(env: &Env, position: &Address) -> Result<i128, AdapterError> {
    let debtor = Debtor::read(env, position)?;
    if !debtor.can_refinance()? {
        return Err(AdapterError::CannotRefinance);
    }
    let amount = debtor.owed;
    PositionClient::new(env, position).refinance(&amount.raw());
    pay_back(&debtor, amount)
}

fn pay_back(debtor: &Debtor, amount: Assets) -> Result<i128, AdapterError> {
    let Debtor {
        env,
        position,
        case: Case { config, .. },
        ..
    } = debtor;
    debtor.authorise_payment(amount);
    let payer = env.current_contract_address();
    let interest = loan::interest(position);
    CoverPoolClient::new(env, &config.cover_pool).pay_back(&interest, &payer, &amount.raw());
    Ok(amount.raw())
}

/// Starts a foreclosure; returns when it started, which is earlier when one is under way. After the end, a position that
/// can refinance on its platform does that first, and 0 is returned.
pub fn start(env: &Env, position: &Address) -> Result<u64, AdapterError> {
    let debtor = Debtor::read(env, position)?;
    if !debtor.is_foreclosable()? {
        return Err(AdapterError::NotForeclosable);
    }
    if debtor.can_refinance().unwrap_or(false) {
        let refinanced = PositionClient::new(env, position).try_refinance(&debtor.owed.raw());
        if matches!(refinanced, Ok(Ok(()))) {
            pay_back(&debtor, debtor.owed)?;
            return Ok(0);
        }
    }
    if let Some(started) = good_start(env, position) {
        return Ok(started);
    }
    let now = env.ledger().timestamp();
    storage::set_started(env, position, now);
    ForeclosureStarted {
        position: position.clone(),
        owed: debtor.owed.raw(),
    }
    .publish(env);
    Ok(now)
}

/// Clears the start of a foreclosure whose reason is gone.
pub fn cure(env: &Env, position: &Address) -> Result<(), AdapterError> {
    storage::started(env, position).ok_or(AdapterError::NotStarted)?;
    match Debtor::read(env, position) {
        Ok(debtor) if debtor.is_foreclosable()? => return Err(AdapterError::NotCured),
        Ok(_) | Err(AdapterError::NothingOwed) => {}
        Err(error) => return Err(error),
    }
    storage::remove_started(env, position);
    ForeclosureCured {
        position: position.clone(),
    }
    .publish(env);
    Ok(())
}

/// Hands a position over to `payer` and pays, out of at most `bid`, first the cover pool and then the owner. Returns the
/// price.
pub fn foreclose(
    env: &Env,
    position: &Address,
    payer: &Address,
    handover: Handover,
    bid: i128,
) -> Result<i128, AdapterError> {
    let debtor = Debtor::read(env, position)?;
    if !debtor.is_foreclosable()? {
        return Err(AdapterError::NotForeclosable);
    }
    let started = good_start(env, position).ok_or(AdapterError::NotStarted)?;
    let discount = discount_down(started, env.ledger().timestamp()).map_err(no_result)?;
    let value = debtor.case.facts.value_down(
        debtor.case.facts.pair.price,
        debtor.case.holdings.collateral,
    )?;
    let split = Foreclosure::split(value, debtor.case.holdings.debt, debtor.owed, discount);
    let split = split.map_err(no_result)?;
    if split.price > Assets::from_raw(bid) {
        return Err(AdapterError::BidTooLow);
    }
    let owner = loan::owner_of(env, position)?;
    storage::remove_started(env, position);
    let assigned = hand_over(&debtor, payer, handover)?;
    distribute(&debtor, payer, &owner, bid, &split);
    Foreclosed {
        position: position.clone(),
        payer: payer.clone(),
        assigned,
        price: split.price.raw(),
        to_pool: split.to_pool.raw(),
        to_owner: split.to_owner.raw(),
        written_off: split.written_off.raw(),
    }
    .publish(env);
    Ok(split.price.raw())
}

/// Whether the position was assigned.
fn hand_over(debtor: &Debtor, payer: &Address, handover: Handover) -> Result<bool, AdapterError> {
    let Debtor {
        env,
        position,
        case: Case { facts, .. },
        ..
    } = debtor;
    let client = PositionClient::new(env, position);
    match handover {
        Handover::Assigned => client.assign(payer),
        Handover::Settled(pay_max, take) => {
            client.foreclose(payer, &pay_max, &take);
            let left = platform::positions(env, &facts.market.platform, position);
            if !left.collateral.is_empty() || !left.liabilities.is_empty() {
                return Err(AdapterError::NotClosed);
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes the whole bid, which the payer signed, shares out the price and sends the rest back.
fn distribute(debtor: &Debtor, payer: &Address, owner: &Address, bid: i128, split: &Foreclosure) {
    let Debtor {
        env,
        position,
        case: Case { config, .. },
        ..
    } = debtor;
    let (token, adapter) = (
        TokenClient::new(env, &storage::asset(env)),
        env.current_contract_address(),
    );
    if bid > 0 {
        token.transfer(payer, &adapter, &bid);
    }
    debtor.authorise_payment(split.to_pool);
    let interest = loan::interest(position);
    let recovered = split.to_pool.raw();
    CoverPoolClient::new(env, &config.cover_pool).foreclose(&interest, &adapter, &recovered);
    deliver(env, &token, owner, split.to_owner.raw());
    let rest = bid.saturating_sub(split.price.raw());
    if rest > 0 {
        token.transfer(&adapter, payer, &rest);
    }
}

/// Pays an owner, or keeps it for them: an owner who cannot receive must not be able to stop a foreclosure.
fn deliver(env: &Env, token: &TokenClient, owner: &Address, amount: i128) {
    if amount == 0 {
        return;
    }
    let delivered = token.try_transfer(&env.current_contract_address(), owner, &amount);
    if !matches!(delivered, Ok(Ok(()))) {
        let waiting = storage::uncollected(env, owner).saturating_add(amount);
        storage::set_uncollected(env, owner, waiting);
    }
}

/// Pays an owner what could not be delivered before.
pub fn collect(env: &Env, owner: &Address) -> Result<i128, AdapterError> {
    let amount = storage::uncollected(env, owner);
    if amount == 0 {
        return Err(AdapterError::NothingToCollect);
    }
    storage::set_uncollected(env, owner, 0);
    let token = TokenClient::new(env, &storage::asset(env));
    token.transfer(&env.current_contract_address(), owner, &amount);
    Ok(amount)
}

/// When a foreclosure started, if that is still good.
fn good_start(env: &Env, position: &Address) -> Option<u64> {
    let started = storage::started(env, position)?;
    let good_until = started.saturating_add(START_GOOD_FOR);
    (env.ledger().timestamp() < good_until).then_some(started)
}
