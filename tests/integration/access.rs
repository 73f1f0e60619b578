//! Who may call what of cover pool and adapter: each protected entry accepts its caller and nobody else.

use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover},
    world::{deposit_group, starting_terms, DEPOSITS, LOANS},
};

use crate::stage::*;

#[test]
fn governance_of_the_cover_pool_is_its_owners() {
    let world = world();
    let (ledger, owner, pool) = (&world.ledger, &world.owner, &world.cover);
    guarded(ledger, owner, pool.set_terms(&starting_terms()));
    guarded(
        ledger,
        owner,
        pool.set_group(DEPOSITS, &deposit_group(&world.lenders.0)),
    );
    let cap = cover::Cap {
        groups: vec![LOANS, DEPOSITS],
        rate: 4_000_000,
    };
    guarded(ledger, owner, pool.set_caps(&vec![cap]));
    let roles = pool.roles().view(ledger).unwrap();
    guarded(ledger, owner, pool.set_roles(&roles));
    guarded(ledger, owner, pool.set_identity(&None));
    guarded(ledger, owner, pool.wind_down());
    let until = ledger.sequence() + 1_000;
    guarded(ledger, owner, pool.transfer_ownership(&world.keeper, until));
    guarded(ledger, owner, pool.renounce_ownership());
    closed(ledger, &world.keeper, pool.resume());
    let risk = world.actor("risk");
    let risks = cover::Roles {
        risk: risk.address(),
        ..roles
    };
    pool.set_roles(&risks).send(ledger, owner).unwrap();
    let base = || pool.set_base(LOANS, &cover::Peril::Advance, 150_000);
    guarded(ledger, &risk, base());
    closed(ledger, owner, base());
}

#[test]
fn ownership_passes_only_when_it_is_accepted() {
    let world = world();
    let (ledger, heir) = (&world.ledger, world.actor("heir"));
    let until = ledger.sequence() + 1_000;
    world
        .cover
        .transfer_ownership(&heir, until)
        .send(ledger, &world.owner)
        .unwrap();
    let owner = || world.cover.get_owner().view(ledger).unwrap().unwrap();
    assert_eq!(owner(), world.owner.address(), "offered");
    let accept = world.cover.accept_ownership();
    guarded(ledger, &heir, accept.clone());
    accept.send(ledger, &heir).unwrap();
    assert_eq!(owner(), heir.address(), "accepted");
}

#[test]
fn only_the_groups_adapter_sells_settles_and_lends() {
    let world = world();
    let (_, position, _) = insured(&world, "borrower", request(adapter::Peril::Advance));
    world.sleep(8 * DAY);
    let (ledger, pool, keeper) = (&world.ledger, &world.cover, &world.keeper);
    let interest = interest(&position);
    let application = cover::Application {
        group: LOANS,
        interest: cover::Interest(world.cover.0.clone(), cover::Class::Loan),
        limit: 100 * UNIT,
        ltv: 0,
        max_premium: 10 * UNIT,
        max_rate: 0,
        owner: keeper.address(),
        payer: keeper.address(),
        perils: vec![cover::Peril::Grant],
        route: cover::Route::Repay,
        weeks: 8,
    };
    let loss = cover::Loss {
        amount: UNIT,
        event: 0,
        occurred_at: ledger.now(),
        peril: cover::Peril::Advance,
        rescue: false,
        sources: 3,
    };
    for caller in [keeper, &world.owner] {
        closed(ledger, caller, pool.open(&application));
        closed(ledger, caller, pool.renew(&interest, UNIT, 4, 0, caller));
        closed(
            ledger,
            caller,
            pool.top_up(&interest, caller, UNIT, 0, UNIT),
        );
        closed(ledger, caller, pool.cancel(&interest));
        closed(ledger, caller, pool.pay(&interest, &loss, caller));
        closed(
            ledger,
            caller,
            pool.draw(&interest, UNIT, 400_000, 3, caller),
        );
        closed(ledger, caller, pool.foreclose(&interest, caller, UNIT));
        closed(ledger, caller, pool.pay_bounties(LOANS, caller));
    }
    let unknown = pool
        .finalize_draw(7, UNIT, 400_000, keeper)
        .send(ledger, keeper);
    refused(unknown, CoverError::UnknownClaim as u32, "no such claim");
}

#[test]
fn markets_and_vaults_are_listed_by_the_adapters_owner() {
    let world = world();
    let (ledger, owner, adapter) = (&world.ledger, &world.owner, &world.adapter);
    let lenders = &world.lenders;
    let market = adapter.market(&world.pool.address, &world.collateral.contract);
    let market = market.view(ledger).unwrap().unwrap();
    guarded(ledger, owner, adapter.set_market(&market));
    let terms = lenders::VaultTerms {
        asset: world.usdc.contract.clone(),
        group: DEPOSITS,
        platform: world.pool.address.clone(),
    };
    guarded(ledger, owner, lenders.add_vault(&world.cover.0, &terms));
    let until = ledger.sequence() + 1_000;
    guarded(
        ledger,
        owner,
        adapter.transfer_ownership(&world.keeper, until),
    );
    guarded(
        ledger,
        owner,
        lenders.transfer_ownership(&world.keeper, until),
    );
}

#[test]
fn a_vaults_cover_is_the_vaults_alone() {
    let world = world();
    let vault = world.deploy_vault("vault");
    let (ledger, lenders) = (&world.ledger, &world.lenders);
    let request = lenders::CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![lenders::Peril::Default],
        route: lenders::Route::Repay,
        weeks: 8,
    };
    for caller in [&world.keeper, &world.owner] {
        closed(
            ledger,
            caller,
            lenders.insure_vault(&vault.0, caller, &request),
        );
        closed(
            ledger,
            caller,
            lenders.renew_vault(&vault.0, UNIT, 4, caller),
        );
        closed(ledger, caller, lenders.cancel_vault(&vault.0));
        for peril in [lenders::Peril::Default, lenders::Peril::Contract] {
            let pay = lenders.pay_vault(&vault.0, &peril, UNIT, ledger.now(), caller);
            closed(ledger, caller, pay);
        }
    }
}

#[test]
fn loans_are_changed_by_their_owners() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(adapter::Peril::Advance));
    let stranger = world.funded("stranger", PURSE);
    let (ledger, adapter) = (&world.ledger, &world.adapter);
    for caller in [&stranger, &world.owner] {
        closed(ledger, caller, adapter.top_up(&position.0, UNIT, UNIT));
        closed(ledger, caller, adapter.cancel(&position.0));
        closed(
            ledger,
            caller,
            adapter.insure(&position.0, &request(adapter::Peril::Advance)),
        );
    }
    let listed = adapter.positions_of(&owner).view(ledger).unwrap();
    assert_eq!(
        listed,
        std::slice::from_ref(&position.0),
        "the owner's positions"
    );
    assert_eq!(
        adapter.is_position(&position.0).view(ledger),
        Ok(true),
        "deployed here"
    );
    assert_eq!(
        adapter.is_position(&world.cover.0).view(ledger),
        Ok(false),
        "not deployed here"
    );
}
