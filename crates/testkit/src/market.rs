//! A lending platform of one's own in the world: the loan market, its insurer, and the salvage of surrendered collateral.

use localnet::{xdr::ScAddress, InvokeError, Keypair, Ledger};

use crate::{
    bindings::{
        loan_market, market_adapter,
        market_adapter::{InsuredMarket, MarketAdapterConfig},
        salvage, OnLedger,
    },
    wasm,
    world::{deploy_with_salvage, market_lender_group, market_loan_group, World},
};

/// Group of the market's loans.
pub const MARKET_LOANS: u32 = 2;
/// Group of its lenders.
pub const MARKET_LENDERS: u32 = 3;

/// What a market starts with.
#[derive(Clone, Debug)]
pub struct MarketSetup {
    /// Safe up to this part of the collateral's value, 1e7 = 100 %.
    pub liquidation_ltv: u32,
    /// Collateral per value repaid in a liquidation, 1e7 = 1.
    pub incentive: u32,
    /// Reference price of the collateral peril, 14 decimals; 0: that peril is not sold.
    pub peg: i128,
    /// The part of it that the insured bear, 1e7 = 100 %.
    pub peg_deductible: u32,
    /// USDC that a first lender supplies.
    pub lent: i128,
}

impl Default for MarketSetup {
    fn default() -> Self {
        Self {
            liquidation_ltv: 8_000_000,
            incentive: 10_500_000,
            peg: 0,
            peg_deductible: 1_000_000,
            lent: 1_000_000 * crate::asset::UNIT,
        }
    }
}

/// A market whose loans are insured.
#[derive(Clone, Debug)]
pub struct Market {
    /// The lending platform: the world's collateral against USDC.
    pub platform: loan_market::Client,
    /// Its insurer.
    pub insurer: market_adapter::Client,
    /// Where surrendered collateral is sold.
    pub salvage: salvage::Client,
    /// Its first lender.
    pub lender: Keypair,
}

impl Market {
    /// Founds a market for the world's collateral, sells cover of it in [`MARKET_LOANS`] and [`MARKET_LENDERS`], and lends to it.
    pub fn found(world: &World, setup: &MarketSetup) -> Self {
        let (ledger, owner) = (&world.ledger, &world.owner);
        let platform = deploy_platform(world, setup);
        let (insurer, salvage) = deploy_insurer(world);
        let set_insurer = platform.set_insurer(&insurer.0);
        set_insurer.send(ledger, owner).unwrap();
        let groups = [
            (MARKET_LOANS, market_loan_group(&insurer.0)),
            (MARKET_LENDERS, market_lender_group(&insurer.0)),
        ];
        for (number, group) in groups {
            let set_group = world.cover.set_group(number, &group);
            set_group.send(ledger, owner).unwrap();
        }
        let listed = insurer.set_market(&insured_market(&platform.0, setup));
        listed.send(ledger, owner).unwrap();
        let lender = world.funded("market lender", setup.lent);
        if setup.lent > 0 {
            let supplied = platform.supply(&lender, setup.lent, 0);
            supplied.send(ledger, &lender).unwrap();
        }
        Self {
            platform,
            insurer,
            salvage,
            lender,
        }
    }

    /// Opens a loan, insured in the same call when asked. Returns its address and what was quoted.
    ///
    /// # Errors
    /// Any refusal of the market or the insurer.
    pub fn borrow(
        &self,
        ledger: &Ledger,
        owner: &Keypair,
        collateral: i128,
        amount: i128,
        insure: Option<loan_market::CoverRequest>,
    ) -> Result<(ScAddress, Option<loan_market::Quote>), InvokeError> {
        let call = self
            .platform
            .borrow(owner, collateral, amount, &insure, &None);
        call.send(ledger, owner)
    }

    /// A loan as the market's books have it.
    pub fn loan(&self, ledger: &Ledger, loan: &ScAddress) -> loan_market::LoanFacts {
        self.platform.loan(loan).view(ledger).unwrap()
    }

