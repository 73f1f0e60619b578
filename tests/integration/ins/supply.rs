//! The supply is the sum of the limits in force and of the balances, whatever happens; time alone writes nothing.

use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter as adapter, cover_pool as cover, loan_market::Peril, market_adapter,
        position, OnLedger,
    },
    market::Market,
    world::{World, LOANS},
};

use super::{balance, loan_of, supply};
use crate::{
    market,
    stage::{confirm_bases, fall, insured, paid, price, request, rescue, DAY, HOUR, LIMIT, WEEK},
};

const LENDERS: i128 = 100_000 * UNIT;

/// A loan on Blend for three weeks, one for eight, a market's loan, and a market's lenders; each with an owner of their own, and
/// somebody who holds nothing yet.
struct Insured {
    world: World,
    market: Market,
    short: (Keypair, position::Client, adapter::Quote),
    long: (Keypair, position::Client, adapter::Quote),
    loan: (Keypair, ScAddress),
    lender: Keypair,
    heir: Keypair,
}

impl Insured {
    fn new() -> Self {
        let (world, market) = market::world();
        assert_eq!(supply(&world), 0, "nothing is insured yet");
        let weeks = adapter::CoverRequest {
            weeks: 3,
            ..request(adapter::Peril::Advance)
        };
        let short = insured(&world, "short", weeks);
        let long = insured(&world, "long", request(adapter::Peril::Advance));
        let (owner, loan, _) = market::insured(&world, &market, "market's", &[Peril::Default]);
        let lender = world.funded("lenders' payer", 10_000 * UNIT);
        let all = market_adapter::CoverRequest {
            limit: LENDERS,
            max_premium: 2_000 * UNIT,
            max_rate: 0,
            perils: vec![market_adapter::Peril::Contract],
            route: market_adapter::Route::Adapter,
            weeks: 8,
        };
        let insure = market
            .insurer
            .insure_lenders(&market.platform.0, &lender, &all);
        insure.send(&world.ledger, &lender).unwrap();
        let heir = world.actor("heir");
        Self {
            world,
            market,
            short,
            long,
            loan: (owner, loan),
            lender,
            heir,
        }
    }

    fn owners(&self) -> [&Keypair; 5] {
        let Self { lender, heir, .. } = self;
        [&self.short.0, &self.long.0, &self.loan.0, lender, heir]
    }

    /// Asserts that supply, limits in force and balances agree, and what each owner holds.
    #[track_caller]
    fn agrees(&self, balances: [i128; 5], label: &str) {
        let (ledger, now) = (&self.world.ledger, self.world.ledger.now());
        let limits = |owner: &Keypair| -> i128 {
            let policies = self.world.cover.policies_of(owner).view(ledger).unwrap();
            let policies = policies.iter().map(|(_, policy)| policy);
            policies
                .filter(|policy| now < policy.end)
                .map(|policy| policy.limit)
                .sum()
        };
        let held = self.owners().map(|owner| balance(&self.world, owner));
        assert_eq!(held, balances, "balances, {label}");
        assert_eq!(self.owners().map(limits), balances, "limits, {label}");
        let sum: i128 = balances.iter().sum();
        assert_eq!(supply(&self.world), sum, "supply, {label}");
    }
}

#[test]
fn supply_limits_and_balances_agree_whatever_happens() {
    let stage = Insured::new();
    let (world, ledger) = (&stage.world, &stage.world.ledger);
    let Insured { market, heir, .. } = &stage;
    stage.agrees([LIMIT, LIMIT, LIMIT, LENDERS, 0], "opened");

    let more = world
        .adapter
        .top_up(&stage.long.1 .0, 500 * UNIT, 100 * UNIT);
    more.send(ledger, &stage.long.0).unwrap();
    let long = LIMIT + 500 * UNIT;
    stage.agrees([LIMIT, long, LIMIT, LENDERS, 0], "topped up");

    world.sleep(4 * DAY);
    let give = world.ins.transfer(&stage.loan.0, heir, LIMIT);
    give.send(ledger, &stage.loan.0).unwrap();
    stage.agrees([LIMIT, long, 0, LENDERS, LIMIT], "transferred");

    fall(world, &[1_600, 1_350]);
    price(world, 1_200);
    let drawn = paid(&rescue(world, &stage.short.1));
    let short = LIMIT - drawn;
    stage.agrees([short, long, 0, LENDERS, LIMIT], "drawn in part");

    let interest = cover::Interest(stage.short.1 .0.clone(), cover::Class::Loan);
    let owed = world.policy(&stage.short.1).unwrap();
    let back = world
        .cover
        .pay_back(&interest, &stage.short.0, owed.fees_due + 100 * UNIT);
    back.send(ledger, &stage.short.0).unwrap();
    let short = short + 100 * UNIT;
    stage.agrees([short, long, 0, LENDERS, LIMIT], "paid back in part");

    fall(world, &[1_050, 900]);
    let done = market::liquidate(world, market, &stage.loan.1, true).unwrap();
    assert!((1..LIMIT).contains(&done.covered), "paid in part: {done:?}");
    let heirs = LIMIT - done.covered;
    stage.agrees([short, long, 0, LENDERS, heirs], "claimed in part");

    fall(world, &[1_350, 2_000]);
    world.sleep(4 * DAY);
    let cancel = world.adapter.cancel(&stage.long.1 .0);
    cancel.send(ledger, &stage.long.0).unwrap();
    stage.agrees([short, 0, 0, LENDERS, heirs], "cancelled");

    world.sleep(stage.short.2.end + HOUR - ledger.now());
    stage.agrees([0, 0, 0, LENDERS, heirs], "ended, in its grace week");
    world.sleep(WEEK);
    stage.agrees([0, 0, 0, LENDERS, heirs], "expired");
    confirm_bases(world);
}

/// Between the two looks nobody calls anything: the clock is all that changes.
#[test]
fn at_its_end_cover_leaves_the_supply_and_nothing_is_written() {
    let stage = Insured::new();
    let (world, ledger) = (&stage.world, &stage.world.ledger);
    world.sleep(stage.short.2.end - 2 * HOUR - ledger.now());
    let last = stage.short.2.end - 1 - ledger.now();
    ledger.advance(last);
    stage.agrees([LIMIT, LIMIT, LIMIT, LENDERS, 0], "its last second");
    let (entries, before) = (ledger.entry_count(), world.policy(&stage.short.1));
    ledger.advance(1);
    stage.agrees([0, LIMIT, LIMIT, LENDERS, 0], "its end");
    let next = ledger.sequence();
    ledger.advance(WEEK);
    stage.agrees([0, LIMIT, LIMIT, LENDERS, 0], "a week later");
    assert_eq!(ledger.entry_count(), entries, "no entry came or went");
    assert_eq!(
        world.policy(&stage.short.1),
        before,
        "the policy is as it was"
    );
    assert_eq!(ledger.events_since(next), vec![], "nobody said anything");

    // Whoever writes next writes nothing of it either: what they touch is their own.
    let set = world.cover.set_base(LOANS, &cover::Peril::Advance, 150_000);
    set.send(ledger, &world.owner).unwrap();
    assert_eq!(world.policy(&stage.short.1), before, "nor then");
    let late = world.ins.assign(&loan_of(&stage.short.1 .0), &stage.heir);
    let ended = testkit::bindings::ins::InsError::NotInForce as u32;
    crate::stage::refused(late.send(ledger, &stage.short.0), ended, "it is over");
}
