//! Who may call what: one accept and one reject for every protected entry, with exact authorisation trees.

use interfaces::cover::{IdentityTerms, Peril, Roles};
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, Val, Vec};

use super::world::{World, DAY, UNIT};
use crate::Scope;

type Signed<'a> = (&'a Address, &'a [MockAuthInvoke<'a>]);

fn call<'a>(
    world: &'a World,
    name: &'a str,
    args: impl IntoVal<soroban_sdk::Env, Vec<Val>>,
    nested: &'a [MockAuthInvoke<'a>],
) -> MockAuthInvoke<'a> {
    let args = args.into_val(&world.env);
    MockAuthInvoke {
        contract: &world.pool.address,
        fn_name: name,
        args,
        sub_invokes: nested,
    }
}

fn transfer<'a>(world: &'a World, from: &Address, amount: i128) -> MockAuthInvoke<'a> {
    let args = (from, &world.pool.address, amount).into_val(&world.env);
    let contract = &world.token.address;
    MockAuthInvoke {
        contract,
        fn_name: "transfer",
        args,
        sub_invokes: &[],
    }
}

/// An entry point, its arguments, who may call it, and the call.
type Call<'a> = (&'a str, Vec<Val>, &'a Address, &'a dyn Fn() -> bool);

/// Signs exactly these calls, nothing else.
fn sign(world: &World, signed: &[Signed]) {
    let auths: super::std::vec::Vec<MockAuth> = signed
        .iter()
        .flat_map(|(address, invokes)| invokes.iter().map(|invoke| MockAuth { address, invoke }))
        .collect();
    world.env.mock_auths(&auths);
}

#[test]
fn a_stake_is_signed_by_who_stakes() {
    let world = World::new();
    let (lp, stranger) = (&world.lp, Address::generate(&world.env));
    let nested = [transfer(&world, lp, UNIT)];
    let stake = call(&world, "stake", (lp, UNIT, 0_i128), &nested);
    sign(&world, &[(&stranger, core::slice::from_ref(&stake))]);
    assert!(world.pool.try_stake(lp, &UNIT, &0).is_err(), "stranger");
    sign(&world, &[(lp, &[stake])]);
    assert!(world.pool.try_stake(lp, &UNIT, &0).is_ok(), "owner");
}

#[test]
fn a_request_is_signed_by_the_owner_of_the_shares() {
    let world = World::new();
    let (lp, stranger) = (&world.lp, Address::generate(&world.env));
    let request = call(&world, "request_redeem", (lp, UNIT), &[]);
    sign(&world, &[(&stranger, core::slice::from_ref(&request))]);
    assert!(
        world.pool.try_request_redeem(lp, &UNIT).is_err(),
        "stranger"
    );
    sign(&world, &[(lp, &[request])]);
    assert!(world.pool.try_request_redeem(lp, &UNIT).is_ok(), "owner");
}

#[test]
fn a_fulfilment_is_signed_by_its_caller() {
    let world = World::new();
    let (lp, stranger) = (&world.lp, &Address::generate(&world.env));
    world.pool.request_redeem(lp, &(UNIT * 1_000));
    world.pass(14 * DAY);
    let fulfil = call(&world, "fulfil", (lp, 0_u32, lp, 0_i128), &[]);
    sign(&world, &[(stranger, core::slice::from_ref(&fulfil))]);
    assert!(
        world.pool.try_fulfil(lp, &0, lp, &0).is_err(),
        "in the owner's name"
    );
    sign(&world, &[(lp, &[fulfil])]);
    assert!(world.pool.try_fulfil(lp, &0, lp, &0).is_ok(), "owner");
}

#[test]
fn cover_is_sold_by_the_adapter_and_paid_by_the_payer() {
    let world = World::new();
    let application = world.application(&world.position());
    let open = [call(&world, "open", (application.clone(),), &[])];
    let payment = [transfer(&world, &world.borrower, application.max_premium)];
    sign(&world, &[(&world.borrower, &payment)]);
    assert!(
        world.pool.try_open(&application).is_err(),
        "without the adapter"
    );
    sign(&world, &[(&world.adapter, &open)]);
    assert!(
        world.pool.try_open(&application).is_err(),
        "without the payer"
    );
    sign(
        &world,
        &[(&world.adapter, &open), (&world.borrower, &payment)],
    );
    assert!(world.pool.try_open(&application).is_ok(), "both");
}

