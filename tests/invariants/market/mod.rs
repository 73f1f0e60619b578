//! The loan market as the invariants see it: what can happen there, its books by its events, and what must hold of them.

pub mod audit;
pub mod books;
pub mod cover;
pub mod draw;
pub mod follow;
mod stage;
pub mod step;

pub use audit::Auditor;
pub use books::Books;
pub use cover::Cover;
pub use follow::Sources;
pub use stage::setup;
