//! What the adapter keeps, and for how long. A rescue writes none of it.

use entries::{
    day_entry, extend, extend_instance, found, founded, get, remove_day_entry, set, set_day_entry,
};
use interfaces::market_adapter::{InsuredMarket, MarketAdapterConfig};
use interfaces::platform::{Liquidation, LoanTerms};
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{contracttype, Address, BytesN, Env};

/// What is kept of a platform: how it is insured, and what its loans have in common, which a platform on the stack cannot be
/// asked for.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed(pub InsuredMarket, pub LoanTerms);

/// What is kept of an insured loan.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration(
    /// Its platform.
    pub Address,
    /// The l = 1 / health factor it was rated at, 1e7 = 1.
    pub u32,
    /// The hub's price of its pair when its owner last took a risk: insured it, or took something out.
    pub i128,
    /// Its collateral at the last sale or renewal less what was surrendered since, in its smallest unit: no grant counts more,
    /// and no more can be surrendered.
    pub i128,
);

/// A deficit that was seen once.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight(
    /// What was missing and not settled before.
    pub i128,
    /// When.
    pub u64,
);

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Instance: what the adapter is built on.
    Config,
    /// Instance: the loan asset of every platform.
    Asset,
    /// A platform.
    Market(Address),
    /// An insured loan.
    Loan(Address),
    /// A liquidation that was settled, by the hash of platform, loan and liquidation.
    Settled(BytesN<32>),
    /// Temporary: a platform's deficit that was seen once.
    Sight(Address),
    /// What of a platform's deficits was settled, or is older than its lenders' cover.
    DeficitSettled(Address),
}

/// What the adapter is built on.
pub fn config(env: &Env) -> MarketAdapterConfig {
    founded(env, &DataKey::Config)
}

/// Writes what the adapter is built on.
pub fn set_config(env: &Env, config: &MarketAdapterConfig) {
    found(env, &DataKey::Config, config);
}

/// The loan asset of every platform: the cover pool's settlement asset.
pub fn asset(env: &Env) -> Address {
    founded(env, &DataKey::Asset)
}

/// Writes the loan asset of every platform.
pub fn set_asset(env: &Env, asset: &Address) {
    found(env, &DataKey::Asset, asset);
}

/// What is kept of a platform; none if it is not listed.
pub fn listed(env: &Env, platform: &Address) -> Option<Listed> {
    get(env, &DataKey::Market(platform.clone()))
}

/// Lists a platform or changes its terms.
pub fn set_listed(env: &Env, listed: &Listed) {
    set(env, &DataKey::Market(listed.0.platform.clone()), listed);
    extend_instance(env);
}

/// What is kept of a loan; none if it was never insured.
pub fn registration(env: &Env, loan: &Address) -> Option<Registration> {
    get(env, &DataKey::Loan(loan.clone()))
}

/// Writes what is kept of a loan, and keeps its platform's entry alive as long.
pub fn set_registration(env: &Env, loan: &Address, registration: &Registration) {
    set(env, &DataKey::Loan(loan.clone()), registration);
    extend(env, &DataKey::Market(registration.0.clone()));
    extend_instance(env);
}

/// Whether a liquidation was settled.
pub fn is_settled(
    env: &Env,
    platform: &Address,
    loan: &Address,
    liquidation: &Liquidation,
) -> bool {
    let key = settled_key(env, platform, loan, liquidation);
    env.storage().persistent().has(&key)
}

/// Notes that a liquidation is settled.
pub fn set_settled(env: &Env, platform: &Address, loan: &Address, liquidation: &Liquidation) {
    set(env, &settled_key(env, platform, loan, liquidation), &true);
}

fn settled_key(
    env: &Env,
    platform: &Address,
    loan: &Address,
    liquidation: &Liquidation,
) -> DataKey {
    let what = (platform, loan, liquidation).to_xdr(env);
    DataKey::Settled(env.crypto().sha256(&what).to_bytes())
}

/// The deficit of a platform that was seen once.
pub fn sight(env: &Env, platform: &Address) -> Option<Sight> {
    day_entry(env, &DataKey::Sight(platform.clone()))
}

/// Writes the deficit of a platform that was seen once.
pub fn set_sight(env: &Env, platform: &Address, sight: &Sight) {
    set_day_entry(env, &DataKey::Sight(platform.clone()), sight);
}

/// Forgets the deficit of a platform that was seen once.
pub fn remove_sight(env: &Env, platform: &Address) {
    remove_day_entry(env, &DataKey::Sight(platform.clone()));
}

/// What of a platform's deficits was settled, or is older than its lenders' cover.
pub fn deficit_settled(env: &Env, platform: &Address) -> i128 {
    get(env, &DataKey::DeficitSettled(platform.clone())).unwrap_or(0)
}

/// Writes what of a platform's deficits was settled.
pub fn set_deficit_settled(env: &Env, platform: &Address, amount: i128) {
    set(env, &DataKey::DeficitSettled(platform.clone()), &amount);
}

/// Keeps a platform's entries alive while its lenders' cover is.
pub fn extend_market(env: &Env, platform: &Address) {
    extend(env, &DataKey::Market(platform.clone()));
    let settled = DataKey::DeficitSettled(platform.clone());
    if env.storage().persistent().has(&settled) {
        extend(env, &settled);
    }
    extend_instance(env);
}
