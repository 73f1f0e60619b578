//! Borrowers: twins with the same loan and another cover, or none.

use actuary::math::mul_div_down;
use actuary::premium::{refund_down, unearned};
use actuary::{Rate, ScaledRate, FULL_RATE};
use localnet::xdr::ScAddress;
use localnet::Keypair;
use testkit::bindings::cover_pool as cover;
use testkit::feeds::PRICE_ONE;

use super::claims::policy_of;
use super::flows::Flows;
use super::platform::{Platform, Request};
use super::stage::Stage;
use super::DemoError;
use crate::output::{Amount, Health, Payout};
use crate::peril::Peril;

/// What each borrower has in the wallet beside the loan, as a share of the debt: for premium, interest and fees.
const CUSHION: i128 = 10;

/// A borrower with a loan.
pub struct Borrower {
    pub name: &'static str,
    pub peril: Option<Peril>,
    pub key: Keypair,
    /// The account of the loan on its platform.
    pub loan: ScAddress,
    pub quote: Option<cover::Quote>,
    pub before: i128,
    pub after: i128,
    pub was_liquidated: bool,
    pub payouts: Vec<Payout>,
    pub drawn: i128,
    pub repaid: i128,
    pub cancelled: Option<Cancelled>,
    /// Whether the owner was refused what they tried to take out while they owed an advance; none if they never owed.
    pub custody_held: Option<bool>,
    /// The policy as it was last seen while in force.
    pub policy: Option<cover::Policy>,
    /// When the loss began that the owner appealed for.
    pub appealed_for: Option<u64>,
}

/// A cover that was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// What came back.
    pub refund: i128,
    /// What must come back.
    pub expected: i128,
    /// What was not earned yet.
    pub unearned: i128,
}

/// The loan that every twin takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub collateral: i128,
    pub debt: i128,
}

impl Size {
    /// The scenario's loan at the first price.
    pub fn of(stage: &Stage<'_>) -> Result<Self, DemoError> {
        let loan = &stage.scenario.loan;
        let value = loan.collateral_value.raw();
        let collateral = mul_div_down(value, PRICE_ONE, stage.market.raw()).unwrap_or(i128::MAX);
        // A thousandth of a cent in the value is the least that 7 decimals must resolve.
        if !(10_000..i128::from(i64::MAX) / 16).contains(&collateral) {
            let price = crate::decimal::format(stage.market.raw(), 14);
            return Err(DemoError::Uncountable { price });
        }
        let debt = value * loan.ltv.raw() / FULL_RATE;
        Ok(Self { collateral, debt })
    }
}

impl Borrower {
    /// Borrows, insured as asked.
    pub fn borrow(
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        platform: &dyn Platform,
        name: &'static str,
        peril: Option<Peril>,
    ) -> Result<Self, DemoError> {
        let size = Size::of(stage)?;
        let limit = peril.map(|peril| (peril, usual_limit(stage, size, peril)));
        let key = stage.actor(name);
        Self::borrow_insured(stage, flows, platform, (name, key), limit)
    }

