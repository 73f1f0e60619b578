//! Borrowers and their loans.

use localnet::{xdr::ScAddress, Keypair};
use testkit::bindings::{blend_adapter as adapter, position, OnLedger};

use super::{request, Reply, Run};
use crate::{
    rules::{expect, Rules},
    shadow::div_up,
    stage::BLEND_SCALE,
    step::{Ask, Part},
};

/// Loans that one sequence may have.
const MOST_LOANS: usize = 6;

fn perils(ask: Ask) -> Vec<adapter::Peril> {
    use adapter::Peril::{Advance, Collateral, Grant, Liquidation};
    match ask.perils % 8 {
        0 => vec![Advance],
        1 => vec![Grant],
        2 | 3 => vec![Advance, Grant],
        4 => vec![Liquidation, Collateral],
        5 => vec![Grant, Liquidation],
        6 => vec![Advance, Collateral],
        _ => vec![Advance, Grant, Liquidation, Collateral],
    }
}

impl Run<'_> {
    pub(super) fn open_loan(
        &mut self,
        borrower: u8,
        collateral: Part,
        debt: Part,
        ask: Option<Ask>,
    ) -> Rules {
        if self.positions.len() >= MOST_LOANS {
            return Ok(());
        }
        self.calm_blend(borrower)?;
        let (world, owners) = (&self.stage.world, &self.stage.borrowers);
        let owner = owners[usize::from(borrower) % owners.len()].clone();
        let collateral = collateral.of(self.collateral_of(&owner).min(100 * testkit::asset::UNIT));
        let debt = debt.of(collateral * (self.tape.collateral() / 1_000) / 100_000_000_000);
        let loan = adapter::Loan {
            collateral,
            collateral_asset: world.collateral.contract.clone(),
            debt,
            platform: world.pool.address.clone(),
        };
        let insure = ask.map(|ask| request(ask, ask.limit.of(debt), perils(ask)));
        let reply = self.own(self.adapter().open_loan(&owner, &loan, &insure), &owner)?;
        if let Some(outcome) = reply {
            let opened: (ScAddress, Option<adapter::Quote>) = outcome.get().expect("a position");
            self.positions.push(opened.0);
        }
        Ok(())
    }

    pub(super) fn collateral_of(&self, owner: &Keypair) -> i128 {
        let world = &self.stage.world;
        world.collateral.balance(&world.ledger, &owner.address())
    }

    /// Health, if there are prices.
    pub(super) fn health(&self, position: &ScAddress) -> Option<adapter::Health> {
        self.adapter()
            .health(position)
            .view(&self.stage.world.ledger)
            .ok()
    }

    /// By Blend's books, rounded up: there also while a price is missing.
    pub(super) fn debt_of(&self, position: &ScAddress) -> i128 {
        let (world, usdc) = (&self.stage.world, 0);
        let owed = world.pool.positions(&world.ledger, position).liabilities;
        let d_tokens = owed.get(&usdc).copied().unwrap_or_default();
        let d_rate = world.pool.reserve(&world.ledger, &world.usdc).data.d_rate;
        div_up(d_tokens * d_rate, BLEND_SCALE)
    }

    /// Half of those who want cover wait until it is sold.
    fn calm_blend(&mut self, number: u8) -> Rules {
        let armed = self.adapter().armed(self.position(number));
        let armed = armed.view(&self.stage.world.ledger).unwrap_or_default();
        self.calm_down(number, armed)
    }

    pub(super) fn insure(&mut self, loan: u8, ask: Ask) -> Rules {
        self.calm_blend(loan)?;
        let free: Vec<_> = (0..self.positions.len() as u8)
            .filter(|loan| !self.is_insured(*loan))
            .collect();
        let loan = super::choose(&free, loan).copied().unwrap_or(loan);
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let request = request(ask, ask.limit.of(self.debt_of(&position)), perils(ask));
        self.own(self.adapter().insure(&position, &request), &owner)
            .map(drop)
    }

    fn is_insured(&self, loan: u8) -> bool {
        let now = self.now();
        self.policy(&self.loan_key(loan))
            .is_some_and(|policy| policy.is_busy() || policy.is_backed(now))
    }

    pub(super) fn renew(&mut self, loan: u8, limit: Part, weeks: u32) -> Rules {
        let loan = self.apt(loan, |run, _, policy| run.is_renewable(policy));
        let (position, keeper) = (self.position(loan), self.stage.world.keeper.clone());
        let Some(policy) = self.policy(&self.loan_key(loan)) else {
            return Ok(());
        };
        let limit = limit.of(policy.limit);
        self.stage
            .approve(&self.owner_of(&position), 10_000 * testkit::asset::UNIT);
        self.anyone(self.adapter().renew(&position, limit, weeks, &keeper))
            .map(drop)
    }

    pub(super) fn top_up(&mut self, loan: u8, size: Part) -> Rules {
        let loan = self.apt(loan, |run, _, policy| run.now() < policy.end);
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let amount = size.of(self.debt_of(&position));
        let most = 10_000 * testkit::asset::UNIT;
        self.own(self.adapter().top_up(&position, amount, most), &owner)
            .map(drop)
    }

    pub(super) fn cancel(&mut self, loan: u8) -> Rules {
        let loan = self.apt(loan, |run, _, policy| run.is_cancellable(policy));
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        self.own(self.adapter().cancel(&position), &owner).map(drop)
    }

    pub(super) fn supply(&mut self, loan: u8, size: Part) -> Rules {
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let amount = size.of(self.collateral_of(&owner).min(100 * testkit::asset::UNIT));
        self.own(position::Client(position).supply(amount), &owner)
            .map(drop)
    }

    /// What takes value out succeeds only while nothing is owed and no claim is open.
    fn takes_out(&self, loan: u8, reply: Reply) -> Rules {
        if reply?.is_none() {
            return Ok(());
        }
        let policy = self.policy(&self.loan_key(loan));
        let is_free = policy.is_none_or(|policy| !policy.is_busy());
        expect("I16", is_free, || {
            format!("taken out while busy: {policy:?}")
        })
    }

    /// The same of borrowing and withdrawing, from which a fall is counted while there is cover and debt.
    fn raises_risk(&mut self, loan: u8, reply: Reply) -> Rules {
        let is_done = matches!(reply, Ok(Some(_)));
        self.takes_out(loan, reply)?;
        let (position, now) = (self.position(loan), self.now());
        let is_covered = self
            .policy(&self.loan_key(loan))
            .is_some_and(|policy| policy.is_backed(now));
        if is_done && is_covered && self.debt_of(&position) > 0 {
            self.blend.raise(&position, self.stage.pair()?.price);
        }
        Ok(())
    }

    pub(super) fn borrow(&mut self, loan: u8, size: Part) -> Rules {
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let amount = size.of(self.debt_of(&position));
        let reply = self.own(position::Client(position).borrow(amount, &owner), &owner);
        self.raises_risk(loan, reply)
    }

    pub(super) fn take_out(&mut self, loan: u8, size: Part) -> Rules {
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let amount = size.of(self.collateral_in(&position));
        let reply = self.own(position::Client(position).withdraw(amount, &owner), &owner);
        self.raises_risk(loan, reply)
    }

    /// Collateral of a position on the platform, in its smallest unit, rounded down.
    pub(super) fn collateral_in(&self, position: &ScAddress) -> i128 {
        let (world, collateral) = (&self.stage.world, 1);
        let held = world.pool.positions(&world.ledger, position).collateral;
        let b_tokens = held.get(&collateral).copied().unwrap_or_default();
        let reserve = world.pool.reserve(&world.ledger, &world.collateral);
        b_tokens * reserve.data.b_rate / BLEND_SCALE
    }

    pub(super) fn close(&mut self, loan: u8) -> Rules {
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let pay_max = self.debt_of(&position) * 101 / 100;
        let reply = self.own(position::Client(position).close(pay_max), &owner);
        self.takes_out(loan, reply)
    }

    pub(super) fn repay(&mut self, loan: u8, size: Part, by_stranger: bool) -> Rules {
        let position = self.position(loan);
        let payer = if by_stranger {
            self.stage.liquidator.clone()
        } else {
            self.owner_of(&position)
        };
        let amount = size.of(self.debt_of(&position));
        self.own(position::Client(position).repay(&payer, amount), &payer)
            .map(drop)
    }

    pub(super) fn sweep(&mut self, loan: u8) -> Rules {
        let (position, token) = (self.position(loan), self.stage.world.usdc.contract.clone());
        let owner = self.owner_of(&position);
        let reply = self.own(position::Client(position).sweep(&token, &owner), &owner);
        self.takes_out(loan, reply)
    }

    pub(super) fn claim_emissions(&mut self, loan: u8) -> Rules {
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        self.own(position::Client(position).claim_emissions(&owner), &owner)
            .map(drop)
    }
}
