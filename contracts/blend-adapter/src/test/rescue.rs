use interfaces::adapter::{AdapterError, Health, Market, Outcome};
use interfaces::cover::{Claim, Class, CoverError, Interest, Loss, Peril, Settlement};
use interfaces::price::{DepreciationEvent, PRICE_ONE};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address};

use super::blend::{mint, UNIT};
use super::cover_pool::Told;
use super::World;

/// Draws for one position and returns what became of it.
fn rescue(world: &World, position: &Address) -> Outcome {
    let keeper = Address::generate(&world.env);
    world
        .adapter
        .rescue(&vec![&world.env, position.clone()], &keeper)
        .get(0)
        .unwrap()
}

fn grant(world: &World, position: &Address) -> Outcome {
    let keeper = Address::generate(&world.env);
    world
        .adapter
        .grant(&vec![&world.env, position.clone()], &keeper)
        .get(0)
        .unwrap()
}

fn skipped(error: AdapterError) -> Outcome {
    Outcome::Skipped(error as u32)
}

/// The cover pool with enough to lend.
fn fund(world: &World) {
    mint(
        &world.env,
        &world.asset,
        &world.cover_pool.address,
        1_000 * UNIT,
    );
}

#[test]
fn health_is_shown_on_both_prices() {
    let world = World::new();
    let position = world.open();
    world
        .hub
        .set_price(&world.collateral, &(PRICE_ONE * 8 / 10));
    world.hub.set_low(&(PRICE_ONE * 7 / 10));
    let expected = Health {
        platform: 27_000_000,
        hub: 10_800_000,
        debt: 500 * UNIT,
        value: 800 * UNIT,
        value_low: 700 * UNIT,
    };
    assert_eq!(world.adapter.health(&position), expected, "health");
}

#[test]
fn an_advance_repays_debt_up_to_the_target_on_both_prices() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world.set_price(8_000_000);
    // 800 * 0.675 / 1.25 = 432 of debt is left.
    assert_eq!(
        rescue(&world, &position),
        Outcome::Done(Settlement::Paid(68 * UNIT)),
        "outcome"
    );
    // Blend charges 6 % at its target utilisation.
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Draw(68 * UNIT, 750_000, 3)),
        "told the pool"
    );
    assert_eq!(world.held(&position).1, 432 * UNIT, "debt on Blend");
    assert_eq!(
        world.adapter.health(&position).platform,
        12_500_000,
        "platform's factor"
    );
}

#[test]
fn the_worse_price_sizes_an_advance() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world
        .hub
        .set_price(&world.collateral, &(PRICE_ONE * 8 / 10));
    assert_eq!(
        rescue(&world, &position),
        Outcome::Done(Settlement::Paid(68 * UNIT)),
        "outcome"
    );
}

#[test]
fn a_healthy_position_is_left_alone() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(8_300_000);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::Healthy),
        "at 1.1205"
    );
    world.set_price(8_290_000);
    fund(&world);
    assert_eq!(
        rescue(&world, &position),
        Outcome::Done(Settlement::Paid(523_400_000)),
        "at 1.11915"
    );
}

#[test]
fn an_advance_stays_inside_the_usable_limit() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world.set_price(8_000_000);
    world.change_policy(&position, |policy| {
        policy.limit = 50 * UNIT;
        policy.topped_up = 20 * UNIT;
        policy.topped_up_from = policy.start + 86_400;
    });
    assert_eq!(
        rescue(&world, &position),
        Outcome::Done(Settlement::Paid(30 * UNIT)),
        "before"
    );
}

#[test]
fn a_dust_draw_is_refused() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(8_000_000);
    world.change_policy(&position, |policy| policy.limit = 10 * UNIT - 1);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::DrawTooSmall),
        "below 2 %"
    );
}

#[test]
fn a_quarantined_price_lends_less() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world.set_price(8_000_000);
    world.hub.set_low(&(PRICE_ONE * 62 / 100));
    world.hub.quarantine();
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::EquityExhausted),
        "80 % of 620"
    );
    world.hub.set_low(&(PRICE_ONE * 63 / 100));
    assert_eq!(
        rescue(&world, &position),
        Outcome::Done(Settlement::Paid(68 * UNIT)),
        "80 % of 630"
    );
}

#[test]
fn an_advance_that_cannot_save_is_refused() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(6_000_000);
    world.change_policy(&position, |policy| policy.limit = 100 * UNIT);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::StillUnhealthy),
        "1.0125 after 100"
    );
}

