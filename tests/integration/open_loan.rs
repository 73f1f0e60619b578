//! `open_loan`: a loan and its cover in one transaction, with one signature.

use actuary::{
    premium::Premium,
    quote::{Quote, QuoteRequest},
    rate::{Knot, LtvTable, Span, Tariff, UtilisationCurve},
    Assets, Rate,
};
use localnet::xdr::SorobanCredentials;
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::Peril, cover_pool as cover},
    world::{loan_group, usual_knots, DEPOSITS},
};

use crate::stage::*;

/// The price of the usual loan's cover, by the formulas alone: nothing else is insured, l = 8 000 / (20 000 * 0.7125).
fn expected(capital: i128, now: u64) -> Quote {
    let knots = usual_knots().into_iter().map(|knot| Knot {
        ltv: Rate::from_raw(knot.ltv.into()),
        factor: Rate::from_raw(knot.factor.into()),
    });
    let tariff = Tariff {
        base: Rate::from_raw(150_000),
        ltv_table: LtvTable::new(knots.collect::<Vec<_>>().try_into().unwrap()).unwrap(),
        utilisation_curve: UtilisationCurve::STARTING,
        min_rate: Rate::from_raw(10_000),
        max_rate: Rate::from_raw(5_000_000),
    };
    let request = QuoteRequest {
        span: Span {
            exposure: Assets::ZERO,
            limit: Assets::from_raw(LIMIT),
            capital: Assets::from_raw(capital),
        },
        ltv: Rate::from_raw(5_614_036),
        weeks: 8,
        minimum: Assets::from_raw(UNIT),
        debt: Assets::ZERO,
        borrow_rate: Rate::ZERO,
    };
    Quote::of(&tariff, &request, now).unwrap()
}

#[test]
fn one_transaction_with_one_signature_opens_loan_and_cover() {
    let world = world();
    let (owner, sponsor) = (applicant(&world, "borrower"), world.actor("sponsor"));
    let call = world
        .adapter
        .open_loan(&owner, &loan(&world), &Some(request(Peril::Advance)));
    let signatures = |source: &localnet::Keypair| {
        let source = source.account_id();
        let (contract, args) = (&call.contract, call.args().unwrap().to_vec());
        let simulated = world
            .ledger
            .simulate(&source, contract, call.function, Args(args));
        simulated.unwrap().transaction.auth
    };
    let own = signatures(&owner);
    assert_eq!(own.len(), 1, "entries when the owner sends it");
    let by_source = matches!(own[0].credentials, SorobanCredentials::SourceAccount);
    assert!(by_source, "the transaction's signature is the only one");
    let sponsored = signatures(&sponsor);
    assert_eq!(sponsored.len(), 1, "entries when somebody else sends it");
    let SorobanCredentials::Address(credentials) = &sponsored[0].credentials else {
        panic!("signed by an address");
    };
    assert_eq!(credentials.address, owner.address(), "the owner signs");

    let unsigned = call.clone().send(&world.ledger, &sponsor);
    unauthorised(unsigned, "nobody opens a loan in another's name");
    let (position, _) = call
        .send_signed(&world.ledger, &sponsor, &[&owner])
        .unwrap();
    let held = world.pool.positions(&world.ledger, &position);
    assert_eq!(held.collateral[&1], COLLATERAL, "collateral on Blend");
    assert!(held.liabilities[&0] > 0, "debt on Blend");
}

#[test]
fn quote_charge_and_policy_equal_the_formulas_to_the_stroop() {
    let world = world();
    let owner = applicant(&world, "borrower");
    let capital = books(&world).nav_lo;
    let request = request(Peril::Advance);
    let expected = expected(capital, world.ledger.now());
    let quoted = world.adapter.quote_loan(&owner, &loan(&world), &request);
    let quoted = quoted.view(&world.ledger).unwrap();
    let before = books(&world);
    let opened = world.open_loan(&owner, COLLATERAL, DEBT, Some(request));
    let (position, quote) = opened.unwrap();
    let quote = quote.unwrap();
    assert_eq!(quote, quoted, "what was quoted is what is sold");
    assert_eq!(
        i128::from(quote.rate),
        expected.breakdown.rate.raw(),
        "rate"
    );
    assert_eq!(quote.premium, expected.premium.total.raw(), "premium");
    assert_eq!(quote.fee, expected.premium.protocol_fee.raw(), "fee");
    assert_eq!(quote.per_day, expected.per_day.raw(), "per day");
    assert_eq!(quote.per_month, expected.per_month.raw(), "per month");
    assert_eq!(
        (quote.end, quote.waiting),
        (expected.end, DAY),
        "end and waiting period"
    );
    assert_eq!(
        usdc(&world, &owner),
        PURSE + DEBT - quote.premium,
        "the rest of the bid is back"
    );

    let (policy, after) = (policy(&world, &position), books(&world));
    let seconds = i128::from(quote.end - quote.start);
    let net = quote.premium - quote.fee;
    assert_eq!(
        policy.earning_rate,
        net * 1_000_000_000_000 / seconds,
        "earned per second"
    );
    assert_eq!(
        (policy.limit, policy.original_limit),
        (LIMIT, LIMIT),
        "limit"
    );
    assert_eq!(policy.owner, owner.address(), "the policy's owner");
    assert_eq!(after.cash - before.cash, quote.premium, "cash");
    assert_eq!(after.unearned, policy.earning_rate * seconds, "unearned");
    assert_eq!(after.bounties, UNIT / 2, "a bounty is prepaid from the fee");
    assert_eq!(after.bounties + after.reserve, quote.fee, "the fee");
    assert_eq!(after.exposure, LIMIT, "exposure");
    assert_eq!(
        after.nav_lo, before.nav_lo,
        "a sale alone changes no NAV beyond dust"
    );
}

