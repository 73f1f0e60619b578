//! What must hold of the market, its insurer and its salvage after every call.

use localnet::{FromScVal, InvokeError};
use testkit::bindings::{loan_market::MarketState, Call, OnLedger};

use super::{
    books::{Books, VIRTUAL_ASSETS, VIRTUAL_SHARES},
    follow::Flow,
};
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    stage::Stage,
};

/// Looks at everything that they show. `books` are as of the last look, but for what events have told since.
pub struct Auditor<'a> {
    pub stage: &'a Stage,
    pub books: &'a mut Books,
    pub now: u64,
}

/// What lenders had at the last look.
#[derive(Clone, Copy, Debug)]
pub struct Owned {
    supply: i128,
    shares: i128,
}

impl Books {
    /// What lenders have.
    pub fn owned(&self) -> Owned {
        Owned {
            supply: self.supply,
            shares: self.supply_shares,
        }
    }
}

impl Auditor<'_> {
    fn view<R: FromScVal>(&self, what: &str, call: Call<R>) -> Result<R, Broken> {
        shown(what, call.view(&self.stage.world.ledger))
    }

    /// M1, M3, M8, M9: who holds what. Looked at after every call, whatever it was about.
    pub fn check_holdings(&self) -> Rules {
        let (market, books) = (&self.stage.market, &self.books);
        let (cash, collateral) = self.stage.holds(&market.platform.0)?;
        expect_equal("M1", "cash", cash, books.cash - books.short)?;
        expect_equal("M3", "collateral", collateral, books.collateral())?;
        let uncollected: i128 = books.uncollected.values().sum();
        let kept = self.stage.holds(&market.insurer.0)?;
        expect_equal("M8", "the insurer keeps", kept, (uncollected, 0))?;
        books.lots.check(self.stage, &market.salvage)
    }

    /// All of it, after a call that booked interest and did `flow`; lenders `owned` before it.
    pub fn check(&mut self, owned: Owned, flow: &Flow) -> Rules {
        let state = self.view("state", self.stage.market.platform.state())?;
        self.m1_to_m3_books(&state)?;
        self.m4_loans(&state)?;
        self.m5_what_lenders_own(&state, owned, flow)?;
        self.m6_shares(&state)?;
        self.books.supply = state.supply;
        Ok(())
    }

    /// The same as of now, after interest was booked some time ago: nothing but interest has changed.
    pub fn check_interest(&self) -> Rules {
        let (state, books) = (
            self.view("state", self.stage.market.platform.state())?,
            &self.books,
        );
        self.m1_to_m3_books(&state)?;
        self.m4_loans(&state)?;
        let is_interest = state.supply >= books.supply && !falls(books.owned(), &state);
        expect("M5", is_interest, || {
            format!("less by interest: {state:?}, {books:?}")
        })?;
        let mut worth = 0;
        for shares in books.shares.values() {
            let preview = self.stage.market.platform.preview_redeem(*shares);
            worth += self.view("preview_redeem", preview)?;
        }
        expect("M6", worth <= state.supply, || {
            format!("lenders may take {worth}: {state:?}")
        })
    }

    fn m1_to_m3_books(&self, state: &MarketState) -> Rules {
        let (books, now) = (&self.books, self.now);
        expect_equal("M1", "cash in the books", state.cash, books.cash)?;
        let (there, owed) = (
            state.cash + state.debt,
            state.supply + books.credited() - books.unborne,
        );
        expect_equal("M2", "cash and debt, supply and credits", there, owed)?;
        expect_equal("M3", "collateral", state.collateral, books.collateral())?;
        expect_equal("M7", "written off", state.written_off, books.written_off)?;
        expect_equal("M7", "unsettled", state.unsettled, books.unsettled())?;
        expect_equal("M7", "filed", state.filed, books.filed(now))?;
        let high = state.supply + state.unsettled + state.filed;
        expect_equal("M7", "what deposits mint at", state.supply_high, high)
    }

    /// Each loan's debt is rounded up, so together they are less than a unit each above what all owe.
    fn m4_loans(&self, state: &MarketState) -> Rules {
        let (mut sum, mut owing) = (0, 0);
        // One without collateral owes nothing, or the sum is too small.
        for loan in self.books.loans.iter().filter(|loan| loan.collateral > 0) {
            let seen = self.view("loan", self.stage.market.platform.loan(&loan.address))?;
            let known = (loan.owner.clone(), loan.collateral);
            expect_equal("M3", "loan", (seen.owner, seen.collateral), known)?;
            sum += seen.debt;
            owing += i128::from(seen.debt > 0);
        }
        let most = state.debt + (owing - 1).max(0);
        expect("M4", (state.debt..=most).contains(&sum), || {
            format!("{owing} loans owe {sum}, the books say {}", state.debt)
        })
    }

    /// What lenders own is what was told of it, and less than a unit of rounding for each repayment.
    fn m5_what_lenders_own(&self, state: &MarketState, owned: Owned, flow: &Flow) -> Rules {
        let given = state.supply - self.books.supply;
        let most = flow.repayments + flow.made_good;
        expect("M5", (0..=most).contains(&given), || {
            format!("lenders are given {given}, at most {most}: {flow:?}")
        })?;
        expect("M5", flow.is_loss || !falls(owned, state), || {
            format!("the price of a share falls: {owned:?}, then {state:?}")
        })
    }

    fn m6_shares(&self, state: &MarketState) -> Rules {
        let books = &self.books;
        expect_equal("M6", "shares", state.supply_shares, books.supply_shares)?;
        let sum = books.shares.values().sum::<i128>() + books.fee_shares;
        expect_equal("M6", "sum of shares", sum, books.supply_shares)?;
        for (lender, shares) in &books.shares {
            let is_recipient = books.fee_recipient.as_ref() == Some(lender);
            let fee = if is_recipient { books.fee_shares } else { 0 };
            let call = self.stage.market.platform.shares_of(lender);
            let seen = shown("shares_of", call.look_up(&self.stage.world.ledger))?;
            // Those of the fee grow with time.
            let is_right = seen == shares + fee || (is_recipient && seen >= *shares);
            expect("M6", is_right, || {
                format!("{lender} has {seen} shares, not {shares} and {fee}")
            })?;
        }
        Ok(())
    }
}

/// Whether the price of a share is less than it was.
fn falls(before: Owned, state: &MarketState) -> bool {
    let Owned { supply, shares } = before;
    (state.supply + VIRTUAL_ASSETS) * (shares + VIRTUAL_SHARES)
        < (supply + VIRTUAL_ASSETS) * (state.supply_shares + VIRTUAL_SHARES)
}

fn shown<R>(what: &str, result: Result<R, InvokeError>) -> Result<R, Broken> {
    result.map_err(|error| Broken::new("view", format!("the market's {what} fails: {error}")))
}
