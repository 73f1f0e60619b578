//! Blend v2 on its mainnet wasm: emitter, backstop, pool factory, pools, and Comet.

mod comet;
mod pool;
mod types;

use localnet::{xdr::ScAddress, Auth, IntoArgs, Keypair, Ledger, Outcome};

use crate::{asset::Asset, wasm};

pub use comet::deploy_comet;
use comet::{deploy_backstop_token, COMET_BLND, COMET_SEED, COMET_USDC};
pub use pool::Pool;
use types::FactoryMeta;
pub use types::{
    AuctionData, BackstopData, Positions, Request, Reserve, ReserveConfig, ReserveData,
};

/// The backstop and the factory name each other, so their addresses are fixed before they are there.
const BACKSTOP_SALT: [u8; 32] = [1; 32];
const FACTORY_SALT: [u8; 32] = [2; 32];

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
        let comet = deploy_backstop_token(ledger, &admin, &blnd, usdc);
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

    /// Emitter, backstop and pool factory, which know each other.
    fn deploy_core(
        ledger: &Ledger,
        admin: &Keypair,
        blnd: &Asset,
        usdc: &Asset,
        comet: &ScAddress,
    ) -> (ScAddress, ScAddress, ScAddress) {
        let emitter = ledger.deploy(admin, wasm::BLEND_EMITTER, ()).unwrap();
        let backstop = ledger.contract_of(admin, BACKSTOP_SALT).unwrap();
        let factory = ledger.contract_of(admin, FACTORY_SALT).unwrap();
        let sign = Auth::Sign(&[]);
        ledger
            .call(&blnd.issuer, &blnd.contract, "set_admin", (&emitter,), sign)
            .unwrap();
        let args = (&blnd.contract, &backstop, comet);
        ledger
            .call(admin, &emitter, "initialize", args, sign)
            .unwrap();
        let no_drops: Vec<(ScAddress, i128)> = Vec::new();
        let (blnd, usdc) = (&blnd.contract, &usdc.contract);
        let args = (comet, &emitter, blnd, usdc, &factory, no_drops);
        deploy_backstop(ledger, admin, args);
        deploy_factory(ledger, admin, blnd, &backstop);
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
        let created = self.call(ledger, &self.factory, "deploy", args);
        let pool = Pool {
            address: created.get().unwrap(),
            backstop: self.backstop.clone(),
        };
        for (asset, config) in reserves {
            self.set_reserve(ledger, &pool, asset, config);
        }
        self.activate(ledger, &pool, backstop_shares);
        pool
    }

    fn set_reserve(&self, ledger: &Ledger, pool: &Pool, asset: &Asset, config: &ReserveConfig) {
        let (pool, asset) = (&pool.address, &asset.contract);
        self.call(ledger, pool, "queue_set_reserve", (asset, config));
        self.call(ledger, pool, "set_reserve", (asset,));
    }

    /// Fills the pool's backstop with `shares` of the exchange, without which the pool lends nothing, and opens it.
    fn activate(&self, ledger: &Ledger, pool: &Pool, shares: i128) {
        let pool = &pool.address;
        self.call(
            ledger,
            &self.backstop,
            "deposit",
            (&self.admin, pool, shares),
        );
        self.call(ledger, pool, "set_status", (3_u32,));
        self.call(ledger, pool, "update_status", ());
    }

    /// A call of the admin that must succeed.
    fn call(
        &self,
        ledger: &Ledger,
        contract: &ScAddress,
        function: &str,
        args: impl IntoArgs,
    ) -> Outcome {
        let sign = Auth::Sign(&[]);
        ledger
            .call(&self.admin, contract, function, args, sign)
            .unwrap()
    }
}

fn deploy_backstop(ledger: &Ledger, admin: &Keypair, args: impl IntoArgs) {
    let hash = ledger.upload(admin, wasm::BLEND_BACKSTOP).unwrap();
    ledger
        .create_contract(admin, hash, BACKSTOP_SALT, args, &[])
        .unwrap();
}

/// The factory of pools whose losses `backstop` bears.
fn deploy_factory(ledger: &Ledger, admin: &Keypair, blnd: &ScAddress, backstop: &ScAddress) {
    let meta = FactoryMeta {
        backstop: backstop.clone(),
        blnd_id: blnd.clone(),
        pool_hash: ledger.upload(admin, wasm::BLEND_POOL).unwrap(),
    };
    let hash = ledger.upload(admin, wasm::BLEND_POOL_FACTORY).unwrap();
    ledger
        .create_contract(admin, hash, FACTORY_SALT, (meta,), &[])
        .unwrap();
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::asset::UNIT;
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
