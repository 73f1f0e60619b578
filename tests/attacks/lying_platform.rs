//! A lending platform that is listed with the insurer and lies about its loans: its code was replaced by the attacker's.
//!
//! What bounds it: it is paid for its own loans alone, for one liquidation once, and never more than was sold on a loan. Within
//! that its word on its own loans is believed, as `docs/assumptions.md` says.

use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        flash_borrower::{Client, Step},
        loan_market::{self, Peril},
        market_adapter::{AdapterError, Liquidation},
        OnLedger,
    },
    market::{deploy_platform, Market, MarketSetup},
    wasm,
    world::{Setup, World},
};

use crate::{market_scene::*, scene::*};

/// What was sold on the loan.
const LIMIT: i128 = 4_000 * UNIT;

/// A platform in the attacker's hands.
struct Liar {
    attacker: Keypair,
    platform: ScAddress,
}

impl Liar {
    /// The owner of a market replaces its code by one that makes the calls it is taught.
    fn replace(world: &World, platform: &loan_market::Client) -> Self {
        let (ledger, owner) = (&world.ledger, &world.owner);
        let code = ledger.upload(owner, wasm::FLASH_BORROWER).unwrap();
        let upgrade = platform.upgrade(&code, owner);
        upgrade.send(ledger, owner).unwrap();
        Self {
            attacker: world.funded("attacker", UNIT),
            platform: platform.0.clone(),
        }
    }

    /// Reports these losses of a loan, one after the other in one call.
    fn report(
        &self,
        world: &World,
        market: &Market,
        loan: &ScAddress,
        losses: &[Liquidation],
    ) -> Result<(), InvokeError> {
        let ledger = &world.ledger;
        let steps = losses.iter().map(|loss| {
            let (insurer, keeper) = (&market.insurer, &world.keeper);
            let call = insurer.settle_liquidation(&self.platform, loan, loss, keeper);
            Step {
                args: call.args().unwrap().to_vec(),
                contract: call.contract,
                function: call.function.into(),
                pays: vec![],
            }
        });
        let puppet = Client(self.platform.clone());
        let learn = puppet.learn(&steps.collect());
        learn.send(ledger, &self.attacker)?;
        let act = puppet.exec_op(&self.attacker, &world.usdc.contract, 0, 0);
        act.send(ledger, &self.attacker)
    }

    /// What it got.
    fn spoils(&self, world: &World) -> i128 {
        usdc(world, &self.platform)
    }
}

/// A default that never was: all of `bad_debt` is lost, and there was no collateral.
fn made_up(world: &World, bad_debt: i128) -> Liquidation {
    Liquidation {
        bad_debt,
        collateral: 0,
        debt: bad_debt,
        price: 1,
        repaid: 0,
        seized: 0,
        time: world.ledger.now(),
    }
}

/// A loan that is insured against default, past its waiting period.
fn seasoned() -> (World, Market, ScAddress) {
    let (world, market) = with_market(&Setup::default());
    let (_, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    (world, market, loan)
}

#[test]
fn the_same_liquidation_is_paid_once() {
    let (world, market, loan) = seasoned();
    let liar = Liar::replace(&world, &market.platform);
    let before = liar.spoils(&world);
    let loss = made_up(&world, 1_000 * UNIT);
    let settled = AdapterError::AlreadySettled as u32;
    let twice = liar.report(&world, &market, &loan, &[loss.clone(), loss.clone()]);
    refused(twice, settled, "twice in one call");
    let once = liar.report(&world, &market, &loan, std::slice::from_ref(&loss));
    assert_eq!(once, Ok(()), "once, which is believed");
    let spoils = liar.spoils(&world) - before;
    assert_eq!(spoils, 900 * UNIT, "less co-insurance");
    let again = liar.report(&world, &market, &loan, &[loss]);
    refused(again, settled, "a second time");
}

#[test]
fn no_more_is_paid_than_was_sold_on_a_loan() {
    let (world, market, loan) = seasoned();
    let liar = Liar::replace(&world, &market.platform);
    let (before, cash) = (liar.spoils(&world), books(&world).cash);
    let losses = [100_000, 90_000, 80_000].map(|whole| made_up(&world, whole * UNIT));
    let reported = liar.report(&world, &market, &loan, &losses);
    assert_eq!(reported, Ok(()), "three losses far above the limit");
    assert_eq!(liar.spoils(&world) - before, LIMIT, "the limit, once");
    let left = cash - books(&world).cash;
    assert_eq!(left, LIMIT + UNIT / 2, "beside it one bounty");
}

#[test]
fn it_is_paid_for_no_loan_of_another_platform() {
    let (world, market, loan) = seasoned();
    let second = deploy_platform(&world, &MarketSetup::default());
    let (ledger, owner) = (&world.ledger, &world.owner);
    let terms = market.insurer.market(&market.platform.0).view(ledger);
    let mut terms = terms.unwrap().unwrap();
    terms.platform = second.0.clone();
    let list = market.insurer.set_market(&terms);
    list.send(ledger, owner).unwrap();
    let liar = Liar::replace(&world, &second);
    let loss = made_up(&world, 1_000 * UNIT);
    let others = liar.report(&world, &market, &loan, &[loss]);
    let unknown = AdapterError::NotInsuredHere as u32;
    refused(others, unknown, "a loan of the first");
    assert_eq!(liar.spoils(&world), 0, "nothing was paid");
}
