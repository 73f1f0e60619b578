//! An insured loan account: what its owner, the cover pool and the adapter call on it.

use soroban_sdk::{contractclient, contracttype, Address, Env, Symbol, Val, Vec};

/// A call on the lending platform that spends the payer's tokens; the payer authorises exactly this.
#[contracttype]
#[derive(Clone, Debug)]
pub struct PlatformCall {
    /// The lending platform, which also receives the tokens.
    pub contract: Address,
    /// Its function.
    pub function: Symbol,
    /// Its arguments.
    pub args: Vec<Val>,
    /// Whether it deletes a liquidation auction on the way.
    pub deletes_auction: bool,
}

/// What a position is: fixed for life, but for its owner.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The borrower.
    pub owner: Address,
    /// The lending platform.
    pub platform: Address,
    /// The collateral asset.
    pub collateral: Address,
    /// The debt asset; equal to the pool's settlement asset.
    pub debt: Address,
}

/// Whom a position listens to and asks: fixed for life.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The adapter that deployed it.
    pub adapter: Address,
    /// The cover pool that rescues it.
    pub cover_pool: Address,
    /// The price hub that bounds what collateral may cost.
    pub price_hub: Address,
    /// The exchange where collateral is bought; without one, rescues repay.
    pub exchange: Option<Address>,
}

/// An insured loan account. Amounts are in the smallest unit of the asset they are of.
///
/// While an advance is owed, a claim is open, or an event is under way on an insured position, what takes value out
/// (`borrow`, `withdraw`, `close`, `sweep`) fails with the adapter's code; else it may go up to the rated LTV.
#[contractclient(name = "PositionClient")]
pub trait Position {
    /// Supply `amount` of collateral from the owner. The owner.
    fn supply(env: Env, amount: i128);
    /// Borrow `amount` to `to`. The owner.
    fn borrow(env: Env, amount: i128, to: Address);
    /// Withdraw `amount` of collateral to `to`, at most all of it. The owner.
    fn withdraw(env: Env, amount: i128, to: Address);
    /// Repay the whole debt with at most `pay_max` from the owner, and hand all collateral to them. The owner.
    fn close(env: Env, pay_max: i128);
    /// Claim the platform's emissions to `to`. The owner. Returns the amount.
    fn claim_emissions(env: Env, to: Address) -> i128;
    /// Hand what the position holds of `token` itself, outside the platform, to `to`. The owner. Returns the amount.
    fn sweep(env: Env, token: Address, to: Address) -> i128;

    /// The call with which `repay` or `rescue` will spend `payer`'s tokens. Anyone.
    fn repay_call(env: Env, payer: Address, amount: i128) -> PlatformCall;
    /// Repay `amount` of the debt from `payer`, deleting an open liquidation auction on the way; what exceeds the debt
    /// comes back. The payer: the cover pool, the owner, or anyone who pays.
    fn repay(env: Env, payer: Address, amount: i128);
    /// Make the call that `repay_call` has just told the cover pool, without looking for the auction again. The cover pool.
    fn rescue(env: Env, amount: i128, deletes_auction: bool);
    /// Buy collateral with `amount` of the debt asset that the position has just been sent, at no worse than 99 % of the
    /// hub's price, and deposit it; what the exchange cannot meet repays debt instead. The cover pool. Returns the
    /// collateral bought, 0 when debt was repaid.
    fn buy_collateral(env: Env, amount: i128) -> i128;

    /// Supply `collateral` from the owner and borrow `debt` to the owner. The adapter, when it opens the loan.
    fn open(env: Env, collateral: i128, debt: i128);
    /// Borrow `amount` to the adapter, to pay an advance back. The adapter.
    fn refinance(env: Env, amount: i128);
    /// Repay up to `pay_max` from `payer` and hand `take` of the collateral to them. The adapter, in a foreclosure.
    fn foreclose(env: Env, payer: Address, pay_max: i128, take: i128);
    /// Make `owner` the owner. The adapter, in a foreclosure by assignment.
    fn assign(env: Env, owner: Address);

    /// What this position is. Anyone.
    fn account(env: Env) -> Account;
    /// Whom it listens to. Anyone.
    fn links(env: Env) -> Links;
}
