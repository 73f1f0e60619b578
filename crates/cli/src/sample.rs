//! A small result to test tables, JSON and report with.

use std::collections::BTreeMap;

use actuary::{Price, Rate};

use crate::output::{
    Advance, Amount, Body, Call, Choice, Claim, Conservation, Cost, Decider, Dispute, DisputeKind,
    Facts, Health, Line, Liquidity, Moment, Outcome, Participant, Payout, PerilOutcome, Perils,
    Platform, Proposal, Refused, Run, Series, Step, Voter, Votes, Wasm,
};
use crate::peril::{Peril, PerilFamily};

const NOON: u64 = 1_584_014_400;

fn usdc(units: i128) -> Amount {
    Amount(units * 10_000_000)
}

pub fn run() -> Run {
    let mut facts = Facts::default();
    facts.add("rate", "1.8 % a year");
    facts.add("total", "1.00 USDC");
    Run {
        scenario: "sample".to_owned(),
        title: "Twins <in> a \"crash\" & after".to_owned(),
        platform: Platform::Blend,
        perils: perils(),
        notes: vec!["1 gap over 2 h filled".to_owned()],
        decimals: BTreeMap::from([("USDC".to_owned(), 7)]),
        steps: vec![Step {
            step: 1,
            title: "A borrower asks for a loan".to_owned(),
            facts,
        }],
        governance: Vec::new(),
        disputes: Vec::new(),
        refusals: Vec::new(),
        borrowers: vec![uninsured_borrower(), advanced_borrower()],
        lenders: vec![insured_lender()],
        lp: Liquidity {
            asset: "USDC".to_owned(),
            staked: usdc(1_000_000),
            premiums: usdc(60),
            fees: usdc(6),
            refunds: usdc(2),
            claims: usdc(2_500),
            bonds: Amount(0),
            exit: usdc(997_552),
            left: Amount(1),
        },
        conservation: Conservation {
            asset: "USDC".to_owned(),
            received: usdc(1_000_100),
            sent: usdc(1_000_099),
            held: usdc(1),
            residual: Amount(0),
        },
        invariants: BTreeMap::from([("I01".to_owned(), Some(true)), ("I07".to_owned(), None)]),
        costs: vec![Cost {
            operation: "stake".to_owned(),
            instructions: 2_000_000,
            entries: 6,
            bytes: 972,
            events: 300,
        }],
        wasm: vec![Wasm {
            contract: "cover-pool".to_owned(),
            bytes: 70_000,
        }],
        series: series(),
    }
}

/// A run with a proposal that was executed, a dispute and a refusal.
pub fn story() -> Run {
    let run = run();
    let decimals = run.decimals.into_iter().chain([("PLT".to_owned(), 7)]);
    Run {
        decimals: decimals.collect(),
        governance: vec![proposal()],
        disputes: vec![dispute()],
        refusals: vec![Refused {
            time: NOON,
            who: "keeper".to_owned(),
            tried: "execute early".to_owned(),
            code: Some(4_002),
            error: "InvalidOperationState".to_owned(),
        }],
        ..run
    }
}

fn proposal() -> Proposal {
    let at = |ledger: u32| Moment {
        time: NOON + 5 * u64::from(ledger),
        ledger,
    };
    Proposal {
        id: "00ff".to_owned(),
        governor: Body::Terms,
        title: "Dearer".to_owned(),
        calls: vec![Call {
            contract: Some("cover-pool".to_owned()),
            target: "C".to_owned(),
            function: "set_group".to_owned(),
        }],
        proposer: "first".to_owned(),
        proposed: at(0),
        snapshot: at(10),
        vote_end: at(20),
        votes: Votes {
            asset: "PLT".to_owned(),
            in_favour: usdc(400_000),
            against: usdc(250_000),
            abstain: Amount(0),
            quorum: Some(usdc(200_000)),
            voters: vec![Voter {
                name: "first".to_owned(),
                vote: Choice::For,
                weight: usdc(400_000),
            }],
        },
        queued: Some(at(21)),
        ready: Some(at(31)),
        executed: Some(at(32)),
        outcome: Outcome::Executed,
    }
}

