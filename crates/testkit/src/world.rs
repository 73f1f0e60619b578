//! The whole world on one ledger: Blend, tokens, feeds, hub, cover pool, adapter, insured vault and actors.

use std::{collections::BTreeMap, sync::Arc};

use localnet::{
    xdr::ScAddress, Auth, IntoArgs, InvokeError, Keypair, Ledger, NetworkConfig, Observer, Snapshot,
};

use crate::{
    asset::{Asset, UNIT},
    bindings::{
        blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, ins,
        insured_vault as vault, position, price_hub as hub, salvage, OnLedger,
    },
    blend::{deploy_comet, Blend, Pool, ReserveConfig},
    feeds::{Feed, Feeds, Hub, PRICE_ONE},
    simulations, wasm,
};

const HOUR: u64 = 3_600;
/// Seconds between looks at a quiet price: it holds for an hour, so none of the hub's hours stays without one.
pub const GLANCE: u64 = 7_000;

/// Group of the insured loans.
pub const LOANS: u32 = 0;
/// Group of the insured vault.
pub const DEPOSITS: u32 = 1;

/// Who founded the exchange and trades on it.
const MARKET_MAKER: &str = "market maker";

/// What a world starts with; [`Setup::default`] is one most tests can use.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Unix time of the first ledger.
    pub start_time: u64,
    /// Code of the settlement asset, which is lent, staked and paid; it costs 1 USD.
    pub settlement: String,
    /// Code of the collateral asset.
    pub collateral: String,
    /// Its price in USD, 14 decimals.
    pub price: i128,
    /// Its collateral factor on Blend, 7 decimals.
    pub c_factor: u32,
    /// Which feeds the hub asks for the collateral.
    pub collateral_feeds: Vec<Feed>,
    /// Further assets of the Blend pool with price and collateral factor, and whether the hub lists them.
    pub others: Vec<Other>,
    /// Shares of the exchange in Blend's backstop.
    pub backstop_shares: i128,
    /// USDC that lenders outside the vault supply to Blend.
    pub lent: i128,
    /// Liability factor of every reserve, 7 decimals.
    pub l_factor: u32,
    /// The part of the interest that Blend's backstop takes, 7 decimals.
    pub take_rate: u32,
    /// USDC in an exchange of collateral for USDC, where rescues may buy; 0: there is none.
    pub exchange_depth: i128,
    /// Whether a failed call says what the host said; long random runs go without.
    pub explain_failures: bool,
    /// Whether calls declare all that they touch as written, which is quicker where costs do not matter.
    pub has_wide_footprints: bool,
    /// Who sees calls compared with their simulations; where footprints are wide, none are.
    pub observer: Option<Arc<dyn Observer>>,
    /// Whether the issuer of the settlement asset may take it back from its holders.
    pub has_clawback: bool,
    /// Reference price of the collateral peril, 14 decimals; 0: that peril is not sold.
    pub peg: i128,
    /// The part of it that the insured bear, 1e7 = 100 %.
    pub peg_deductible: u32,
}

/// A further asset of the Blend pool.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its code.
    pub code: String,
    /// Its price in USD, 14 decimals.
    pub price: i128,
    /// Its collateral factor on Blend, 7 decimals.
    pub c_factor: u32,
    /// Which feeds the hub asks; none: it is not listed.
    pub feeds: Vec<Feed>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            start_time: 1_767_225_600,
            settlement: "USDC".into(),
            collateral: "ETH".into(),
            price: 2_000 * PRICE_ONE,
            c_factor: 7_500_000,
            collateral_feeds: Feed::ALL.to_vec(),
            others: Vec::new(),
            backstop_shares: 50_000 * UNIT,
            lent: 5_000_000 * UNIT,
            l_factor: 9_500_000,
            take_rate: 1_000_000,
            exchange_depth: 0,
            explain_failures: true,
            has_wide_footprints: false,
            observer: Some(simulations::observer()),
            has_clawback: false,
            peg: 0,
            peg_deductible: 1_000_000,
        }
    }
}

impl Setup {
    /// The settings of the network that the world is built on.
    #[must_use]
    pub fn network(&self) -> NetworkConfig {
        let mut config = NetworkConfig::mainnet();
        config.start_time = self.start_time;
        config.explain_failures = self.explain_failures;
        config.has_wide_footprints = self.has_wide_footprints;
        config.observer = self.observer.clone();
        config
    }
}

