//! Liquidations in both markets, and what cover owes for those in the insured one.

use actuary::loss::default_loss_down;
use actuary::math::{mul_div_down, mul_div_up};
use actuary::{Assets, MathError, Price, Rate};
use localnet::xdr::ScAddress;
use localnet::{Event, FromScVal};
use testkit::bindings::{cover_pool as cover, loan_market, OnLedger};
use testkit::feeds::PRICE_ONE;
use testkit::market::MarketSetup;

use super::{Market, Side};
use crate::demo::claims::{penalty_down, policy_of, uncountable, Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::Loans;
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::peril::PerilFamily;

/// What liquidations came to for the lenders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub loans: u32,
    pub bad_debt: i128,
    /// What cover paid in the same call.
    pub covered: i128,
    /// What waits for its window.
    pub filed: i128,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.loans += other.loans;
        self.bad_debt += other.bad_debt;
        self.covered += other.covered;
        self.filed += other.filed;
    }
}

impl Market<'_> {
    /// Liquidates a loan in full, called `name`. What the market still finds healthy is left alone.
    pub(super) fn liquidate_loan(
        &mut self,
        scene: &mut Scene<'_>,
        side: Side,
        name: &str,
        account: &ScAddress,
    ) -> Result<Tally, DemoError> {
        const HEALTHY: u32 = loan_market::MarketError::Healthy as u32;
        let (platform, stage) = (self.platform(side).clone(), &mut scene.stage);
        let loan = platform.loan(account).view(&stage.world.ledger);
        let loan = loan.map_err(refused("read a loan"))?;
        let policy = policy_of(stage, &interest(account))?;
        let reserve = reserve_of(stage);
        let call = platform.liquidate(
            account,
            &self.liquidator,
            loan.collateral,
            2 * loan.debt,
            true,
        );
        let liquidated = stage.witness("market: liquidate a loan", call, &self.liquidator);
        let (liquidated, events) = match liquidated {
            Err(error) if error.first_error_code() == Some(HEALTHY) => return Ok(Tally::default()),
            liquidated => liquidated.map_err(refused("liquidate a loan"))?,
        };
        let paid = liquidated.covered + liquidated.to_borrower;
        let from_reserve = reserve - reserve_of(stage);
        let (now, filed) = (stage.now(), filed_for(&events, account));
        if let Some((number, _)) = filed {
            self.waiting.add(now, number, ());
        }
        if let Some(policy) = policy {
            let claim = self.claim(stage, &policy, &liquidated, name)?;
            let number = filed.map(|(number, _)| number);
            let claim = claim.map(|claim| Claim { number, ..claim });
            scene.claims.extend(claim);
        }
        let books = self.books_mut(side);
        books.lost += liquidated.liquidation.bad_debt;
        books.spread += liquidated.socialised;
        if liquidated.covered > 0 {
            books.payouts.push((now, liquidated.covered));
        }
        scene.flows.was_paid(paid, from_reserve);
        if let Some(borrower) = scene.borrower(account) {
            borrower.was_liquidated = true;
        }
        if liquidated.to_borrower > 0 {
            let mut borrowers = scene.borrowers.iter_mut();
            if let Some(borrower) = borrowers.find(|borrower| borrower.loan == *account) {
                borrower.was_paid(&scene.stage, liquidated.to_borrower, (None, None));
            }
        }
        Ok(Tally {
            loans: 1,
            bad_debt: liquidated.liquidation.bad_debt,
            covered: liquidated.covered,
            filed: filed.map_or(0, |(_, amount)| amount),
        })
    }

    /// Settles the claims of lenders whose window has passed.
    pub(super) fn finalize_due(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let now = scene.stage.now();
        let (mut all, due) = (0, self.waiting.take_due(now));
        for (claim, ()) in &due {
            let reserve = reserve_of(&scene.stage);
            let paid = self.finalize(&mut scene.stage, *claim)?;
            let from_reserve = reserve - reserve_of(&scene.stage);
            scene.flows.was_paid(paid, from_reserve);
            scene.was_finalized(*claim, paid);
            self.insured_books.payouts.push((now, paid));
            all += paid;
        }
        if all > 0 {
            let paid = money(&scene.stage, all);
            let claims = match due.len() {
                1 => "one claim".to_owned(),
                claims => format!("{claims} claims"),
            };
            let what = format!("paid {paid} after 48 h, for {claims}");
            scene.tell(Side::Insured.lenders(), what);
        }
        Ok(())
    }

    /// What the policy of a loan that was liquidated owes by the formulas, if it has the peril.
    fn claim(
        &self,
        stage: &Stage<'_>,
        policy: &cover::Policy,
        liquidated: &loan_market::Liquidated,
        name: &str,
    ) -> Result<Option<Claim>, DemoError> {
        let facts = &liquidated.liquidation;
        let (family, peril, beneficiary) = if facts.bad_debt > 0 {
            let lenders = Side::Insured.lenders();
            (PerilFamily::Default, cover::Peril::Default, lenders)
        } else {
            let own = name.to_owned();
            (PerilFamily::Liquidation, cover::Peril::Liquidation, own)
        };
        if !policy.perils.contains(&peril) {
            return Ok(None);
        }
        let terms = Terms::of(stage, policy, peril)?;
        let loss = match family {
            PerilFamily::Default => default_loss(stage.market, facts),
            _ => self.penalty(stage.market, facts),
        };
        let paid_for = [
            ("bad_debt", facts.bad_debt),
            ("collateral", facts.collateral),
            ("debt", facts.debt),
            ("price", stage.market.raw()),
            ("repaid", facts.repaid),
            ("seized", facts.seized),
        ];
        let whose = (family, beneficiary, facts.time);
        let claim = Claim::new(whose, &terms, &paid_for, loss.map_err(uncountable)?)?;
        Ok(Some(Claim {
            paid: liquidated.covered + liquidated.to_borrower,
            ..claim
        }))
    }

    /// The penalty of a liquidation, if the price has fallen since the loan was opened.
    fn penalty(&self, price: Price, facts: &loan_market::Liquidation) -> Result<Assets, MathError> {
        let lost = mul_div_down(facts.seized, price.raw(), PRICE_ONE)?;
        let prices = (self.first_price, price);
        penalty_down(prices, (lost, facts.repaid), incentive())
    }
}

