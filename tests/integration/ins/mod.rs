//! The INS token, and the assignment of loans with their cover: a file per matter.

mod assignment;
mod identity;
mod refusals;
mod supply;

use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    bindings::{ins, market_adapter, OnLedger},
    world::World,
};

/// A loan's interest as the token has it.
pub fn loan_of(subject: &ScAddress) -> ins::Interest {
    ins::Interest(subject.clone(), ins::Class::Loan)
}

/// A loan's interest as the market's insurer has it.
pub fn market_loan_of(subject: &ScAddress) -> market_adapter::Interest {
    market_adapter::Interest(subject.clone(), market_adapter::Class::Loan)
}

/// What somebody holds of the token.
pub fn balance(world: &World, holder: &Keypair) -> i128 {
    world.ins.balance(holder).view(&world.ledger).unwrap()
}

/// The supply of the token.
pub fn supply(world: &World) -> i128 {
    world.ins.total_supply().view(&world.ledger).unwrap()
}
