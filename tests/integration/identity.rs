//! Tiers: who may hold how much cover, who may stake, and that nobody is asked when something is paid. With real ed25519
//! signatures, of wallets and of the issuer.

use localnet::{Bytes, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril, Quote},
        cover_pool::IdentityTerms,
        identity_registry::IdentityError,
        ins, position,
    },
    identity::{Claim, Identity, Tier},
    world::World,
};

use crate::stage::*;

const YEAR: u64 = 365 * DAY;
const VERIFIED: u32 = 0;
const FREE: i128 = 1_000 * UNIT;
const BASIC: i128 = 3_000 * UNIT;
const UNVERIFIED: u32 = CoverError::Unverified as u32;
const SANCTIONED: u32 = CoverError::Sanctioned as u32;

/// A world whose pool asks: free up to [`FREE`], with the basic tier up to [`BASIC`].
fn asking() -> (World, Identity) {
    let world = world();
    let identity = Identity::found(&world);
    identity.switch_on(&world, FREE, BASIC);
    (world, identity)
}

/// A tick box: an advance of this limit.
fn advance(limit: i128) -> CoverRequest {
    CoverRequest {
        limit,
        ..request(Peril::Advance)
    }
}

/// Opens the usual loan with an advance of this limit.
fn open(
    world: &World,
    owner: &Keypair,
    limit: i128,
) -> Result<(position::Client, Option<Quote>), InvokeError> {
    let request = advance(limit);
    world.open_loan(owner, COLLATERAL, DEBT, Some(request))
}

/// Somebody with this tier, and what a usual loan needs.
fn verified(world: &World, identity: &Identity, name: &str, tier: Tier) -> Keypair {
    let owner = applicant(world, name);
    identity.verify(world, &owner, tier);
    owner
}

/// A borrower who was verified for two days when they bought, three days later.
fn lapsed(peril: Peril) -> (World, Keypair, position::Client) {
    let (world, identity) = asking();
    let owner = applicant(&world, "borrower");
    let (own, now) = (identity.identity(&world, &owner), world.ledger.now());
    let claim = identity.claim(&world, &own, Tier::Full, now, now + 2 * DAY);
    identity.add(&world, &owner, &own, &claim).unwrap();
    let opened = world.open_loan(&owner, COLLATERAL, DEBT, Some(request(peril)));
    let (position, _) = opened.unwrap();
    world.sleep(3 * DAY);
    let status = identity.status(&world, &owner, Tier::Full);
    assert_eq!(status, IdentityError::Expired as u32, "expired");
    (world, owner, position)
}

#[test]
fn each_tier_is_enough_to_its_limit_and_to_no_unit_more() {
    let (world, identity) = asking();
    let stranger = applicant(&world, "stranger");
    let too_much = open(&world, &stranger, FREE + 1);
    refused(too_much, UNVERIFIED, "one unit above what is free");
    let (position, _) = open(&world, &stranger, FREE).unwrap();
    let more = world.adapter.top_up(&position.0, 1, 100 * UNIT);
    let raised = more.clone().send(&world.ledger, &stranger);
    refused(raised, UNVERIFIED, "raised by one unit");
    identity.verify(&world, &stranger, Tier::Basic);
    more.send(&world.ledger, &stranger).expect("with the tier");

    let basic = verified(&world, &identity, "basic", Tier::Basic);
    let too_much = open(&world, &basic, BASIC + 1);
    refused(too_much, UNVERIFIED, "one unit above the basic limit");
    open(&world, &basic, BASIC).expect("the basic limit");

    let full = verified(&world, &identity, "full", Tier::Full);
    open(&world, &full, BASIC + 1).expect("above, with the full tier");
}

#[test]
fn all_cover_of_an_owner_counts_together() {
    let (world, identity) = asking();
    let owner = applicant(&world, "borrower");
    let second = COLLATERAL;
    world
        .collateral
        .mint(&world.ledger, &owner.address(), second);
    open(&world, &owner, FREE - 400 * UNIT).unwrap();
    let more = open(&world, &owner, 400 * UNIT + 1);
    refused(more, UNVERIFIED, "a second loan, one unit above");
    open(&world, &owner, 400 * UNIT).expect("to exactly what is free");
    assert_eq!(
        identity.status(&world, &owner, Tier::Basic),
        IdentityError::NoIdentity as u32
    );
}