/// Everything a test or the demo plays with.
pub struct World {
    /// The ledger.
    pub ledger: Ledger,
    /// The settlement asset: USDC unless the set-up names another.
    pub usdc: Asset,
    /// The collateral asset.
    pub collateral: Asset,
    /// Further assets of the Blend pool, by code.
    pub others: BTreeMap<String, Asset>,
    /// The feeds that the hub asks.
    pub feeds: Feeds,
    /// Blend's own oracle: one Reflector-like feed.
    pub platform_oracle: Feeds,
    /// The price hub.
    pub hub: Hub,
    /// Blend.
    pub blend: Blend,
    /// The lending pool.
    pub pool: Pool,
    /// The exchange of collateral for USDC, if there is one.
    pub exchange: Option<ScAddress>,
    /// The cover pool.
    pub cover: cover::Client,
    /// Its policies as a token.
    pub ins: ins::Client,
    /// The Blend adapter.
    pub adapter: adapter::Client,
    /// Where collateral that positions surrendered is sold.
    pub salvage: salvage::Client,
    /// The contract for Blend's lenders.
    pub lenders: lenders::Client,
    /// Who owns hub, cover pool, adapter, lenders' contract and vault.
    pub owner: Keypair,
    /// Who pokes, rescues and settles.
    pub keeper: Keypair,
    prices: std::cell::RefCell<BTreeMap<String, i128>>,
}

impl World {
    /// Builds the world and lets the hub watch constant prices for 26 hours.
    pub fn new(setup: &Setup) -> Self {
        Self::on(Ledger::new(setup.network()).unwrap(), setup)
    }

    /// As [`World::new`], on an empty ledger with the settings of [`Setup::network`].
    pub fn on(ledger: Ledger, setup: &Setup) -> Self {
        let (owner, keeper) = (actor(&ledger, "owner"), actor(&ledger, "keeper"));
        let usdc = Asset::issue(&ledger, &setup.settlement);
        if setup.has_clawback {
            usdc.enable_clawback(&ledger);
        }
        let collateral = Asset::issue(&ledger, &setup.collateral);
        let mut blend = Blend::deploy(&ledger, &usdc);
        blend.take_rate = setup.take_rate;
        let (feeds, platform_oracle) = (
            Feeds::deploy(&ledger, "feed operator"),
            Feeds::deploy(&ledger, "platform oracle"),
        );
        let hub = Hub::deploy(&ledger, &owner);
        let others: BTreeMap<_, _> = setup
            .others
            .iter()
            .map(|other| (other.code.clone(), Asset::issue(&ledger, &other.code)))
            .collect();
        let l_factor = setup.l_factor;
        let mut reserves = vec![(&usdc, ReserveConfig::usual(9_500_000, l_factor))];
        reserves.push((&collateral, ReserveConfig::usual(setup.c_factor, l_factor)));
        for other in &setup.others {
            reserves.push((
                &others[&other.code],
                ReserveConfig::usual(other.c_factor, l_factor),
            ));
        }
        let pool = blend.create_pool(
            &ledger,
            "insured",
            &platform_oracle.reflector,
            &reserves,
            setup.backstop_shares,
        );
        let cover = deploy_cover_pool(&ledger, &owner, &usdc);
        let named = (&cover.0, "Vangnet insured", "INS");
        let ins = ins::Client(ledger.deploy(&owner, wasm::INS, named).unwrap());
        let exchange =
            (setup.exchange_depth > 0).then(|| deploy_exchange(&ledger, &collateral, &usdc, setup));
        let (adapter, salvage) =
            deploy_adapter(&ledger, &owner, &cover, &hub, &blend, exchange.clone());
        let lenders = deploy_lenders(&ledger, &owner, &cover, &hub, &blend);
        usdc.trust(&ledger, &keeper);
        let world = Self {
            ledger,
            usdc,
            collateral,
            others,
            feeds,
            platform_oracle,
            hub,
            blend,
            pool,
            exchange,
            cover,
            ins,
            adapter,
            salvage,
            lenders,
            owner,
            keeper,
            prices: Default::default(),
        };
        world.open_for_business(setup);
        world
    }

