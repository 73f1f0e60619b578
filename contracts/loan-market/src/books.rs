//! What the market has and owes: counted by ourselves, never read from a balance.
//!
//! `cash + debt = supply + credits`, to the unit, after every call; only where cash was taken from the market and nobody is left to
//! bear it are the left sides less.

use actuary::lending::{
    fee_shares_down, growth_up, interest_up, lent_part_up, Debts, RateModel, Repayment,
};
use actuary::time::DAY;
use actuary::{Assets, MathError, Rate, Shares};

/// How long a claim counts as owed to the lenders after it was filed, in seconds: 30 days. By then it was paid or denied.
pub const FILED_FOR: u64 = 30 * DAY;

/// Money, shares and losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The loan asset held.
    pub cash: Assets,
    /// The collateral held.
    pub collateral: Assets,
    /// What lenders own, with interest.
    pub supply: Assets,
    /// Lenders' shares, those of the fee among them.
    pub supply_shares: Shares,
    /// What borrowers owe, and their shares of it.
    pub debts: Debts,
    /// What interest is ahead by, see [`interest_up`].
    pub ahead: i128,
    /// Up to when interest is booked.
    pub last: u64,
    /// Shares of the fee that were not handed to its recipient yet.
    pub fee_shares: Shares,
    /// What waits for owners of loans to collect it.
    pub credits: Assets,
    /// Bad debt of liquidations whose cover is not settled.
    pub unsettled: Assets,
    /// What cover owes the lenders for claims that were filed, and may owe for what is missing.
    pub filed: Assets,
    /// When that last grew.
    pub filed_at: u64,
    /// Bad debt that was spread over the lenders so far.
    pub bad_debt: Assets,
    /// What was missing and spread over the lenders so far.
    pub missing: Assets,
    /// What borrowers paid per year at `last`, before anything else happened then.
    pub rate: Rate,
}

/// How many numbers the books are.
pub const NUMBERS: usize = 16;

impl Books {
    /// The books as they are stored; the order is the format.
    pub fn numbers(&self) -> [i128; NUMBERS] {
        [
            self.cash.raw(),
            self.collateral.raw(),
            self.supply.raw(),
            self.supply_shares.raw(),
            self.debts.amount.raw(),
            self.debts.shares.raw(),
            self.ahead,
            self.last.into(),
            self.fee_shares.raw(),
            self.credits.raw(),
            self.unsettled.raw(),
            self.filed.raw(),
            self.filed_at.into(),
            self.bad_debt.raw(),
            self.missing.raw(),
            self.rate.raw(),
        ]
    }

    /// The books from what was stored.
    pub fn from_numbers(numbers: [i128; NUMBERS]) -> Self {
        let [cash, collateral, supply, supply_shares, debt, debt_shares, ahead, last, fee_shares, credits, unsettled, filed, filed_at, bad_debt, missing, rate] =
            numbers;
        Self {
            cash: Assets::from_raw(cash),
            collateral: Assets::from_raw(collateral),
            supply: Assets::from_raw(supply),
            supply_shares: Shares::from_raw(supply_shares),
            debts: Debts {
                amount: Assets::from_raw(debt),
                shares: Shares::from_raw(debt_shares),
            },
            ahead,
            last: last as u64,
            fee_shares: Shares::from_raw(fee_shares),
            credits: Assets::from_raw(credits),
            unsettled: Assets::from_raw(unsettled),
            filed: Assets::from_raw(filed),
            filed_at: filed_at as u64,
            bad_debt: Assets::from_raw(bad_debt),
            missing: Assets::from_raw(missing),
            rate: Rate::from_raw(rate),
        }
    }

    /// The part of the supply that is lent out, rounded up.
    pub fn utilisation(&self) -> Result<Rate, MathError> {
        lent_part_up(self.debts.amount, self.supply)
    }

