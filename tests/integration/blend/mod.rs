//! What cover pays on Blend, to loans and to the vaults that lend there: a file per matter.

mod contract;
mod default;
mod grant;
mod liquidation;
mod rescue;
mod surrender;
