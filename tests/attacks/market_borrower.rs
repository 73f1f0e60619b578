//! The borrower of an insured loan on the market takes out what secures it, or draws an advance and walks away; and a stranger
//! who takes such a loan over too early or too cheaply. What `draining_collateral`, `dust_draws`, `walking_away` and
//! `early_foreclosure` try on Blend.
//!
//! What stops it: the market asks the insurer after every step that takes value out and undoes it, beyond the LTV that the loan
//! was rated at, in a fall, while a claim is open or an advance is owed; a draw is at least 2 % of the debt; a foreclosure
//! needs a confirmed price at its start and at its end, 15 minutes later, and splits the collateral as the formula says.

use actuary::{
    advance::{discount_down, Foreclosure},
    Assets,
};
use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::{Class, Interest, Policy},
        loan_market::Peril,
        market_adapter::{AdapterError, Outcome, Settlement},
        OnLedger,
    },
    feeds::PRICE_ONE,
    market::{Market, MarketSetup},
    scene::{applicant, market_request, MARKET_DEBT},
    world::{Setup, World},
};

use crate::{market_scene::*, scene::*};

/// An insured loan of a market whose collateral is to be worth 2 000, past its waiting period.
struct Borrower {
    world: World,
    market: Market,
    owner: Keypair,
    loan: ScAddress,
}

impl Borrower {
    fn insured(perils: &[Peril]) -> Self {
        let setup = MarketSetup {
            peg: 2_000 * PRICE_ONE,
            ..MarketSetup::default()
        };
        let (world, market) = with_market_of(&Setup::default(), &setup);
        let (owner, loan, _) = market_loan(&world, &market, "borrower", perils);
        world.sleep(2 * DAY);
        Self {
            world,
            market,
            owner,
            loan,
        }
    }

    fn withdraw(&self, amount: i128) -> Result<(), InvokeError> {
        let platform = &self.market.platform;
        let call = platform.withdraw_collateral(&self.loan, amount, &self.owner);
        call.send(&self.world.ledger, &self.owner)
    }

    fn borrow(&self, amount: i128) -> Result<(), InvokeError> {
        let platform = &self.market.platform;
        let call = platform.borrow_more(&self.loan, amount, &self.owner);
        call.send(&self.world.ledger, &self.owner)
    }

    fn close(&self) -> Result<(), InvokeError> {
        let call = self.market.platform.close(&self.loan, 2 * MARKET_DEBT);
        call.send(&self.world.ledger, &self.owner)
    }

    /// What a keeper's attempt to rescue a loan comes to.
    fn rescue(&self, loan: &ScAddress) -> Outcome {
        let (world, keeper) = (&self.world, &self.world.keeper);
        let call = self.market.insurer.rescue(&vec![loan.clone()], keeper);
        call.send(&world.ledger, keeper).unwrap().remove(0)
    }

    fn start(&self, stranger: &Keypair) -> Result<u64, InvokeError> {
        let call = self.market.insurer.start_foreclosure(&self.loan);
        call.send(&self.world.ledger, stranger)
    }

    fn foreclose(&self, stranger: &Keypair, bid: i128) -> Result<i128, InvokeError> {
        let insurer = &self.market.insurer;
        let call = insurer.foreclose(&self.loan, stranger, 2 * MARKET_DEBT, bid);
        call.send(&self.world.ledger, stranger)
    }

    fn policy(&self) -> Policy {
        let interest = Interest(self.loan.clone(), Class::Loan);
        let policy = self.world.cover.policy(&interest).view(&self.world.ledger);
        policy.unwrap().unwrap()
    }
}

/// What an outcome drew.
fn drawn(outcome: &Outcome) -> i128 {
    match outcome {
        Outcome::Done(Settlement::Paid(amount)) => *amount,
        other => panic!("not drawn: {other:?}"),
    }
}

#[test]
fn nothing_leaves_an_insured_loan_beyond_its_rating_in_a_fall_under_a_claim_or_while_it_owes() {
    let scene = Borrower::insured(&[Peril::Advance, Peril::Collateral]);
    let Borrower {
        world,
        market,
        owner,
        loan,
    } = &scene;
    let ledger = &world.ledger;
    let rating = AdapterError::AboveRatedLtv as u32;
    refused(scene.borrow(UNIT), rating, "borrow beyond the rating");
    refused(scene.withdraw(UNIT / 100), rating, "withdraw beyond it");
    let more = 2 * UNIT;
    world.collateral.mint(ledger, &owner.address(), more);
    let supply = market.platform.supply_collateral(loan, owner, more);
    supply.send(ledger, owner).unwrap();
    scene.withdraw(UNIT / 2).unwrap();

    fall(world, &[1_840]);
    let falling = AdapterError::EventUnderWay as u32;
    refused(scene.withdraw(1), falling, "withdraw in a fall");
    refused(scene.borrow(1), falling, "borrow in a fall");
    world.sleep(26 * HOUR);
    scene.withdraw(1).expect("the twin: the price has settled");

    let surrender = market.insurer.surrender(loan, UNIT / 10, 0);
    let claim = surrender.clone().send(ledger, owner).unwrap();
    let open = AdapterError::ClaimOpen as u32;
    refused(scene.withdraw(1), open, "withdraw under a claim");
    refused(scene.borrow(1), open, "borrow under a claim");
    world.usdc.mint(ledger, &owner.address(), 2 * MARKET_DEBT);
    let claimed = ledger.snapshot();
    scene.close().expect("what owes nothing leaves");
    ledger.revert(&claimed);
    world.sleep(2 * DAY);
    let finalize = market.insurer.finalize(claim, &world.keeper);
    finalize.send(ledger, &world.keeper).unwrap();

    fall(world, &[1_500, 1_180]);
    assert!(drawn(&scene.rescue(loan)) > 0, "an advance is drawn");
    let owed = AdapterError::AdvanceOwed as u32;
    refused(scene.withdraw(1), owed, "withdraw while owing");
    refused(scene.borrow(1), owed, "borrow while owing");
    refused(scene.close(), owed, "close while owing");
    refused(surrender.send(ledger, owner), owed, "surrender while owing");
}

