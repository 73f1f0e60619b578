//! The advance: what it costs, how it is paid back, how large a draw is, what foreclosure leaves to whom.

mod book;
mod draw;
mod foreclosure;

pub use book::*;
pub use draw::*;
pub use foreclosure::*;
