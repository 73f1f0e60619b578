//! Money for one transaction: lent by Blend without collateral, used, and given back in the same call.
//!
//! What stops it: a deficit is looked at twice, an hour apart, and the platform's own books are not for sale within a call; shares
//! of the cover pool leave it two weeks after they asked to; prices of cover follow from what stays; and the market's interest
//! and the rate of an advance are of the time before the call.

use localnet::{
    contract_struct,
    xdr::{ScAddress, ScError, ScErrorCode},
    Auth, InvokeError, Keypair, ToScVal,
};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::CoverError,
        flash_borrower::{Client, Payment, Step},
        loan_market::Peril,
        market_adapter::{self as insurer, AdapterError, CoverRequest, Outcome, Route, Settlement},
        Call, OnLedger,
    },
    blend::Request,
    market::{Market, MarketSetup},
    wasm,
    world::{Setup, World},
};

use crate::{market_scene::*, scene::*};

contract_struct! {
    /// What Blend lends for one call, and to whom.
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct FlashLoan {
        amount: i128,
        asset: ScAddress,
        contract: ScAddress,
    }
}

/// What the host says to a call of a contract that is on the stack.
const REENTRY: ScError = ScError::Context(ScErrorCode::InvalidAction);
/// The token's error when there is not enough of it.
const BALANCE: u32 = 10;
/// Blend's request to repay.
const REPAY: u32 = 5;
/// What the attacker has, for what rounding costs.
const PURSE: i128 = 10 * UNIT;
/// More than the market or the cover pool holds.
const LOAN: i128 = 3_000_000 * UNIT;

/// Who borrows, with a little money for what rounding costs, and the contract that acts in between.
struct Attacker {
    key: Keypair,
    contract: Client,
}

impl Attacker {
    fn new(world: &World) -> Self {
        let key = world.funded("attacker", 100 * UNIT);
        let contract = world.ledger.deploy(&key, wasm::FLASH_BORROWER, ());
        let contract = Client(contract.unwrap());
        world.usdc.mint(&world.ledger, &contract.0, PURSE);
        Self { key, contract }
    }

    /// Borrows [`LOAN`] from Blend, makes the calls, and gives it back, all in one transaction.
    fn attack(&self, world: &World, steps: Vec<Step>) -> Result<(), InvokeError> {
        let (ledger, pool) = (&world.ledger, &world.pool.address);
        let learn = self.contract.learn(&steps);
        learn.send(ledger, &self.key).unwrap();
        let usdc = world.usdc.contract.clone();
        let until = ledger.sequence() + 100;
        let approve = (&self.key, pool, LOAN + UNIT, until);
        let sign = Auth::Sign(&[]);
        ledger
            .call(&self.key, &usdc, "approve", approve, sign)
            .unwrap();
        let loan = FlashLoan {
            amount: LOAN,
            asset: usdc.clone(),
            contract: self.contract.0.clone(),
        };
        let repay = Request {
            request_type: REPAY,
            address: usdc,
            amount: LOAN + UNIT,
        };
        let args = (&self.key, loan, vec![repay]);
        ledger.call(&self.key, pool, "flash_loan", args, sign)?;
        let owes = world.pool.positions(ledger, &self.key.address());
        assert!(owes.liabilities.is_empty(), "given back");
        Ok(())
    }
}

/// A call as a step.
fn step<R>(call: Call<R>) -> Step {
    Step {
        args: call.args().unwrap().to_vec(),
        contract: call.contract,
        function: call.function.into(),
        pays: vec![],
    }
}

/// The same, in which `amount` of USDC goes to the contract called.
fn paying<R>(world: &World, call: Call<R>, amount: i128) -> Step {
    let to = call.contract.clone();
    Step {
        pays: vec![Payment {
            amount,
            asset: world.usdc.contract.clone(),
            to,
        }],
        ..step(call)
    }
}

/// Lending the whole loan to the market, and taking it out again.
fn moment(world: &World, market: &Market, attacker: &Attacker) -> [Step; 2] {
    let (puppet, state) = (&attacker.contract.0, market.state(&world.ledger));
    let shares = LOAN * state.supply_shares / state.supply;
    let all = shares - shares / 10_000_000_000;
    let supply = market.platform.supply(puppet, LOAN, 0);
    let redeem = market.platform.redeem(puppet, all, 0, puppet);
    [paying(world, supply, LOAN), step(redeem)]
}

/// Almost all of the loan market is lent out, so that its rate is high.
fn strained() -> (World, Market, ScAddress) {
    let market = MarketSetup {
        lent: 10_600 * UNIT,
        ..MarketSetup::default()
    };
    let (world, market) = with_market_of(&Setup::default(), &market);
    let (_, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Advance]);
    (world, market, loan)
}

