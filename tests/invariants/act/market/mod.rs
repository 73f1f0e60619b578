//! What each action on the loan market does.

mod advances;
mod cover;
mod lending;
mod lie;
mod losses;
mod roles;
mod salvage;

use localnet::{xdr::ScAddress, Keypair};
use testkit::bindings::{cover_pool, loan_market, market_adapter, OnLedger};

use super::{
    advances::{ALL_LOANS, BRINK, DISTRESSED, SAFE, UNTIL_TRUSTED},
    choose, Run,
};
use crate::{
    market::{books::Loan, step::MarketAction},
    rules::Rules,
    shadow::{Key, Policy},
    step::Ask,
};

impl Run<'_> {
    #[rustfmt::skip] // One action after the other, on one line each.
    pub(super) fn on_market(&mut self, action: &MarketAction) -> Rules {
        use MarketAction::*;
        match *action {
            Sink { loan, health } => self.market_sink(loan, health),
            Peg { permille, hours } => self.market_peg(permille, hours),
            Authorise { borrower, authorised } => self.market_authorise(borrower, authorised),
            Clawback { size } => self.market_clawback(size),
            Donate { size } => self.market_donate(size),
            Supply { lender, size } => self.market_supply(lender, size),
            Redeem { lender, size } => self.market_redeem(lender, size),
            Borrow { borrower, collateral, debt, ask, by_sponsor } => self.market_borrow(borrower, (collateral, debt), ask, by_sponsor),
            Insure { loan, ask, by_sponsor } => self.market_insure(loan, ask, by_sponsor),
            BorrowMore { loan, size } => self.market_borrow_more(loan, size),
            AddCollateral { loan, size, by_stranger } => self.market_add_collateral(loan, size, by_stranger),
            TakeOut { loan, size } => self.market_take_out(loan, size),
            Close { loan } => self.market_close(loan),
            Repay { loan, size, by_stranger } => self.market_repay(loan, size, by_stranger),
            Liquidate { loan, seize, max_repay, settles_cover } => self.market_liquidate(loan, seize, max_repay, settles_cover),
            Ruin { loan, health, settles_cover } => self.market_ruin(loan, health, settles_cover),
            Lie { collateral, debt, repaid } => self.market_lie(collateral, debt, repaid),
            SettleCover { loan } => self.market_settle_cover(loan),
            Collect { who } => self.market_collect(who),
            WriteOff => self.market_write_off(),
            Renew { loan, limit, weeks } => self.market_renew(loan, limit, weeks),
            TopUp { loan, size } => self.market_top_up(loan, size),
            Cancel { loan } => self.market_cancel(loan),
            InsureLenders { lender, ask } => self.market_insure_lenders(lender, ask),
            ProveDeficit { looks_again } => self.market_prove_deficit(looks_again),
            Rescue { loans } => self.market_rescue(loans),
            Distress { loan, health } => self.market_distress(loan, health),
            Grant { loans, triggers } => self.market_grant(loans, triggers),
            Finalize { claim } => self.market_finalize(claim),
            PayBack { loan, size, by_stranger } => self.market_pay_back(loan, size, by_stranger),
            Refinance { loan } => self.market_refinance(loan),
            StartForeclosure { loan } => self.market_start_foreclosure(loan),
            Cure { loan } => self.market_cure(loan),
            Foreclose { loan } => self.market_foreclose(loan),
            CollectForeclosed { who } => self.market_collect_foreclosed(who),
            Surrender { loan, size } => self.market_surrender(loan, size),
            SetFee { fee, recipient } => self.market_set_fee(fee, recipient),
            Pause { paused } => self.market_pause(paused),
            Intrude { entry, loan, size } => self.market_intrude(entry, loan, size),
        }
    }

    fn platform(&self) -> loan_market::Client {
        self.stage.market.platform.clone()
    }

    fn insurer(&self) -> market_adapter::Client {
        self.stage.market.insurer.clone()
    }

    /// Half of those who want cover wait until it is sold.
    fn calm(&mut self, number: u8) -> Rules {
        let armed = self.insurer().armed(self.platform().0);
        let armed = armed.view(&self.stage.world.ledger).unwrap_or_default();
        self.calm_down(number, armed)
    }

    /// A loan of the market.
    fn market_loan(&self, number: u8) -> Loan {
        let loans = &self.market.loans;
        loans[usize::from(number) % loans.len()].clone()
    }

    /// The loan that a number means among those of which `is_apt` is true; one in eight numbers means any.
    fn apt_market_loan(&self, number: u8, is_apt: impl Fn(&Self, &Loan) -> bool) -> Loan {
        let apt: Vec<_> = self
            .market
            .loans
            .iter()
            .filter(|loan| is_apt(self, loan))
            .collect();
        match choose(&apt, number) {
            Some(loan) => (*loan).clone(),
            None => self.market_loan(number),
        }
    }

    /// The same among loans with a policy.
    fn insured_market_loan(&self, number: u8, is_apt: impl Fn(&Self, &Policy) -> bool) -> Loan {
        self.apt_market_loan(number, |run, loan| {
            let policy = run.policy(&loan_key(loan));
            policy.is_some_and(|policy| is_apt(run, policy))
        })
    }

    /// What is insured: a loan, or now and then the lenders as a whole. Its address and the key of its policy.
    fn market_subject(
        &self,
        number: u8,
        is_apt: impl Fn(&Self, &Policy) -> bool,
    ) -> (ScAddress, Key) {
        let lenders = self.lenders_key();
        let is_lenders = self
            .policy(&lenders)
            .is_some_and(|policy| number.is_multiple_of(3) && is_apt(self, policy));
        if is_lenders {
            return (lenders.0.clone(), lenders);
        }
        let loan = self.insured_market_loan(number, is_apt);
        (loan.address.clone(), loan_key(&loan))
    }

    fn lenders_key(&self) -> Key {
        (
            self.stage.market.platform.0.clone(),
            cover_pool::Class::Deposit as u32,
        )
    }

    pub(super) fn facts(&self, loan: &Loan) -> loan_market::LoanFacts {
        self.stage
            .market
            .loan(&self.stage.world.ledger, &loan.address)
    }

    /// An actor of the market by address.
    fn actor(&self, address: &ScAddress) -> Keypair {
        let known = self.stage.person(address);
        known.expect("a known actor").clone()
    }

    fn market_lender(&self, number: u8) -> Keypair {
        let lenders = [
            &self.stage.market.lender,
            &self.stage.lps[0],
            &self.stage.lps[1],
        ];
        lenders[usize::from(number) % lenders.len()].clone()
    }

    /// Who pays a premium.
    fn payer(&self, owner: &Keypair, by_sponsor: bool) -> Keypair {
        if by_sponsor {
            self.stage.sponsor.clone()
        } else {
            owner.clone()
        }
    }
}

/// The key of a loan's policy.
fn loan_key(loan: &Loan) -> Key {
    (loan.address.clone(), cover_pool::Class::Loan as u32)
}

/// The perils that a borrower asks for.
fn perils(ask: Ask) -> Vec<loan_market::Peril> {
    use loan_market::Peril::{Advance, Collateral, Default, Grant, Liquidation};
    match ask.perils % 7 {
        0..=2 => vec![Advance, Grant, Default, Liquidation, Collateral],
        3 => vec![Advance],
        4 => vec![Default, Liquidation],
        5 => vec![Grant, Collateral],
        _ => vec![Advance, Default],
    }
}

/// The request that a borrower of `limit` makes.
fn request(ask: Ask, limit: i128) -> loan_market::CoverRequest {
    loan_market::CoverRequest {
        limit,
        max_premium: 20_000 * testkit::asset::UNIT,
        max_rate: if ask.renews { 5_000_000 } else { 0 },
        perils: perils(ask),
        route: loan_market::Route::Adapter,
        weeks: ask.weeks,
    }
}
