//! A stranger's adapter: the same code on the same pool, hub and platforms, but the stranger's own, with the real markets and
//! vaults listed in it; or one that was registered for other policies.
//!
//! What stops it: the pool sells and settles in a group for that group's adapter alone; a position, a platform and a vault
//! listen to the one they name; a loan that was not insured with an adapter is unknown to it. The real one is the twin.

use localnet::{xdr::ScAddress, FromScVal, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{self as adapter, AdapterError},
        blend_lenders as lenders,
        cover_pool::{Class, CoverError, Interest, Loss, Peril},
        insured_vault, loan_market, market_adapter as insurer, position, Call, OnLedger,
    },
    feeds::PRICE_ONE,
    market::{Market, MarketSetup, MARKET_LENDERS},
    wasm,
    world::{Setup, World, DEPOSITS},
};

use crate::{broken_adapter::stolen_key, market_scene::*, scene::*};

const MARKET: &[loan_market::Peril] = &[
    loan_market::Peril::Advance,
    loan_market::Peril::Grant,
    loan_market::Peril::Default,
    loan_market::Peril::Liquidation,
    loan_market::Peril::Collateral,
];
/// More than a hundredth of the pool's capital, so that it is not paid at once.
const LOOT: i128 = 30_000 * UNIT;

/// A world where every peril is sold, on Blend and on a market.
fn all_perils() -> (World, Market) {
    let peg = 2_000 * PRICE_ONE;
    let setup = Setup {
        peg,
        has_clawback: true,
        ..Setup::default()
    };
    let market = MarketSetup {
        peg,
        ..MarketSetup::default()
    };
    with_market_of(&setup, &market)
}

/// A loan on Blend, insured against all that is sold for it.
fn position(world: &World) -> (Keypair, position::Client) {
    let perils = [Advance, Grant, Liquidation, Collateral];
    loan(world, "on Blend", Some(request(&perils, 4_000 * UNIT)))
}

/// The market's lenders, insured.
fn insure_lenders(world: &World, market: &Market) -> insurer::CoverRequest {
    let request = insurer::CoverRequest {
        limit: 50_000 * UNIT,
        max_premium: 1_000 * UNIT,
        max_rate: 0,
        perils: vec![insurer::Peril::Contract],
        route: insurer::Route::Adapter,
        weeks: 8,
    };
    let payer = world.funded("payer", 1_000 * UNIT);
    let platform = &market.platform.0;
    let insure = market.insurer.insure_lenders(platform, &payer, &request);
    insure.send(&world.ledger, &payer).unwrap();
    request
}

/// A vault with a deposit, insured.
fn insured_vault(world: &World) -> insured_vault::Client {
    use insured_vault::{
        CoverRequest,
        Peril::{Contract, Default},
        Route,
    };
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", 100_000 * UNIT);
    let deposit = vault.deposit(100_000 * UNIT, &lender, &lender, &lender);
    deposit.send(&world.ledger, &lender).unwrap();
    let owner = &world.owner;
    let premium = 1_000 * UNIT;
    world.usdc.mint(&world.ledger, &owner.address(), premium);
    let request = CoverRequest {
        limit: 50_000 * UNIT,
        max_premium: premium,
        max_rate: 5_000_000,
        perils: vec![Default, Contract],
        route: Route::Repay,
        weeks: 8,
    };
    let insure = vault.insure(owner, &request);
    insure.send(&world.ledger, owner).unwrap();
    vault
}

/// Runs as the stranger, who signs whatever is asked of them.
fn by<R: FromScVal>(world: &World, stranger: &Keypair, call: Call<R>) -> R {
    call.send(&world.ledger, stranger).unwrap()
}

