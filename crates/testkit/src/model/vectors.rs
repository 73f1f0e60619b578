//! The recorded runs in `tests/vectors/cover_pool.json`: every operation, its outcome and the state after it.
//!
//! They were recorded by another implementation of this model, in another language; again, with the same seeds, after ADR
//! 0013 changed the model.

use serde::Deserialize;

use super::{digits, CoverPool, State, Step, Terms};

/// The file's text.
pub const COVER_POOL: &str = include_str!("../../../../tests/vectors/cover_pool.json");

/// All recorded runs.
#[derive(Clone, Debug, Deserialize)]
pub struct Vectors {
    /// The terms they were recorded with.
    #[serde(rename = "constants")]
    pub terms: Terms,
    /// One per seed.
    pub sequences: Vec<Sequence>,
}

/// One recorded run.
#[derive(Clone, Debug, Deserialize)]
pub struct Sequence {
    /// What it is called by.
    pub seed: String,
    /// When its pool was made.
    #[serde(with = "digits")]
    pub start: u64,
    caps: Vec<Cap>,
    /// What happened.
    pub steps: Vec<Recorded>,
}

#[derive(Clone, Debug, Deserialize)]
struct Cap(#[serde(with = "digits")] i128);

/// One recorded step.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    /// What ran, and when.
    #[serde(flatten)]
    pub step: Step,
    /// What it returned, an amount or the number of a new entry; none for a poke.
    result: Option<String>,
    /// Why it was refused.
    refused: Option<String>,
    /// The state afterwards, as of the step's time.
    pub state: State,
}

impl Vectors {
    /// The recorded runs.
    ///
    /// # Errors
    /// When the file is not what this reader expects.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(COVER_POOL)
    }
}

impl Sequence {
    /// The caps of its groups, rates of NAV_lo.
    pub fn caps(&self) -> Vec<i128> {
        self.caps.iter().map(|cap| cap.0).collect()
    }

    /// The empty pool it starts with.
    pub fn pool(&self, terms: &Terms) -> CoverPool {
        CoverPool::new(terms.clone(), self.start, &self.caps())
    }
}

impl Recorded {
    /// What it returned in digits, 0 for a poke, or why it was refused, as [`super::Refused`] prints.
    pub fn outcome(&self) -> Result<String, String> {
        match &self.refused {
            Some(reason) => Err(reason.clone()),
            None => Ok(self.result.clone().unwrap_or_else(|| "0".to_owned())),
        }
    }
}
