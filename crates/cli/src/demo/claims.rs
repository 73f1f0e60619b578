//! Claims beside advances and grants: what they were for, what the actuary's formulas make of it, and what was paid.

use actuary::loss::payout_down;
use actuary::{Assets, MathError, Rate};
use testkit::bindings::cover_pool as cover;

use super::stage::{refused, Stage};
use super::DemoError;
use crate::output::PerilName;

/// What a cover paid for, and what it owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub peril: PerilName,
    /// When the loss happened.
    pub time: u64,
    pub beneficiary: String,
    /// What the loss is worked out from, in the smallest unit of its asset; prices with 14 decimals.
    pub facts: Vec<(&'static str, i128)>,
    /// The loss by the actuary's formula.
    pub loss: i128,
    /// What is owed for it: after deductible and co-insurance, at most the limit.
    pub due: i128,
    pub paid: i128,
}

/// What a policy bears of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub deductible: i128,
    pub co_insurance: Rate,
    pub limit: i128,
}

impl Terms {
    /// Those of a policy as it is now.
    pub fn of(
        stage: &Stage<'_>,
        policy: &cover::Policy,
        peril: cover::Peril,
    ) -> Result<Self, DemoError> {
        let group = stage.world.cover.group(policy.group);
        let group = group.view(&stage.world.ledger);
        let group = group.map_err(refused("read a group's terms"))?;
        let kappa = group.as_ref().and_then(|group| {
            let terms = group.perils.iter().find(|terms| terms.peril == peril);
            terms.map(|terms| terms.kappa)
        });
        Ok(Self {
            deductible: group.map_or(0, |group| group.deductible),
            co_insurance: Rate::from_raw(kappa.unwrap_or_default().into()),
            limit: policy.limit,
        })
    }

    /// What is owed for a loss.
    pub fn due(&self, loss: Assets) -> Result<i128, MathError> {
        let due = payout_down(
            loss,
            Assets::from_raw(self.deductible),
            self.co_insurance,
            Assets::from_raw(self.limit),
        );
        due.map(Assets::raw)
    }
}
