//! What the adapter tells the world. Sales, draws and payments are told by the cover pool.

use interfaces::market_adapter::InsuredMarket;
use soroban_sdk::{contractevent, Address};

/// A platform was listed, or its terms changed.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketSet {
    /// The platform.
    #[topic]
    pub platform: Address,
    /// How it is insured.
    pub market: InsuredMarket,
}

/// Collateral that has failed was handed to salvage.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollateralSurrendered {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Its owner.
    #[topic]
    pub owner: Address,
    /// The claim that it was surrendered for.
    pub claim: u32,
    /// How much, in the collateral's smallest unit.
    pub amount: i128,
}

/// A platform was seen short of assets; it has to be seen again.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeficitSeen {
    /// The platform.
    #[topic]
    pub platform: Address,
    /// What it is short of and was not settled before.
    pub missing: i128,
}

/// A deficit that was seen twice was settled, with whatever cover owes for it.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeficitSettled {
    /// The platform.
    #[topic]
    pub platform: Address,
    /// The gross loss.
    pub loss: i128,
    /// What was paid at once; a claim is told by the cover pool.
    pub paid: i128,
}

/// A foreclosure may begin; its discount grows from now.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeclosureStarted {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// What its advance owes, rounded up.
    pub owed: i128,
}

/// The reason of a foreclosure is gone.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeclosureCured {
    /// The loan.
    #[topic]
    pub loan: Address,
}

/// A loan was foreclosed.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreclosed {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Who received its collateral.
    #[topic]
    pub payer: Address,
    /// What they paid beyond the debt.
    pub price: i128,
    /// What the cover pool got of it.
    pub to_pool: i128,
    /// What the owner got of it.
    pub to_owner: i128,
    /// What the cover pool wrote off.
    pub written_off: i128,
}
