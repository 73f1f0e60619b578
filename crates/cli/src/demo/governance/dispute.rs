//! Claims go to the court: a challenge is upheld, one is refused, an appeal is won; and time decides where no vote does.

use actuary::Price;
use localnet::Keypair;
use testkit::asset::UNIT;
use testkit::bindings::{cover_pool as cover, OnLedger};
use testkit::governance::{Proposal as Draft, Vote};

use super::court::Case;
use super::{require, Assembly};
use crate::demo::refusal::{NOT_DISPUTABLE, NOT_PAYABLE, NOT_THEIRS};
use crate::demo::stage::refused;
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::output::Body;
use crate::peril::Peril;

/// Prices of the fall, as parts of a hundred of the first.
const FALL: [i128; 4] = [100, 93, 86, 80];
/// What the appeals are about, in whole units of the settlement asset.
const LOSSES: [i128; 2] = [10_000, 4_000];
/// What anybody who challenges has.
const PURSE: i128 = 10_000 * UNIT;

/// Who is insured: three whose grants are challenged, and two who appeal.
const CHALLENGED: [(&str, &str); 3] = [
    ("denied", "first challenger"),
    ("confirmed", "second challenger"),
    ("undecided", "third challenger"),
];
const APPELLANTS: [&str; 2] = ["wins an appeal", "loses an appeal"];

pub fn play(assembly: &mut Assembly<'_>) -> Result<(), DemoError> {
    assembly.begin("Borrowers are insured with grants that wait for their window")?;
    found(assembly)?;
    let (challenged, appellants) = insure(assembly)?;
    assembly.begin("The collateral falls, and three grants are filed")?;
    let claims = file(assembly, &challenged)?;
    assembly.begin("Two owners appeal for what no contract proves")?;
    let [mut won, lost] = appeal(assembly, &appellants)?;
    assembly.begin("The three claims are challenged")?;
    let [mut denied, mut confirmed, undecided] = challenge(assembly, &claims)?;
    assembly.begin("The court votes")?;
    let cases = [&mut denied, &mut confirmed, &mut won];
    vote(assembly, cases, &lost)?;
    assembly.begin("What the court decided is settled")?;
    for case in [&denied, &confirmed, &won] {
        assembly.finalize(case)?;
    }
    assembly.begin("The court's time is over")?;
    let until = assembly.claim(lost.claim)?.payable_from;
    let until = assembly.claim(undecided.claim)?.payable_from.max(until);
    for case in [&undecided, &lost] {
        let tried = assembly.try_finalize(case.claim);
        let what = format!("settle claim {}", case.claim);
        assembly.refuses("keeper", &what, tried, NOT_PAYABLE)?;
    }
    assembly.wait(until - assembly.stage().now())?;
    for case in [&undecided, &lost] {
        assembly.finalize(case)?;
    }
    Ok(())
}

/// The pool pays no grant at once; then it is handed over, LPs stake and lenders lend.
fn found(assembly: &mut Assembly<'_>) -> Result<(), DemoError> {
    let world = &assembly.stage().world;
    let (founder, pool) = (world.owner.clone(), world.cover.clone());
    let terms = pool.terms().view(&world.ledger);
    let terms = cover::Terms {
        daily_share: 0,
        ..terms.map_err(refused("read the pool's terms"))?
    };
    assembly
        .stage_mut()
        .send("set terms", pool.set_terms(&terms), &founder)?;
    assembly.tell("founder", "has every grant of two price sources wait");
    assembly.hand_over()?;
    let roles = pool.roles().view(&assembly.stage().world.ledger);
    let court = roles.map_err(refused("read roles"))?.court;
    let is_courts = court == assembly.governance.court.0;
    require(is_courts, "the court's governor decides disputes")?;
    assembly.play.fund()
}

/// Somebody insured, and who they are among the borrowers.
struct Insured {
    borrower: usize,
    key: Keypair,
}

/// Everybody borrows with a grant, and waits until it covers.
fn insure(assembly: &mut Assembly<'_>) -> Result<(Vec<Insured>, Vec<Insured>), DemoError> {
    assembly.confirm_rates()?;
    assembly.wait(super::WINDOW)?;
    let limit = {
        let scenario = assembly.stage().scenario;
        let value = scenario.loan.collateral_value.raw();
        value * scenario.cover.grant_limit.raw() / actuary::FULL_RATE
    };
    let mut all = Vec::new();
    let names = CHALLENGED.map(|(name, _)| name);
    for name in names.into_iter().chain(APPELLANTS) {
        let key = assembly.actor(name);
        let borrower = assembly.borrow((name, &key), (Peril::Grant, limit))?;
        let limit = money(assembly.stage(), limit);
        assembly.tell(name, format!("insured up to {limit}"));
        all.push(Insured { borrower, key });
    }
    assembly.wait(super::WINDOW)?;
    let appellants = all.split_off(CHALLENGED.len());
    Ok((all, appellants))
}

