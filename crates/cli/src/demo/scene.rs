//! The scene: the stage, who is on it whatever the platform, and what is written down on the way.

use super::borrower::Borrower;
use super::flows::Flows;
use super::invariants::Watch;
use super::probe::Manipulation;
use super::stage::Stage;

/// What a platform finds when it acts.
pub struct Scene<'a> {
    pub stage: Stage<'a>,
    pub flows: Flows,
    pub borrowers: Vec<Borrower>,
    pub watch: Watch,
    /// What was answered while the platform's price was manipulated, once it was.
    pub manipulation: Option<Manipulation>,
}

impl Scene<'_> {
    /// Whose loan it is.
    pub fn borrower(&mut self, loan: &localnet::xdr::ScAddress) -> Option<&mut Borrower> {
        self.borrowers
            .iter_mut()
            .find(|borrower| borrower.loan == *loan)
    }
}

/// Something that happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub time: u64,
    pub who: String,
    pub what: String,
}
