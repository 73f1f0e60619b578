//! The pool's books, as they are shown.

use soroban_sdk::contracttype;

/// The pool's books as of now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// The pool's own count of the asset it holds.
    pub cash: i128,
    /// Premium not yet earned, scaled by 1e12.
    pub unearned: i128,
    /// Scaled units earned per second.
    pub earning_rate: i128,
    /// Open claims.
    pub pending: i128,
    /// The part of `pending` that is appeals which nobody has decided. While there are any, exits are completed by their owners alone.
    pub appealed: i128,
    /// Payments that could not be delivered.
    pub claimable: i128,
    /// Bonds of challenges and appeals.
    pub bonds: i128,
    /// Prepaid bounties.
    pub bounties: i128,
    /// The protocol's reserve.
    pub reserve: i128,
    /// Principal of all advances.
    pub drawn: i128,
    /// Fees of all advances, scaled by 1e12.
    pub fees_owed: i128,
    /// Scaled units of fees per second.
    pub fee_rate: i128,
    /// All shares, escrowed ones included.
    pub shares: i128,
    /// Escrowed shares.
    pub queued: i128,
    /// Sum of limits that are backed: in force, or in their grace week.
    pub exposure: i128,
    /// Sum of limits of the policies that have not ended: the supply of INS.
    pub in_force: i128,
    /// Capital if every claim is paid and no advance comes back.
    pub nav_lo: i128,
    /// Capital if every claim is denied and every advance comes back.
    pub nav_hi: i128,
}
