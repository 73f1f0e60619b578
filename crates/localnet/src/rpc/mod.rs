//! Stellar RPC on a [`Node`](crate::node::Node): JSON-RPC 2.0 over HTTP, as official clients speak it.
//!
//! A request goes three steps: [`parse`] makes it typed and verifies signatures, on the server's threads; [`answer`] asks
//! the node, on its thread; [`render`] writes the response, on the server's threads again. None of them needs HTTP.
//!
//! | file | what |
//! |---|---|
//! | `jsonrpc.rs` | calls and their errors, one or several at once |
//! | `params.rs`, `wish.rs` | the parameters of every method, typed and checked |
//! | `filter.rs`, `cursor.rs` | which events are asked for; places in history as clients name them |
//! | `answer.rs`, `history.rs`, `simulate.rs` | the answers |
//! | `fees.rs` | statistics of fees |
//! | `render.rs`, `pages.rs`, `transactions.rs` | answers as JSON; pages of history, and the transactions in them |
//! | `server.rs`, `routes.rs` | a running server, and what it answers over HTTP |
//! | `door.rs`, `bounds.rs`, `bodies.rs` | connections, requests it admits, and how much it answers at once |
//! | `clock.rs` | when ledgers close |
//! | `friendbot.rs`, `control/` | coins for whoever asks; the port that moves time |

mod answer;
mod bodies;
mod bounds;
mod clock;
pub mod control;
mod cursor;
mod door;
mod fees;
mod filter;
mod friendbot;
mod history;
mod jsonrpc;
mod pages;
mod params;
mod render;
mod routes;
mod server;
mod simulate;
mod transactions;
mod wish;

pub use answer::{answer, Answer};
pub use jsonrpc::{Failure, Rejected, Request, Terms};
pub use params::parse;
pub use render::render;
pub use server::{serve, Running, ServeError, ServerConfig};
