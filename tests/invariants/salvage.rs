//! The lots of a salvage as its events tell them.

use std::collections::BTreeMap;

use localnet::{xdr::ScAddress, Event};
use testkit::bindings::{salvage, OnLedger};

use crate::{
    cover::Cover,
    follow::{name, read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::div_up,
    stage::Stage,
};

/// How long the price of a lot takes to fall to nothing.
const SALE_TIME: u64 = 72 * 3_600;

/// Collateral that was surrendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    pub amount: i128,
    pub surrendered: i128,
    pub value: i128,
    pub sold_from: Option<u64>,
    /// Whether it waits for who surrendered it, whose claim was denied.
    pub is_denied: bool,
}

impl Lot {
    /// What a part of it costs at `now`; nothing while it is not for sale.
    pub fn price(&self, amount: i128, now: u64) -> Option<i128> {
        let left = (self.sold_from? + SALE_TIME).saturating_sub(now);
        let whole = div_up(self.value * i128::from(left), SALE_TIME.into());
        (0 < amount && amount <= self.amount).then(|| div_up(whole * amount, self.surrendered))
    }
}

/// Lots by their claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lots {
    pub known: BTreeMap<u32, Lot>,
    /// Capital that the pool was given in this call, less what lots were sold for.
    given: i128,
}

impl Lots {
    /// Takes in what the salvage says.
    pub fn said(&mut self, event: &Event, cover: &Cover, now: u64) -> Rules {
        let claim: u32 = topic(event, 1);
        match name(event).as_str() {
            "lot_booked" => {
                let (_, _, amount, value, _): (ScAddress, ScAddress, i128, i128, ScAddress) =
                    read(&event.data);
                let lot = Lot {
                    amount,
                    surrendered: amount,
                    value,
                    sold_from: None,
                    is_denied: false,
                };
                let earlier = self.known.insert(claim, lot);
                expect("M9", earlier.is_none(), || {
                    format!("booked over {earlier:?}")
                })?;
            }
            "lot_offered" => {
                cover.is_closed(claim)?;
                let lot = self.lot(claim)?;
                expect("M9", !lot.is_denied, || format!("offered: {lot:?}"))?;
                lot.sold_from = Some(now);
            }
            "lot_returned" | "lot_waits" => self.returned(event, cover)?,
            "lot_sold" => {
                let (amount, price): (i128, i128) = read(&event.data);
                self.given -= price;
                let lot = self.lot(claim)?;
                let due = lot.price(amount, now);
                expect_equal("M9", "price of a part of a lot", Some(price), due)?;
                lot.amount -= amount;
                if lot.amount == 0 {
                    self.known.remove(&claim);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What was surrendered for a claim that was denied in full goes back, or waits.
    fn returned(&mut self, event: &Event, cover: &Cover) -> Rules {
        let claim: u32 = topic(event, 1);
        let lot = self.lot(claim)?;
        if !lot.is_denied {
            cover.is_denied(claim)?;
        }
        if event.is_named("lot_waits") {
            lot.is_denied = true;
            return Ok(());
        }
        let amount = read::<(i128,)>(&event.data).0;
        expect_equal("M9", "given back", amount, lot.amount)?;
        self.known.remove(&claim);
        Ok(())
    }

    /// Takes in what the pool says.
    pub fn pool_said(&mut self, event: &Event, salvage: &ScAddress) {
        if event.is_named("recapitalised") && topic::<ScAddress>(event, 1) == *salvage {
            self.given += read::<(i128,)>(&event.data).0;
        }
    }

    /// The lot of a claim that has just been filed for a surrender of `amount`.
    pub fn surrendered(&self, claim: u32, amount: i128) -> Result<Lot, Broken> {
        let lot = self.known.get(&claim).copied();
        let lot = lot.ok_or_else(|| missing(claim))?;
        expect_equal("M9", "surrendered", lot.amount, amount)?;
        Ok(lot)
    }

    /// After a call: the pool was given what lots were sold for.
    pub fn is_square(&self) -> Rules {
        expect_equal("M9", "given to the pool beyond sales", self.given, 0)
    }

    /// M9: what the salvage holds is its lots.
    pub fn check(&self, stage: &Stage, salvage: &salvage::Client) -> Rules {
        let kept = stage.holds(&salvage.0)?;
        let lots = self.known.values().map(|lot| lot.amount).sum();
        expect_equal("M9", "salvage keeps", kept, (0, lots))?;
        for (claim, known) in &self.known {
            let seen = salvage.lot(*claim).look_up(&stage.world.ledger);
            let seen = seen.map_err(|error| Broken::new("view", format!("lot: {error}")))?;
            let seen = seen.map(|lot| {
                (
                    lot.amount,
                    lot.surrendered,
                    lot.value,
                    lot.sold_from,
                    lot.is_denied,
                )
            });
            let known = (
                known.amount,
                known.surrendered,
                known.value,
                known.sold_from,
                known.is_denied,
            );
            expect_equal("M9", &format!("lot {claim}"), seen, Some(known))?;
        }
        Ok(())
    }

    fn lot(&mut self, claim: u32) -> Result<&mut Lot, Broken> {
        self.known.get_mut(&claim).ok_or_else(|| missing(claim))
    }
}

fn missing(claim: u32) -> Broken {
    Broken::new("M9", format!("no lot of claim {claim}"))
}
