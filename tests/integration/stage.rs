//! What the tests start from: a world with capital, borrowers with insured loans, and how to read a refusal.

use std::fmt::Debug;

use actuary::{
    health::{Loan, TARGET},
    Assets, Rate,
};
use localnet::{
    xdr::{
        InvokeContractArgs, ScAddress, ScSymbol, SorobanAuthorizationEntry,
        SorobanAuthorizedFunction, SorobanAuthorizedInvocation, SorobanCredentials,
    },
    Auth, FromScVal, InvokeError, Keypair, Ledger,
};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, cover_pool as cover, position, Call},
    scene,
    world::{Setup, World, LOANS},
};

pub use testkit::{
    bindings::{blend_adapter::AdapterError, cover_pool::CoverError},
    scene::{fall, price, COLLATERAL, LIMIT},
};

pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const WEEK: u64 = 7 * DAY;

/// What the LP of [`world`] stakes.
pub const CAPITAL: i128 = 2_000_000 * UNIT;
/// What a usual loan owes: 8 000 USDC against 10 at 2 000 USDC, a health factor of 1.78.
pub const DEBT: i128 = 8_000 * UNIT;
/// What a borrower has for premiums.
pub const PURSE: i128 = 10_000 * UNIT;
/// Base rates of the world's group of loans.
pub const BASES: [(cover::Peril, u32); 2] = [
    (cover::Peril::Advance, 150_000),
    (cover::Peril::Grant, 1_200_000),
];

/// A world whose cover pool has capital.
pub fn world() -> World {
    staked(&Setup::default(), CAPITAL)
}

/// A world of this setup whose LP staked `capital`.
pub fn staked(setup: &Setup, capital: i128) -> World {
    let world = World::new(setup);
    world.stake("lp", capital);
    world
}

/// A tick box: this peril at [`LIMIT`] for eight weeks, repaying.
pub fn request(peril: adapter::Peril) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: vec![peril],
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

/// A borrower with [`COLLATERAL`] and [`PURSE`].
pub fn applicant(world: &World, name: &str) -> Keypair {
    scene::applicant(world, name, PURSE)
}

/// A borrower and their insured loan.
pub fn insured(
    world: &World,
    name: &str,
    request: adapter::CoverRequest,
) -> (Keypair, position::Client, adapter::Quote) {
    let owner = applicant(world, name);
    let opened = world.open_loan(&owner, COLLATERAL, DEBT, Some(request));
    let (position, quote) = opened.unwrap();
    (owner, position, quote.unwrap())
}

/// The usual loan.
pub fn loan(world: &World) -> adapter::Loan {
    adapter::Loan {
        collateral: COLLATERAL,
        collateral_asset: world.collateral.contract.clone(),
        debt: DEBT,
        platform: world.pool.address.clone(),
    }
}

/// Confirms the base rates of loans, without which nothing is sold after a week.
pub fn confirm_bases(world: &World) {
    for (peril, base) in BASES {
        let call = world.cover.set_base(LOANS, &peril, base);
        call.send(&world.ledger, &world.owner).unwrap();
    }
}

/// Lets the cover pool take up to `amount` from `payer`.
pub fn allow(world: &World, payer: &Keypair, amount: i128) {
    let until = world.ledger.sequence() + 2_000_000;
    let args = (payer, &world.cover.0, amount, until);
    let token = &world.usdc.contract;
    let sign = Auth::Sign(&[]);
    world
        .ledger
        .call(payer, token, "approve", args, sign)
        .unwrap();
}

/// What a keeper's attempt to rescue one position comes to.
pub fn rescue(world: &World, position: &position::Client) -> adapter::Outcome {
    let call = world
        .adapter
        .rescue(&vec![position.0.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What a keeper's attempt to pay one position its grant comes to.
pub fn grant(world: &World, position: &position::Client) -> adapter::Outcome {
    let call = world
        .adapter
        .grant(&vec![position.0.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What `actuary` says that a position of the world's market needs to reach the target, at the hub's price.
pub fn needed(world: &World, position: &position::Client) -> i128 {
    let health = world.health(position);
    let loan = Loan {
        collateral: Assets::from_raw(health.value),
        debt: Assets::from_raw(health.debt),
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::from_raw(9_500_000),
    };
    loan.repay_to_reach_up(TARGET).unwrap().raw()
}

/// What an outcome paid at once.
#[track_caller]
pub fn paid(outcome: &adapter::Outcome) -> i128 {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}

/// The claim that an outcome filed, and its amount.
#[track_caller]
pub fn filed(outcome: &adapter::Outcome) -> (u32, i128) {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Filed(claim, amount)) => (*claim, *amount),
        other => panic!("not filed: {other:?}"),
    }
}

/// A position's insurable interest.
pub fn interest(position: &position::Client) -> cover::Interest {
    cover::Interest(position.0.clone(), cover::Class::Loan)
}

/// A position's policy.
#[track_caller]
pub fn policy(world: &World, position: &position::Client) -> cover::Policy {
    world.policy(position).unwrap()
}

/// The cover pool's books.
pub fn books(world: &World) -> cover::Books {
    world.cover.books().view(&world.ledger).unwrap()
}

/// USDC that somebody holds.
pub fn usdc(world: &World, holder: &Keypair) -> i128 {
    usdc_of(world, &holder.address())
}

/// USDC at an address.
pub fn usdc_of(world: &World, holder: &ScAddress) -> i128 {
    world.usdc.balance(&world.ledger, holder)
}

/// Asserts that a call was refused with this code, by whichever contract of its tree.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T, InvokeError>, code: u32, label: &str) {
    match result {
        Err(error) => assert_eq!(error.contract_code(), Some(code), "{label}: {error}"),
        Ok(value) => panic!("{label}: not refused, {value:?}"),
    }
}

/// Asserts that a call failed for want of a signature.
#[track_caller]
pub fn unauthorised<T: Debug>(result: Result<T, InvokeError>, label: &str) {
    let is_unauthorised = matches!(result, Err(InvokeError::Unauthorized { .. }));
    assert!(is_unauthorised, "{label}: {result:?}");
}

/// Asserts that a call succeeds with `signer`'s signature and fails without it; leaves the ledger as it was.
#[track_caller]
pub fn guarded<R: FromScVal + Debug + Clone>(ledger: &Ledger, signer: &Keypair, call: Call<R>) {
    let before = ledger.snapshot();
    let stranger = Keypair::named("keeper");
    unauthorised(call.clone().send(ledger, &stranger), call.function);
    let accepted = call.clone().send_signed(ledger, &stranger, &[signer]);
    if let Err(error) = accepted {
        panic!("{} with the signature: {error}", call.function);
    }
    ledger.restore(&before);
}

/// Asserts that a call is not `caller`'s to make: they sign it, nothing beyond it, and nobody else signs.
#[track_caller]
pub fn closed<R: FromScVal + Debug>(ledger: &Ledger, caller: &Keypair, call: Call<R>) {
    let (function, own) = (call.function, only_sender(&call));
    unauthorised(
        call.outcome(ledger, caller, Auth::Explicit(&[own])),
        function,
    );
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