#[test]
fn the_fee_rate_follows_what_blend_charges() {
    let world = World::new();
    let position = world.open_insured();
    world.borrow_elsewhere(84_500 * UNIT);
    fund(&world);
    world.set_price(8_000_000);
    rescue(&world, &position);
    // Blend charges 31 % at 85 % used.
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Draw(68 * UNIT, 3_875_000, 3)),
        "told the pool"
    );
}

#[test]
fn nobody_fixes_more_than_50_percent_on_an_advance() {
    let world = World::new();
    let position = world.open_insured();
    world.borrow_elsewhere(94_499 * UNIT);
    fund(&world);
    world.set_price(8_000_000);
    rescue(&world, &position);
    // Blend charges 56 % at 95 % used, and 1.25 times that would be 70 %.
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Draw(68 * UNIT, 5_000_000, 3)),
        "told the pool"
    );
}

#[test]
fn an_open_auction_does_not_stop_a_rescue() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world.set_price(7_300_000);
    let env = &world.env;
    let (bid, lot) = (
        vec![env, world.asset.clone()],
        vec![env, world.collateral.clone()],
    );
    world.pool().new_auction(&0, &position, &bid, &lot, &30);
    assert_eq!(
        world.adapter.armed(&position),
        AdapterError::AuctionOpen as u32,
        "armed"
    );
    let outcome = rescue(&world, &position);
    assert_eq!(
        outcome,
        Outcome::Done(Settlement::Paid(1_058 * UNIT / 10)),
        "outcome"
    );
    assert!(
        world.pool().try_get_auction(&0, &position).is_err(),
        "auction deleted"
    );
}

#[test]
fn items_of_a_batch_do_not_touch_each_other() {
    let world = World::new();
    let (first, uninsured, last) = (world.open_insured(), world.open(), world.open_insured());
    fund(&world);
    world.set_price(8_000_000);
    let (env, stranger) = (&world.env, Address::generate(&world.env));
    let paid = Outcome::Done(Settlement::Paid(68 * UNIT));
    let batch = vec![env, first, stranger, uninsured, last.clone(), last];
    let expected = vec![
        env,
        paid.clone(),
        skipped(AdapterError::NotAPosition),
        skipped(AdapterError::NotInsured),
        paid,
        skipped(AdapterError::Healthy),
    ];
    assert_eq!(
        world.adapter.rescue(&batch, &world.owner),
        expected,
        "outcomes"
    );
}

#[test]
fn bounties_of_a_batch_are_paid_together_group_by_group() {
    let world = World::new();
    let (first, second) = (world.open_insured(), world.open_insured());
    let other = world.open_on_another_market(8);
    let env = &world.env;
    let batch = vec![env, first.clone(), second, other, first];
    world.adapter.rescue(&batch, &world.borrower);
    let keeper = world.borrower.clone();
    let expected = vec![env, (7, keeper.clone()), (8, keeper.clone()), (7, keeper)];
    assert_eq!(world.cover_pool.bounties(), expected, "paid");
}

#[test]
fn nothing_is_paid_for_a_batch_without_a_position() {
    let world = World::new();
    let stranger = Address::generate(&world.env);
    assert_eq!(
        rescue(&world, &stranger),
        skipped(AdapterError::NotAPosition),
        "outcome"
    );
    assert_eq!(world.cover_pool.bounties(), vec![&world.env], "bounties");
}

#[test]
fn what_the_pool_refuses_is_shown_by_its_code() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(8_000_000);
    world.cover_pool.refuse();
    assert_eq!(
        rescue(&world, &position),
        Outcome::Skipped(CoverError::Paused as u32),
        "refused"
    );
}

#[test]
fn without_a_price_nothing_is_drawn() {
    let world = World::new();
    let position = world.open_insured();
    world.set_price(8_000_000);
    world.pass(86_401);
    let stale = skipped(AdapterError::PlatformPriceUnavailable);
    assert_eq!(
        rescue(&world, &position),
        stale,
        "the platform's is a day old"
    );
}

