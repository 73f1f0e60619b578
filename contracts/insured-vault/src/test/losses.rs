use soroban_sdk::testutils::Events as _;
use soroban_sdk::{vec, Event as _};

use interfaces::cover::{Loss, Peril};

use super::mocks::cover_pool::{Conduct, WAITING};
use super::{World, UNIT};
use crate::events::LossBooked;
use crate::VaultError;

#[test]
fn a_covered_fall_is_owed_and_paid_less_co_insurance() {
    let (world, lender) = World::insured(100 * UNIT);
    world.pass(3_600);
    world.set_rate(5_000_000);
    assert_eq!(world.settle(), 475_000_000, "95 % of half of it");
    let state = world.state();
    assert_eq!((state.owed, state.filed), (0, 0), "settled");
    assert_eq!(state.cash, 475_000_001, "in cash");
    assert_eq!(
        world.asset.balance(&world.vault.address),
        state.cash,
        "balance"
    );
    assert_eq!(world.limit(), 525_000_000, "limit left");
    let shares = world.vault.balance(&lender);
    assert_eq!(
        world.redeem(&lender, shares),
        975 * UNIT / 10,
        "the lender bears its co-insurance"
    );
    assert_eq!(world.settle(), 0, "nothing is paid twice");
}

#[test]
fn a_loss_is_told_with_its_index_and_beginning() {
    let (world, _) = World::insured(100 * UNIT);
    let before = world.now();
    world.pass(3_600);
    world.set_rate(9_000_000);
    world.vault.mock_all_auths().divest(&UNIT);
    let told = world
        .env
        .events()
        .all()
        .filter_by_contract(&world.vault.address);
    let event = LossBooked {
        peril: Peril::Default,
        loss: 10 * UNIT,
        index: 100_000_000_000,
        since: before,
    };
    let event = event.to_xdr(&world.env, &world.vault.address);
    assert!(told.events().contains(&event), "{told:?}");
}

#[test]
fn a_fall_that_may_have_begun_in_the_waiting_period_is_not_owed() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    world.insure(100 * UNIT);
    world.pass(WAITING - 1);
    world.record();
    world.pass(3_600);
    world.set_rate(9_000_000);
    assert_eq!(
        world.settle(),
        0,
        "seen last a second before the waiting period ended"
    );
    assert_eq!(
        (world.state().owed, world.state().index_seen),
        (0, 100_000_000_000),
        "seen"
    );
    world.pass(3_600);
    world.set_rate(8_000_000);
    assert_eq!(world.settle(), 95_000_000, "the next fall alone");
}

#[test]
fn a_fall_that_may_have_happened_after_the_end_of_cover_is_not_owed() {
    let cases = [(3_600, 3_600, 95_000_000), (3_600, 3_601, 0), (0, 3_600, 0)];
    for (early, passed, paid) in cases {
        let (world, _) = World::insured(100 * UNIT);
        let end = world.pool.policy(&world.interest()).unwrap().end;
        world.pass(end - early - world.now());
        world.record();
        world.pass(passed);
        world.set_rate(9_000_000);
        assert_eq!(
            world.settle(),
            paid,
            "looked at {early} seconds before the end and {passed} later"
        );
    }
}

#[test]
fn a_fall_seen_in_time_is_owed_when_the_vault_is_settled_after_the_end() {
    let (world, _) = World::insured(100 * UNIT);
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now());
    world.set_rate(9_000_000);
    world.record();
    world.pass(86_400);
    assert_eq!(world.settle(), 95_000_000, "in the grace week");
}

#[test]
fn without_cover_of_defaults_nothing_is_owed() {
    let world = World::new();
    let lender = world.funded(100 * UNIT);
    world.deposit(&lender, 100 * UNIT);
    let payer = world.funded(100 * UNIT);
    let mut request = world.request(100 * UNIT);
    request.perils = vec![&world.env, Peril::Contract];
    world.vault.mock_all_auths().insure(&payer, &request);
    world.pass(WAITING);
    world.record();
    world.set_rate(9_000_000);
    assert_eq!(world.settle(), 0, "paid");
    assert_eq!(world.state().owed, 0, "owed");
}

#[test]
fn who_enters_after_a_fall_pays_for_what_cover_owes() {
    let (world, first) = World::insured(100 * UNIT);
    world.pass(3_600);
    world.set_rate(5_000_000);
    let second = world.funded(50 * UNIT);
    let shares = world.deposit(&second, 50 * UNIT);
    assert_eq!(world.state().owed, 50 * UNIT, "booked before the deposit");
    assert_eq!(
        shares,
        50 * UNIT * 1_000,
        "minted at the value with what is owed"
    );
    assert_eq!(
        world.settle(),
        475_000_000,
        "paid for the first deposit alone"
    );
    let (first, second) = (world.vault.balance(&first), world.vault.balance(&second));
    assert!(
        world.vault.preview_redeem(&second) <= 50 * UNIT,
        "the second gains nothing"
    );
    assert!(
        world.vault.preview_redeem(&first) >= 974_999_998,
        "the first loses nothing to it"
    );
}