#[test]
fn a_copy_of_the_blend_adapter_sells_and_settles_nothing() {
    let (world, _) = all_perils();
    let (ledger, stranger) = (&world.ledger, world.funded("stranger", 20_000 * UNIT));
    let config = world.adapter.config().view(ledger).unwrap();
    let copy = ledger.deploy(&stranger, wasm::BLEND_ADAPTER, (&stranger, config));
    let copy = adapter::Client(copy.unwrap());
    let (platform, collateral) = (&world.pool.address, &world.collateral.contract);
    let market = world.adapter.market(platform, collateral).view(ledger);
    by(
        &world,
        &stranger,
        copy.set_market(&market.unwrap().unwrap()),
    );

    let (owner, position) = position(&world);
    let accomplice = borrower(&world, "accomplice", 10 * UNIT);
    let loan = adapter::Loan {
        collateral: 10 * UNIT,
        collateral_asset: collateral.clone(),
        debt: 8_000 * UNIT,
        platform: platform.clone(),
    };
    let insure = Some(request(&[Grant], 4_000 * UNIT));
    let sold = copy.open_loan(&accomplice, &loan, &insure);
    unauthorised(sold.send(ledger, &accomplice), "a sale");
    world.sleep(2 * DAY);
    fall(&world, &[1_840, 1_400, 1_200]);
    world.trigger();
    let row = vec![position.0.clone()];
    let unknown = vec![skipped(AdapterError::NotAPosition)];
    let rescued = by(&world, &stranger, copy.rescue(&row, &stranger));
    assert_eq!(rescued, unknown, "an advance");
    let granted = by(&world, &stranger, copy.grant(&row, &stranger));
    assert_eq!(granted, unknown, "a grant");
    let unknown = AdapterError::NotAPosition as u32;
    let settled = copy.settle_liquidation(&position.0, &stranger);
    refused(settled.send(ledger, &stranger), unknown, "a liquidation");
    let surrendered = copy.surrender(&position.0, UNIT, 0);
    refused(surrendered.send(ledger, &owner), unknown, "a surrender");
    let foreclosed = copy.start_foreclosure(&position.0);
    refused(foreclosed.send(ledger, &stranger), unknown, "foreclosure");
    assert_eq!(policy(&world, &position).limit, 4_000 * UNIT, "whole");
    let owed = needed(&world, &position);
    assert_eq!(paid(&rescue(&world, &position)), owed, "the real one pays");
}

#[test]
fn a_copy_of_the_markets_insurer_sells_and_settles_nothing() {
    let (world, market) = all_perils();
    let (ledger, stranger) = (&world.ledger, world.funded("stranger", 20_000 * UNIT));
    let config = market.insurer.config().view(ledger).unwrap();
    let copy = ledger.deploy(&stranger, wasm::MARKET_ADAPTER, (&stranger, config));
    let copy = insurer::Client(copy.unwrap());
    let platform = &market.platform.0;
    let terms = market.insurer.market(platform).view(ledger).unwrap();
    by(&world, &stranger, copy.set_market(&terms.unwrap()));

    let (owner, loan, _) = market_loan(&world, &market, "borrower", MARKET);
    let request = insure_lenders(&world, &market);
    let sold = copy.insure_lenders(platform, &stranger, &request);
    unauthorised(sold.send(ledger, &stranger), "a sale");
    world.sleep(15 * DAY);
    fall(&world, &[1_840, 1_600, 1_350]);
    world.trigger();
    let row = vec![loan.clone()];
    let unknown = vec![insurer::Outcome::Skipped(
        AdapterError::NotInsuredHere as u32,
    )];
    let rescued = by(&world, &stranger, copy.rescue(&row, &stranger));
    assert_eq!(rescued, unknown, "an advance");
    let granted = by(&world, &stranger, copy.grant(&row, &stranger));
    assert_eq!(granted, unknown, "a grant");
    let surrendered = copy.surrender(&loan, UNIT, 0);
    refused(
        surrendered.send(ledger, &owner),
        AdapterError::NotInsuredHere as u32,
        "a surrender",
    );
    let facts = market.loan(ledger, &loan);
    let made_up = insurer::Liquidation {
        bad_debt: facts.debt,
        collateral: facts.collateral,
        debt: facts.debt,
        price: 1,
        repaid: 0,
        seized: facts.collateral,
        time: ledger.now(),
    };
    let settled = copy.settle_liquidation(platform, &loan, &made_up, &stranger);
    unauthorised(settled.send(ledger, &stranger), "a default");
}

