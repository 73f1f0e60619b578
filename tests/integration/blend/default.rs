//! `default` on Blend: debt that its backstop cannot carry is written off, and the vault that lends there is paid for its part.

use actuary::{loss::LossIndex, Assets};
use localnet::{Auth, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool as cover,
        insured_vault::{Client, CoverRequest, Peril, Quote, Route},
    },
    scene::{liquidate_on_blend, COLLATERAL},
    world::{World, DEPOSITS},
};

use crate::stage::*;

const DEPOSIT: i128 = 100_000 * UNIT;
const INSURED: i128 = 50_000 * UNIT;
/// Starting base rates of the vault's perils.
const BASES: [(cover::Peril, u32); 2] = [
    (cover::Peril::Default, 150_000),
    (cover::Peril::Contract, 250_000),
];

/// What all but a fiftieth of the backstop is, and how long it takes to leave.
const LEAVING: i128 = 49_000 * UNIT;
const LEAVING_TIME: u64 = 17 * DAY;

/// Ten usual collaterals, and a debt that is worth more than they are at half their price.
const GAMBLE: (i128, i128) = (10 * COLLATERAL, 120_000 * UNIT);
/// After so many ledgers an auction offers all of its lot for half of its bid.
const HALF_THE_BID: u64 = 300;

/// A vault with a deposit, on a pool whose backstop may leave at any moment, and a loan that is not insured.
struct Scene {
    world: World,
    vault: Client,
    gamble: localnet::xdr::ScAddress,
}

impl Scene {
    fn new() -> Self {
        let world = world();
        let vault = world.deploy_vault("vault");
        let lender = world.funded("lender", DEPOSIT);
        let deposit = vault.deposit(DEPOSIT, &lender, &lender, &lender);
        deposit.send(&world.ledger, &lender).unwrap();
        let gambler = world.funded("gambler", 0);
        let (collateral, debt) = GAMBLE;
        let asset = &world.collateral;
        asset.mint(&world.ledger, &gambler.address(), collateral);
        let opened = world.open_loan(&gambler, collateral, debt, None);
        let gamble = opened.unwrap().0 .0;
        world.funded("filler", DEPOSIT);
        let scene = Self {
            world,
            vault,
            gamble,
        };
        scene.on_backstop("queue_withdrawal");
        scene.world.sleep(LEAVING_TIME);
        for (peril, base) in BASES {
            let confirm = scene.world.cover.set_base(DEPOSITS, &peril, base);
            confirm
                .send(&scene.world.ledger, &scene.world.owner)
                .unwrap();
        }
        scene
    }

    /// The same, insured up to `limit` by the owner, so that the deposit stays what it was.
    fn insured(limit: i128, perils: &[Peril]) -> (Self, Quote) {
        let scene = Self::new();
        let quote = scene.insure(limit, perils).unwrap();
        (scene, quote)
    }

    fn insure(&self, limit: i128, perils: &[Peril]) -> Result<Quote, InvokeError> {
        let Self { world, vault, .. } = self;
        let owner = &world.owner;
        world
            .usdc
            .mint(&world.ledger, &owner.address(), 5_000 * UNIT);
        let request = CoverRequest {
            limit,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: perils.to_vec(),
            route: Route::Repay,
            weeks: 8,
        };
        vault.insure(owner, &request).send(&world.ledger, owner)
    }

    fn on_backstop(&self, function: &str) {
        let (world, admin) = (&self.world, &self.world.blend.admin);
        let args = (admin, &world.pool.address, LEAVING);
        let (backstop, sign) = (&world.blend.backstop, Auth::Sign(&[]));
        world
            .ledger
            .call(admin, backstop, function, args, sign)
            .unwrap();
    }

    /// The backstop leaves, the price is halved, and the loan's liquidation leaves half of its debt to nobody. Returns what
    /// `actuary` says the vault lost when somebody looked.
    fn default(&self) -> Assets {
        let world = &self.world;
        self.on_backstop("withdraw");
        price(world, 1_000);
        let filler = Keypair::named("filler");
        liquidate_on_blend(world, (&filler, &self.gamble), 100, HALF_THE_BID);
        world.tick();
        let rate = || world.pool.reserve(&world.ledger, &world.usdc).data.b_rate;
        let mut index = LossIndex::new(rate());
        let record = world
            .lenders
            .record(&world.pool.address, &world.usdc.contract);
        record.send(&world.ledger, &world.keeper).unwrap();
        index.record(rate()).unwrap();
        let state = self.vault.state().view(&world.ledger).unwrap();
        index.loss_down(state.b_tokens, 0).unwrap()
    }

