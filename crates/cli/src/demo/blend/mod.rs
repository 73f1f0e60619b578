//! Blend v2 as on mainnet: positions and the adapter on the borrowers' side, insured vaults on the lenders'.

mod auction;
mod deficit;
mod gambler;
mod lender;
mod lending;
mod liquidation;
mod loans;
mod losses;
mod standing;
mod telling;
mod vault;

use auction::Liquidator;
use gambler::Gambler;
use lender::Lender;
use liquidation::Unsettled;
use losses::Losses;

use super::robbery::Robbery;
use super::stage::Stage;

/// Blend with everybody who lends on it, or whose loan there ends badly.
pub struct Blend<'a> {
    lenders: Vec<Lender>,
    gamblers: Vec<Gambler<'a>>,
    liquidator: Liquidator,
    losses: Losses,
    /// How often insured positions were looked at before a part was taken.
    looks: u32,
    /// What liquidations took of insured loans and is not settled.
    unsettled: Vec<Unsettled>,
    robbery: Robbery,
}

impl<'a> Blend<'a> {
    /// Nobody has acted yet.
    pub fn new(stage: &Stage<'a>) -> Self {
        let terms = stage.scenario.reckless.iter();
        Self {
            lenders: Vec::new(),
            gamblers: terms.map(|terms| Gambler::new(stage, terms)).collect(),
            liquidator: Liquidator::new(stage),
            losses: Losses::default(),
            looks: 0,
            unsettled: Vec::new(),
            robbery: Robbery::default(),
        }
    }
}