    /// Lists prices, warms the hub up, sets groups, markets and lenders.
    fn open_for_business(&self, setup: &Setup) {
        let list = |asset: &Asset, feeds: &[Feed]| {
            let sources: Vec<_> = feeds
                .iter()
                .map(|feed| self.feeds.source(*feed, asset))
                .collect();
            if !sources.is_empty() {
                self.hub.list(&self.ledger, asset, &sources);
            }
        };
        list(&self.usdc, &Feed::ALL);
        list(&self.collateral, &setup.collateral_feeds);
        self.set_price(&self.usdc, PRICE_ONE);
        self.set_price(&self.collateral, setup.price);
        for other in &setup.others {
            let asset = &self.others[&other.code];
            list(asset, &other.feeds);
            self.set_price(asset, other.price);
        }
        self.warm_up();
        if setup.lent > 0 {
            self.lend("first lender", setup.lent);
        }
        self.list_loans(setup);
        self.list_deposits();
    }

    /// Sets the group and the market of loans against the collateral.
    fn list_loans(&self, setup: &Setup) {
        let group = loan_group(&self.adapter.0, &self.pool.address);
        self.cover
            .set_group(LOANS, &group)
            .send(&self.ledger, &self.owner)
            .unwrap();
        let market = adapter::Market {
            advance_trigger: 11_200_000,
            collateral: self.collateral.contract.clone(),
            grant_deductible: 1_000_000,
            grant_max: 5_000_000,
            grant_trigger: 1_500_000,
            group: LOANS,
            peg: setup.peg,
            peg_deductible: setup.peg_deductible,
            platform: self.pool.address.clone(),
            rho_min: 400_000,
            target: 12_500_000,
        };
        self.adapter
            .set_market(&market)
            .send(&self.ledger, &self.owner)
            .unwrap();
    }

    /// Sets the group of insured vaults.
    fn list_deposits(&self) {
        self.cover
            .set_group(DEPOSITS, &deposit_group(&self.lenders.0))
            .send(&self.ledger, &self.owner)
            .unwrap();
    }

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

    /// Sets an asset's price, 14 decimals, on all feeds and on Blend's oracle, and keeps it there.
    pub fn set_price(&self, asset: &Asset, price: i128) {
        self.prices.borrow_mut().insert(asset.code.clone(), price);
        self.feeds.set_all(&self.ledger, asset, price);
        self.platform_oracle
            .set(&self.ledger, Feed::Reflector, asset, price);
    }

    /// Publishes every price again as of now, and lets the hub look.
    pub fn tick(&self) {
        let prices = self.prices.borrow().clone();
        for (code, price) in prices {
            self.set_price(self.asset(&code), price);
        }
        self.hub.poke(&self.ledger, &self.keeper, &self.assets());
    }

    /// Lets `seconds` pass with all prices as they are, in steps of five minutes.
    pub fn watch(&self, seconds: u64) {
        let end = self.ledger.now() + seconds;
        while self.ledger.now() < end {
            self.ledger.advance(300.min(end - self.ledger.now()));
            self.tick();
        }
    }

    /// Lets `seconds` pass with all prices as they are, looked at now and then, and every five minutes at the end: all that
    /// the hub needs to trust its window. Without a full day it may not.
    pub fn sleep(&self, seconds: u64) {
        let dense = seconds.min(HOUR / 2);
        let end = self.ledger.now() + (seconds - dense);
        // What lies before the hub's window of 24 hours does not count for it.
        self.ledger
            .advance((seconds - dense).saturating_sub(26 * HOUR));
        while self.ledger.now() < end {
            self.ledger.advance(GLANCE.min(end - self.ledger.now()));
            self.tick();
        }
        self.watch(dense);
    }

    /// As long as the hub needs to trust its prices.
    fn warm_up(&self) {
        self.sleep(26 * HOUR);
    }

    /// All assets, the settlement asset first.
    pub fn assets(&self) -> Vec<&Asset> {
        let mut assets = vec![&self.usdc, &self.collateral];
        assets.extend(self.others.values());
        assets
    }

    /// The asset with this code.
    pub fn asset(&self, code: &str) -> &Asset {
        self.assets()
            .into_iter()
            .find(|asset| asset.code == code)
            .unwrap()
    }

    /// An account with XLM for fees that trusts all assets.
    pub fn actor(&self, name: &str) -> Keypair {
        let key = actor(&self.ledger, name);
        for asset in self.assets() {
            asset.trust(&self.ledger, &key);
        }
        key
    }

