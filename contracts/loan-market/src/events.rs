//! What the market tells the world. Interest is told whenever it is booked, so that the books can be rebuilt from events.

use soroban_sdk::{contractevent, Address};

/// Interest was added to debt and supply.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterestAccrued {
    /// The interest.
    pub interest: i128,
    /// Shares minted for the market's part of it.
    pub fee_shares: i128,
}

/// A lender lent.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplied {
    /// The lender.
    #[topic]
    pub lender: Address,
    /// What was lent.
    pub assets: i128,
    /// The shares minted for it.
    pub shares: i128,
}

/// A lender took out.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// The lender.
    #[topic]
    pub lender: Address,
    /// What was paid.
    pub assets: i128,
    /// The shares burned for it.
    pub shares: i128,
    /// Who was paid.
    pub to: Address,
}

/// Shares of the fee were handed to its recipient.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeCollected {
    /// The recipient.
    #[topic]
    pub recipient: Address,
    /// The shares.
    pub shares: i128,
}

/// A loan was opened.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanOpened {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Its owner.
    #[topic]
    pub owner: Address,
    /// Collateral supplied.
    pub collateral: i128,
    /// What was borrowed.
    pub amount: i128,
}

/// A loan was assigned together with its cover.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanAssigned {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Its owner before.
    #[topic]
    pub from: Address,
    /// Its owner from now on.
    #[topic]
    pub to: Address,
}

/// A loan was insured; what for is told by the cover pool.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanInsured {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Who paid the premium.
    pub payer: Address,
}

/// More was borrowed on a loan.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Borrowed {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// The amount.
    pub amount: i128,
    /// Who got it: the insurer, when it refinances an advance.
    pub to: Address,
}

/// Debt was repaid.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaid {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// What was paid.
    pub amount: i128,
    /// Who paid.
    pub payer: Address,
}

/// Collateral was added.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollateralSupplied {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// The amount.
    pub amount: i128,
    /// Who gave it.
    pub payer: Address,
}

/// Collateral left a loan: taken out by its owner, surrendered, or taken over in a foreclosure.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollateralWithdrawn {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// The amount.
    pub amount: i128,
    /// Who got it.
    pub to: Address,
}

/// A loan was liquidated.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanLiquidated {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// Who liquidated it.
    #[topic]
    pub liquidator: Address,
    /// Collateral taken.
    pub seized: i128,
    /// Debt repaid.
    pub repaid: i128,
    /// Debt left without collateral, before cover.
    pub bad_debt: i128,
    /// The price, 14 decimals.
    pub price: i128,
}

/// A loss was spread over the lenders.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossSocialised {
    /// The loan whose debt it was; none for what was missing.
    #[topic]
    pub loan: Option<Address>,
    /// The loss.
    pub amount: i128,
}

/// Cover of a liquidation was settled.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverSettled {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// When it was liquidated.
    pub time: u64,
    /// What arrived for the lenders.
    pub lenders: i128,
    /// What arrived for the borrower.
    pub borrower: i128,
    /// What waits for the lenders as a claim.
    pub filed: i128,
}

/// Cover of a liquidation is settled later.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverUnsettled {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// When it was liquidated.
    pub time: u64,
    /// Its bad debt.
    pub bad_debt: i128,
}

/// Cover of a liquidation is not asked for any more.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverDropped {
    /// The loan.
    #[topic]
    pub loan: Address,
    /// When it was liquidated.
    pub time: u64,
    /// Its bad debt.
    pub bad_debt: i128,
}

/// The insurer paid.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compensated {
    /// The loan whose borrower it was for; none for the lenders.
    #[topic]
    pub loan: Option<Address>,
    /// The amount.
    pub amount: i128,
}

/// Money for an owner arrived and could not be delivered, or was.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerPaid {
    /// The owner.
    #[topic]
    pub owner: Address,
    /// The amount.
    pub amount: i128,
    /// Whether it was delivered; else it waits for `collect`.
    pub is_delivered: bool,
}

/// The insurer was set.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerSet {
    /// The insurer.
    pub insurer: Address,
}

/// The market's part of the interest was set.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeSet {
    /// The part, 1e7 = 100 %.
    pub fee: u32,
    /// Who gets it.
    pub recipient: Address,
}

/// New supply and new borrowing were stopped, or go on.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PausedSet {
    /// Whether they are stopped.
    pub paused: bool,
}
