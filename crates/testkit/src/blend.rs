//! Blend v2 on its mainnet wasm: emitter, backstop, pool factory, pools, and Comet.

use std::collections::BTreeMap;

use localnet::{contract_struct, xdr::ScAddress, Auth, InvokeError, Keypair, Ledger, Outcome};

use crate::{
    asset::{Asset, UNIT},
    wasm,
};

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
    struct FactoryMeta {
        backstop: ScAddress,
        blnd_id: ScAddress,
        pool_hash: [u8; 32],
    }
}

/// Blend's contracts, with a BLND:USDC exchange as deep as the backstop needs.
#[derive(Clone, Debug)]
pub struct Blend {
    /// Who set everything up, administers the pools and holds the backstop tokens.
    pub admin: Keypair,
    /// The BLND asset; the emitter is its contract's administrator.
    pub blnd: Asset,
    /// The USDC asset.
    pub usdc: Asset,
    /// Comet, the BLND:USDC exchange whose shares are the backstop token.
    pub comet: ScAddress,
    /// The emitter.
    pub emitter: ScAddress,
    /// The backstop.
    pub backstop: ScAddress,
    /// The pool factory.
    pub factory: ScAddress,
    /// The backstop's share of the interest in pools to come, 7 decimals.
    pub take_rate: u32,
}

/// BLND and USDC in the exchange: 80:20 by value.
const COMET_BLND: i128 = 10_000_000 * UNIT;
const COMET_USDC: i128 = 250_000 * UNIT;
/// Initial shares of the exchange, and what its first BLND and USDC buy them for.
const COMET_SEED: (i128, i128) = (1_000 * UNIT, 25 * UNIT);
const COMET_SEED_SHARES: i128 = 100 * UNIT;

impl Blend {
    /// Deploys everything but pools.
    pub fn deploy(ledger: &Ledger, usdc: &Asset) -> Self {
        let admin = Keypair::named("Blend admin");
        ledger
            .create_account(&admin.account_id(), 100_000 * 10_000_000)
            .unwrap();
        let blnd = Asset::issue(ledger, "BLND");
        for asset in [&blnd, usdc] {
            asset.trust(ledger, &admin);
        }
        blnd.mint(ledger, &admin.address(), COMET_BLND + COMET_SEED.0);
        usdc.mint(ledger, &admin.address(), COMET_USDC + COMET_SEED.1);
        let comet = Self::deploy_backstop_token(ledger, &admin, &blnd, usdc);
        let (emitter, backstop, factory) = Self::deploy_core(ledger, &admin, &blnd, usdc, &comet);
        Self {
            admin,
            blnd,
            usdc: usdc.clone(),
            comet,
            emitter,
            backstop,
            factory,
            take_rate: 1_000_000,
        }
    }

    /// The exchange, filled far beyond what it is founded with.
    fn deploy_backstop_token(
        ledger: &Ledger,
        admin: &Keypair,
        blnd: &Asset,
        usdc: &Asset,
    ) -> ScAddress {
        let tokens = [&blnd.contract, &usdc.contract];
        let seeds = [COMET_SEED.0, COMET_SEED.1];
        let comet = deploy_comet(ledger, admin, tokens, [8_000_000, 2_000_000], seeds);
        let shares = COMET_SEED_SHARES * (COMET_BLND / COMET_SEED.0) * 99 / 100;
        let args = (shares, vec![COMET_BLND, COMET_USDC], admin);
        ledger
            .call(admin, &comet, "join_pool", args, Auth::Sign(&[]))
            .unwrap();
        comet
    }

