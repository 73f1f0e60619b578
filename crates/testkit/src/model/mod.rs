//! Executable reference model of the cover pool, to test the contract and its formulas against.
//!
//! It shares no code with them: every policy, claim and request is kept as it is, in integers of any width. Outside
//! the model, since they decide whether an operation may be called and not what it does to the books: prices and
//! health factors, the rate formula, armed groups, waiting periods, the bounds of instant claims, the court's vote,
//! authorisation, the state Impaired. Dead shares are a deposit by an owner who never exits.
//!
//! Units: amounts are integers in the asset's smallest unit ([`UNIT`] = one token), rates 1e7 = 100 %, times in
//! seconds since 1970; a *scaled* amount is multiplied with [`SCALE`].
//!
//! # A differential test
//! [`scenarios`] is a proptest strategy of seeds, and [`next_step`] turns one seed into an operation that makes sense
//! on the pool as it is now, or is just too large or too early:
//!
//! ```
//! use testkit::model::{apply_checked, scenarios, next_step, State, Terms};
//! # use proptest::{strategy::{Strategy, ValueTree}, test_runner::TestRunner};
//! # let scenario = scenarios(1..8).new_tree(&mut TestRunner::deterministic()).unwrap().current();
//! let mut pool = scenario.pool(Terms::starting());
//! for seed in &scenario.seeds {
//!     let step = next_step(&pool, *seed);
//!     let outcome = apply_checked(&mut pool, &step).unwrap(); // Err: the model broke an invariant
//!     // Here `step` runs on the contract, and what it returned and stores is compared:
//!     let expected = State::of(&pool);
//! #   let (actual, _) = (expected.clone(), outcome);
//!     assert!(actual.differences(&expected).is_empty());
//! }
//! ```
#![allow(clippy::panic, reason = "an oracle that fails ends the test")]

mod advance;
mod claim;
mod cover;
mod digits;
mod draw;
mod effects;
mod exact;
mod group;
mod invariants;
mod liquidity;
mod operation;
mod policy;
mod pool;
mod premium;
mod ring;
mod scenario;
mod state;
mod terms;
pub mod vectors;

#[cfg(test)]
mod test;

pub use advance::Advances;
pub use claim::Claim;
pub use effects::{apply_checked, check_effects, Before};
pub use group::Group;
pub use invariants::{check, Broken};
pub use liquidity::ExitRequest;
pub use operation::{Operation, Outcome, Refused, Step};
pub use policy::Policy;
pub use pool::CoverPool;
pub use premium::PremiumBook;
pub use ring::Ring;
pub use scenario::{next_step, scenarios, Scenario, OWNERS, STRANGER};
pub use state::{Difference, GroupState, PolicyState, State};
pub use terms::*;

/// A name of somebody who holds shares, policies or claims.
pub type Account = String;
