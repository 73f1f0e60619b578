//! What the attacks start from: a world with capital and insured loans, and how to read a refusal.

use std::fmt::Debug;

use actuary::{health, Assets, Rate};
use localnet::{
    xdr::{
        InvokeContractArgs, ScAddress, ScSymbol, SorobanAuthorizationEntry,
        SorobanAuthorizedFunction, SorobanAuthorizedInvocation, SorobanCredentials,
    },
    InvokeError, Keypair,
};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, cover_pool as cover, position, Call},
    feeds::Feed,
    world::{Setup, World},
};

pub use adapter::Peril::{Advance, Collateral, Grant, Liquidation};
pub use testkit::scene::{fall, price};

pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const WEEK: u64 = 7 * DAY;

/// What the LP of [`staked`] gives: every cap of a group is a part of it.
pub const CAPITAL: i128 = 2_000_000 * UNIT;

/// A world whose cover pool has capital, and its LP.
pub fn staked(setup: &Setup) -> (World, Keypair) {
    let world = World::new(setup);
    let lp = world.stake("lp", CAPITAL);
    (world, lp)
}

/// The usual setup with only two sources for the collateral.
pub fn two_sources() -> Setup {
    Setup {
        collateral_feeds: vec![Feed::Reflector, Feed::Redstone],
        ..Setup::default()
    }
}

/// A tick box: these perils for eight weeks, repaying.
pub fn request(perils: &[adapter::Peril], limit: i128) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit,
        max_premium: 10_000 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

/// A borrower with `collateral` of the world's collateral asset, and USDC for premiums.
pub fn borrower(world: &World, name: &str, collateral: i128) -> Keypair {
    let borrower = world.funded(name, 20_000 * UNIT);
    let asset = &world.collateral;
    asset.mint(&world.ledger, &borrower.address(), collateral);
    borrower
}

/// A borrower's loan of 8 000 USDC against 10 of the collateral, at 2 000 USDC each: a health factor of 1.78.
pub fn loan(
    world: &World,
    name: &str,
    insure: Option<adapter::CoverRequest>,
) -> (Keypair, position::Client) {
    let borrower = borrower(world, name, 10 * UNIT);
    let opened = world.open_loan(&borrower, 10 * UNIT, 8_000 * UNIT, insure);
    (borrower, opened.unwrap().0)
}

/// What a keeper's attempt to rescue one position comes to.
pub fn rescue(world: &World, position: &position::Client) -> adapter::Outcome {
    let positions = vec![position.0.clone()];
    let call = world.adapter.rescue(&positions, &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What a keeper's attempt to pay one position its grant comes to.
pub fn grant(world: &World, position: &position::Client) -> adapter::Outcome {
    let positions = vec![position.0.clone()];
    let call = world.adapter.grant(&positions, &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// Records the event under way on the pair of collateral and USDC.
pub fn trigger(world: &World) -> Result<(), InvokeError> {
    let pair = (&world.collateral.contract, &world.usdc.contract);
    let sign = localnet::Auth::Sign(&[]);
    let keeper = &world.keeper;
    world
        .ledger
        .call(keeper, &world.hub.address, "trigger", pair, sign)?;
    Ok(())
}

/// What repays a position of the world's market up to the target, at the hub's price.
pub fn needed(world: &World, position: &position::Client) -> i128 {
    let health = world.health(position);
    let loan = health::Loan {
        collateral: Assets::from_raw(health.value),
        debt: Assets::from_raw(health.debt),
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::from_raw(9_500_000),
    };
    loan.repay_to_reach_up(health::TARGET).unwrap().raw()
}

/// What an outcome paid; panics when it did not.
pub fn paid(outcome: &adapter::Outcome) -> i128 {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}

/// The claim that an outcome filed, and its amount; panics when it did not.
pub fn filed(outcome: &adapter::Outcome) -> (u32, i128) {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Filed(claim, amount)) => (*claim, *amount),
        other => panic!("not filed: {other:?}"),
    }
}

/// An outcome that was skipped with the adapter's error.
pub fn skipped(error: adapter::AdapterError) -> adapter::Outcome {
    adapter::Outcome::Skipped(error as u32)
}

/// The insurable interest of a position.
pub fn interest(position: &position::Client) -> cover::Interest {
    cover::Interest(position.0.clone(), cover::Class::Loan)
}

/// The policy of a position.
pub fn policy(world: &World, position: &position::Client) -> cover::Policy {
    let policy = world.cover.policy(&interest(position)).view(&world.ledger);
    policy.unwrap().unwrap()
}

/// The cover pool's books.
pub fn books(world: &World) -> cover::Books {
    world.cover.books().view(&world.ledger).unwrap()
}

/// USDC that somebody holds.
pub fn usdc(world: &World, holder: &ScAddress) -> i128 {
    world.usdc.balance(&world.ledger, holder)
}

/// Asserts that a call failed with this error of a contract, however deep in the call tree.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T, InvokeError>, error: u32, label: &str) {
    let Err(refusal) = result else {
        panic!("{label}: {result:?}");
    };
    let is_named = match &refusal {
        InvokeError::Contract { code, .. } => *code == error,
        other => {
            other.contract_code() == Some(error) || other.to_string().contains(&format!("#{error}"))
        }
    };
    assert!(is_named, "{label}: wanted #{error}, got {refusal}");
}

/// The authorisation that the sender of a call gives by sending it, and no other.
pub fn only_sender<R>(call: &Call<R>) -> SorobanAuthorizationEntry {
    let invocation = InvokeContractArgs {
        contract_address: call.contract.clone(),
        function_name: ScSymbol(call.function.try_into().unwrap()),
        args: call.args.clone().try_into().unwrap(),
    };
    SorobanAuthorizationEntry {
        credentials: SorobanCredentials::SourceAccount,
        root_invocation: SorobanAuthorizedInvocation {
            function: SorobanAuthorizedFunction::ContractFn(invocation),
            sub_invocations: Default::default(),
        },
    }
}

/// Asserts that a call failed for want of a signature.
#[track_caller]
pub fn unauthorised<T: Debug>(result: Result<T, InvokeError>, label: &str) {
    assert!(
        matches!(result, Err(InvokeError::Unauthorized { .. })),
        "{label}: {result:?}"
    );
}
