//! Lenders: on Blend by themselves, or through an insured vault.

use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::{Assets, FULL_RATE};
use localnet::Keypair;
use testkit::bindings::{
    blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, insured_vault as vault,
};

use super::losses::Losses;
use crate::demo::claims::{policy_of, Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::{as_declared_by, Request};
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::waiting::Waiting;
use crate::demo::DemoError;
use crate::output::{Amount, Layer, Payout, PerilName};
use crate::scenario;

const SUPPLY: u32 = 0;
const WITHDRAW: u32 = 1;
/// More than any account has: asks for all of it.
const ALL: i128 = i64::MAX as i128;
/// What the vault may be charged for its cover now, as a part of the deposit: a tenth.
const PREMIUM_PART: i128 = 10;

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

/// The vault that a lender lends through, and its cover.
pub struct Insured {
    pub vault: vault::Client,
    /// Against defaults; against a deficit where the scenario has one.
    pub layer: Layer,
    pub quote: cover::Quote,
    pub payouts: Vec<Payout>,
    pub policy: Option<cover::Policy>,
    /// Claims that wait.
    pub waiting: Waiting<()>,
    /// bTokens that were exposed.
    pub b_tokens: i128,
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
                this.lend_insured(scene, limit)?;
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

    fn lend_insured(&mut self, scene: &mut Scene<'_>, limit: i128) -> Result<(), DemoError> {
        let Scene { stage, flows, .. } = scene;
        let vault = stage.world.deploy_vault(&self.name);
        let deposit = vault.deposit(self.deposit, &self.key, &self.key, &self.key);
        self.tokens = stage.send("deposit in the insured vault", deposit, &self.key)?;
        let owner = stage.world.owner.clone();
        let state = view_state(stage, &vault)?;
        let layer = match stage.scenario.deficit {
            Some(_) => Layer::Contract,
            None => Layer::Default,
        };
        let request = Request {
            layer,
            limit: limit.min(state.assets_high),
            max_premium: self.deposit / PREMIUM_PART,
            weeks: stage.weeks,
        };
        let request = request.declared(adapter::Route::Repay);
        let request = request.map_err(refused("ask for cover"))?;
        let insure = vault.insure(&vault.0, &request);
        let quote = stage.send("insure the vault", insure, &owner)?;
        let quote = as_declared_by::<cover::Quote>(&quote).map_err(refused("read a quote"))?;
        flows.premiums += quote.premium;
        flows.fees += quote.fee;
        // The premium's most is kept idle while the cover is bought; what is left of it goes back to work.
        let idle = view_state(stage, &vault)?.cash;
        if idle > 0 {
            stage.send("lend idle units of the vault", vault.invest(idle), &owner)?;
        }
        let b_tokens = view_state(stage, &vault)?.b_tokens;
        self.insured = Some(Insured {
            vault,
            layer,
            quote,
            payouts: Vec::new(),
            policy: None,
            waiting: Waiting::default(),
            b_tokens,
        });
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

impl Insured {
    /// The insurable interest.
    pub fn interest(&self) -> cover::Interest {
        cover::Interest(self.vault.0.clone(), cover::Class::Deposit)
    }

    /// The policy as of now, and keeps it.
    pub fn look_at_policy(&mut self, stage: &Stage<'_>) -> Option<cover::Policy> {
        let policy = policy_of(stage, &self.interest()).ok().flatten();
        if policy.is_some() {
            self.policy.clone_from(&policy);
        }
        policy
    }

    /// What the cover paid.
    pub fn paid(&self) -> i128 {
        self.payouts.iter().map(|payout| payout.amount.0).sum()
    }

    /// The claim for what `lender` lost in defaults, if cover paid any: all falls between waiting period and end, by the steps of the
    /// loss index.
    pub fn default_claim(
        &self,
        stage: &Stage<'_>,
        lender: &str,
    ) -> Result<Option<Claim>, DemoError> {
        let policy = match &self.policy {
            Some(policy) if self.layer == Layer::Default && self.paid() > 0 => policy,
            _ => return Ok(None),
        };
        let limit = self.quote.limit;
        let terms = Terms {
            limit,
            ..Terms::of(stage, policy, cover::Peril::Default)?
        };
        let world = &stage.world;
        let index = world
            .lenders
            .loss_index(&world.pool.address, &world.usdc.contract);
        let index = index.view(&world.ledger);
        let steps = index.map_err(refused("read the loss index"))?.steps;
        let window = terms.from..=terms.until;
        let (mut last, mut depth, mut began_at) = (0, 0, None);
        for step in steps {
            let defaults = step.index - step.deficits;
            if window.contains(&step.began_at) && window.contains(&step.seen_at) {
                depth += defaults - last;
                began_at = began_at.or(Some(step.began_at));
            }
            last = defaults;
        }
        let loss = mul_div_down(self.b_tokens, depth, BLEND_SCALE).unwrap_or(0);
        let began_at = began_at.unwrap_or_default();
        let whose = (PerilName::Default, lender.to_owned(), began_at);
        let facts = [("b_tokens", self.b_tokens)];
        let claim = Claim::new(whose, &terms, &facts, Assets::from_raw(loss))?;
        let paid = self.paid();
        Ok(Some(Claim { paid, ..claim }))
    }

    /// Records what the platform lost, and settles what cover owes `lender`; pays claims whose window has passed.
    pub fn settle(&mut self, scene: &mut Scene<'_>, lender: &str) -> Result<(), DemoError> {
        let (now, keeper) = (scene.stage.now(), scene.stage.world.keeper.clone());
        for (claim, ()) in self.waiting.take_due(now) {
            let reserve = reserve_of(&scene.stage);
            let call = scene.stage.world.cover.finalize(claim, &keeper);
            let amount = scene.stage.send("finalize a claim", call, &keeper)?;
            self.was_paid(scene, amount, reserve);
            scene.was_finalized(claim, amount);
        }
        if view_state(&scene.stage, &self.vault)?.owed > 0 {
            self.claim(scene, lender)?;
        }
        Ok(())
    }

    fn claim(&mut self, scene: &mut Scene<'_>, lender: &str) -> Result<(), DemoError> {
        let stage = &mut scene.stage;
        let keeper = stage.world.keeper.clone();
        let (reserve, before) = (reserve_of(stage), self.paid_so_far(stage));
        let call = self.vault.settle(&keeper);
        let settled = stage.witness("settle the vault's loss", call, &keeper);
        let (_, events) = settled.map_err(refused("settle the vault's loss"))?;
        let filed = events.iter().filter(|event| event.is_named("claim_filed"));
        let filed: Vec<u32> = filed.filter_map(claim_number).collect();
        for number in &filed {
            self.waiting.add(stage.now(), *number, ());
        }
        let paid = self.paid_so_far(stage) - before;
        let mut claims = scene.claims.iter_mut();
        if let Some(own) = claims.find(|claim| claim.beneficiary == lender) {
            own.paid += paid;
            own.number = filed.last().copied().or(own.number);
        }
        if paid > 0 {
            self.was_paid(scene, paid, reserve);
        }
        Ok(())
    }

    fn paid_so_far(&mut self, stage: &Stage<'_>) -> i128 {
        self.look_at_policy(stage).map_or(0, |policy| policy.paid)
    }

    fn was_paid(&mut self, scene: &mut Scene<'_>, amount: i128, reserve: i128) {
        let stage = &scene.stage;
        scene.flows.was_paid(amount, reserve - reserve_of(stage));
        self.payouts.push(Payout {
            time: stage.now(),
            asset: stage.world.usdc.code.clone(),
            amount: Amount(amount),
            health_before: None,
            health_after: None,
        });
    }
}

/// The number in the vault's `ClaimFiled` event.
fn claim_number(event: &localnet::Event) -> Option<u32> {
    use localnet::FromScVal;
    event
        .topics
        .get(1)
        .and_then(|topic| u32::from_scval(topic).ok())
}

fn view_state(stage: &Stage<'_>, vault: &vault::Client) -> Result<vault::VaultState, DemoError> {
    vault
        .state()
        .view(&stage.world.ledger)
        .map_err(refused("read the vault's books"))
}

/// Has the lenders' contract look at a reserve, which books a fall, and returns its index.
pub fn record(stage: &mut Stage<'_>) -> Result<lenders::LossIndex, DemoError> {
    let (keeper, world) = (stage.world.keeper.clone(), &stage.world);
    let call = world
        .lenders
        .record(&world.pool.address, &world.usdc.contract);
    stage.send("record a loss index", call, &keeper)
}
