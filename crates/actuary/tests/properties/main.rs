//! Every formula against an exact model of integers without width, one file per source file, and worked numbers.

#![allow(clippy::unwrap_used, clippy::panic)] // generators and oracles fail the test by panicking

mod advance_book;
mod advance_draw;
mod advance_foreclosure;
mod auction;
mod capacity;
mod claim;
mod deficit;
mod error;
mod exact;
mod extremes;
mod health;
mod lending_interest;
mod lending_liquidation;
mod lending_shares;
mod loss;
mod math;
mod nav;
mod premium;
mod price;
mod quantity;
mod quote;
mod rate;
mod reference;
mod ring;
mod time;
mod window;
