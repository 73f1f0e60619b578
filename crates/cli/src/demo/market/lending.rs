//! Lenders of both markets, and what eats into their deposits.

use actuary::{Price, Rate};
use localnet::xdr::ScAddress;
use localnet::Keypair;
use testkit::bindings::{cover_pool as cover, OnLedger};
use testkit::market::{MARKET_LENDERS, MARKET_LOANS};
use testkit::world::{DEPOSITS, LOANS};

use super::lender::Lender;
use super::liquidation::{interest, Tally};
use super::loans::health;
use super::reckless::BadLoan;
use super::{Market, Side};
use crate::demo::borrower::Borrower;
use crate::demo::claims::policy_of;
use crate::demo::measured::Measured;
use crate::demo::platform::Lending;
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::story::money;
use crate::demo::DemoError;

impl Market<'_> {
    pub(super) fn bad_loans(&self) -> impl Iterator<Item = &BadLoan> {
        self.reckless.iter().flat_map(|reckless| &reckless.loans)
    }

    /// Every lender of the scenario lends in the market that fits; what is missing there of all deposits, others lend, so that
    /// both markets are equally large.
    fn lend_in_both(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let asset = &stage.world.usdc.code;
        let lenders = stage.scenario.lenders.iter();
        let own: Vec<_> = lenders.filter(|lender| lender.asset == *asset).collect();
        let total: i128 = own.iter().map(|lender| lender.deposit.raw()).sum();
        for side in Side::ALL {
            let is_here = |lender: &&&crate::scenario::Lender| {
                lender.insured_limit.is_some() == (side == Side::Insured)
            };
            let here = own.iter().filter(is_here);
            let mut deposits: Vec<_> = here
                .map(|lender| (lender.name.clone(), lender.deposit.raw()))
                .collect();
            let rest = total - deposits.iter().map(|(_, deposit)| deposit).sum::<i128>();
            if rest > 0 {
                deposits.push((format!("the rest of the {}", side.name()), rest));
            }
            for (name, deposit) in deposits {
                let platform = self.platform(side).clone();
                let lender = Lender::lend(stage, &platform, name, side, deposit)?;
                self.books_mut(side).shares += lender.shares();
                self.lenders.push(lender);
            }
        }
        Ok(())
    }

    /// Liquidates a reckless borrower's loans in the market in which the first is `account`.
    fn liquidate_all(
        &mut self,
        scene: &mut Scene<'_>,
        account: &ScAddress,
    ) -> Result<(), DemoError> {
        let owner = self.reckless.iter().find_map(|reckless| {
            let mut loans = reckless.loans.iter();
            let first = loans.find(|loan| loan.account == *account)?;
            let all = reckless.on(first.side);
            let all = all.map(|loan| (loan.name.clone(), loan.account.clone()));
            Some((
                reckless.terms.name.clone(),
                first.side,
                all.collect::<Vec<_>>(),
            ))
        });
        let Some((owner, side, loans)) = owner else {
            return Ok(());
        };
        let mut tally = Tally::default();
        for (name, account) in loans {
            tally.add(self.liquidate_loan(scene, side, &name, &account)?);
        }
        if tally.loans > 0 {
            let what = in_words(&scene.stage, tally);
            scene.tell(format!("{owner}, {}", side.name()), what);
        }
        Ok(())
    }

    /// Checks the insured market's own count of what it spread over the lenders against ours.
    fn audit(&self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let state = self.founded.platform.state();
        let state = state.view(&scene.stage.world.ledger);
        let state = state.map_err(refused("read the market's books"))?;
        let own = self.insured_books.spread;
        scene.watch.saw_index(state.written_off, own);
        Ok(())
    }
}

