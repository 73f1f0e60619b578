//! A lending market: what borrowing costs, who owns what of supply and debt, what a liquidation comes to.
//!
//! The arithmetic of shares and the third-order Taylor polynomial are Morpho Blue's (`SharesMathLib`, `MathLib`); the
//! differences are written where they are.

mod interest;
mod liquidation;
mod shares;

pub use interest::*;
pub use liquidation::*;
pub use shares::*;
