//! What the adapter tells the world. Sales, draws and payments are told by the cover pool.

use interfaces::adapter::Market;
use soroban_sdk::{contractevent, Address};

/// A position was deployed and its loan opened.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanOpened {
    /// The borrower.
    #[topic]
    pub owner: Address,
    /// The position.
    #[topic]
    pub position: Address,
    /// The number of its market.
    pub market: u32,
    /// Collateral supplied, in its smallest unit.
    pub collateral: i128,
    /// Debt borrowed, in its smallest unit.
    pub debt: i128,
}

/// What liquidations took of a position was settled, with whatever cover owes for it.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiquidationSettled {
    /// The position.
    #[topic]
    pub position: Address,
    /// Collateral that was taken, in bTokens.
    pub collateral: i128,
    /// Debt that went with it, in dTokens.
    pub debt: i128,
    /// The gross loss; 0 where cover owes nothing and never will.
    pub loss: i128,
    /// What was paid at once; a claim is told by the cover pool.
    pub paid: i128,
}

/// Collateral that has failed was handed to salvage.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollateralSurrendered {
    /// The position.
    #[topic]
    pub position: Address,
    /// Its owner.
    #[topic]
    pub owner: Address,
    /// The claim that it was surrendered for.
    pub claim: u32,
    /// How much, in the collateral's smallest unit.
    pub amount: i128,
}

/// A foreclosure may begin; its discount grows from now.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeclosureStarted {
    /// The position.
    #[topic]
    pub position: Address,
    /// What its advance owes, rounded up.
    pub owed: i128,
}

/// The reason of a foreclosure is gone.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeclosureCured {
    /// The position.
    #[topic]
    pub position: Address,
}

/// A position was foreclosed.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreclosed {
    /// The position.
    #[topic]
    pub position: Address,
    /// Who took it over.
    #[topic]
    pub payer: Address,
    /// Whether they became its owner, rather than receive its collateral.
    pub assigned: bool,
    /// What they paid beyond the debt.
    pub price: i128,
    /// What the cover pool got of it.
    pub to_pool: i128,
    /// What the owner got of it.
    pub to_owner: i128,
    /// What the cover pool wrote off.
    pub written_off: i128,
}

/// A market was listed, or its terms changed.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketSet {
    /// Its number.
    #[topic]
    pub id: u32,
    /// Its terms.
    pub market: Market,
}
