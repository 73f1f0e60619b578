//! What lenders of Blend's reserve lost, and what of it cover pays the insured vault.

use localnet::{xdr::ScAddress, Event};
use testkit::{
    bindings::{blend_lenders::LossStep, cover_pool::Peril, OnLedger},
    blend::ReserveData,
};

use crate::{
    cover::Sight,
    follow::{name, read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{div_up, Key, Shadow, FULL},
    stage::{Stage, BLEND_SCALE},
};

/// The perils of a vault.
const PERILS: [Peril; 2] = [Peril::Default, Peril::Contract];

/// What Blend's rounding may add to what a default costs a bToken, of its scale.
const ROUNDING: i128 = 3;

/// The loss index by its events, and what it may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lenders {
    pub index: i128,
    pub deficits: i128,
    pub sight: Option<Sight>,
    /// What the issuer took from Blend so far, less what was given to it unasked.
    pub taken: i128,
    /// The most of a bToken that was missing when a deficit was counted.
    worst: i128,
    /// At most what defaults have cost a bToken.
    defaulted: i128,
    b_supply: i128,
    vault_tokens: i128,
    /// What the insured vault lost by each peril while covered, scaled.
    lost: [i128; 2],
    /// What it was paid and has filed.
    paid: [i128; 2],
}

/// The insured vault's interest.
fn vault(stage: &Stage) -> Key {
    (stage.insured_vault.0.clone(), 2)
}

fn reserve(stage: &Stage) -> ReserveData {
    let world = &stage.world;
    world.pool.reserve(&world.ledger, &world.usdc).data
}

/// What the reserve's books say is there, less what is.
fn missing(stage: &Stage, reserve: &ReserveData) -> Result<i128, Broken> {
    let owned = reserve.b_supply * reserve.b_rate / BLEND_SCALE + reserve.backstop_credit;
    let owed = div_up(reserve.d_supply * reserve.d_rate, BLEND_SCALE);
    let (held, _) = stage.holds(&stage.world.pool.address)?;
    Ok((owned - owed - held).max(0))
}

impl Lenders {
    /// What the contract for lenders says.
    pub fn said(&mut self, event: &Event, stage: &Stage, before: &Shadow, now: u64) -> Rules {
        match name(event).as_str() {
            "deficit_seen" => {
                let seen = read::<(i128,)>(&event.data).0;
                let there = missing(stage, &reserve(stage))?;
                expect_equal("B3", "seen to be missing", seen, there)?;
                let sight = Sight {
                    missing: seen,
                    time: now,
                };
                self.sight = Some(sight);
                expect("B3", seen <= self.taken, || {
                    format!("{seen} missing, {} taken", self.taken)
                })
            }
            "loss_recorded" => {
                let step = read::<(LossStep,)>(&event.data).0;
                self.stepped(&step, stage, before, now)
            }
            _ => Ok(()),
        }
    }

    /// B3: a step goes up, by what defaulted or by what was missing both times.
    fn stepped(&mut self, step: &LossStep, stage: &Stage, before: &Shadow, now: u64) -> Rules {
        let deficit = step.deficits - self.deficits;
        let fall = step.index - self.index - deficit;
        let is_step = deficit >= 0 && fall >= 0 && step.seen_at == now;
        expect("B3", is_step, || format!("{step:?} after {self:?}"))?;
        (self.index, self.deficits) = (step.index, step.deficits);
        if deficit > 0 {
            self.count(deficit, step, stage, now)?;
        }
        let most = self.worst + self.defaulted;
        expect("B3", self.index <= most, || {
            format!("{step:?} counts more than {most}: {self:?}")
        })?;
        let covered = [(fall, step.seen_at), (deficit, step.began_at)];
        for (index, (part, until)) in covered.into_iter().enumerate() {
            if is_covered(before, &vault(stage), PERILS[index], (step.began_at, until)) {
                self.lost[index] += self.vault_tokens * part;
            }
        }
        Ok(())
    }

