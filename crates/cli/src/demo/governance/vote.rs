//! Terms are changed by a vote: what it takes, what fails, and what is different afterwards.

use actuary::time::DAY;
use actuary::FULL_RATE;
use localnet::{Keypair, SECONDS_PER_LEDGER};
use testkit::bindings::{cover_pool as cover, OnLedger};
use testkit::governance::{Proposal as Draft, Vote};

use super::ballot::{plt, Motion};
use super::{require, Assembly};
use crate::demo::refusal::{
    Ground, HAS_VOTED, NOT_ACTIVE, NOT_READY, NOT_WON, NO_SUCH_PROPOSAL, OUT_OF_BOUNDS,
    TOO_FEW_VOTES,
};
use crate::demo::stage::refused;
use crate::demo::story::{money, percent};
use crate::demo::DemoError;
use crate::output::Body;
use crate::peril::Peril;

/// The bound that is voted for: 4 % a year.
const NEW_MAX: u32 = 400_000;
/// What an altered proposal would make of it.
const ALTERED_MAX: u32 = 1_000_000;
/// The base rate that only the new bound allows: 3.5 % a year.
const NEW_BASE: u32 = 350_000;
/// The upper bound of the rate that is voted down: 1 % a year.
const CHEAP: u32 = 100_000;
/// How much a base rate may rise in a day, as parts of a hundred.
const DAILY_STEP: u32 = 125;

pub fn play(assembly: &mut Assembly<'_>) -> Result<(), DemoError> {
    assembly.begin("The contracts become the token holders'")?;
    take_over(assembly)?;
    assembly.begin("A base rate reaches its bound")?;
    let before = reach_the_bound(assembly)?;
    assembly.begin("Two proposals are made")?;
    let (raise, cheap) = propose(assembly)?;
    assembly.begin("The vote")?;
    vote(assembly, &raise, &cheap)?;
    assembly.begin("Queue and delay")?;
    queue(assembly, &raise, &cheap)?;
    assembly.begin("Execution")?;
    execute(assembly, &raise)?;
    assembly.begin("What is different")?;
    use_the_bound(assembly, before)
}

/// What is held by whom, and that the founder has no power left.
fn take_over(assembly: &mut Assembly<'_>) -> Result<(), DemoError> {
    for holder in assembly.governance.holders.clone() {
        let world = &assembly.stage().world;
        let votes = assembly.governance.plt.get_votes(&holder);
        let votes = votes.view(&world.ledger).map_err(refused("read votes"))?;
        let who = assembly.name_of(&holder.address());
        assembly.tell(&who, format!("has {}", plt(votes)));
    }
    assembly.hand_over()?;
    let terms = bounded(assembly, NEW_MAX)?;
    let (group, world) = (assembly.loans(), &assembly.stage().world);
    let founder = world.owner.clone();
    let call = world.cover.set_group(group, &terms);
    let tried = assembly.stage_mut().send("set a group", call, &founder);
    assembly.refuses("founder", "set the bound alone", tried, Ground::Unsigned)
}

/// The loans' terms with another upper bound of the base rate of advances.
fn bounded(assembly: &Assembly<'_>, base_max: u32) -> Result<cover::GroupTerms, DemoError> {
    let mut terms = assembly.terms_of(assembly.loans())?;
    let mut perils = terms.perils.iter_mut();
    if let Some(sold) = perils.find(|sold| sold.peril == cover::Peril::Advance) {
        sold.base_max = base_max;
    }
    Ok(terms)
}

/// Base rate and bound of advances.
fn base_of(assembly: &Assembly<'_>) -> Result<(u32, u32), DemoError> {
    let terms = assembly.terms_of(assembly.loans())?;
    let mut perils = terms.perils.iter();
    let sold = perils.find(|sold| sold.peril == cover::Peril::Advance);
    Ok(sold.map_or((0, 0), |sold| (sold.base, sold.base_max)))
}

