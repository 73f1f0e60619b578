//! What needs no contract to be asked; the rest is tested through both adapters.

mod policy;
mod refusal;
mod rescue;
mod valuation;