/// What lenders lose by a liquidation, at most what a fair one would have left.
fn default_loss(price: Price, facts: &loan_market::Liquidation) -> Result<Assets, MathError> {
    let value = mul_div_up(facts.collateral, price.raw(), PRICE_ONE)?;
    let (bad_debt, debt) = (
        Assets::from_raw(facts.bad_debt),
        Assets::from_raw(facts.debt),
    );
    default_loss_down(bad_debt, debt, Assets::from_raw(value), incentive())
}

/// Collateral that liquidators get per value repaid.
fn incentive() -> Rate {
    Rate::from_raw(MarketSetup::default().incentive.into())
}

/// The insurable interest of a loan.
pub fn interest(loan: &ScAddress) -> cover::Interest {
    cover::Interest(loan.clone(), cover::Class::Loan)
}

/// The claim that was filed for a subject, and its amount, by the cover pool's own event.
pub fn filed_for(events: &[Event], subject: &ScAddress) -> Option<(u32, i128)> {
    let is_own = |event: &&Event| {
        let topic = event.topics.get(1);
        event.is_named("filed")
            && topic.is_some_and(|topic| ScAddress::from_scval(topic).as_ref() == Ok(subject))
    };
    let event = events.iter().find(is_own)?;
    let claim = u32::from_scval(event.topics.get(2)?).ok()?;
    let (_, _, _, amount) = <(u32, u32, u64, i128)>::from_scval(&event.data).ok()?;
    Some((claim, amount))
}