#[test]
fn who_enters_pays_for_the_premium_that_is_not_earned() {
    let (world, first) = World::insured(100 * UNIT);
    world.pool.set_unearned(&world.interest(), &(10 * UNIT));
    let before = world.state();
    assert_eq!(
        (before.assets_low, before.assets_high),
        (100 * UNIT + 1, 110 * UNIT + 1),
        "withdrawals are paid without it"
    );
    let second = world.funded(110 * UNIT);
    let shares = world.vault.preview_deposit(&(110 * UNIT));
    assert_eq!(world.deposit(&second, 110 * UNIT), shares, "previewed");
    assert!(
        (shares - 100 * UNIT * 1_000).abs() < 1_000,
        "a tenth more for a share, the dead ones apart: {shares}"
    );
    assert!(
        world.vault.preview_redeem(&world.vault.balance(&first)) >= 105 * UNIT - 10,
        "to who was there"
    );
}

#[test]
fn who_enters_before_the_cover_is_cancelled_buys_none_of_the_refund() {
    let (world, first) = World::insured(100 * UNIT);
    world.pool.set_unearned(&world.interest(), &(10 * UNIT));
    let second = world.funded(100 * UNIT);
    let shares = world.deposit(&second, 100 * UNIT);
    let refund = world.vault.mock_all_auths().cancel();
    assert!(refund <= 10 * UNIT, "refund");
    assert!(world.redeem(&second, shares) <= 100 * UNIT, "the second");
    let left = world.vault.preview_redeem(&world.vault.balance(&first));
    assert!(left >= 110 * UNIT - 10, "the first: {left}");
}

#[test]
fn who_leaves_around_a_renewal_pays_their_part_of_it() {
    let world = World::new();
    world.pool.set_conduct(&Conduct {
        earns: true,
        ..world.pool.conduct()
    });
    let (first, second) = (world.funded(500 * UNIT), world.funded(500 * UNIT));
    world.deposit(&first, 500 * UNIT);
    let shares = world.deposit(&second, 500 * UNIT);
    let mut request = world.request(500 * UNIT);
    request.max_premium = 50 * UNIT;
    world
        .vault
        .mock_all_auths()
        .insure(&world.vault.address, &request);
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    let paid = world.redeem(&second, shares);
    let premium = world.vault.renew(&(495 * UNIT), &8, &first);
    let back = world.deposit(&second, paid);
    assert!(premium > UNIT, "premium: {premium}");
    let (stayed, came_back) = (
        world.vault.preview_redeem(&world.vault.balance(&first)),
        world.vault.preview_redeem(&back),
    );
    assert!(
        (stayed - came_back).abs() <= 10,
        "both bear half of it: {stayed} {came_back}"
    );
}

#[test]
fn nobody_enters_while_the_unearned_premium_is_not_known() {
    let (world, lender) = World::insured(100 * UNIT);
    world.pool.set_conduct(&Conduct {
        down: true,
        ..world.pool.conduct()
    });
    assert_eq!(world.vault.max_deposit(&lender), 0, "max deposit");
    assert_eq!(world.vault.max_mint(&lender), 0, "max mint");
    world.mint(&lender, UNIT);
    let deposit = world
        .vault
        .mock_all_auths()
        .try_deposit(&UNIT, &lender, &lender, &lender);
    assert_eq!(
        deposit,
        Err(Ok(soroban_sdk::Error::from_contract_error(
            VaultError::CoverPoolUnavailable as u32
        ))),
        "deposit"
    );
    assert_eq!(world.withdraw(&lender, UNIT), UNIT * 1_000, "withdrawal");
}

#[test]
fn who_leaves_before_settlement_leaves_the_payment_behind() {
    let (world, first) = World::insured(100 * UNIT);
    let second = world.funded(100 * UNIT);
    world.deposit(&second, 100 * UNIT);
    world.pass(3_600);
    world.set_rate(5_000_000);
    let shares = world.vault.balance(&second);
    assert_eq!(
        world.redeem(&second, shares),
        50 * UNIT,
        "half, without the cover"
    );
    assert_eq!(world.settle(), 950_000_000, "95 % of what both lost");
    assert!(
        world.vault.preview_redeem(&world.vault.balance(&first)) > 1_449_999_990,
        "to who stayed"
    );
}

#[test]
fn deposits_count_no_more_than_the_limit_can_pay() {
    let (world, _) = World::insured(100 * UNIT);
    let second = world.funded(100 * UNIT);
    world.deposit(&second, 100 * UNIT);
    world.pass(3_600);
    world.set_rate(2_500_000);
    world.record();
    let state = world.state();
    assert_eq!(state.owed, 150 * UNIT, "gross");
    assert_eq!(state.assets_low, 50 * UNIT + 1, "low");
    assert_eq!(state.assets_high, 150 * UNIT + 1, "high: with the limit");
}

