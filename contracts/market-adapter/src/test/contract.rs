//! Who may call what: one accept and one reject for every protected entry, with exact authorisation trees.

use interfaces::cover::Peril;
use soroban_sdk::testutils::{Address as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal, Val, Vec};
use stellar_contract_utils::upgradeable::UpgradeableClient;

use super::{signed, World, DAY, HOUR, UNIT};

/// A call of a contract, with those inside it that need the same signature.
fn call<'a>(
    contract: &'a Address,
    name: &'a str,
    args: Vec<Val>,
    nested: &'a [MockAuthInvoke<'a>],
) -> MockAuthInvoke<'a> {
    MockAuthInvoke {
        contract,
        fn_name: name,
        args,
        sub_invokes: nested,
    }
}

/// Signs exactly these calls as `who`, and nothing else.
fn sign(world: &World, who: &Address, invokes: &[MockAuthInvoke]) {
    let auths: std::vec::Vec<_> = invokes
        .iter()
        .map(|invoke| MockAuth {
            address: who,
            invoke,
        })
        .collect();
    world.env.mock_auths(&auths);
}

/// Whether `f` succeeds with the signature of a stranger, and with that of who may.
fn with_signatures(
    world: &World,
    who: &Address,
    invokes: &[MockAuthInvoke],
    f: impl Fn() -> bool,
) -> [bool; 2] {
    let stranger = Address::generate(&world.env);
    [&stranger, who].map(|signer| {
        sign(world, signer, invokes);
        f()
    })
}

#[test]
fn platforms_are_the_owners_to_list_and_the_code_to_change() {
    let world = World::unlisted();
    let (env, adapter) = (&world.env, &world.adapter.address);
    let market = world.market();
    let list = [call(
        adapter,
        "set_market",
        (market.clone(),).into_val(env),
        &[],
    )];
    let listed = with_signatures(&world, &world.owner, &list, || {
        world.adapter.try_set_market(&market).is_ok()
    });
    assert_eq!(listed, [false, true], "list");
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/contracts/position.wasm"
    );
    let code = std::fs::read(path).expect("compiled contracts: `make wasm`");
    let wasm = env.deployer().upload_contract_wasm(code.as_slice());
    let args = (&wasm, &world.owner).into_val(env);
    let upgrade = [call(adapter, "upgrade", args, &[])];
    let upgradeable = UpgradeableClient::new(env, adapter);
    let upgraded = with_signatures(&world, &world.owner, &upgrade, || {
        upgradeable.try_upgrade(&wasm, &world.owner).is_ok()
    });
    assert_eq!(upgraded, [false, true], "upgrade");
}

#[test]
fn ownership_passes_only_to_who_accepts_it() {
    let world = World::unlisted();
    let (env, adapter, heir) = (
        &world.env,
        &world.adapter.address,
        Address::generate(&world.env),
    );
    let until = env.ledger().sequence() + 100;
    let offer = [call(
        adapter,
        "transfer_ownership",
        (&heir, until).into_val(env),
        &[],
    )];
    let offered = with_signatures(&world, &world.owner, &offer, || {
        world.adapter.try_transfer_ownership(&heir, &until).is_ok()
    });
    assert_eq!(offered, [false, true], "offered");
    assert_eq!(
        world.adapter.get_owner(),
        Some(world.owner.clone()),
        "still"
    );
    let accept = [call(adapter, "accept_ownership", ().into_val(env), &[])];
    let accepted = with_signatures(&world, &heir, &accept, || {
        world.adapter.try_accept_ownership().is_ok()
    });
    assert_eq!(accepted, [false, true], "accepted");
    assert_eq!(world.adapter.get_owner(), Some(heir), "then");
}

#[test]
fn a_payer_signs_the_premium_and_the_platform_calls() {
    let world = World::new();
    let (env, loan) = (&world.env, world.loan());
    let request = world.request(&[Peril::Default]);
    let payer = &world.borrower;
    let args = (payer, &world.pool.address, request.max_premium).into_val(env);
    let transfer = [call(&world.asset.address, "transfer", args, &[])];
    let platform = &world.platform.address;
    let args = || (&loan, payer, request.clone()).into_val(env);
    let insure = || world.platform.try_insure(&loan, payer, &request).is_ok();
    let unpaid = [call(platform, "insure", args(), &[])];
    sign(&world, payer, &unpaid);
    assert!(!insure(), "without the transfer");
    let paid = [call(platform, "insure", args(), &transfer)];
    let insured = with_signatures(&world, payer, &paid, insure);
    assert_eq!(insured, [false, true], "insured");
}

#[test]
fn a_platform_alone_tells_the_facts_of_its_loans() {
    let world = World::new();
    let (env, adapter, platform) = (&world.env, &world.adapter, &world.platform.address);
    let loan = world.insured(&[Peril::Default]);
    let (facts, request) = (world.facts(), world.request(&[Peril::Default]));
    let fresh = Address::generate(env);
    let payer = &world.borrower;
    let insure = || {
        adapter
            .try_insure(platform, &fresh, &facts, payer, &request)
            .is_ok()
    };
    let args = (payer, &world.pool.address, request.max_premium).into_val(env);
    let transfer = [call(&world.asset.address, "transfer", args, &[])];
    sign(&world, payer, &transfer);
    assert!(!insure(), "the payer alone");
    assert!(
        adapter.try_exit_refusal(platform, &loan, &facts).is_err(),
        "a stranger asks"
    );
    assert_eq!(world.platform.change(&loan, &facts), 0, "the platform asks");
    let liquidation = world.liquidation(&loan, 1, 0);
    let settled = adapter.try_settle_liquidation(platform, &loan, &liquidation, &world.keeper);
    assert!(settled.is_err(), "a stranger settles");
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert!(settled.is_some(), "the platform settles");
}

