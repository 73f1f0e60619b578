//! How the books follow the events of one call, and what must be true of each by itself.

use localnet::{
    xdr::{ScAddress, ScVal},
    Event,
};
use testkit::{
    bindings::{cover_pool::Peril, OnLedger},
    blend::AuctionData,
    world::LOANS,
};

use super::books::{loss, Books, Taken, Watched, Worth};
use crate::{
    cover::Cover,
    follow::{name, read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Key, Shadow, DAY},
    stage::Stage,
};

/// How long a fall that was granted is taken off a penalty.
const EVENT_OPEN: u64 = 2 * DAY;

impl Books {
    /// Takes in the events of one call at `now`; `before` is cover as it was before it.
    pub fn follow(&mut self, events: &[Event], stage: &Stage, before: &Shadow, now: u64) -> Rules {
        let mut cover = Cover::new(stage, before, &[LOANS]);
        let (world, mut delivered) = (&stage.world, Vec::new());
        let is_on_blend = |event: &Event| event.contract == world.pool.address;
        let is_appeal = events
            .iter()
            .any(|event| event.is_named("challenged") || event.is_named("appealed"));
        for event in events {
            let of = |contract: &ScAddress| event.contract == *contract;
            if is_on_blend(event) {
                self.platform_said(event, stage, now);
            } else if of(&world.adapter.0) {
                self.adapter_said(event, &mut cover, &delivered, now)?;
            } else if of(&world.lenders.0) {
                self.lenders.said(event, stage, before, now)?;
            } else if of(&world.salvage.0) {
                self.lots.said(event, &cover, now)?;
            } else if of(&world.cover.0) {
                cover.heard(event);
                self.lots.pool_said(event, &world.salvage.0);
                self.lenders.pool_said(event, (stage, before), is_appeal)?;
                self.pool_said(event, stage)?;
            } else if of(&world.usdc.contract) {
                self.token_moved(event, stage, &mut delivered);
            }
        }
        self.lots.is_square()?;
        cover.is_heeded()?;
        if events.iter().any(is_on_blend) {
            self.lenders.look(stage);
        }
        Ok(())
    }

    fn token_moved(
        &mut self,
        event: &Event,
        stage: &Stage,
        delivered: &mut Vec<(ScAddress, i128)>,
    ) {
        let world = &stage.world;
        let is = |index: usize, who: &ScAddress| matches!(event.topics.get(index), Some(ScVal::Address(address)) if address == who);
        let amount = || crate::follow::amount(event);
        let pool = &world.pool.address;
        if event.is_named("clawback") && (is(1, pool) || is(2, pool)) {
            self.lenders.taken += amount();
        } else if event.is_named("transfer") && is(1, &world.adapter.0) {
            delivered.push((topic(event, 2), amount()));
        }
    }

    /// A loan that is insured against liquidations is watched from then on.
    fn pool_said(&mut self, event: &Event, stage: &Stage) -> Rules {
        if !event.is_named("opened") {
            return Ok(());
        }
        type Data = (u32, u32, u32, u32, i128, i128, u32, u64, u32, ScAddress);
        let (_, group, perils, ..): Data = read(&event.data);
        if group == LOANS && perils >> Peril::Liquidation as u32 & 1 == 1 {
            let watched = Watched {
                price: stage.pair()?.price,
                taken: Taken::default(),
            };
            self.watched.insert(topic(event, 1), watched);
        }
        Ok(())
    }

    fn platform_said(&mut self, event: &Event, stage: &Stage, now: u64) {
        self.lenders.platform_said(event, stage);
        if !event.is_named("fill_auction") || topic::<u32>(event, 1) != 0 {
            return;
        }
        let (world, user) = (&stage.world, topic(event, 2));
        let Some(watched) = self.watched.get_mut(&user) else {
            return;
        };
        let (_, _, filled): (ScAddress, i128, AuctionData) = read(&event.data);
        let part = (filled.lot.values().sum(), filled.bid.values().sum());
        watched.lose(part, now);
        let left = world.pool.positions(&world.ledger, &user);
        // Without collateral the loss is the lenders'.
        if left.collateral.is_empty() {
            watched.taken = Taken::default();
        }
    }

