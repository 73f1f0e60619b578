//! Random operations on the contract and on the reference model: results and everything stored stay equal.

use super::std::collections::{BTreeMap, BTreeSet};
use super::std::string::{String, ToString};
use super::std::{format, vec::Vec};

use interfaces::cover::{
    Appeal, Application, GroupTerms, Interest, Loss, Peril, Route, Settlement,
};
use proptest::prelude::ProptestConfig;
use proptest::proptest;
use soroban_sdk::testutils::{Address as _, Ledger};
use soroban_sdk::{Address, Env, InvokeError};
use testkit::model::{
    apply_checked, next_step, scenarios, Claim, CoverPool as Model, ExitRequest, GroupState,
    Operation, PolicyState, Scenario, State, Step, Terms, EARNING_SLOTS, GROUP_SLOTS,
};

use super::world::{terms, World, DAY, HOUR, WEEK};
use crate::{books::Pool, storage, CoverError};

/// What the contract refuses for reasons that the model leaves out.
const OUTSIDE_THE_MODEL: [CoverError; 2] = [CoverError::TermTooShort, CoverError::TooMany];
const PLENTY: i128 = 10_i128.pow(20);

type Answer<T, C> = Result<Result<T, C>, Result<CoverError, InvokeError>>;

/// The contract, and which of its entries is which of the model's.
struct Twin {
    world: World,
    groups: u32,
    names: BTreeMap<String, Address>,
    policies: BTreeMap<u64, (String, Interest)>,
    claims: BTreeMap<u64, u32>,
    exits: BTreeMap<u64, (String, u32)>,
    accepted: BTreeSet<&'static str>,
}

fn ok<T, C: core::fmt::Debug>(answer: Answer<T, C>) -> Result<T, CoverError> {
    match answer {
        Ok(value) => Ok(value.expect("a value of its type")),
        Err(Ok(error)) => Err(error),
        // What the token or OpenZeppelin's balance refuses.
        Err(Err(_)) => Err(CoverError::InvalidAmount),
    }
}

fn amount(settlement: Settlement) -> i128 {
    match settlement {
        Settlement::Paid(amount) => amount,
        Settlement::Filed(claim, _) => claim.into(),
    }
}

impl Twin {
    /// A contract with the model's groups and terms; both begin with the dead shares.
    fn new(model: &mut Model) -> Self {
        let world = World::unstaked();
        world.env.cost_estimate().budget().reset_unlimited();
        world.env.ledger().set_timestamp(model.now);
        let given = &model.terms;
        let mut terms = terms();
        terms.min_premium = given.min_premium;
        (terms.bounty, terms.bounty_prepaid) = (given.bounty, given.bounty_prepaid);
        terms.advance_fee = given.advance_flat_fee as u32;
        terms.base_max_age = u64::MAX;
        // A default waits, whatever it comes to.
        terms.instant_max = 0;
        let (env, owner) = (&world.env, &world.owner);
        let name = soroban_sdk::String::from_str(env, "Twin");
        let args = (
            owner,
            &world.token.address,
            name.clone(),
            name,
            terms,
            owner,
        );
        let pool = crate::CoverPoolClient::new(env, &env.register(crate::CoverPool, args));
        let world = World { pool, ..world };
        let mut twin = Self {
            groups: model.groups.len() as u32,
            names: BTreeMap::new(),
            policies: BTreeMap::new(),
            claims: BTreeMap::new(),
            exits: BTreeMap::new(),
            accepted: BTreeSet::new(),
            world,
        };
        for group in 0..twin.groups {
            twin.set_group(group, model.groups[group as usize].cap as u32, 1);
        }
        for name in ["founder", "ann", "bob", "stranger"] {
            let address = Address::generate(&twin.world.env);
            twin.world.issuer.mint(&address, &10_i128.pow(26));
            twin.names.insert(name.to_string(), address);
        }
        twin.names
            .insert("dead".to_string(), twin.world.pool.address.clone());
        let step = |owner: &str, assets| Operation::Deposit {
            owner: owner.to_string(),
            assets,
            min_shares: 0,
        };
        let dead = Step {
            now: model.now,
            operation: step("dead", 1),
        };
        apply_checked(model, &dead).unwrap().unwrap();
        let founded = Step {
            now: model.now,
            operation: step("founder", 10_i128.pow(13)),
        };
        twin.step(model, &founded, "founding");
        twin
    }

