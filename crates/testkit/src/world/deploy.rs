//! Our contracts, deployed and set to know each other.

use localnet::{xdr::ScAddress, IntoArgs, Keypair, Ledger};

use crate::{
    asset::Asset,
    bindings::{
        blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover,
        insured_vault as vault, salvage, OnLedger,
    },
    blend::{deploy_comet, Blend},
    feeds::{Hub, PRICE_ONE},
    wasm,
};

use super::{starting_terms, Setup, World, DEPOSITS};

/// Who founded the exchange and trades on it.
pub(super) const MARKET_MAKER: &str = "market maker";

impl World {
    /// An insured vault on the lending pool, founded and registered by the owner, and not insured yet.
    pub fn deploy_vault(&self, name: &str) -> vault::Client {
        self.usdc.mint(&self.ledger, &self.owner.address(), 1);
        let setup = vault::VaultSetup {
            adapter: self.lenders.0.clone(),
            max_rate: 5_000_000,
            platform: self.pool.address.clone(),
        };
        let args = (&self.owner, setup, name, "vLEND", &self.owner);
        let address = self
            .ledger
            .deploy(&self.owner, wasm::INSURED_VAULT, args)
            .unwrap();
        let terms = lenders::VaultTerms {
            asset: self.usdc.contract.clone(),
            group: DEPOSITS,
            platform: self.pool.address.clone(),
        };
        self.lenders
            .add_vault(&address, &terms)
            .send(&self.ledger, &self.owner)
            .unwrap();
        vault::Client(address)
    }
}

/// An account with XLM for fees.
pub(super) fn actor(ledger: &Ledger, name: &str) -> Keypair {
    let key = Keypair::named(name);
    ledger
        .create_account(&key.account_id(), 1_000_000 * 10_000_000)
        .unwrap();
    key
}

pub(super) fn deploy_cover_pool(ledger: &Ledger, owner: &Keypair, usdc: &Asset) -> cover::Client {
    usdc.trust(ledger, owner);
    usdc.mint(ledger, &owner.address(), 1);
    let args = (
        owner,
        &usdc.contract,
        "Vangnet USDC",
        "vUSDC",
        starting_terms(),
        owner,
    );
    cover::Client(ledger.deploy(owner, wasm::COVER_POOL, args).unwrap())
}

/// Comet's wasm with collateral and USDC in equal parts at the set-up's price.
pub(super) fn deploy_exchange(
    ledger: &Ledger,
    collateral: &Asset,
    usdc: &Asset,
    setup: &Setup,
) -> ScAddress {
    let maker = actor(ledger, MARKET_MAKER);
    let amounts = [
        setup.exchange_depth * PRICE_ONE / setup.price,
        setup.exchange_depth,
    ];
    for (asset, amount) in [collateral, usdc].into_iter().zip(amounts) {
        asset.trust(ledger, &maker);
        asset.mint(ledger, &maker.address(), amount);
    }
    let tokens = [&collateral.contract, &usdc.contract];
    deploy_comet(ledger, &maker, tokens, [5_000_000, 5_000_000], amounts)
}

/// The adapter and its salvage, which know each other.
pub(super) fn deploy_adapter(
    ledger: &Ledger,
    owner: &Keypair,
    cover: &cover::Client,
    hub: &Hub,
    blend: &Blend,
    exchange: Option<ScAddress>,
) -> (adapter::Client, salvage::Client) {
    let position_wasm = ledger.upload(owner, wasm::POSITION).unwrap();
    let config = |salvage: &ScAddress| adapter::AdapterConfig {
        backstop: blend.backstop.clone(),
        backstop_floor: 10_000_000,
        cover_pool: cover.0.clone(),
        exchange,
        position_wasm,
        price_hub: hub.address.clone(),
        salvage: Some(salvage.clone()),
    };
    let (adapter, salvage) =
        deploy_with_salvage((ledger, owner, cover), wasm::BLEND_ADAPTER, config);
    (adapter::Client(adapter), salvage)
}

/// An adapter, one of its code in a world, and the salvage that only it may book lots in. `config` gets the salvage's
/// address.
pub(crate) fn deploy_with_salvage<C>(
    (ledger, owner, cover): (&Ledger, &Keypair, &cover::Client),
    code: &[u8],
    config: impl FnOnce(&ScAddress) -> C,
) -> (ScAddress, salvage::Client)
where
    for<'a> (&'a Keypair, C): IntoArgs,
{
    let code = ledger.upload(owner, code).unwrap();
    let salt = code;
    let adapter = ledger.contract_of(owner, salt).unwrap();
    let args = (&cover.0, vec![adapter]);
    let salvage = ledger.deploy(owner, wasm::SALVAGE, args).unwrap();
    let args = (owner, config(&salvage));
    let adapter = ledger.create_contract(owner, code, salt, args, &[]);
    (adapter.unwrap(), salvage::Client(salvage))
}

pub(super) fn deploy_lenders(
    ledger: &Ledger,
    owner: &Keypair,
    cover: &cover::Client,
    hub: &Hub,
    blend: &Blend,
) -> lenders::Client {
    let config = lenders::LendersConfig {
        backstop: blend.backstop.clone(),
        backstop_floor: 10_000_000,
        cover_pool: cover.0.clone(),
        price_hub: hub.address.clone(),
    };
    lenders::Client(
        ledger
            .deploy(owner, wasm::BLEND_LENDERS, (owner, config))
            .unwrap(),
    )
}
