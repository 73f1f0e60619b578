//! Rescues and claims of the market's loans, and the end of an advance.

use localnet::{xdr::ScAddress, FromScVal};
use testkit::bindings::{cover_pool as cover, OnLedger};

use super::{loan_key, Run, ALL_LOANS, BRINK, DISTRESSED, SAFE, UNTIL_TRUSTED};
use crate::{
    follow::Told,
    market::books::Loan,
    rules::{expect, expect_equal, Broken, Rules},
    step::Part,
};

impl Run<'_> {
    fn market_batch(&self, loans: u8) -> Vec<ScAddress> {
        let chosen =
            |(index, loan): (usize, &Loan)| (loans >> index & 1 == 1).then(|| loan.address.clone());
        let all = self.market.loans.iter().enumerate();
        let mut batch: Vec<_> = all.filter_map(chosen).collect();
        if loans >> 7 == 1 {
            batch.push(self.stage.attacker.address());
        }
        batch
    }

    pub(super) fn market_rescue(&mut self, loans: u8) -> Rules {
        let (batch, keeper) = (self.market_batch(loans), self.stage.world.keeper.clone());
        let (before, policies) = (self.holdings(&batch), self.shadow.policies.clone());
        let reply = self.anyone(self.insurer().rescue(&batch, &keeper))?;
        self.check_batch(&before, reply, &policies)
    }

    pub(super) fn market_distress(&mut self, loan: u8, health: u32) -> Rules {
        self.market_sink(loan, health)?;
        self.watch(UNTIL_TRUSTED)?;
        self.market_rescue(ALL_LOANS)
    }

    pub(super) fn market_grant(&mut self, loans: u8, triggers: bool) -> Rules {
        if triggers {
            self.watch(UNTIL_TRUSTED)?;
            self.trigger()?;
        }
        let (batch, keeper) = (self.market_batch(loans), self.stage.world.keeper.clone());
        let (before, policies) = (self.holdings(&batch), self.shadow.policies.clone());
        let reply = self.anyone(self.insurer().grant(&batch, &keeper))?;
        self.check_batch(&before, reply, &policies)
    }

    /// What is paid for a claim reaches the lenders or the loan, by its peril.
    pub(super) fn market_finalize(&mut self, claim: u8) -> Rules {
        let is_ours = |run: &Self, key: &(ScAddress, u32)| {
            run.market.find(&key.0).is_some() || *key == run.lenders_key()
        };
        let id = self.claim(claim, |claim| is_ours(self, &claim.key));
        self.market_finalize_claim(id)
    }

    pub(in crate::act) fn market_finalize_claim(&mut self, id: u32) -> Rules {
        use cover::Peril::{Advance, Contract, Default};
        let known = self.shadow.claims.get(&id).cloned();
        let keeper = self.stage.world.keeper.clone();
        let Some(outcome) = self.anyone(self.insurer().finalize(id, &keeper))? else {
            return Ok(());
        };
        let claim = known.expect("a claim that was there before");
        self.note(&format!("of peril {}", claim.peril));
        if claim.peril == Advance as u32 {
            return Ok(());
        }
        let told = outcome.events.iter().find(|event| {
            event.contract == self.stage.market.platform.0 && event.is_named("compensated")
        });
        let paid: i128 = outcome.get().expect("an amount");
        let is_foreclosed = |run: &Self| {
            let policy = run.policy(&claim.key);
            policy.is_some_and(|policy| policy.is_foreclosed())
        };
        let Some(event) = told else {
            return expect("M7", paid == 0 || is_foreclosed(self), || {
                format!("{paid} of {claim:?} does not arrive")
            });
        };
        let is_lenders = [Default as u32, Contract as u32].contains(&claim.peril);
        let whose = (!is_lenders).then(|| claim.key.0.clone());
        let booked: Option<ScAddress> = Option::from_scval(&event.topics[1]).expect("a loan");
        expect_equal("M7", "whose money it is", booked, whose)?;
        let booked = <(i128,)>::from_scval(&event.data).expect("an amount").0;
        expect_equal("M7", "what arrives", booked, paid)
    }

    fn owed_by(&self, loan: &Loan) -> i128 {
        self.owed(&loan_key(loan))
    }

    /// A loan that owes.
    fn market_debtor(&self, number: u8) -> Loan {
        self.apt_market_loan(number, |run, loan| run.owed_by(loan) > 0)
    }

    /// A loan that owes; when there is none, the price falls until one is rescued.
    fn indebted_market_loan(&mut self, number: u8) -> Result<Loan, Broken> {
        if self.market.loans.iter().all(|loan| self.owed_by(loan) == 0) {
            self.market_distress(number, DISTRESSED)?;
        }
        Ok(self.market_debtor(number))
    }

    pub(super) fn market_pay_back(&mut self, loan: u8, size: Part, by_stranger: bool) -> Rules {
        let loan = self.market_debtor(loan);
        let payer = self.owner_or_stranger(&loan, by_stranger);
        let amount = size.of(self.owed_by(&loan));
        let told = Told {
            policy: Some(loan_key(&loan)),
            ..Told::default()
        };
        let interest = cover::Interest(loan.address, cover::Class::Loan);
        let call = self.pool().pay_back(&interest, &payer, amount);
        self.guarded(call, &[&payer], told).map(drop)
    }

    pub(super) fn market_refinance(&mut self, loan: u8) -> Rules {
        let loan = self.market_debtor(loan).address;
        self.anyone(self.insurer().refinance(&loan)).map(drop)
    }

    pub(super) fn market_start_foreclosure(&mut self, loan: u8) -> Rules {
        let loan = self.market_debtor(loan).address;
        self.anyone(self.insurer().start_foreclosure(&loan))
            .map(drop)
    }

    fn press_market_loan(&mut self, loan: &Loan, part: i128) -> Rules {
        let health = self.insurer().health(&loan.address);
        match health.view(&self.stage.world.ledger) {
            Ok(now) => self.press((now.debt + self.owed_by(loan), now.value), part),
            Err(_) => Ok(()),
        }
    }

    /// Of four one only tries; the others let the loan come to the brink before, and recover.
    pub(super) fn market_cure(&mut self, number: u8) -> Rules {
        let loan = self.indebted_market_loan(number)?;
        if !number.is_multiple_of(4) {
            self.press_market_loan(&loan, BRINK)?;
            self.anyone(self.insurer().start_foreclosure(&loan.address))?;
            self.press_market_loan(&loan, SAFE)?;
        }
        self.anyone(self.insurer().cure(&loan.address)).map(drop)
    }

    /// Half of the loans come to the brink before, and half of their owners cannot be paid.
    pub(super) fn market_foreclose(&mut self, number: u8) -> Rules {
        let loan = self.indebted_market_loan(number)?;
        if number.is_multiple_of(2) {
            self.press_market_loan(&loan, BRINK)?;
        }
        if number.is_multiple_of(4) {
            self.authorise(&loan.owner, false);
        }
        let (loan, payer) = (loan.address, self.stage.liquidator.clone());
        self.anyone(self.insurer().start_foreclosure(&loan))?;
        // Nothing is sold in the first 15 minutes.
        self.watch(3)?;
        let health = self.insurer().health(&loan);
        let Ok(health) = health.view(&self.stage.world.ledger) else {
            return Ok(());
        };
        let (bid, pay_max) = (health.value.max(0), health.debt * 101 / 100 + 1);
        let call = self.insurer().foreclose(&loan, &payer, pay_max, bid);
        let before = self.balance(&payer.address());
        let Some(outcome) = self.own(call, &payer)? else {
            return Ok(());
        };
        let price: i128 = outcome.get().expect("a price");
        let paid = before - self.balance(&payer.address());
        let bounty = self.shadow.terms().bounty;
        expect(
            "M8",
            paid <= pay_max + price && paid >= price - bounty,
            || format!("{paid} paid in a foreclosure for {price} and at most {pay_max}"),
        )
    }

    pub(super) fn market_collect_foreclosed(&mut self, who: u8) -> Rules {
        let waiting: Vec<_> = self.market.uncollected.keys().cloned().collect();
        let owner = super::choose(&waiting, who)
            .cloned()
            .unwrap_or_else(|| self.market_loan(who).owner);
        if !who.is_multiple_of(4) {
            self.authorise(&owner, true);
        }
        // The insurer tells nothing of it, so the books are told before; a refusal leaves them as they were.
        let waited = self.market.uncollected.remove(&owner);
        let reply = self.anyone(self.insurer().collect(&owner))?;
        match (reply, waited) {
            (None, Some(waited)) => {
                self.market.uncollected.insert(owner, waited);
                Ok(())
            }
            (None, None) => Ok(()),
            (Some(outcome), waited) => {
                let collected = outcome.get().expect("an amount");
                expect_equal("M8", "collected", Some::<i128>(collected), waited)
            }
        }
    }
}