    /// Sells at exactly this rate from now on.
    fn set_group(&self, group: u32, cap: u32, rate: u32) {
        let (adapter, platform) = (&self.world.adapter, &self.world.platform.address);
        let mut terms: GroupTerms = super::world::group_terms(&self.world.env, adapter, platform);
        (terms.cap, terms.subject_cap) = (cap, 10_000_000);
        (terms.rate_min, terms.rate_max) = (rate, rate);
        for index in 0..terms.perils.len() {
            let mut peril = terms.perils.get(index).unwrap();
            peril.co_insurance = 0;
            peril.waiting = if peril.peril == Peril::Advance {
                DAY
            } else {
                0
            };
            terms.perils.set(index, peril);
        }
        self.world.pool.set_group(&group, &terms);
    }

    fn set_rate(&self, group: u32, rate: i128) {
        let cap = self.world.pool.group(&group).unwrap().cap;
        self.set_group(group, cap, rate as u32);
    }

    /// Runs a step on both and compares.
    fn step(&mut self, model: &mut Model, step: &Step, label: &str) {
        self.world.env.ledger().set_timestamp(step.now);
        let step = &self.decided_by_time(step);
        let label = format!("{label}: {step:?}");
        let last_id = model.last_id;
        let actual = self.run(&step.operation);
        if actual.is_err_and(|error| OUTSIDE_THE_MODEL.contains(&error)) {
            model.advance_to(step.now);
        } else {
            let expected = apply_checked(model, step).unwrap();
            assert_eq!(
                actual.is_ok(),
                expected.is_ok(),
                "{label}: {actual:?}, {expected:?}"
            );
            if let (Ok(actual), Ok(expected)) = (actual, expected) {
                self.accepted.insert(step.operation.name());
                if model.last_id > last_id {
                    self.remember(&step.operation, model.last_id, actual);
                } else {
                    assert_eq!(actual, expected, "{label}: result");
                }
            }
        }
        let expected = State::of(model);
        self.state(&expected).assert_is(&expected, &label);
        let held = self.world.balance(&self.world.pool.address);
        assert_eq!(held, expected.cash, "{label}: I01");
    }

    /// The model knows no end of the court's time: after it a claim that was filed is granted in full, and an appeal denied.
    fn decided_by_time(&self, step: &Step) -> Step {
        let mut step = step.clone();
        if let Operation::SettleClaim { claim, amount, .. } = &mut step.operation {
            let filed = self
                .claims
                .get(claim)
                .and_then(|id| self.world.pool.claim(id));
            if let Some(filed) = filed.filter(|filed| step.now >= filed.payable_from) {
                *amount = if filed.is_appeal { 0 } else { filed.amount };
            }
        }
        step
    }

    /// Settles a claim: the court decides what is disputed and in its time, then it is finalised.
    fn settle(&self, id: u32, granted: i128, deliverable: bool) -> Result<i128, CoverError> {
        let (world, pool) = (&self.world, &self.world.pool);
        let claim = pool.claim(&id).ok_or(CoverError::UnknownClaim)?;
        let policy = pool.policy(&claim.interest);
        let policy = policy.ok_or(CoverError::UnknownPolicy)?;
        let is_disputed = claim.disputed_by.is_some();
        let is_in_time = is_disputed && world.now() < claim.payable_from;
        if is_in_time {
            if world.now() < claim.filed_at + 48 * HOUR {
                return Err(CoverError::NotPayable);
            }
            let granted = granted.min(claim.amount);
            // Of an appeal the bond goes back to the owner, of a challenge to whoever made it.
            self.undelivered(&policy.owner, deliverable || !claim.is_appeal, || {
                ok(pool.try_resolve(&id, &granted))
            })?;
        }
        // The loss goes to the subject, by its platform if it was appealed for, or after a foreclosure to the owner; half of a
        // challenger's bond to the owner.
        let is_foreclosed = policy.original_limit == 0;
        let owners = is_foreclosed || (is_disputed && !claim.is_appeal);
        self.undelivered(&claim.interest.0, deliverable || is_foreclosed, || {
            self.undelivered(
                &world.platform.address,
                deliverable || !claim.is_appeal,
                || {
                    self.undelivered(&policy.owner, deliverable || !owners, || {
                        ok(pool.try_finalize(&id, &world.keeper))
                    })
                },
            )
        })
    }

