//! The covers that there are.

use serde::{Deserialize, Serialize};

use super::PerilName;

/// How a payout was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// `depreciation`, advanced and paid back.
    Advance,
    /// `depreciation`, given away.
    Grant,
    /// `default`: of a vault on Blend, of the loans of a market.
    Default,
    /// `liquidation`.
    Liquidation,
    /// `collateral`.
    Collateral,
    /// `contract`.
    Contract,
}

impl Layer {
    /// Its name, as in the JSON.
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

    /// The peril that it covers.
    pub const fn peril(self) -> PerilName {
        match self {
            Self::Advance | Self::Grant => PerilName::Depreciation,
            Self::Default => PerilName::Default,
            Self::Liquidation => PerilName::Liquidation,
            Self::Collateral => PerilName::Collateral,
            Self::Contract => PerilName::Contract,
        }
    }
}
