//! Random calls by several actors, with leaps of time and price, an insurer that pays, refuses and traps, and money that is taken
//! away: the books stay exact to the unit, interest equals exact arithmetic, and nobody gains by rounding.

use interfaces::platform::Beneficiary;
use interfaces::price::PRICE_ONE;
use num_bigint::BigInt;
use num_integer::Integer;
use proptest::prelude::*;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::mocks::insurer::Conduct;
use super::std::{vec, vec::Vec as List};
use super::{World, RATES, REFUSAL, UNIT};
use crate::books::Books;
use crate::storage;

const WAD: i128 = 1_000_000_000_000_000_000;

/// What can happen; whoever is meant is one of three, loans are counted round, parts are in percent.
#[derive(Clone, Debug)]
enum Step {
    Supply(usize, i128),
    Redeem(usize, i128),
    Open(usize, i128, i128, bool),
    BorrowMore(usize, i128),
    AddCollateral(usize, i128),
    WithdrawCollateral(usize, i128),
    Repay(usize, i128),
    Close(usize),
    Liquidate(usize, i128, i128, bool),
    Settle(usize),
    Collect(usize),
    Compensate(Option<usize>, i128),
    Refinance(usize, i128),
    Foreclose(usize),
    Surrender(usize, i128),
    Price(i128),
    Pass(u64),
    Conduct(u8, i128, i128),
    Fee(u32),
    Give(i128),
    ClawBack(i128),
    Deny(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3_usize;
    let loan = 0..6_usize;
    let part = 1..=100_i128;
    let amount = prop_oneof![1..100_i128, 1..1_000 * UNIT].boxed();
    prop_oneof![
        3 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Supply(who, amount)),
        2 => (who.clone(), part.clone()).prop_map(|(who, part)| Step::Redeem(who, part)),
        6 => (who.clone(), amount.clone(), 30..=81_i128, any::<bool>())
            .prop_map(|(who, amount, part, insured)| Step::Open(who, amount, part, insured)),
        1 => (loan.clone(), amount.clone()).prop_map(|(loan, amount)| Step::BorrowMore(loan, amount)),
        1 => (loan.clone(), amount.clone()).prop_map(|(loan, amount)| Step::AddCollateral(loan, amount)),
        1 => (loan.clone(), part.clone()).prop_map(|(loan, part)| Step::WithdrawCollateral(loan, part)),
        2 => (loan.clone(), amount.clone()).prop_map(|(loan, amount)| Step::Repay(loan, amount)),
        1 => loan.clone().prop_map(Step::Close),
        5 => (loan.clone(), 10..=99_i128, prop_oneof![part.clone(), Just(100)], any::<bool>())
            .prop_map(|(loan, depth, part, settles)| Step::Liquidate(loan, depth, part, settles)),
        3 => any::<usize>().prop_map(Step::Settle),
        1 => who.clone().prop_map(Step::Collect),
        1 => (prop::option::of(loan.clone()), amount.clone())
            .prop_map(|(loan, amount)| Step::Compensate(loan, amount)),
        1 => (loan.clone(), amount.clone()).prop_map(|(loan, amount)| Step::Refinance(loan, amount)),
        1 => loan.clone().prop_map(Step::Foreclose),
        1 => (loan, part.clone()).prop_map(|(loan, part)| Step::Surrender(loan, part)),
        2 => (20..200_i128).prop_map(Step::Price),
        3 => prop_oneof![1..100_u64, 1..10_000_000_u64].prop_map(Step::Pass),
        2 => (0..6_u8, amount.clone(), amount.clone()).prop_map(|(way, a, b)| Step::Conduct(way, a, b)),
        1 => (0..=2_500_000_u32).prop_map(Step::Fee),
        1 => amount.clone().prop_map(Step::Give),
        1 => amount.prop_map(Step::ClawBack),
        1 => (who, 0..4_u8).prop_map(|(who, way)| Step::Deny(who, way == 0)),
    ]
}