#[test]
fn what_may_not_be_sold_is_refused_with_its_reason() {
    let world = world();
    let owner = applicant(&world, "borrower");
    let open = |debt: i128, request: testkit::bindings::blend_adapter::CoverRequest| {
        world.open_loan(&owner, COLLATERAL, debt, Some(request))
    };
    let usual = || request(Peril::Advance);
    let above_debt = testkit::bindings::blend_adapter::CoverRequest {
        limit: DEBT + 1,
        ..usual()
    };
    refused(
        open(DEBT, above_debt),
        AdapterError::LimitAboveDebt as u32,
        "limit above the debt",
    );
    let expected = expected(books(&world).nav_lo, world.ledger.now());
    let Premium { total, .. } = expected.premium;
    let cheap = testkit::bindings::blend_adapter::CoverRequest {
        max_premium: total.raw() - 1,
        ..usual()
    };
    refused(
        open(DEBT, cheap),
        CoverError::PremiumTooHigh as u32,
        "a stroop short",
    );
    let short = testkit::bindings::blend_adapter::CoverRequest {
        weeks: 1,
        ..usual()
    };
    refused(
        open(DEBT, short),
        CoverError::TermTooShort as u32,
        "a term of one week",
    );
    let large = testkit::bindings::blend_adapter::CoverRequest {
        limit: 40_001 * UNIT,
        ..usual()
    };
    refused(
        open(DEBT, large),
        AdapterError::LimitAboveDebt as u32,
        "above the subject's cap",
    );
    let near = open(10_500 * UNIT, usual());
    refused(
        near,
        CoverError::LtvTooHigh as u32,
        "an advance above l = 0.7",
    );
    let nearer = open(12_000 * UNIT, request(Peril::Grant));
    refused(
        nearer,
        AdapterError::LtvTooHigh as u32,
        "anything above l = 0.8",
    );
    let mut group = loan_group(&world.adapter.0, &world.pool.address);
    group
        .perils
        .retain(|terms| terms.peril != cover::Peril::Liquidation);
    let (ledger, other) = (&world.ledger, DEPOSITS + 1);
    let set = world.cover.set_group(other, &group);
    set.send(ledger, &world.owner).unwrap();
    let (platform, collateral) = (&world.pool.address, &world.collateral.contract);
    let listed = world.adapter.market(platform, collateral).view(ledger);
    let mut market = listed.unwrap().unwrap();
    market.group = other;
    let moved = world.adapter.set_market(&market);
    moved.send(ledger, &world.owner).unwrap();
    let unsold = usual_with(vec![Peril::Liquidation]);
    refused(
        open(DEBT, unsold),
        CoverError::PerilNotCovered as u32,
        "a peril that the group does not sell",
    );
    let lenders = usual_with(vec![Peril::Default]);
    refused(
        open(DEBT, lenders),
        AdapterError::WrongRoute as u32,
        "a peril of lenders",
    );
    assert_eq!(usdc(&world, &owner), PURSE, "nothing happened");
}

fn usual_with(perils: Vec<Peril>) -> testkit::bindings::blend_adapter::CoverRequest {
    testkit::bindings::blend_adapter::CoverRequest {
        perils,
        ..request(Peril::Advance)
    }
}

/// Arguments that are contract values already.
struct Args(Vec<localnet::xdr::ScVal>);

impl localnet::IntoArgs for Args {
    fn into_args(self) -> Result<Vec<localnet::xdr::ScVal>, localnet::ValueError> {
        Ok(self.0)
    }
}
