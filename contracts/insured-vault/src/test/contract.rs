use soroban_sdk::testutils::{Address as _, MockAuthInvoke};
use soroban_sdk::{Address, IntoVal};

use super::{call_as, World, UNIT};

/// The smallest wasm the host takes for a contract: nothing but the protocol it is built for, 28.
const EMPTY_WASM: &[u8] = b"\0asm\x01\0\0\0\0\x1e\x11contractenvmetav0\0\0\0\0\0\0\0\x1c\0\0\0\0";

fn world() -> (World, Address, Address) {
    let (world, lender) = World::insured(100 * UNIT);
    world.env.set_auths(&[]);
    let stranger = Address::generate(&world.env);
    (world, lender, stranger)
}

#[test]
fn a_depositor_signs_the_deposit_and_in_it_the_transfer() {
    let (world, _, stranger) = world();
    let (lender, assets) = (world.funded(UNIT), UNIT);
    let transfer = MockAuthInvoke {
        contract: &world.asset.address,
        fn_name: "transfer",
        args: (&lender, &world.vault.address, assets).into_val(&world.env),
        sub_invokes: &[],
    };
    let below = [transfer];
    let stolen = call_as!(
        world,
        &stranger,
        try_deposit(assets, stranger, lender, stranger),
        &below
    );
    assert!(stolen.is_err(), "somebody else's money");
    let unsigned = call_as!(world, &lender, try_deposit(assets, lender, lender, lender));
    assert!(unsigned.is_err(), "without the transfer");
    let shares = call_as!(
        world,
        &lender,
        deposit(assets, lender, lender, lender),
        &below
    );
    assert_eq!(world.vault.balance(&lender), shares, "deposited");
}

#[test]
fn minting_is_signed_like_a_deposit() {
    let (world, _, stranger) = world();
    let (lender, shares) = (world.funded(UNIT), UNIT);
    let assets = world.vault.preview_mint(&shares);
    let transfer = MockAuthInvoke {
        contract: &world.asset.address,
        fn_name: "transfer",
        args: (&lender, &world.vault.address, assets).into_val(&world.env),
        sub_invokes: &[],
    };
    let below = [transfer];
    let stolen = call_as!(
        world,
        &stranger,
        try_mint(shares, stranger, lender, stranger),
        &below
    );
    assert!(stolen.is_err(), "somebody else's money");
    call_as!(world, &lender, mint(shares, lender, lender, lender), &below);
    assert_eq!(world.vault.balance(&lender), shares, "minted");
}

#[test]
fn only_its_holder_redeems_a_share() {
    let (world, lender, stranger) = world();
    let shares = 1_000 * UNIT;
    let stolen = call_as!(
        world,
        &stranger,
        try_redeem(shares, stranger, lender, lender)
    );
    assert!(stolen.is_err(), "in the holder's name");
    let stolen = call_as!(
        world,
        &stranger,
        try_redeem(shares, stranger, lender, stranger)
    );
    assert!(stolen.is_err(), "as an operator without an allowance");
    assert_eq!(
        call_as!(world, &lender, redeem(shares, lender, lender, lender)),
        UNIT,
        "redeemed"
    );
}

#[test]
fn only_its_holder_withdraws() {
    let (world, lender, stranger) = world();
    let assets = UNIT;
    let stolen = call_as!(
        world,
        &stranger,
        try_withdraw(assets, stranger, lender, lender)
    );
    assert!(stolen.is_err(), "in the holder's name");
    call_as!(world, &lender, withdraw(assets, lender, lender, lender));
    assert_eq!(world.asset.balance(&lender), UNIT, "withdrawn");
}

#[test]
fn only_its_holder_transfers_and_approves_shares() {
    let (world, lender, stranger) = world();
    let (shares, until) = (UNIT, 100_u32);
    assert!(
        call_as!(world, &stranger, try_transfer(lender, stranger, shares)).is_err(),
        "stolen"
    );
    assert!(
        call_as!(
            world,
            &stranger,
            try_approve(lender, stranger, shares, until)
        )
        .is_err(),
        "approved"
    );
    call_as!(world, &lender, transfer(lender, stranger, shares));
    assert_eq!(world.vault.balance(&stranger), shares, "given");
}

#[test]
fn only_the_owner_invests_and_divests() {
    let (world, _, stranger) = world();
    let (owner, assets) = (world.owner.clone(), UNIT);
    assert!(
        call_as!(world, &stranger, try_divest(assets)).is_err(),
        "divest by a stranger"
    );
    call_as!(world, &owner, divest(assets));
    assert_eq!(world.state().cash, UNIT + 1, "divested");
    assert!(
        call_as!(world, &stranger, try_invest(assets)).is_err(),
        "invest by a stranger"
    );
    call_as!(world, &owner, invest(assets));
    assert_eq!(world.state().cash, 1, "invested");
}

#[test]
fn only_the_owner_insures_and_cancels() {
    let (world, _, stranger) = world();
    let owner = world.owner.clone();
    assert!(
        call_as!(world, &stranger, try_cancel()).is_err(),
        "cancel by a stranger"
    );
    assert!(
        call_as!(world, &owner, try_cancel()).is_ok(),
        "cancel by the owner"
    );
    let (payer, mut request) = (world.vault.address.clone(), world.request(10 * UNIT));
    request.max_premium = 2 * UNIT;
    assert!(
        call_as!(world, &stranger, try_insure(payer, request)).is_err(),
        "insure by a stranger"
    );
    assert!(
        call_as!(world, &owner, try_insure(payer, request)).is_ok(),
        "insure by the owner"
    );
}

#[test]
fn an_owner_who_pays_signs_once() {
    let (world, _, _) = world();
    let (owner, request) = (world.owner.clone(), world.request(10 * UNIT));
    call_as!(world, &owner, cancel());
    world.mint(&owner, 10 * UNIT);
    let transfer = MockAuthInvoke {
        contract: &world.asset.address,
        fn_name: "transfer",
        args: (&owner, &world.pool.address, request.max_premium).into_val(&world.env),
        sub_invokes: &[],
    };
    let below = [transfer];
    assert!(
        call_as!(world, &owner, try_insure(owner, request), &below).is_ok(),
        "insured"
    );
}

#[test]
fn anyone_settles_and_renews_without_a_signature() {
    let (world, _, _) = world();
    world.set_rate(9_000_000);
    assert_eq!(world.vault.settle(&world.owner), 95_000_000, "settled");
    assert!(world.env.auths().is_empty(), "nobody signed");
}

#[test]
fn only_the_owner_upgrades() {
    let (world, _, stranger) = world();
    let owner = world.owner.clone();
    let wasm = world.env.deployer().upload_contract_wasm(EMPTY_WASM);
    assert!(
        call_as!(world, &stranger, try_upgrade(wasm, stranger)).is_err(),
        "stranger"
    );
    assert!(
        call_as!(world, &owner, try_upgrade(wasm, owner)).is_ok(),
        "owner"
    );
}

#[test]
fn ownership_moves_when_the_owner_offers_and_the_other_accepts() {
    let (world, _, heir) = world();
    let owner = world.owner.clone();
    let (until, assets) = (world.env.ledger().sequence() + 100, UNIT);
    assert!(
        call_as!(world, &heir, try_transfer_ownership(heir, until)).is_err(),
        "taken"
    );
    call_as!(world, &owner, transfer_ownership(heir, until));
    call_as!(world, &heir, accept_ownership());
    assert!(
        call_as!(world, &owner, try_divest(assets)).is_err(),
        "old owner"
    );
    assert!(
        call_as!(world, &heir, try_divest(assets)).is_ok(),
        "new owner"
    );
}
