//! What is refused leaves cover and position with whom they were.

use localnet::{Keypair, SECONDS_PER_LEDGER};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril},
        blend_lenders, ins,
        ins::InsError,
        insured_vault, position, OnLedger,
    },
    feeds::PRICE_ONE,
    world::{Setup, World},
};

use super::{balance, loan_of};
use crate::{
    market,
    stage::{
        applicant, fall, insured, paid, price, refused, request, rescue, staked, unauthorised,
        world, AdapterError, CoverError, CAPITAL, COLLATERAL, DAY, DEBT, HOUR, LIMIT, PURSE,
    },
};

/// An insured loan past its waiting period, and who would get it.
struct Stage {
    world: World,
    owner: Keypair,
    position: position::Client,
    heir: Keypair,
}

impl Stage {
    fn of(world: World, peril: Peril) -> Self {
        let (owner, position, _) = insured(&world, "borrower", request(peril));
        world.sleep(2 * DAY);
        Self {
            heir: world.funded("heir", PURSE),
            world,
            owner,
            position,
        }
    }

    fn new() -> Self {
        Self::of(world(), Peril::Advance)
    }

    /// Asserts that both ways to give the policy away are refused with this code, and that everything stays with its owner.
    #[track_caller]
    fn stays(&self, code: u32, label: &str) {
        let (ledger, limit) = (&self.world.ledger, balance(&self.world, &self.owner));
        let transfer = self.world.ins.transfer(&self.owner, &self.heir, limit);
        refused(transfer.send(ledger, &self.owner), code, label);
        let assign = self
            .world
            .ins
            .assign(&loan_of(&self.position.0), &self.heir);
        refused(assign.send(ledger, &self.owner), code, label);
        self.is_the_owners(label);
    }

    #[track_caller]
    fn is_the_owners(&self, label: &str) {
        let ledger = &self.world.ledger;
        let account = self.position.account().view(ledger).unwrap();
        assert_eq!(account.owner, self.owner.address(), "position, {label}");
        let policy = self.world.policy(&self.position).unwrap();
        assert_eq!(policy.owner, self.owner.address(), "policy, {label}");
        assert_eq!(balance(&self.world, &self.heir), 0, "balance, {label}");
    }
}

#[test]
fn an_amount_that_is_no_policys() {
    let stage = Stage::new();
    let Stage {
        world, owner, heir, ..
    } = &stage;
    for amount in [LIMIT - 1, LIMIT + 1, 0, -LIMIT] {
        let sent = world.ins.transfer(owner, heir, amount);
        let sent = sent.send(&world.ledger, owner);
        refused(sent, InsError::NoSuchPolicy as u32, "wrong amount");
    }
    stage.is_the_owners("wrong amount");
}

#[test]
fn one_of_two_equal_ones_must_be_named() {
    let stage = Stage::new();
    let Stage {
        world, owner, heir, ..
    } = &stage;
    let ledger = &world.ledger;
    world.collateral.mint(ledger, &owner.address(), COLLATERAL);
    let twin = world.open_loan(owner, COLLATERAL, DEBT, Some(request(Peril::Advance)));
    let twin = twin.unwrap().0;
    let sent = world.ins.transfer(owner, heir, LIMIT).send(ledger, owner);
    refused(sent, InsError::SeveralPolicies as u32, "which one?");
    stage.is_the_owners("two equal");
    let named = world.ins.assign(&loan_of(&twin.0), heir);
    named.send(ledger, owner).unwrap();
    let account = twin.account().view(ledger).unwrap();
    assert_eq!(account.owner, heir.address(), "the one that was named");
    let sent = world.ins.transfer(owner, heir, LIMIT).send(ledger, owner);
    sent.expect("the twin: one is left, so the amount says which");
}

