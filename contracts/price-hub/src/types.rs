//! The hub's constants, with their units. Those of a formula are `actuary`'s.

use actuary::{Price, Rate};

/// The fall that triggers an event, unless the owner set another for the pair: 15 %.
pub const DEFAULT_THRESHOLD: Rate = Rate::from_raw(1_500_000);

/// The lowest threshold the owner may set: 1 %.
pub const MIN_THRESHOLD: Rate = Rate::from_raw(100_000);

/// The highest threshold the owner may set: 90 %.
pub const MAX_THRESHOLD: Rate = Rate::from_raw(9_000_000);

/// The highest price that counts: what nine bytes hold, some 47 million dollars a token.
pub const MAX_PRICE: Price = Price::from_raw((1 << 72) - 1);
