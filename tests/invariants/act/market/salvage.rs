//! Collateral of the market's loans that has failed, and is surrendered.

use super::Run;
use crate::{rules::Rules, step::Part};

impl Run<'_> {
    pub(super) fn market_surrender(&mut self, loan: u8, size: Part) -> Rules {
        self.let_it_fail(loan)?;
        let loan = self.insured_market_loan(loan, |run, policy| run.may_surrender(policy));
        let (owner, amount) = (self.actor(&loan.owner), size.of(loan.collateral));
        let call = self.insurer().surrender(&loan.address, amount, 1);
        let Some(outcome) = self.own(call, &owner)? else {
            return Ok(());
        };
        let claim = outcome.get().expect("a claim");
        self.check_surrender(claim, &super::loan_key(&loan))
    }
}