/// Without a step that fails, the same money goes there and back: what fails below fails for its own reason.
#[test]
fn lending_for_a_moment_works_and_gains_nothing() {
    let (world, market, _) = strained();
    let attacker = Attacker::new(&world);
    let puppet = &attacker.contract.0;
    let before = market.state(&world.ledger);
    let steps = moment(&world, &market, &attacker).to_vec();
    attacker.attack(&world, steps).unwrap();
    let after = market.state(&world.ledger);
    assert!(after.supply >= before.supply, "no lender lost by it");
    let held = usdc(&world, puppet);
    assert!(held <= PURSE, "and the attacker gained nothing");
}

#[test]
fn a_deficit_cannot_be_proven_with_borrowed_money() {
    let (world, market, _) = strained();
    let attacker = Attacker::new(&world);
    let puppet = &attacker.contract.0;
    let prove = |market: &Market| step(market.insurer.prove_deficit(&market.platform.0, puppet));
    let none = AdapterError::NoDeficit as u32;
    refused(
        attacker.attack(&world, vec![prove(&market)]),
        none,
        "of a sound market",
    );
    let supply = market.platform.supply(puppet, LOAN, 0);
    refused(
        attacker.attack(&world, vec![paying(&world, supply, LOAN), prove(&market)]),
        none,
        "with the loan lent to it",
    );
    let donation = Step {
        contract: world.usdc.contract.clone(),
        function: "transfer".into(),
        args: vec![
            puppet.to_scval().unwrap(),
            market.platform.0.to_scval().unwrap(),
            LOAN.to_scval().unwrap(),
        ],
        pays: vec![],
    };
    refused(
        attacker.attack(&world, vec![donation, prove(&market)]),
        none,
        "with the loan given to it",
    );
    let seen = market
        .insurer
        .prove_deficit(&market.platform.0, &world.keeper);
    refused(
        seen.send(&world.ledger, &world.keeper),
        none,
        "nothing was noted",
    );
}

/// Money that is missing for a moment must not be lost for an hour: both looks in one call are one.
#[test]
fn two_looks_in_one_call_prove_nothing() {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let (world, market) = with_market(&setup);
    let payer = world.funded("payer", 1_000 * UNIT);
    let (ledger, platform) = (&world.ledger, &market.platform.0);
    let insure = CoverRequest {
        limit: 50_000 * UNIT,
        max_premium: 1_000 * UNIT,
        max_rate: 0,
        perils: vec![insurer::Peril::Contract],
        route: Route::Adapter,
        weeks: 8,
    };
    let sold = market.insurer.insure_lenders(platform, &payer, &insure);
    sold.send(ledger, &payer).unwrap();
    world.sleep(15 * DAY);
    let attacker = Attacker::new(&world);
    let (puppet, missing) = (&attacker.contract.0, 20_000 * UNIT);
    world.usdc.claw_back(ledger, platform, missing);
    let look = || market.insurer.prove_deficit(platform, puppet);
    let seen = ledger.snapshot();
    let twice = attacker.attack(&world, vec![step(look()), step(look())]);
    refused(twice, AdapterError::NoDeficit as u32, "at once");
    world.ledger.revert(&seen);
    attacker.attack(&world, vec![step(look())]).unwrap();
    world.watch(HOUR);
    let paid = look().send(ledger, &world.keeper);
    assert_eq!(paid, Ok(missing), "the twin: an hour later");
}

/// In between Blend is on the stack: whatever asks it for its books in a flash loan traps, while its money is out.
#[test]
fn a_deficit_of_blend_cannot_be_proven_within_its_own_flash_loan() {
    let (world, _, _) = strained();
    world.deploy_vault("vault");
    let attacker = Attacker::new(&world);
    let prove = world
        .lenders
        .prove_deficit(&world.pool.address, &world.usdc.contract);
    let attacked = attacker.attack(&world, vec![step(prove.clone())]);
    let traps = matches!(&attacked, Err(InvokeError::Host { error, .. }) if *error == REENTRY);
    assert!(traps, "{attacked:?}");
    refused(
        prove.send(&world.ledger, &world.keeper),
        AdapterError::NoDeficit as u32,
        "outside of it, nothing is missing",
    );
}

#[test]
fn blend_cannot_be_asked_within_its_own_flash_loan() {
    let (world, _, _) = strained();
    let (_, position) = loan(&world, "insured", Some(request(&[Advance], 4_000 * UNIT)));
    world.watch(25 * HOUR);
    price(&world, 1_200);
    let attacker = Attacker::new(&world);
    let rescue = world
        .adapter
        .rescue(&vec![position.0.clone()], &attacker.contract.0);
    let attacked = attacker.attack(&world, vec![step(rescue.clone())]);
    let traps = matches!(&attacked, Err(InvokeError::Host { error, .. }) if *error == REENTRY);
    assert!(traps, "{attacked:?}");
    let outcome = rescue.send(&world.ledger, &world.keeper).unwrap().remove(0);
    assert!(paid(&outcome) > 0, "outside of it, it is made");
}