    /// The market's books as of now.
    pub fn state(&self, ledger: &Ledger) -> loan_market::MarketState {
        self.platform.state().view(ledger).unwrap()
    }
}

/// A market without insurer and lenders.
pub fn deploy_platform(world: &World, setup: &MarketSetup) -> loan_market::Client {
    let config = loan_market::MarketConfig {
        asset: world.usdc.contract.clone(),
        collateral: world.collateral.contract.clone(),
        incentive: setup.incentive,
        liquidation_ltv: setup.liquidation_ltv,
        price_hub: world.hub.address.clone(),
        rates: loan_market::RateModel {
            base: 100_000,
            slope: 300_000,
            steep: 5_000_000,
            target: 8_000_000,
        },
    };
    let (ledger, owner) = (&world.ledger, &world.owner);
    let platform = ledger.deploy(owner, wasm::LOAN_MARKET, (owner, config));
    loan_market::Client(platform.unwrap())
}

/// The insurer and its salvage, which know each other.
fn deploy_insurer(world: &World) -> (market_adapter::Client, salvage::Client) {
    let config = |salvage: &ScAddress| MarketAdapterConfig {
        cover_pool: world.cover.0.clone(),
        price_hub: world.hub.address.clone(),
        salvage: Some(salvage.clone()),
    };
    let founders = (&world.ledger, &world.owner, &world.cover);
    let (insurer, salvage) = deploy_with_salvage(founders, wasm::MARKET_ADAPTER, config);
    (market_adapter::Client(insurer), salvage)
}

fn insured_market(platform: &ScAddress, setup: &MarketSetup) -> InsuredMarket {
    InsuredMarket {
        advance_trigger: 11_200_000,
        grant_deductible: 1_000_000,
        grant_max: 5_000_000,
        grant_trigger: 1_500_000,
        lenders: MARKET_LENDERS,
        loans: MARKET_LOANS,
        peg: setup.peg,
        peg_deductible: setup.peg_deductible,
        platform: platform.clone(),
        least_rate: 400_000,
        target: 12_500_000,
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::{asset::UNIT, feeds::PRICE_ONE, world::Setup};

    #[test]
    fn an_insured_loan_of_the_market_is_rescued_in_a_fall() {
        let world = World::new(&Setup::default());
        world.stake("lp", 2_000_000 * UNIT);
        let market = Market::found(&world, &MarketSetup::default());
        let borrower = world.funded("borrower", 0);
        let collateral = &world.collateral;
        collateral.mint(&world.ledger, &borrower.address(), 10 * UNIT);
        let request = loan_market::CoverRequest {
            limit: 4_000 * UNIT,
            max_premium: 100 * UNIT,
            max_rate: 0,
            perils: vec![loan_market::Peril::Advance],
            route: loan_market::Route::Adapter,
            weeks: 8,
        };
        let opened = market.borrow(
            &world.ledger,
            &borrower,
            10 * UNIT,
            10_000 * UNIT,
            Some(request),
        );
        let (loan, quote) = opened.unwrap();
        let premium = quote.unwrap().premium;
        let left = world.usdc.balance(&world.ledger, &borrower.address());
        assert_eq!(left, 10_000 * UNIT - premium, "the premium comes out of it");
        world.watch(25 * 3_600);
        world.set_price(&world.collateral, 1_300 * PRICE_ONE);
        world.tick();
        let debt = market.loan(&world.ledger, &loan).debt;
        let rescue = market.insurer.rescue(&vec![loan.clone()], &world.keeper);
        let outcomes = rescue.send(&world.ledger, &world.keeper).unwrap();
        let [market_adapter::Outcome::Done(market_adapter::Settlement::Paid(drawn))] = outcomes[..]
        else {
            panic!("{outcomes:?}");
        };
        let left = market.loan(&world.ledger, &loan).debt;
        assert_eq!(left, debt - drawn, "repaid");
    }
}