#[test]
fn a_policys_owner_tops_up_and_cancels() {
    let world = World::new();
    let (env, adapter, owner) = (&world.env, &world.adapter.address, &world.borrower);
    let loan = world.insured(&[Peril::Default]);
    let (more, most) = (10 * UNIT, 20 * UNIT);
    let args = (owner, &world.pool.address, most).into_val(env);
    let transfer = [call(&world.asset.address, "transfer", args, &[])];
    let args = (&loan, more, most).into_val(env);
    let top_up = [call(adapter, "top_up", args, &transfer)];
    let sold = with_signatures(&world, owner, &top_up, || {
        world.adapter.try_top_up(&loan, &more, &most).is_ok()
    });
    assert_eq!(sold, [false, true], "top up");
    world.watch(8 * DAY);
    let interest = adjuster::policy::loan_interest(&loan);
    let nested = [call(
        &world.pool.address,
        "cancel",
        (interest,).into_val(env),
        &[],
    )];
    let cancel = [call(adapter, "cancel", (&loan,).into_val(env), &nested)];
    let cancelled = with_signatures(&world, owner, &cancel, || {
        world.adapter.try_cancel(&loan).is_ok()
    });
    assert_eq!(cancelled, [false, true], "cancel");
}

#[test]
fn a_policys_owner_renews_at_another_limit() {
    let world = World::new();
    let (env, adapter, owner) = (&world.env, &world.adapter.address, &world.borrower);
    let loan = world.insured(&[Peril::Default]);
    signed(env, || {
        let until = env.ledger().sequence() + 100_000;
        let pool = &world.pool.address;
        world.asset.approve(owner, pool, &(100 * UNIT), &until)
    });
    world.watch(world.policy(&loan).end - DAY - world.now());
    let args = (&loan, 400 * UNIT, 4_u32, &world.keeper).into_val(env);
    let renew = [call(adapter, "renew", args, &[])];
    let renewed = with_signatures(&world, owner, &renew, || {
        world
            .adapter
            .try_renew(&loan, &(400 * UNIT), &4, &world.keeper)
            .is_ok()
    });
    assert_eq!(renewed, [false, true], "renew");
}

#[test]
fn a_loans_owner_surrenders_its_collateral() {
    let world = World::new();
    let (env, adapter, owner) = (&world.env, &world.adapter.address, &world.borrower);
    let loan = world.insured(&[Peril::Collateral]);
    world.set_price(185);
    world.watch(7 * HOUR);
    let (amount, least) = (100 * UNIT, 190 * UNIT);
    let args = (&loan, amount, least).into_val(env);
    let surrender = [call(adapter, "surrender", args, &[])];
    let surrendered = with_signatures(&world, owner, &surrender, || {
        world.adapter.try_surrender(&loan, &amount, &least).is_ok()
    });
    assert_eq!(surrendered, [false, true], "surrender");
}

#[test]
fn a_payer_signs_for_the_lenders_cover() {
    let world = World::new();
    let (env, adapter, payer) = (&world.env, &world.adapter.address, &world.borrower);
    let platform = &world.platform.address;
    let request = world.request(&[Peril::Contract]);
    let args = (payer, &world.pool.address, request.max_premium).into_val(env);
    let transfer = [call(&world.asset.address, "transfer", args, &[])];
    let args = (platform, payer, request.clone()).into_val(env);
    let insure = [call(adapter, "insure_lenders", args, &transfer)];
    let insured = with_signatures(&world, payer, &insure, || {
        world
            .adapter
            .try_insure_lenders(platform, payer, &request)
            .is_ok()
    });
    assert_eq!(insured, [false, true], "lenders");
}

#[test]
fn a_foreclosure_is_signed_by_its_payer() {
    let world = World::new();
    let (env, adapter) = (&world.env, &world.adapter.address);
    let loan = world.insured(&[Peril::Advance]);
    for price in [138, 104] {
        world.set_price(price);
        world.watch(HOUR);
        let _ = world.rescue(&loan);
    }
    world.adapter.start_foreclosure(&loan);
    world.watch(HOUR / 4);
    let payer = Address::generate(env);
    world.mint(&world.asset, &payer, 10_000 * UNIT);
    let (pay_max, bid) = (900 * UNIT, 200 * UNIT);
    let to = |to: &Address, amount: i128| (&payer, to, amount).into_val(env);
    let asset = &world.asset.address;
    let transfers = [
        call(asset, "transfer", to(&world.platform.address, pay_max), &[]),
        call(asset, "transfer", to(adapter, bid), &[]),
    ];
    let args = (&loan, &payer, pay_max, bid).into_val(env);
    let foreclose = [call(adapter, "foreclose", args, &transfers)];
    let foreclosed = with_signatures(&world, &payer, &foreclose, || {
        world
            .adapter
            .try_foreclose(&loan, &payer, &pay_max, &bid)
            .is_ok()
    });
    assert_eq!(foreclosed, [false, true], "foreclose");
}

#[test]
fn the_adapter_tells_what_it_is_built_on() {
    let world = World::new();
    let config = world.adapter.config();
    assert_eq!(config.cover_pool, world.pool.address, "pool");
    assert_eq!(config.price_hub, world.hub.address, "hub");
    assert_eq!(
        config.salvage,
        Some(world.salvage.address.clone()),
        "salvage"
    );
}
