//! What the attacks start from: a world with capital and insured loans.

use actuary::{health, Assets, Rate};
use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter as adapter,
        cover_pool::{Application, Class, GroupTerms, Interest, Loss, Peril, Route, Settlement},
        position,
    },
    feeds::Feed,
    world::{self, loan_group, Setup, World, LOANS},
};

pub use actuary::time::{DAY, HOUR, WEEK};
pub use adapter::Peril::{Advance, Collateral, Grant, Liquidation};
pub use testkit::{
    bindings::OnLedger,
    refusal::*,
    scene::{books, fall, filed, grant, interest, paid, policy, price, rescue},
};

/// What the LP of [`staked`] gives: every cap of a group is a part of it.
pub const CAPITAL: i128 = 2_000_000 * UNIT;

/// The group of policies on losses of `default` that an account reports.
const REPORTED: u32 = 2;

/// A world whose cover pool has capital, and its LP.
pub fn staked(setup: &Setup) -> (World, Keypair) {
    let world = World::new(setup);
    let lp = world.stake("lp", CAPITAL);
    (world, lp)
}

/// The usual setup with only two sources for the collateral.
pub fn two_sources() -> Setup {
    Setup {
        collateral_feeds: vec![Feed::Reflector, Feed::Redstone],
        ..Setup::default()
    }
}

/// A tick box: these perils for eight weeks, repaying.
pub fn request(perils: &[adapter::Peril], limit: i128) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit,
        max_premium: 10_000 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

/// A borrower with `collateral` of the world's collateral asset, and USDC for premiums.
pub fn borrower(world: &World, name: &str, collateral: i128) -> Keypair {
    let borrower = world.funded(name, 20_000 * UNIT);
    let asset = &world.collateral;
    asset.mint(&world.ledger, &borrower.address(), collateral);
    borrower
}

/// A borrower's loan of 8 000 USDC against 10 of the collateral, at 2 000 USDC each: a health factor of 1.78.
pub fn loan(
    world: &World,
    name: &str,
    insure: Option<adapter::CoverRequest>,
) -> (Keypair, position::Client) {
    let borrower = borrower(world, name, 10 * UNIT);
    let opened = world.open_loan(&borrower, 10 * UNIT, 8_000 * UNIT, insure);
    (borrower, opened.unwrap().0)
}

/// What repays a position of the world's market up to the target, at the hub's price.
pub fn needed(world: &World, position: &position::Client) -> i128 {
    let health = world.health(position);
    let loan = health::Loan {
        collateral: Assets::from_raw(health.value),
        debt: Assets::from_raw(health.debt),
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::from_raw(9_500_000),
    };
    loan.repay_to_reach_up(health::TARGET).unwrap().raw()
}

/// An outcome that was skipped with the adapter's error.
pub fn skipped(error: adapter::AdapterError) -> adapter::Outcome {
    adapter::Outcome::Skipped(error as u32)
}

/// USDC that somebody holds.
pub fn usdc(world: &World, holder: &ScAddress) -> i128 {
    world.usdc.balance(&world.ledger, holder)
}

/// A policy on 2 % of the capital: who reports its losses, and who is paid.
pub fn reported(world: &World) -> (Keypair, Keypair, Interest) {
    let subject = world.actor("insured lender");
    let (adapter, interest) = report(world, &subject);
    (adapter, subject, interest)
}

/// A policy on 2 % of the capital that pays `subject`; who reports its losses.
pub fn report(world: &World, subject: &Keypair) -> (Keypair, Interest) {
    let adapter = world.funded("reporter", 10_000 * UNIT);
    let terms = GroupTerms {
        class: Class::Deposit,
        perils: vec![world::peril(Peril::Default, 150_000, 500_000, 8_000_000)],
        platform: None,
        ..loan_group(&adapter.address(), &world.pool.address)
    };
    world
        .cover
        .set_group(REPORTED, &terms)
        .send(&world.ledger, &world.owner)
        .unwrap();
    let interest = Interest(subject.address(), Class::Deposit);
    let application = Application {
        group: REPORTED,
        interest: interest.clone(),
        limit: CAPITAL / 50,
        ltv: 0,
        max_premium: 5_000 * UNIT,
        max_rate: 0,
        owner: subject.address(),
        payer: adapter.address(),
        perils: vec![Peril::Default],
        route: Route::Repay,
        weeks: 2,
    };
    world
        .cover
        .open(&application)
        .send(&world.ledger, &adapter)
        .unwrap();
    (adapter, interest)
}

/// Files a loss of the whole limit: less co-insurance, 38 000 USDC that have to wait.
pub fn file(world: &World, adapter: &Keypair, interest: &Interest) -> (u32, i128) {
    let loss = Loss {
        amount: CAPITAL / 50,
        event: 0,
        occurred_at: world.ledger.now(),
        peril: Peril::Default,
        rescue: false,
        sources: 0,
    };
    let call = world.cover.pay(interest, &loss, &world.keeper);
    match call.send(&world.ledger, adapter).unwrap() {
        Settlement::Filed(claim, amount) => (claim, amount),
        paid => panic!("{paid:?}"),
    }
}

/// Two loans that together need more than 5 % of NAV, with two sources: the second one's advance waits.
pub fn waiting_claim(world: &World, limit: i128) -> (u32, i128) {
    let mut terms = world
        .cover
        .group(LOANS)
        .view(&world.ledger)
        .unwrap()
        .unwrap();
    terms.subject_cap = 4_000_000;
    world
        .cover
        .set_group(LOANS, &terms)
        .send(&world.ledger, &world.owner)
        .unwrap();
    let owner = borrower(world, "large", 1_000 * UNIT);
    let insure = Some(request(&[Advance], limit));
    let position = world
        .open_loan(&owner, 1_000 * UNIT, 990_000 * UNIT, insure)
        .unwrap()
        .0;
    world.sleep(26 * HOUR);
    price(world, 1_500);
    filed(&rescue(world, &position))
}
