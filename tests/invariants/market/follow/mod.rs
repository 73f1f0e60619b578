//! How the books follow the events of one call, and what must be true of each by itself.

mod insurer;

use localnet::{
    xdr::{ScAddress, ScVal},
    Event,
};

use testkit::market::{MARKET_LENDERS, MARKET_LOANS};

use super::books::{Books, Compensated, Liquidation, Loan, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use crate::{
    cover::Cover,
    follow::{name, read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::Shadow,
    stage::Stage,
};

/// Whose events tell of the market.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub platform: &'a ScAddress,
    pub insurer: &'a ScAddress,
    pub salvage: &'a ScAddress,
    pub pool: &'a ScAddress,
    pub token: &'a ScAddress,
}

/// What one call did that its books alone do not show.
#[derive(Debug, Default)]
pub struct Flow {
    /// Whether it was about the market at all.
    pub is_any: bool,
    /// Whether the market booked interest up to now.
    pub is_booked: bool,
    /// The liquidation that it made.
    pub liquidated: Option<Liquidation>,
    /// Whether the lenders bore a loss.
    pub is_loss: bool,
    /// How often a rounding may have left the lenders a unit.
    pub repayments: i128,
    /// What of a borrower's compensation may have made good a loss of the lenders.
    pub made_good: i128,
    /// Whether the owner that was paid was paid by cover, and did not collect.
    is_cover: bool,
    /// What the insurer sent to others.
    delivered: Vec<(ScAddress, i128)>,
    /// What cover sent outside a liquidation.
    compensated: Vec<Compensated>,
}

impl Books {
    /// Takes in the events of one call at `now`; `before` is cover as it was before it.
    pub fn follow(
        &mut self,
        events: &[Event],
        stage: &Stage,
        before: &Shadow,
        now: u64,
    ) -> Result<Flow, Broken> {
        let sources = stage.market_sources();
        let mut cover = Cover::new(stage, before, &[MARKET_LOANS, MARKET_LENDERS]);
        let of = |event: &&Event, contract: &ScAddress| event.contract == *contract;
        let is_cover = |event: &Event| {
            event.contract == *sources.platform
                && (event.is_named("cover_settled") || event.is_named("compensated"))
        };
        let mut flow = Flow {
            is_cover: events.iter().any(is_cover),
            ..Flow::default()
        };
        for event in events {
            if of(&event, sources.platform) {
                flow.is_any = true;
                flow.is_booked |= !["paused_set", "loan_assigned"]
                    .iter()
                    .any(|name| event.is_named(name));
                self.platform_said(event, &mut cover, &mut flow, now)?;
            } else if of(&event, sources.insurer) {
                flow.is_any = true;
                self.insurer_said(event, &mut cover, &flow, now)?;
            } else if of(&event, sources.salvage) {
                flow.is_any = true;
                self.lots.said(event, &cover, now)?;
            } else if of(&event, sources.pool) {
                cover.heard(event);
                self.lots.pool_said(event, sources.salvage);
            } else if of(&event, sources.token) {
                self.token_moved(event, sources, &mut flow);
            }
        }
        self.lots.is_square()?;
        cover.is_heeded()?;
        Ok(flow)
    }

    fn token_moved(&mut self, event: &Event, sources: Sources, flow: &mut Flow) {
        let is = |index: usize, who: &ScAddress| matches!(event.topics.get(index), Some(ScVal::Address(address)) if address == who);
        let amount = || crate::follow::amount(event);
        if event.is_named("clawback") && (is(1, sources.platform) || is(2, sources.platform)) {
            flow.is_any = true;
            self.short += amount();
            self.taken += amount();
        } else if event.is_named("transfer") && is(1, sources.insurer) {
            flow.delivered.push((topic(event, 2), amount()));
        }
    }

    fn platform_said(
        &mut self,
        event: &Event,
        cover: &mut Cover,
        flow: &mut Flow,
        now: u64,
    ) -> Rules {
        match name(event).as_str() {
            "interest_accrued" => {
                let (interest, shares): (i128, i128) = read(&event.data);
                self.supply += interest;
                self.supply_shares += shares;
                self.fee_shares += shares;
                expect("M5", interest > 0 && shares >= 0, || {
                    format!("interest of {interest}, {shares} shares for it")
                })?;
            }
            "supplied" => self.supplied(event, now)?,
            "redeemed" => self.redeemed(event)?,
            "fee_collected" => {
                let shares = read::<(i128,)>(&event.data).0;
                self.fee_shares -= shares;
                *self.shares.entry(topic(event, 1)).or_default() += shares;
            }
            "fee_set" => self.fee_recipient = Some(read::<(u32, ScAddress)>(&event.data).1),
            "loan_opened" => {
                let (collateral, amount): (i128, i128) = read(&event.data);
                self.cash -= amount;
                let loan = Loan {
                    address: topic(event, 1),
                    owner: topic(event, 2),
                    collateral,
                };
                let earlier = self.find(&loan.address);
                expect("M3", earlier.is_none(), || {
                    format!("opened over a loan: {loan:?}")
                })?;
                self.loans.push(loan);
            }
            "loan_assigned" => {
                let (from, to): (ScAddress, ScAddress) = (topic(event, 2), topic(event, 3));
                let loan = self.loan(event)?;
                expect_equal("N2", "whose loan it was", &from, &loan.owner)?;
                loan.owner = to;
            }
            "borrowed" => self.cash -= read::<(i128, ScAddress)>(&event.data).0,
            "repaid" => {
                self.cash += read::<(i128, ScAddress)>(&event.data).0;
                flow.repayments += 1;
            }
            "collateral_supplied" => {
                self.loan(event)?.collateral += read::<(i128, ScAddress)>(&event.data).0;
            }
            "collateral_withdrawn" => {
                self.loan(event)?.collateral -= read::<(i128, ScAddress)>(&event.data).0;
            }
            "loan_liquidated" => self.liquidated(event, flow, now)?,
            "cover_settled" => self.cover_settled(event, cover, flow, now)?,
            "cover_unsettled" => {
                let kept = flow.liquidated.clone();
                let kept =
                    kept.ok_or_else(|| Broken::new("M7", "nothing was liquidated".into()))?;
                self.unsettled.push(kept);
            }
            "cover_dropped" => {
                let (time, bad_debt): (u64, i128) = read(&event.data);
                self.unkeep(&topic(event, 1), |kept| {
                    (kept.time, kept.bad_debt) == (time, bad_debt)
                })?;
            }
            "compensated" => self.compensated(event, flow),
            "loss_socialised" => self.socialised(event, flow, now),
            "owner_paid" => self.owner_paid(event, flow)?,
            _ => {}
        }
        Ok(())
    }

    fn supplied(&mut self, event: &Event, now: u64) -> Rules {
        let (assets, shares): (i128, i128) = read(&event.data);
        let high = self.supply_high(now);
        let is_fair = shares * (high + VIRTUAL_ASSETS) <= assets * self.all_shares();
        expect("M6", is_fair && shares > 0, || {
            format!("{shares} shares for {assets} at {high}: {self:?}")
        })?;
        self.cash += assets;
        self.supply += assets;
        self.supply_shares += shares;
        *self.shares.entry(topic(event, 1)).or_default() += shares;
        Ok(())
    }

    fn redeemed(&mut self, event: &Event) -> Rules {
        let (assets, shares, _): (i128, i128, ScAddress) = read(&event.data);
        let is_fair = assets * self.all_shares() <= shares * (self.supply + VIRTUAL_ASSETS);
        expect("M6", is_fair && assets > 0, || {
            format!("{assets} for {shares} shares: {self:?}")
        })?;
        self.cash -= assets;
        self.supply -= assets;
        self.supply_shares -= shares;
        *self.shares.entry(topic(event, 1)).or_default() -= shares;
        Ok(())
    }

    fn all_shares(&self) -> i128 {
        self.supply_shares + VIRTUAL_SHARES
    }

    fn loan(&mut self, event: &Event) -> Result<&mut Loan, Broken> {
        let address = topic(event, 1);
        let missing = || Broken::new("M3", format!("no loan {address}"));
        let index = self.find(&address).ok_or_else(missing)?;
        Ok(&mut self.loans[index])
    }

    fn liquidated(&mut self, event: &Event, flow: &mut Flow, now: u64) -> Rules {
        let (seized, repaid, bad_debt, price): (i128, i128, i128, i128) = read(&event.data);
        let loan = self.loan(event)?;
        let liquidation = Liquidation {
            loan: loan.address.clone(),
            time: now,
            price,
            collateral: loan.collateral,
            seized,
            repaid,
            bad_debt,
        };
        loan.collateral -= seized;
        let is_bad = bad_debt == 0 || loan.collateral == 0;
        expect("M3", is_bad, || {
            format!("bad debt while collateral is left: {liquidation:?}")
        })?;
        self.cash += repaid;
        flow.repayments += 1;
        flow.liquidated = Some(liquidation);
        Ok(())
    }

    fn unkeep(
        &mut self,
        loan: &ScAddress,
        is: impl Fn(&Liquidation) -> bool,
    ) -> Result<Liquidation, Broken> {
        let found = self
            .unsettled
            .iter()
            .position(|kept| kept.loan == *loan && is(kept));
        match found {
            Some(index) => Ok(self.unsettled.remove(index)),
            None => Err(Broken::new(
                "I10",
                format!("settled twice: a liquidation of {loan}"),
            )),
        }
    }

    fn cover_settled(
        &mut self,
        event: &Event,
        cover: &mut Cover,
        flow: &mut Flow,
        now: u64,
    ) -> Rules {
        let (time, lenders, borrower, filed): (u64, i128, i128, i128) = read(&event.data);
        let liquidation = match &flow.liquidated {
            Some(liquidation) => liquidation.clone(),
            None => {
                let kept = self.unkeep(&topic(event, 1), |kept| kept.time == time)?;
                // In the call of a liquidation this lowers what is spread over the lenders.
                self.supply += lenders;
                flow.made_good += borrower.min((kept.bad_debt - lenders).max(0));
                kept
            }
        };
        cover.settles(&liquidation, (lenders, borrower, filed), now)?;
        self.cash += lenders + borrower;
        flow.repayments += i128::from(borrower > 0);
        self.file(filed, now);
        Ok(())
    }

    fn compensated(&mut self, event: &Event, flow: &mut Flow) {
        let whose: Option<ScAddress> = topic(event, 1);
        let amount = read::<(i128,)>(&event.data).0;
        self.cash += amount;
        flow.compensated.push((whose.clone(), amount));
        match whose {
            Some(_) => flow.repayments += 1,
            None => {
                self.supply += amount;
                self.filed = (self.filed - amount).max(0);
            }
        }
    }

    fn socialised(&mut self, event: &Event, flow: &mut Flow, now: u64) {
        let amount = read::<(i128,)>(&event.data).0;
        flow.is_loss = true;
        self.written_off += amount;
        self.supply -= amount;
        if topic::<Option<ScAddress>>(event, 1).is_none() {
            self.cash -= amount;
            self.short -= amount;
            self.file(amount, now);
        }
        if self.supply < 0 {
            self.unborne -= self.supply;
            self.supply = 0;
        }
    }

    fn owner_paid(&mut self, event: &Event, flow: &Flow) -> Rules {
        let (amount, is_delivered): (i128, bool) = read(&event.data);
        let owner: ScAddress = topic(event, 1);
        if !is_delivered {
            *self.credits.entry(owner).or_default() += amount;
            return Ok(());
        }
        self.cash -= amount;
        if flow.is_cover {
            return Ok(());
        }
        let waited = self.credits.remove(&owner).unwrap_or_default();
        expect_equal("M2", "collected", amount, waited)
    }
}
