//! How large an advance or a grant is.

use actuary::advance::{yearly_rate_up, DrawRequest, DrawTerms, Rescue, MAX_FEE_RATE, MIN_DRAW};
use actuary::health::Loan;
use actuary::loss::{grant_cap_up, grant_loss_down, GrantTerms};
use actuary::{Assets, Rate};
use interfaces::adapter::{AdapterError, Market};
use interfaces::cover::{Loss, Peril};
use interfaces::market_adapter::InsuredMarket;

use crate::answers::{Event, Policy};
use crate::refusal::{draw_refused, no_result};
use crate::valuation::{Holdings, Valuation};

/// How loans of a market are rescued; rates and health factors are 1e7 = 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RescueTerms {
    /// Health factor below which an advance draws.
    pub trigger: u32,
    /// Health factor that an advance or a grant lifts to.
    pub target: u32,
    /// Fall that is an event of a grant.
    pub grant_trigger: u32,
    /// Fall that the insured bears.
    pub grant_deductible: u32,
    /// Fall beyond which a grant pays nothing more.
    pub grant_max: u32,
    /// Least yearly fee rate of an advance.
    pub least_rate: u32,
}

/// The terms of one of the two kinds of market, which name them alike.
macro_rules! rescue_terms_of {
    ($market:ty) => {
        impl From<&$market> for RescueTerms {
            fn from(market: &$market) -> Self {
                Self {
                    trigger: market.advance_trigger,
                    target: market.target,
                    grant_trigger: market.grant_trigger,
                    grant_deductible: market.grant_deductible,
                    grant_max: market.grant_max,
                    least_rate: market.least_rate,
                }
            }
        }
    };
}
rescue_terms_of!(Market);
rescue_terms_of!(InsuredMarket);

/// A health factor of 1, and 100 %.
const ONE: u32 = 10_000_000;

fn rate(rate: u32) -> Rate {
    Rate::from_raw(rate.into())
}

impl RescueTerms {
    /// Refuses terms that contradict each other: a target not above the trigger or the liquidation, a grant that pays for
    /// less than its deductible or for more than there is, a least fee rate above the highest.
    pub fn require_consistent(&self) -> Result<(), AdapterError> {
        let lifts = ONE < self.trigger && self.trigger < self.target;
        let bears = self.grant_deductible <= self.grant_trigger;
        let pays = self.grant_deductible < self.grant_max && self.grant_max <= ONE;
        let lends = i128::from(self.least_rate) <= MAX_FEE_RATE.raw();
        if lifts && bears && pays && lends {
            Ok(())
        } else {
            Err(AdapterError::InvalidMarket)
        }
    }

    /// Whether a health factor is at the target.
    pub fn is_at_target(&self, health: Rate) -> bool {
        health >= rate(self.target)
    }

    fn grant(&self) -> GrantTerms {
        GrantTerms {
            trigger: rate(self.grant_trigger),
            deductible: rate(self.grant_deductible),
            most: rate(self.grant_max),
        }
    }

    /// The yearly fee rate of a draw, above what the platform charges unless that passes 50 %, rounded up.
    pub fn fee_rate_up(&self, borrow_rate: Rate) -> Result<u32, AdapterError> {
        let rate = yearly_rate_up(borrow_rate, rate(self.least_rate)).map_err(no_result)?;
        u32::try_from(rate.raw()).map_err(|_| AdapterError::NoResult)
    }

    fn draw_terms(&self, valuation: &Valuation) -> DrawTerms {
        let terms = DrawTerms {
            trigger: rate(self.trigger),
            target: rate(self.target),
            ..DrawTerms::STARTING
        };
        if valuation.pair.quarantined {
            terms.quarantined()
        } else {
            terms
        }
    }