#[test]
fn lps_show_who_they_are() {
    let (world, identity) = asking();
    let stake = |name: &str, tier: Option<Tier>| {
        let lp = world.funded(name, 100 * UNIT);
        if let Some(tier) = tier {
            identity.verify(&world, &lp, tier);
        }
        let stake = world.cover.stake(&lp, 100 * UNIT, 1);
        stake.send(&world.ledger, &lp)
    };
    // The verifier's code, which the pool caught, is the first that was told.
    let stranger = stake("stranger", None);
    let is_refused =
        matches!(stranger, Err(InvokeError::Contract { code, .. }) if code == UNVERIFIED);
    assert!(is_refused, "a stranger: {stranger:?}");
    stake("basic", Some(Tier::Basic)).expect("the basic tier");
    stake("full", Some(Tier::Full)).expect("the full tier alone");
}

#[test]
fn cover_is_assigned_to_whom_may_hold_it() {
    let (world, identity) = asking();
    let owner = verified(&world, &identity, "borrower", Tier::Full);
    let (position, _) = open(&world, &owner, BASIC).unwrap();
    let heir = world.actor("heir");
    let interest = ins::Interest(position.0.clone(), ins::Class::Loan);
    let assign = || {
        world
            .ins
            .assign(&interest, &heir)
            .send(&world.ledger, &owner)
    };
    refused(assign(), UNVERIFIED, "a stranger");
    identity.verify(&world, &heir, Tier::Basic);
    assign().expect("the basic tier, to its limit");
    let account = position.account().view(&world.ledger).unwrap();
    assert_eq!(account.owner, heir.address(), "the position moved");
}

#[test]
fn a_pool_that_is_switched_off_asks_nobody() {
    let (world, _) = asking();
    let off = world.cover.set_identity(&None);
    off.send(&world.ledger, &world.owner).unwrap();
    let stranger = applicant(&world, "stranger");
    open(&world, &stranger, LIMIT).expect("cover");
    world.stake("another lp", 100 * UNIT);
}

#[test]
fn what_expired_after_the_purchase_changes_no_advance() {
    let (world, owner, position) = lapsed(Peril::Advance);
    let more = world.adapter.top_up(&position.0, 1, 100 * UNIT);
    refused(
        more.send(&world.ledger, &owner),
        UNVERIFIED,
        "no more cover",
    );
    price(&world, 1_200);
    let needed = needed(&world, &position);
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "lent all the same"
    );
}

#[test]
fn what_expired_after_the_purchase_changes_no_claim() {
    let (world, _, position) = lapsed(Peril::Grant);
    fall(&world, &[1_700, 1_380]);
    world.trigger();
    let needed = needed(&world, &position);
    let granted = paid(&grant(&world, &position));
    assert_eq!(granted, needed * 9 / 10, "paid all the same");
}

#[test]
fn what_a_sanctioned_owner_is_paid_waits_until_they_are_delisted() {
    let (world, identity) = asking();
    let (ledger, owner) = (&world.ledger, applicant(&world, "borrower"));
    let (position, _) = open(&world, &owner, FREE).unwrap();
    world.sleep(8 * DAY);
    let cancel = || world.adapter.cancel(&position.0).send(ledger, &owner);
    let before = ledger.snapshot();
    let due = cancel().expect("the twin: nobody is listed");
    world.ledger.revert(&before);

    let (list, screener) = (&identity.sanctions, &identity.screener);
    let listed = vec![owner.address()];
    list.add(&listed).send(ledger, screener).unwrap();
    let (purse, cash) = (usdc(&world, &owner), books(&world).cash);
    assert_eq!(cancel(), Ok(due), "what is due");
    let waiting = books(&world);
    assert_eq!((waiting.claimable, waiting.cash), (due, cash), "waits");
    assert_eq!(usdc(&world, &owner), purse, "nothing reached them");
    let withdraw = || {
        let withdraw = world.cover.withdraw_claimable(&owner);
        withdraw.send(ledger, &world.keeper)
    };
    refused(withdraw(), SANCTIONED, "while they are listed");
    confirm_bases(&world);
    let again = world.adapter.insure(&position.0, &advance(FREE));
    refused(again.send(ledger, &owner), SANCTIONED, "nor do they buy");

    list.remove(&listed).send(ledger, screener).unwrap();
    assert_eq!(withdraw(), Ok(due), "afterwards");
    assert_eq!(usdc(&world, &owner), purse + due, "all of it");
    assert_eq!(books(&world).claimable, 0, "nothing waits");
}

