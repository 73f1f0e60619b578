use interfaces::adapter::AdapterError;
use interfaces::assign::AssignableClient;
use interfaces::cover::{Class, Interest, Peril};
use interfaces::platform::LoanFacts;
use interfaces::price::PRICE_ONE;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, Error};

use super::{refused, signed, World, DAY, HOUR, STAKED, UNIT};

/// A loan insured against default, a day before its cover ends; its payer lets the pool renew it.
fn ending() -> (World, Address) {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    signed(&world.env, || {
        let until = world.env.ledger().sequence() + 100_000;
        world
            .asset
            .approve(&world.borrower, &world.pool.address, &STAKED, &until)
    });
    world.watch(world.policy(&loan).end - DAY - world.now());
    (world, loan)
}

#[test]
fn anyone_keeps_cover_up_at_the_limit_that_is_left() {
    let (world, loan) = ending();
    let before = world.asset.balance(&world.borrower);
    let end = world.policy(&loan).end;
    let premium = world.adapter.renew(&loan, &(500 * UNIT), &4, &world.keeper);
    assert_eq!(
        before - world.asset.balance(&world.borrower),
        premium,
        "premium"
    );
    assert_eq!(world.policy(&loan).end, end + 28 * DAY, "end");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "bounty");
}

#[test]
fn another_limit_needs_the_policys_owner() {
    let (world, loan) = ending();
    let lower = 400 * UNIT;
    let renew = || world.adapter.try_renew(&loan, &lower, &4, &world.keeper);
    assert!(renew().is_err(), "a stranger");
    assert!(signed(&world.env, renew).is_ok(), "the owner");
    assert_eq!(world.policy(&loan).limit, lower, "limit");
}

#[test]
fn a_repaid_loan_and_one_that_owes_an_advance_are_not_renewed() {
    let (world, loan) = ending();
    world.set_debt(&loan, 0);
    let renew = |world: &World, loan: &Address| {
        refused(
            world
                .adapter
                .try_renew(loan, &(500 * UNIT), &4, &world.keeper),
        )
    };
    let repaid = renew(&world, &loan);
    assert_eq!(repaid, AdapterError::NothingOwed as u32, "repaid");
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.set_price(138);
    world.watch(HOUR);
    super::paid(&world.rescue(&loan));
    assert_eq!(
        renew(&world, &loan),
        AdapterError::AdvanceOwed as u32,
        "owed"
    );
    let uninsured = renew(&world, &world.loan());
    assert_eq!(uninsured, AdapterError::NotInsuredHere as u32, "uninsured");
}

#[test]
fn the_limit_of_an_advance_is_cut_to_the_debt_when_it_is_renewed() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    signed(&world.env, || {
        let until = world.env.ledger().sequence() + 100_000;
        world
            .asset
            .approve(&world.borrower, &world.pool.address, &STAKED, &until)
    });
    world.watch(world.policy(&loan).end - DAY - world.now());
    world.set_debt(&loan, 300 * UNIT);
    world.adapter.renew(&loan, &(500 * UNIT), &4, &world.keeper);
    assert_eq!(world.policy(&loan).limit, 300 * UNIT, "the debt");
}

#[test]
fn a_renewal_rates_the_loan_anew_but_keeps_the_price_of_the_last_action() {
    let (world, loan) = ending();
    world.set_debt(&loan, 1_280 * UNIT);
    world.adapter.renew(&loan, &(500 * UNIT), &4, &world.keeper);
    let kept = world.env.as_contract(&world.adapter.address, || {
        crate::storage::registration(&world.env, &loan).unwrap()
    });
    assert_eq!(
        (kept.1, kept.2),
        (8_000_000, 2 * PRICE_ONE),
        "rating, price"
    );
}

#[test]
fn a_top_up_is_rated_no_better_than_the_last_sale() {
    let premium = |debt: i128| {
        let world = World::new();
        let loan = world.insured(&[Peril::Default]);
        world.set_debt(&loan, debt * UNIT);
        let most = 5_000 * UNIT;
        signed(&world.env, || {
            world.adapter.top_up(&loan, &(10_000 * UNIT), &most)
        })
    };
    assert_eq!(premium(800), premium(1_000), "a better moment");
    assert!(premium(1_200) > premium(1_000), "a worse one");
}

#[test]
fn a_renewal_during_an_event_adds_no_collateral_to_its_grant() {
    let (world, loan) = ending();
    let counted = |collateral: i128| {
        let mut facts = world.platform.loan(&loan);
        facts.collateral = collateral * UNIT;
        world.platform.set_loan(&loan, &facts);
        world.adapter.renew(&loan, &(500 * UNIT), &4, &world.keeper);
        let kept = world.env.as_contract(&world.adapter.address, || {
            crate::storage::registration(&world.env, &loan).unwrap()
        });
        world.watch(28 * DAY);
        kept.3 / UNIT
    };
    assert_eq!(counted(1_500), 1_500, "in a calm market");
    world.set_price(180);
    world.watch(HOUR);
    assert_eq!(counted(2_000), 1_500, "during a fall");
}