#[test]
fn a_filed_claim_counts_for_deposits_until_it_is_closed() {
    for (paid, case) in [(475_000_000, "paid"), (300_000_000, "cut"), (0, "denied")] {
        let (world, _) = World::insured(100 * UNIT);
        world.pool.set_conduct(&Conduct {
            files: true,
            ..world.pool.conduct()
        });
        world.pass(3_600);
        world.set_rate(5_000_000);
        assert_eq!(world.settle(), 0, "{case}: nothing arrives yet");
        let state = world.state();
        assert_eq!((state.owed, state.filed), (0, 475_000_000), "{case}: filed");
        assert_eq!(
            state.assets_high - state.assets_low,
            475_000_000,
            "{case}: high above low"
        );
        world.pool.mock_all_auths().close(&world.interest(), &paid);
        assert_eq!(
            world.state().cash,
            paid + 1,
            "{case}: seen before it is booked"
        );
        assert_eq!(world.settle(), paid, "{case}: arrived");
        let state = world.state();
        assert_eq!((state.filed, state.cash), (0, paid + 1), "{case}: closed");
        assert_eq!(
            world.asset.balance(&world.vault.address),
            state.cash,
            "{case}: balance"
        );
    }
}

/// The court admits a claim of which the vault knows nothing.
#[test]
fn what_the_court_grants_is_booked_and_nobody_buys_into_it_before() {
    let (world, lender) = World::insured(100 * UNIT);
    world.mint(&lender, 10 * UNIT);
    let deposit = || {
        let vault = world.vault.mock_all_auths_allowing_non_root_auth();
        vault.try_deposit(&UNIT, &lender, &lender, &lender)
    };
    let vault = &world.vault.address;
    world.pool.set_conduct(&Conduct {
        files: true,
        ..world.pool.conduct()
    });
    world.pass(WAITING);
    let loss = Loss {
        peril: Peril::Default,
        event: 0,
        amount: 20 * UNIT,
        occurred_at: world.now(),
        rescue: false,
        sources: 0,
    };
    world.pool.pay(&world.interest(), &loss, vault);
    let before = world.state();
    let refused = deposit().map(|_| ()).map_err(|error| error.unwrap());
    assert_eq!(
        refused,
        Err(VaultError::Unsettled.into()),
        "the court has it"
    );
    assert_eq!(world.vault.max_deposit(&lender), 0, "as its view says");
    world
        .pool
        .mock_all_auths()
        .close(&world.interest(), &(10 * UNIT));
    let seen = world.state();
    assert_eq!(
        seen.cash - before.cash,
        10 * UNIT,
        "seen before it is booked"
    );
    assert!(deposit().is_ok(), "decided");
    let booked = world.state();
    assert_eq!(booked.cash, seen.cash, "once");
    assert_eq!(world.asset.balance(vault), booked.cash, "as is there");
}

#[test]
fn a_payment_at_once_leaves_a_claim_that_waits_as_it_is() {
    let (world, _) = World::insured(100 * UNIT);
    let files = |files| {
        world.pool.set_conduct(&Conduct {
            files,
            ..world.pool.conduct()
        });
    };
    files(true);
    world.pass(3_600);
    world.set_rate(9_000_000);
    assert_eq!(world.settle(), 0, "the first waits");
    files(false);
    world.pass(3_600);
    world.set_rate(8_000_000);
    assert_eq!(world.settle(), 95_000_000, "the second is paid");
    assert_eq!(world.state().filed, 95_000_000, "the first waits still");
    world
        .pool
        .mock_all_auths()
        .close(&world.interest(), &95_000_000);
    assert_eq!(world.settle(), 95_000_000, "and arrives");
    assert_eq!(world.state().filed, 0, "closed");
}

#[test]
fn a_loss_is_dropped_once_no_policy_can_pay_it() {
    let (world, _) = World::insured(100 * UNIT);
    world.pass(3_600);
    world.set_rate(5_000_000);
    world.vault.mock_all_auths().divest(&UNIT);
    assert_eq!(world.state().owed, 50 * UNIT, "owed");
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end + 604_800 - world.now() - 1);
    assert_eq!(
        world.state().owed,
        50 * UNIT,
        "in the last second of the grace week"
    );
    world.pass(1);
    assert_eq!((world.state().owed, world.settle()), (0, 0), "after it");
    assert_eq!(
        world.state().assets_high,
        world.state().assets_low,
        "counts no more"
    );
}

#[test]
fn falls_the_adapter_forgot_count_if_all_their_time_was_covered() {
    for (is_looked_at, owed) in [(true, 17 * UNIT), (false, 15 * UNIT)] {
        let world = World::new();
        let lender = world.funded(100 * UNIT);
        world.deposit(&lender, 100 * UNIT);
        world.insure(100 * UNIT);
        world.pass(WAITING);
        world.record();
        if is_looked_at {
            world.settle();
        }
        for fall in 1..=17 {
            world.pass(60);
            world.set_rate(UNIT - fall * 100_000);
            world.record();
        }
        assert_eq!(
            world.state().owed,
            owed,
            "seen by the vault after the waiting period: {is_looked_at}"
        );
    }
}
