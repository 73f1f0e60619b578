//! The proof that Blend is short of assets, and what of it insured vaults are owed.

use actuary::math::mul_div_down;
use actuary::{loss::BLEND_SCALE, Assets};
use testkit::bindings::{blend_lenders as lenders, cover_pool as cover};

use super::losses::lent;
use super::Blend;
use crate::demo::claims::{policy_of, uncountable, Claim, Terms};
use crate::demo::robbery::{Look, Robbery, Sight};
use crate::demo::scene::Scene;
use crate::demo::stage::Stage;
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::peril::{Peril, PerilFamily};

/// What the platform is called.
const NAME: &str = "Blend";

impl Blend<'_> {
    /// Takes assets out of Blend, if it is time.
    pub(super) fn rob(&mut self, scene: &mut Scene<'_>) {
        let pool = scene.stage.world.pool.address.clone();
        self.robbery.happen(scene, &[(NAME, &pool)]);
    }

    /// Looks whether Blend is short of the loan asset. What is seen twice is lost to its lenders.
    pub(super) fn prove(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        match self.robbery.next_look(scene.stage.now()) {
            None => Ok(()),
            Some(Look::First) => {
                let missing = missing(&scene.stage)?;
                if missing == 0 {
                    return Ok(());
                }
                self.look(scene)?;
                self.robbery.was_seen(scene, NAME, missing);
                Ok(())
            }
            Some(Look::Second(sight)) => self.count_deficit(scene, sight),
        }
    }

    /// The second look, which counts; vaults are paid when they settle.
    fn count_deficit(&mut self, scene: &mut Scene<'_>, seen: Sight) -> Result<(), DemoError> {
        let stage = &scene.stage;
        let reserve = lent(stage, &stage.world.usdc).map_err(uncountable)?;
        let missing = missing(stage)?;
        let least = seen.missing.min(missing);
        let lost = self.losses.count(stage, least)?;
        let facts = [
            ("b_rate", reserve.b_rate),
            ("b_supply", reserve.b_tokens),
            ("missing_at_first_look", seen.missing),
            ("missing_at_second_look", missing),
        ];
        let mut claims = Vec::new();
        for lender in &self.lenders {
            let insured = lender.insured.as_ref();
            let Some(insured) = insured.filter(|own| own.peril == Peril::Contract) else {
                continue;
            };
            let Some(policy) = policy_of(stage, &insured.interest())? else {
                continue;
            };
            let terms = Terms::of(stage, &policy, cover::Peril::Contract)?;
            let loss = mul_div_down(insured.b_tokens, lost, BLEND_SCALE).map_err(uncountable)?;
            let whose = (PerilFamily::Contract, lender.name.clone(), seen.at);
            let facts = [&facts[..], &[("b_tokens", insured.b_tokens)]].concat();
            claims.push(Claim::new(whose, &terms, &facts, Assets::from_raw(loss))?);
        }
        scene.claims.extend(claims);
        self.look(scene)?;
        self.robbery = Robbery::Proven;
        let what = format!("deficit proven, {} missing", money(&scene.stage, least));
        scene.tell(NAME, what);
        Ok(())
    }

    /// Looks once, on chain, and holds the lenders' contract's index against our own.
    fn look(&self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let (keeper, world) = (scene.stage.world.keeper.clone(), &scene.stage.world);
        let (platform, asset) = (&world.pool.address, &world.usdc.contract);
        let call = world.lenders.prove_deficit(platform, asset);
        let index: lenders::LossIndex =
            scene
                .stage
                .send("prove a deficit on Blend", call, &keeper)?;
        let own = self.losses.index(&scene.stage.world.usdc.code);
        scene.watch.saw_index(index.index, own);
        Ok(())
    }
}

/// What Blend is short of, by its books, its balance and the formula.
fn missing(stage: &Stage<'_>) -> Result<i128, DemoError> {
    let reserve = lent(stage, &stage.world.usdc).map_err(uncountable)?;
    let missing = reserve.books.deficit().map_err(uncountable)?;
    Ok(missing.raw())
}
