//! The loan market as the invariants see it: what can happen there, its books by its events, and what must hold of them.

pub mod audit;
pub mod books;
mod cover;
mod crooked;
pub mod draw;
pub mod follow;
mod stage;
pub mod step;

pub use audit::Auditor;
pub use books::{Books, Liquidation};
pub use cover::default_loss;
pub use crooked::Crooked;
pub use stage::setup;