#[test]
fn a_share_of_the_pool_cannot_be_held_for_a_moment() {
    let (world, _, _) = strained();
    let attacker = Attacker::new(&world);
    let puppet = &attacker.contract.0;
    let before = books(&world);
    let stake = || paying(&world, world.cover.stake(puppet, LOAN, 0), LOAN);
    let shares = LOAN * before.shares / before.nav_hi / 2;
    let request = || step(world.cover.request_redeem(puppet, shares));
    let fulfil = step(world.cover.fulfil(puppet, 0, puppet, 0));
    let early = CoverError::TooEarly as u32;
    refused(
        attacker.attack(&world, vec![stake(), request(), fulfil]),
        early,
        "out again",
    );
    let redeem = step(world.cover.redeem(shares, puppet, puppet, puppet));
    let direct = attacker.attack(&world, vec![stake(), redeem]);
    refused(direct, early, "nor past the queue");
    let stays = attacker.attack(&world, vec![stake(), request()]);
    refused(stays, BALANCE, "and what stays cannot be given back");
    assert_eq!(books(&world), before, "nothing has changed");
}

/// A gift to the pool is in no book: neither its value nor its utilisation moves, so cover costs the same.
#[test]
fn a_gift_moves_neither_value_nor_utilisation() {
    let (world, market, _) = strained();
    let attacker = Attacker::new(&world);
    let room = |group: u32| world.cover.room(group).view(&world.ledger).unwrap();
    let before = (books(&world), room(0), room(2));
    let usdc = &world.usdc;
    usdc.mint(&world.ledger, &attacker.key.address(), LOAN);
    usdc.transfer(&world.ledger, &attacker.key, &world.cover.0, LOAN);
    assert_eq!((books(&world), room(0), room(2)), before, "as before");
    let rates = market.state(&world.ledger);
    usdc.mint(&world.ledger, &attacker.key.address(), LOAN);
    usdc.transfer(&world.ledger, &attacker.key, &market.platform.0, LOAN);
    assert_eq!(market.state(&world.ledger), rates, "nor the market's rate");
}

/// Lending to the market lowers its rate; while it lasts the borrower's accomplice draws their advance.
#[test]
fn an_advance_is_not_made_cheaper_by_lending_for_a_moment() {
    let (world, market, loan) = strained();
    world.watch(25 * HOUR);
    fall(&world, &[1_600, 1_350]);
    let attacker = Attacker::new(&world);
    let (ledger, ready) = (&world.ledger, world.ledger.snapshot());
    let rate = market.state(ledger).borrow_rate;
    assert!(rate > 2_000_000, "more than 20 % a year: {rate}");
    let rescue = market.insurer.rescue(&vec![loan.clone()], &world.keeper);
    let drawn = rescue
        .clone()
        .send(ledger, &world.keeper)
        .unwrap()
        .remove(0);
    assert!(
        matches!(drawn, Outcome::Done(Settlement::Paid(_))),
        "{drawn:?}"
    );
    let fees_a_week_later = || {
        world.ledger.advance(7 * DAY);
        let interest = testkit::bindings::cover_pool::Interest(
            loan.clone(),
            testkit::bindings::cover_pool::Class::Loan,
        );
        let policy = world.cover.policy(&interest).view(ledger).unwrap();
        policy.unwrap().fees_due
    };
    let honest = fees_a_week_later();
    world.ledger.revert(&ready);
    let [supply, redeem] = moment(&world, &market, &attacker);
    let steps = vec![supply, step(rescue), redeem];
    attacker.attack(&world, steps).unwrap();
    let attacked = fees_a_week_later();
    assert!(honest > 0 && attacked >= honest, "{attacked} of {honest}");
}

/// Interest is of the seconds that passed, at the use of the market before: lending or borrowing for a moment changes none of it.
#[test]
fn the_markets_interest_is_not_moved_by_lending_for_a_moment() {
    let (world, market, _) = strained();
    world.watch(DAY);
    let attacker = Attacker::new(&world);
    let (ledger, ready) = (&world.ledger, world.ledger.snapshot());
    let debt_tomorrow = || {
        world.ledger.advance(DAY);
        market.state(ledger).debt
    };
    let (today, honest) = (market.state(ledger).debt, debt_tomorrow());
    world.ledger.revert(&ready);
    let steps = moment(&world, &market, &attacker).to_vec();
    attacker.attack(&world, steps).unwrap();
    let attacked = debt_tomorrow();
    // What rounding leaves to the lenders lowers the use of the market a little.
    let interest = honest - today;
    assert!(
        (honest - attacked).abs() <= interest / 1_000,
        "{attacked} and {honest}"
    );
}
