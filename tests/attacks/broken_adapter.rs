//! A registered adapter that is broken, or whose key is stolen: it lies about losses, sources, and payers.
//!
//! What stops it: an adapter reaches its own group's policies alone, and its group's cap bounds what can be sold and so
//! what can be claimed, and what is paid at once in a day; losses other than rescues are paid at once up to 1 % of NAV each and
//! 5 % a day, the rest waits 48 hours in which the guardian stops it. Loans are sold on its own positions alone. An account signs as adapter here: the pool cannot tell it from a contract.

use localnet::{
    xdr::{ContractId, Hash, ScAddress},
    Keypair,
};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::{
            Application, Class, CoverError, GroupTerms, Interest, Loss, Peril, Route, Scope,
            Settlement,
        },
        position,
    },
    wasm,
    world::{self, loan_group, Setup, World, LOANS},
};

use crate::scene::*;

/// The group of the broken adapter.
const BROKEN: u32 = 2;

/// One hundredth of the capital.
const PERCENT: i128 = CAPITAL / 100;

/// Lists this group for an account that signs as its adapter: 10 % of the capital in all, 2 % a subject.
pub fn stolen_key(world: &World, group: u32, class: Class, perils: &[Peril]) -> Keypair {
    let adapter = world.funded("broken adapter", 100_000 * UNIT);
    let terms = GroupTerms {
        class,
        cap: 1_000_000,
        perils: perils
            .iter()
            .map(|peril| world::peril(*peril, 150_000, 0, 8_000_000))
            .collect(),
        ..loan_group(&adapter.address(), &world.pool.address)
    };
    world
        .cover
        .set_group(group, &terms)
        .send(&world.ledger, &world.owner)
        .unwrap();
    adapter
}

fn application(interest: Interest, adapter: &Keypair, perils: &[Peril]) -> Application {
    Application {
        group: BROKEN,
        interest,
        limit: 2 * PERCENT,
        ltv: 0,
        max_premium: 5_000 * UNIT,
        max_rate: 0,
        owner: adapter.address(),
        payer: adapter.address(),
        perils: perils.to_vec(),
        route: Route::Repay,
        weeks: 8,
    }
}

/// An accomplice's deposit: whatever the adapter says it is.
fn accomplice(who: &Keypair) -> Interest {
    Interest(who.address(), Class::Deposit)
}

fn loss(world: &World, peril: Peril, amount: i128) -> Loss {
    Loss {
        amount,
        event: 0,
        occurred_at: world.ledger.now(),
        peril,
        rescue: false,
        sources: 99,
    }
}

#[test]
fn invented_rescues_stop_at_the_groups_cap() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let adapter = stolen_key(&world, BROKEN, Class::Deposit, &[Peril::Grant]);
    let honest = loan(&world, "honest", Some(request(&[Advance], 4_000 * UNIT))).1;
    let before = usdc(&world, &adapter.address());
    let subjects: Vec<_> = (0..6)
        .map(|number| world.actor(&format!("accomplice {number}")))
        .collect();
    let open = |subject: &Keypair| {
        world
            .cover
            .open(&application(accomplice(subject), &adapter, &[Peril::Grant]))
            .send(ledger, &adapter)
    };
    for subject in &subjects[..4] {
        open(subject).unwrap();
    }
    // Premiums and fees have moved NAV_lo a little, so the last one is what is left of the cap.
    let room = world.cover.room(BROKEN).view(ledger).unwrap();
    let last = Application {
        limit: room,
        ..application(accomplice(&subjects[4]), &adapter, &[Peril::Grant])
    };
    world.cover.open(&last).send(ledger, &adapter).unwrap();
    refused(
        open(&subjects[5]),
        CoverError::NoRoom as u32,
        "beyond the cap",
    );
    let early = world.cover.pay(
        &accomplice(&subjects[0]),
        &loss(&world, Peril::Grant, CAPITAL),
        &adapter,
    );
    refused(
        early.send(ledger, &adapter),
        CoverError::OutsideCover as u32,
        "before the waiting period",
    );

    world.sleep(26 * HOUR);
    let cash = books(&world).cash;
    for subject in &subjects[..5] {
        let interest = accomplice(subject);
        world
            .cover
            .pay(
                &interest,
                &loss(&world, Peril::Grant, CAPITAL),
                &world.keeper,
            )
            .send(ledger, &adapter)
            .unwrap();
        let again = world.cover.pay(
            &interest,
            &loss(&world, Peril::Grant, CAPITAL),
            &world.keeper,
        );
        refused(
            again.send(ledger, &adapter),
            CoverError::NothingCovered as u32,
            "a limit is paid once",
        );
    }
    let taken = cash - books(&world).cash;
    let spoils: i128 = subjects
        .iter()
        .map(|subject| usdc(&world, &subject.address()))
        .sum();
    assert_eq!(
        spoils,
        8 * PERCENT + room,
        "what the accomplices have: the sum of the limits"
    );
    assert!(spoils <= 10 * PERCENT, "at most the cap of 10 %: {spoils}");
    assert_eq!(taken - spoils, 5 * UNIT / 2, "beside it five bounties");
    assert!(
        before > usdc(&world, &adapter.address()),
        "and the premiums are gone"
    );
    assert_eq!(
        world.cover.room(BROKEN).view(ledger).unwrap(),
        0,
        "what was paid today is not sold again today"
    );
    price(&world, 1_200);
    let needed = needed(&world, &honest);
    assert_eq!(
        paid(&rescue(&world, &honest)),
        needed,
        "the others' cover is whole"
    );
}