#[test]
fn cover_is_changed_and_claimed_by_the_adapter_alone() {
    let world = World::new();
    let interest = &world.insured();
    let (pool, keeper, borrower) = (&world.pool, &world.keeper, &world.borrower);
    let loss = &world.loss(Peril::Default, UNIT);
    let (l, no_bounty) = (5_000_000_u32, keeper);
    let top_up = [call(
        &world,
        "top_up",
        (interest, borrower, UNIT, l, UNIT),
        &[],
    )];
    let pay = [call(
        &world,
        "pay",
        (interest.clone(), loss.clone(), keeper),
        &[],
    )];
    let draw = [call(
        &world,
        "draw",
        (interest, UNIT, 400_000_u32, 3_u32, no_bounty),
        &[],
    )];
    let bounties = [call(&world, "pay_bounties", (0_u32, keeper), &[])];
    let foreclose = [call(&world, "foreclose", (interest, borrower, 0_i128), &[])];
    let payment = [transfer(&world, borrower, UNIT)];
    for signer in [&world.borrower, &world.owner, &world.adapter] {
        let is_adapter = signer == &world.adapter;
        sign(&world, &[(signer, &top_up), (borrower, &payment)]);
        let topped_up = pool.try_top_up(interest, borrower, &UNIT, &l, &UNIT);
        assert_eq!(topped_up.is_ok(), is_adapter, "top up");
        sign(&world, &[(signer, &bounties)]);
        let collected = pool.try_pay_bounties(&0, keeper);
        assert_eq!(collected.is_ok(), is_adapter, "pay bounties");
        sign(&world, &[(signer, &pay)]);
        assert_eq!(
            pool.try_pay(interest, loss, keeper).is_ok(),
            is_adapter,
            "pay"
        );
        sign(&world, &[(signer, &draw)]);
        let drawn = pool.try_draw(interest, &UNIT, &400_000, &3, keeper);
        assert_eq!(drawn.is_ok(), is_adapter, "draw");
        sign(&world, &[(signer, &foreclose)]);
        let foreclosed = pool.try_foreclose(interest, borrower, &0);
        assert_eq!(foreclosed.is_ok(), is_adapter, "foreclose");
    }
}

#[test]
fn a_renewal_is_made_by_the_adapter() {
    let world = World::new();
    let interest = &world.insured();
    let (pool, keeper, limit) = (&world.pool, &world.keeper, 200 * UNIT);
    world
        .token
        .approve(&world.borrower, &pool.address, &(1_000 * UNIT), &1_000);
    world.pass(world.policy(interest).end - DAY - world.now());
    pool.set_group(&0, &pool.group(&0).unwrap());
    let args = (interest, limit, 1_u32, 5_000_000_u32, keeper);
    let renew = [call(&world, "renew", args, &[])];
    sign(&world, &[(&world.borrower, &renew)]);
    assert!(
        pool.try_renew(interest, &limit, &1, &5_000_000, keeper)
            .is_err(),
        "owner"
    );
    sign(&world, &[(&world.adapter, &renew)]);
    assert!(
        pool.try_renew(interest, &limit, &1, &5_000_000, keeper)
            .is_ok(),
        "adapter"
    );
}

#[test]
fn a_cancellation_needs_the_adapter_and_the_owner() {
    let world = World::new();
    let interest = &world.insured();
    world.pass(7 * DAY);
    let cancel = [call(&world, "cancel", (interest,), &[])];
    sign(&world, &[(&world.adapter, &cancel)]);
    assert!(world.pool.try_cancel(interest).is_err(), "adapter alone");
    sign(&world, &[(&world.borrower, &cancel)]);
    assert!(world.pool.try_cancel(interest).is_err(), "owner alone");
    sign(
        &world,
        &[(&world.adapter, &cancel), (&world.borrower, &cancel)],
    );
    assert!(world.pool.try_cancel(interest).is_ok(), "both");
}

#[test]
fn a_pay_back_is_signed_by_its_payer() {
    let world = World::new();
    let interest = &world.insured();
    world.draw(interest, 10 * UNIT);
    let borrower = &world.borrower;
    let nested = [transfer(&world, borrower, UNIT)];
    let pay_back = [call(
        &world,
        "pay_back",
        (interest, borrower, UNIT),
        &nested,
    )];
    sign(&world, &[(&world.keeper, &pay_back)]);
    assert!(
        world.pool.try_pay_back(interest, borrower, &UNIT).is_err(),
        "another"
    );
    sign(&world, &[(borrower, &pay_back)]);
    assert!(
        world.pool.try_pay_back(interest, borrower, &UNIT).is_ok(),
        "payer"
    );
}

