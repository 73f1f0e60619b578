//! What the insurer and the salvage say.

use localnet::{xdr::ScAddress, Event};

use super::{Books, Cover, Flow};
use crate::{
    follow::{name, read, topic},
    market::books::{Lot, Sight},
    rules::{expect, expect_equal, Broken, Rules},
};

impl Books {
    pub(super) fn insurer_said(
        &mut self,
        event: &Event,
        cover: &mut Cover,
        flow: &Flow,
        now: u64,
    ) -> Rules {
        match name(event).as_str() {
            "deficit_seen" => {
                let missing = read::<(i128,)>(&event.data).0;
                self.sight = Some(Sight { missing, time: now });
            }
            "deficit_settled" => {
                let (loss, paid): (i128, i128) = read(&event.data);
                cover.settles_deficit(self.sight.take(), (loss, paid), now)?;
                self.settled_deficits += loss;
                expect("I09", self.settled_deficits <= self.taken, || {
                    format!(
                        "deficits of {} settled, {} taken",
                        self.settled_deficits, self.taken
                    )
                })?;
            }
            "foreclosed" => {
                let (_, _, to_owner, _): (i128, i128, i128, i128) = read(&event.data);
                let owner = self.loan(event)?.owner.clone();
                if to_owner > 0 && !flow.delivered.contains(&(owner.clone(), to_owner)) {
                    *self.uncollected.entry(owner).or_default() += to_owner;
                }
            }
            "collateral_surrendered" => {
                let (claim, amount): (u32, i128) = read(&event.data);
                let lot = self.lots.get(&claim).copied();
                let lot =
                    lot.ok_or_else(|| Broken::new("M9", format!("no lot of claim {claim}")))?;
                expect_equal("M9", "surrendered", lot.amount, amount)?;
                cover.files_surrender((&topic(event, 1), claim), &lot, now)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn salvage_said(
        &mut self,
        event: &Event,
        cover: &Cover,
        flow: &mut Flow,
        now: u64,
    ) -> Rules {
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
                };
                let earlier = self.lots.insert(claim, lot);
                expect("M9", earlier.is_none(), || {
                    format!("booked over {earlier:?}")
                })?;
            }
            "lot_offered" => {
                cover.is_closed(claim)?;
                self.lot(claim)?.sold_from = Some(now);
            }
            "lot_sold" => {
                let (amount, price): (i128, i128) = read(&event.data);
                flow.recapitalised -= price;
                let lot = self.lot(claim)?;
                let due = lot.price(amount, now);
                expect_equal("M9", "price of a part of a lot", Some(price), due)?;
                lot.amount -= amount;
                if lot.amount == 0 {
                    self.lots.remove(&claim);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn lot(&mut self, claim: u32) -> Result<&mut Lot, Broken> {
        let missing = || Broken::new("M9", format!("no lot of claim {claim}"));
        self.lots.get_mut(&claim).ok_or_else(missing)
    }
}
