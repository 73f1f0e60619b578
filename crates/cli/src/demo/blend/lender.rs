//! Lenders: on Blend by themselves, or through an insured vault.

use testkit::bindings::OnLedger;

use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::FULL_RATE;
use localnet::Keypair;

use super::losses::Losses;
use super::vault::Insured;
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::scenario;

const SUPPLY: u32 = 0;
const WITHDRAW: u32 = 1;
/// More than any account has: asks for all of it.
const ALL: i128 = i64::MAX as i128;

/// A lender.
pub struct Lender {
    pub name: String,
    pub asset: String,
    pub deposit: i128,
    pub after: i128,
    /// What the deposit lost in defaults and deficits before any cover.
    pub loss: i128,
    pub insured: Option<Insured>,
    key: Keypair,
    /// bTokens of the own account, or shares of the vault.
    tokens: i128,
}

impl Lender {
    /// Lends as the scenario says.
    pub fn lend(scene: &mut Scene<'_>, lender: &scenario::Lender) -> Result<Self, DemoError> {
        let stage = &mut scene.stage;
        let key = stage.actor(&lender.name);
        let deposit = lender.deposit.raw();
        let world = &stage.world;
        let asset = world.asset(&lender.asset);
        asset.mint(&world.ledger, &key.address(), deposit);
        let mut this = Self {
            name: lender.name.clone(),
            asset: lender.asset.clone(),
            deposit,
            after: 0,
            loss: 0,
            insured: None,
            key,
            tokens: 0,
        };
        match lender.insured_limit {
            Some(share) => {
                let limit = deposit * share.raw() / FULL_RATE;
                let parties = (lender.name.as_str(), &this.key);
                let (insured, shares) = Insured::found(scene, parties, deposit, limit)?;
                (this.insured, this.tokens) = (Some(insured), shares);
            }
            None => this.lend_on_blend(stage)?,
        }
        Ok(this)
    }

    fn lend_on_blend(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let world = &stage.world;
        let contract = &world.asset(&self.asset).contract;
        let supplied = world
            .pool
            .request(&world.ledger, &self.key, SUPPLY, contract, self.deposit);
        let outcome = supplied.map_err(refused("supply to Blend"))?;
        self.tokens = self.b_tokens(stage);
        stage.note("Blend: supply", outcome);
        Ok(())
    }

    fn b_tokens(&self, stage: &Stage<'_>) -> i128 {
        let world = &stage.world;
        let index = world
            .pool
            .reserve(&world.ledger, world.asset(&self.asset))
            .config
            .index;
        let positions = world.pool.positions(&world.ledger, &self.key.address());
        positions.supply.get(&index).copied().unwrap_or(0)
    }

    /// Works out what the deposit has lost so far.
    pub fn count_loss(&mut self, losses: &Losses) {
        let b_tokens = self
            .insured
            .as_ref()
            .map_or(self.tokens, |insured| insured.b_tokens);
        self.loss = losses.of(&self.asset, b_tokens);
    }

    /// Takes everything out and counts it. What the platform cannot pay now is counted at its books. Where it is short of assets
    /// everybody takes out their part of what is there, and leaves the others theirs.
    pub fn leave(&mut self, stage: &mut Stage<'_>, losses: &Losses) -> Result<(), DemoError> {
        let still_there = match &self.insured {
            None => {
                let missing = losses.missing_up(stage, &self.asset, self.tokens);
                let worth = self.worth_on_blend(stage) - missing;
                let all = if missing > 0 { worth } else { ALL };
                match self.withdraw(stage, all) {
                    Ok(()) => 0,
                    Err(_) => worth,
                }
            }
            Some(insured) => {
                let shares = insured
                    .vault
                    .max_redeem(&self.key)
                    .view(&stage.world.ledger);
                let shares = shares.map_err(refused("leave the insured vault"))?;
                let redeem = insured
                    .vault
                    .redeem(shares, &self.key, &self.key, &self.key);
                stage.send("leave the insured vault", redeem, &self.key)?;
                let left = insured.vault.preview_redeem(self.tokens - shares);
                let left = left.view(&stage.world.ledger).unwrap_or(0);
                if shares == self.tokens {
                    0
                } else {
                    left
                }
            }
        };
        let world = &stage.world;
        let asset = world.asset(&self.asset);
        self.after = asset.balance(&world.ledger, &self.key.address()) + still_there;
        Ok(())
    }

    fn withdraw(&self, stage: &Stage<'_>, amount: i128) -> Result<(), localnet::InvokeError> {
        let world = &stage.world;
        let contract = &world.asset(&self.asset).contract;
        let withdrawn = world
            .pool
            .request(&world.ledger, &self.key, WITHDRAW, contract, amount);
        withdrawn.map(|_| ())
    }

    fn worth_on_blend(&self, stage: &Stage<'_>) -> i128 {
        let world = &stage.world;
        let b_rate = world
            .pool
            .reserve(&world.ledger, world.asset(&self.asset))
            .data
            .b_rate;
        mul_div_down(self.b_tokens(stage), b_rate, BLEND_SCALE).unwrap_or(0)
    }
}
