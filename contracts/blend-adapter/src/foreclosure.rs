//! The end of an advance that is not paid back: refinancing, or someone takes the position over at a discount that grows.

use actuary::Assets;
use adjuster::answers::Policy;
use adjuster::foreclosure::{self, good_start, ripe_start, Debtor, Owing};
use blend_reader::platform;
use interfaces::adapter::AdapterError;
use interfaces::position::PositionClient;
use soroban_sdk::{Address, Env};

use crate::events::{Foreclosed, ForeclosureCured, ForeclosureStarted};
use crate::facts::Case;
use crate::{assignment, liquidation, loan, rescue};

/// A position that owes the cover pool, in the light of its market.
struct Account<'a> {
    env: &'a Env,
    position: &'a Address,
    case: Case,
    policy: Policy,
    debtor: Debtor,
}

/// How a position is taken over.
pub enum Handover {
    /// Its debt is repaid with at most the first amount, and its collateral, at most the second, handed out.
    Settled(i128, i128),
    /// It becomes the payer's, with its debt and its collateral.
    Assigned,
}

impl<'a> Account<'a> {
    fn read(env: &'a Env, position: &'a Address) -> Result<Self, AdapterError> {
        let case = Case::read(env, position)?;
        let policy = loan::policy(env, &case.config, position)?;
        Ok(Self {
            debtor: Debtor::new(case.holdings, &policy)?,
            env,
            position,
            case,
            policy,
        })
    }

    /// What the collateral is sold for, before the discount, if it may be sold.
    fn sale_value(&self) -> Result<Assets, AdapterError> {
        let Case { config, facts, .. } = &self.case;
        let assets = (&facts.market.collateral, &facts.asset);
        self.debtor
            .sale_value(self.env, &config.price_hub, assets, &facts.valuation)
    }

    /// Whether the cover has ended and the loan would stay at its target with what it owes on top.
    fn can_refinance(&self) -> Result<bool, AdapterError> {
        let Some(refinanced) = self.debtor.refinanced(self.env)? else {
            return Ok(false);
        };
        let facts = &self.case.facts;
        let health = facts.worse_health_down(refinanced)?;
        Ok(facts.rescue().is_at_target(health))
    }

    /// Refinances if that is possible; whether it was.
    fn refinances(&self) -> bool {
        if !self.can_refinance().unwrap_or(false) {
            return false;
        }
        let position = PositionClient::new(self.env, self.position);
        let borrowed = matches!(position.try_refinance(&self.debtor.owed.raw()), Ok(Ok(())));
        if borrowed {
            self.owing().pay_back(self.debtor.owed);
        }
        borrowed
    }

    /// Has the grant settled that an open event makes due, before the position is another's; whether one was. One
    /// that is refused does not stop a foreclosure.
    fn settles_grant(&self, bounty_to: &Address) -> bool {
        let case = &self.case;
        let patient = rescue::Patient {
            env: self.env,
            config: &case.config,
            facts: &case.facts,
            holdings: case.holdings,
            insured: case.registration.2,
            policy: &self.policy,
            position: self.position,
        };
        patient.give(bounty_to).is_ok()
    }

    /// The same for what liquidations took of it before.
    fn settles_liquidation(&self, bounty_to: &Address) -> bool {
        let known = (&self.case, &self.policy);
        liquidation::settle_seen(self.env, self.position, known, bounty_to).is_ok()
    }

    fn owing(&self) -> Owing<'_> {
        Owing {
            env: self.env,
            cover_pool: &self.case.config.cover_pool,
            loan: self.position,
            asset: &self.case.facts.asset,
        }
    }
}

/// Borrows on the platform what a healthy position owes after the end of its cover, and pays it back.
pub fn refinance(env: &Env, position: &Address) -> Result<i128, AdapterError> {
    let account = Account::read(env, position)?;
    if account.refinances() {
        Ok(account.debtor.owed.raw())
    } else {
        Err(AdapterError::CannotRefinance)
    }
}

/// Starts a foreclosure; returns when it started, which is earlier when one is under way. After the end, a position that
/// can refinance on its platform does that first, and 0 is returned.
pub fn start(env: &Env, position: &Address) -> Result<u64, AdapterError> {
    let account = Account::read(env, position)?;
    account.sale_value()?;
    if account.refinances() {
        return Ok(0);
    }
    if let Some(started) = good_start(env, position) {
        return Ok(started);
    }
    let now = foreclosure::start(env, position);
    ForeclosureStarted {
        position: position.clone(),
        owed: account.debtor.owed.raw(),
    }
    .publish(env);
    Ok(now)
}

/// Clears the start of a foreclosure whose reason is gone.
pub fn cure(env: &Env, position: &Address) -> Result<(), AdapterError> {
    foreclosure::cure(env, position, || Account::read(env, position)?.sale_value())?;
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
    let mut account = Account::read(env, position)?;
    if account.settles_grant(payer) {
        account = Account::read(env, position)?;
    }
    if account.settles_liquidation(payer) {
        account = Account::read(env, position)?;
    }
    let value = account.sale_value()?;
    let started = ripe_start(env, position)?;
    if account.refinances() {
        foreclosure::clear(env, position);
        return Ok(0);
    }
    let split = account.debtor.split(env, value, started, bid)?;
    foreclosure::clear(env, position);
    let assigned = hand_over(&account, payer, handover)?;
    let owner = &account.policy.owner;
    account.owing().share_out(payer, owner, bid, &split);
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
fn hand_over(account: &Account, payer: &Address, handover: Handover) -> Result<bool, AdapterError> {
    let Account {
        env,
        position,
        case: Case { facts, .. },
        ..
    } = account;
    let client = PositionClient::new(env, position);
    match handover {
        Handover::Assigned => {
            client.hand_back();
            // The policy is its owner's, else there would be none.
            assignment::hand_on(env, position, &account.policy.owner, payer);
        }
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
