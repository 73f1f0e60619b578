//! The loan market of our own: loans that are insured by the tick of a box, and their insurer.
//!
//! There are two markets on the stage: the insured one, and its twin with the same deposits and the same reckless loans,
//! where nobody has cover.

mod books;
mod deficit;
mod lender;
mod lending;
mod liquidation;
mod loans;
mod reckless;
mod telling;

use actuary::{Price, Rate, FULL_RATE};
use localnet::Keypair;
use testkit::bindings::{cover_pool as cover, loan_market};
use testkit::market::{deploy_platform, Market as Founded, MarketSetup};

use super::robbery::Robbery;
use super::stage::{peg, seven_decimals, Stage};
use super::surrender::BORNE;
use super::waiting::Waiting;
use books::Books;
use lender::Lender;
use reckless::Reckless;

/// Which of the two markets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one with an insurer.
    Insured,
    /// The one without.
    Twin,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Insured, Self::Twin];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Insured => "insured market",
            Self::Twin => "twin market",
        }
    }

    /// What its lenders are called together.
    pub fn lenders(self) -> String {
        format!("lenders of the {}", self.name())
    }
}

/// Both markets with everybody who lends there, or whose loan there ends badly.
pub struct Market<'a> {
    founded: Founded,
    twin: loan_market::Client,
    insured_books: Books,
    twin_books: Books,
    /// The collateral's price when loans were opened.
    first_price: Price,
    lenders: Vec<Lender>,
    reckless: Vec<Reckless<'a>>,
    /// Cover of the insured market's lenders as a whole.
    lenders_quote: Option<cover::Quote>,
    lenders_policy: Option<cover::Policy>,
    robbery: Robbery,
    liquidator: Keypair,
    /// Claims of lenders that wait.
    waiting: Waiting<()>,
}

impl<'a> Market<'a> {
    /// Nobody has acted yet.
    pub fn new(stage: &Stage<'a>) -> Self {
        let (scenario, world) = (stage.scenario, &stage.world);
        let factors = &scenario.platform;
        let liquidation_ltv =
            factors.collateral_factor.raw() * factors.liability_factor.raw() / FULL_RATE;
        let setup = MarketSetup {
            // Where Blend would liquidate.
            liquidation_ltv: seven_decimals(Rate::from_raw(liquidation_ltv)),
            peg: peg(scenario),
            peg_deductible: seven_decimals(BORNE),
            lent: 0,
            ..MarketSetup::default()
        };
        Self {
            founded: Founded::found(world, &setup),
            twin: deploy_platform(world, &setup),
            insured_books: Books::default(),
            twin_books: Books::default(),
            lenders: Vec::new(),
            reckless: scenario.reckless.iter().map(Reckless::new).collect(),
            lenders_quote: None,
            lenders_policy: None,
            first_price: stage.market,
            robbery: Robbery::default(),
            liquidator: stage.liquidator(),
            waiting: Waiting::default(),
        }
    }

    /// The market of a side.
    fn platform(&self, side: Side) -> &loan_market::Client {
        match side {
            Side::Insured => &self.founded.platform,
            Side::Twin => &self.twin,
        }
    }

    fn books(&self, side: Side) -> &Books {
        match side {
            Side::Insured => &self.insured_books,
            Side::Twin => &self.twin_books,
        }
    }

    fn books_mut(&mut self, side: Side) -> &mut Books {
        match side {
            Side::Insured => &mut self.insured_books,
            Side::Twin => &mut self.twin_books,
        }
    }
}
