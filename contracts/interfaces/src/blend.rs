//! Blend v2 as its mainnet contracts speak: the part we call. Source: blend-contracts-v2, `pool/src/contract.rs`.

use soroban_sdk::{contractclient, contracttype, Address, Env, Map, Vec};

/// `Request::request_type`: supply without using it as collateral.
pub const SUPPLY: u32 = 0;
/// `Request::request_type`: withdraw what was supplied without being collateral.
pub const WITHDRAW: u32 = 1;
/// `Request::request_type`: supply as collateral.
pub const SUPPLY_COLLATERAL: u32 = 2;
/// `Request::request_type`: withdraw collateral.
pub const WITHDRAW_COLLATERAL: u32 = 3;
/// `Request::request_type`: borrow.
pub const BORROW: u32 = 4;
/// `Request::request_type`: repay; what exceeds the debt is not taken.
pub const REPAY: u32 = 5;
/// `Request::request_type`: fill a user's liquidation auction; the amount is the percentage.
pub const FILL_USER_LIQUIDATION: u32 = 6;
/// `Request::request_type`: fill a bad-debt auction of the backstop.
pub const FILL_BAD_DEBT: u32 = 7;
/// `Request::request_type`: fill an interest auction of the backstop.
pub const FILL_INTEREST: u32 = 8;
/// `Request::request_type`: delete one's own liquidation auction; the result must be healthy.
pub const DELETE_LIQUIDATION_AUCTION: u32 = 9;

/// `auction_type` of a user's liquidation.
pub const AUCTION_USER_LIQUIDATION: u32 = 0;
/// `auction_type` of the backstop's bad debt.
pub const AUCTION_BAD_DEBT: u32 = 1;

/// Scale of `ReserveData::b_rate` and `d_rate`: 12 decimals.
pub const RATE_SCALE: i128 = 1_000_000_000_000;

/// One step of a `submit`.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// One of the constants above.
    pub request_type: u32,
    /// The asset, or the liquidated account.
    pub address: Address,
    /// In the asset's smallest unit, or a percentage for auctions.
    pub amount: i128,
}

/// What an account holds, by reserve index, in bTokens and dTokens.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    /// dTokens owed.
    pub liabilities: Map<u32, i128>,
    /// bTokens that serve as collateral.
    pub collateral: Map<u32, i128>,
    /// bTokens that do not.
    pub supply: Map<u32, i128>,
}

/// The pool's configuration.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct PoolConfig {
    /// A SEP-40 oracle.
    pub oracle: Address,
    /// Least collateral of a borrower, in the oracle's base asset.
    pub min_collateral: i128,
    /// The backstop's share of interest, 7 decimals.
    pub bstop_rate: u32,
    /// 0 and 1 are active, 2 and 3 on ice, 4 and 5 frozen, 6 set-up.
    pub status: u32,
    /// Most positions an account may hold.
    pub max_positions: u32,
}

/// A reserve's configuration; factors and rates have 7 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ReserveConfig {
    pub index: u32,
    pub decimals: u32,
    pub c_factor: u32,
    pub l_factor: u32,
    pub util: u32,
    pub max_util: u32,
    pub r_base: u32,
    pub r_one: u32,
    pub r_two: u32,
    pub r_three: u32,
    pub reactivity: u32,
    pub supply_cap: i128,
    pub enabled: bool,
}

/// A reserve's state; `b_rate` and `d_rate` have 12 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ReserveData {
    pub d_rate: i128,
    pub b_rate: i128,
    pub ir_mod: i128,
    pub b_supply: i128,
    pub d_supply: i128,
    pub backstop_credit: i128,
    pub last_time: u64,
}

/// A reserve, accrued to now by `get_reserve`.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// The underlying asset.
    pub asset: Address,
    /// Its configuration.
    pub config: ReserveConfig,
    /// Its state.
    pub data: ReserveData,
    /// 10^decimals of the underlying asset.
    pub scalar: i128,
}

/// An auction: what the filler pays and gets, and the ledger it began at.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct AuctionData {
    /// What the filler takes over or pays.
    pub bid: Map<Address, i128>,
    /// What the filler receives.
    pub lot: Map<Address, i128>,
    /// The ledger the auction begins at.
    pub block: u32,
}

/// The state of a pool's backstop.
#[contracttype]
#[derive(Clone, Debug, PartialEq)]
pub struct PoolBackstopData {
    /// Backstop (LP) tokens held.
    pub tokens: i128,
    /// Shares issued.
    pub shares: i128,
    /// Part queued to leave, 7 decimals.
    pub q4w_pct: i128,
    /// BLND held through the LP tokens.
    pub blnd: i128,
    /// USDC held through the LP tokens.
    pub usdc: i128,
    /// Price of an LP token in USDC, 7 decimals.
    pub token_spot_price: i128,
}

/// A Blend v2 lending pool.
#[contractclient(name = "BlendPoolClient")]
pub trait BlendPool {
    /// Run `requests` on `from`'s positions; `spender` pays, `to` receives. Both `from` and `spender` authorise.
    fn submit(
        env: Env,
        from: Address,
        spender: Address,
        to: Address,
        requests: Vec<Request>,
    ) -> Positions;
    /// What an account holds.
    fn get_positions(env: Env, address: Address) -> Positions;
    /// A reserve, accrued to now.
    fn get_reserve(env: Env, asset: Address) -> Reserve;
    /// The reserves' assets, by index.
    fn get_reserve_list(env: Env) -> Vec<Address>;
    /// The pool's configuration.
    fn get_config(env: Env) -> PoolConfig;
    /// An open auction; traps when there is none.
    fn get_auction(env: Env, auction_type: u32, user: Address) -> AuctionData;
    /// Move the debt of an account without collateral to the backstop, or default the backstop's.
    fn bad_debt(env: Env, user: Address);
    /// Start an auction.
    fn new_auction(
        env: Env,
        auction_type: u32,
        user: Address,
        bid: Vec<Address>,
        lot: Vec<Address>,
        percent: u32,
    ) -> AuctionData;
    /// Delete a stale auction.
    fn del_auction(env: Env, auction_type: u32, user: Address);
    /// Claim `from`'s emissions to `to`. Token ids are twice the reserve's index for dTokens, and one more for bTokens.
    fn claim(env: Env, from: Address, reserve_token_ids: Vec<u32>, to: Address) -> i128;
}

/// Blend's backstop.
#[contractclient(name = "BackstopClient")]
pub trait Backstop {
    /// The state of a pool's backstop.
    fn pool_data(env: Env, pool: Address) -> PoolBackstopData;
}
