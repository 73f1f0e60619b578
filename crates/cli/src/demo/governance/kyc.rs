//! Who has shown who they are gets cover: tiers, identity claims that expire and are renewed, and payments that never ask.

use actuary::time::DAY;
use actuary::Price;
use localnet::Keypair;
use testkit::asset::UNIT;
use testkit::bindings::{identity::Client, OnLedger};
use testkit::governance::{Proposal as Draft, Vote};
use testkit::identity::{Identity, Tier};

use super::{borrow, require, Assembly};
use crate::decimal::format_for_reading;
use crate::demo::liquidity::Provider;
use crate::demo::platform::as_declared_by;
use crate::demo::play::Play;
use crate::demo::refusal::{Ground, EXPIRED, SANCTIONED, UNVERIFIED};
use crate::demo::stage::refused;
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::output::Body;
use crate::peril::Peril;
use crate::scenario::ASSET_DECIMALS;

/// Cover without any identity claim, and with one of the basic tier.
const FREE_LIMIT: i128 = 1_000 * UNIT;
const BASIC_LIMIT: i128 = 50_000 * UNIT;
/// What is insured in each tier.
const BASIC_COVER: i128 = 40_000 * UNIT;
const FULL_COVER: i128 = 60_000 * UNIT;
/// What an LP stakes.
const STAKE: i128 = 100_000 * UNIT;
/// Days that a short identity claim lasts, and after which it is renewed in time.
const SHORT: u64 = 10;
const RENEWED: u64 = 9;
const YEAR: u64 = 365 * DAY;
/// Days that an LP waits in the queue.
const QUEUE: u64 = 14;
/// Prices of the fall, as parts of a hundred of the first.
const FALL: [i128; 5] = [92, 84, 77, 72, 69];

/// Who lets an identity claim expire, and who renews it.
const EXPIRES: &str = "lets it expire";
const RENEWS: &str = "renews in time";

pub fn play(assembly: &mut Assembly<'_>) -> Result<(), DemoError> {
    assembly.begin("Holders decide that people show who they are")?;
    let identity = found(assembly)?;
    switch_on(assembly, &identity)?;
    assembly.begin("Each tier has its limit of cover")?;
    let basic = tiers(assembly, &identity)?;
    let people = [EXPIRES, RENEWS].map(|name| assembly.actor(name));
    let (expired, identities) = short_claims(assembly, &identity, &people)?;
    assembly.begin("LPs show who they are")?;
    let lp = provide(assembly, &identity)?;
    assembly.begin("INS is assigned to who has shown who they are")?;
    assign(assembly, &identity, basic)?;
    assembly.begin("An identity claim expires, another is renewed in time")?;
    renew(assembly, &identity, &people, &identities)?;
    assembly.begin("A sanctioned payee's payout is claimable later")?;
    hold_back(assembly, &identity, &lp)?;
    assembly.begin("A payout asks for no identity claim")?;
    pay_without(assembly, &identity, (expired, &people[0]))
}

/// The contracts of identities; everything is handed over, LPs stake and lenders lend.
pub fn found(assembly: &mut Assembly<'_>) -> Result<Identity, DemoError> {
    let identity = Identity::found(&assembly.stage().world);
    for (key, name) in [
        (&identity.officer, "compliance officer"),
        (&identity.screener, "screener"),
    ] {
        assembly.people.push((key.address(), name.to_owned()));
    }
    assembly.hand_over()?;
    assembly.play.fund()?;
    Ok(identity)
}

/// A vote has the pool ask from now on.
fn switch_on(assembly: &mut Assembly<'_>, identity: &Identity) -> Result<(), DemoError> {
    let terms = identity.terms(FREE_LIMIT, BASIC_LIMIT);
    let call = assembly.stage().world.cover.set_identity(&Some(terms));
    let draft = Draft::new("People show who they are.").with(call);
    let votes = [Vote::For, Vote::For, Vote::Against];
    assembly.decide(Body::Terms, vec![(draft, votes)])?;
    assembly.confirm_rates()
}

/// Gives somebody an identity claim of a year.
fn verify(
    assembly: &mut Assembly<'_>,
    identity: &Identity,
    (name, key): (&str, &Keypair),
    tier: Tier,
) -> Result<(), DemoError> {
    let _ = identity.verify(&assembly.stage().world, key, tier);
    let is_verified = identity.status(&assembly.stage().world, key, tier) == 0;
    require(is_verified, &format!("{name} is verified"))?;
    assembly.tell(name, format!("has an identity claim of {}", words(tier)));
    Ok(())
}

