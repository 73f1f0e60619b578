//! A platform that is robbed: assets leave it without its books knowing, which anyone may prove by looking twice.

use actuary::loss::PlatformBooks;
use actuary::time::HOUR;
use actuary::{Assets, MathError};
use testkit::bindings::{cover_pool as cover, market_adapter as insurer};

use super::liquidation::{filed_for, policy_of};
use super::{Market, Side};
use crate::demo::claims::{Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::as_declared_by;
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::output::PerilName;
use crate::scenario::Deficit;

/// What the operator may be charged for the lenders' cover, as a part of its limit: a tenth.
const PREMIUM_PART: i128 = 10;

/// A robbery, and how far its proof is.
pub struct Robbery {
    /// What was missing at the first look, and when that was.
    seen: Option<(i128, u64)>,
    is_settled: bool,
}

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
        let request = insurer::CoverRequest {
            limit,
            max_premium,
            max_rate: 0,
            perils: vec![insurer::Peril::Contract],
            route: insurer::Route::Adapter,
            weeks: stage.weeks,
        };
        let (platform, insurer) = (&self.founded.platform.0, &self.founded.insurer);
        let call = insurer.insure_lenders(platform, &operator, &request);
        let quote = stage.send("market: insure its lenders", call, &operator)?;
        let quote = as_declared_by::<cover::Quote>(&quote).map_err(refused("read a quote"))?;
        scene.flows.premiums += quote.premium;
        scene.flows.fees += quote.fee;
        self.lenders_quote = Some(quote);
        Ok(())
    }

    /// Takes assets out of both markets. The issuer's clawback stands for a thief: neither asks the market's code.
    pub(super) fn rob(&mut self, stage: &Stage<'_>, deficit: &Deficit) {
        let stolen = deficit.stolen.raw();
        for side in Side::ALL {
            let (world, market) = (&stage.world, &self.platform(side).0);
            world.usdc.claw_back(&world.ledger, market, stolen);
            self.tell(
                stage,
                side.name(),
                format!("robbed of {}", money(stage, stolen)),
            );
        }
        self.robbery = Some(Robbery {
            seen: None,
            is_settled: false,
        });
    }

    /// Looks whether the insured market is short of assets; once that is proven, both markets spread what they lost.
    pub(super) fn prove(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let now = scene.stage.now();
        let seen = match &self.robbery {
            Some(robbery) if !robbery.is_settled => robbery.seen,
            _ => return Ok(()),
        };
        match seen {
            Some((_, at)) if now < at + HOUR => Ok(()),
            Some(seen) => self.settle_deficit(scene, seen),
            None => {
                let missing = self.missing(&scene.stage)?;
                self.look(&mut scene.stage)?;
                if let Some(robbery) = &mut self.robbery {
                    robbery.seen = Some((missing, now));
                }
                let what = format!("seen to miss {}", money(&scene.stage, missing));
                self.tell(&scene.stage, Side::Insured.name(), what);
                Ok(())
            }
        }
    }

    /// The second look, which settles.
    fn settle_deficit(
        &mut self,
        scene: &mut Scene<'_>,
        (seen, seen_at): (i128, u64),
    ) -> Result<(), DemoError> {
        let platform = self.founded.platform.0.clone();
        let stage = &mut scene.stage;
        let (now, missing) = (stage.now(), self.missing(stage)?);
        let policy = policy_of(stage, &platform, cover::Class::Deposit)?;
        let Some(policy) = policy else { return Ok(()) };
        let terms = Terms::of(stage, &policy, cover::Peril::Contract)?;
        let loss = Assets::from_raw(seen.min(missing));
        let due = terms.due(loss).map_err(uncountable)?;
        let reserve = reserve_of(stage);
        let (paid, filed) = self.look(stage)?;
        scene.flows.was_paid(paid, reserve - reserve_of(stage));
        if paid > 0 {
            self.insured_books.payouts.push((now, paid));
        }
        if let Some((claim, _)) = filed {
            self.waits(stage, claim, self.claims.len());
        }
        self.claims.push(Claim {
            peril: PerilName::Contract,
            time: seen_at,
            beneficiary: Side::Insured.lenders(),
            facts: vec![
                ("limit", terms.limit),
                ("missing_at_first_look", seen),
                ("missing_at_second_look", missing),
            ],
            loss: loss.raw(),
            due,
            paid,
        });
        if let Some(robbery) = &mut self.robbery {
            robbery.is_settled = true;
        }
        let how = match filed {
            Some((_, amount)) => format!("{} waits 48 h", money(stage, amount)),
            None => format!("paid {}", money(stage, paid)),
        };
        self.tell(
            stage,
            Side::Insured.name(),
            format!("deficit proven, {how}"),
        );
        self.write_off(stage)
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

fn uncountable(error: MathError) -> DemoError {
    DemoError::Refused {
        doing: "working out a deficit".to_owned(),
        reason: error.to_string(),
    }
}
