#![no_std]
//! An isolated lending market: one collateral, one loan asset, prices of the hub. Its loans are insured by the tick of a
//! box, and its lenders are paid by cover before a loss is spread over them. It doubles as the worked example of how one's
//! own platform is insured.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `market` | the books as of now: interest, what is owed, what can be paid |
//! | `lender` | supplying and redeeming, the market's fee |
//! | `loan` | borrowing, repaying, collateral |
//! | `liquidation` | taking an unsafe loan's collateral for its debt |
//! | `cover` | all that is asked of the insurer, and what it owes for liquidations |
//! | `platform` | what the insurer does with a loan, and what it pays |
//! | `solvency` | what is missing, and who bears it |
//! | `price` | what collateral is worth, and which price is used for what |
//! | `payment` | the money's ways in and out |
//!
//! Amounts are in the loan asset's smallest unit, but for collateral; rates 1e7 = 100 %, times seconds since 1970. Formulas are
//! those of [`actuary::lending`]; what entry points promise is written on [`interfaces::market::LoanMarket`] and
//! [`interfaces::platform::InsuredPlatform`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod books;
mod contract;
mod cover;
mod errors;
mod events;
mod lender;
mod liquidation;
mod loan;
mod market;
mod payment;
mod platform;
mod price;
mod solvency;
mod storage;

#[cfg(test)]
mod test;

pub use contract::{LoanMarket, LoanMarketClient};
pub use errors::MarketError;