    /// An actor with `amount` of USDC.
    pub fn funded(&self, name: &str, amount: i128) -> Keypair {
        let key = self.actor(name);
        self.usdc.mint(&self.ledger, &key.address(), amount);
        key
    }

    /// A lender who supplies USDC straight to Blend.
    pub fn lend(&self, name: &str, amount: i128) -> Keypair {
        let lender = self.funded(name, amount);
        self.pool
            .request(&self.ledger, &lender, 0, &self.usdc.contract, amount)
            .unwrap();
        lender
    }

    /// Opens a loan with cover as asked. Returns the position and what was quoted.
    pub fn open_loan(
        &self,
        owner: &Keypair,
        collateral: i128,
        debt: i128,
        insure: Option<adapter::CoverRequest>,
    ) -> Result<(position::Client, Option<adapter::Quote>), InvokeError> {
        let loan = adapter::Loan {
            collateral,
            collateral_asset: self.collateral.contract.clone(),
            debt,
            platform: self.pool.address.clone(),
        };
        let call = self.adapter.open_loan(owner, &loan, &insure);
        let (address, quote) = call.send(&self.ledger, owner)?;
        Ok((position::Client(address), quote))
    }

    /// The policy of a position, as of now.
    pub fn policy(&self, position: &position::Client) -> Option<cover::Policy> {
        let interest = cover::Interest(position.0.clone(), cover::Class::Loan);
        self.cover.policy(&interest).view(&self.ledger).unwrap()
    }

    /// Lets the hub note that the collateral has fallen.
    pub fn trigger(&self) -> hub::DepreciationEvent {
        let (collateral, debt) = (&self.collateral.contract, &self.usdc.contract);
        let call = hub::Client(self.hub.address.clone()).trigger(collateral, debt);
        call.send(&self.ledger, &self.keeper).unwrap()
    }

    /// Sells so much collateral on the exchange that its price falls to `price`, 14 decimals.
    pub fn trade_exchange_to(&self, price: i128) {
        let exchange = self.exchange.as_ref().unwrap();
        let (token_in, token_out) = (&self.collateral.contract, &self.usdc.contract);
        let held = self.collateral.balance(&self.ledger, exchange);
        let product = held * self.usdc.balance(&self.ledger, exchange);
        let amount = (product / price * PRICE_ONE).isqrt() - held;
        let maker = Keypair::named(MARKET_MAKER);
        self.collateral.mint(&self.ledger, &maker.address(), amount);
        let args = (token_in, amount, token_out, 0_i128, i128::MAX, &maker);
        let swap = "swap_exact_amount_in";
        self.ledger
            .call(&maker, exchange, swap, args, Auth::Sign(&[]))
            .unwrap();
    }

    /// The health of a position.
    pub fn health(&self, position: &position::Client) -> adapter::Health {
        self.adapter.health(&position.0).view(&self.ledger).unwrap()
    }

    /// An LP who stakes USDC in the cover pool.
    pub fn stake(&self, name: &str, amount: i128) -> Keypair {
        let lp = self.funded(name, amount);
        self.cover
            .stake(&lp, amount, 1)
            .send(&self.ledger, &lp)
            .unwrap();
        lp
    }

    /// Brings the ledger back to `snapshot`.
    pub fn revert(&self, snapshot: &Snapshot) {
        self.ledger.revert(snapshot);
    }
}

/// An account with XLM for fees.
fn actor(ledger: &Ledger, name: &str) -> Keypair {
    let key = Keypair::named(name);
    ledger
        .create_account(&key.account_id(), 1_000_000 * 10_000_000)
        .unwrap();
    key
}

/// The pool's starting terms.
#[must_use]
pub fn starting_terms() -> cover::Terms {
    cover::Terms {
        advance_fee: 50_000,
        base_max_age: 7 * 24 * HOUR,
        bounty: UNIT / 2,
        bounty_prepaid: UNIT / 2,
        daily_share: 500_000,
        instant_max: 25_000 * UNIT,
        instant_share: 100_000,
        min_premium: UNIT,
    }
}

