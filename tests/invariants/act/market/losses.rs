//! Prices that fall, liquidations, and what lenders lose.

use localnet::Auth;
use testkit::bindings::{loan_market::Liquidated, OnLedger};

use super::{Run, UNTIL_TRUSTED};
use crate::{
    follow::Told,
    market::books::Loan,
    rules::{expect, expect_equal, Rules},
    stage::PEG,
    step::Part,
};

impl Run<'_> {
    pub(super) fn market_sink(&mut self, loan: u8, health: u32) -> Rules {
        let now = self.now();
        let loan = self.insured_market_loan(loan, |_, policy| {
            policy.limit > 0 && policy.perils & 1 == 1 && now < policy.end
        });
        self.sink_market_loan(&loan, health);
        Ok(())
    }

    fn sink_market_loan(&mut self, loan: &Loan, health: u32) {
        let world = &self.stage.world;
        let seen = self.platform().health(&loan.address).view(&world.ledger);
        let Some(now) = seen.ok().filter(|now| *now != u32::MAX) else {
            return;
        };
        let permille = u64::from(health) * 10_000_000 / u64::from(now.max(1));
        let permille = u32::try_from(permille).unwrap_or(1_000).clamp(200, 5_000);
        self.tape.set(1, permille);
        self.tape.tick(world);
    }

    /// Where the collateral stands to its reference, for so long that a mean over hours knows it.
    pub(in crate::act) fn market_peg(&mut self, permille: u32, hours: u32) -> Rules {
        let target = PEG / 1_000 * i128::from(permille);
        let part = target * 1_000 / self.tape.collateral();
        self.tape.set(1, u32::try_from(part).unwrap_or(1_000));
        self.sleep(hours)
    }

    pub(super) fn market_liquidate(
        &mut self,
        loan: u8,
        seize: Part,
        max_repay: Part,
        settles_cover: bool,
    ) -> Rules {
        let loan = self.open_market_loan(loan);
        self.liquidate_market_loan(&loan, (seize, max_repay), settles_cover)
    }

    fn liquidate_market_loan(
        &mut self,
        loan: &Loan,
        (seize, max_repay): (Part, Part),
        settles_cover: bool,
    ) -> Rules {
        let (liquidator, usdc) = (self.stage.liquidator.clone(), &self.stage.world.usdc);
        let debt = self.facts(loan).debt;
        let call = self.platform().liquidate(
            &loan.address,
            &liquidator,
            seize.of(loan.collateral),
            max_repay.of(debt),
            settles_cover,
        );
        let ledger = &self.stage.world.ledger;
        let before = usdc.balance(ledger, &liquidator.address());
        let Some(outcome) = self.own(call, &liquidator)? else {
            return Ok(());
        };
        let done: Liquidated = outcome.get().expect("what a liquidation came to");
        let paid = before - usdc.balance(ledger, &liquidator.address());
        // The liquidator may have got the bounty of what cover paid.
        let most = done.liquidation.repaid;
        let bounty = self.shadow.terms().bounty;
        expect("M7", (most - bounty..=most).contains(&paid), || {
            format!("{paid} paid for a liquidation of {most}")
        })?;
        expect_equal("M4", "debt", done.liquidation.debt, debt)?;
        for (what, is_it) in [
            ("with bad debt", done.liquidation.bad_debt > 0),
            ("covered", done.covered > 0),
            ("for the borrower", done.to_borrower > 0),
            ("unsettled", done.is_unsettled),
        ] {
            if is_it {
                self.note(what);
            }
        }
        Ok(())
    }

    pub(super) fn market_ruin(&mut self, loan: u8, health: u32, settles_cover: bool) -> Rules {
        let loan = self.open_market_loan(loan);
        self.sink_market_loan(&loan, health);
        self.watch(UNTIL_TRUSTED)?;
        let all = Part {
            of: 10_000,
            plus: 0,
        };
        self.liquidate_market_loan(&loan, (all, all), settles_cover)
    }

    pub(super) fn market_settle_cover(&mut self, loan: u8) -> Rules {
        let loan = self.apt_market_loan(loan, |run, loan| {
            let kept = &run.market.unsettled;
            kept.iter().any(|kept| kept.loan == loan.address)
        });
        let keeper = self.stage.world.keeper.clone();
        let settled = self.anyone(self.platform().settle_cover(&loan.address, &keeper))?;
        if settled.is_some_and(|outcome| outcome.get::<i128>().is_ok_and(|arrived| arrived > 0)) {
            self.note("paid");
        }
        Ok(())
    }

    pub(super) fn market_collect(&mut self, who: u8) -> Rules {
        let waiting: Vec<_> = self.market.credits.keys().cloned().collect();
        let owner = super::choose(&waiting, who)
            .cloned()
            .unwrap_or_else(|| self.market_loan(who).owner);
        self.anyone(self.platform().collect(&owner)).map(drop)
    }

    pub(super) fn market_write_off(&mut self) -> Rules {
        let (missing, supply) = (self.market.short, self.market.supply);
        let Some(outcome) = self.anyone(self.platform().write_off())? else {
            return Ok(());
        };
        let lost: i128 = outcome.get().expect("an amount");
        let is_all = lost == missing.max(0) || (lost >= supply && lost < missing);
        expect("M7", is_all, || format!("{lost} written off of {missing}"))?;
        if lost > 0 {
            self.note("of something");
        }
        Ok(())
    }

    pub(super) fn market_clawback(&mut self, size: Part) -> Rules {
        let (usdc, ledger) = (&self.stage.world.usdc, &self.stage.world.ledger);
        let market = self.platform().0;
        let amount = size.of(self.balance(&market));
        let args = (&market, amount);
        let taken = ledger.call(
            &usdc.issuer,
            &usdc.contract,
            "clawback",
            args,
            Auth::Sign(&[]),
        );
        match taken {
            Ok(outcome) => {
                self.counted().done += 1;
                self.accept(&outcome, &Told::default())
            }
            Err(_) => Ok(()),
        }
    }

    /// Changes nothing but the balance.
    pub(super) fn market_donate(&mut self, size: Part) -> Rules {
        let (world, giver) = (&self.stage.world, &self.stage.lender);
        let (market, amount) = (self.platform().0, size.of(self.balance(&giver.address())));
        let args = (giver, &market, amount);
        let sent = world.ledger.call(
            giver,
            &world.usdc.contract,
            "transfer",
            args,
            Auth::Sign(&[]),
        );
        match sent {
            Ok(outcome) => {
                self.counted().done += 1;
                self.market.short -= amount;
                self.accept(&outcome, &Told::default())
            }
            Err(_) => Ok(()),
        }
    }
}