/// The price falls by a fifth; keepers file what the falls come to.
fn file(assembly: &mut Assembly<'_>, insured: &[Insured]) -> Result<Vec<(u32, usize)>, DemoError> {
    let first = assembly.stage().market.raw();
    for part in FALL {
        assembly.move_price(Price::from_raw(first * part / 100))?;
    }
    let falls = assembly.play.keeper.events.len();
    require(falls == 1, "the hub has recorded one fall")?;
    let mut claims = Vec::new();
    for Insured { borrower, .. } in insured {
        claims.push((assembly.file(*borrower)?, *borrower));
    }
    if let Some((claim, _)) = claims.first() {
        let tried = assembly.try_finalize(*claim);
        let what = format!("settle claim {claim} at once");
        assembly.refuses("keeper", &what, tried, NOT_PAYABLE)?;
    }
    Ok(claims)
}

/// Two owners appeal; nobody else may.
fn appeal(assembly: &mut Assembly<'_>, insured: &[Insured]) -> Result<[Case; 2], DemoError> {
    let [first, second] = insured else {
        return Err(uncounted());
    };
    let stranger = assembly.actor("stranger");
    let tried = assembly.appeal(first.borrower, LOSSES[0] * UNIT, &stranger);
    let what = format!("appeal for {}", APPELLANTS[0]);
    assembly.refuses("stranger", &what, tried, NOT_THEIRS)?;
    Ok([
        assembly.appeal(first.borrower, LOSSES[0] * UNIT, &first.key)?,
        assembly.appeal(second.borrower, LOSSES[1] * UNIT, &second.key)?,
    ])
}

/// Somebody challenges each of the claims; each only once.
fn challenge(assembly: &mut Assembly<'_>, claims: &[(u32, usize)]) -> Result<[Case; 3], DemoError> {
    let mut cases = Vec::new();
    for (claim, (_, name)) in claims.iter().zip(CHALLENGED) {
        let key = assembly.actor(name);
        let world = &assembly.stage().world;
        world.usdc.mint(&world.ledger, &key.address(), PURSE);
        cases.push(assembly.challenge(*claim, &key)?);
        if cases.len() == 1 {
            let tried = assembly.challenge(*claim, &key);
            let what = format!("challenge claim {} again", claim.0);
            assembly.refuses(name, &what, tried, NOT_DISPUTABLE)?;
        }
    }
    cases.try_into().map_err(|_| uncounted())
}

fn uncounted() -> DemoError {
    DemoError::NotSo {
        what: "everybody of the story is there".to_owned(),
    }
}

/// One claim is denied, one confirmed, two thirds of an appeal are granted, and another appeal is voted down.
fn vote(
    assembly: &mut Assembly<'_>,
    mut cases: [&mut Case; 3],
    lost: &Case,
) -> Result<(), DemoError> {
    use Vote::{Abstain, Against, For};
    let pool = assembly.stage().world.cover.clone();
    let resolve = |claim: u32, amount: i128, why: &str| {
        let title = format!("Claim {claim}: {why}.");
        Draft::new(&title).with(pool.resolve(claim, amount))
    };
    let [denied, confirmed, won] = &cases;
    let drafts = vec![
        (
            resolve(denied.claim, 0, "nothing was lost"),
            [For, For, Against],
        ),
        (
            resolve(confirmed.claim, confirmed.asked, "all of it was lost"),
            [For, Abstain, Against],
        ),
        (
            resolve(won.claim, won.asked * 2 / 3, "two thirds were lost"),
            [For, For, Abstain],
        ),
        (
            resolve(lost.claim, lost.asked, "all of it was lost"),
            [Against, Against, For],
        ),
    ];
    let purses = assembly.purses(&cases);
    assembly.decide(Body::Court, drafts)?;
    for (case, purse) in cases.iter_mut().zip(purses) {
        assembly.was_decided(case, purse)?;
    }
    Ok(())
}