impl Lending for Market<'_> {
    fn lend(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        self.lend_in_both(&mut scene.stage)?;
        match &scene.stage.scenario.deficit {
            Some(deficit) => self.insure_lenders(scene, deficit),
            None => Ok(()),
        }
    }

    fn is_due(&self, stage: &Stage<'_>, time: u64) -> bool {
        let mut reckless = self.reckless.iter();
        reckless.any(|reckless| reckless.is_due(time)) || self.robbery.is_due(stage, time)
    }

    fn happen(&mut self, scene: &mut Scene<'_>, first: i128) -> Result<(), DemoError> {
        let now = scene.stage.now();
        for index in 0..self.reckless.len() {
            let reckless = self.reckless.get(index);
            if reckless.is_some_and(|reckless| reckless.is_due(now)) {
                self.ask(scene, index, first);
            }
        }
        self.rob(scene);
        Ok(())
    }

    fn measure(&self, stage: &Stage<'_>, borrowers: &[Borrower]) -> Vec<Measured> {
        let of_borrowers = borrowers
            .iter()
            .map(|borrower| (Side::Insured, &borrower.loan, Rate::FULL));
        // Loans of one borrower in one market are equal, and end together: the first tells of all.
        let of_reckless = self.reckless.iter().flat_map(|reckless| {
            let below = reckless.terms.liquidated_below_health;
            let firsts = Side::ALL
                .into_iter()
                .filter_map(|side| reckless.on(side).next());
            firsts.map(move |loan| (loan.side, &loan.account, below))
        });
        let measured = |(side, account, liquidated_below): (Side, &ScAddress, Rate)| {
            Some(Measured {
                account: account.clone(),
                health: health(stage, self.platform(side), account)?,
                liquidated_below,
            })
        };
        let all = of_borrowers.chain(of_reckless);
        all.filter_map(measured).collect()
    }

    /// The market reads the hub, which follows the market.
    fn price(&self, stage: &Stage<'_>) -> Price {
        stage.market
    }

    fn armed(&self, stage: &Stage<'_>) -> u32 {
        let armed = self.founded.insurer.armed(&self.founded.platform.0);
        armed.view(&stage.world.ledger).unwrap_or(0)
    }

    fn liquidate(&mut self, scene: &mut Scene<'_>, measured: &[Measured]) -> Result<(), DemoError> {
        let is_unhealthy = |one: &&Measured| one.health < one.liquidated_below;
        for Measured { account, .. } in measured.iter().filter(is_unhealthy) {
            match scene.borrower(account).map(|borrower| borrower.name) {
                Some(name) => {
                    let tally = self.liquidate_loan(scene, Side::Insured, name, account)?;
                    if tally.loans > 0 {
                        scene.tell(name, "liquidated");
                    }
                }
                None => self.liquidate_all(scene, account)?,
            }
            self.audit(scene)?;
        }
        Ok(())
    }

    fn settle(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        self.finalize_due(scene)?;
        self.prove(scene)?;
        self.audit(scene)
    }

    fn waits_until(&self) -> Option<u64> {
        self.waiting.until()
    }

    fn leave(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let (insured, twin) = (self.founded.platform.clone(), self.twin.clone());
        for lender in &mut self.lenders {
            let platform = match lender.side {
                Side::Insured => &insured,
                Side::Twin => &twin,
            };
            lender.leave(&mut scene.stage, platform)?;
        }
        Ok(())
    }

    fn policies(&mut self, stage: &Stage<'_>) -> Vec<cover::Policy> {
        let mut policies = Vec::new();
        let loans = self.reckless.iter_mut().flat_map(|one| &mut one.loans);
        for loan in loans.filter(|loan| loan.quote.is_some()) {
            let policy = policy_of(stage, &interest(&loan.account));
            if let Ok(Some(policy)) = policy {
                loan.policy = Some(policy.clone());
                policies.push(policy);
            }
        }
        if self.lenders_quote.is_some() {
            let platform = self.founded.platform.0.clone();
            let policy = policy_of(stage, &cover::Interest(platform, cover::Class::Deposit));
            if let Ok(Some(policy)) = policy {
                self.lenders_policy = Some(policy.clone());
                policies.push(policy);
            }
        }
        policies
    }

    fn filed(&self) -> Vec<u32> {
        self.waiting.filed().to_vec()
    }

    fn last_end(&self) -> Option<u64> {
        let of_reckless = self.reckless.iter().flat_map(|one| one.quotes());
        let ends = of_reckless.chain(&self.lenders_quote);
        ends.map(|quote| quote.end).max()
    }

    fn groups(&self) -> &'static [u32] {
        &[LOANS, DEPOSITS, MARKET_LOANS, MARKET_LENDERS]
    }

    fn liquidator(&self) -> &Keypair {
        &self.liquidator
    }
}

/// What liquidations came to for lenders.
fn in_words(stage: &Stage<'_>, tally: Tally) -> String {
    let loans = match tally.loans {
        1 => "liquidated".to_owned(),
        loans => format!("{loans} loans liquidated"),
    };
    let mut words = format!("{loans}, bad debt {}", money(stage, tally.bad_debt));
    if tally.covered > 0 {
        let paid = money(stage, tally.covered);
        words.push_str(&format!("; cover paid {paid} in the same call"));
    }
    if tally.filed > 0 {
        words.push_str(&format!("; {} waits 48 h", money(stage, tally.filed)));
    }
    words
}
