//! What was seen on the way: prices, health, capital.

use std::collections::BTreeMap;

use actuary::{Price, Rate};
use localnet::xdr::ScAddress;
use testkit::bindings::cover_pool as cover;

use super::borrower::{Borrower, Size};
use super::measured::Measured;
use super::platform::Platform;
use super::probe::Refusal;
use super::stage::Stage;
use super::DemoError;
use crate::output::{Amount, Line, Participant, Series};

/// Everything that is told later.
#[derive(Default)]
pub struct Seen {
    pub first_price: i128,
    pub lowest: Option<(u64, Price)>,
    pub highest: Option<(u64, Price)>,
    /// What a twin's loan costs a year at the rate that the platform charged when it was taken.
    pub interest_per_year: i128,
    pub ends: u64,
    pub looks: u64,
    pub prices: Vec<(u64, Price)>,
    pub on_platform: Vec<(u64, Price)>,
    pub health: BTreeMap<usize, Vec<(u64, Rate)>>,
    pub nav_lo: Vec<(u64, Amount)>,
    pub nav_hi: Vec<(u64, Amount)>,
    pub lowest_health: Vec<(ScAddress, Rate)>,
    pub refusal: Option<Refusal>,
    /// The pool's books when all covers are sold, and the last ones.
    pub opening: Option<cover::Books>,
    pub last: Option<cover::Books>,
}

impl Seen {
    /// Takes note of what a loan costs without cover.
    pub fn begin(&mut self, stage: &Stage<'_>, platform: &dyn Platform) -> Result<(), DemoError> {
        let debt = Size::of(stage)?.debt;
        self.interest_per_year = platform.yearly_interest(stage, debt);
        Ok(())
    }

    /// Takes note of an account's health, to know its lowest.
    pub fn health(&mut self, account: &ScAddress, health: Rate) {
        match self
            .lowest_health
            .iter_mut()
            .find(|(other, _)| other == account)
        {
            Some((_, lowest)) => *lowest = health.min(*lowest),
            None => self.lowest_health.push((account.clone(), health)),
        }
    }

    /// The lowest health an account had on the platform.
    pub fn lowest_health_of(&self, account: &ScAddress) -> Option<Rate> {
        self.lowest_health
            .iter()
            .find(|(other, _)| other == account)
            .map(|(_, health)| *health)
    }

    /// Takes note of prices, health and capital; `on_platform` is what the platform takes the collateral's price to be.
    pub fn look(
        &mut self,
        stage: &Stage<'_>,
        on_platform: Price,
        books: &cover::Books,
        borrowers: &[Borrower],
        measured: &[Measured],
    ) {
        let (now, price) = (stage.now(), stage.market);
        self.looks += 1;
        self.opening.get_or_insert_with(|| books.clone());
        self.last = Some(books.clone());
        if self.lowest.is_none_or(|(_, lowest)| price < lowest) {
            self.lowest = Some((now, price));
        }
        if self.highest.is_none_or(|(_, highest)| price > highest) {
            self.highest = Some((now, price));
        }
        if self.ends > 0 {
            return;
        }
        self.prices.push((now, price));
        self.on_platform.push((now, on_platform));
        self.nav_lo.push((now, Amount(books.nav_lo)));
        self.nav_hi.push((now, Amount(books.nav_hi)));
        for (index, borrower) in borrowers.iter().enumerate() {
            let own = measured.iter().find(|other| other.account == borrower.loan);
            if let Some(measured) = own {
                self.health
                    .entry(index)
                    .or_default()
                    .push((now, measured.health));
            }
        }
    }

    /// The lines of the report's plots.
    pub fn series(
        &self,
        stage: &Stage<'_>,
        borrowers: &[Borrower],
        lenders: &[Participant],
    ) -> Series {
        let pair = format!(
            "{} in {}",
            stage.world.collateral.code, stage.world.usdc.code
        );
        let line = |name: String, points: &[(u64, Price)]| Line {
            name,
            points: points.to_vec(),
        };
        let mut prices = vec![line(pair, &self.prices)];
        if self.on_platform != self.prices {
            prices.push(line(
                "shown by the platform's oracle".to_owned(),
                &self.on_platform,
            ));
        }
        let health = self.health.iter().filter_map(|(index, points)| {
            let name = borrowers.get(*index)?.name.to_owned();
            Some(Line {
                name,
                points: points.clone(),
            })
        });
        let paid = |name: &str, payouts: &[crate::output::Payout]| Line {
            name: name.to_owned(),
            points: payouts
                .iter()
                .map(|payout| (payout.time, payout.amount))
                .collect(),
        };
        let of_borrowers = borrowers
            .iter()
            .map(|borrower| paid(borrower.name, &borrower.payouts));
        let of_lenders = lenders
            .iter()
            .filter(|lender| lender.insured)
            .map(|lender| paid(&lender.name, &lender.payouts));
        let nav = |name: &str, points: &[(u64, Amount)]| Line {
            name: name.to_owned(),
            points: points.to_vec(),
        };
        Series {
            prices,
            health: health.collect(),
            nav: vec![
                nav("without open claims and advances", &self.nav_lo),
                nav("with them", &self.nav_hi),
            ],
            payouts: of_borrowers.chain(of_lenders).collect(),
        }
    }
}
