//! Price feeds that speak as Reflector, RedStone and Chainlink do, and the price hub over them.

use localnet::{contract_enum, contract_struct, xdr::ScAddress, Auth, Keypair, Ledger, Symbol};

use crate::{asset::Asset, wasm};

contract_enum! {
    /// A SEP-40 asset.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum FeedAsset {
        /// A token on this network.
        Stellar(contract: ScAddress),
        /// Anything else, by its code.
        Other(code: Symbol),
    }
}

contract_enum! {
    /// How the hub asks a source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum SourceKind {
        /// A SEP-40 feed, by asset.
        Sep40(asset: FeedAsset),
        /// Chainlink Data Feeds, by feed id.
        Chainlink(data_id: [u8; 32]),
    }
}

contract_struct! {
    /// One source of an asset's price.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Source {
        /// The feed.
        pub contract: ScAddress,
        /// How it is asked.
        pub kind: SourceKind,
        /// Seconds after which a price is stale.
        pub max_age: u32,
        /// Where the price comes from; sources of one venue count as one.
        pub venue: Symbol,
    }
}

contract_struct! {
    /// What the hub knows of an asset's price now.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct Reading {
        pub bottom: i128,
        pub degraded: bool,
        pub high: i128,
        pub low: i128,
        pub median: i128,
        pub quarantined: bool,
        pub sources: u32,
        pub timestamp: u64,
        pub top: i128,
        pub twap: Option<i128>,
    }
}

/// Prices here have 14 decimals, as the hub's.
pub const PRICE_ONE: i128 = 100_000_000_000_000;

/// Decimals of what Chainlink answers, above the hub's 14.
const CHAINLINK_SCALE: i128 = 10_000;

/// Seconds after which the test feeds' prices are stale: Reflector's rule, and hourly heartbeats with a quarter on top.
const MAX_AGES: [u32; 3] = [600, 4_500, 4_500];

/// A feed of each kind, all run by one operator.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// Who sets their prices.
    pub operator: Keypair,
    /// A SEP-40 feed like Reflector's.
    pub reflector: ScAddress,
    /// A SEP-40 feed like RedStone's.
    pub redstone: ScAddress,
    /// A feed like Chainlink's.
    pub chainlink: ScAddress,
}

/// One of the feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// The one like Reflector's.
    Reflector,
    /// The one like RedStone's.
    Redstone,
    /// The one like Chainlink's.
    Chainlink,
}

impl Feed {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reflector, Self::Redstone, Self::Chainlink];
}

impl Feeds {
    /// Deploys the three feeds for an operator of this name.
    pub fn deploy(ledger: &Ledger, operator: &str) -> Self {
        let operator = Keypair::named(operator);
        ledger
            .create_account(&operator.account_id(), 1_000_000 * 10_000_000)
            .unwrap();
        let deploy = |code: &[u8]| ledger.deploy(&operator, code, (&operator,)).unwrap();
        Self {
            reflector: deploy(wasm::REFLECTOR_FEED),
            redstone: deploy(wasm::REDSTONE_FEED),
            chainlink: deploy(wasm::CHAINLINK_FEED),
            operator,
        }
    }

    /// Sets `asset`'s price on one feed, 14 decimals, as of now.
    pub fn set(&self, ledger: &Ledger, feed: Feed, asset: &Asset, price: i128) {
        let now = ledger.now();
        let on = |contract: &ScAddress, args: Vec<_>| {
            ledger
                .repeat(&self.operator, contract, "set_price", args)
                .unwrap();
        };
        let stellar = FeedAsset::Stellar(asset.contract.clone());
        let args = |key: &dyn localnet::ToScVal, price: i128| {
            use localnet::ToScVal;
            vec![
                key.to_scval().unwrap(),
                price.to_scval().unwrap(),
                now.to_scval().unwrap(),
            ]
        };
        match feed {
            Feed::Reflector => on(&self.reflector, args(&stellar, price)),
            Feed::Redstone => {
                let decimals: u32 = ledger.look_up(&self.redstone, "decimals", ()).unwrap();
                on(&self.redstone, args(&stellar, rescale(price, decimals)));
            }
            Feed::Chainlink => on(
                &self.chainlink,
                args(&data_id(asset), price * CHAINLINK_SCALE),
            ),
        }
    }

