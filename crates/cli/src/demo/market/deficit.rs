//! Cover of the insured market's lenders as a whole, and the proof that it is short of assets.

use actuary::loss::PlatformBooks;
use actuary::Assets;
use testkit::bindings::{blend_adapter as adapter, cover_pool as cover, OnLedger};

use super::liquidation::filed_for;
use super::{Market, Side};
use crate::demo::claims::{policy_of, uncountable, Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::{as_declared_by, Request};
use crate::demo::robbery::{Look, Robbery, Sight};
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::peril::{Peril, PerilFamily};
use crate::scenario::Deficit;

/// What the operator may be charged for the lenders' cover, as a part of its limit: a tenth.
const PREMIUM_PART: i128 = 10;

impl Market<'_> {
    /// Insures the insured market's lenders as a whole; its operator pays.
    pub(super) fn insure_lenders(
        &mut self,
        scene: &mut Scene<'_>,
        deficit: &Deficit,
    ) -> Result<(), DemoError> {
        let (stage, limit) = (&mut scene.stage, deficit.limit.raw());
        let operator = stage.world.owner.clone();
        let max_premium = limit / PREMIUM_PART;
        let world = &stage.world;
        world
            .usdc
            .mint(&world.ledger, &operator.address(), max_premium);
        let request = Request {
            peril: Peril::Contract,
            limit,
            max_premium,
            weeks: stage.weeks,
        };
        let request = request.declared(adapter::Route::Adapter);
        let request = request.map_err(refused("ask for cover"))?;
        let (platform, insurer) = (&self.founded.platform.0, &self.founded.insurer);
        let call = insurer.insure_lenders(platform, &operator, &request);
        let quote = stage.send("market: insure its lenders", call, &operator)?;
        let quote = as_declared_by::<cover::Quote>(&quote).map_err(refused("read a quote"))?;
        scene.flows.premiums += quote.premium;
        scene.flows.fees += quote.fee;
        self.lenders_quote = Some(quote);
        Ok(())
    }

    /// Takes assets out of both markets, if it is time.
    pub(super) fn rob(&mut self, scene: &mut Scene<'_>) {
        let markets = Side::ALL.map(|side| (side.name(), self.platform(side).0.clone()));
        let platforms = markets.each_ref().map(|(name, market)| (*name, market));
        self.robbery.happen(scene, &platforms);
    }

    /// Looks whether the insured market is short of assets; once that is proven, both markets spread what they lost.
    pub(super) fn prove(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        match self.robbery.next_look(scene.stage.now()) {
            None => Ok(()),
            Some(Look::First) => {
                let missing = self.missing(&scene.stage)?;
                if missing == 0 {
                    return Ok(());
                }
                self.look(&mut scene.stage)?;
                self.robbery.was_seen(scene, Side::Insured.name(), missing);
                Ok(())
            }
            Some(Look::Second(sight)) => self.settle_deficit(scene, sight),
        }
    }

    /// The second look, which settles.
    fn settle_deficit(&mut self, scene: &mut Scene<'_>, seen: Sight) -> Result<(), DemoError> {
        let stage = &mut scene.stage;
        let (now, missing) = (stage.now(), self.missing(stage)?);
        let lenders = cover::Interest(self.founded.platform.0.clone(), cover::Class::Deposit);
        let Some(policy) = policy_of(stage, &lenders)? else {
            return Ok(());
        };
        let terms = Terms::of(stage, &policy, cover::Peril::Contract)?;
        let facts = [
            ("missing_at_first_look", seen.missing),
            ("missing_at_second_look", missing),
        ];
        let loss = Assets::from_raw(seen.missing.min(missing));
        let whose = (PerilFamily::Contract, Side::Insured.lenders(), seen.at);
        let mut claim = Claim::new(whose, &terms, &facts, loss)?;
        let reserve = reserve_of(stage);
        let (paid, filed) = self.look(stage)?;
        scene.flows.was_paid(paid, reserve - reserve_of(stage));
        if paid > 0 {
            self.insured_books.payouts.push((now, paid));
        }
        let how = match filed {
            Some((number, amount)) => {
                self.waiting.add(now, number, ());
                claim.number = Some(number);
                format!("{} waits 48 h", money(stage, amount))
            }
            None => format!("paid {}", money(stage, paid)),
        };
        claim.paid = paid;
        scene.claims.push(claim);
        self.robbery = Robbery::Proven;
        scene.tell(Side::Insured.name(), format!("deficit proven, {how}"));
        self.write_off(&mut scene.stage)
    }

    /// Spreads what is missing over the lenders of both markets.
    fn write_off(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let keeper = stage.world.keeper.clone();
        for side in Side::ALL {
            let call = self.platform(side).write_off();
            let lost = stage.send("market: write off", call, &keeper)?;
            let books = self.books_mut(side);
            books.lost += lost;
            books.spread += lost;
        }
        Ok(())
    }

    /// Looks once, on chain. Returns what was paid at once, and the claim that was filed.
    fn look(&self, stage: &mut Stage<'_>) -> Result<(i128, Option<(u32, i128)>), DemoError> {
        let (keeper, platform) = (stage.world.keeper.clone(), &self.founded.platform.0);
        let call = self.founded.insurer.prove_deficit(platform, &keeper);
        let (paid, events) = stage
            .witness("market: prove a deficit", call, &keeper)
            .map_err(refused("prove a deficit"))?;
        Ok((paid, filed_for(&events, platform)))
    }

    /// What the insured market is short of, by its books, its balance and the formula.
    fn missing(&self, stage: &Stage<'_>) -> Result<i128, DemoError> {
        let (world, platform) = (&stage.world, &self.founded.platform);
        let books = platform.solvency().view(&world.ledger);
        let books = books.map_err(refused("read the market's books"))?;
        let held = world.usdc.balance(&world.ledger, &platform.0);
        let books = PlatformBooks {
            supply: Assets::from_raw(books.supply),
            credits: Assets::from_raw(books.credits + books.written_off),
            liabilities: Assets::from_raw(books.liabilities),
            balance: Assets::from_raw(held.min(books.cash)),
        };
        books.deficit().map(Assets::raw).map_err(uncountable)
    }
}
