//! What a world starts with.

use std::sync::Arc;

use localnet::{NetworkConfig, Observer};

use crate::{
    asset::UNIT,
    feeds::{Feed, PRICE_ONE},
    simulations,
};

/// What a world starts with; [`Setup::default`] is one most tests can use.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Unix time of the first ledger.
    pub start_time: u64,
    /// Code of the settlement asset, which is lent, staked and paid; it costs 1 USD.
    pub settlement: String,
    /// Code of the collateral asset.
    pub collateral: String,
    /// Its price in USD, 14 decimals.
    pub price: i128,
    /// Its collateral factor on Blend, 7 decimals.
    pub c_factor: u32,
    /// Which feeds the hub asks for the collateral.
    pub collateral_feeds: Vec<Feed>,
    /// Further assets of the Blend pool with price and collateral factor, and whether the hub lists them.
    pub others: Vec<Other>,
    /// Shares of the exchange in Blend's backstop.
    pub backstop_shares: i128,
    /// USDC that lenders outside the vault supply to Blend.
    pub lent: i128,
    /// Liability factor of every reserve, 7 decimals.
    pub l_factor: u32,
    /// The part of the interest that Blend's backstop takes, 7 decimals.
    pub take_rate: u32,
    /// USDC in an exchange of collateral for USDC, where rescues may buy; 0: there is none.
    pub exchange_depth: i128,
    /// Whether a failed call says what the host said; long random runs go without.
    pub explain_failures: bool,
    /// Whether calls declare all that they touch as written, which is quicker where costs do not matter.
    pub has_wide_footprints: bool,
    /// Who sees calls compared with their simulations; where footprints are wide, those alone that a wide one does not fit.
    pub observer: Option<Arc<dyn Observer>>,
    /// Whether the issuer of the settlement asset may take it back from its holders.
    pub has_clawback: bool,
    /// Reference price of the collateral peril, 14 decimals; 0: that peril is not sold.
    pub peg: i128,
    /// The part of it that the insured bear, 1e7 = 100 %.
    pub peg_deductible: u32,
}

/// A further asset of the Blend pool.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its code.
    pub code: String,
    /// Its price in USD, 14 decimals.
    pub price: i128,
    /// Its collateral factor on Blend, 7 decimals.
    pub c_factor: u32,
    /// Which feeds the hub asks; none: it is not listed.
    pub feeds: Vec<Feed>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            start_time: 1_767_225_600,
            settlement: "USDC".into(),
            collateral: "ETH".into(),
            price: 2_000 * PRICE_ONE,
            c_factor: 7_500_000,
            collateral_feeds: Feed::ALL.to_vec(),
            others: Vec::new(),
            backstop_shares: 50_000 * UNIT,
            lent: 5_000_000 * UNIT,
            l_factor: 9_500_000,
            take_rate: 1_000_000,
            exchange_depth: 0,
            explain_failures: true,
            has_wide_footprints: false,
            observer: Some(simulations::observer()),
            has_clawback: false,
            peg: 0,
            peg_deductible: 1_000_000,
        }
    }
}

impl Setup {
    /// The settings of the network that the world is built on.
    #[must_use]
    pub fn network(&self) -> NetworkConfig {
        let mut config = NetworkConfig::mainnet();
        config.start_time = self.start_time;
        config.explain_failures = self.explain_failures;
        config.has_wide_footprints = self.has_wide_footprints;
        config.observer = self.observer.clone();
        config
    }
}