#[test]
fn a_limit_below_two_percent_of_the_debt_draws_nothing() {
    let scene = Borrower::insured(&[Peril::Advance]);
    let Borrower { world, market, .. } = &scene;
    let [dust, enough] = [199, 202].map(|whole| {
        let owner = applicant(world, &format!("limit of {whole}"), 0);
        let mut request = market_request(&[Peril::Advance]);
        request.limit = whole * UNIT;
        let ledger = &world.ledger;
        let opened = market.borrow(ledger, &owner, COLLATERAL, MARKET_DEBT, Some(request));
        opened.unwrap().0
    });
    world.sleep(2 * DAY);
    fall(world, &[1_600, 1_390]);
    let small = Outcome::Skipped(AdapterError::DrawTooSmall as u32);
    assert_eq!(scene.rescue(&dust), small, "less than 2 %");
    let twin = scene.rescue(&enough);
    assert_eq!(drawn(&twin), 202 * UNIT, "the twin: a little more");
}

#[test]
fn an_abandoned_loan_is_foreclosed_neither_early_nor_cheaply() {
    let scene = Borrower::insured(&[Peril::Advance]);
    let Borrower {
        world,
        market,
        owner,
        loan,
    } = &scene;
    let ledger = &world.ledger;
    let stranger = world.funded("stranger", 3 * MARKET_DEBT);
    let none = AdapterError::NothingOwed as u32;
    refused(scene.start(&stranger), none, "nothing is owed");
    fall(world, &[1_600, 1_350]);
    assert!(drawn(&scene.rescue(loan)) > 1_000 * UNIT, "an advance");
    let carries_it = AdapterError::NotForeclosable as u32;
    refused(scene.start(&stranger), carries_it, "it carries its advance");
    let unstarted = scene.foreclose(&stranger, 5_000 * UNIT);
    refused(unstarted, carries_it, "nor without a start");
    price(world, 950);
    let unconfirmed = AdapterError::PriceQuarantined as u32;
    refused(scene.start(&stranger), unconfirmed, "a jump of 30 %");

    price(world, 1_350);
    fall(world, &[1_150, 1_040]);
    let started = scene.start(&stranger).unwrap();
    assert_eq!(started, ledger.now(), "it starts now");
    let at_once = scene.foreclose(&stranger, 5_000 * UNIT);
    refused(at_once, AdapterError::TooSoon as u32, "at once");
    let calm = ledger.snapshot();
    fall(world, &[1_200, 1_350]);
    let dip = scene.foreclose(&stranger, 5_000 * UNIT);
    refused(dip, carries_it, "it was a dip");
    world.ledger.revert(&calm);
    price(world, 1_040);

    world.watch(HOUR / 4);
    let health = market.insurer.health(loan).view(ledger).unwrap();
    let before = scene.policy();
    let of = Assets::from_raw;
    let owed = of(before.drawn + before.fees_due);
    let discount = discount_down(started, ledger.now()).unwrap();
    let split = Foreclosure::split(of(health.value), of(health.debt), owed, discount).unwrap();
    assert!(split.to_pool > Assets::ZERO, "something is left: {split:?}");
    let price = split.price.raw();
    let cheap = scene.foreclose(&stranger, price - 1);
    refused(cheap, AdapterError::BidTooLow as u32, "a stroop short");
    let (cash, purse) = (books(world).cash, usdc(world, &owner.address()));
    assert_eq!(scene.foreclose(&stranger, 5_000 * UNIT), Ok(price), "sold");
    let spent = 3 * MARKET_DEBT - usdc(world, &stranger.address());
    assert_eq!(spent, health.debt + price, "for debt and price");
    let held = world.collateral.balance(ledger, &stranger.address());
    assert_eq!(held, COLLATERAL, "all of the collateral");
    let to_pool = books(world).cash - cash;
    assert_eq!(to_pool, split.to_pool.raw(), "the pool first");
    let to_owner = usdc(world, &owner.address()) - purse;
    assert_eq!(to_owner, split.to_owner.raw(), "the owner the rest");
    assert_eq!(scene.policy().drawn, 0, "nothing is owed any more");
}
