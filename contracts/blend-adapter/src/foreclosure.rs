//! The end of an advance that is not paid back: refinancing, or someone takes the position over at a discount that grows.

use actuary::advance::{discount_down, is_foreclosable, Foreclosure, SALE_DELAY};
use actuary::math::mul_div_up;
use actuary::time::DAY;
use actuary::{Assets, Rate};
use interfaces::cover::CoverPoolClient;
use interfaces::position::PositionClient;
use interfaces::price::PRICE_ONE;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{vec, Address, Env, IntoVal, Symbol, Vec};

use crate::answers::{HubClient, Policy, Reading};
use crate::errors::{no_result, AdapterError};
use crate::events::{Foreclosed, ForeclosureCured, ForeclosureStarted};
use crate::facts::{Case, Holdings};
use crate::{loan, platform, rescue, storage};

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

    /// What the collateral is worth at P_hi, the higher of its price now and its 15-minute mean: a fall of minutes must
    /// neither sell a position nor make it cheap.
    fn value_high(&self) -> Result<Assets, AdapterError> {
        let facts = &self.case.facts;
        // Without a mean the hub says that the price is quarantined.
        if facts.pair.quarantined {
            return Err(AdapterError::PriceQuarantined);
        }
        let of = self.reading(&facts.market.collateral)?.high;
        let unit = self.reading(&facts.asset)?.low;
        let price = mul_div_up(of, PRICE_ONE, unit).map_err(no_result)?;
        facts.value_down(price, self.case.holdings.collateral)
    }

    fn reading(&self, asset: &Address) -> Result<Reading, AdapterError> {
        let hub = HubClient::new(self.env, &self.case.config.price_hub);
        match hub.try_fresh(asset) {
            Ok(Ok(reading)) => Ok(reading),
            _ => Err(AdapterError::PriceUnavailable),
        }
    }

    /// What the collateral is sold for, before the discount, if it may be sold.
    fn sale_value(&self) -> Result<Assets, AdapterError> {
        let (debt, now) = (self.case.holdings.debt, self.env.ledger().timestamp());
        let value = self.value_high()?;
        match is_foreclosable(debt, self.owed, value, self.policy.end, now).map_err(no_result)? {
            true => Ok(value),
            false => Err(AdapterError::NotForeclosable),
        }
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

    /// Refinances if that is possible; whether it was.
    fn refinances(&self) -> bool {
        if !self.can_refinance().unwrap_or(false) {
            return false;
        }
        let position = PositionClient::new(self.env, self.position);
        let borrowed = matches!(position.try_refinance(&self.owed.raw()), Ok(Ok(())));
        if borrowed {
            pay_back(self);
        }
        borrowed
    }

    /// Has the grant settled that an open event makes due, before the position is another's; whether one was. One
    /// that is refused does not stop a foreclosure.
    fn settles_grant(&self, bounty_to: &Address) -> bool {
        let Case {
            config,
            facts,
            holdings,
        } = &self.case;
        let interest = loan::interest(self.position);
        rescue::give(
            self.env,
            config,
            facts,
            *holdings,
            &self.policy,
            &interest,
            bounty_to,
        )
        .is_ok()
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
    PositionClient::new(env, position).refinance(&debtor.owed.raw());
    pay_back(&debtor);
    Ok(debtor.owed.raw())
}

/// Pays the cover pool all that is owed.
fn pay_back(debtor: &Debtor) {
    let Debtor {
        env,
        position,
        case: Case { config, .. },
        owed,
        ..
    } = debtor;
    debtor.authorise_payment(*owed);
    let payer = env.current_contract_address();
    let interest = loan::interest(position);
    CoverPoolClient::new(env, &config.cover_pool).pay_back(&interest, &payer, &owed.raw());
}

/// Starts a foreclosure; returns when it started, which is earlier when one is under way. After the end, a position that
/// can refinance on its platform does that first, and 0 is returned.
pub fn start(env: &Env, position: &Address) -> Result<u64, AdapterError> {
    let debtor = Debtor::read(env, position)?;
    debtor.sale_value()?;
    if debtor.refinances() {
        return Ok(0);
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
    match Debtor::read(env, position).and_then(|debtor| debtor.sale_value()) {
        Ok(_) => return Err(AdapterError::NotCured),
        Err(AdapterError::NothingOwed | AdapterError::NotForeclosable) => {}
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
/// price. One that can refinance by now does that instead.
pub fn foreclose(
    env: &Env,
    position: &Address,
    payer: &Address,
    handover: Handover,
    bid: i128,
) -> Result<i128, AdapterError> {
    let mut debtor = Debtor::read(env, position)?;
    if debtor.settles_grant(payer) {
        debtor = Debtor::read(env, position)?;
    }
    let value = debtor.sale_value()?;
    let started = good_start(env, position).ok_or(AdapterError::NotStarted)?;
    let now = env.ledger().timestamp();
    if now < started.saturating_add(SALE_DELAY) {
        return Err(AdapterError::TooSoon);
    }
    if debtor.refinances() {
        storage::remove_started(env, position);
        return Ok(0);
    }
    let discount = discount_down(started, now).map_err(no_result)?;
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