    fn adapter_said(
        &mut self,
        event: &Event,
        cover: &mut Cover,
        delivered: &[(ScAddress, i128)],
        now: u64,
    ) -> Rules {
        match name(event).as_str() {
            "liquidation_settled" => self.settled(event, cover, now)?,
            "collateral_surrendered" => {
                let (claim, amount): (u32, i128) = read(&event.data);
                let lot = self.lots.surrendered(claim, amount)?;
                cover.files_surrender((&topic(event, 1), claim), &lot, now)?;
            }
            "foreclosed" => {
                let (_, _, _, to_owner, _): (bool, i128, i128, i128, i128) = read(&event.data);
                let policy = cover.before.policies.get(&(topic(event, 1), 1));
                let owner = policy.map(|policy| policy.owner.clone());
                let owner =
                    owner.ok_or_else(|| Broken::new("I10", "foreclosed uninsured".into()))?;
                if to_owner > 0 && !delivered.contains(&(owner.clone(), to_owner)) {
                    *self.uncollected.entry(owner).or_default() += to_owner;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// B1, B2: what is settled is what was taken, for its penalty after a fall, and then it is gone.
    fn settled(&mut self, event: &Event, cover: &mut Cover, now: u64) -> Rules {
        let (collateral, debt, told, paid): (i128, i128, i128, i128) = read(&event.data);
        let key: Key = (topic(event, 1), 1);
        let taken = self.taken(&key.0);
        let known = (taken.collateral, taken.debt);
        expect_equal("B1", "taken, and settled", (collateral, debt), known)?;
        let worth = Worth::now(cover.stage, &taken)?;
        let penalty = if worth.has_dropped { loss(&worth) } else { 0 };
        let end = cover
            .before
            .policies
            .get(&key)
            .map_or(0, |policy| policy.end);
        let least = match now <= end {
            true => (penalty - granted(cover.stage, &key, 0)?).max(0),
            false => 0,
        };
        expect("B2", (least..=penalty).contains(&told), || {
            format!("a loss of {told} settled, {least} to {penalty} lost: {taken:?}, {worth:?}")
        })?;
        let most = cover.due(&key, Peril::Liquidation, told, (taken.first, now));
        let payment = cover.take(&key, Peril::Liquidation)?;
        let amount = payment.as_ref().map_or(0, |payment| payment.amount);
        expect("B2", amount <= most, || {
            format!("{amount} for a loss that bears {most}: {taken:?}")
        })?;
        let at_once = payment.filter(|payment| payment.claim.is_none());
        let at_once = at_once.map_or(0, |payment| payment.amount);
        expect_equal("B2", "told to be paid", paid, at_once)?;
        if let Some(watched) = self.watched.get_mut(&key.0) {
            watched.taken = Taken::default();
        }
        Ok(())
    }
}

/// What depreciation has paid for a fall that was open at `time`, as the pool's policy has it; at most that for time 0.
pub fn granted(stage: &Stage, key: &Key, time: u64) -> Result<i128, Broken> {
    let world = &stage.world;
    let shown = |what: &str, error| Broken::new("view", format!("{what}: {error}"));
    let event = stage
        .hub()
        .event(&world.collateral.contract, &world.usdc.contract);
    let event = event
        .view(&world.ledger)
        .map_err(|error| shown("event", error))?;
    let interest = stage.loan_interest(&key.0);
    let policy = world.cover.policy(&interest).view(&world.ledger);
    let policy = policy.map_err(|error| shown("policy", error))?;
    let open = event.filter(|event| time < event.at + EVENT_OPEN);
    let granted = open.zip(policy).map_or(0, |(event, policy)| {
        if policy.event == u64::from(event.id) {
            policy.event_loss
        } else {
            0
        }
    });
    Ok(granted)
}