    /// Borrows, insured up to a limit of one's own choice.
    pub fn borrow_insured(
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        platform: &dyn Platform,
        (name, key): (&'static str, Keypair),
        limit: Option<(Peril, i128)>,
    ) -> Result<Self, DemoError> {
        let size = Size::of(stage)?;
        let cushion = size.debt / CUSHION;
        let world = &stage.world;
        world.usdc.mint(&world.ledger, &key.address(), cushion);
        world
            .collateral
            .mint(&world.ledger, &key.address(), size.collateral);
        let before = stage.worth(&world.collateral.code, size.collateral) + cushion;
        let peril = limit.map(|(peril, _)| peril);
        let insure = limit.map(|(peril, limit)| request(stage, peril, limit, cushion));
        let (loan, quote) = platform.open_loan(stage, &key, size, insure)?;
        if let Some(quote) = &quote {
            flows.premiums += quote.premium;
            flows.fees += quote.fee;
        }
        Ok(Self {
            name,
            peril,
            key,
            loan,
            quote,
            before,
            after: 0,
            was_liquidated: false,
            payouts: Vec::new(),
            drawn: 0,
            repaid: 0,
            cancelled: None,
            custody_held: None,
            policy: None,
            appealed_for: None,
        })
    }

    /// Buys cover for a loan that has none yet.
    pub fn insure(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        platform: &dyn Platform,
        peril: Peril,
    ) -> Result<(), DemoError> {
        let size = Size::of(stage)?;
        let limit = usual_limit(stage, size, peril);
        let request = request(stage, peril, limit, size.debt / CUSHION);
        let quote = platform.insure(stage, &self.key, &self.loan, request)?;
        flows.premiums += quote.premium;
        flows.fees += quote.fee;
        self.peril = Some(peril);
        self.quote = Some(quote);
        Ok(())
    }

    /// The insurable interest.
    pub fn interest(&self) -> cover::Interest {
        cover::Interest(self.loan.clone(), cover::Class::Loan)
    }

    /// Takes note of a payment and what it did to the loan's health.
    pub fn was_paid(
        &mut self,
        stage: &Stage<'_>,
        amount: i128,
        (before, after): (Option<Rate>, Option<Rate>),
    ) {
        self.payouts.push(Payout {
            time: stage.now(),
            asset: stage.world.usdc.code.clone(),
            amount: Amount(amount),
            health_before: before.map(Health),
            health_after: after.map(Health),
        });
    }

    /// The policy as of now, and keeps it.
    pub fn look_at_policy(&mut self, stage: &Stage<'_>) -> Option<cover::Policy> {
        self.quote.as_ref()?;
        let policy = policy_of(stage, &self.interest()).ok().flatten();
        if policy.is_some() {
            self.policy.clone_from(&policy);
        }
        policy
    }

    /// What the advance owes now, fees included.
    pub fn owed(&self, stage: &Stage<'_>) -> i128 {
        if self.peril != Some(Peril::Advance) || self.drawn == 0 {
            return 0;
        }
        let policy = policy_of(stage, &self.interest()).ok().flatten();
        policy.map_or(0, |policy| policy.drawn + policy.fees_due)
    }

    /// Tries to take collateral out while an advance is owed, and remembers whether that was refused. Nothing changes.
    pub fn try_to_walk_away(&mut self, stage: &Stage<'_>, platform: &dyn Platform) {
        let ledger = &stage.world.ledger;
        let snapshot = ledger.snapshot();
        let taken = platform.withdraw_a_unit(stage, &self.key, &self.loan);
        ledger.revert(&snapshot);
        self.custody_held = Some(self.custody_held.unwrap_or(true) && taken.is_err());
    }

    /// Pays the advance back out of the borrower's own pocket.
    pub fn pay_back(&mut self, stage: &mut Stage<'_>, flows: &mut Flows) -> Result<(), DemoError> {
        let owed = self.owed(stage);
        if owed == 0 {
            return Ok(());
        }
        let call = stage
            .world
            .cover
            .pay_back(&self.interest(), &self.key, owed);
        let paid = stage.send("pay an advance back", call, &self.key)?;
        self.repaid += paid;
        flows.repaid += paid;
        Ok(())
    }

    /// Cancels the cover, and works out what must come back from the policy alone.
    pub fn cancel(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        platform: &dyn Platform,
    ) -> Result<(), DemoError> {
        let Some(policy) = self.look_at_policy(stage) else {
            return Ok(());
        };
        let rate = ScaledRate::from_raw(policy.earning_rate);
        let left = unearned(rate, policy.end, stage.now()).unwrap_or_default();
        let expected = refund_down(left).unwrap_or_default().raw();
        let refund = platform.cancel(stage, &self.key, &self.loan)?;
        flows.refunds += refund;
        self.cancelled = Some(Cancelled {
            refund,
            expected,
            unearned: left.raw() / actuary::S,
        });
        Ok(())
    }

    /// Closes the loan and counts what is left.
    pub fn close(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        platform: &dyn Platform,
    ) -> Result<(), DemoError> {
        self.pay_back(stage, flows)?;
        platform.close(stage, &self.key, &self.loan)?;
        self.after = self.wealth(stage);
        Ok(())
    }

    /// What is in the wallet, at the market's price.
    fn wealth(&self, stage: &Stage<'_>) -> i128 {
        let world = &stage.world;
        let code = &world.collateral.code;
        let collateral = world.collateral.balance(&world.ledger, &self.key.address());
        world.usdc.balance(&world.ledger, &self.key.address()) + stage.worth(code, collateral)
    }

    /// What the cover paid, advances included.
    pub fn paid(&self) -> i128 {
        self.payouts.iter().map(|payout| payout.amount.0).sum()
    }

    /// What the cover gave away.
    pub fn given(&self) -> i128 {
        if self.peril == Some(Peril::Advance) {
            0
        } else {
            self.paid()
        }
    }

    /// What is left of the limit.
    pub fn limit_left(&self) -> i128 {
        let policy = self.policy.as_ref().filter(|_| self.cancelled.is_none());
        policy.map_or(0, |policy| policy.limit)
    }

    /// What the cover cost, refunds taken off.
    pub fn premium(&self) -> i128 {
        let refund = self.cancelled.map_or(0, |cancelled| cancelled.refund);
        self.quote.as_ref().map_or(0, |quote| quote.premium) - refund
    }
}

/// The limit of the scenario's covers.
fn usual_limit(stage: &Stage<'_>, size: Size, peril: Peril) -> i128 {
    let (cover, reference) = (&stage.scenario.cover, stage.scenario.reference.as_ref());
    let value = stage.scenario.loan.collateral_value.raw();
    match peril {
        Peril::Grant => value * cover.grant_limit.raw() / FULL_RATE,
        Peril::Liquidation => size.debt * cover.liquidation_limit.raw() / FULL_RATE,
        Peril::Collateral => reference.map_or(0, |reference| {
            let surrendered = reference.surrendered_of(size.collateral);
            mul_div_down(surrendered, reference.price.raw(), PRICE_ONE).unwrap_or(0)
        }),
        Peril::Advance | Peril::Default | Peril::Contract => {
            size.debt * cover.advance_limit.raw() / FULL_RATE
        }
    }
}

/// The tick box.
const fn request(stage: &Stage<'_>, peril: Peril, limit: i128, max_premium: i128) -> Request {
    Request {
        peril,
        limit,
        max_premium,
        weeks: stage.weeks,
    }
}
