//! How large an advance or a grant is.

use actuary::advance::{
    yearly_rate_up, DrawPlan, DrawRequest, DrawTerms, Rescue, MAX_RATE, MIN_DRAW,
};
use actuary::health::Loan;
use actuary::loss::{grant_cap_up, grant_loss_down, GrantTerms};
use actuary::{Assets, Rate};
use interfaces::adapter::{AdapterError, Market};
use interfaces::cover::{Loss, Peril};
use interfaces::market_adapter::InsuredMarket;

use crate::answers::{Event, Policy};
use crate::refusal::{draw_refused, no_result};
use crate::valuation::{Holdings, Valuation};

/// How loans of a market are rescued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RescueTerms {
    /// Health factor below which an advance draws.
    pub trigger: Rate,
    /// Health factor that an advance or a grant lifts to.
    pub target: Rate,
    /// What of a fall a grant pays for.
    pub grant: GrantTerms,
    /// Least yearly fee rate of an advance.
    pub least_rate: Rate,
}

/// The terms of one of the two kinds of market, which name them alike.
macro_rules! rescue_terms_of {
    ($market:ty) => {
        impl From<&$market> for RescueTerms {
            fn from(market: &$market) -> Self {
                let rate = |rate: u32| Rate::from_raw(rate.into());
                Self {
                    trigger: rate(market.advance_trigger),
                    target: rate(market.target),
                    grant: GrantTerms {
                        trigger: rate(market.grant_trigger),
                        deductible: rate(market.grant_deductible),
                        most: rate(market.grant_max),
                    },
                    least_rate: rate(market.rho_min),
                }
            }
        }
    };
}
rescue_terms_of!(Market);
rescue_terms_of!(InsuredMarket);

impl RescueTerms {
    /// Refuses terms that contradict each other: a target not above the trigger or the liquidation, a grant that pays for
    /// less than its deductible or for more than there is, a least fee rate above the highest.
    pub fn require_consistent(&self) -> Result<(), AdapterError> {
        let GrantTerms {
            trigger,
            deductible,
            most,
        } = self.grant;
        let lifts = Rate::FULL < self.trigger && self.trigger < self.target;
        let bears = deductible <= trigger;
        let pays = deductible < most && most <= Rate::FULL;
        let lends = self.least_rate <= MAX_RATE;
        if lifts && bears && pays && lends {
            Ok(())
        } else {
            Err(AdapterError::InvalidMarket)
        }
    }

    /// The yearly fee rate of a draw, above what the platform charges unless that passes 50 %, rounded up.
    pub fn fee_rate_up(&self, borrow_rate: Rate) -> Result<u32, AdapterError> {
        let rate = yearly_rate_up(borrow_rate, self.least_rate).map_err(no_result)?;
        u32::try_from(rate.raw()).map_err(|_| AdapterError::NoResult)
    }

    fn draw_terms(&self, valuation: &Valuation) -> DrawTerms {
        let terms = DrawTerms {
            trigger: self.trigger,
            target: self.target,
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
    ) -> Result<DrawPlan, AdapterError> {
        let request = DrawRequest {
            on_platform,
            at_hub: valuation.loan_at(valuation.pair.high, holdings)?,
            collateral_at_low: valuation.value_low_down(holdings)?,
            owed: policy.owed_up()?,
            // What cannot buy collateral repays debt, so it is never more than the debt.
            limit: limit.min(holdings.debt),
            rescue,
        };
        request
            .plan(&self.draw_terms(valuation))
            .map_err(draw_refused)
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
            self.grant,
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
        let needed = grant_cap_up(&loan, self.target)
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
pub fn measured_again(plan: Result<DrawPlan, AdapterError>) -> Result<i128, AdapterError> {
    match plan {
        Ok(plan) => Ok(plan.amount.raw()),
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
