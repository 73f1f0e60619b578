//! The whole world on one ledger: Blend, tokens, feeds, hub, cover pool, adapter, insured vault and actors.

mod deploy;
mod prices;
mod setup;
mod terms;

use std::collections::BTreeMap;

use localnet::{xdr::ScAddress, InvokeError, Keypair, Ledger};

use crate::{
    asset::Asset,
    bindings::{
        blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, ins, position,
        salvage, OnLedger,
    },
    blend::{Blend, Pool, ReserveConfig},
    feeds::{Feed, Feeds, Hub, PRICE_ONE},
    wasm,
};

pub(crate) use deploy::deploy_with_salvage;
use deploy::{actor, deploy_adapter, deploy_cover_pool, deploy_exchange, deploy_lenders};
pub use prices::GLANCE;
pub use setup::{Other, Setup};
pub use terms::{
    deposit_group, loan_group, market_lender_group, market_loan_group, peril, starting_terms,
    usual_knots,
};

/// Group of the insured loans.
pub const LOANS: u32 = 0;
/// Group of the insured vault.
pub const DEPOSITS: u32 = 1;

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
        let reserves = reserves(setup, &usdc, &collateral, &others);
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
            least_rate: 400_000,
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

    /// An LP who stakes USDC in the cover pool.
    pub fn stake(&self, name: &str, amount: i128) -> Keypair {
        let lp = self.funded(name, amount);
        self.cover
            .stake(&lp, amount, 1)
            .send(&self.ledger, &lp)
            .unwrap();
        lp
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

    /// The health of a position.
    pub fn health(&self, position: &position::Client) -> adapter::Health {
        self.adapter.health(&position.0).view(&self.ledger).unwrap()
    }
}

/// What the lending pool holds: the settlement asset, the collateral, and further assets by code.
fn reserves<'a>(
    setup: &Setup,
    usdc: &'a Asset,
    collateral: &'a Asset,
    others: &'a BTreeMap<String, Asset>,
) -> Vec<(&'a Asset, ReserveConfig)> {
    let usual = |c_factor| ReserveConfig::usual(c_factor, setup.l_factor);
    let mut reserves = vec![
        (usdc, usual(9_500_000)),
        (collateral, usual(setup.c_factor)),
    ];
    let others = setup
        .others
        .iter()
        .map(|other| (&others[&other.code], usual(other.c_factor)));
    reserves.extend(others);
    reserves
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::{asset::UNIT, model::HOUR};

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
        let (position, _) = world
            .open_loan(&borrower, 10 * UNIT, 8_000 * UNIT, Some(request))
            .unwrap();
        world.watch(25 * HOUR);
        world.set_price(&world.collateral, 1_200 * PRICE_ONE);
        world.tick();
        let outcomes = world
            .adapter
            .rescue(&vec![position.0.clone()], &world.keeper)
            .send(&world.ledger, &world.keeper)
            .unwrap();
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
