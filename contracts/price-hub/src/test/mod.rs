//! Tests, a file per source file, on a world of three feeds.

mod cells;
mod contract;
mod depreciation;
mod errors;
mod feed;
mod guardian;
mod packed;
mod reading;
mod source;
mod storage;
mod window;

use chainlink_feed::{ChainlinkFeed, ChainlinkFeedClient};
use interfaces::price::{Asset, Source, SourceKind, PRICE_ONE};
use redstone_feed::{RedstoneFeed, RedstoneFeedClient};
use reflector_feed::{ReflectorFeed, ReflectorFeedClient};
use soroban_sdk::testutils::{Address as _, BytesN as _, EnvTestConfig, Ledger as _};
use soroban_sdk::{symbol_short, vec, Address, BytesN, Env, Vec};

use crate::contract::{PriceHub, PriceHubClient};

/// Calls an entry of the hub with exactly one authorisation: `who` for this very call.
macro_rules! call_as {
    ($world:expr, $who:expr, $entry:ident($($argument:expr),*)) => {{
        use soroban_sdk::testutils::{MockAuth, MockAuthInvoke};
        use soroban_sdk::{IntoVal as _, Val, Vec};
        let args: Vec<Val> = ($($argument.clone(),)*).into_val(&$world.env);
        let name = stringify!($entry).trim_start_matches("try_");
        let sub_invokes = &[];
        let invoke = MockAuthInvoke { contract: &$world.hub.address, fn_name: name, args, sub_invokes };
        $world
            .hub
            .mock_auths(&[MockAuth { address: $who, invoke: &invoke }])
            .$entry($(&$argument),*)
    }};
}
pub(crate) use call_as;

/// The beginning of an hour.
pub const START: u64 = 1_700_002_800;

/// A dollar, as a hub price.
pub const DOLLAR: i128 = PRICE_ONE;

/// A token and its name at each feed.
#[derive(Clone)]
pub struct Token {
    pub address: Address,
    pub asset: Asset,
    pub feed_id: BytesN<32>,
}

/// A hub and three feeds.
pub struct World {
    pub env: Env,
    pub owner: Address,
    pub hub: PriceHubClient<'static>,
    pub reflector: ReflectorFeedClient<'static>,
    pub redstone: RedstoneFeedClient<'static>,
    pub chainlink: ChainlinkFeedClient<'static>,
}

impl World {
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_timestamp(START);
        let owner = Address::generate(&env);
        let admin = Address::generate(&env);
        let hub = env.register(PriceHub, (&owner,));
        let reflector = env.register(ReflectorFeed, (&admin,));
        let redstone = env.register(RedstoneFeed, (&admin,));
        let chainlink = env.register(ChainlinkFeed, (&admin,));
        Self {
            owner,
            hub: PriceHubClient::new(&env, &hub),
            reflector: ReflectorFeedClient::new(&env, &reflector),
            redstone: RedstoneFeedClient::new(&env, &redstone),
            chainlink: ChainlinkFeedClient::new(&env, &chainlink),
            env,
        }
    }

    /// A token that no one prices yet.
    pub fn token(&self) -> Token {
        let address = Address::generate(&self.env);
        let feed_id = BytesN::random(&self.env);
        Token {
            asset: Asset::Stellar(address.clone()),
            address,
            feed_id,
        }
    }

    /// A token listed with all three sources.
    pub fn listed(&self) -> Token {
        let token = self.token();
        self.list(&token, &self.sources(&token));
        token
    }

    pub fn list(&self, token: &Token, sources: &Vec<Source>) {
        self.hub
            .mock_all_auths()
            .set_sources(&token.address, sources);
    }

    /// Reflector, RedStone, Chainlink.
    pub fn sources(&self, token: &Token) -> Vec<Source> {
        let sep40 = || SourceKind::Sep40(token.asset.clone());
        vec![
            &self.env,
            Source {
                contract: self.reflector.address.clone(),
                kind: sep40(),
                venue: symbol_short!("reflector"),
                max_age: 600,
            },
            Source {
                contract: self.redstone.address.clone(),
                kind: sep40(),
                venue: symbol_short!("redstone"),
                max_age: 3_600,
            },
            Source {
                contract: self.chainlink.address.clone(),
                kind: SourceKind::Chainlink(token.feed_id.clone()),
                venue: symbol_short!("chainlink"),
                max_age: 3_600,
            },
        ]
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    pub fn pass(&self, seconds: u64) {
        self.env.ledger().set_timestamp(self.now() + seconds);
    }

    pub fn reflector_says(&self, token: &Token, price: i128) {
        self.reflector
            .mock_all_auths()
            .set_price(&token.asset, &price, &self.now());
    }

    /// `price` with 14 decimals, reported with RedStone's 8.
    pub fn redstone_says(&self, token: &Token, price: i128) {
        let price = price / 1_000_000;
        self.redstone
            .mock_all_auths()
            .set_price(&token.asset, &price, &self.now());
    }

    /// `price` with 14 decimals, reported with Chainlink's 18.
    pub fn chainlink_says(&self, token: &Token, price: i128) {
        let price = price * 10_000;
        self.chainlink
            .mock_all_auths()
            .set_price(&token.feed_id, &price, &self.now());
    }

    /// All three feeds say `price`, now.
    pub fn all_say(&self, token: &Token, price: i128) {
        self.reflector_says(token, price);
        self.redstone_says(token, price);
        self.chainlink_says(token, price);
    }

    /// Every token keeps its price while `pokes` pokes are made, `seconds` apart.
    pub fn hold(&self, prices: &[(&Token, i128)], pokes: u64, seconds: u64) {
        let mut assets = Vec::new(&self.env);
        for (token, _) in prices {
            assets.push_back(token.address.clone());
        }
        for _ in 0..pokes {
            self.pass(seconds);
            for (token, price) in prices {
                self.all_say(token, *price);
            }
            self.hub.poke(&assets);
        }
    }

    /// 26 hours of unchanging prices, poked hourly and in the end every five minutes.
    pub fn warm_up(&self, prices: &[(&Token, i128)]) {
        self.hold(prices, 25, 3_600);
        self.hold(prices, 12, 300);
    }
}
