//! Entry points. Reading, poking and triggering are open to anyone; sources, thresholds and code are the
//! owner's; a guardian may take one venue off a list.

use actuary::time::HOUR;
use entries::extend_instance;
use interfaces::price::{
    Armed, Asset, Depreciation, DepreciationEvent, PairReading, Poked, PriceData, PriceFeed,
    PriceHub as PriceHubInterface, Reading, Source, PRICE_DECIMALS,
};
use soroban_sdk::{contract, contractimpl, Address, BytesN, Env, Symbol, Vec};
use stellar_access::ownable::{self, Ownable};
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;

use crate::errors::PriceError;
use crate::events::{GuardianSet, SourcesSet, ThresholdSet, VenueDropped};
use crate::{depreciation, feed, reading, source, storage};

/// The price hub.
#[contract]
pub struct PriceHub;

#[contractimpl]
impl PriceHub {
    /// `owner` may set sources, thresholds, guardian and code, and is the first guardian.
    pub fn __constructor(env: Env, owner: Address) {
        ownable::set_owner(&env, &owner);
        storage::set_guardian(&env, &owner);
    }
}

#[contractimpl]
impl PriceHubInterface for PriceHub {
    fn fresh(env: Env, asset: Address) -> Result<Reading, PriceError> {
        reading::reading(&reading::known(&env, &asset)?)
    }

    fn pair(env: Env, collateral: Address, debt: Address) -> Result<PairReading, PriceError> {
        let (collateral, debt) = (
            reading::known(&env, &collateral)?,
            reading::known(&env, &debt)?,
        );
        reading::pair(&reading::reading(&collateral)?, &reading::reading(&debt)?)
    }

    fn twap(env: Env, asset: Address, hours: u32) -> Result<i128, PriceError> {
        reading::twap(&env, &asset, hours)
    }

    fn depreciation(
        env: Env,
        collateral: Address,
        debt: Address,
        after: u64,
    ) -> Result<Depreciation, PriceError> {
        let (collateral, debt) = (
            reading::known(&env, &collateral)?,
            reading::known(&env, &debt)?,
        );
        depreciation::depreciation(&collateral, &debt, after)
    }

    fn trigger(
        env: Env,
        collateral: Address,
        debt: Address,
    ) -> Result<DepreciationEvent, PriceError> {
        depreciation::trigger(&env, &collateral, &debt)
    }

    fn event(env: Env, collateral: Address, debt: Address) -> Option<DepreciationEvent> {
        storage::event(&env, &collateral, &debt)
    }

    fn armed(env: Env, collateral: Address, debt: Address) -> Option<Armed> {
        depreciation::armed(&env, &collateral, &debt)
    }

    fn poke(env: Env, assets: Vec<Address>) -> Vec<Poked> {
        let mut poked = Vec::new(&env);
        for asset in assets {
            poked.push_back(reading::poke(&env, &asset));
        }
        poked
    }

    fn sources(env: Env, asset: Address) -> Vec<Source> {
        storage::sources(&env, &asset)
    }

    #[only_owner]
    fn set_sources(env: Env, asset: Address, sources: Vec<Source>) -> Result<(), PriceError> {
        source::validate(&sources)?;
        storage::set_sources(&env, &asset, &sources);
        extend_instance(&env);
        SourcesSet { asset, sources }.publish(&env);
        Ok(())
    }

    fn drop_venue(env: Env, asset: Address, venue: Symbol) -> Result<(), PriceError> {
        storage::guardian(&env).require_auth();
        let sources = source::drop_venue(&env, &asset, &venue)?;
        extend_instance(&env);
        VenueDropped {
            asset,
            venue,
            sources,
        }
        .publish(&env);
        Ok(())
    }

    fn guardian(env: Env) -> Address {
        storage::guardian(&env)
    }

    #[only_owner]
    fn set_guardian(env: Env, guardian: Address) {
        storage::set_guardian(&env, &guardian);
        extend_instance(&env);
        GuardianSet { guardian }.publish(&env);
    }

    fn threshold(env: Env, collateral: Address, debt: Address) -> i128 {
        storage::threshold(&env, &collateral, &debt)
    }

    #[only_owner]
    fn set_threshold(
        env: Env,
        collateral: Address,
        debt: Address,
        threshold: i128,
    ) -> Result<(), PriceError> {
        depreciation::validate_threshold(threshold)?;
        storage::set_threshold(&env, &collateral, &debt, threshold);
        extend_instance(&env);
        ThresholdSet {
            collateral,
            debt,
            threshold,
        }
        .publish(&env);
        Ok(())
    }
}

#[contractimpl]
impl PriceFeed for PriceHub {
    fn base(_env: Env) -> Asset {
        feed::base()
    }

    fn assets(env: Env) -> Vec<Asset> {
        feed::assets(&env)
    }

    fn decimals(_env: Env) -> u32 {
        PRICE_DECIMALS
    }

    fn resolution(_env: Env) -> u32 {
        HOUR as u32
    }

    fn price(env: Env, asset: Asset, timestamp: u64) -> Option<PriceData> {
        feed::price(&env, &asset, timestamp)
    }

    fn prices(env: Env, asset: Asset, records: u32) -> Option<Vec<PriceData>> {
        feed::prices(&env, &asset, records)
    }

    fn lastprice(env: Env, asset: Asset) -> Option<PriceData> {
        feed::last_price(&env, &asset)
    }
}

#[contractimpl]
impl Upgradeable for PriceHub {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}

#[contractimpl(contracttrait)]
impl Ownable for PriceHub {}