    /// Books interest up to now, the fee of it as shares. Returns both.
    pub fn accrue(
        &mut self,
        rates: &RateModel,
        fee: Rate,
        now: u64,
    ) -> Result<(Assets, Shares), MathError> {
        let seconds = now.saturating_sub(self.last);
        if seconds == 0 {
            return Ok((Assets::ZERO, Shares::ZERO));
        }
        self.last = now;
        let booked = self.book_interest(rates, fee, seconds)?;
        self.rate = rates.rate_up(self.utilisation()?)?;
        Ok(booked)
    }

    fn book_interest(
        &mut self,
        rates: &RateModel,
        fee: Rate,
        seconds: u64,
    ) -> Result<(Assets, Shares), MathError> {
        if self.debts.amount.is_zero() {
            return Ok((Assets::ZERO, Shares::ZERO));
        }
        let growth = growth_up(rates.rate_up(self.utilisation()?)?, seconds)?;
        let interest = interest_up(self.debts.amount, growth, self.ahead)?;
        self.ahead = interest.ahead;
        self.debts.amount = self.debts.amount.checked_add(interest.amount)?;
        self.supply = self.supply.checked_add(interest.amount)?;
        let fee = interest.amount.share_down(fee)?;
        let shares = fee_shares_down(fee, self.supply_shares, self.supply)?;
        self.supply_shares = self.supply_shares.checked_add(shares)?;
        self.fee_shares = self.fee_shares.checked_add(shares)?;
        Ok((interest.amount, shares))
    }

    /// What can be paid out now: cash that waits for nobody.
    pub fn liquid(&self) -> Assets {
        self.cash.sub_or_zero(self.credits)
    }

    /// What deposits mint at: with all that cover may still pay the lenders, so that nobody buys into a claim.
    pub fn supply_high(&self, now: u64) -> Result<Assets, MathError> {
        self.supply
            .checked_add(self.unsettled)?
            .checked_add(self.filed(now))
    }

    /// What cover still owes for claims that were filed.
    pub fn filed(&self, now: u64) -> Assets {
        if now < self.filed_at.saturating_add(FILED_FOR) {
            self.filed
        } else {
            Assets::ZERO
        }
    }

    /// Takes note of a claim for the lenders.
    pub fn file(&mut self, amount: Assets, now: u64) -> Result<(), MathError> {
        if !amount.is_zero() {
            self.filed = self.filed(now).checked_add(amount)?;
            self.filed_at = now;
        }
        Ok(())
    }

    /// Books money for the lenders.
    pub fn give_lenders(&mut self, amount: Assets) -> Result<(), MathError> {
        self.supply = self.supply.checked_add(amount)?;
        Ok(())
    }

    /// Takes shares of a borrower off the debt, after they were paid for; what rounding leaves is the lenders'.
    pub fn book_repayment(&mut self, repayment: &Repayment) -> Result<(), MathError> {
        self.take_off(repayment.shares, repayment.taken_off)?;
        self.cash = self.cash.checked_add(repayment.paid)?;
        self.give_lenders(repayment.paid.checked_sub(repayment.taken_off)?)
    }

    /// Spreads what these shares owe over the lenders. Returns it.
    pub fn write_off_debt(&mut self, shares: Shares) -> Result<Assets, MathError> {
        let owed = self.debts.owed_up(shares)?;
        let lost = self.debts.taken_off(shares, owed)?;
        self.take_off(shares, lost)?;
        self.supply = self.supply.sub_or_zero(lost);
        Ok(lost)
    }

    fn take_off(&mut self, shares: Shares, amount: Assets) -> Result<(), MathError> {
        self.debts.shares = self.debts.shares.checked_sub(shares)?;
        self.debts.amount = self.debts.amount.checked_sub(amount)?;
        if self.debts.shares.is_zero() {
            // Nobody is left who could be given back what interest was rounded up by.
            self.ahead = 0;
        }
        Ok(())
    }
}