/// The copy sees what everybody sees, and gets nothing for it: neither for a deficit, nor for a claim that waits.
#[test]
fn a_copy_of_the_markets_insurer_proves_a_deficit_in_vain() {
    let (world, market) = all_perils();
    let (ledger, stranger) = (&world.ledger, world.actor("stranger"));
    let config = market.insurer.config().view(ledger).unwrap();
    let copy = ledger.deploy(&stranger, wasm::MARKET_ADAPTER, (&stranger, config));
    let copy = insurer::Client(copy.unwrap());
    let platform = &market.platform.0;
    let terms = market.insurer.market(platform).view(ledger).unwrap();
    by(&world, &stranger, copy.set_market(&terms.unwrap()));
    insure_lenders(&world, &market);
    world.sleep(15 * DAY);
    world.usdc.claw_back(ledger, platform, LOOT);
    let prove = |insurer: &insurer::Client| {
        let call = insurer.prove_deficit(platform, &stranger);
        call.send(ledger, &stranger)
    };
    for insurer in [&copy, &market.insurer] {
        assert_eq!(prove(insurer), Ok(0), "seen");
    }
    world.watch(HOUR);
    let cash = books(&world).cash;
    refused(prove(&copy), 0, "the pool does not know it");
    assert_eq!(books(&world).cash, cash, "nothing left the pool");
    assert_eq!(books(&world).pending, 0, "nor is anything filed");
    assert_eq!(prove(&market.insurer), Ok(0), "the real one files it");
    assert_eq!(books(&world).pending, LOOT, "in full");
    world.sleep(2 * DAY);
    let finalize = |insurer: &insurer::Client| {
        let call = insurer.finalize(1, &stranger);
        call.send(ledger, &stranger)
    };
    unauthorised(finalize(&copy), "the claim");
    assert_eq!(finalize(&market.insurer), Ok(LOOT), "the real one");
}

#[test]
fn a_copy_of_the_lenders_contract_pays_no_vault() {
    let (world, _) = all_perils();
    let (ledger, stranger) = (&world.ledger, world.actor("stranger"));
    let config = world.lenders.config().view(ledger).unwrap();
    let copy = ledger.deploy(&stranger, wasm::BLEND_LENDERS, (&stranger, config));
    let copy = lenders::Client(copy.unwrap());
    let vault = insured_vault(&world);
    let terms = lenders::VaultTerms {
        asset: world.usdc.contract.clone(),
        group: DEPOSITS,
        platform: world.pool.address.clone(),
    };
    by(&world, &stranger, copy.add_vault(&vault.0, &terms));
    by(&world, &stranger, copy.add_vault(&stranger, &terms));
    world.sleep(15 * DAY);
    for peril in [lenders::Peril::Default, lenders::Peril::Contract] {
        let pay = |subject| copy.pay_vault(subject, &peril, UNIT, ledger.now(), &stranger);
        closed(ledger, &stranger, pay(&vault.0));
        refused(
            pay(&stranger.address()).send(ledger, &stranger),
            CoverError::UnknownPolicy as u32,
            "of the stranger's own",
        );
    }
}

/// An adapter that was registered for other policies, with the key to it in a stranger's hands: whatever the peril, it settles
/// none of these.
#[test]
fn an_adapter_of_other_policies_settles_no_peril_of_these() {
    let (world, market) = all_perils();
    let thief = stolen_key(&world, MARKET_LENDERS + 1, Class::Loan, &[Peril::Grant]);
    let (_, position) = position(&world);
    let (_, loan, _) = market_loan(&world, &market, "borrower", MARKET);
    insure_lenders(&world, &market);
    let vault = insured_vault(&world);
    world.sleep(15 * DAY);
    let perils = [
        Peril::Grant,
        Peril::Default,
        Peril::Liquidation,
        Peril::Collateral,
        Peril::Contract,
    ];
    let interests: [(ScAddress, Class); 4] = [
        (position.0, Class::Loan),
        (loan, Class::Loan),
        (market.platform.0.clone(), Class::Deposit),
        (vault.0, Class::Deposit),
    ];
    let cash = books(&world).cash;
    for (subject, class) in interests {
        let interest = Interest(subject, class);
        for peril in &perils {
            let loss = Loss {
                amount: UNIT,
                event: 0,
                occurred_at: world.ledger.now(),
                peril: *peril,
                rescue: true,
                sources: 3,
            };
            closed(
                &world.ledger,
                &thief,
                world.cover.pay(&interest, &loss, &thief),
            );
        }
        let draw = world.cover.draw(&interest, UNIT, 400_000, 3, &thief);
        closed(&world.ledger, &thief, draw);
    }
    assert_eq!(books(&world).cash, cash, "nothing left the pool");
}