#[test]
fn without_the_owners_signature() {
    let stage = Stage::new();
    let Stage {
        world,
        position,
        owner,
        heir,
    } = &stage;
    let (ledger, ins) = (&world.ledger, &world.ins);
    let transfer = ins.transfer(owner, heir, LIMIT);
    unauthorised(transfer.send(ledger, heir), "the assignee takes it");
    let assign = ins.assign(&loan_of(&position.0), heir);
    unauthorised(assign.send(ledger, heir), "by name");
    let own = ins.transfer(heir, owner, LIMIT);
    refused(
        own.send(ledger, heir),
        InsError::NoSuchPolicy as u32,
        "somebody else's",
    );
    stage.is_the_owners("a stranger signs");
}

#[test]
fn while_an_advance_is_owed() {
    let stage = Stage::new();
    let (world, position) = (&stage.world, &stage.position);
    price(world, 1_200);
    paid(&rescue(world, position));
    price(world, 2_000);
    world.sleep(3 * DAY);
    stage.stays(CoverError::PolicyBusy as u32, "owing");
}

#[test]
fn while_a_claim_is_open() {
    let pegged = Setup {
        peg: 2_000 * PRICE_ONE,
        ..Setup::default()
    };
    let stage = Stage::of(staked(&pegged, CAPITAL), Peril::Collateral);
    let world = &stage.world;
    fall(world, &[1_920, 1_840]);
    world.watch(7 * HOUR);
    let surrender = world.adapter.surrender(&stage.position.0, UNIT, 0);
    surrender.send(&world.ledger, &stage.owner).unwrap();
    stage.stays(AdapterError::PriceFalling as u32, "it has failed");
    fall(world, &[2_000]);
    world.sleep(26 * HOUR);
    stage.stays(CoverError::PolicyBusy as u32, "its claim waits");
}

#[test]
fn while_the_price_falls_and_while_grants_may_be_due() {
    let stage = Stage::of(world(), Peril::Grant);
    let world = &stage.world;
    fall(world, &[1_840]);
    stage.stays(AdapterError::PriceFalling as u32, "half of the fall");
    fall(world, &[1_600]);
    world.trigger();
    fall(world, &[1_800, 2_000]);
    world.sleep(26 * HOUR);
    stage.stays(AdapterError::EventUnderWay as u32, "an open event");
    world.sleep(DAY);
    let give = world.ins.transfer(&stage.owner, &stage.heir, LIMIT);
    let given = give.send(&world.ledger, &stage.owner);
    given.expect("the twin: two days later it is over");
}

#[test]
fn while_it_is_being_liquidated() {
    let stage = Stage::of(world(), Peril::Liquidation);
    let (world, ledger) = (&stage.world, &stage.world.ledger);
    fall(world, &[1_600, 1_300, 1_000]);
    let liquidator = applicant(world, "liquidator");
    let (bid, lot) = (&world.usdc, &world.collateral);
    let user = &stage.position.0;
    let started = world
        .pool
        .start_liquidation(ledger, &liquidator, user, bid, lot, 70);
    started.unwrap();
    ledger.advance(SECONDS_PER_LEDGER);
    world.sleep(26 * HOUR);
    stage.stays(AdapterError::AuctionOpen as u32, "an open auction");
}

#[test]
fn to_whom_holds_as_many_as_can_be_listed() {
    let stage = Stage::new();
    let (world, ledger, heir) = (&stage.world, &stage.world.ledger, &stage.heir);
    world
        .collateral
        .mint(ledger, &heir.address(), 32 * COLLATERAL);
    for number in 0..32 {
        let small = CoverRequest {
            limit: if number < 31 { 100 * UNIT } else { 200 * UNIT },
            max_premium: 10 * UNIT,
            ..request(Peril::Advance)
        };
        let opened = world.open_loan(heir, COLLATERAL, 1_000 * UNIT, Some(small));
        opened.unwrap();
    }
    let give = world.ins.transfer(&stage.owner, heir, LIMIT);
    let given = give.clone().send(ledger, &stage.owner);
    refused(given, CoverError::TooMany as u32, "a full list");
    assert_eq!(balance(world, heir), 3_300 * UNIT, "32 of their own");
    let listed = world.cover.policies_of(heir).view(ledger).unwrap();
    assert_eq!(listed.len(), 32, "told at once");
    let free = world.ins.transfer(heir, &world.keeper, 200 * UNIT);
    free.send(ledger, heir).expect("found among 32");
    let given = give.send(ledger, &stage.owner);
    given.expect("the twin: one was given away");
}