/// What an actor has, apart from what their shares are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Holdings {
    /// The asset, less what their loans owe.
    net: i128,
    /// Collateral, in loans and out of them.
    collateral: i128,
    /// What their shares would be paid.
    shares: i128,
    /// How many loans they owe on, but for one.
    other_loans: i128,
}

/// A world with its own account of what it was given.
struct Account {
    world: World,
    people: [Address; 3],
    loans: List<Address>,
    /// What the market holds beyond its books: gifts.
    gifts: i128,
    collector: Address,
}

impl Account {
    fn new() -> Self {
        let world = World::new();
        let people = core::array::from_fn(|_| Address::generate(&world.env));
        for who in &people {
            world.mint(who, 1_000_000 * UNIT);
            world.mint_collateral(who, 1_000_000 * UNIT);
        }
        world.mint(&world.liquidator, 1_000_000 * UNIT);
        world.mint(&world.insurer.address, 1_000_000 * UNIT);
        let collector = Address::generate(&world.env);
        Self {
            world,
            people,
            loans: List::new(),
            gifts: 0,
            collector,
        }
    }

    fn books(&self) -> Books {
        let market = &self.world.market.address;
        self.world
            .env
            .as_contract(market, || storage::books(&self.world.env))
    }

    /// One of the loans, of those that owe something if there are any.
    fn loan(&self, at: usize) -> Option<Address> {
        let owes = |loan: &&Address| self.world.market.loan(loan).debt > 0;
        let owing: List<_> = self.loans.iter().filter(owes).collect();
        let all: List<_> = self.loans.iter().collect();
        let some = if owing.is_empty() { all } else { owing };
        some.get(at % some.len().max(1)).copied().cloned()
    }

    fn holdings(&self, who: &Address) -> Holdings {
        let (world, market) = (&self.world, &self.world.market);
        let facts: List<_> = self
            .loans
            .iter()
            .map(|loan| market.loan(loan))
            .filter(|facts| facts.owner == *who)
            .collect();
        let owed: i128 = facts.iter().map(|facts| facts.debt).sum();
        let locked: i128 = facts.iter().map(|facts| facts.collateral).sum();
        Holdings {
            net: world.asset.balance(who) - owed,
            collateral: world.collateral.balance(who) + locked,
            shares: market.preview_redeem(&market.shares_of(who)),
            other_loans: facts.iter().filter(|facts| facts.debt > 0).count() as i128 - 1,
        }
    }

