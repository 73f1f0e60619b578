//! What the market's owner and the issuer do; and what nobody may do.

use testkit::bindings::{loan_market, market_adapter, salvage, OnLedger};

use super::Run;
use crate::{rules::Rules, step::Part};

impl Run<'_> {
    pub(super) fn market_set_fee(&mut self, fee: u32, recipient: u8) -> Rules {
        let recipient = self.market_lender(recipient);
        self.govern(self.platform().set_fee(fee, &recipient))
    }

    pub(super) fn market_pause(&mut self, paused: bool) -> Rules {
        self.govern(self.platform().set_paused(paused))
    }

    /// Whether a borrower can be paid.
    pub(super) fn market_authorise(&mut self, borrower: u8, authorised: bool) -> Rules {
        let borrowers = &self.stage.market_borrowers;
        let holder = borrowers[usize::from(borrower) % borrowers.len()].address();
        if self.authorise(&holder, authorised) {
            self.counted().done += 1;
        }
        Ok(())
    }

    /// What is for contracts and for the owner alone, tried by the attacker in their own name.
    pub(super) fn market_intrude(&mut self, entry: u8, loan: u8, size: Part) -> Rules {
        let (platform, insurer) = (self.platform(), self.insurer());
        let salvage = self.stage.market.salvage.clone();
        let (loan, me) = (self.market_loan(loan), self.stage.attacker.clone());
        let (facts, hash) = (self.facts(&loan), [7; 32]);
        let amount = size.of(self.balance(&me.address())).max(1);
        let subject = &loan.address;
        let borrower = loan_market::Beneficiary::Borrower(subject.clone());
        let lenders = loan_market::Beneficiary::Lenders;
        let told = market_adapter::LoanFacts {
            borrow_rate: facts.borrow_rate,
            collateral: facts.collateral,
            debt: facts.debt,
            owner: facts.owner.clone(),
        };
        let liquidation = market_adapter::Liquidation {
            bad_debt: facts.debt,
            collateral: facts.collateral,
            debt: facts.debt,
            price: 1,
            repaid: 0,
            seized: facts.collateral,
            time: self.now(),
        };
        let request = market_adapter::CoverRequest {
            limit: amount,
            max_premium: amount,
            max_rate: 0,
            perils: vec![market_adapter::Peril::Default],
            route: market_adapter::Route::Adapter,
            weeks: 4,
        };
        let lot = salvage::Lot {
            amount,
            asset: self.stage.world.usdc.contract.clone(),
            owner: loan.owner.clone(),
            sold_from: None,
            is_denied: false,
            surrendered: amount,
            value: amount,
        };
        let insured = insurer
            .market(&platform.0)
            .look_up(&self.stage.world.ledger);
        let insured = insured
            .ok()
            .flatten()
            .expect("the market is listed at the start");
        match entry % 20 {
            0 => self.forge(&platform.compensate(&me, &borrower, amount), &me),
            1 => self.forge(&platform.compensate(&me, &lenders, amount), &me),
            2 => self.forge(&platform.refinance(subject, amount), &me),
            3 => self.forge(&platform.foreclose(subject, &me, facts.debt * 2 + 1), &me),
            4 => self.forge(&platform.surrender(subject, amount, &me), &me),
            5 => self.forge(&platform.set_insurer(&me), &me),
            6 => self.forge(&platform.set_fee(2_500_000, &me), &me),
            7 => self.forge(&platform.set_paused(true), &me),
            8 => self.forge(&platform.upgrade(&hash, &me), &me),
            9 => self.forge(&platform.transfer_ownership(&me, u32::MAX), &me),
            10 => self.forge(&platform.borrow_more(subject, 1, &me), &me),
            11 => self.forge(&platform.withdraw_collateral(subject, 1, &me), &me),
            12 => self.forge(
                &insurer.insure(&platform.0, subject, &told, &me, &request),
                &me,
            ),
            13 => self.forge(&insurer.exit_refusal(&platform.0, subject, &told), &me),
            14 => self.forge(
                &insurer.settle_liquidation(&platform.0, subject, &liquidation, &me),
                &me,
            ),
            15 => self.forge(&insurer.set_market(&insured), &me),
            16 => self.forge(&insurer.upgrade(&hash, &me), &me),
            17 => self.forge(&insurer.transfer_ownership(&me, u32::MAX), &me),
            18 => self.forge(&salvage.book(&insurer.0, u32::MAX - 1, &lot), &me),
            _ => self.forge(&salvage.book(&me, u32::MAX - 1, &lot), &me),
        }
    }
}