#[test]
fn invented_losses_pay_five_percent_a_day_and_the_rest_can_be_stopped() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let adapter = stolen_key(&world, BROKEN, Class::Deposit, &[Peril::Default]);
    let subjects: Vec<_> = (0..4)
        .map(|number| world.actor(&format!("accomplice {number}")))
        .collect();
    for subject in &subjects {
        let sold = world.cover.open(&application(
            accomplice(subject),
            &adapter,
            &[Peril::Default],
        ));
        sold.send(ledger, &adapter).unwrap();
    }
    world.sleep(26 * HOUR);
    let pay = |subject: &Keypair, amount| {
        let interest = accomplice(subject);
        world
            .cover
            .pay(
                &interest,
                &loss(&world, Peril::Default, amount),
                &world.keeper,
            )
            .send(ledger, &adapter)
            .unwrap()
    };
    let Settlement::Filed(claim, amount) = pay(&subjects[0], CAPITAL) else {
        panic!("40 000 USDC at once");
    };
    assert_eq!(amount, 2 * PERCENT, "above 1 % of NAV it waits");
    let part = PERCENT * 9 / 10;
    for subject in [1, 1, 2, 2, 3] {
        assert_eq!(
            pay(&subjects[subject], part),
            Settlement::Paid(part),
            "less than 1 % is paid at once"
        );
    }
    assert_eq!(
        pay(&subjects[3], part),
        Settlement::Filed(2, part),
        "beyond 5 % in the day it waits"
    );
    let finalize = || {
        world
            .cover
            .finalize(claim, &world.keeper)
            .send(ledger, &world.keeper)
    };
    ledger.advance(48 * HOUR - 1);
    refused(finalize(), CoverError::NotPayable as u32, "in the window");
    world
        .cover
        .pause(&Scope::Claims)
        .send(ledger, &world.owner)
        .unwrap();
    ledger.advance(1);
    refused(
        finalize(),
        CoverError::Paused as u32,
        "after it, stopped by the guardian",
    );
    world
        .cover
        .unpause(&Scope::Claims)
        .send(ledger, &world.owner)
        .unwrap();
    assert_eq!(finalize(), Ok(2 * PERCENT), "the twin: nobody stops it");
}