fn set_base(assembly: &mut Assembly<'_>, base: u32) -> Result<(), DemoError> {
    let (risk, group) = (assembly.governance.risk.clone(), assembly.loans());
    let pool = &assembly.stage().world.cover;
    let call = pool.set_base(group, &cover::Peril::Advance, base);
    assembly.stage_mut().send("set a base rate", call, &risk)
}

/// LPs stake, lenders lend, the risk role raises the base rate as far as it goes, and somebody is insured at it. Returns what they
/// were quoted.
fn reach_the_bound(assembly: &mut Assembly<'_>) -> Result<cover::Quote, DemoError> {
    assembly.play.fund()?;
    let (mut base, most) = base_of(assembly)?;
    while base < most {
        base = (base * DAILY_STEP / 100).min(most);
        set_base(assembly, base)?;
        assembly.tell("risk role", format!("base rate {}", percent(base.into())));
        assembly.wait(DAY)?;
    }
    let tried = set_base(assembly, NEW_BASE);
    let what = format!("base rate {}", percent(NEW_BASE.into()));
    assembly.refuses("risk role", &what, tried, OUT_OF_BOUNDS)?;
    assembly.confirm_rates()?;
    insure(assembly, "insured before")
}

/// Somebody borrows with an advance. Returns what they were quoted.
fn insure(assembly: &mut Assembly<'_>, name: &'static str) -> Result<cover::Quote, DemoError> {
    assembly.wait(DAY)?;
    let loan = &assembly.stage().scenario.loan;
    let debt = loan.collateral_value.raw() * loan.ltv.raw() / FULL_RATE;
    let limit = debt * assembly.stage().scenario.cover.advance_limit.raw() / FULL_RATE;
    let key = assembly.actor(name);
    let index = assembly.borrow((name, &key), (Peril::Advance, limit))?;
    let quote = assembly.borrower(index)?.quote.clone();
    let quote = quote.ok_or_else(|| DemoError::NotSo {
        what: format!("{name} has cover"),
    })?;
    let what = format!(
        "insured up to {} at {} a year, of a base of {}",
        money(assembly.stage(), limit),
        percent(quote.rate.into()),
        percent(quote.base.into())
    );
    assembly.tell(name, what);
    Ok(quote)
}

/// The bound is to be raised; all cover is to be sold cheaply.
fn propose(assembly: &mut Assembly<'_>) -> Result<(Motion, Motion), DemoError> {
    let (group, [first, _, third]) = (assembly.loans(), assembly.governance.holders.clone());
    let raised = bounded(assembly, NEW_MAX)?;
    let cheap = cover::GroupTerms {
        rate_max: CHEAP,
        ..assembly.terms_of(group)?
    };
    let pool = assembly.stage().world.cover.clone();
    let raise = Draft::new("Advances may cost up to 4 % a year.");
    let raise = raise.with(pool.set_group(group, &raised));
    let cheap_draft = Draft::new("No cover costs more than 1 % a year.");
    let cheap = cheap_draft.with(pool.set_group(group, &cheap));
    let stranger = assembly.actor("stranger");
    let tried = assembly.propose(Body::Terms, raise.clone(), &stranger);
    assembly.refuses("stranger", "propose without votes", tried, TOO_FEW_VOTES)?;
    let raise = assembly.propose(Body::Terms, raise, &first)?;
    let cheap = assembly.propose(Body::Terms, cheap, &third)?;
    let tried = assembly.vote(&raise, &first, Vote::For);
    assembly.refuses("first holder", "vote before it begins", tried, NOT_ACTIVE)?;
    Ok((raise, cheap))
}