    fn deploy_core(
        ledger: &Ledger,
        admin: &Keypair,
        blnd: &Asset,
        usdc: &Asset,
        comet: &ScAddress,
    ) -> (ScAddress, ScAddress, ScAddress) {
        let emitter = ledger.deploy(admin, wasm::BLEND_EMITTER, ()).unwrap();
        let (backstop_salt, factory_salt) = ([1; 32], [2; 32]);
        let backstop = ledger.contract_of(admin, backstop_salt).unwrap();
        let factory = ledger.contract_of(admin, factory_salt).unwrap();
        let sign = Auth::Sign(&[]);
        ledger
            .call(&blnd.issuer, &blnd.contract, "set_admin", (&emitter,), sign)
            .unwrap();
        ledger
            .call(
                admin,
                &emitter,
                "initialize",
                (&blnd.contract, &backstop, comet),
                sign,
            )
            .unwrap();
        let no_drops: Vec<(ScAddress, i128)> = Vec::new();
        let hash = ledger.upload(admin, wasm::BLEND_BACKSTOP).unwrap();
        let args = (
            comet,
            &emitter,
            &blnd.contract,
            &usdc.contract,
            &factory,
            no_drops,
        );
        ledger
            .create_contract(admin, hash, backstop_salt, args, &[])
            .unwrap();
        let pool_hash = ledger.upload(admin, wasm::BLEND_POOL).unwrap();
        let meta = FactoryMeta {
            backstop: backstop.clone(),
            blnd_id: blnd.contract.clone(),
            pool_hash,
        };
        let hash = ledger.upload(admin, wasm::BLEND_POOL_FACTORY).unwrap();
        ledger
            .create_contract(admin, hash, factory_salt, (meta,), &[])
            .unwrap();
        (emitter, backstop, factory)
    }

    /// A lending pool over `reserves`, active, whose backstop holds `backstop_shares` of the exchange.
    pub fn create_pool(
        &self,
        ledger: &Ledger,
        name: &str,
        oracle: &ScAddress,
        reserves: &[(&Asset, ReserveConfig)],
        backstop_shares: i128,
    ) -> Pool {
        let sign = Auth::Sign(&[]);
        let (max_positions, min_collateral) = (8_u32, 0_i128);
        let salt: [u8; 32] = ledger.network_id();
        let args = (
            &self.admin,
            name,
            salt,
            oracle,
            self.take_rate,
            max_positions,
            min_collateral,
        );
        let created = ledger
            .call(&self.admin, &self.factory, "deploy", args, sign)
            .unwrap();
        let pool = Pool {
            address: created.get().unwrap(),
            backstop: self.backstop.clone(),
        };
        for (asset, config) in reserves {
            let args = (&asset.contract, config);
            ledger
                .call(&self.admin, &pool.address, "queue_set_reserve", args, sign)
                .unwrap();
            ledger
                .call(
                    &self.admin,
                    &pool.address,
                    "set_reserve",
                    (&asset.contract,),
                    sign,
                )
                .unwrap();
        }
        let args = (&self.admin, &pool.address, backstop_shares);
        ledger
            .call(&self.admin, &self.backstop, "deposit", args, sign)
            .unwrap();
        ledger
            .call(&self.admin, &pool.address, "set_status", (3_u32,), sign)
            .unwrap();
        ledger
            .call(&self.admin, &pool.address, "update_status", (), sign)
            .unwrap();
        pool
    }
}

/// Deploys Comet, a weighted exchange of two tokens, and founds it with `amounts` of `founder`; weights have 7 decimals. The
/// swap fee is 0.3 %.
pub fn deploy_comet(
    ledger: &Ledger,
    founder: &Keypair,
    tokens: [&ScAddress; 2],
    weights: [i128; 2],
    amounts: [i128; 2],
) -> ScAddress {
    let comet = ledger.deploy(founder, wasm::COMET, ()).unwrap();
    let swap_fee = 30_000_i128;
    let args = (founder, &tokens[..], &weights[..], &amounts[..], swap_fee);
    ledger
        .call(founder, &comet, "init", args, Auth::Sign(&[]))
        .unwrap();
    comet
}

/// A Blend lending pool.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its contract.
    pub address: ScAddress,
    /// The backstop behind it.
    pub backstop: ScAddress,
}

