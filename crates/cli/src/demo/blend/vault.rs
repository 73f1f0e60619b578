//! An insured vault that a lender lends through, and its cover.

use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::Assets;
use localnet::{Event, FromScVal, Keypair};
use testkit::bindings::{
    blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover,
    insured_vault as vault, OnLedger,
};

use crate::demo::claims::{policy_of, Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::{as_declared_by, Request};
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::waiting::Waiting;
use crate::demo::DemoError;
use crate::output::{Amount, Payout};
use crate::peril::{Peril, PerilFamily};

/// What the vault may be charged for its cover now, as a part of the deposit: a tenth.
const PREMIUM_PART: i128 = 10;

/// The vault that a lender lends through, and its cover.
pub struct Insured {
    pub vault: vault::Client,
    /// Against defaults; against a deficit where the scenario has one.
    pub peril: Peril,
    pub quote: cover::Quote,
    pub payouts: Vec<Payout>,
    pub policy: Option<cover::Policy>,
    /// Claims that wait.
    pub waiting: Waiting<()>,
    /// bTokens that were exposed.
    pub b_tokens: i128,
}

impl Insured {
    /// Founds a vault of that name, deposits in it, insures it up to `limit`, and returns it with the depositor's shares.
    pub fn found(
        scene: &mut Scene<'_>,
        (name, depositor): (&str, &Keypair),
        deposit: i128,
        limit: i128,
    ) -> Result<(Self, i128), DemoError> {
        let Scene { stage, flows, .. } = scene;
        let vault = stage.world.deploy_vault(name);
        let call = vault.deposit(deposit, depositor, depositor, depositor);
        let shares = stage.send("deposit in the insured vault", call, depositor)?;
        let owner = stage.world.owner.clone();
        let peril = match stage.scenario.deficit {
            Some(_) => Peril::Contract,
            None => Peril::Default,
        };
        let request = Request {
            peril,
            limit: limit.min(view_state(stage, &vault)?.assets_high),
            max_premium: deposit / PREMIUM_PART,
            weeks: stage.weeks,
        };
        let request = request.declared(adapter::Route::Repay);
        let insure = vault.insure(&vault.0, &request.map_err(refused("ask for cover"))?);
        let quote = stage.send("insure the vault", insure, &owner)?;
        let quote = as_declared_by::<cover::Quote>(&quote).map_err(refused("read a quote"))?;
        flows.premiums += quote.premium;
        flows.fees += quote.fee;
        // The premium's most is kept idle while the cover is bought; what is left of it goes back to work.
        let idle = view_state(stage, &vault)?.cash;
        if idle > 0 {
            stage.send("lend idle units of the vault", vault.invest(idle), &owner)?;
        }
        let insured = Self {
            b_tokens: view_state(stage, &vault)?.b_tokens,
            vault,
            peril,
            quote,
            payouts: Vec::new(),
            policy: None,
            waiting: Waiting::default(),
        };
        Ok((insured, shares))
    }

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

    /// The claim for what `lender` lost in defaults, if cover paid any: all falls between waiting period and end, by the steps
    /// of the loss index.
    pub fn default_claim(
        &self,
        stage: &Stage<'_>,
        lender: &str,
    ) -> Result<Option<Claim>, DemoError> {
        let policy = match &self.policy {
            Some(policy) if self.peril == Peril::Default && self.paid() > 0 => policy,
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
        let whose = (PerilFamily::Default, lender.to_owned(), began_at);
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
fn claim_number(event: &Event) -> Option<u32> {
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
