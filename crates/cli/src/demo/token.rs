//! The settlement asset by its own events: an account of the money that trusts no report of ours.

use localnet::xdr::ScAddress;
use localnet::{Event, FromScVal};

use super::stage::Stage;

/// All of the settlement asset there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Everybody {
    pub minted: i128,
    pub held: i128,
    pub holders: usize,
}

/// What the cover pool paid those who earn bounties, read from the token's own events.
pub fn bounties(stage: &Stage<'_>, earners: &[ScAddress]) -> i128 {
    let pool = stage.world.cover.0.clone();
    let is_bounty = |transfer: &Transfer| transfer.from == pool && earners.contains(&transfer.to);
    transfers(stage)
        .filter(is_bounty)
        .map(|transfer| transfer.amount)
        .sum()
}

/// What the token's own events say the pool received and sent.
pub fn through_the_pool(stage: &Stage<'_>) -> (i128, i128) {
    let pool = stage.world.cover.0.clone();
    transfers(stage).fold((0, 0), |(received, sent), transfer| {
        let into = if transfer.to == pool {
            transfer.amount
        } else {
            0
        };
        let out = if transfer.from == pool {
            transfer.amount
        } else {
            0
        };
        (received + into, sent + out)
    })
}

/// What was minted of the settlement asset, and what everybody who ever had any holds now.
pub fn everybody(stage: &Stage<'_>) -> Everybody {
    let world = &stage.world;
    let mut holders: Vec<ScAddress> = Vec::new();
    let mut minted = 0;
    let of_token = |event: &&Event| event.contract == world.usdc.contract;
    let records = world.ledger.events_since(0);
    for event in records
        .iter()
        .flat_map(|record| record.events.iter().filter(of_token))
    {
        let amount = i128::from_scval(&event.data).unwrap_or(0);
        if event.is_named("mint") {
            minted += amount;
        } else if event.is_named("burn") || event.is_named("clawback") {
            minted -= amount;
        }
        let addresses = event
            .topics
            .iter()
            .filter_map(|topic| ScAddress::from_scval(topic).ok());
        for address in addresses.filter(|_| !event.is_named("approve")) {
            if !holders.contains(&address) {
                holders.push(address);
            }
        }
    }
    holders.retain(|holder| *holder != world.usdc.issuer.address());
    let held = holders
        .iter()
        .map(|holder| world.usdc.balance(&world.ledger, holder))
        .sum();
    Everybody {
        minted,
        held,
        holders: holders.len(),
    }
}

/// A transfer of the settlement asset.
struct Transfer {
    from: ScAddress,
    to: ScAddress,
    amount: i128,
}

impl Transfer {
    fn of(event: &Event) -> Option<Self> {
        let topic = |index: usize| ScAddress::from_scval(event.topics.get(index)?).ok();
        let amount = i128::from_scval(&event.data).ok()?;
        match event {
            event if event.is_named("transfer") => Some(Self {
                from: topic(1)?,
                to: topic(2)?,
                amount,
            }),
            _ => None,
        }
    }
}

fn transfers<'a>(stage: &'a Stage<'_>) -> impl Iterator<Item = Transfer> + 'a {
    let token = &stage.world.usdc.contract;
    let records = stage.world.ledger.events_since(0);
    let of_token = move |event: &Event| event.contract == *token;
    records.into_iter().flat_map(move |record| {
        let events = record.events.iter().filter(|event| of_token(event));
        events.filter_map(Transfer::of).collect::<Vec<_>>()
    })
}
