use interfaces::adapter::CoverRequest;
use interfaces::cover::CoverError;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, InvokeError};

use super::mocks::cover_pool::{Conduct, MIN_PREMIUM, REFUND, WAITING};
use super::{call_as, World, MAX_RATE, UNIT};
use crate::VaultError;

/// Premium of 1 000 units at 2 % for the eight weeks that begin at the start, rounded up.
const PREMIUM: i128 = 30_684_932;
/// The same of 900 units.
const PREMIUM_OF_900: i128 = 27_616_439;

/// A refusal that is not the vault's own.
const fn code(error: CoverError) -> Result<VaultError, InvokeError> {
    Err(InvokeError::Contract(error as u32))
}

/// A world whose vault holds 1 000 units and is not insured.
fn uninsured() -> (World, Address) {
    let world = World::new();
    let lender = world.funded(1_000 * UNIT);
    world.deposit(&lender, 1_000 * UNIT);
    (world, lender)
}

/// The vault pays for its own cover, with no signature but the owner's.
fn insure_itself(world: &World, request: &CoverRequest) {
    let (vault, request) = (world.vault.address.clone(), request.clone());
    call_as!(world, &world.owner, insure(vault, request));
}

#[test]
fn the_vault_pays_for_its_cover_out_of_what_it_lent() {
    let (world, _) = uninsured();
    let request = CoverRequest {
        max_premium: 50 * UNIT,
        ..world.request(1_000 * UNIT)
    };
    insure_itself(&world, &request);
    let state = world.state();
    assert_eq!(
        state.cash,
        50 * UNIT - PREMIUM,
        "the rest of the highest premium stays idle"
    );
    assert_eq!(state.b_tokens, 950 * UNIT + 1, "taken from the platform");
    assert_eq!(
        state.assets_low,
        1_000 * UNIT + 1 - PREMIUM,
        "value less the premium"
    );
    assert_eq!(
        world.asset.balance(&world.vault.address),
        state.cash,
        "balance"
    );
    assert_eq!(world.vault.cover_ratio(), 10_030_779, "limit over assets");
}

#[test]
fn another_payer_signs_for_exactly_the_highest_premium() {
    let (world, _) = uninsured();
    let payer = world.funded(1_000 * UNIT);
    let request = world.request(1_000 * UNIT);
    let vault = &world.vault;
    let transfer = MockAuthInvoke {
        contract: &world.asset.address,
        fn_name: "transfer",
        args: (&payer, &world.pool.address, request.max_premium).into_val(&world.env),
        sub_invokes: &[],
    };
    let insure = |sub_invokes| MockAuthInvoke {
        contract: &vault.address,
        fn_name: "insure",
        args: (&payer, request.clone()).into_val(&world.env),
        sub_invokes,
    };
    let signed = [transfer];
    let (by_owner, by_payer) = (insure(&[]), insure(&signed));
    let owner = MockAuth {
        address: &world.owner,
        invoke: &by_owner,
    };
    let both = [
        owner,
        MockAuth {
            address: &payer,
            invoke: &by_payer,
        },
    ];
    let alone = vault.mock_auths(&both[..1]).try_insure(&payer, &request);
    assert!(alone.is_err(), "without the payer");
    vault.mock_auths(&both).insure(&payer, &request);
    assert_eq!(world.asset.balance(&payer), 1_000 * UNIT - PREMIUM, "paid");
    assert_eq!(
        (world.state().cash, world.state().b_tokens),
        (1, 1_000 * UNIT),
        "nothing by the vault"
    );
}