impl Pool {
    /// Runs `requests` on `account`'s own positions.
    pub fn submit(
        &self,
        ledger: &Ledger,
        account: &Keypair,
        requests: &[Request],
    ) -> Result<Outcome, InvokeError> {
        let args = (account, account, account, requests);
        ledger.call(account, &self.address, "submit", args, Auth::Sign(&[]))
    }

    /// One request on `account`'s own positions.
    pub fn request(
        &self,
        ledger: &Ledger,
        account: &Keypair,
        request_type: u32,
        address: &ScAddress,
        amount: i128,
    ) -> Result<Outcome, InvokeError> {
        self.submit(
            ledger,
            account,
            &[Request {
                request_type,
                address: address.clone(),
                amount,
            }],
        )
    }

    /// What `account` holds.
    pub fn positions(&self, ledger: &Ledger, account: &ScAddress) -> Positions {
        ledger
            .view(&self.address, "get_positions", (account,))
            .unwrap()
    }

    /// The reserve of `asset`, accrued to now.
    pub fn reserve(&self, ledger: &Ledger, asset: &Asset) -> Reserve {
        ledger
            .view(&self.address, "get_reserve", (&asset.contract,))
            .unwrap()
    }

    /// The backstop behind the pool.
    pub fn backstop_data(&self, ledger: &Ledger) -> BackstopData {
        ledger
            .view(&self.backstop, "pool_data", (&self.address,))
            .unwrap()
    }

    /// Starts a liquidation of `percent` of a position.
    pub fn start_liquidation(
        &self,
        ledger: &Ledger,
        caller: &Keypair,
        user: &ScAddress,
        bid: &Asset,
        lot: &Asset,
        percent: u32,
    ) -> Result<AuctionData, InvokeError> {
        let args = (
            0_u32,
            user,
            vec![&bid.contract],
            vec![&lot.contract],
            percent,
        );
        ledger
            .call(caller, &self.address, "new_auction", args, Auth::Sign(&[]))?
            .get()
    }

    /// The open liquidation of `user`, if there is one.
    pub fn liquidation(&self, ledger: &Ledger, user: &ScAddress) -> Option<AuctionData> {
        ledger
            .view(&self.address, "get_auction", (0_u32, user))
            .ok()
    }

    /// Moves a user's debt without collateral to the backstop, or defaults the backstop's own.
    pub fn bad_debt(
        &self,
        ledger: &Ledger,
        caller: &Keypair,
        user: &ScAddress,
    ) -> Result<Outcome, InvokeError> {
        ledger.call(caller, &self.address, "bad_debt", (user,), Auth::Sign(&[]))
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use localnet::NetworkConfig;

    const SUPPLY: u32 = 0;

    #[test]
    fn a_pool_of_mainnet_wasm_takes_a_deposit() {
        let mut config = NetworkConfig::mainnet();
        config.start_time = 1_583_000_000;
        let ledger = Ledger::new(config).unwrap();
        let operator = Keypair::named("operator");
        ledger
            .create_account(&operator.account_id(), 1_000 * 10_000_000)
            .unwrap();
        let usdc = Asset::issue(&ledger, "USDC");
        let blend = Blend::deploy(&ledger, &usdc);
        let oracle = usdc.contract.clone();
        let pool = blend.create_pool(
            &ledger,
            "test",
            &oracle,
            &[(&usdc, ReserveConfig::usual(9_500_000, 9_500_000))],
            50_000 * UNIT,
        );
        usdc.trust(&ledger, &operator);
        usdc.mint(&ledger, &operator.address(), 100 * UNIT);
        pool.request(&ledger, &operator, SUPPLY, &usdc.contract, 60 * UNIT)
            .unwrap();
        assert_eq!(
            usdc.balance(&ledger, &operator.address()),
            40 * UNIT,
            "left"
        );
        assert_eq!(
            pool.positions(&ledger, &operator.address()).supply[&0],
            60 * UNIT,
            "bTokens"
        );
        assert_eq!(
            pool.backstop_data(&ledger).tokens,
            50_000 * UNIT,
            "backstop"
        );
    }
}