#[test]
fn of_a_vault_by_its_adapter() {
    let stage = Stage::new();
    let (world, ledger) = (&stage.world, &stage.world.ledger);
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", 10_000 * UNIT);
    let deposit = vault.deposit(10_000 * UNIT, &lender, &lender, &lender);
    deposit.send(ledger, &lender).unwrap();
    let cover = insured_vault::CoverRequest {
        limit: 5_000 * UNIT,
        max_premium: 200 * UNIT,
        max_rate: 5_000_000,
        perils: vec![insured_vault::Peril::Default],
        route: insured_vault::Route::Repay,
        weeks: 8,
    };
    let insure = vault.insure(&vault.0, &cover);
    insure.send(ledger, &world.owner).unwrap();
    let of_vault = blend_lenders::Interest(vault.0.clone(), blend_lenders::Class::Deposit);
    let assign = world.lenders.assign(&of_vault, &world.owner);
    refused(
        assign.send(ledger, &world.owner),
        AdapterError::NotAssignable as u32,
        "a vault's",
    );
    let of_vault = ins::Interest(vault.0.clone(), ins::Class::Deposit);
    let assign = world.ins.assign(&of_vault, &world.owner);
    refused(
        assign.send(ledger, &world.owner),
        AdapterError::NotAssignable as u32,
        "by the token",
    );
    let held = world.ins.balance(&vault.0).view(ledger);
    assert_eq!(held, Ok(5_000 * UNIT), "it is the vault's");
}

/// Whoever paid for somebody else's loan holds its policy, and cannot hand the loan on.
#[test]
fn of_a_sponsor_whose_loan_it_is_not() {
    let (world, market) = market::world();
    let ledger = &world.ledger;
    let (owner, sponsor, heir) = (
        market::applicant(&world, "borrower"),
        world.funded("sponsor", PURSE),
        world.actor("heir"),
    );
    let insure = market::request(&[testkit::bindings::loan_market::Peril::Default]);
    let payer = Some(sponsor.address());
    let call = market
        .platform
        .borrow(&owner, COLLATERAL, market::DEBT, &Some(insure), &payer);
    let (loan, _) = call.send_signed(ledger, &owner, &[&sponsor]).unwrap();
    let differ = AdapterError::OwnersDiffer as u32;
    let give = world.ins.transfer(&sponsor, &heir, LIMIT);
    let given = give.send(ledger, &sponsor);
    refused(given, differ, "the loan is the borrower's");
    let assign = world.ins.assign(&loan_of(&loan), &heir);
    let assigned = assign.send(ledger, &owner);
    refused(assigned, differ, "the policy is the sponsor's");
    let facts = market::loan(&world, &market, &loan);
    assert_eq!(facts.owner, owner.address(), "loan");
    assert_eq!(balance(&world, &sponsor), LIMIT, "cover");
}

/// What wallets offer beside `transfer` says why not.
#[test]
fn by_allowance_or_by_burning() {
    let stage = Stage::new();
    let Stage {
        world, owner, heir, ..
    } = &stage;
    let (ledger, ins) = (&world.ledger, &world.ins);
    let by_spender = InsError::NotTransferableBySpender as u32;
    let until = ledger.sequence() + 1_000;
    let approve = ins.approve(owner, heir, LIMIT, until);
    refused(approve.send(ledger, owner), by_spender, "approve");
    let spend = ins.transfer_from(heir, owner, heir, LIMIT);
    refused(spend.send(ledger, heir), by_spender, "transfer_from");
    assert_eq!(ins.allowance(owner, heir).view(ledger), Ok(0), "allowance");
    let burned = InsError::NotBurnable as u32;
    refused(ins.burn(owner, LIMIT).send(ledger, owner), burned, "burn");
    let burn_from = ins.burn_from(heir, owner, LIMIT);
    refused(burn_from.send(ledger, heir), burned, "burn_from");
    stage.is_the_owners("neither");
}