#[test]
fn a_broken_verifier_or_list_holds_up_no_payment() {
    let world = world();
    let (ledger, owner) = (&world.ledger, applicant(&world, "borrower"));
    let (position, _) = open(&world, &owner, LIMIT).unwrap();
    let broken = &world.hub.address;
    let terms = IdentityTerms {
        basic: broken.clone(),
        basic_limit: BASIC,
        free_limit: FREE,
        full: broken.clone(),
        sanctions: Some(broken.clone()),
    };
    let set = world.cover.set_identity(&Some(terms));
    set.send(ledger, &world.owner).unwrap();
    let stranger = applicant(&world, "stranger");
    refused(open(&world, &stranger, FREE + 1), UNVERIFIED, "no sale");
    world.sleep(8 * DAY);
    let before = ledger.snapshot();
    let purse = usdc(&world, &owner);
    let refund = world.adapter.cancel(&position.0).send(ledger, &owner);
    let refund = refund.unwrap();
    assert!(refund > 0, "a refund is due");
    assert_eq!(usdc(&world, &owner), purse + refund, "and paid");
    world.ledger.revert(&before);
    price(&world, 1_200);
    let needed = needed(&world, &position);
    assert_eq!(paid(&rescue(&world, &position)), needed, "a rescue");
}

#[test]
fn a_claim_renewed_in_time_admits_throughout() {
    let (world, identity) = asking();
    let owner = applicant(&world, "borrower");
    let (own, start) = (identity.identity(&world, &owner), world.ledger.now());
    let status = || identity.status(&world, &owner, Tier::Basic);
    let claim = |from, until| identity.claim(&world, &own, Tier::Basic, from, until);
    let add = |claim: &Claim| identity.add(&world, &owner, &own, claim).unwrap();
    add(&claim(start, start + HOUR));
    while world.ledger.now() < start + 3 * HOUR {
        assert_eq!(status(), VERIFIED, "at {}", world.ledger.now() - start);
        world.ledger.advance(600);
        if world.ledger.now() == start + HOUR - 600 {
            add(&claim(world.ledger.now(), start + YEAR));
        }
    }
    let held = own.get_claim_ids_by_topic(1).view(&world.ledger).unwrap();
    assert_eq!(held.len(), 1, "one in place of the other");
}

