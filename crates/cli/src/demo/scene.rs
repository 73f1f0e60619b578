//! The scene: the stage, who is on it whatever the platform, and what is written down on the way.

use localnet::xdr::ScAddress;

use super::borrower::Borrower;
use super::claims::Claim;
use super::flows::Flows;
use super::invariants::Watch;
use super::probe::Manipulation;
use super::stage::Stage;
use super::surrender::Surrender;
use super::waiting::Waiting;

/// What a platform finds when it acts.
pub struct Scene<'a> {
    pub stage: Stage<'a>,
    pub flows: Flows,
    pub borrowers: Vec<Borrower>,
    /// Claims of borrowers that wait, for these loans.
    pub waiting: Waiting<ScAddress>,
    pub surrender: Surrender,
    /// What covers paid beside advances and grants.
    pub claims: Vec<Claim>,
    /// What was settled for lenders, liquidated and sold.
    pub happenings: Vec<Happening>,
    pub watch: Watch,
    /// What was answered while the platform's price was manipulated, once it was.
    pub manipulation: Option<Manipulation>,
}

impl Scene<'_> {
    /// Whose loan it is.
    pub fn borrower(&mut self, loan: &ScAddress) -> Option<&mut Borrower> {
        self.borrowers
            .iter_mut()
            .find(|borrower| borrower.loan == *loan)
    }

    /// Tells what happened now.
    pub fn tell(&mut self, who: impl Into<String>, what: impl Into<String>) {
        self.happenings.push(Happening {
            time: self.stage.now(),
            who: who.into(),
            what: what.into(),
        });
    }

    /// Books what was paid for a claim that waited; those of advances and grants are not told as claims.
    pub fn was_finalized(&mut self, claim: u32, paid: i128) {
        let mut own = self.claims.iter_mut();
        if let Some(own) = own.find(|own| own.number == Some(claim)) {
            own.paid += paid;
        }
        self.surrender.was_paid(self.stage.now(), claim);
    }
}

/// Something that happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub time: u64,
    pub who: String,
    pub what: String,
}
