//! What can be insured against.

use serde::{Deserialize, Serialize};

/// A peril as cover is sold and claimed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Peril {
    /// Depreciation of the collateral, lent: an advance that is paid back.
    Advance,
    /// Depreciation of the collateral, given.
    Grant,
    /// Debt that nobody repays: of a vault on Blend, of the loans of a market.
    Default,
    /// The penalty of a liquidation.
    Liquidation,
    /// The collateral itself fails.
    Collateral,
    /// The platform is short of assets.
    Contract,
}

/// A peril as people speak of it; one of them is covered in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerilFamily {
    /// A loan ends with debt that nobody repays.
    Default,
    /// The collateral falls: advances and grants.
    Depreciation,
    /// The penalty of a liquidation.
    Liquidation,
    /// The collateral asset itself fails.
    Collateral,
    /// The platform is short of assets.
    Contract,
}

impl Peril {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Advance,
        Self::Grant,
        Self::Default,
        Self::Liquidation,
        Self::Collateral,
        Self::Contract,
    ];

    /// Its name, as in JSON and scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Grant => "grant",
            Self::Default => "default",
            Self::Liquidation => "liquidation",
            Self::Collateral => "collateral",
            Self::Contract => "contract",
        }
    }

    /// What it belongs to.
    pub const fn family(self) -> PerilFamily {
        match self {
            Self::Advance | Self::Grant => PerilFamily::Depreciation,
            Self::Default => PerilFamily::Default,
            Self::Liquidation => PerilFamily::Liquidation,
            Self::Collateral => PerilFamily::Collateral,
            Self::Contract => PerilFamily::Contract,
        }
    }
}

impl PerilFamily {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Default,
        Self::Depreciation,
        Self::Liquidation,
        Self::Collateral,
        Self::Contract,
    ];

    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Depreciation => "depreciation",
            Self::Liquidation => "liquidation",
            Self::Collateral => "collateral",
            Self::Contract => "contract",
        }
    }
}