#[test]
fn the_vault_pays_at_most_its_rate_and_for_its_assets() {
    let (world, _) = uninsured();
    let vault = world.vault.mock_all_auths();
    let this = world.vault.address.clone();
    let request = |limit| CoverRequest {
        max_premium: 100 * UNIT,
        ..world.request(limit)
    };
    let above = CoverRequest {
        max_rate: MAX_RATE + 1,
        ..request(UNIT)
    };
    assert_eq!(
        vault.try_insure(&this, &above),
        Err(Ok(VaultError::RateTooHigh)),
        "renewals"
    );
    let above = request(1_000 * UNIT + 2);
    assert_eq!(
        vault.try_insure(&this, &above),
        Err(Ok(VaultError::LimitAboveAssets)),
        "limit"
    );
    world.pool.set_conduct(&Conduct {
        rate: MAX_RATE + 1,
        ..world.pool.conduct()
    });
    let dear = request(1_000 * UNIT);
    assert_eq!(
        vault.try_insure(&this, &dear),
        Err(Ok(VaultError::RateTooHigh)),
        "now"
    );
    assert_eq!(world.state().b_tokens, 1_000 * UNIT, "nothing moved");
    let payer = world.funded(100 * UNIT);
    assert!(
        vault.try_insure(&payer, &dear).is_ok(),
        "others may pay more"
    );
}

#[test]
fn a_refusal_comes_with_the_cover_pools_own_code() {
    let (world, _) = uninsured();
    let request = CoverRequest {
        max_premium: 1,
        ..world.request(1_000 * UNIT)
    };
    let refused = world
        .vault
        .mock_all_auths()
        .try_insure(&world.vault.address, &request);
    assert_eq!(refused, Err(code(CoverError::PremiumTooHigh)), "premium");
}

#[test]
fn anyone_renews_what_the_vault_pays_and_no_allowance_is_left() {
    let (world, _) = uninsured();
    insure_itself(
        &world,
        &CoverRequest {
            max_premium: 50 * UNIT,
            ..world.request(900 * UNIT)
        },
    );
    let before = world.state();
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    world.env.set_auths(&[]);
    let premium = world.vault.renew(&(900 * UNIT), &8, &world.owner);
    assert_eq!(premium, PREMIUM_OF_900, "the same term again");
    let state = world.state();
    assert_eq!(
        state.assets_low,
        before.assets_low - PREMIUM_OF_900,
        "value less the premium"
    );
    assert_eq!(
        world.asset.balance(&world.vault.address),
        state.cash,
        "balance"
    );
    let left = world
        .asset
        .allowance(&world.vault.address, &world.pool.address);
    assert_eq!(left, 0, "allowance");
    let policy = world.pool.policy(&world.interest()).unwrap();
    assert_eq!(policy.end, end + 8 * 604_800, "end");
}

#[test]
fn a_small_renewal_costs_the_least_premium() {
    let (world, _) = uninsured();
    insure_itself(
        &world,
        &CoverRequest {
            max_premium: 50 * UNIT,
            ..world.request(10 * UNIT)
        },
    );
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    let premium = world.vault.renew(&(10 * UNIT), &1, &world.owner);
    assert_eq!(premium, MIN_PREMIUM, "premium");
}

#[test]
fn a_renewal_leaves_no_less_cover_than_there_is() {
    let (world, _) = uninsured();
    let vault = &world.vault;
    let renew = |limit: i128| vault.try_renew(&limit, &8, &world.owner);
    assert_eq!(
        renew(UNIT),
        Err(Ok(VaultError::NotInsured)),
        "without a policy"
    );
    insure_itself(
        &world,
        &CoverRequest {
            max_premium: 50 * UNIT,
            ..world.request(900 * UNIT)
        },
    );
    assert_eq!(
        renew(900 * UNIT - 1),
        Err(Ok(VaultError::BelowCover)),
        "less"
    );
    assert_eq!(
        renew(900 * UNIT),
        Err(Ok(VaultError::InvalidTerm)),
        "too far ahead"
    );
    let early = vault.try_renew(&(900 * UNIT), &1, &world.owner);
    assert_eq!(
        early,
        Err(code(CoverError::NotInRenewalWindow)),
        "too early"
    );
}

