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

/// What liquidations took of a position and is not settled.
#[contracttype]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Collateral, in bTokens.
    pub collateral: i128,
    /// Debt, in dTokens.
    pub debt: i128,
    /// The hub's price of the pair at the owner's last action before the first of them, or a lower one later.
    pub price: i128,
    /// The look before the first of them.
    pub began_at: u64,
    /// The look that saw the last of them.
    pub seen_at: u64,
}

/// What a position remembers while liquidations of it are insured: its platform tells nobody when it liquidates.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// What it held at the last look, in bTokens of collateral.
    pub collateral: i128,
    /// What it owed at the last look, in dTokens.
    pub debt: i128,
    /// When that was.
    pub looked_at: u64,
    /// The hub's price of the pair when its owner last raised the risk: opened or insured the loan, borrowed, took
    /// collateral out. One whole token of collateral in whole tokens of the debt asset, 14 decimals; 0: the hub had none.
    pub price: i128,
    /// What is missing and is not settled.
    pub taken: Taken,
}

/// An insured loan account. Amounts are in the smallest unit of the asset they are of.
///
/// While an advance is owed, a claim is open, or an event is under way on an insured position, what takes value out
/// (`borrow`, `withdraw`, `close`, `sweep`) fails with the adapter's code; else it may go up to the rated LTV.
///
/// A position that is watched looks at what it holds before each change that it makes, and remembers what it holds after
/// it. Nothing else changes what it holds but a liquidation, so what is missing at a look was taken by one; a look that finds no
/// collateral left forgets it all, since that is the lenders' loss.
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
    /// Send the owner what the position holds of both assets outside the platform, if they can receive it. The adapter, before a
    /// foreclosure makes it somebody else's.
    fn hand_back(env: Env);
    /// Make `owner` the owner, with all that the position holds. The adapter, when its owner assigns it with its cover, or in a
    /// foreclosure by assignment.
    fn assign(env: Env, owner: Address);
    /// Hand `amount` of the collateral to `to`; the hub's price of the pair is `price` now, 0 without one. The adapter, when the owner
    /// surrenders it.
    fn surrender(env: Env, amount: i128, to: Address, price: i128);
    /// Begin to watch for liquidations, with the hub's price of the pair; what was taken before is forgotten. The adapter, when
    /// it insures them.
    fn watch(env: Env, price: i128);
    /// Look what liquidations have taken since the last look. Anyone. Returns what is remembered; none if it is not watched.
    fn look(env: Env) -> Option<Watch>;
    /// Forget what was taken. The adapter, once it is settled.
    fn forget(env: Env);

    /// What this position is. Anyone.
    fn account(env: Env) -> Account;
    /// Whom it listens to. Anyone.
    fn links(env: Env) -> Links;
}