    /// Makes one call. Returns whether it was made, and whether it was one in which lenders may lose or somebody is paid.
    fn call(&mut self, step: &Step) -> Option<Kind> {
        let (world, market) = (&self.world, &self.world.market);
        let insurer = &world.insurer;
        let of_loan = |at: &usize| self.loan(*at).map(|loan| (market.loan(&loan), loan));
        let made = |is_ok: bool, kind: Kind| is_ok.then_some(kind);
        match step {
            Step::Supply(who, amount) => made(
                market.try_supply(&self.people[*who], amount, &0).is_ok(),
                Kind::Own(*who),
            ),
            Step::Redeem(who, part) => {
                let who_is = &self.people[*who];
                let shares = market.shares_of(who_is) * part / 100;
                made(
                    market.try_redeem(who_is, &shares, &0, who_is).is_ok(),
                    Kind::Own(*who),
                )
            }
            Step::Open(who, amount, part, insured) => {
                let who_is = self.people[*who].clone();
                let price = world.hub.pair(&who_is, &who_is).price;
                let borrowed = amount * price / PRICE_ONE * part / 100;
                let mut request = world.request();
                request.max_premium = 1;
                let request = insured.then_some(request);
                let opened = market.try_borrow(&who_is, amount, &borrowed, &request, &None);
                let (loan, _) = opened.ok()?.ok()?;
                self.loans.push(loan);
                Some(if *insured {
                    Kind::Paid
                } else {
                    Kind::Own(*who)
                })
            }
            Step::BorrowMore(at, amount) => {
                let (facts, loan) = of_loan(at)?;
                let who = self.number(&facts.owner);
                made(
                    market.try_borrow_more(&loan, amount, &facts.owner).is_ok(),
                    Kind::Own(who),
                )
            }
            Step::AddCollateral(at, amount) => {
                let (facts, loan) = of_loan(at)?;
                let who = self.number(&facts.owner);
                made(
                    market
                        .try_supply_collateral(&loan, &facts.owner, amount)
                        .is_ok(),
                    Kind::Own(who),
                )
            }
            Step::WithdrawCollateral(at, part) => {
                let (facts, loan) = of_loan(at)?;
                let who = self.number(&facts.owner);
                let amount = facts.collateral * part / 100;
                made(
                    market
                        .try_withdraw_collateral(&loan, &amount, &facts.owner)
                        .is_ok(),
                    Kind::Own(who),
                )
            }
            Step::Repay(at, amount) => {
                let (facts, loan) = of_loan(at)?;
                let who = self.number(&facts.owner);
                made(
                    market.try_repay(&loan, &facts.owner, amount).is_ok(),
                    Kind::Own(who),
                )
            }
            Step::Close(at) => {
                let (facts, loan) = of_loan(at)?;
                let who = self.number(&facts.owner);
                made(
                    market.try_close(&loan, &(facts.debt + 5)).is_ok(),
                    Kind::Own(who),
                )
            }
            Step::Liquidate(at, depth, part, settles) => {
                let (facts, loan) = of_loan(at)?;
                // So far below where it becomes unsafe.
                let edge = facts.debt * PRICE_ONE / facts.collateral.max(1) * 10 / 8;
                world.set_price((edge * depth / 100).max(1));
                let seize = facts.collateral * part / 100;
                let most = facts.debt + 1;
                let done = market.try_liquidate(&loan, &world.liquidator, &seize, &most, settles);
                made(done.is_ok(), Kind::Loss)
            }
            Step::Settle(at) => {
                let is_unsettled = |loan: &&Address| {
                    let read = || !storage::unsettled(&world.env, loan).is_empty();
                    world.env.as_contract(&market.address, read)
                };
                let waiting: List<_> = self.loans.iter().filter(is_unsettled).collect();
                let loan = waiting.get(at % waiting.len().max(1))?;
                made(
                    market.try_settle_cover(loan, &world.liquidator).is_ok(),
                    Kind::Paid,
                )
            }
            Step::Collect(who) => made(market.try_collect(&self.people[*who]).is_ok(), Kind::Paid),
            Step::Compensate(at, amount) => {
                let beneficiary = match at {
                    Some(at) => Beneficiary::Borrower(self.loan(*at)?),
                    None => Beneficiary::Lenders,
                };
                let done = insurer.try_compensate(&market.address, &beneficiary, amount);
                made(done.is_ok(), Kind::Paid)
            }
            Step::Refinance(at, amount) => {
                let loan = self.loan(*at)?;
                made(
                    insurer
                        .try_refinance(&market.address, &loan, amount)
                        .is_ok(),
                    Kind::Paid,
                )
            }
            Step::Foreclose(at) => {
                let (facts, loan) = of_loan(at)?;
                let (payer, most) = (&world.liquidator, facts.debt + 3);
                made(
                    insurer
                        .try_foreclose(&market.address, &loan, payer, &most)
                        .is_ok(),
                    Kind::Paid,
                )
            }
            Step::Surrender(at, part) => {
                let (facts, loan) = of_loan(at)?;
                let amount = facts.collateral * part / 100;
                let to = &world.liquidator;
                made(
                    insurer
                        .try_surrender(&market.address, &loan, &amount, to)
                        .is_ok(),
                    Kind::Paid,
                )
            }
            Step::Price(part) => {
                world.set_price(PRICE_ONE * part / 100);
                Some(Kind::Nothing)
            }
            Step::Pass(seconds) => {
                self.pass(*seconds);
                Some(Kind::Paid)
            }
            Step::Conduct(way, lenders, borrower) => {
                match way {
                    0 => world.conduct(Conduct::Refuses(REFUSAL)),
                    1 => world.conduct(Conduct::Traps),
                    2 => world.conduct(Conduct::CallsBack),
                    3 => world.pays(0, *borrower, 0),
                    4 => world.pays(*lenders, 0, *borrower),
                    _ => world.pays(*lenders, *borrower, 0),
                }
                Some(Kind::Nothing)
            }
            Step::Fee(fee) => {
                market.set_fee(fee, &self.collector);
                Some(Kind::Paid)
            }
            Step::Give(amount) => {
                world.mint(&market.address, *amount);
                self.gifts += amount;
                Some(Kind::Nothing)
            }
            Step::ClawBack(amount) => {
                let amount = (*amount).min(world.asset.balance(&market.address));
                let short = (amount - self.gifts).max(0);
                let supply = world.state().supply;
                world.claw_back(&market.address, amount);
                self.gifts -= amount.min(self.gifts);
                let lost = market.write_off();
                assert_eq!(lost, short.min(supply), "written off");
                self.gifts -= short - lost;
                Some(Kind::Loss)
            }
            Step::Deny(who, denied) => {
                world.authorise(&self.people[*who], !denied);
                Some(Kind::Nothing)
            }
        }
    }