    fn settle(&self) -> Result<i128, InvokeError> {
        let settle = self.vault.settle(&self.world.keeper);
        settle.send(&self.world.ledger, &self.world.keeper)
    }

    fn policy(&self) -> cover::Policy {
        let interest = cover::Interest(self.vault.0.clone(), cover::Class::Deposit);
        let policy = self.world.cover.policy(&interest).view(&self.world.ledger);
        policy.unwrap().unwrap()
    }
}

/// What `actuary` says of a loss is paid: all but a twentieth, up to the limit.
fn payout(loss: Assets, limit: i128) -> i128 {
    crate::stage::payout(loss, 500_000, Assets::from_raw(limit))
}

#[test]
fn a_vault_is_paid_all_but_a_twentieth_of_what_it_lost() {
    let (scene, _) = Scene::insured(INSURED, &[Peril::Default]);
    scene.world.sleep(4 * DAY);
    let cash = |scene: &Scene| scene.vault.state().view(&scene.world.ledger).unwrap().cash;
    let loss = scene.default();
    assert!(
        (1_000..1_400).contains(&(loss.raw() / UNIT)),
        "a fiftieth of 60 000, the vault's part of what is lent: {loss:?}"
    );
    let (owes, before) = (payout(loss, INSURED), cash(&scene));
    assert_eq!(scene.settle(), Ok(owes), "what actuary says");
    assert_eq!(cash(&scene), before + owes, "for its depositors");
    let policy = scene.policy();
    assert_eq!(policy.limit, INSURED - owes, "limit left");
    assert_eq!(policy.paid, owes, "booked");
    assert_eq!(scene.settle(), Ok(0), "once");
}

#[test]
fn a_default_in_the_waiting_period_is_not_paid_nor_one_after_the_end() {
    let (scene, quote) = Scene::insured(INSURED, &[Peril::Default]);
    let world = &scene.world;
    let start = world.ledger.snapshot();
    world.sleep(quote.start + 3 * DAY - HOUR - world.ledger.now());
    assert!(scene.default() > Assets::ZERO, "there is a loss");
    assert_eq!(scene.settle(), Ok(0), "within three days");
    world.sleep(2 * DAY);
    assert_eq!(scene.settle(), Ok(0), "nor when they are over");
    world.ledger.revert(&start);
    price(world, 2_000);
    world.sleep(quote.end + HOUR - world.ledger.now());
    assert!(scene.default() > Assets::ZERO, "there is a loss");
    assert_eq!(scene.settle(), Ok(0), "an hour after the end");
    assert_eq!(scene.policy().paid, 0, "nothing was paid");
}

#[test]
fn the_limit_is_the_most_that_is_paid() {
    let limit = 500 * UNIT;
    let (scene, _) = Scene::insured(limit, &[Peril::Default]);
    scene.world.sleep(4 * DAY);
    let loss = scene.default();
    assert_eq!(payout(loss, limit), limit, "cut");
    assert_eq!(scene.settle(), Ok(limit), "the limit");
    assert_eq!(scene.policy().limit, 0, "used up");
    assert_eq!(scene.settle(), Ok(0), "nothing more");
}

#[test]
fn a_default_is_not_paid_to_who_insured_against_deficits_alone() {
    let (scene, _) = Scene::insured(INSURED, &[Peril::Contract]);
    scene.world.sleep(15 * DAY);
    assert!(scene.default() > Assets::ZERO, "there is a loss");
    assert_eq!(scene.settle(), Ok(0), "another peril");
}

/// What was written off is not missing beside the books: who insured against both is paid for a default once.
#[test]
fn a_default_is_no_deficit() {
    let (scene, _) = Scene::insured(INSURED, &[Peril::Default, Peril::Contract]);
    let world = &scene.world;
    world.sleep(15 * DAY);
    let owes = payout(scene.default(), INSURED);
    assert_eq!(scene.settle(), Ok(owes), "as a default");
    for _ in 0..2 {
        let prove = world
            .lenders
            .prove_deficit(&world.pool.address, &world.usdc.contract);
        let none = AdapterError::NoDeficit as u32;
        refused(prove.send(&world.ledger, &world.keeper), none, "none");
        world.watch(HOUR);
    }
    assert_eq!(scene.settle(), Ok(0), "and no more");
    assert_eq!(scene.policy().paid, owes, "booked");
}
