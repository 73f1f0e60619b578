//! How close accounts are to their liquidation.

use actuary::{Rate, FULL_RATE};
use localnet::xdr::ScAddress;

use super::borrower::Borrower;
use super::gambler::Gambler;
use super::stage::Stage;

/// Health, in parts of where it is liquidated, below which an account is watched at every point.
const WATCHED: i128 = 11_500_000;
/// The same for one that is liquidated late.
const WATCHED_LATE: i128 = 11_000_000;

/// An account's health on the platform, and where liquidators take it on.
pub struct Measured {
    pub account: ScAddress,
    pub health: Rate,
    pub liquidated_below: Rate,
}

impl Measured {
    /// Whether it is so close to its end that every point counts: 15 % away for an ordinary account, 10 % for one
    /// that is left alone longer.
    pub fn is_close(&self) -> bool {
        let is_ordinary = self.liquidated_below.raw() == FULL_RATE;
        let distance = if is_ordinary { WATCHED } else { WATCHED_LATE };
        self.health.raw() * FULL_RATE < self.liquidated_below.raw() * distance
    }
}

/// Every account with a debt, at the platform's own prices.
pub fn measure(
    stage: &Stage<'_>,
    borrowers: &[Borrower],
    gamblers: &[Gambler<'_>],
) -> Vec<Measured> {
    let reserves = stage.reserves();
    let full = Rate::from_raw(FULL_RATE);
    let of_borrowers = borrowers
        .iter()
        .map(|borrower| (borrower.position.0.clone(), full));
    let of_gamblers = gamblers
        .iter()
        .filter(|gambler| gambler.has_borrowed)
        .map(|gambler| (gambler.key.address(), gambler.terms.liquidated_below_health));
    let measured = |(account, liquidated_below)| {
        let health = stage.standing(&reserves, &account).health()?;
        Some(Measured {
            account,
            health,
            liquidated_below,
        })
    };
    of_borrowers
        .chain(of_gamblers)
        .filter_map(measured)
        .collect()
}
