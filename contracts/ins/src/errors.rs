//! The token's errors. What the policy's adapter or the cover pool refuses is passed on under its own code.

use soroban_sdk::contracterror;

/// What the token refuses, and why. Codes 7900 to 7999.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum InsError {
    /// None of the holder's policies has exactly this much left of its limit; a part of a policy, or several, cannot be transferred.
    /// Ask the cover pool for the holder's policies and name one: `assign(interest, to)`.
    NoSuchPolicy = 7900,
    /// Several of the holder's policies have exactly this much left. Name one: `assign(interest, to)`.
    SeveralPolicies = 7901,
    /// There is no policy on this interest, or it has ended: nothing is left to assign.
    NotInForce = 7902,
    /// Nobody may assign for a holder: have the holder sign `transfer` or `assign`.
    NotTransferableBySpender = 7903,
    /// Cover is not burned: it ends by a claim, at its end, or by `cancel` at its adapter, which refunds premium.
    NotBurnable = 7904,
}