#[test]
fn more_limit_is_sold_to_the_policys_owner_in_a_calm_market() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    let (more, most) = (100 * UNIT, 50 * UNIT);
    let top_up = || world.adapter.try_top_up(&loan, &more, &most);
    assert!(top_up().is_err(), "a stranger");
    assert!(signed(&world.env, top_up).is_ok(), "the owner");
    assert_eq!(world.policy(&loan).limit, 600 * UNIT, "limit");
    world.watch(DAY + HOUR);
    let beyond = signed(&world.env, || {
        world.adapter.try_top_up(&loan, &(401 * UNIT), &most)
    });
    assert_eq!(refused(beyond), AdapterError::LimitAboveDebt as u32, "debt");
    world.set_price(180);
    world.watch(HOUR);
    let armed = signed(&world.env, top_up);
    assert_eq!(refused(armed), AdapterError::PriceFalling as u32, "armed");
}

#[test]
fn cover_is_cancelled_by_its_owner_in_a_calm_market() {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    world.watch(7 * DAY);
    let cancel = || world.adapter.try_cancel(&loan);
    assert!(cancel().is_err(), "a stranger");
    world.set_price(180);
    world.watch(HOUR);
    let armed = signed(&world.env, cancel);
    assert_eq!(refused(armed), AdapterError::PriceFalling as u32, "armed");
    world.set_price(200);
    world.watch(DAY + 2 * HOUR);
    let before = world.asset.balance(&world.borrower);
    let refund = signed(&world.env, || world.adapter.cancel(&loan));
    assert!(refund > 0, "something");
    let received = world.asset.balance(&world.borrower) - before;
    assert_eq!(received, refund, "refund");
    let interest = Interest(loan.clone(), Class::Loan);
    assert_eq!(world.pool.policy(&interest), None, "no policy");
    let again = signed(&world.env, cancel);
    assert_eq!(refused(again), AdapterError::NotInsured as u32, "twice");
}

/// Has the owner of a loan assign it with its cover; the code of what refuses.
fn assign(world: &World, loan: &Address, to: &Address) -> Result<(), Error> {
    let adapter = AssignableClient::new(&world.env, &world.adapter.address);
    let interest = Interest(loan.clone(), Class::Loan);
    let reply = signed(&world.env, || adapter.try_assign(&interest, to));
    reply.map(|_| ()).map_err(|refusal| refusal.unwrap())
}

#[test]
fn a_loan_is_assigned_with_its_cover() {
    let world = World::new();
    let (loan, heir) = (
        world.insured(&[Peril::Default]),
        Address::generate(&world.env),
    );
    assert_eq!(assign(&world, &loan, &heir), Ok(()), "assigned");
    assert_eq!(world.platform.loan(&loan).owner, heir, "loan");
    let policy = world.policy(&loan);
    assert_eq!((policy.owner, policy.payer), (heir.clone(), heir), "cover");
    assert_eq!(policy.max_rate, 0, "and renews no more");
}

#[test]
fn a_platform_that_keeps_the_loan_keeps_its_cover() {
    let world = World::new();
    let (loan, heir) = (
        world.insured(&[Peril::Default]),
        Address::generate(&world.env),
    );
    let differ = Error::from_contract_error(AdapterError::OwnersDiffer as u32);
    world.platform.refuse(&true);
    let kept = assign(&world, &loan, &heir);
    assert_eq!(kept, Err(differ), "the platform only says that it did");
    world.platform.refuse(&false);
    let facts = LoanFacts {
        owner: world.keeper.clone(),
        ..world.facts()
    };
    world.platform.set_loan(&loan, &facts);
    let of_another = assign(&world, &loan, &heir);
    assert_eq!(of_another, Err(differ), "the loan is somebody else's");
    assert_eq!(world.policy(&loan).owner, world.borrower, "cover");
}

#[test]
fn a_loan_that_is_being_foreclosed_is_not_assigned() {
    let world = World::new();
    let (loan, heir) = (
        world.insured(&[Peril::Default]),
        Address::generate(&world.env),
    );
    let adapter = &world.adapter.address;
    world.env.as_contract(adapter, || {
        adjuster::foreclosure::start(&world.env, &loan);
    });
    let started = Error::from_contract_error(AdapterError::ForeclosureUnderWay as u32);
    assert_eq!(assign(&world, &loan, &heir), Err(started), "started");
    world.watch(DAY);
    assert_eq!(assign(&world, &loan, &heir), Ok(()), "good for a day");
}