const fn words(tier: Tier) -> &'static str {
    match tier {
        Tier::Basic => "the basic tier",
        Tier::Full => "the full tier",
    }
}

/// Somebody borrows with an advance up to `limit`.
fn insure(
    assembly: &mut Assembly<'_>,
    (name, key): (&'static str, &Keypair),
    limit: i128,
) -> Result<usize, DemoError> {
    let index = assembly.borrow((name, key), (Peril::Advance, limit))?;
    let world = &assembly.stage().world;
    let held = world.ins.balance(key).view(&world.ledger);
    let held = held.map_err(refused("read a balance of INS"))?;
    require(held == limit, &format!("INS shows the cover of {name}"))?;
    let limit = money(assembly.stage(), limit);
    assembly.tell(name, format!("insured up to {limit}"));
    Ok(index)
}

/// What comes of asking for `limit` more.
fn not_insured(
    assembly: &mut Assembly<'_>,
    (name, key): (&'static str, &Keypair),
    limit: i128,
    ground: Ground,
) -> Result<(), DemoError> {
    let tried = assembly.try_out(|play| borrow(play, (name, key), (Peril::Advance, limit)));
    let what = format!("insure {}", exactly(assembly, limit));
    assembly.refuses(name, &what, tried, ground)
}

/// Nobody, the basic and the full tier, each up to its bound and not beyond. Returns the borrower of the basic tier.
pub fn tiers(assembly: &mut Assembly<'_>, identity: &Identity) -> Result<usize, DemoError> {
    let nobody = ("shows nothing", &assembly.actor("shows nothing"));
    not_insured(assembly, nobody, FREE_LIMIT + 1, UNVERIFIED)?;
    insure(assembly, nobody, FREE_LIMIT)?;
    let basic = ("basic tier", &assembly.actor("basic tier"));
    verify(assembly, identity, basic, Tier::Basic)?;
    let index = insure(assembly, basic, BASIC_COVER)?;
    let beyond = BASIC_LIMIT - BASIC_COVER + 1;
    not_insured(assembly, basic, beyond, UNVERIFIED)?;
    let full = ("full tier", &assembly.actor("full tier"));
    not_insured(assembly, full, FULL_COVER, UNVERIFIED)?;
    verify(assembly, identity, full, Tier::Full)?;
    insure(assembly, full, FULL_COVER)?;
    Ok(index)
}

/// An identity claim of so many days; whoever has one insures a loan, or will later.
fn short_claims(
    assembly: &mut Assembly<'_>,
    identity: &Identity,
    people: &[Keypair; 2],
) -> Result<(usize, [Client; 2]), DemoError> {
    let now = assembly.stage().now();
    let mut identities = Vec::new();
    for key in people {
        let own = identity.identity(&assembly.stage().world, key);
        sign(assembly, identity, (key, &own), (now, now + SHORT * DAY))?;
        let who = assembly.name_of(&key.address());
        assembly.tell(
            &who,
            format!("has an identity claim of the basic tier for {SHORT} days"),
        );
        identities.push(own);
    }
    let index = insure(assembly, (EXPIRES, &people[0]), BASIC_COVER)?;
    let identities = identities.try_into().map_err(|_| DemoError::NotSo {
        what: "everybody has an identity".to_owned(),
    })?;
    Ok((index, identities))
}

/// The issuer signs an identity claim of the basic tier, and its holder adds it.
fn sign(
    assembly: &Assembly<'_>,
    identity: &Identity,
    (key, own): (&Keypair, &Client),
    (from, until): (u64, u64),
) -> Result<(), DemoError> {
    let world = &assembly.stage().world;
    let claim = identity.claim(world, own, Tier::Basic, from, until);
    let added = identity.add(world, key, own, &claim);
    added.map(drop).map_err(refused("add an identity claim"))
}

/// Who has shown nothing stakes nothing. Who has, stakes, and asks to leave again; they are the last of the providers then.
fn provide(assembly: &mut Assembly<'_>, identity: &Identity) -> Result<Keypair, DemoError> {
    let (name, stake) = ("third LP", money(assembly.stage(), STAKE));
    let key = assembly.actor(name);
    let tried = assembly.try_out(|play| join(play, &key));
    assembly.refuses(name, &format!("stake {stake}"), tried, UNVERIFIED)?;
    verify(assembly, identity, (name, &key), Tier::Basic)?;
    let mut provider = join(&mut assembly.play, &key)?;
    assembly.tell(name, format!("stakes {stake}"));
    provider.request(assembly.stage_mut())?;
    assembly.play.providers.push(provider);
    assembly.tell(name, format!("asks to leave, in {QUEUE} days"));
    Ok(key)
}

fn join(play: &mut Play<'_>, key: &Keypair) -> Result<Provider, DemoError> {
    let (stage, flows) = (&mut play.scene.stage, &mut play.scene.flows);
    Provider::join(stage, flows, key.clone(), STAKE)
}

/// Cover and loan move together, to somebody who has shown who they are; the money that was borrowed goes with them.
fn assign(assembly: &mut Assembly<'_>, identity: &Identity, index: usize) -> Result<(), DemoError> {
    let (name, limit) = ("assignee", money(assembly.stage(), BASIC_COVER));
    let assignee = assembly.actor(name);
    let borrower = assembly.borrower(index)?;
    let (from, owner, interest) = (borrower.name, borrower.key.clone(), borrower.interest());
    let same = as_declared_by(&interest).map_err(refused("name a policy"))?;
    let ins = assembly.stage().world.ins.clone();
    let what = format!("assign INS of {limit} to who shows nothing");
    let tried = assembly
        .stage_mut()
        .send("assign INS", ins.assign(&same, &assignee), &owner);
    assembly.refuses(from, &what, tried, UNVERIFIED)?;
    verify(assembly, identity, (name, &assignee), Tier::Basic)?;
    let supply = ins_of(assembly, None)?;
    let call = ins.assign(&same, &assignee);
    assembly.stage_mut().send("assign INS", call, &owner)?;
    let left = ins_of(assembly, Some(&owner))?;
    let moved = ins_of(assembly, Some(&assignee))?;
    let is_whole = left == 0 && moved == BASIC_COVER && ins_of(assembly, None)? == supply;
    require(is_whole, "INS moved as a whole")?;
    hand_money_over(assembly, &owner, &assignee)?;
    if let Some(borrower) = assembly.play.scene.borrowers.get_mut(index) {
        (borrower.key, borrower.name) = (assignee, name);
    }
    assembly.tell(
        from,
        format!("assigns INS of {limit}, and the loan, to {name}"),
    );
    Ok(())
}

/// `1,000.0000001 USDC`, to the last unit.
fn exactly(assembly: &Assembly<'_>, amount: i128) -> String {
    let code = &assembly.stage().world.usdc.code;
    format!(
        "{} {code}",
        format_for_reading(amount, ASSET_DECIMALS, ASSET_DECIMALS)
    )
}

/// What somebody has of INS; everybody, when nobody is named.
fn ins_of(assembly: &Assembly<'_>, holder: Option<&Keypair>) -> Result<i128, DemoError> {
    let world = &assembly.stage().world;
    let amount = match holder {
        Some(holder) => world.ins.balance(holder),
        None => world.ins.total_supply(),
    };
    let amount = amount.view(&world.ledger);
    amount.map_err(refused("read a balance of INS"))
}

/// Whoever takes a loan over has what it was taken for.
fn hand_money_over(
    assembly: &mut Assembly<'_>,
    from: &Keypair,
    to: &Keypair,
) -> Result<(), DemoError> {
    let wealth = assembly.balance(&from.address());
    let world = &assembly.stage().world;
    world
        .usdc
        .transfer(&world.ledger, from, &to.address(), wealth);
    Ok(())
}

/// Who renewed in time is insured; whose identity claim has expired is not.
fn renew(
    assembly: &mut Assembly<'_>,
    identity: &Identity,
    [expiring, renewing]: &[Keypair; 2],
    [_, own]: &[Client; 2],
) -> Result<(), DemoError> {
    assembly.wait(RENEWED * DAY)?;
    let now = assembly.stage().now();
    sign(assembly, identity, (renewing, own), (now, now + YEAR))?;
    assembly.tell(RENEWS, "renews the identity claim for a year");
    assembly.wait((SHORT - RENEWED) * DAY + DAY)?;
    assembly.confirm_rates()?;
    let status = status(assembly, identity, expiring);
    require(status == EXPIRED, "the verifier knows that it has expired")?;
    assembly.tell(EXPIRES, format!("the identity claim is over: {status}"));
    not_insured(assembly, (EXPIRES, expiring), FREE_LIMIT, UNVERIFIED)?;
    insure(assembly, (RENEWS, renewing), BASIC_COVER)?;
    Ok(())
}

/// Why somebody is not verified for the basic tier.
fn status(assembly: &Assembly<'_>, identity: &Identity, key: &Keypair) -> Ground {
    Ground::Code(identity.status(&assembly.stage().world, key, Tier::Basic))
}

/// What an LP on the sanctions list is paid waits for them, to the unit, until they are off it.
fn hold_back(
    assembly: &mut Assembly<'_>,
    identity: &Identity,
    lp: &Keypair,
) -> Result<(), DemoError> {
    let (name, screener, accounts) = ("third LP", &identity.screener, vec![lp.address()]);
    let list = &identity.sanctions;
    assembly
        .stage_mut()
        .send("list an account", list.add(&accounts), screener)?;
    assembly.tell("screener", format!("lists {name}"));
    let tried = assembly.try_out(|play| join(play, lp));
    assembly.refuses(name, "stake more", tried, SANCTIONED)?;
    assembly.wait((QUEUE - SHORT) * DAY)?;
    let paid = leave(assembly, lp)?;
    let cover = assembly.stage().world.cover.clone();
    let keeper = assembly.stage().world.keeper.clone();
    let tried = assembly
        .stage_mut()
        .send("withdraw", cover.withdraw_claimable(lp), &keeper);
    assembly.refuses(name, "withdraw it", tried, SANCTIONED)?;
    assembly
        .stage_mut()
        .send("delist an account", list.remove(&accounts), screener)?;
    assembly.tell("screener", format!("takes {name} off the list"));
    let call = cover.withdraw_claimable(lp);
    let withdrawn = assembly.stage_mut().send("withdraw", call, &keeper)?;
    let is_whole = withdrawn == paid && assembly.balance(&lp.address()) == paid;
    require(is_whole, "what waited is paid to the unit")?;
    assembly.tell(name, format!("is paid {}", exactly(assembly, paid)));
    Ok(())
}

/// The last LP leaves; nothing arrives. Returns what waits.
fn leave(assembly: &mut Assembly<'_>, lp: &Keypair) -> Result<i128, DemoError> {
    let Some(mut provider) = assembly.play.providers.pop() else {
        return Ok(0);
    };
    let scene = &mut assembly.play.scene;
    scene.watch.expect_claimable(lp.address());
    provider.leave(&mut scene.stage, &mut scene.flows)?;
    assembly.play.look_around()?;
    let world = &assembly.stage().world;
    let waits = world.cover.claimable_of(lp).view(&world.ledger);
    let waits = waits.map_err(refused("read what waits"))?;
    let arrived = assembly.balance(&lp.address());
    require(
        waits == provider.exit && arrived == 0,
        "all of the payout waits",
    )?;
    let what = format!("leaves; {} is claimable later", exactly(assembly, waits));
    assembly.tell("third LP", what);
    Ok(waits)
}

/// The collateral falls, and the pool lends to every loan that needs it, also where an identity claim has expired.
fn pay_without(
    assembly: &mut Assembly<'_>,
    identity: &Identity,
    (index, key): (usize, &Keypair),
) -> Result<(), DemoError> {
    let first = assembly.stage().market.raw();
    for part in FALL {
        assembly.move_price(Price::from_raw(first * part / 100))?;
    }
    let play = &mut assembly.play;
    play.keeper.rescue(&mut play.scene, play.platform.as_ref());
    let status = status(assembly, identity, key);
    let drawn = assembly.borrower(index)?.drawn;
    require(
        drawn > 0 && status == EXPIRED,
        "cover pays although the identity claim has expired",
    )?;
    let rescued = assembly.play.scene.borrowers.iter();
    let rescued = rescued.filter(|borrower| borrower.drawn > 0);
    let rescued: Vec<_> = rescued
        .map(|borrower| (borrower.name, money(assembly.stage(), borrower.drawn)))
        .collect();
    for (name, drawn) in rescued {
        let note = match name {
            EXPIRES => ", whose identity claim is over",
            _ => "",
        };
        assembly.tell("keeper", format!("has {drawn} advanced to {name}{note}"));
    }
    for part in FALL.into_iter().rev().skip(1).chain([100]) {
        assembly.move_price(Price::from_raw(first * part / 100))?;
    }
    Ok(())
}
