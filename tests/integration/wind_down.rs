//! Winding the pool down by vote: nothing more is sold, what was sold stays covered, and every LP leaves with the reserve.

use actuary::{nav::assets_for_down, Assets, Shares};
use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::blend_adapter::{CoverRequest, Peril},
    governance::{Governance, Proposal},
    world::World,
};

use crate::stage::*;

/// The longest cover, of this peril.
fn longest(peril: Peril) -> CoverRequest {
    CoverRequest {
        weeks: 13,
        max_premium: 1_000 * UNIT,
        ..request(peril)
    }
}

/// What these shares are worth on the way out.
fn worth(world: &World, shares: i128) -> i128 {
    let books = books(world);
    let (shares, supply) = (Shares::from_raw(shares), Shares::from_raw(books.shares));
    let worth = assets_for_down(shares, supply, Assets::from_raw(books.nav_lo));
    worth.unwrap().raw()
}

/// All that an LP has is asked for. Returns the request's slot and the shares.
fn leave(world: &World, lp: &Keypair) -> (u32, i128) {
    let shares = world.cover.balance(lp).view(&world.ledger).unwrap();
    let request = world.cover.request_redeem(lp, shares);
    (request.send(&world.ledger, lp).unwrap(), shares)
}

/// Pays an LP out. Returns what they were paid.
fn paid_out(world: &World, lp: &Keypair, slot: u32) -> i128 {
    let before = usdc(world, lp);
    let fulfil = world.cover.fulfil(lp, slot, lp, 1);
    let paid = fulfil.send(&world.ledger, lp).unwrap();
    assert_eq!(usdc(world, lp) - before, paid, "what arrives");
    paid
}

/// A pool with two LPs that the token holders have wound down, and an insured loan from before.
struct Ending {
    world: World,
    votes: Governance,
    lps: [Keypair; 2],
    position: testkit::bindings::position::Client,
    end: u64,
}

impl Ending {
    fn new() -> Self {
        let world = world();
        let lps = [Keypair::named("lp"), world.stake("second", 300_000 * UNIT)];
        let votes = Governance::found(&world);
        votes.take_over(&world);
        world.sleep(26 * HOUR);
        for (peril, base) in BASES {
            let confirm = world.cover.set_base(testkit::world::LOANS, &peril, base);
            confirm.send(&world.ledger, &votes.risk).unwrap();
        }
        let (_, position, quote) = insured(&world, "borrower", longest(Peril::Grant));
        let wind_down = world.cover.wind_down();
        let founder = wind_down.clone().send(&world.ledger, &world.owner);
        assert!(founder.is_err(), "not the founder's to call");
        let ending = Proposal::new("We close the pool.").with(wind_down);
        votes.decide(&world, &ending);
        Self {
            end: quote.end,
            world,
            votes,
            lps,
            position,
        }
    }

    /// A vote that releases the reserve, up to its execution.
    fn release(&self) -> Proposal {
        let release = self.world.cover.release_reserve();
        let release = Proposal::new("The reserve is the LPs'.").with(release);
        self.votes.win(&self.world, &release);
        self.votes.wait(&self.world);
        release
    }
}

#[test]
fn nothing_more_is_sold_and_claims_are_paid() {
    let ending = Ending::new();
    let (world, ledger) = (&ending.world, &ending.world.ledger);
    world.sleep(26 * HOUR);
    let late = applicant(world, "late");
    let sale = world.open_loan(&late, COLLATERAL, DEBT, Some(longest(Peril::Grant)));
    refused(sale, CoverError::Paused as u32, "no sale");
    let deposit = world.cover.stake(&late, UNIT, 1).send(ledger, &late);
    refused(deposit, CoverError::Paused as u32, "no deposit");
    price(world, 1_000);
    world.watch(HOUR);
    world.trigger();
    let before = books(world);
    let amount = paid(&grant(world, &ending.position));
    let after = books(world);
    assert_eq!(before.exposure - after.exposure, amount, "out of force");
    let bounty = before.bounties - after.bounties;
    assert_eq!(before.cash - after.cash, amount + bounty, "paid");
}

#[test]
fn every_lp_leaves_with_the_reserve_and_nothing_is_left() {
    let ending = Ending::new();
    let Ending {
        world,
        votes,
        lps,
        end,
        ..
    } = &ending;
    let ledger = &world.ledger;
    let exits = [leave(world, &lps[0]), leave(world, &lps[1])];
    assert!(end + WEEK <= ledger.now() + 15 * WEEK, "15 weeks");
    let founder = world.cover.release_reserve().send(ledger, &world.owner);
    assert!(founder.is_err(), "not the founder's to call");
    ledger.set_time(end - WEEK).unwrap();
    let release = ending.release();
    assert!((*end..end + WEEK).contains(&ledger.now()), "the grace week");
    let early = votes.execute(world, &release);
    refused(early, CoverError::NotWoundDown as u32, "limits are held");
    ledger.set_time(end + WEEK).unwrap();
    let over = books(world);
    assert_eq!((over.exposure, over.unearned), (0, 0), "all has run off");
    votes.execute(world, &release).unwrap();
    let released = books(world);
    assert!(over.reserve > 0, "fees");
    assert_eq!(released.reserve, 0, "none");
    let gain = released.nav_lo - over.nav_lo;
    assert_eq!(gain, over.reserve, "the LPs'");
    for (lp, (slot, shares)) in lps.iter().zip(exits) {
        let due = worth(world, shares);
        assert_eq!(paid_out(world, lp, slot), due, "to the last unit");
    }
    let left = books(world);
    assert_eq!((left.queued, left.reserve), (0, 0), "nobody waits");
    assert_eq!(left.cash, left.nav_lo + left.bounties, "nothing else");
    // The dead shares' part, and what rounding left.
    assert!(left.nav_lo <= 10, "a few units: {}", left.nav_lo);
    let held = usdc_of(world, &world.cover.0);
    assert_eq!(held, left.cash, "as the books say");
}

#[test]
fn an_lp_who_stays_in_the_queue_has_all_of_the_reserve() {
    let ending = Ending::new();
    let (world, [first, second]) = (&ending.world, &ending.lps);
    let exits = [leave(world, first), leave(world, second)];
    world.ledger.set_time(ending.end).unwrap();
    let release = ending.release();
    let [(early, _), (late, shares)] = exits;
    assert!(paid_out(world, first, early) > CAPITAL, "without it");
    let (without, reserve) = (worth(world, shares), books(world).reserve);
    ending.votes.execute(world, &release).unwrap();
    let gain = paid_out(world, second, late) - without;
    assert!((0..=10).contains(&(reserve - gain)), "of {reserve}: {gain}");
}
