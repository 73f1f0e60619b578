//! What the hub keeps, and for how long.
//!
//! Instance: the list of assets, thresholds that are not the default, owner and guardian. Persistent: per asset its sources,
//! its window, and whether the guardian dropped one of its venues; per pair its last event.

use entries::{extend, extend_instance, found, founded, get, remove, set};
use interfaces::price::{DepreciationEvent, Source};
use soroban_sdk::{contracttype, Address, BytesN, Env, Vec};

use crate::packed::{pack, unpack, PACKED_LEN};
use crate::types::DEFAULT_THRESHOLD;
use crate::window::Window;

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataKey {
    /// Instance: every listed asset.
    Assets,
    /// Instance: who may drop a venue.
    Guardian,
    /// Instance: a pair's threshold.
    Threshold(Address, Address),
    /// An asset's sources.
    Sources(Address),
    /// The guardian has dropped one of an asset's venues since the owner set its sources.
    Dropped(Address),
    /// An asset's window, packed.
    Window(Address),
    /// A pair's last event.
    Event(Address, Address),
}

/// Who may drop a venue.
pub fn guardian(env: &Env) -> Address {
    founded(env, &DataKey::Guardian)
}

/// Sets who may drop a venue.
pub fn set_guardian(env: &Env, guardian: &Address) {
    found(env, &DataKey::Guardian, guardian);
}

/// Every listed asset.
pub fn assets(env: &Env) -> Vec<Address> {
    env.storage()
        .instance()
        .get(&DataKey::Assets)
        .unwrap_or_else(|| Vec::new(env))
}

/// The sources of an asset, none when it is not listed.
pub fn sources(env: &Env, asset: &Address) -> Vec<Source> {
    get(env, &DataKey::Sources(asset.clone())).unwrap_or_else(|| Vec::new(env))
}

/// Lists an asset with its sources, or delists it when there are none; the guardian may then drop a venue.
pub fn set_sources(env: &Env, asset: &Address, sources: &Vec<Source>) {
    if is_dropped(env, asset) {
        remove(env, &DataKey::Dropped(asset.clone()));
    }
    let key = DataKey::Sources(asset.clone());
    let mut assets = assets(env);
    let listed = assets.first_index_of(asset);
    match (listed, sources.is_empty()) {
        (None, false) => assets.push_back(asset.clone()),
        (Some(index), true) => drop(assets.remove(index)),
        _ => {}
    }
    env.storage().instance().set(&DataKey::Assets, &assets);
    if sources.is_empty() {
        remove(env, &key);
    } else {
        set(env, &key, sources);
    }
}

/// Whether the guardian has dropped one of an asset's venues.
pub fn is_dropped(env: &Env, asset: &Address) -> bool {
    get(env, &DataKey::Dropped(asset.clone())).unwrap_or(false)
}

/// Leaves an asset the sources that its guardian's drop has left.
pub fn set_sources_left(env: &Env, asset: &Address, sources: &Vec<Source>) {
    set_sources(env, asset, sources);
    set(env, &DataKey::Dropped(asset.clone()), &true);
}

/// An asset's window as it was last written.
pub fn window(env: &Env, asset: &Address) -> Window {
    let packed: Option<BytesN<PACKED_LEN>> = get(env, &DataKey::Window(asset.clone()));
    packed.map_or_else(Window::new, |bytes| unpack(&bytes.to_array()))
}

/// Writes an asset's window, and keeps its sources and the instance alive with it.
pub fn set_window(env: &Env, asset: &Address, window: &Window) {
    set(
        env,
        &DataKey::Window(asset.clone()),
        &BytesN::from_array(env, &pack(window)),
    );
    extend(env, &DataKey::Sources(asset.clone()));
    extend_instance(env);
}

/// A pair's last event.
pub fn event(env: &Env, collateral: &Address, debt: &Address) -> Option<DepreciationEvent> {
    get(env, &DataKey::Event(collateral.clone(), debt.clone()))
}

/// Writes a pair's last event.
pub fn set_event(env: &Env, collateral: &Address, debt: &Address, event: &DepreciationEvent) {
    set(
        env,
        &DataKey::Event(collateral.clone(), debt.clone()),
        event,
    );
    extend_instance(env);
}

/// The fall that triggers an event on a pair.
pub fn threshold(env: &Env, collateral: &Address, debt: &Address) -> i128 {
    let key = DataKey::Threshold(collateral.clone(), debt.clone());
    env.storage()
        .instance()
        .get(&key)
        .unwrap_or(DEFAULT_THRESHOLD.raw())
}

/// Sets the fall that triggers an event on a pair.
pub fn set_threshold(env: &Env, collateral: &Address, debt: &Address, threshold: i128) {
    let key = DataKey::Threshold(collateral.clone(), debt.clone());
    env.storage().instance().set(&key, &threshold);
}