    fn remember(&mut self, operation: &Operation, id: u64, number: i128) {
        match operation {
            Operation::RequestExit { owner, .. } => {
                self.exits.insert(id, (owner.clone(), number as u32));
            }
            Operation::FileClaim { .. }
            | Operation::AppealClaim { .. }
            | Operation::PayClaim { .. }
            | Operation::DrawAdvance { .. } => {
                self.claims.insert(id, number as u32);
            }
            Operation::OpenPolicy { owner, .. } => {
                let interest = self.world.env.as_contract(&self.world.pool.address, || {
                    let held = storage::held(&self.world.env, &self.names[owner]);
                    held.last().unwrap()
                });
                self.policies.insert(id, (owner.clone(), interest));
            }
            _ => panic!("no new entry by {operation:?}"),
        }
    }

    /// Lets payments to `to` fail while `run` runs.
    fn undelivered<T>(&self, to: &Address, deliverable: bool, run: impl Fn() -> T) -> T {
        if deliverable {
            return run();
        }
        self.world.issuer.set_authorized(to, &false);
        let result = run();
        self.world.issuer.set_authorized(to, &true);
        result
    }

    fn run(&self, operation: &Operation) -> Result<i128, CoverError> {
        let (world, pool, keeper) = (&self.world, &self.world.pool, &self.world.keeper);
        let policy = |id: &u64| {
            self.policies
                .get(id)
                .cloned()
                .ok_or(CoverError::UnknownPolicy)
        };
        match operation {
            Operation::Deposit {
                owner,
                assets,
                min_shares,
            } => ok(pool.try_stake(&self.names[owner], assets, min_shares)),
            Operation::RequestExit { owner, shares } => {
                ok(pool.try_request_redeem(&self.names[owner], shares)).map(i128::from)
            }
            Operation::FulfilExit {
                request,
                caller,
                min_out,
                deliverable,
            } => {
                let (owner, slot) = self.exits.get(request).ok_or(CoverError::UnknownExit)?;
                let (owner, caller) = (&self.names[owner], &self.names[caller]);
                self.undelivered(owner, *deliverable, || {
                    ok(pool.try_fulfil(owner, slot, caller, min_out))
                })
            }
            Operation::WithdrawClaimable { owner } => {
                let subjects = self.policies.values().filter(|(holder, _)| holder == owner);
                let subjects = subjects.map(|(_, interest)| &interest.0);
                let paid = subjects
                    .chain([&self.names[owner]])
                    .filter_map(|to| ok(pool.try_withdraw_claimable(to)).ok())
                    .sum();
                if paid == 0 {
                    Err(CoverError::NothingToWithdraw)
                } else {
                    Ok(paid)
                }
            }
            Operation::OpenPolicy {
                owner,
                group,
                limit,
                premium_rate,
                weeks,
                max_rate,
            } => {
                let group = *group as u32;
                self.set_rate(group, *premium_rate);
                let perils = [Peril::Advance, Peril::Grant, Peril::Default];
                let application = Application {
                    interest: world.position(),
                    owner: self.names[owner].clone(),
                    payer: self.names[owner].clone(),
                    group,
                    perils: soroban_sdk::Vec::from_array(&world.env, perils),
                    route: Route::Repay,
                    limit: *limit,
                    weeks: *weeks as u32,
                    ltv: 0,
                    max_premium: PLENTY,
                    max_rate: *max_rate as u32,
                };
                ok(pool.try_open(&application)).map(|quote| quote.premium)
            }
            Operation::RenewPolicy {
                policy: id,
                limit,
                premium_rate,
                weeks,
            } => {
                let (owner, interest) = policy(id)?;
                let group = pool
                    .policy(&interest)
                    .ok_or(CoverError::UnknownPolicy)?
                    .group;
                self.set_rate(group, *premium_rate);
                world
                    .token
                    .approve(&self.names[&owner], &pool.address, &PLENTY, &100_000);
                ok(pool.try_renew(&interest, limit, &(*weeks as u32), &0, keeper))
            }
            Operation::CancelPolicy {
                policy: id,
                deliverable,
            } => {
                let (owner, interest) = policy(id)?;
                let owner = &self.names[&owner];
                self.undelivered(owner, *deliverable, || ok(pool.try_cancel(&interest)))
            }
            Operation::PayClaim {
                policy: id,
                amount: claimed,
                deliverable,
            } => {
                let (_, interest) = policy(id)?;
                let loss = self.loss(&interest, Peril::Grant, *claimed)?;
                let pay = || ok(pool.try_pay(&interest, &loss, keeper));
                self.undelivered(&interest.0, *deliverable, pay).map(amount)
            }
            Operation::FileClaim {
                policy: id,
                amount: claimed,
            } => {
                let (_, interest) = policy(id)?;
                let loss = self.loss(&interest, Peril::Default, *claimed)?;
                ok(pool.try_pay(&interest, &loss, keeper)).map(amount)
            }
            Operation::AppealClaim {
                policy: id,
                amount: claimed,
            } => {
                let (owner, interest) = policy(id)?;
                let Loss {
                    peril,
                    amount,
                    occurred_at,
                    ..
                } = self.loss(&interest, Peril::Grant, *claimed)?;
                let appeal = Appeal {
                    peril,
                    amount,
                    occurred_at,
                };
                ok(pool.try_appeal(&interest, &appeal, &self.names[&owner])).map(i128::from)
            }
            Operation::SettleClaim {
                claim,
                amount,
                deliverable,
            } => {
                let claim = self.claims.get(claim).ok_or(CoverError::UnknownClaim)?;
                self.settle(*claim, *amount, *deliverable)
            }
            Operation::ChallengeClaim { claim, challenger } => {
                let claim = self.claims.get(claim).ok_or(CoverError::UnknownClaim)?;
                ok(pool.try_challenge(claim, &self.names[challenger]))
            }
            Operation::DrawAdvance {
                policy: id,
                amount: wanted,
                advance_rate,
            } => {
                let (_, interest) = policy(id)?;
                let rate = *advance_rate as u32;
                ok(pool.try_draw(&interest, wanted, &rate, &3, keeper)).map(amount)
            }
            Operation::PayBack { policy: id, amount } => {
                let (owner, interest) = policy(id)?;
                ok(pool.try_pay_back(&interest, &self.names[&owner], amount))
            }
            Operation::Foreclose {
                policy: id,
                recovered,
            } => {
                let (owner, interest) = policy(id)?;
                ok(pool.try_foreclose(&interest, &self.names[&owner], recovered))
            }
            Operation::Poke {} => Ok(0),
        }
    }