    fn number(&self, who: &Address) -> usize {
        self.people.iter().position(|one| one == who).unwrap()
    }

    /// Lets time pass, and checks the interest against exact arithmetic.
    fn pass(&self, seconds: u64) {
        let state = self.world.state();
        self.world.market.set_fee(&state.fee, &self.collector);
        let before = self.books();
        self.world.pass(seconds);
        let after = self.world.state();
        let exact = interest(&before, seconds);
        assert_eq!(BigInt::from(after.debt - state.debt), exact, "interest");
        assert_eq!(
            BigInt::from(after.supply - state.supply),
            exact,
            "the lenders'"
        );
    }

    /// What must hold after every call.
    fn check(&self) {
        let (world, market) = (&self.world, &self.world.market);
        let (state, solvency) = (world.state(), market.solvency());
        let (held, books) = (world.asset.balance(&market.address), self.books());
        assert_eq!(
            state.cash + state.debt,
            state.supply + solvency.credits + self.gifts.min(0),
            "cash + debt = supply + credits"
        );
        assert_eq!(held, state.cash + self.gifts, "what is held");
        assert_eq!(
            world.collateral.balance(&market.address),
            state.collateral,
            "collateral held"
        );
        let facts: List<_> = self.loans.iter().map(|loan| market.loan(loan)).collect();
        let locked: i128 = facts.iter().map(|facts| facts.collateral).sum();
        assert_eq!(locked, state.collateral, "sum of collateral");
        let owed: i128 = facts.iter().map(|facts| facts.debt).sum();
        let most = state.debt + facts.len() as i128;
        assert!(
            (state.debt..=most).contains(&owed),
            "sum of debts {owed}, {}",
            state.debt
        );
        let shares = self.sum_of_loans(|address| {
            let loan = storage::loan(&world.env, address);
            loan.shares.raw()
        });
        assert_eq!(shares, state.debt_shares, "sum of debt shares");
        let unsettled = self.sum_of_loans(|address| {
            let unsettled = storage::unsettled(&world.env, address);
            unsettled.iter().map(|one| one.bad_debt).sum()
        });
        assert_eq!(unsettled, state.unsettled, "sum of what is unsettled");
        let lenders = self.people.iter().chain([&world.lender, &self.collector]);
        let shares: i128 = lenders.map(|lender| market.shares_of(lender)).sum();
        assert_eq!(shares, state.supply_shares, "sum of lenders' shares");
        let waiting: i128 = self
            .people
            .iter()
            .map(|who| {
                world
                    .env
                    .as_contract(&market.address, || storage::owed(&world.env, who).raw())
            })
            .sum();
        assert_eq!(waiting, solvency.credits, "sum of credits");
        assert_eq!(
            state.supply_high,
            state.supply + state.unsettled + state.filed,
            "high"
        );
        assert!((0..WAD).contains(&books.ahead), "less than a unit ahead");
    }

