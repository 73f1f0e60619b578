#![no_std]
//! The kernel: LP vault, premiums, capacity, policies, claims, money. One per settlement asset.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `admin` | founding and migrating the pool, what governance and the risk role set |
//! | `vault` | the LP side: SEP-41 and SEP-56 with our NAV in every conversion |
//! | `exit` | exits of LPs: a request, 14 days at risk, then the payment |
//! | `cover` | selling cover, and ending it: quote, open, top up, cancel |
//! | `renewal` | the next term, merged into the current one |
//! | `underwriting` | which applications and changes of a policy are refused, and what the others cost |
//! | `pricing` | whether an order may be sold, and at which rate |
//! | `capacity` | what may be sold and what may leave: backing and caps |
//! | `policy` | a policy as it is stored, and the rules that need nothing but the policy |
//! | `insured` | a policy with its group |
//! | `group` | a group's book: limits to back, advances, what it was paid at once |
//! | `held` | which policies an owner holds |
//! | `identity` | who has shown who they are, and who is sanctioned |
//! | `claim` | losses: measured, paid at once or filed, finalised after the window |
//! | `dispute` | claims that the court decides |
//! | `advance` | cover that is lent to a position, and paid back |
//! | `rescue` | payments into a loan |
//! | `books` | the pool's books: what every operation that moves money reads and writes |
//! | `amount` | amounts of the books that change in place |
//! | `payment` | the money's ways in and out |
//! | `impaired` | when the pool holds less than its books say |
//! | `pause` | pauses, scope by scope |
//! | `wind_down` | the orderly end of a pool |
//! | `views` | what others read, as of now |
//! | `storage` | what is kept, and for how long |
//! | `types` | how much the pool can hold, and types of entry points that no other contract needs |
//! | `events` | what is told of each change |
//! | `errors` | how a refusal ends the call |
//!
//! Every unit of cover is prepaid and backed 1:1, expiry is passive: nothing is written when time passes. Amounts are in
//! the asset's smallest unit, rates 1e7 = 100 %, times seconds since 1970. Formulas are those of `actuary`; what entry
//! points promise is written on `interfaces::cover::CoverPool`.

mod admin;
mod advance;
mod amount;
mod books;
mod capacity;
mod claim;
mod contract;
mod cover;
mod dispute;
mod errors;
mod events;
mod exit;
mod group;
mod held;
mod identity;
mod impaired;
mod insured;
mod pause;
mod payment;
mod policy;
mod pricing;
mod renewal;
mod rescue;
mod storage;
mod types;
mod underwriting;
mod vault;
mod views;
mod wind_down;

#[cfg(test)]
mod test;

pub use contract::{CoverPool, CoverPoolClient};
pub use errors::CoverError;
pub use types::{BackedGroup, Cap, Exit, Impairment, Pause, Scope};