/// Starting terms of a group of loans: advances and grants.
#[must_use]
pub fn loan_group(adapter: &ScAddress, platform: &ScAddress) -> cover::GroupTerms {
    cover::GroupTerms {
        adapter: adapter.clone(),
        cap: 4_000_000,
        class: cover::Class::Loan,
        deductible: 0,
        knots: usual_knots(),
        perils: vec![
            peril(cover::Peril::Advance, 150_000, 0, 7_000_000),
            peril(cover::Peril::Grant, 1_200_000, 1_000_000, 8_000_000),
            peril(cover::Peril::Liquidation, 200_000, 3_000_000, 8_000_000),
            peril(cover::Peril::Collateral, 150_000, 0, 8_000_000),
        ],
        platform: Some(platform.clone()),
        rate_max: 5_000_000,
        rate_min: 10_000,
        subject_cap: 200_000,
    }
}

/// Starting terms of a group of insured vaults: defaults and deficits.
#[must_use]
pub fn deposit_group(lenders: &ScAddress) -> cover::GroupTerms {
    let default = peril(cover::Peril::Default, 150_000, 500_000, 10_000_000);
    let contract = peril(cover::Peril::Contract, 250_000, 0, 10_000_000);
    cover::GroupTerms {
        adapter: lenders.clone(),
        cap: 1_000_000,
        class: cover::Class::Deposit,
        deductible: 0,
        knots: usual_knots(),
        perils: vec![
            cover::PerilTerms {
                waiting: 72 * HOUR,
                ..default
            },
            cover::PerilTerms {
                waiting: 14 * 24 * HOUR,
                ..contract
            },
        ],
        platform: None,
        rate_max: 5_000_000,
        rate_min: 10_000,
        subject_cap: 1_000_000,
    }
}

/// One up to an l of 0.5, rising to four at 0.8.
#[must_use]
pub fn usual_knots() -> Vec<cover::Knot> {
    [
        (0, 10_000_000),
        (5_000_000, 10_000_000),
        (6_000_000, 20_000_000),
        (7_000_000, 30_000_000),
        (8_000_000, 40_000_000),
    ]
    .map(|(ltv, factor)| cover::Knot { factor, ltv })
    .to_vec()
}

/// A peril with a day's waiting period and a base rate that the risk role may halve or double.
#[must_use]
pub fn peril(peril: cover::Peril, base: u32, kappa: u32, max_ltv: u32) -> cover::PerilTerms {
    cover::PerilTerms {
        base,
        base_max: base * 2,
        base_min: base / 2,
        kappa,
        max_ltv,
        peril,
        waiting: 24 * HOUR,
    }
}

fn deploy_cover_pool(ledger: &Ledger, owner: &Keypair, usdc: &Asset) -> cover::Client {
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
fn deploy_exchange(ledger: &Ledger, collateral: &Asset, usdc: &Asset, setup: &Setup) -> ScAddress {
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
fn deploy_adapter(
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

fn deploy_lenders(
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

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn an_insured_loan_is_rescued_in_a_fall() {
        let world = World::new(&Setup::default());
        world.stake("lp", 2_000_000 * UNIT);
        let borrower = world.funded("borrower", 1_000 * UNIT);
        world
            .collateral
            .mint(&world.ledger, &borrower.address(), 10 * UNIT);
        let request = adapter::CoverRequest {
            limit: 4_000 * UNIT,
            max_premium: 100 * UNIT,
            max_rate: 0,
            perils: vec![adapter::Peril::Advance],
            route: adapter::Route::Repay,
            weeks: 8,
        };
        let (position, quote) = world
            .open_loan(&borrower, 10 * UNIT, 8_000 * UNIT, Some(request))
            .unwrap();
        println!("quote {quote:?}");
        let before = world.health(&position);
        world.watch(25 * HOUR);
        world.set_price(&world.collateral, 1_200 * PRICE_ONE);
        world.tick();
        println!("before {before:?} fallen {:?}", world.health(&position));
        let outcomes = world
            .adapter
            .rescue(&vec![position.0.clone()], &world.keeper)
            .send(&world.ledger, &world.keeper)
            .unwrap();
        println!("{outcomes:?} after {:?}", world.health(&position));
        assert!(world.health(&position).platform > 12_400_000, "rescued");
        assert!(
            matches!(
                outcomes[..],
                [adapter::Outcome::Done(adapter::Settlement::Paid(_))]
            ),
            "paid"
        );
    }
}