#[test]
fn an_adapter_reaches_no_other_groups_policies() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let adapter = stolen_key(&world, BROKEN, Class::Loan, &[Peril::Grant]);
    let position = loan(
        &world,
        "honest",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    )
    .1;
    world.sleep(26 * HOUR);
    let (cover, interest) = (&world.cover, interest(&position));
    let invented = loss(&world, Peril::Grant, UNIT);
    let foreign = Application {
        group: LOANS,
        ..application(accomplice(&adapter), &adapter, &[Peril::Grant])
    };
    closed(ledger, &adapter, cover.pay(&interest, &invented, &adapter));
    closed(
        ledger,
        &adapter,
        cover.draw(&interest, UNIT, 0, 3, &adapter),
    );
    closed(ledger, &adapter, cover.foreclose(&interest, &adapter, 0));
    closed(ledger, &adapter, cover.cancel(&interest));
    closed(
        ledger,
        &adapter,
        cover.renew(&interest, UNIT, 1, 0, &adapter),
    );
    closed(
        ledger,
        &adapter,
        cover.top_up(&interest, &adapter, UNIT, 0, UNIT),
    );
    closed(ledger, &adapter, cover.open(&foreign));
    let second = Application {
        max_premium: 100 * UNIT,
        limit: UNIT,
        ..application(interest.clone(), &adapter, &[Peril::Grant])
    };
    refused(
        cover.open(&second).send(ledger, &adapter),
        CoverError::AlreadyInsured as u32,
        "insure it a second time",
    );
    // A position that is not insured yet, and one that is not even deployed: cover on it would keep its owner from cover that
    // pays.
    let bare = loan(&world, "bare", None).1;
    let later = ScAddress::Contract(ContractId(Hash([9; 32])));
    for (subject, label) in [(bare.0, "bare"), (later, "later")] {
        let occupied = Application {
            max_premium: 100 * UNIT,
            limit: UNIT,
            ..application(Interest(subject, Class::Loan), &adapter, &[Peril::Grant])
        };
        refused(
            cover.open(&occupied).send(ledger, &adapter),
            CoverError::ForeignSubject as u32,
            label,
        );
    }
}

/// A premium that the pool pays to itself would be refunded in real money; an advance that it repays to itself would free
/// the cap to be drawn again, and again.
#[test]
fn the_pool_never_pays_for_what_it_sells_or_is_owed() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let perils = [Peril::Advance];
    let adapter = stolen_key(&world, BROKEN, Class::Loan, &perils);
    let pool = world.cover.0.clone();
    let subject = indebted_position(&world, &adapter);
    let interest = Interest(subject.0.clone(), Class::Loan);
    let application = Application {
        limit: PERCENT,
        ..application(interest.clone(), &adapter, &perils)
    };
    let free = Application {
        payer: pool.clone(),
        ..application.clone()
    };
    let cash = books(&world).cash;
    refused(
        world.cover.open(&free).send(ledger, &adapter),
        CoverError::PaysItself as u32,
        "the premium",
    );
    assert_eq!(
        books(&world).cash,
        cash,
        "no premium is booked that nobody paid"
    );
    world
        .cover
        .open(&application)
        .send(ledger, &adapter)
        .unwrap();
    let more = world.cover.top_up(&interest, &pool, UNIT, 0, UNIT);
    refused(
        more.send(ledger, &adapter),
        CoverError::PaysItself as u32,
        "a top-up",
    );
    world.sleep(26 * HOUR);
    let drawn = world
        .cover
        .draw(&interest, 10_000 * UNIT, 400_000, 3, &adapter)
        .send(ledger, &adapter);
    assert_eq!(
        drawn,
        Ok(Settlement::Paid(10_000 * UNIT)),
        "an advance is drawn"
    );
    let closed = world
        .cover
        .foreclose(&interest, &pool, 10_000 * UNIT)
        .send(ledger, &adapter);
    refused(closed, CoverError::PaysItself as u32, "the advance");
    assert_eq!(
        world.cover.group_state(BROKEN).view(ledger).unwrap().drawn,
        10_000 * UNIT,
        "it still counts"
    );
    assert_eq!(
        world.cover.check_backing().send(ledger, &adapter),
        Ok(0),
        "the books hold what they say"
    );
    let own = world
        .cover
        .foreclose(&interest, &adapter, 10_000 * UNIT)
        .send(ledger, &adapter);
    assert_eq!(own, Ok(10_000 * UNIT), "the twin: the adapter pays");
}

/// A position that listens to the account, with a loan of 50 000 USDC on Blend.
fn indebted_position(world: &World, adapter: &Keypair) -> position::Client {
    let account = position::Account {
        collateral: world.collateral.contract.clone(),
        debt: world.usdc.contract.clone(),
        owner: adapter.address(),
        platform: world.pool.address.clone(),
    };
    let links = position::Links {
        adapter: adapter.address(),
        cover_pool: world.cover.0.clone(),
        exchange: None,
        price_hub: world.hub.address.clone(),
    };
    let position = world
        .ledger
        .deploy(adapter, wasm::POSITION, (account, links))
        .unwrap();
    let position = position::Client(position);
    world
        .collateral
        .mint(&world.ledger, &adapter.address(), 100 * UNIT);
    position
        .open(100 * UNIT, 50_000 * UNIT)
        .send(&world.ledger, adapter)
        .unwrap();
    position
}
