//! What happens on Blend: liquidations, bad debt, lenders coming and going; and what cover pays for it.

mod deficit;
mod liquidation;

use localnet::Auth;
use testkit::blend::Request;

use super::Run;
use crate::{blend::step::BlendAction, follow::Told, rules::Rules, step::Part};

const SUPPLY: u32 = 0;
const WITHDRAW: u32 = 1;
const FILL_USER_LIQUIDATION: u32 = 6;

/// From the request to leave a backstop to leaving it.
const BACKSTOP_DELAY: u64 = 17 * 86_400;
/// After 300 ledgers a filler takes all of the collateral and half of the debt.
const HALF_THE_BID: u64 = 300 * 5;

impl Run<'_> {
    #[rustfmt::skip] // One action after the other, on one line each.
    pub(super) fn about_blend(&mut self, action: &BlendAction) -> Rules {
        use BlendAction::*;
        match *action {
            Wreck { loan, health, ledgers, percent, settles } => self.wreck(loan, health, (ledgers, percent), settles),
            Look { loan } => self.look(loan),
            SettleLiquidation { loan } => self.settle_liquidation(loan),
            Surrender { loan, size } => self.surrender(loan, size),
            Rob { size } => self.rob(size),
            GiveBack { size } => self.give_back(size),
            ProveDeficit { looks_again } => self.prove_deficit(looks_again),
        }
    }

    /// Whatever Blend does, our books stay as they are.
    fn on_blend(&mut self, sent: Result<localnet::Outcome, localnet::InvokeError>) -> Rules {
        self.calls += 1;
        match sent {
            Ok(outcome) => {
                self.counted().done += 1;
                self.accept(&outcome, &Told::default())
            }
            Err(error) => {
                let code = error.first_error_code().unwrap_or_default();
                self.counted().refuse(code.to_string());
                Ok(())
            }
        }
    }

    pub(super) fn liquidate(&mut self, loan: u8, percent: u8) -> Rules {
        let (world, position) = (&self.stage.world, self.position(loan));
        let (bid, lot) = (
            vec![world.usdc.contract.clone()],
            vec![world.collateral.contract.clone()],
        );
        let args = (0_u32, &position, bid, lot, u32::from(percent) % 101);
        let sent = world.ledger.call(
            &self.stage.liquidator,
            &world.pool.address,
            "new_auction",
            args,
            Auth::Sign(&[]),
        );
        self.on_blend(sent)
    }

    pub(super) fn fill(&mut self, loan: u8, percent: u8) -> Rules {
        let (world, address) = (&self.stage.world, self.position(loan));
        let amount = i128::from(percent % 101);
        let fill = Request {
            request_type: FILL_USER_LIQUIDATION,
            address,
            amount,
        };
        let sent = world
            .pool
            .submit(&world.ledger, &self.stage.liquidator, &[fill]);
        self.on_blend(sent)
    }

    /// Of a position, or of the backstop.
    pub(super) fn bad_debt(&mut self, loan: u8) -> Rules {
        let world = &self.stage.world;
        let user = if loan.is_multiple_of(3) {
            world.blend.backstop.clone()
        } else {
            self.position(loan)
        };
        let sent = world
            .pool
            .bad_debt(&world.ledger, &self.stage.liquidator, &user);
        self.on_blend(sent)
    }

    fn on_backstop(&mut self, function: &str) -> Rules {
        let (world, admin) = (&self.stage.world, &self.stage.world.blend.admin);
        let args = (admin, &world.pool.address, 49_000 * testkit::asset::UNIT);
        let sent = world.ledger.call(
            admin,
            &world.blend.backstop,
            function,
            args,
            Auth::Sign(&[]),
        );
        self.on_blend(sent)
    }

    /// Nearly all of the backstop wants to leave: Blend freezes, and three weeks later defaults its bad debt.
    pub(super) fn queue_backstop(&mut self) -> Rules {
        self.on_backstop("queue_withdrawal")
    }

    pub(super) fn withdraw_backstop(&mut self) -> Rules {
        self.on_backstop("withdraw")
    }

    pub(super) fn thin_backstop(&mut self) -> Rules {
        self.queue_backstop()?;
        self.wait(BACKSTOP_DELAY)?;
        self.withdraw_backstop()?;
        self.tape.tick(&self.stage.world);
        Ok(())
    }

    pub(super) fn ruin(&mut self, loan: u8) -> Rules {
        self.sink(loan, 500)?;
        self.liquidate(loan, 100)?;
        self.wait(HALF_THE_BID)?;
        self.tape.publish(&self.stage.world);
        self.fill(loan, 100)
    }

    pub(super) fn lend(&mut self, size: Part) -> Rules {
        let (world, lender) = (&self.stage.world, &self.stage.lender);
        let amount = size.of(self.balance(&lender.address()));
        let sent = world
            .pool
            .request(&world.ledger, lender, SUPPLY, &world.usdc.contract, amount);
        self.on_blend(sent)
    }

    pub(super) fn unlend(&mut self, size: Part) -> Rules {
        let (world, lender) = (&self.stage.world, &self.stage.lender);
        let amount = size.of(1_000_000 * testkit::asset::UNIT);
        let sent = world.pool.request(
            &world.ledger,
            lender,
            WITHDRAW,
            &world.usdc.contract,
            amount,
        );
        self.on_blend(sent)
    }
}
