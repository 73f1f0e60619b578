//! Lenders of a market. Losses and payments of a market are all its lenders', by their shares.

use actuary::math::mul_div_down;
use localnet::Keypair;
use testkit::bindings::{loan_market, OnLedger};

use super::books::Books;
use super::Side;
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::output::{Amount, Participant, Payout};
use crate::peril::Peril;

/// A lender.
pub struct Lender {
    pub name: String,
    pub side: Side,
    deposit: i128,
    after: i128,
    shares: i128,
    key: Keypair,
}

/// What the lenders of a market have cover for together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    pub peril: Option<Peril>,
    pub limit: i128,
    pub limit_left: i128,
}

impl Lender {
    /// Lends `deposit`.
    pub fn lend(
        stage: &mut Stage<'_>,
        platform: &loan_market::Client,
        name: String,
        side: Side,
        deposit: i128,
    ) -> Result<Self, DemoError> {
        let key = stage.actor(&name);
        let world = &stage.world;
        world.usdc.mint(&world.ledger, &key.address(), deposit);
        let shares = stage.send("market: lend", platform.supply(&key, deposit, 1), &key)?;
        Ok(Self {
            name,
            side,
            deposit,
            after: 0,
            shares,
            key,
        })
    }

    /// The shares that the deposit was lent for.
    pub const fn shares(&self) -> i128 {
        self.shares
    }

    /// Takes everything out and counts it. What is lent out is counted at the market's books.
    pub fn leave(
        &mut self,
        stage: &mut Stage<'_>,
        platform: &loan_market::Client,
    ) -> Result<(), DemoError> {
        const ILLIQUID: u32 = loan_market::MarketError::Illiquid as u32;
        let redeem = platform.redeem(&self.key, self.shares, 0, &self.key);
        self.after = match stage.attempt("market: leave", redeem, &self.key) {
            Err(error) if error.first_error_code() == Some(ILLIQUID) => {
                let worth = platform.preview_redeem(self.shares);
                worth.view(&stage.world.ledger)
            }
            redeemed => redeemed,
        }
        .map_err(refused("leave the market"))?;
        Ok(())
    }

    /// The part of what belongs to all lenders, rounded down.
    fn part(&self, books: &Books, whole: i128) -> i128 {
        mul_div_down(whole, self.shares, books.shares).unwrap_or(0)
    }

    /// What became of the deposit.
    pub fn told(&self, asset: &str, books: &Books, cover: Cover) -> Participant {
        let payout = |(time, amount): &(u64, i128)| Payout {
            time: *time,
            asset: asset.to_owned(),
            amount: Amount(self.part(books, *amount)),
            health_before: None,
            health_after: None,
        };
        let payouts: Vec<Payout> = books.payouts.iter().map(payout).collect();
        Participant {
            name: self.name.clone(),
            insured: cover.peril.is_some(),
            peril: cover.peril,
            liquidated: false,
            asset: asset.to_owned(),
            before: Amount(self.deposit),
            after: Amount(self.after),
            loss: Amount(self.part(books, books.lost)),
            paid_by_cover: Amount(payouts.iter().map(|payout| payout.amount.0).sum()),
            premium: Amount(0),
            limit: Amount(self.part(books, cover.limit)),
            limit_left: Amount(self.part(books, cover.limit_left)),
            payouts,
            advance: None,
        }
    }
}
