//! What is read of Blend's answers; of the cover pool's and the hub's it is `adjuster::answers`. The host drops the fields
//! that are not named here, which keeps a contract small; the whole types are in `interfaces`.

use interfaces::price::{Asset, PriceData};
use soroban_sdk::{contractclient, contracttype, Address, Env, Map, Val};

/// Of `interfaces::blend::PoolConfig`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformConfig {
    /// A SEP-40 oracle.
    pub oracle: Address,
    /// 0 and 1 are active.
    pub status: u32,
}

/// Of `interfaces::blend::ReserveConfig`; factors and rates have 7 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveConfig {
    /// Its number on the platform.
    pub index: u32,
    /// Decimals of the asset.
    pub decimals: u32,
    /// c, the part of a collateral's value that counts.
    pub c_factor: u32,
    /// l, which a debt is divided by.
    pub l_factor: u32,
    /// Target utilisation.
    pub util: u32,
    /// Rate at no use.
    pub r_base: u32,
    /// What it gains up to the target.
    pub r_one: u32,
    /// What it gains up to 95 %.
    pub r_two: u32,
    /// What it gains beyond.
    pub r_three: u32,
    /// Whether it takes supply and lends.
    pub enabled: bool,
}

/// Of `interfaces::blend::ReserveData`; rates have 12 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveData {
    /// What a dToken owes.
    pub d_rate: i128,
    /// What a bToken is worth.
    pub b_rate: i128,
    /// Modifier of the rate, 7 decimals.
    pub ir_mod: i128,
    /// All bTokens.
    pub b_supply: i128,
    /// All dTokens.
    pub d_supply: i128,
    /// What is owed to the backstop.
    pub backstop_credit: i128,
}

/// Of `interfaces::blend::Reserve`, accrued to now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// Its configuration.
    pub config: ReserveConfig,
    /// Its state.
    pub data: ReserveData,
}

/// Of `interfaces::blend::PoolBackstopData`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackstopData {
    /// BLND held through the LP tokens.
    pub blnd: i128,
    /// USDC held through the LP tokens.
    pub usdc: i128,
}

/// Of `interfaces::blend::Positions`: what an account holds, by the numbers of the reserves.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Positions {
    /// dTokens.
    pub liabilities: Map<u32, i128>,
    /// bTokens that secure them.
    pub collateral: Map<u32, i128>,
}

/// Of Blend, its backstop and its oracle.
#[contractclient(name = "PlatformClient")]
#[allow(dead_code)]
trait Platform {
    /// A reserve, accrued to now.
    fn get_reserve(env: Env, asset: Address) -> Reserve;
    /// What an account holds.
    fn get_positions(env: Env, address: Address) -> Positions;
    /// The pool's configuration.
    fn get_config(env: Env) -> PlatformConfig;
    /// An open auction, of which only the existence counts; traps when there is none.
    fn get_auction(env: Env, auction_type: u32, user: Address) -> Val;
    /// The state of a pool's backstop.
    fn pool_data(env: Env, pool: Address) -> BackstopData;
    /// The oracle's latest record.
    fn lastprice(env: Env, asset: Asset) -> Option<PriceData>;
}
