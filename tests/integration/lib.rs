//! What the integration tests and the committed cost baselines share: measuring what operations cost.

#![warn(missing_docs)]

pub mod costs;
