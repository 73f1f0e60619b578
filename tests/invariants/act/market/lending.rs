//! Lenders, and borrowers with their loans.

use localnet::Keypair;

use super::{choose, loan_key, request, Run};
use crate::{
    act::Reply,
    follow::Told,
    market::books::Loan,
    rules::{expect, Rules},
    step::{Ask, Part},
};

/// Loans that are open at the same time.
const MOST_LOANS: usize = 6;
/// Most collateral of a new loan.
const MOST_COLLATERAL: i128 = 40 * testkit::asset::UNIT;

impl Run<'_> {
    pub(super) fn market_supply(&mut self, lender: u8, size: Part) -> Rules {
        let lender = self.market_lender(lender);
        let purse = self.balance(&lender.address());
        let assets = size.of(purse.min(200_000 * testkit::asset::UNIT));
        self.own(self.platform().supply(&lender, assets, 1), &lender)
            .map(drop)
    }

    pub(super) fn market_redeem(&mut self, lender: u8, size: Part) -> Rules {
        let held: Vec<_> = self.market.shares.iter().collect();
        let held: Vec<_> = held
            .into_iter()
            .filter(|(_, shares)| **shares > 0)
            .collect();
        let (lender, held) = match choose(&held, lender) {
            Some((address, shares)) => (self.actor(address), **shares),
            None => (self.market_lender(lender), 0),
        };
        let shares = size.of(held);
        self.own(self.platform().redeem(&lender, shares, 1, &lender), &lender)
            .map(drop)
    }

    pub(super) fn market_borrow(
        &mut self,
        borrower: u8,
        (collateral, debt): (Part, Part),
        ask: Option<Ask>,
        by_sponsor: bool,
    ) -> Rules {
        let open = self.market.loans.iter().filter(|loan| loan.collateral > 0);
        if open.count() >= MOST_LOANS {
            return Ok(());
        }
        self.calm(borrower)?;
        let borrowers = &self.stage.market_borrowers;
        let owner = borrowers[usize::from(borrower) % borrowers.len()].clone();
        let collateral = collateral.of(self.collateral_of(&owner).min(MOST_COLLATERAL));
        let debt = debt.of(collateral * (self.tape.collateral() / 1_000) / 100_000_000_000);
        let insure = ask.map(|ask| request(ask, ask.limit.of(debt)));
        let payer = self.payer(&owner, by_sponsor);
        let signers = match insure {
            Some(_) if by_sponsor => vec![&owner, &payer],
            _ => vec![&owner],
        };
        let named = by_sponsor.then(|| payer.address());
        let call = self
            .platform()
            .borrow(&owner, collateral, debt, &insure, &named);
        self.guarded(call, &signers, Told::default())?;
        Ok(())
    }

    pub(super) fn market_insure(&mut self, loan: u8, ask: Ask, by_sponsor: bool) -> Rules {
        self.calm(loan)?;
        let now = self.now();
        let loan = self.apt_market_loan(loan, |run, loan| {
            let policy = run.policy(&loan_key(loan));
            loan.collateral > 0
                && policy.is_none_or(|policy| !policy.is_busy() && !policy.is_backed(now))
        });
        let owner = self.actor(&loan.owner);
        let payer = self.payer(&owner, by_sponsor);
        let request = request(ask, ask.limit.of(self.facts(&loan).debt));
        let call = self.platform().insure(&loan.address, &payer, &request);
        let signers = match by_sponsor {
            true => vec![&owner, &payer],
            false => vec![&owner],
        };
        self.guarded(call, &signers, Told::default()).map(drop)
    }

    /// What takes value out succeeds only while nothing is owed and no claim is open, or no debt is left.
    fn took_out(&self, loan: &Loan, reply: Reply) -> Rules {
        if reply?.is_none() {
            return Ok(());
        }
        let (policy, debt) = (self.policy(&loan_key(loan)), self.facts(loan).debt);
        let is_free = policy.is_none_or(|policy| {
            let owes = policy.advance.drawn > 0;
            !policy.is_busy() || (!owes && debt == 0)
        });
        expect("I16", is_free, || {
            format!("taken out while busy: {policy:?}")
        })
    }

    pub(super) fn market_borrow_more(&mut self, loan: u8, size: Part) -> Rules {
        let loan = self.open_market_loan(loan);
        let (owner, amount) = (self.actor(&loan.owner), size.of(self.facts(&loan).debt));
        let call = self.platform().borrow_more(&loan.address, amount, &owner);
        let reply = self.own(call, &owner);
        self.took_out(&loan, reply)
    }

    /// One with collateral, most often.
    pub(super) fn open_market_loan(&self, number: u8) -> Loan {
        self.apt_market_loan(number, |_, loan| loan.collateral > 0)
    }

    pub(super) fn owner_or_stranger(&self, loan: &Loan, by_stranger: bool) -> Keypair {
        if by_stranger {
            self.stage.liquidator.clone()
        } else {
            self.actor(&loan.owner)
        }
    }

    pub(super) fn market_add_collateral(
        &mut self,
        loan: u8,
        size: Part,
        by_stranger: bool,
    ) -> Rules {
        let loan = self.open_market_loan(loan);
        let payer = self.owner_or_stranger(&loan, by_stranger);
        let amount = size.of(self.collateral_of(&payer).min(MOST_COLLATERAL));
        let call = self
            .platform()
            .supply_collateral(&loan.address, &payer, amount);
        self.own(call, &payer).map(drop)
    }

    pub(super) fn market_take_out(&mut self, loan: u8, size: Part) -> Rules {
        let loan = self.open_market_loan(loan);
        let (owner, amount) = (self.actor(&loan.owner), size.of(loan.collateral));
        let call = self
            .platform()
            .withdraw_collateral(&loan.address, amount, &owner);
        let reply = self.own(call, &owner);
        self.took_out(&loan, reply)
    }

    pub(super) fn market_close(&mut self, loan: u8) -> Rules {
        let loan = self.open_market_loan(loan);
        let (owner, pay_max) = (
            self.actor(&loan.owner),
            self.facts(&loan).debt * 101 / 100 + 1,
        );
        let call = self.platform().close(&loan.address, pay_max);
        let reply = self.own(call, &owner);
        self.took_out(&loan, reply)
    }

    pub(super) fn market_repay(&mut self, loan: u8, size: Part, by_stranger: bool) -> Rules {
        let loan = self.open_market_loan(loan);
        let payer = self.owner_or_stranger(&loan, by_stranger);
        let debt = self.facts(&loan).debt;
        let amount = size.of(debt);
        let call = self.platform().repay(&loan.address, &payer, amount);
        if self.own(call, &payer)?.is_none() {
            return Ok(());
        }
        let left = self.facts(&loan).debt;
        let most = debt - amount.min(debt);
        expect("M4", (most..=most + 1).contains(&left), || {
            format!("{amount} of {debt} repaid, {left} left")
        })
    }
}
