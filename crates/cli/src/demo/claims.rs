//! Claims beside advances and grants: what they were for, what the actuary's formulas make of it, and what was paid.

use actuary::loss::{has_dropped, liquidation_loss_down, payout_down};
use actuary::{Assets, MathError, Price, Rate};
use testkit::bindings::{cover_pool as cover, OnLedger};

use super::refusal::Ground;
use super::stage::{refused, Stage};
use super::DemoError;
use crate::peril::PerilFamily;

/// What a cover paid for, and what it owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub peril: PerilFamily,
    /// When the loss happened.
    pub time: u64,
    /// Whether that was between waiting period and end.
    pub is_in_time: bool,
    pub beneficiary: String,
    /// What the loss is worked out from, in the smallest unit of its asset; prices with 14 decimals.
    pub facts: Vec<(&'static str, i128)>,
    /// The loss by the actuary's formula.
    pub loss: i128,
    /// What is owed for it: after deductible and co-insurance, at most the limit; nothing out of time.
    pub due: i128,
    pub paid: i128,
    /// Its number in the cover pool, if it had to wait.
    pub number: Option<u32>,
}

impl Claim {
    /// For a loss of that time under these terms; nothing is paid yet. `facts` are beside the limit.
    pub fn new(
        (peril, beneficiary, time): (PerilFamily, String, u64),
        terms: &Terms,
        facts: &[(&'static str, i128)],
        loss: Assets,
    ) -> Result<Self, DemoError> {
        let is_in_time = (terms.from..=terms.until).contains(&time);
        let due = terms.due(loss).map_err(uncountable)?;
        Ok(Self {
            peril,
            time,
            is_in_time,
            beneficiary,
            facts: [facts, &[("limit", terms.limit)]].concat(),
            loss: loss.raw(),
            due: if is_in_time { due } else { 0 },
            paid: 0,
            number: None,
        })
    }
}

/// What a policy covers of a peril.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub deductible: i128,
    pub co_insurance: Rate,
    pub limit: i128,
    /// When its waiting period is over.
    pub from: u64,
    pub until: u64,
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
        let sold = group.as_ref().and_then(|group| {
            let mut perils = group.perils.iter();
            perils.find(|terms| terms.peril == peril)
        });
        let (co_insurance, waiting) =
            sold.map_or((0, 0), |terms| (terms.co_insurance, terms.waiting));
        Ok(Self {
            deductible: group.as_ref().map_or(0, |group| group.deductible),
            co_insurance: Rate::from_raw(co_insurance.into()),
            limit: policy.limit,
            from: policy.start + waiting,
            until: policy.end,
        })
    }

    /// What is owed for a loss.
    fn due(&self, loss: Assets) -> Result<i128, MathError> {
        let due = payout_down(
            loss,
            Assets::from_raw(self.deductible),
            self.co_insurance,
            Assets::from_raw(self.limit),
        );
        due.map(Assets::raw)
    }
}

/// The penalty of a liquidation that took collateral worth `lost` for `repaid` of debt; nothing unless the price has fallen
/// enough since it was `before`.
pub fn penalty_down(
    (before, now): (Price, Price),
    (lost, repaid): (i128, i128),
    incentive: Rate,
) -> Result<Assets, MathError> {
    if !has_dropped(before, now)? {
        return Ok(Assets::ZERO);
    }
    let (lost, repaid) = (Assets::from_raw(lost), Assets::from_raw(repaid));
    liquidation_loss_down(lost, repaid, incentive, Assets::ZERO)
}

/// The policy of an insurable interest, if it has one.
pub fn policy_of(
    stage: &Stage<'_>,
    interest: &cover::Interest,
) -> Result<Option<cover::Policy>, DemoError> {
    let policy = stage.world.cover.policy(interest);
    policy
        .view(&stage.world.ledger)
        .map_err(refused("read a policy"))
}

/// Makes a formula without an answer the end of the demo.
pub fn uncountable(error: MathError) -> DemoError {
    DemoError::Refused {
        doing: "working out a loss".to_owned(),
        reason: error.to_string(),
        ground: Ground::Other,
    }
}
