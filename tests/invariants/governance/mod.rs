//! Disputes and the court, votes on terms, INS, and who has shown who they are.

pub mod audit;
pub mod draw;
pub mod motions;
pub mod people;
pub mod stage;
pub mod step;