    /// The draw that brings a loan back to the target, at most `limit`. `on_platform` is the loan at the platform's own
    /// prices.
    pub fn plan(
        &self,
        valuation: &Valuation,
        on_platform: Loan,
        holdings: Holdings,
        policy: &Policy,
        (limit, rescue): (Assets, Rescue),
    ) -> Result<Assets, AdapterError> {
        let request = DrawRequest {
            on_platform,
            at_hub: valuation.loan_at(valuation.pair.high, holdings)?,
            collateral_at_low: valuation.value_low_down(holdings)?,
            owed: policy.owed_up()?,
            // What cannot buy collateral repays debt, so it is never more than the debt.
            limit: limit.min(holdings.debt),
            rescue,
        };
        match request.plan(&self.draw_terms(valuation)) {
            Ok(plan) => Ok(plan.amount),
            Err(refusal) => Err(draw_refused(refusal)),
        }
    }

    /// What an event cost a loan, as a grant settles it; `insured` is the collateral that was there when it was last rated.
    pub fn grant_loss(
        &self,
        valuation: &Valuation,
        holdings: Holdings,
        insured: Assets,
        policy: &Policy,
        event: &Event,
    ) -> Result<Loss, AdapterError> {
        Ok(Loss {
            peril: Peril::Grant,
            event: event.id.into(),
            amount: self
                .event_loss_down(valuation, holdings, insured, policy, event)?
                .raw(),
            occurred_at: event.started,
            rescue: true,
            sources: valuation.pair.sources,
        })
    }

    /// The gross loss of an event so far: what the fall took from the value of the insured collateral, and on top of what was
    /// settled for this event no more than brings the health factor back to the target, and no less than the least draw.
    /// The target counts at the hub's price alone, so that the platform's oracle never adds to a payment; and with what an
    /// advance is owed, so that the order of the two does not decide what is given.
    fn event_loss_down(
        &self,
        valuation: &Valuation,
        holdings: Holdings,
        insured: Assets,
        policy: &Policy,
        event: &Event,
    ) -> Result<Assets, AdapterError> {
        let settled = policy.settled_for(event.id);
        let counted = holdings.collateral.min(insured);
        let value_before = valuation.scale.value_down(event.reference, counted)?;
        let increment = grant_loss_down(
            value_before,
            Rate::from_raw(event.rate),
            self.grant(),
            settled,
        );
        let owing = Holdings {
            debt: holdings
                .debt
                .checked_add(policy.owed_up()?)
                .map_err(no_result)?,
            ..holdings
        };
        let loan = valuation.loan_at(valuation.pair.high, owing)?;
        // What waits as a claim has not reached the loan, so the same need is not filed twice.
        let waiting = if policy.open_claims > 0 {
            settled
        } else {
            Assets::ZERO
        };
        let needed = grant_cap_up(&loan, rate(self.target))
            .map_err(no_result)?
            .sub_or_zero(waiting)
            .min(holdings.debt);
        let increment = increment.map_err(no_result)?.min(needed);
        // Co-insurance leaves a part of the need open: what is paid on top must be worth its bounty.
        let least = match settled.is_zero() {
            true => Assets::from_raw(1),
            false => holdings.debt.share_up(MIN_DRAW).map_err(no_result)?,
        };
        if increment < least {
            return Err(AdapterError::NothingLost);
        }
        settled.checked_add(increment).map_err(no_result)
    }
}

/// What a claim of an advance comes to when it is measured again: nothing for a loan that no draw can save, that needs none or
/// that nobody insures any more, which must not hold the pool's capital.
pub fn measured_again(planned: Result<Assets, AdapterError>) -> Result<i128, AdapterError> {
    match planned {
        Ok(amount) => Ok(amount.raw()),
        Err(
            AdapterError::NotInsured
            | AdapterError::Healthy
            | AdapterError::DrawTooSmall
            | AdapterError::EquityExhausted
            | AdapterError::StillUnhealthy,
        ) => Ok(0),
        Err(refusal) => Err(refusal),
    }
}
