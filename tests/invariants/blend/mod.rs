//! Loans and lenders on Blend as the invariants see them: what liquidations took, what is missing, and what cover pays for it.

mod books;
pub mod draw;
mod follow;
mod lenders;
mod stage;
pub mod step;

pub use books::{loss, Books, Taken, Worth};
pub use follow::granted;