fn dispute() -> Dispute {
    Dispute {
        claim: 2,
        kind: DisputeKind::Challenge,
        by: "challenger".to_owned(),
        insured: "insured".to_owned(),
        asset: "USDC".to_owned(),
        asked: usdc(8_000),
        granted: usdc(8_000),
        decided_by: Decider::Court,
        paid: usdc(8_000),
        bond: usdc(160),
        bond_returned: Amount(0),
        bond_to_owner: usdc(80),
        bond_to_lps: Amount(0),
        bond_to_reserve: usdc(80),
    }
}

fn perils() -> Perils {
    let of = |family: PerilFamily| {
        let is_default = family == PerilFamily::Default;
        let claim = Claim {
            time: NOON,
            beneficiary: "insured".to_owned(),
            asset: "USDC".to_owned(),
            facts: BTreeMap::from([("b_tokens".to_owned(), usdc(50_000))]),
            loss: usdc(2_000),
            due: usdc(1_900),
            paid: usdc(1_900),
        };
        let outcome = PerilOutcome {
            offered: is_default || family == PerilFamily::Depreciation,
            triggered: is_default,
            asset: "USDC".to_owned(),
            paid: usdc(if is_default { 1_900 } else { 0 }),
            beneficiary: is_default.then(|| "insured".to_owned()),
            claims: if is_default { vec![claim] } else { Vec::new() },
        };
        (family, outcome)
    };
    Perils(PerilFamily::ALL.map(of).to_vec())
}

fn uninsured_borrower() -> Participant {
    Participant {
        name: "uninsured".to_owned(),
        insured: false,
        peril: None,
        liquidated: true,
        asset: "USDC".to_owned(),
        before: usdc(12_800),
        after: usdc(4_100),
        loss: usdc(8_700),
        paid_by_cover: Amount(0),
        premium: Amount(0),
        limit: Amount(0),
        limit_left: Amount(0),
        payouts: Vec::new(),
        advance: None,
    }
}

fn advanced_borrower() -> Participant {
    Participant {
        name: "with an advance".to_owned(),
        insured: true,
        peril: Some(Peril::Advance),
        liquidated: false,
        paid_by_cover: usdc(800),
        premium: usdc(1),
        limit: usdc(3_600),
        limit_left: usdc(3_600),
        payouts: vec![Payout {
            time: NOON + 300,
            asset: "USDC".to_owned(),
            amount: usdc(800),
            health_before: Some(Health(Rate::from_raw(11_190_000))),
            health_after: Some(Health(Rate::from_raw(12_500_000))),
        }],
        advance: Some(Advance {
            asset: "USDC".to_owned(),
            drawn: usdc(800),
            repaid: usdc(804),
            owed: Amount(0),
        }),
        ..uninsured_borrower()
    }
}

fn insured_lender() -> Participant {
    Participant {
        name: "insured".to_owned(),
        insured: true,
        peril: Some(Peril::Default),
        ..uninsured_borrower()
    }
}

fn series() -> Series {
    let price = |units: i128| Price::from_raw(units * 100_000_000_000_000);
    let line = |name: &str| name.to_owned();
    Series {
        prices: vec![Line {
            name: line("ETH in USDC"),
            points: vec![
                (NOON, price(195)),
                (NOON + 300, price(86)),
                (NOON + 600, price(140)),
            ],
        }],
        health: vec![Line {
            name: line("with an advance"),
            points: vec![
                (NOON, Rate::from_raw(19_000_000)),
                (NOON + 600, Rate::from_raw(12_500_000)),
            ],
        }],
        nav: vec![Line {
            name: line("NAV_lo"),
            points: vec![(NOON, usdc(1_000_000))],
        }],
        payouts: vec![Line {
            name: line("with an advance"),
            points: vec![(NOON + 300, usdc(800))],
        }],
    }
}