#[test]
fn a_filed_advance_is_measured_again() {
    let world = World::new();
    let position = world.open_insured();
    world.cover_pool.file();
    world.hub.set_sources(&2);
    world.set_price(8_000_000);
    let outcome = rescue(&world, &position);
    assert_eq!(
        outcome,
        Outcome::Done(Settlement::Filed(5, 68 * UNIT)),
        "filed"
    );
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Draw(68 * UNIT, 750_000, 2)),
        "two sources"
    );
    let claim = Claim {
        interest: Interest(position, Class::Loan),
        peril: Peril::Advance,
        amount: 68 * UNIT,
        filed_at: world.now(),
        payable_from: 0,
        delayed: false,
        disputed_by: None,
        bond: 0,
        is_appeal: false,
        rescue: true,
    };
    world.cover_pool.set_claim(&5, &claim);
    for (price, amount) in [
        (7_800_000, 68 * UNIT),
        (8_200_000, 572 * UNIT / 10),
        (UNIT, 0),
    ] {
        world.set_price(price);
        assert_eq!(
            world.adapter.finalize(&5, &world.owner),
            amount,
            "at {price}"
        );
        let told = Told::FinalizeDraw(5, amount, 750_000);
        assert_eq!(
            world.cover_pool.told(),
            Some(told),
            "told the pool at {price}"
        );
    }
    let unknown = world.adapter.try_finalize(&6, &world.owner);
    assert_eq!(unknown, Err(Ok(AdapterError::NoSuchClaim)), "unknown");
}

/// A fall of 20 % that began 1 000 seconds ago.
fn event(world: &World) -> DepreciationEvent {
    let now = world.now();
    DepreciationEvent {
        id: 3,
        started: now - 1_000,
        reference: PRICE_ONE,
        current: PRICE_ONE * 8 / 10,
        rate: 2_000_000,
        at: now,
        deepened: now,
    }
}

#[test]
fn a_grant_pays_the_fall_beyond_the_deductible() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NoEvent),
        "before"
    );
    world.set_price(6_500_000);
    let event = event(&world);
    world.hub.set_event(&event);
    // 10 % of 1 000 * 1 dollar; 149 would be needed for the target.
    assert_eq!(
        grant(&world, &position),
        Outcome::Done(Settlement::Paid(100 * UNIT)),
        "outcome"
    );
    let loss = Loss {
        peril: Peril::Grant,
        event: 3,
        amount: 100 * UNIT,
        occurred_at: event.started,
        rescue: true,
        sources: 3,
    };
    assert_eq!(
        world.cover_pool.told(),
        Some(Told::Pay(loss)),
        "told the pool"
    );
    assert_eq!(world.held(&position).1, 400 * UNIT, "debt on Blend");
}

#[test]
fn a_grant_is_at_most_what_reaches_the_target_at_the_hub() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world
        .hub
        .set_price(&world.collateral, &(PRICE_ONE * 8 / 10));
    world
        .blend
        .set_price(&world.env, &world.collateral, 6_500_000);
    world.hub.set_event(&event(&world));
    assert_eq!(
        grant(&world, &position),
        Outcome::Done(Settlement::Paid(68 * UNIT)),
        "68 of 100"
    );
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost),
        "at the target"
    );
}

#[test]
fn a_grant_counts_what_the_advance_is_owed_and_repays_the_loan() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    world.set_price(8_000_000);
    let deep = DepreciationEvent {
        rate: 4_000_000,
        ..event(&world)
    };
    world.hub.set_event(&deep);
    let paid = |amount| Outcome::Done(Settlement::Paid(amount));
    assert_eq!(rescue(&world, &position), paid(68 * UNIT), "the advance");
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost),
        "at the target, if nothing were owed"
    );
    world.change_policy(&position, |policy| policy.drawn = 68 * UNIT);
    assert_eq!(grant(&world, &position), paid(68 * UNIT), "the same need");
    assert_eq!(world.held(&position).1, 364 * UNIT, "debt on Blend");
    world.change_policy(&position, |policy| policy.drawn = 500 * UNIT);
    world.hub.set_event(&DepreciationEvent {
        rate: 5_000_000,
        id: 4,
        ..deep
    });
    assert_eq!(
        grant(&world, &position),
        paid(364 * UNIT),
        "no more than the debt"
    );
}

