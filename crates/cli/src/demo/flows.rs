//! The cover pool's money by what it was for, as the calls themselves reported it.

/// Sums in the smallest unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flows {
    /// For the dead shares, when the pool was opened.
    pub seed: i128,
    /// By LPs.
    pub staked: i128,
    /// Premiums, fees included.
    pub premiums: i128,
    /// The protocol's part of them.
    pub fees: i128,
    /// Of cancelled covers.
    pub refunds: i128,
    /// Claims that are given away.
    pub paid: i128,
    /// The part of them that the reserve bore.
    pub from_reserve: i128,
    /// Advances.
    pub drawn: i128,
    /// Principal and fees of advances that came back.
    pub repaid: i128,
    /// Proceeds of surrendered collateral.
    pub salvaged: i128,
    /// Bonds of challenges and appeals.
    pub bonds: i128,
    /// Bonds that came back, and halves of lost ones that went to the owners of challenged claims.
    pub bonds_sent: i128,
    /// The LPs' halves of the bonds of lost appeals.
    pub bonds_of_lps: i128,
    /// Bounties of keepers.
    pub bounties: i128,
    /// To LPs.
    pub exits: i128,
}

impl Flows {
    /// Books a claim that was paid, and what of it the reserve bore.
    pub fn was_paid(&mut self, amount: i128, from_reserve: i128) {
        self.paid += amount;
        self.from_reserve += from_reserve;
    }

    /// All that came in.
    pub const fn received(&self) -> i128 {
        self.seed + self.staked + self.premiums + self.repaid + self.salvaged + self.bonds
    }

    /// All that went out.
    pub const fn sent(&self) -> i128 {
        self.refunds + self.paid + self.drawn + self.bounties + self.exits + self.bonds_sent
    }

    /// What claims and advances cost the LPs: what went out for them, less what came back, what salvage brought and
    /// what the reserve bore.
    pub const fn borne_by_lps(&self) -> i128 {
        self.paid + self.drawn - self.repaid - self.salvaged - self.from_reserve
    }
}
