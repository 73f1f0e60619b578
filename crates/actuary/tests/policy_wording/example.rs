//! An example: the terms of a policy, what happened, and what the text says it pays.

use actuary::loss::payout_down;
use actuary::{Assets, Rate};
use serde::Deserialize;

use crate::facts::Facts;
use crate::number::{written, Amount, Percent};

/// The block of an example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The gross loss, where there is one.
    loss: Option<Amount>,
    /// What the policy pays.
    pays: Amount,
    /// Why it pays nothing.
    because: Option<Reason>,
    /// The policy.
    #[serde(default)]
    cover: Cover,
    /// When it happened; inside the time of cover, if it does not matter.
    time: Option<Time>,
    /// What happened.
    facts: Facts,
}

/// What the terms of the policy say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// What is left of the limit.
    #[serde(default)]
    pub limit: Amount,
    #[serde(default)]
    deductible: Amount,
    #[serde(default)]
    co_insurance: Percent,
}

/// Hours after the start of the policy.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    waiting_hours: u32,
    ends_after_hours: u32,
    happened_after_hours: u32,
}

/// Why a policy pays nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It began before the waiting period was over.
    Waiting,
    /// It began after the end of cover.
    Ended,
    /// The health factor is not below the trigger.
    Healthy,
    /// Debt and advance would pass their part of the collateral.
    EquityExhausted,
    /// The draw would not help.
    TooSmall,
    /// The platform would liquidate all the same.
    StillUnhealthy,
    /// The price has not fallen far enough.
    SmallFall,
    /// The loan ended in bad debt, which is the lenders' loss.
    BadDebt,
    /// The collateral has not failed.
    NotFailed,
    /// Not seen twice, an hour apart.
    NotSeenTwice,
    /// There is no loss.
    NothingLost,
    /// The deductible is more than the loss.
    BelowDeductible,
}

/// What an example comes to; amounts as people read them.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    loss: Option<String>,
    pays: String,
    because: Option<Reason>,
}

/// What the facts come to before the terms of the policy are applied.
pub enum Verdict {
    /// A loss, to which deductible, co-insurance and limit are applied; `settled` is the part of it that was settled before.
    Loss { gross: Assets, settled: Assets },
    /// An amount that no further term is applied to.
    Exact(Assets),
    /// Nothing.
    Nothing(Reason),
}

impl Example {
    pub fn is_paid(&self) -> bool {
        !self.pays.0.is_zero()
    }

    pub fn peril(&self) -> &'static str {
        self.facts.peril()
    }

    pub fn co_insurance(&self) -> Rate {
        self.cover.co_insurance.0
    }

    pub fn starting_co_insurance(&self) -> Rate {
        self.facts.starting_co_insurance()
    }

    /// What the text says.
    pub fn stated(&self) -> Outcome {
        Outcome {
            loss: self.loss.map(|loss| written(loss.0.raw())),
            pays: written(self.pays.0.raw()),
            because: self.because,
        }
    }

    /// What the formulas say.
    pub fn computed(&self) -> Outcome {
        let refused = self.time.and_then(Time::refusal);
        match refused.map_or_else(|| self.facts.verdict(&self.cover), Verdict::Nothing) {
            Verdict::Nothing(reason) => Outcome {
                loss: None,
                pays: written(0),
                because: Some(reason),
            },
            Verdict::Exact(amount) => Outcome {
                loss: None,
                pays: written(amount.raw()),
                because: None,
            },
            Verdict::Loss { gross, settled } => self.cover.outcome(gross, settled),
        }
    }
}

impl Cover {
    /// As the cover pool counts a loss: what the event was settled for before is taken off after deductible and
    /// co-insurance.
    fn outcome(&self, gross: Assets, settled: Assets) -> Outcome {
        let insured_part =
            |loss| payout_down(loss, self.deductible.0, self.co_insurance.0, Assets::MAX).unwrap();
        let increment = insured_part(gross).sub_or_zero(insured_part(settled));
        let pays = increment.min(self.limit.0);
        let reason = if gross.is_zero() {
            Reason::NothingLost
        } else {
            Reason::BelowDeductible
        };
        Outcome {
            loss: (!gross.is_zero()).then(|| written(gross.raw())),
            pays: written(pays.raw()),
            because: pays.is_zero().then_some(reason),
        }
    }
}

impl Time {
    /// As the cover pool decides it: the event begins when the waiting period is over or later, and not after the end.
    fn refusal(self) -> Option<Reason> {
        if self.happened_after_hours < self.waiting_hours {
            Some(Reason::Waiting)
        } else if self.happened_after_hours > self.ends_after_hours {
            Some(Reason::Ended)
        } else {
            None
        }
    }
}