/// The vault has paid for its cover of 1 000 units, of which it has the rest, and is an hour before the end of its term.
fn renewable() -> (World, Address) {
    let (world, lender) = uninsured();
    insure_itself(
        &world,
        &CoverRequest {
            max_premium: 50 * UNIT,
            ..world.request(900 * UNIT)
        },
    );
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    world.record();
    (world, lender)
}

#[test]
fn a_renewal_covers_no_more_than_there_is() {
    let (world, _) = renewable();
    let assets = world.state().assets_low;
    let renew = |limit: i128| world.vault.try_renew(&limit, &8, &world.owner);
    assert_eq!(
        renew(assets + 1),
        Err(Ok(VaultError::LimitAboveAssets)),
        "one unit more"
    );
    assert!(renew(assets).is_ok(), "all there is");
    assert_eq!(world.limit(), assets, "limit");
}

#[test]
fn unearned_premium_is_nothing_to_insure() {
    let (world, _) = renewable();
    world.pool.set_unearned(&world.interest(), &(10 * UNIT));
    let assets = world.state().assets_low;
    let above = world.vault.try_renew(&(assets + 1), &8, &world.owner);
    assert_eq!(above, Err(Ok(VaultError::LimitAboveAssets)), "refused");
}

#[test]
fn a_renewal_follows_assets_below_the_limit_that_is_left() {
    let (world, lender) = renewable();
    world.withdraw(&lender, 500 * UNIT);
    let assets = world.state().assets_low;
    let least = (assets * 99 + 99) / 100;
    let renew = |limit: i128| world.vault.try_renew(&limit, &8, &world.owner);
    assert_eq!(
        renew(900 * UNIT),
        Err(Ok(VaultError::LimitAboveAssets)),
        "the limit that is left"
    );
    assert_eq!(
        renew(least - 1),
        Err(Ok(VaultError::BelowCover)),
        "less than nearly all"
    );
    assert!(renew(least).is_ok(), "nearly all");
    assert_eq!(world.limit(), least, "limit");
}

#[test]
fn a_renewal_raises_no_limit_while_cover_owes() {
    let (world, _) = renewable();
    world.pool.set_conduct(&Conduct {
        files: true,
        ..world.pool.conduct()
    });
    world.set_rate(9_900_000);
    let raise = || {
        let limit = world.limit() + 1;
        world.vault.try_renew(&limit, &8, &world.owner)
    };
    assert_eq!(raise(), Err(Ok(VaultError::Unsettled)), "owed");
    world.settle();
    assert!(world.state().filed > 0, "filed");
    assert_eq!(raise(), Err(Ok(VaultError::Unsettled)), "filed");
    let same = world.vault.try_renew(&world.limit(), &1, &world.owner);
    assert!(same.is_ok(), "at the limit that is left: {same:?}");
    world.pool.mock_all_auths().close(&world.interest(), &0);
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    assert!(raise().is_ok(), "settled");
}

#[test]
fn another_payers_renewal_costs_the_vault_nothing() {
    let (world, _) = uninsured();
    let payer = world.funded(2_000 * UNIT);
    world
        .vault
        .mock_all_auths()
        .insure(&payer, &world.request(1_000 * UNIT));
    world
        .asset
        .mock_all_auths()
        .approve(&payer, &world.pool.address, &(50 * UNIT), &100);
    let end = world.pool.policy(&world.interest()).unwrap().end;
    world.pass(end - world.now() - 3_600);
    world.vault.renew(&(1_000 * UNIT), &8, &world.owner);
    assert_eq!(
        world.asset.balance(&payer),
        2_000 * UNIT - 2 * PREMIUM,
        "paid twice"
    );
    assert_eq!(
        (world.state().cash, world.state().b_tokens),
        (1, 1_000 * UNIT),
        "nothing by the vault"
    );
}

