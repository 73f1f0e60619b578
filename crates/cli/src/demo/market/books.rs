//! What the lenders of a market lost and were paid, by our own count.

/// Sums in the smallest unit of the loan asset.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Shares of all lenders once everybody has lent.
    pub shares: i128,
    /// Debt that nobody repaid and assets that are gone, before any cover.
    pub lost: i128,
    /// What of it was spread over the lenders.
    pub spread: i128,
    /// What cover paid them: when and how much.
    pub payouts: Vec<(u64, i128)>,
}

impl Books {
    /// What cover paid.
    pub fn paid(&self) -> i128 {
        self.payouts.iter().map(|(_, amount)| amount).sum()
    }
}