#[test]
fn a_grant_counts_no_collateral_that_came_after_the_rating() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    let supply = || {
        mint(&world.env, &world.collateral, &world.borrower, 100 * UNIT);
        let position = world.position(&position);
        position.mock_all_auths().supply(&(100 * UNIT));
    };
    supply();
    world.set_price(6_000_000);
    world.hub.set_event(&event(&world));
    // 10 % of 1 000 * 1 dollar, though 1 100 are held and 143.6 are needed.
    let first = grant(&world, &position);
    let given = Outcome::Done(Settlement::Paid(100 * UNIT));
    assert_eq!(first, given, "what was rated");

    // Rated again during the event nothing more counts, afterwards it does.
    let renew_at = |price| {
        world.set_price(price);
        world
            .adapter
            .renew(&position, &(250 * UNIT), &4, &world.owner);
        world.set_price(3_000_000);
        world.hub.set_event(&DepreciationEvent {
            id: 4,
            ..event(&world)
        });
        grant(&world, &position)
    };
    assert_eq!(renew_at(2 * UNIT), given, "renewed during the event");
    world.change_policy(&position, |policy| policy.event = 0);
    world.pass(2 * 86_400);
    let all = Outcome::Done(Settlement::Paid(110 * UNIT));
    assert_eq!(renew_at(2 * UNIT), all, "renewed after it");
}

#[test]
fn collateral_below_its_reference_price_is_not_insured_by_renewing() {
    let world = World::new();
    let position = world.open_insured();
    fund(&world);
    let market = Market {
        peg: 2 * PRICE_ONE,
        ..world.market()
    };
    world.adapter.mock_all_auths().set_market(&market);
    mint(&world.env, &world.collateral, &world.borrower, 100 * UNIT);
    let account = world.position(&position);
    account.mock_all_auths().supply(&(100 * UNIT));
    let granted_after_renewal_at = |price, id| {
        world.set_price(price);
        world
            .adapter
            .renew(&position, &(250 * UNIT), &4, &world.owner);
        world.set_price(3_000_000);
        let event = event(&world);
        world.hub.set_event(&DepreciationEvent { id, ..event });
        grant(&world, &position)
    };
    let given = |amount| Outcome::Done(Settlement::Paid(amount));
    let below = granted_after_renewal_at(19_499_999, 4);
    assert_eq!(below, given(100 * UNIT), "below 97.5 %");
    world.change_policy(&position, |policy| policy.event = 0);
    world.pass(2 * 86_400);
    let kept = granted_after_renewal_at(19_500_000, 5);
    assert_eq!(kept, given(110 * UNIT), "at 97.5 %");
}

#[test]
fn a_deepening_event_reports_the_whole_loss_so_far() {
    let world = World::new();
    let position = world.open_insured();
    world.cover_pool.file();
    world.set_price(5_000_000);
    world.change_policy(&position, |policy| {
        (policy.event, policy.event_loss) = (3, 100 * UNIT)
    });
    let deeper = DepreciationEvent {
        rate: 5_500_000,
        ..event(&world)
    };
    world.hub.set_event(&deeper);
    // 40 % of 1 000, since no more than 50 % is covered, of which 100 were settled.
    let filed = Outcome::Done(Settlement::Filed(5, 330 * UNIT));
    assert_eq!(
        grant(&world, &position),
        filed,
        "100, and the 230 that reach the target"
    );
    world.change_policy(&position, |policy| policy.event_loss = 400 * UNIT);
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost),
        "all settled"
    );
    world.change_policy(&position, |policy| policy.event = 2);
    let filed = Outcome::Done(Settlement::Filed(5, 230 * UNIT));
    assert_eq!(grant(&world, &position), filed, "settled for another event");
}

#[test]
fn a_grants_increment_is_worth_its_bounty() {
    let world = World::new();
    let position = world.open_insured();
    world.cover_pool.file();
    world.set_price(6_500_000);
    world.hub.set_event(&event(&world));
    // 2 % of the debt is 10.
    let settled = |amount| {
        world.change_policy(&position, |policy| {
            (policy.event, policy.event_loss) = (3, amount)
        });
        grant(&world, &position)
    };
    assert_eq!(
        settled(90 * UNIT + 1),
        skipped(AdapterError::NothingLost),
        "less than 10 more"
    );
    let filed = Outcome::Done(Settlement::Filed(5, 100 * UNIT));
    assert_eq!(settled(90 * UNIT), filed, "10 more");
}

#[test]
fn an_event_is_open_for_two_days() {
    let world = World::new();
    let position = world.open_insured();
    world.cover_pool.file();
    world.hub.set_event(&event(&world));
    world.pass(2 * 86_400 - 1);
    world.set_price(6_500_000);
    assert!(
        matches!(grant(&world, &position), Outcome::Done(_)),
        "a second before"
    );
    world.pass(1);
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NoEvent),
        "then"
    );
}