#[test]
fn the_refund_of_a_cancelled_policy_comes_to_cash() {
    let (world, _) = uninsured();
    world.insure(1_000 * UNIT);
    assert_eq!(call_as!(world, &world.owner, cancel()), REFUND, "refund");
    assert_eq!(world.state().cash, REFUND + 1, "cash");
    assert_eq!(
        world.asset.balance(&world.vault.address),
        REFUND + 1,
        "balance"
    );
    assert_eq!(world.vault.cover_ratio(), 0, "no cover");
    world.insure(1_000 * UNIT);
    assert_eq!(world.limit(), 1_000 * UNIT, "insured anew");
}

#[test]
fn cover_is_not_cancelled_while_it_owes() {
    let (world, _) = World::insured(100 * UNIT);
    world.pass(3_600);
    world.set_rate(9_000_000);
    let vault = world.vault.mock_all_auths();
    assert_eq!(vault.try_cancel(), Err(Ok(VaultError::Unsettled)), "owed");
    world.pool.set_conduct(&Conduct {
        files: true,
        ..world.pool.conduct()
    });
    vault.settle(&world.owner);
    assert_eq!(vault.try_cancel(), Err(Ok(VaultError::Unsettled)), "filed");
    world.pool.mock_all_auths().close(&world.interest(), &0);
    assert_eq!(vault.cancel(), REFUND, "settled");
}

#[test]
fn a_new_policy_counts_its_payments_from_zero() {
    for is_cancelled in [true, false] {
        let (world, _) = World::insured(100 * UNIT);
        for round in 1..=2 {
            world.pass(3_600);
            world.set_rate(10_000_000 - round * 1_000_000);
            assert_eq!(
                world.settle(),
                95_000_000,
                "policy {round}, cancelled: {is_cancelled}"
            );
            if is_cancelled {
                world.vault.mock_all_auths().cancel();
            } else {
                world.pass(9 * 604_800);
            }
            world.insure(100 * UNIT);
            world.pass(WAITING);
            world.record();
        }
    }
}

#[test]
fn a_payment_that_the_policy_does_not_show_is_refused() {
    let (world, _) = World::insured(100 * UNIT);
    world.pool.set_conduct(&Conduct {
        withheld: 1,
        ..world.pool.conduct()
    });
    world.pass(3_600);
    world.set_rate(9_000_000);
    let settled = world.vault.mock_all_auths().try_settle(&world.owner);
    assert_eq!(settled, Err(Ok(VaultError::PaymentNotBooked)), "settle");
}

#[test]
fn a_loss_that_cover_refuses_now_stays_owed() {
    let (world, _) = World::insured(100 * UNIT);
    world.pool.set_conduct(&Conduct {
        co_insurance: 10_000_000,
        ..world.pool.conduct()
    });
    world.pass(3_600);
    world.set_rate(9_000_000);
    let settled = world
        .vault
        .mock_all_auths()
        .try_settle(&Address::generate(&world.env));
    assert_eq!(
        settled,
        Err(code(CoverError::NothingCovered)),
        "the pool's code"
    );
    world.pool.set_conduct(&Conduct {
        co_insurance: 500_000,
        ..world.pool.conduct()
    });
    assert_eq!(world.settle(), 95_000_000, "later");
}

#[test]
fn the_cover_ratio_ends_with_the_cover() {
    let (world, _) = World::insured(100 * UNIT);
    let end = world.pool.policy(&world.interest()).unwrap().end;
    assert_eq!(
        world.vault.cover_ratio(),
        9_999_999,
        "whole, but for the dead unit"
    );
    world.set_rate(20_000_000);
    assert_eq!(world.vault.cover_ratio(), 4_999_999, "of twice the value");
    world.pass(end - world.now());
    assert_eq!(world.vault.cover_ratio(), 4_999_999, "in the last second");
    world.pass(1);
    assert_eq!(world.vault.cover_ratio(), 0, "after it");
}
