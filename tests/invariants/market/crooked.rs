//! A platform that lies: a market like any other when its loan was insured, whose code was changed since.

use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        flash_borrower::{Client, Step},
        loan_market, market_adapter, Call, OnLedger,
    },
    market::{deploy_platform, Market, MarketSetup, MARKET_LENDERS},
    wasm,
    world::{market_loan_group, World},
};

/// What the insured loan has.
const COLLATERAL: i128 = 10 * UNIT;
const DEBT: i128 = 5_000 * UNIT;

/// The platform, and the loan that was insured while it was honest.
pub struct Crooked {
    pub platform: ScAddress,
    pub loan: Option<ScAddress>,
}

impl Crooked {
    /// Founds it, lists it with the insurer in a group of its own, and lends to it.
    pub fn found(world: &World, market: &Market, group: u32) -> Self {
        let (ledger, owner) = (&world.ledger, &world.owner);
        let platform = deploy_platform(world, &MarketSetup::default());
        let set_insurer = platform.set_insurer(&market.insurer.0);
        set_insurer.send(ledger, owner).unwrap();
        let terms = market_loan_group(&market.insurer.0);
        let set_group = world.cover.set_group(group, &terms);
        set_group.send(ledger, owner).unwrap();
        let listed = market_adapter::InsuredMarket {
            advance_trigger: 11_200_000,
            grant_deductible: 1_000_000,
            grant_max: 5_000_000,
            grant_trigger: 1_500_000,
            lenders: MARKET_LENDERS,
            loans: group,
            peg: 0,
            peg_deductible: 0,
            platform: platform.0.clone(),
            least_rate: 400_000,
            target: 12_500_000,
        };
        let set_market = market.insurer.set_market(&listed);
        set_market.send(ledger, owner).unwrap();
        let lender = world.funded("deceived lender", 2 * DEBT);
        let supply = platform.supply(&lender, 2 * DEBT, 0);
        supply.send(ledger, &lender).unwrap();
        Self {
            platform: platform.0,
            loan: None,
        }
    }

    /// Opens its loan, insured against default.
    pub fn insure(&mut self, world: &World, borrower: &Keypair) {
        let request = loan_market::CoverRequest {
            limit: DEBT,
            max_premium: 1_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![loan_market::Peril::Default],
            route: loan_market::Route::Adapter,
            weeks: 13,
        };
        let platform = loan_market::Client(self.platform.clone());
        let borrow = platform.borrow(borrower, COLLATERAL, DEBT, &Some(request), &None);
        let (loan, _) = borrow.send(&world.ledger, borrower).unwrap();
        self.loan = Some(loan);
    }

    /// From now on it does what it is taught.
    pub fn change_code(&self, world: &World) {
        let (ledger, owner) = (&world.ledger, &world.owner);
        let code = ledger.upload(owner, wasm::FLASH_BORROWER).unwrap();
        let platform = loan_market::Client(self.platform.clone());
        let upgrade = platform.upgrade(&code, owner);
        upgrade.send(ledger, owner).unwrap();
    }

    /// Has it tell the insurer of a liquidation the next time that [`Self::speak`] is sent.
    pub fn learn(
        &self,
        world: &World,
        insurer: &market_adapter::Client,
        liquidation: &market_adapter::Liquidation,
    ) -> Result<(), InvokeError> {
        let loan = self.loan.as_ref().expect("insured at the start");
        let told = insurer.settle_liquidation(&self.platform, loan, liquidation, &world.keeper);
        let step = Step {
            args: told.args().expect("arguments fit").to_vec(),
            contract: told.contract,
            function: told.function.into(),
            pays: Vec::new(),
        };
        let learn = Client(self.platform.clone()).learn(&vec![step]);
        learn.send(&world.ledger, &world.keeper)
    }

    /// Has it do what it was taught.
    pub fn speak(&self, world: &World) -> Call<()> {
        let platform = Client(self.platform.clone());
        platform.exec_op(&world.keeper, &world.usdc.contract, 0, 0)
    }
}
