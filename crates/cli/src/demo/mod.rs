//! The demo: a scenario played over a path of prices, to the last unit.
//!
//! Everything shown is read from contracts on an embedded ledger: ours and Blend's mainnet wasm. [`play`] sets the stage,
//! lets everybody act at each point of the path, sees them off, and tells what became of them. What differs between the two
//! lending platforms is behind `platform.rs`, in the folders `blend` and `market`. Stories of votes, disputes and identities need no
//! path: they are in the folder `governance`.

mod all;
mod blend;
mod borrower;
mod claims;
mod epilogue;
mod flows;
mod governance;
mod invariants;
mod keeper;
mod liquidity;
mod market;
mod measured;
mod meter;
mod platform;
mod play;
mod probe;
mod reckless;
mod refusal;
mod robbery;
mod scene;
mod seen;
mod stage;
mod story;
mod surrender;
mod token;
mod via;
mod waiting;

use thiserror::Error;

pub use all::{play_all, Overall, Played};
pub use refusal::Ground;
pub use via::Via;

use crate::output::{Platform, Run};
use crate::prices::Prices;
use crate::scenario::Scenario;

/// What a demo depends on beside scenario and prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The lending platform.
    pub platform: Platform,
    /// The seed of every actor's keys.
    pub seed: u64,
    /// Where the contracts run.
    pub via: Via,
}

/// How far a demo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Points of the path, or steps of a story, that are played.
    pub done: u64,
    /// All of them.
    pub total: u64,
    /// What is happening.
    pub doing: &'a str,
}

/// A demo that could not be played to its end.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DemoError {
    /// A contract refused something without which there is no demo.
    #[error("{doing}: {reason}")]
    Refused {
        /// What was tried.
        doing: String,
        /// What the contract or the host said.
        reason: String,
        /// On which ground.
        ground: Ground,
    },
    /// A contract did what the story needs it to refuse, or refused it on another ground.
    #[error("{doing}: {found}, where the story needs a refusal: {expected}")]
    NotRefused {
        /// What was tried.
        doing: String,
        /// What came of it.
        found: String,
        /// The ground it must be refused on.
        expected: Ground,
    },
    /// The ledger does not show what the story tells.
    #[error("the ledger does not show that {what}")]
    NotSo {
        /// What the story tells.
        what: String,
    },
    /// The network that the demo is to run on is not there, or did not go on.
    #[error("the network does not answer: {0}")]
    Network(String),
    /// The loan's collateral comes to more, or less, than an asset of 7 decimals can count.
    #[error(
        "at a price of {price}, collateral for the loan is not countable in 7 decimals\n  \
         to do: scale the prices, or change `collateral_value` in the scenario"
    )]
    Uncountable {
        /// The first price.
        price: String,
    },
}

/// Plays `scenario` over `prices` and reports how far it is: by the points of the path, or by the steps of its story.
///
/// # Errors
/// [`DemoError`].
pub fn play(
    scenario: &Scenario,
    prices: &Prices,
    options: Options,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Run, DemoError> {
    if let Some(story) = scenario.story {
        return governance::play(story, scenario, prices, options, progress);
    }
    let total = prices.path.points.len() as u64;
    let mut report = |done: usize, doing: &str| {
        progress(Progress {
            done: done as u64,
            total,
            doing,
        });
    };
    report(0, "setting up");
    let mut play = play::Play::set_up(scenario, &prices.path, options)?;
    report(0, "opening loans and covers");
    play.open()?;
    for (index, point) in prices.path.points.iter().enumerate() {
        play.live_through(*point)?;
        report(index, "prices move");
    }
    report(prices.path.points.len(), "settling and leaving");
    play.leave()?;
    story::tell(&play, options.platform, prices)
}
