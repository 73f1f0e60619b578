//! Lenders: on Blend by themselves, or through an insured vault.

use actuary::claim::CHALLENGE_WINDOW;
use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::FULL_RATE;
use localnet::Keypair;
use testkit::bindings::{blend_lenders as lenders, cover_pool as cover, insured_vault as vault};

use super::losses::Losses;
use crate::demo::flows::Flows;
use crate::demo::keeper::reserve_of;
use crate::demo::platform::as_declared_by;
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::output::{Amount, Payout};
use crate::scenario;

const SUPPLY: u32 = 0;
const WITHDRAW: u32 = 1;
/// What the vault may be charged for its cover now, as a part of the deposit: a tenth.
const PREMIUM_PART: i128 = 10;

/// A lender.
pub struct Lender {
    pub name: String,
    pub asset: String,
    pub deposit: i128,
    pub after: i128,
    /// What the deposit lost in defaults before any cover.
    pub loss: i128,
    pub insured: Option<Insured>,
    key: Keypair,
    /// bTokens of the own account, or shares of the vault.
    tokens: i128,
}

/// The vault that a lender lends through, and its cover.
pub struct Insured {
    pub vault: vault::Client,
    pub quote: cover::Quote,
    pub payouts: Vec<Payout>,
    pub policy: Option<cover::Policy>,
    /// Claims that wait, and when their window has passed.
    pub waiting: Vec<(u32, u64)>,
    /// All claims that ever waited.
    pub filed: Vec<u32>,
    /// bTokens that were exposed to defaults.
    pub b_tokens: i128,
}

impl Lender {
    /// Lends as the scenario says.
    pub fn lend(
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        lender: &scenario::Lender,
    ) -> Result<Self, DemoError> {
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
                this.lend_insured(stage, flows, limit)?;
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

    fn lend_insured(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        limit: i128,
    ) -> Result<(), DemoError> {
        let vault = stage.world.deploy_vault(&self.name);
        let deposit = vault.deposit(self.deposit, &self.key, &self.key, &self.key);
        self.tokens = stage.send("deposit in the insured vault", deposit, &self.key)?;
        let owner = stage.world.owner.clone();
        let state = view_state(stage, &vault)?;
        let request = vault::CoverRequest {
            limit: limit.min(state.assets_high),
            max_premium: self.deposit / PREMIUM_PART,
            max_rate: 0,
            perils: vec![vault::Peril::Default],
            route: vault::Route::Repay,
            weeks: stage.weeks,
        };
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
            quote,
            payouts: Vec::new(),
            policy: None,
            waiting: Vec::new(),
            filed: Vec::new(),
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

    /// Takes everything out and counts it. What the platform cannot pay now is counted at its books.
    pub fn leave(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let (left_with, still_there) = match &self.insured {
            None => (self.withdraw(stage), self.worth_on_blend(stage)),
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
                (Ok(()), if shares == self.tokens { 0 } else { left })
            }
        };
        let world = &stage.world;
        let wallet = world
            .asset(&self.asset)
            .balance(&world.ledger, &self.key.address());
        self.after = wallet
            + if left_with.is_ok() && self.insured.is_none() {
                0
            } else {
                still_there
            };
        Ok(())
    }

    fn withdraw(&self, stage: &Stage<'_>) -> Result<(), localnet::InvokeError> {
        let world = &stage.world;
        let (contract, all) = (&world.asset(&self.asset).contract, i128::from(i64::MAX));
        let withdrawn = world
            .pool
            .request(&world.ledger, &self.key, WITHDRAW, contract, all);
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
        let policy = stage
            .world
            .cover
            .policy(&self.interest())
            .view(&stage.world.ledger);
        let policy = policy.ok().flatten();
        if policy.is_some() {
            self.policy.clone_from(&policy);
        }
        policy
    }

    /// What the cover paid.
    pub fn paid(&self) -> i128 {
        self.payouts.iter().map(|payout| payout.amount.0).sum()
    }

    /// What the vault lost in falls that happened between waiting period and end, by the steps of the loss index.
    pub fn covered_loss(&self, stage: &Stage<'_>) -> i128 {
        let world = &stage.world;
        let index = world
            .lenders
            .loss_index(&world.pool.address, &world.usdc.contract);
        let steps = index
            .view(&world.ledger)
            .map_or_else(|_| Vec::new(), |index| index.steps);
        let window = self.quote.start + self.quote.waiting..=self.quote.end;
        let (mut last, mut depth) = (0, 0);
        for step in steps {
            let defaults = step.index - step.deficits;
            if window.contains(&step.began_at) && window.contains(&step.seen_at) {
                depth += defaults - last;
            }
            last = defaults;
        }
        mul_div_down(self.b_tokens, depth, BLEND_SCALE).unwrap_or(0)
    }

    /// Records what the platform lost, and settles what cover owes; pays claims whose window has passed.
    pub fn settle(&mut self, stage: &mut Stage<'_>, flows: &mut Flows) -> Result<(), DemoError> {
        let (now, keeper) = (stage.now(), stage.world.keeper.clone());
        let due: Vec<u32> = self
            .waiting
            .iter()
            .filter(|(_, at)| *at <= now)
            .map(|(claim, _)| *claim)
            .collect();
        self.waiting.retain(|(_, at)| *at > now);
        for claim in due {
            let reserve = reserve_of(stage);
            let call = stage.world.cover.finalize(claim, &keeper);
            let amount = stage.send("finalize a claim", call, &keeper)?;
            self.was_paid(stage, flows, amount, reserve);
        }
        if view_state(stage, &self.vault)?.owed > 0 {
            self.claim(stage, flows)?;
        }
        Ok(())
    }

    fn claim(&mut self, stage: &mut Stage<'_>, flows: &mut Flows) -> Result<(), DemoError> {
        let keeper = stage.world.keeper.clone();
        let (reserve, before) = (reserve_of(stage), self.paid_so_far(stage));
        let settle = self.vault.settle(&keeper);
        let outcome = settle
            .outcome(&stage.world.ledger, &keeper, localnet::Auth::Sign(&[]))
            .map_err(refused("settle the vault's loss"))?;
        for event in outcome
            .events
            .iter()
            .filter(|event| event.is_named("claim_filed"))
        {
            if let Some(claim) = claim_number(event) {
                self.filed.push(claim);
                self.waiting.push((claim, stage.now() + CHALLENGE_WINDOW));
            }
        }
        stage.note("settle the vault's loss", outcome);
        let paid = self.paid_so_far(stage) - before;
        if paid > 0 {
            self.was_paid(stage, flows, paid, reserve);
        }
        Ok(())
    }

    fn paid_so_far(&mut self, stage: &Stage<'_>) -> i128 {
        self.look_at_policy(stage).map_or(0, |policy| policy.paid)
    }

    fn was_paid(&mut self, stage: &Stage<'_>, flows: &mut Flows, amount: i128, reserve: i128) {
        flows.was_paid(amount, reserve - reserve_of(stage));
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