#[test]
fn a_waiting_draw_is_finalized_by_the_adapter_and_other_claims_by_anyone() {
    let world = World::new();
    let mut terms = super::world::terms();
    terms.daily_share = 0;
    world.pool.set_terms(&terms);
    let (pool, keeper, interest) = (&world.pool, &world.keeper, &world.insured());
    pool.draw(interest, &UNIT, &400_000, &2, keeper);
    world.pay(interest, Peril::Collateral, UNIT);
    world.pass(2 * DAY);
    let args = (1_u32, UNIT, 400_000_u32, keeper);
    let finalize = [call(&world, "finalize_draw", args, &[])];
    sign(&world, &[(keeper, &finalize)]);
    assert!(
        pool.try_finalize_draw(&1, &UNIT, &400_000, keeper).is_err(),
        "keeper"
    );
    sign(&world, &[(&world.adapter, &finalize)]);
    assert!(
        pool.try_finalize_draw(&1, &UNIT, &400_000, keeper).is_ok(),
        "adapter"
    );
    sign(&world, &[]);
    assert!(pool.try_finalize(&2, keeper).is_ok(), "unsigned");
}

#[test]
fn governance_is_the_owners_and_roles_have_their_own() {
    let world = World::new();
    let pool = &world.pool;
    let address = || Address::generate(&world.env);
    let (risk, guardian, court) = (&address(), &address(), &address());
    let roles = &Roles {
        risk: risk.clone(),
        guardian: guardian.clone(),
        court: court.clone(),
    };
    pool.set_roles(roles);
    for _ in 0..2 {
        world.pay(&world.insured(), Peril::Collateral, 100 * UNIT);
    }
    pool.challenge(&2, &world.lp);
    let (terms, group) = (&super::world::terms(), &pool.group(&0).unwrap());
    let caps = &pool.caps();
    let calls: [Call; 11] = [
        (
            "set_terms",
            (terms.clone(),).into_val(&world.env),
            &world.owner,
            &|| pool.try_set_terms(terms).is_ok(),
        ),
        (
            "set_group",
            (0_u32, group.clone()).into_val(&world.env),
            &world.owner,
            &|| pool.try_set_group(&0, group).is_ok(),
        ),
        (
            "set_caps",
            (caps.clone(),).into_val(&world.env),
            &world.owner,
            &|| pool.try_set_caps(caps).is_ok(),
        ),
        (
            "set_base",
            (0_u32, Peril::Grant, 1_200_000_u32).into_val(&world.env),
            risk,
            &|| pool.try_set_base(&0, &Peril::Grant, &1_200_000).is_ok(),
        ),
        (
            "pause",
            (Scope::Sales,).into_val(&world.env),
            guardian,
            &|| pool.try_pause(&Scope::Sales).is_ok(),
        ),
        (
            "unpause",
            (Scope::Sales,).into_val(&world.env),
            &world.owner,
            &|| pool.try_unpause(&Scope::Sales).is_ok(),
        ),
        (
            "set_roles",
            (roles,).into_val(&world.env),
            &world.owner,
            &|| pool.try_set_roles(roles).is_ok(),
        ),
        (
            "set_identity",
            (None::<IdentityTerms>,).into_val(&world.env),
            &world.owner,
            &|| pool.try_set_identity(&None).is_ok(),
        ),
        ("delay", (1_u32,).into_val(&world.env), guardian, &|| {
            pool.try_delay(&1).is_ok()
        }),
        (
            "resolve",
            (2_u32, 0_i128).into_val(&world.env),
            court,
            &|| pool.try_resolve(&2, &0).is_ok(),
        ),
        ("wind_down", ().into_val(&world.env), &world.owner, &|| {
            pool.try_wind_down().is_ok()
        }),
    ];
    for (name, args, role, run) in calls {
        for signer in [&world.owner, risk, guardian, court, &world.adapter] {
            let signed = [call(&world, name, args.clone(), &[])];
            sign(&world, &[(signer, &signed)]);
            assert_eq!(run(), signer == role, "{name}");
        }
    }
}