    fn sum_of_loans(&self, of: impl Fn(&Address) -> i128) -> i128 {
        let world = &self.world;
        let sum = || self.loans.iter().map(&of).sum();
        world.env.as_contract(&world.market.address, sum)
    }

    fn step(&mut self, step: &Step) {
        let everybody = |account: &Self| {
            let people = account.people.iter().chain([&account.world.lender]);
            people.map(|who| account.holdings(who)).collect::<List<_>>()
        };
        let (before, state) = (everybody(self), self.world.state());
        let Some(kind) = self.call(step) else {
            assert_eq!(self.world.state(), state, "refused: {step:?}");
            return;
        };
        let after = everybody(self);
        for (who, (before, after)) in before.iter().zip(&after).enumerate() {
            match kind {
                Kind::Own(actor) if actor == who => {
                    assert_eq!(after.collateral, before.collateral, "{step:?}: collateral");
                    // What rounding takes from one of their loans may ease another one of theirs, which is rounded up too.
                    let was = before.net + before.shares + before.other_loans.max(0);
                    let is = after.net + after.shares;
                    assert!(is <= was, "{step:?}: the caller has {is}, had {was}");
                }
                Kind::Own(_) | Kind::Nothing => {
                    assert_eq!(
                        after.collateral, before.collateral,
                        "{step:?}: collateral of others"
                    );
                    assert!(after.shares >= before.shares, "{step:?}: shares of others");
                    let loans = self.loans.len() as i128;
                    assert!(after.net >= before.net - loans, "{step:?}: debts of others");
                }
                Kind::Paid => {
                    assert!(after.shares >= before.shares, "{step:?}: shares of others");
                }
                Kind::Loss => {}
            }
        }
    }
}

/// What kind of a call was made.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Somebody's own: it gains them nothing, and costs others nothing.
    Own(usize),
    /// Lenders do not lose by it.
    Paid,
    /// Lenders may lose by it.
    Loss,
    /// The market was not called.
    Nothing,
}

/// Interest of so many seconds by the formulas of the documentation, in integers without width.
fn interest(books: &Books, seconds: u64) -> BigInt {
    let (debt, supply) = (books.debts.amount.raw(), books.supply.raw());
    if debt == 0 {
        return BigInt::from(0);
    }
    let big = |value: i128| BigInt::from(value);
    let (one, target) = (big(10_000_000), big(RATES.target.into()));
    let use_ = if debt >= supply {
        one.clone()
    } else {
        (big(debt) * &one).div_ceil(&big(supply))
    };
    let gained = |part: u32, of: BigInt, whole: BigInt| (big(part.into()) * of).div_ceil(&whole);
    let mut rate = big(RATES.base.into())
        + gained(
            RATES.slope,
            use_.clone().min(target.clone()),
            target.clone(),
        );
    if use_ > target {
        rate += gained(RATES.steep, use_ - &target, &one - &target);
    }
    let first = (rate * seconds * WAD).div_ceil(&(one * 31_536_000));
    let second = (&first * &first).div_ceil(&big(2 * WAD));
    let third = (&second * &first).div_ceil(&big(3 * WAD));
    (big(debt) * (first + second + third) - books.ahead).div_ceil(&big(WAD))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn books_stay_exact_and_nobody_gains_by_rounding(steps in prop::collection::vec(step(), 1..60)) {
        let mut account = Account::new();
        for step in steps {
            account.step(&step);
            account.check();
        }
    }
}
