//! A price hub that says what a test wants.

use actuary::math::{mul_div_down, mul_div_up};
use interfaces::price::{
    Armed, Asset, DepreciationEvent, PairReading, PriceError, Reading, Source, SourceKind,
    PRICE_ONE,
};
use soroban_sdk::{
    contract, contractimpl, contracttype, symbol_short, vec, Address, Env, Symbol, Vec,
};

#[contracttype]
enum Key {
    Price(Address),
    Low,
    Mean,
    Quarantined,
    Sources,
    Armed,
    Event,
    OneVenue(Address),
    Twap(Address),
}

#[contract]
pub struct MockHub;

#[contractimpl]
impl MockHub {
    pub fn set_price(env: Env, asset: Address, price: i128) {
        env.storage().instance().set(&Key::Price(asset), &price);
    }

    pub fn forget_price(env: Env, asset: Address) {
        env.storage().instance().remove(&Key::Price(asset));
    }

    /// The pair's `low`, when it is not its price.
    pub fn set_low(env: Env, low: i128) {
        env.storage().instance().set(&Key::Low, &low);
    }

    /// The 15-minute mean of every asset that is not worth a dollar, when it is not its price.
    pub fn set_mean(env: Env, mean: Option<i128>) {
        env.storage().instance().set(&Key::Mean, &mean);
    }

    pub fn quarantine(env: Env) {
        env.storage().instance().set(&Key::Quarantined, &true);
    }

    pub fn arm(env: Env, armed: Option<Armed>) {
        env.storage().instance().set(&Key::Armed, &armed);
    }

    pub fn set_event(env: Env, event: DepreciationEvent) {
        env.storage().instance().set(&Key::Event, &event);
    }

    pub fn set_sources(env: Env, sources: u32) {
        env.storage().instance().set(&Key::Sources, &sources);
    }

    /// All sources of `asset` are of one venue.
    pub fn one_venue(env: Env, asset: Address) {
        env.storage().instance().set(&Key::OneVenue(asset), &true);
    }

    pub fn fresh(env: Env, asset: Address) -> Result<Reading, PriceError> {
        let storage = env.storage().instance();
        let price: Option<i128> = storage.get(&Key::Price(asset));
        let price = price.ok_or(PriceError::TooFewSources)?;
        let mean: Option<i128> = storage.get(&Key::Mean).flatten();
        let mean = mean.filter(|_| price != PRICE_ONE).unwrap_or(price);
        Ok(Reading {
            median: price,
            bottom: price,
            top: price,
            twap: Some(mean),
            low: mean.min(price),
            high: mean.max(price),
            quarantined: storage.get(&Key::Quarantined).unwrap_or(false),
            degraded: false,
            sources: storage.get(&Key::Sources).unwrap_or(3),
            timestamp: env.ledger().timestamp(),
        })
    }

    pub fn pair(env: Env, collateral: Address, debt: Address) -> Result<PairReading, PriceError> {
        let storage = env.storage().instance();
        let price = |asset| -> Result<i128, PriceError> {
            storage
                .get(&Key::Price(asset))
                .ok_or(PriceError::TooFewSources)
        };
        let (of, unit) = (price(collateral)?, price(debt)?);
        let price = mul_div_down(of, PRICE_ONE, unit).unwrap();
        Ok(PairReading {
            price,
            high: mul_div_up(of, PRICE_ONE, unit).unwrap(),
            low: storage.get(&Key::Low).unwrap_or(price),
            quarantined: storage.get(&Key::Quarantined).unwrap_or(false),
            degraded: false,
            sources: storage.get(&Key::Sources).unwrap_or(3),
            timestamp: env.ledger().timestamp(),
        })
    }

    /// The mean of an asset's last hours, when it is not its price.
    pub fn set_twap(env: Env, asset: Address, mean: Option<i128>) {
        env.storage().instance().set(&Key::Twap(asset), &mean);
    }

    pub fn twap(env: Env, asset: Address, hours: u32) -> Result<i128, PriceError> {
        assert_eq!(hours, 6, "hours");
        let storage = env.storage().instance();
        let mean: Option<Option<i128>> = storage.get(&Key::Twap(asset.clone()));
        mean.unwrap_or_else(|| storage.get(&Key::Price(asset)))
            .ok_or(PriceError::WindowThin)
    }

    pub fn armed(env: Env, _collateral: Address, _debt: Address) -> Option<Armed> {
        env.storage().instance().get(&Key::Armed).flatten()
    }

    pub fn event(env: Env, _collateral: Address, _debt: Address) -> Option<DepreciationEvent> {
        env.storage().instance().get(&Key::Event)
    }

    pub fn sources(env: Env, asset: Address) -> Vec<Source> {
        let source = |venue: Symbol| Source {
            contract: asset.clone(),
            kind: SourceKind::Sep40(Asset::Stellar(asset.clone())),
            venue,
            max_age: 600,
        };
        let other = if env.storage().instance().has(&Key::OneVenue(asset.clone())) {
            symbol_short!("one")
        } else {
            symbol_short!("two")
        };
        vec![&env, source(symbol_short!("one")), source(other)]
    }
}