/// Votes count as they were at the snapshot: what is bought afterwards counts nothing.
fn vote(assembly: &mut Assembly<'_>, raise: &Motion, cheap: &Motion) -> Result<(), DemoError> {
    let [first, second, third] = assembly.governance.holders.clone();
    let delay = assembly.rules(Body::Terms)?.voting_delay;
    assembly.pass(delay + 1)?;
    let buyer = buy_votes(assembly, &third)?;
    let bought = assembly.vote(raise, &buyer, Vote::For)?;
    require(bought == 0, "votes bought after the snapshot weigh nothing")?;
    assembly.vote(raise, &first, Vote::For)?;
    let tried = assembly.vote(raise, &first, Vote::For);
    assembly.refuses("first holder", "vote again", tried, HAS_VOTED)?;
    assembly.vote(raise, &second, Vote::Abstain)?;
    assembly.vote(raise, &third, Vote::Against)?;
    for (voter, vote) in [
        (&first, Vote::Against),
        (&second, Vote::Against),
        (&third, Vote::For),
    ] {
        assembly.vote(cheap, voter, vote)?;
    }
    let tried = assembly.queue(raise);
    assembly.refuses("keeper", "queue before the vote is over", tried, NOT_WON)
}

/// A buyer takes over all that a holder has, who keeps the votes of the snapshot.
fn buy_votes(assembly: &mut Assembly<'_>, seller: &Keypair) -> Result<Keypair, DemoError> {
    let (buyer, token) = (assembly.actor("buyer"), assembly.governance.plt.clone());
    let balance = token.balance(seller).view(&assembly.stage().world.ledger);
    let balance = balance.map_err(refused("read a balance"))?;
    let sale = token.transfer(seller, &buyer, balance);
    let stage = assembly.stage_mut();
    stage.send("transfer votes", sale, seller)?;
    stage.send("delegate votes", token.delegate(&buyer, &buyer), &buyer)?;
    let what = format!("buys {} after the snapshot", plt(balance.unsigned_abs()));
    assembly.tell("buyer", what);
    Ok(buyer)
}

/// What was won waits for its delay, to the last ledger; what was lost is not queued.
fn queue(assembly: &mut Assembly<'_>, raise: &Motion, cheap: &Motion) -> Result<(), DemoError> {
    let rules = assembly.rules(Body::Terms)?;
    assembly.pass(rules.voting_period)?;
    let tried = assembly.queue(cheap);
    assembly.refuses("keeper", "queue what was voted down", tried, NOT_WON)?;
    assembly.queue(raise)?;
    let tried = assembly.execute(raise);
    assembly.refuses("keeper", "execute at once", tried, NOT_READY)?;
    assembly.pass(rules.delay - 1)?;
    let tried = assembly.execute(raise);
    assembly.refuses("keeper", "execute a ledger early", tried, NOT_READY)
}

/// It is executed once, as it was decided.
fn execute(assembly: &mut Assembly<'_>, raise: &Motion) -> Result<(), DemoError> {
    let ledger = &assembly.stage().world.ledger;
    ledger.advance(SECONDS_PER_LEDGER);
    let terms = bounded(assembly, ALTERED_MAX)?;
    let pool = assembly.stage().world.cover.clone();
    let call = pool.set_group(assembly.loans(), &terms);
    let altered = raise.altered(Draft::new("").with(call));
    let tried = assembly.execute(&altered);
    assembly.refuses(
        "keeper",
        "execute with 10 % for 4 %",
        tried,
        NO_SUCH_PROPOSAL,
    )?;
    assembly.execute(raise)?;
    let (_, most) = base_of(assembly)?;
    require(most == NEW_MAX, "the bound is as it was decided")?;
    let tried = assembly.execute(raise);
    assembly.refuses("keeper", "execute twice", tried, NOT_READY)
}

/// What was refused before is accepted, and cover costs more.
fn use_the_bound(assembly: &mut Assembly<'_>, before: cover::Quote) -> Result<(), DemoError> {
    assembly.wait(DAY)?;
    set_base(assembly, NEW_BASE)?;
    let what = format!("base rate {}: accepted", percent(NEW_BASE.into()));
    assembly.tell("risk role", what);
    assembly.confirm_rates()?;
    let after = insure(assembly, "insured after")?;
    let is_dearer = before.base < after.base && after.base == NEW_BASE;
    require(is_dearer, "cover costs what the new bound allows")
}
