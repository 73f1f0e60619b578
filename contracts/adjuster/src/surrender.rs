//! Collateral that has failed: what it is claimed for, and its lot in salvage.

use actuary::loss::collateral_loss_down;
use actuary::price::cross_down;
use actuary::time::HOUR;
use actuary::{Assets, Price, Rate};
use interfaces::adapter::AdapterError;
use interfaces::cover::{Interest, Loss, Peril, Settlement};
use interfaces::salvage::{Lot, SalvageClient};
use soroban_sdk::{Address, Env};

use crate::answers::{Claim, HubClient};
use crate::peg::Peg;
use crate::policy::pay;
use crate::refusal::no_result;
use crate::valuation::Scale;

/// The hours over which collateral must have failed.
const HOURS: u32 = 6;

/// What an owner hands over of a loan.
pub struct Surrender<'a> {
    /// The environment.
    pub env: &'a Env,
    /// The price hub.
    pub price_hub: &'a Address,
    /// The collateral asset.
    pub collateral: &'a Address,
    /// The debt asset.
    pub asset: &'a Address,
    /// The reference price.
    pub peg: Peg,
    /// The decimals of both assets.
    pub scale: Scale,
    /// The loan's owner.
    pub owner: &'a Address,
    /// How much, in the collateral's smallest unit.
    pub amount: i128,
}

/// A claim that was filed for what is surrendered.
pub struct Filed {
    /// Its number.
    pub claim: u32,
    /// What is surrendered at the reference price, rounded down.
    value: Assets,
}

impl Surrender<'_> {
    /// Files the claim, of at least `least`: before anything leaves the loan, so that nothing is surrendered for less.
    pub fn file(
        &self,
        cover_pool: &Address,
        interest: &Interest,
        least: i128,
    ) -> Result<Filed, AdapterError> {
        let surrendered = Assets::checked_from_raw(self.amount).map_err(no_result)?;
        let value = self.scale.value_down(self.peg.price, surrendered)?;
        let loss = Loss {
            peril: Peril::Collateral,
            event: 0,
            amount: self.loss_down(value)?.raw(),
            occurred_at: self
                .env
                .ledger()
                .timestamp()
                .saturating_sub(u64::from(HOURS) * HOUR),
            rescue: true,
            // A mean over hours has no number of sources of its own.
            sources: 0,
        };
        // A claim that waits has no bounty yet, so it does not matter whose it would be.
        let settled = pay(self.env, cover_pool, interest, &loss, self.owner)
            .unwrap_or_else(|refusal| refusal.raise(self.env));
        let Settlement::Filed(claim, claimed) = settled else {
            return Err(AdapterError::NoSuchClaim);
        };
        if claimed < least {
            return Err(AdapterError::ClaimTooSmall);
        }
        Ok(Filed { claim, value })
    }

    /// What is claimed, rounded down; refused unless the collateral has failed.
    fn loss_down(&self, value: Assets) -> Result<Assets, AdapterError> {
        let loss = collateral_loss_down(
            value,
            Price::from_raw(self.peg.price),
            self.mean_down()?,
            Rate::from_raw(self.peg.deductible.into()),
        )
        .map_err(no_result)?;
        if loss.is_zero() {
            return Err(AdapterError::NotFailed);
        }
        Ok(loss)
    }

    /// The mean price of the pair over the last hours, rounded down.
    fn mean_down(&self) -> Result<Price, AdapterError> {
        let hub = HubClient::new(self.env, self.price_hub);
        let mean = |asset| match hub.try_twap(asset, &HOURS) {
            Ok(Ok(mean)) => Ok(Price::from_raw(mean)),
            _ => Err(AdapterError::PriceUnavailable),
        };
        cross_down(mean(self.collateral)?, mean(self.asset)?).map_err(no_result)
    }

    /// Books what salvage has just received.
    pub fn book(&self, salvage: &Address, filed: &Filed) {
        let lot = Lot {
            asset: self.collateral.clone(),
            amount: self.amount,
            surrendered: self.amount,
            value: filed.value.raw(),
            owner: self.owner.clone(),
            sold_from: None,
            is_denied: false,
        };
        let adapter = self.env.current_contract_address();
        SalvageClient::new(self.env, salvage).book(&adapter, &filed.claim, &lot);
    }
}

/// What may still be surrendered of the `rated` collateral after `amount` of it; refused beyond it. What was added later was
/// bought for what it is worth, so the reference price is not owed for it.
pub fn rated_left(rated: i128, amount: i128) -> Result<i128, AdapterError> {
    rated
        .checked_sub(amount)
        .filter(|left| *left >= 0)
        .ok_or(AdapterError::AboveRatedCollateral)
}

/// Lets the sale of what was surrendered begin, once its claim is paid. Anyone may do that too, so the claim does not depend
/// on it.
pub fn offer(env: &Env, salvage: Option<&Address>, id: u32, claim: &Claim) {
    if let (Peril::Collateral, Some(salvage)) = (claim.peril, salvage) {
        let _ = SalvageClient::new(env, salvage).try_offer(&id);
    }
}

/// Gives back what was surrendered for a claim that the court denied in full, or has it wait for its owner: before the claim is
/// closed, after which it would be sold. A claim without a lot has nothing to give back.
pub fn give_back(env: &Env, salvage: Option<&Address>, id: u32, claim: &Claim) {
    let is_denied = claim.peril == Peril::Collateral && claim.amount == 0;
    if let (true, Some(salvage)) = (is_denied, salvage) {
        SalvageClient::new(env, salvage).give_back(&id);
    }
}
