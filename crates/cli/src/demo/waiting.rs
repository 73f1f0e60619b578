//! Claims in their challenge window.

use actuary::claim::CHALLENGE_WINDOW;

/// Claims that wait for their window to pass, each with whom it is for.
#[derive(Clone, Debug)]
pub struct Waiting<Whom> {
    open: Vec<Open<Whom>>,
    filed: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Open<Whom> {
    claim: u32,
    whom: Whom,
    payable_at: u64,
}

impl<Whom> Default for Waiting<Whom> {
    fn default() -> Self {
        Self {
            open: Vec::new(),
            filed: Vec::new(),
        }
    }
}

impl<Whom> Waiting<Whom> {
    /// Takes note of a claim that waits for a court; whoever filed it settles it.
    pub fn note(&mut self, claim: u32) {
        self.filed.push(claim);
    }

    /// Takes note of a claim that was filed `now`.
    pub fn add(&mut self, now: u64, claim: u32, whom: Whom) {
        self.filed.push(claim);
        self.open.push(Open {
            claim,
            whom,
            payable_at: now + CHALLENGE_WINDOW,
        });
    }

    /// Takes out those whose window has passed.
    pub fn take_due(&mut self, now: u64) -> Vec<(u32, Whom)> {
        let (due, later) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|open: &Open<Whom>| open.payable_at <= now);
        self.open = later;
        let due: Vec<_> = due;
        due.into_iter()
            .map(|open: Open<Whom>| (open.claim, open.whom))
            .collect()
    }

    /// When the window of the last has passed, if any waits.
    pub fn until(&self) -> Option<u64> {
        self.open.iter().map(|open| open.payable_at).max()
    }

    /// All that ever waited.
    pub fn filed(&self) -> &[u32] {
        &self.filed
    }
}