    fn count(&mut self, deficit: i128, step: &LossStep, stage: &Stage, now: u64) -> Rules {
        let sight = self
            .sight
            .filter(|sight| sight.time == step.began_at && sight.again().contains(&now));
        let sight = sight.ok_or_else(|| Broken::new("B3", format!("not seen twice: {step:?}")))?;
        let reserve = reserve(stage);
        let missing = missing(stage, &reserve)?.min(sight.missing);
        let most = missing * BLEND_SCALE / reserve.b_supply;
        self.worst = self.worst.max(most.min(reserve.b_rate));
        expect("B3", deficit <= most, || {
            format!("{step:?} counts more than {most}: {missing} is missing")
        })
    }

    /// What Blend says.
    pub fn platform_said(&mut self, event: &Event, stage: &Stage) {
        let usdc = &stage.world.usdc.contract;
        if event.is_named("defaulted_debt") && topic::<ScAddress>(event, 1) == *usdc {
            let d_tokens: i128 = read(&event.data);
            self.defaulted += div_up(d_tokens * reserve(stage).d_rate, self.b_supply) + ROUNDING;
        }
    }

    /// B4: what the pool pays and reserves for the insured vault is at most its bTokens' part, but for what only the court can grant.
    pub fn pool_said(
        &mut self,
        event: &Event,
        (stage, before): (&Stage, &Shadow),
        is_appeal: bool,
    ) -> Rules {
        let is_payment = event.is_named("paid") || event.is_named("filed");
        if !is_payment || is_appeal {
            return Ok(());
        }
        let (class, peril, _, amount): (u32, u32, u64, i128) = read(&event.data);
        let index = PERILS.iter().position(|known| *known as u32 == peril);
        let is_vault = (topic(event, 1), class) == vault(stage);
        let Some(index) = index.filter(|_| is_vault) else {
            return Ok(());
        };
        self.paid[index] += amount;
        let co_insurance =
            sold(before, &vault(stage), PERILS[index]).map_or(0, |(co_insurance, _)| co_insurance);
        let most = self.lost[index] / BLEND_SCALE * (FULL - co_insurance) / FULL;
        expect("B4", self.paid[index] <= most, || {
            format!("{amount} for the vault, in all more than {most}: {self:?}")
        })
    }

    /// Looks at what changes the parts, after each call that Blend was part of.
    pub fn look(&mut self, stage: &Stage) {
        let world = &stage.world;
        self.b_supply = reserve(stage).b_supply;
        let held = world.pool.positions(&world.ledger, &stage.insured_vault.0);
        self.vault_tokens = held.supply.values().sum();
    }

    /// The index that is stored is the one that was told.
    pub fn check_index(&self, stage: &Stage) -> Rules {
        let world = &stage.world;
        let index = world
            .lenders
            .loss_index(&world.pool.address, &world.usdc.contract)
            .look_up(&world.ledger);
        let index = index.map_err(|error| Broken::new("view", format!("loss index: {error}")))?;
        let (shown, told) = ((index.index, index.deficits), (self.index, self.deficits));
        expect_equal("B3", "loss index", shown, told)
    }
}

/// The co-insurance and the waiting period of a peril that a policy covers.
fn sold(before: &Shadow, key: &Key, peril: Peril) -> Option<(i128, u64)> {
    let policy = before.policies.get(key)?;
    let terms = &before.groups[policy.group as usize];
    let sold = terms.perils.iter().find(|sold| sold.peril == peril)?;
    let is_covered = policy.perils >> peril as u32 & 1 == 1;
    is_covered.then_some((sold.co_insurance.into(), sold.waiting))
}

/// Whether all of this time is covered.
fn is_covered(before: &Shadow, key: &Key, peril: Peril, (from, until): (u64, u64)) -> bool {
    let (Some(policy), Some((_, waiting))) = (before.policies.get(key), sold(before, key, peril))
    else {
        return false;
    };
    policy.start + waiting <= from && until <= policy.end
}