    /// A loss that began in the last second that is covered.
    fn loss(&self, interest: &Interest, peril: Peril, amount: i128) -> Result<Loss, CoverError> {
        let policy = self
            .world
            .pool
            .policy(interest)
            .ok_or(CoverError::UnknownPolicy)?;
        let occurred_at = self.world.now().min(policy.end);
        Ok(Loss {
            peril,
            event: 0,
            amount,
            occurred_at,
            rescue: false,
            sources: 3,
        })
    }

    /// What the contract stores, in the model's terms.
    fn state(&self, expected: &State) -> State {
        let (env, address) = (&self.world.env, &self.world.pool.address);
        let books = self.world.books();
        let mut state = State {
            cash: books.cash,
            pending: books.pending,
            claimable: books.claimable,
            bonds: books.bonds,
            bounties: books.bounties,
            reserve: books.reserve,
            shares: books.shares,
            queued: books.queued,
            nav_lo: books.nav_lo,
            nav_hi: books.nav_hi,
            unearned: books.unearned,
            earning_rate: books.earning_rate,
            drawn: books.drawn,
            fees_owed: books.fees_owed,
            fee_rate: books.fee_rate,
            ..State::default()
        };
        for (name, holder) in &self.names {
            let escrow = if holder == address { books.queued } else { 0 };
            let balance = self.world.pool.balance(holder) - escrow;
            let subjects = self.policies.values().filter(|(owner, _)| owner == name);
            let owed = subjects
                .map(|(_, interest)| &interest.0)
                .chain([holder])
                .map(|to| self.world.pool.claimable_of(to))
                .sum();
            for (by, amount) in [
                (&mut state.balances, balance),
                (&mut state.claimable_by, owed),
            ] {
                if amount != 0 {
                    by.insert(name.clone(), amount);
                }
            }
        }
        env.as_contract(address, || self.read_entries(env, &mut state));
        let exposure: i128 = expected.groups.iter().map(|group| group.exposure).sum();
        assert_eq!(books.exposure, exposure, "exposure");
        state
    }

