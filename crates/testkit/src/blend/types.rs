//! What Blend's contracts take and return.

use std::collections::BTreeMap;

use localnet::{contract_struct, xdr::ScAddress};

contract_struct! {
    /// One step of a `submit`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Request {
        /// What to do; see the constants of `interfaces::blend`.
        pub request_type: u32,
        /// The asset, or the liquidated account.
        pub address: ScAddress,
        /// In the asset's smallest unit, or a percentage for auctions.
        pub amount: i128,
    }
}

contract_struct! {
    /// What an account holds, by reserve index, in bTokens and dTokens.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Positions {
        /// bTokens that serve as collateral.
        pub collateral: BTreeMap<u32, i128>,
        /// dTokens owed.
        pub liabilities: BTreeMap<u32, i128>,
        /// bTokens that do not serve as collateral.
        pub supply: BTreeMap<u32, i128>,
    }
}

contract_struct! {
    /// A reserve's configuration; factors and rates have 7 decimals.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct ReserveConfig {
        pub c_factor: u32,
        pub decimals: u32,
        pub enabled: bool,
        pub index: u32,
        pub l_factor: u32,
        pub max_util: u32,
        pub r_base: u32,
        pub r_one: u32,
        pub r_three: u32,
        pub r_two: u32,
        pub reactivity: u32,
        pub supply_cap: i128,
        pub util: u32,
    }
}

impl ReserveConfig {
    /// A reserve as common on mainnet, with the given collateral and liability factors (7 decimals).
    #[must_use]
    pub fn usual(c_factor: u32, l_factor: u32) -> Self {
        Self {
            c_factor,
            decimals: 7,
            enabled: true,
            index: 0,
            l_factor,
            max_util: 9_500_000,
            r_base: 100_000,
            r_one: 500_000,
            r_three: 15_000_000,
            r_two: 5_000_000,
            reactivity: 20,
            supply_cap: i128::MAX,
            util: 7_500_000,
        }
    }
}

contract_struct! {
    /// A reserve's state; the rates have 12 decimals.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct ReserveData {
        pub b_rate: i128,
        pub b_supply: i128,
        pub backstop_credit: i128,
        pub d_rate: i128,
        pub d_supply: i128,
        pub ir_mod: i128,
        pub last_time: u64,
    }
}

contract_struct! {
    /// A reserve, accrued to now.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Reserve {
        /// The underlying asset.
        pub asset: ScAddress,
        /// Its configuration.
        pub config: ReserveConfig,
        /// Its state.
        pub data: ReserveData,
        /// 10^decimals of the asset.
        pub scalar: i128,
    }
}

contract_struct! {
    /// An auction: what the filler pays and gets, and the ledger it begins at.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AuctionData {
        /// What the filler takes over.
        pub bid: BTreeMap<ScAddress, i128>,
        /// The ledger the auction begins at.
        pub block: u32,
        /// What the filler receives.
        pub lot: BTreeMap<ScAddress, i128>,
    }
}

contract_struct! {
    /// A pool's backstop.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct BackstopData {
        pub blnd: i128,
        pub q4w_pct: i128,
        pub shares: i128,
        pub token_spot_price: i128,
        pub tokens: i128,
        pub usdc: i128,
    }
}

contract_struct! {
    /// What the pool factory is founded with.
    pub(super) struct FactoryMeta {
        pub(super) backstop: ScAddress,
        pub(super) blnd_id: ScAddress,
        pub(super) pool_hash: [u8; 32],
    }
}