#[test]
fn what_is_wrong_with_a_claim_is_named() {
    let (world, identity) = asking();
    let (owner, thief) = (world.actor("person"), world.actor("thief"));
    let own = identity.identity(&world, &owner);
    let theirs = identity.identity(&world, &thief);
    let now = world.ledger.now();
    let good = identity.claim(&world, &own, Tier::Basic, now, now + YEAR);
    let refuse = |alter: &dyn Fn(&mut Claim), error: IdentityError| {
        let mut claim = good.clone();
        alter(&mut claim);
        let added = identity.add(&world, &owner, &own, &claim);
        refused(added, error as u32, &format!("{error:?}"));
    };
    let short = |claim: &mut Claim| claim.signature.0.truncate(95);
    refuse(&short, IdentityError::SignatureMalformed);
    let garbage = |claim: &mut Claim| claim.signature.0[32..].fill(0xab);
    refuse(&garbage, IdentityError::SignatureRefused);
    let altered = |claim: &mut Claim| claim.data.0[8] ^= 1;
    refuse(&altered, IdentityError::SignatureRefused);
    let named = |claim: &mut Claim| claim.data.0.extend(b"Jane");
    refuse(&named, IdentityError::DataMalformed);
    let wrong_topic = |claim: &mut Claim| claim.topic = 3;
    refuse(&wrong_topic, IdentityError::KeyNotAllowed);
    let scheme = |claim: &mut Claim| claim.scheme = 102;
    refuse(&scheme, IdentityError::UnsupportedScheme);
    let nobody = |claim: &mut Claim| claim.issuer = world.hub.address.clone();
    refuse(&nobody, IdentityError::SignatureRefused);
    let over = identity.claim(&world, &own, Tier::Basic, now - 2, now - 1);
    let over = identity.add(&world, &owner, &own, &over);
    refused(over, IdentityError::Expired as u32, "over");
    let replayed = identity.add(&world, &thief, &theirs, &good);
    let code = IdentityError::SignatureRefused as u32;
    refused(replayed, code, "in another identity");
    let stranger = identity.add(&world, &thief, &own, &good);
    unauthorised(stranger, "by another wallet");
    let link = "https://jane.example".to_owned();
    let (signature, data) = (&good.signature, &good.data);
    let linked = own.add_claim(1, 101, &good.issuer, signature, data, &link);
    let linked = linked.send(&world.ledger, &owner);
    refused(linked, IdentityError::UriNotEmpty as u32, "a link");
    identity
        .add(&world, &owner, &own, &good)
        .expect("the claim");
    assert_eq!(identity.status(&world, &owner, Tier::Basic), VERIFIED);
    let missing = identity.status(&world, &owner, Tier::Full);
    assert_eq!(
        missing,
        IdentityError::ClaimMissing as u32,
        "of another topic"
    );
}

#[test]
fn what_is_revoked_sells_nothing_more() {
    let (world, identity) = asking();
    let (ledger, officer) = (&world.ledger, &identity.officer);
    let owner = verified(&world, &identity, "borrower", Tier::Basic);
    let own = identity.identity(&world, &owner);
    let data = own.get_claim_ids_by_topic(1).view(ledger).unwrap();
    let data: Bytes = own.get_claim(&data[0]).view(ledger).unwrap().data;
    let before = ledger.snapshot();

    let revoke = identity.issuer.revoke(&own.0, 1, &data);
    guarded(ledger, officer, revoke.clone());
    revoke.send(ledger, officer).unwrap();
    let status = identity.status(&world, &owner, Tier::Basic);
    assert_eq!(status, IdentityError::Revoked as u32, "this claim");
    refused(open(&world, &owner, BASIC), UNVERIFIED, "revoked");
    world.ledger.revert(&before);

    let revoke = identity.issuer.revoke_all(&own.0, 1);
    guarded(ledger, officer, revoke.clone());
    revoke.send(ledger, officer).unwrap();
    let status = identity.status(&world, &owner, Tier::Basic);
    assert_eq!(
        status,
        IdentityError::SignatureRefused as u32,
        "all of them"
    );
    refused(open(&world, &owner, BASIC), UNVERIFIED, "all revoked");
    identity.verify(&world, &owner, Tier::Basic);
    open(&world, &owner, BASIC).expect("signed with the next nonce");
    world.ledger.revert(&before);

    let issuer = &identity.issuer.0;
    let distrust = identity.basic.remove_trusted_issuer(issuer, &world.owner);
    guarded(ledger, &world.owner, distrust.clone());
    distrust.send(ledger, &world.owner).unwrap();
    let status = identity.status(&world, &owner, Tier::Basic);
    assert_eq!(status, IdentityError::NotSetUp as u32, "nobody is trusted");
    refused(open(&world, &owner, BASIC), UNVERIFIED, "the gate is shut");
    world.ledger.revert(&before);
    open(&world, &owner, BASIC).expect("the twin");
}