    fn read_entries(&self, env: &Env, state: &mut State) {
        let now = env.ledger().timestamp();
        let slots = |ring: &[i128], size: u64| -> BTreeMap<u64, i128> {
            (now / WEEK + 1..=now / WEEK + size)
                .map(|week| (week, ring[(week % size) as usize]))
                .filter(|(_, amount)| *amount != 0)
                .collect()
        };
        let ring = Pool::load(env).premiums;
        state.ending = slots(&ring.ending.map(|rate| rate.raw()), EARNING_SLOTS);
        for group in 0..self.groups {
            let book = storage::group(env, group, now);
            state.groups.push(GroupState {
                exposure: book.ring.exposure.raw(),
                drawn: book.drawn.raw(),
                leaving: slots(&book.ring.leaving.map(|limit| limit.raw()), GROUP_SLOTS),
            });
        }
        for (id, (owner, interest)) in &self.policies {
            let Some(mut policy) = storage::policy(env, interest) else {
                continue;
            };
            assert_eq!(policy.owner, self.names[owner], "owner");
            policy.advance.accrue(now).unwrap();
            let stored = PolicyState {
                owner: owner.clone(),
                group: policy.group as usize,
                start: policy.start,
                end: policy.end,
                earning_rate: policy.earning_rate.raw(),
                limit: policy.limit.raw(),
                original_limit: policy.original_limit.raw(),
                max_rate: policy.max_rate.into(),
                bounty_left: policy.bounty_left.raw(),
                open_claims: policy.open_claims.into(),
                drawn: policy.advance.drawn.raw(),
                fees_owed: policy.advance.fees_owed.raw(),
                fee_rate: policy.advance.fee_rate.raw(),
            };
            state.policies.insert(*id, stored);
        }
        for (id, number) in &self.claims {
            let Some(claim) = storage::claim(env, *number) else {
                continue;
            };
            let same =
                |(_, (_, interest)): &(&u64, &(String, Interest))| *interest == claim.interest;
            let policy = *self.policies.iter().find(same).unwrap().0;
            let (amount, filed_at) = (claim.amount, claim.filed_at);
            let is_theirs = |by: &Address| {
                let mut names = self.names.iter();
                names.find_map(|(name, address)| (address == by).then(|| name.clone()))
            };
            let challenger = claim.disputed_by.as_ref().and_then(is_theirs);
            state.claims.insert(
                *id,
                Claim {
                    policy,
                    amount,
                    filed_at,
                    advance: claim.peril == Peril::Advance,
                    challenger: challenger.unwrap_or_default(),
                    bond: claim.bond,
                    appeal: claim.is_appeal,
                },
            );
        }
        for (id, (owner, slot)) in &self.exits {
            let exits = storage::exits(env, &self.names[owner]).view(env);
            let exit = exits.get(*slot).unwrap();
            let is_newest = !self
                .exits
                .iter()
                .any(|(later, held)| later > id && *held == (owner.clone(), *slot));
            if exit.shares > 0 && is_newest {
                let owner = owner.clone();
                let request = ExitRequest {
                    owner,
                    shares: exit.shares,
                    requested_at: exit.requested_at,
                };
                state.requests.insert(*id, request);
            }
        }
    }
}

/// Runs a scenario on both; what was accepted at least once.
fn run(scenario: &Scenario) -> BTreeSet<&'static str> {
    let mut model = scenario.pool(Terms::default());
    let mut twin = Twin::new(&mut model);
    for (number, seed) in scenario.seeds.iter().enumerate() {
        let step = next_step(&model, *seed);
        twin.step(&mut model, &step, &format!("step {number}"));
    }
    twin.accepted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_contract_stores_and_returns_what_the_model_does(scenario in scenarios(20..120)) {
        run(&scenario);
    }
}

#[test]
fn every_operation_of_the_model_is_accepted_somewhere() {
    let mut accepted = BTreeSet::new();
    for seed in 1..=6 {
        accepted.extend(run(&Scenario::new(seed, 150)));
    }
    let missing: Vec<_> = [
        "deposit",
        "request_exit",
        "fulfil_exit",
        "withdraw_claimable",
        "open_policy",
        "renew_policy",
        "cancel_policy",
        "pay_claim",
        "file_claim",
        "appeal_claim",
        "challenge_claim",
        "settle_claim",
        "draw_advance",
        "pay_back",
        "foreclose",
        "poke",
    ]
    .into_iter()
    .filter(|name| !accepted.contains(name))
    .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