    /// Sets `asset`'s price on all feeds.
    pub fn set_all(&self, ledger: &Ledger, asset: &Asset, price: i128) {
        for feed in Feed::ALL {
            self.set(ledger, feed, asset, price);
        }
    }

    /// How the hub asks `feed` for `asset`.
    #[must_use]
    pub fn source(&self, feed: Feed, asset: &Asset) -> Source {
        let sep40 = SourceKind::Sep40(FeedAsset::Stellar(asset.contract.clone()));
        let (contract, kind, venue) = match feed {
            Feed::Reflector => (&self.reflector, sep40, "reflector"),
            Feed::Redstone => (&self.redstone, sep40, "redstone"),
            Feed::Chainlink => (
                &self.chainlink,
                SourceKind::Chainlink(data_id(asset)),
                "chainlink",
            ),
        };
        let max_age = MAX_AGES[feed as usize];
        Source {
            contract: contract.clone(),
            kind,
            max_age,
            venue: venue.into(),
        }
    }
}

/// The Chainlink feed id of an asset: its contract's id.
fn data_id(asset: &Asset) -> [u8; 32] {
    match &asset.contract {
        ScAddress::Contract(id) => id.0 .0,
        other => panic!("an asset's contract is a contract, not {other}"),
    }
}

fn rescale(price: i128, decimals: u32) -> i128 {
    match decimals.checked_sub(14) {
        Some(more) => price * 10_i128.pow(more),
        None => price / 10_i128.pow(14 - decimals),
    }
}

/// The price hub.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Its contract.
    pub address: ScAddress,
    /// Its owner.
    pub owner: Keypair,
}

impl Hub {
    /// Deploys a hub.
    pub fn deploy(ledger: &Ledger, owner: &Keypair) -> Self {
        let address = ledger.deploy(owner, wasm::PRICE_HUB, (owner,)).unwrap();
        Self {
            address,
            owner: owner.clone(),
        }
    }

    /// Lists `asset` with `sources`.
    pub fn list(&self, ledger: &Ledger, asset: &Asset, sources: &[Source]) {
        let args = (&asset.contract, sources);
        ledger
            .call(
                &self.owner,
                &self.address,
                "set_sources",
                args,
                Auth::Sign(&[]),
            )
            .unwrap();
    }

    /// Lets the hub look at its sources.
    pub fn poke(&self, ledger: &Ledger, keeper: &Keypair, assets: &[&Asset]) {
        let contracts: Vec<_> = assets.iter().map(|asset| asset.contract.clone()).collect();
        ledger
            .repeat(keeper, &self.address, "poke", (contracts,))
            .unwrap();
    }

    /// What it knows of `asset`.
    pub fn fresh(&self, ledger: &Ledger, asset: &Asset) -> Reading {
        ledger
            .view(&self.address, "fresh", (&asset.contract,))
            .unwrap()
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use localnet::NetworkConfig;

    #[test]
    fn three_feeds_agree_in_the_hub() {
        let ledger = Ledger::new(NetworkConfig::mainnet()).unwrap();
        let owner = Keypair::named("owner");
        ledger
            .create_account(&owner.account_id(), 1_000 * 10_000_000)
            .unwrap();
        let (feeds, hub) = (
            Feeds::deploy(&ledger, "operator"),
            Hub::deploy(&ledger, &owner),
        );
        let eth = Asset::issue(&ledger, "ETH");
        hub.list(
            &ledger,
            &eth,
            &Feed::ALL.map(|feed| feeds.source(feed, &eth)),
        );
        feeds.set_all(&ledger, &eth, 200 * PRICE_ONE);
        feeds.set(&ledger, Feed::Chainlink, &eth, 201 * PRICE_ONE);
        hub.poke(&ledger, &owner, &[&eth]);
        let reading = hub.fresh(&ledger, &eth);
        assert_eq!(
            (reading.median, reading.sources),
            (200 * PRICE_ONE, 3),
            "median of three"
        );
    }
}
