//! Random sequences of thefts, refills, defaults, comings and goings on Blend's wasm: what is counted is never more than what
//! a lender has lost.

use interfaces::blend::{RATE_SCALE, WITHDRAW};
use proptest::prelude::*;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::blend::{BackstopClient, UNIT};
use super::{World, HOUR};

/// What happens to a reserve; amounts are whole units.
#[derive(Clone, Debug)]
enum Happening {
    Stolen(i128),
    Refilled(i128),
    Defaulted(i128),
    Lent(i128),
    Withdrawn(i128),
    Passed(u64),
    Recorded,
    Proven,
    ProvenTwice,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    prop_oneof![
        2 => (1..20_000_i128).prop_map(Stolen),
        2 => (1..30_000_i128).prop_map(Refilled),
        2 => (100..10_000_i128).prop_map(Defaulted),
        1 => (1..100_000_i128).prop_map(Lent),
        1 => (1..50_000_i128).prop_map(Withdrawn),
        2 => prop_oneof![60..2 * HOUR, Just(HOUR), HOUR..30 * HOUR].prop_map(Passed),
        2 => Just(Recorded),
        2 => Just(Proven),
        3 => Just(ProvenTwice),
    ]
}

/// A lender who was there from the beginning and stays: what a bToken of theirs has lost.
struct Lender {
    world: World,
    /// By how much the b_rate has fallen.
    fallen: i128,
    /// The most that it ever has lost.
    most: i128,
}

impl Lender {
    fn new() -> Self {
        let world = World::new();
        world.add_vault();
        Self {
            world,
            fallen: 0,
            most: 0,
        }
    }

    fn play(&mut self, happening: &Happening) {
        let world = &self.world;
        match *happening {
            Happening::Stolen(amount) => {
                world.steal((amount * UNIT).min(world.held_by_platform()));
            }
            Happening::Refilled(amount) => world.refill(amount * UNIT),
            Happening::Defaulted(amount) => self.default(amount * UNIT),
            Happening::Lent(amount) => {
                let newcomer = Address::generate(&world.env);
                world.lend(&newcomer, amount * UNIT);
            }
            Happening::Withdrawn(amount) => {
                let free = world.held_by_platform() / 2;
                let (supply, liabilities) = self.books();
                let amount = (amount * UNIT)
                    .min(free)
                    .min(supply - liabilities * 10 / 9)
                    .min(self.deposit() / 2);
                if amount > 0 {
                    world.submit(&world.lender, &[(WITHDRAW, &world.asset, amount)]);
                }
            }
            Happening::Passed(seconds) => world.pass(seconds),
            Happening::Recorded => {
                world.record();
            }
            Happening::Proven => {
                let _ = world.prove();
            }
            Happening::ProvenTwice => {
                let _ = world.prove();
                world.pass(HOUR);
                let _ = world.prove();
            }
        }
        self.world.refresh();
        self.most = self.most.max(self.lost());
    }

    /// A loan fails and the backstop cannot bear it, recorded by whoever comes next.
    fn default(&mut self, amount: i128) {
        let world = &self.world;
        let (supply, liabilities) = self.books();
        let amount = amount
            .min(world.held_by_platform() / 2)
            .min(supply * 9 / 10 - liabilities);
        if amount < 100 * UNIT {
            return;
        }
        world.refresh();
        let backstop = BackstopClient::new(&world.env, &world.blend.backstop);
        backstop.fill(&200_000, &200_000);
        world.fail_to_repay(amount);
        backstop.fill(&0, &0);
        let before = world.pool().get_reserve(&world.asset).data.b_rate;
        world.pool().bad_debt(&world.blend.backstop);
        self.fallen += before - world.pool().get_reserve(&world.asset).data.b_rate;
    }

    /// What the lender owns by the books.
    fn deposit(&self) -> i128 {
        let b_tokens = self.world.pool().get_positions(&self.world.lender).supply;
        let b_rate = self.world.pool().get_reserve(&self.world.asset).data.b_rate;
        b_tokens.get(1).unwrap_or(0) * b_rate / RATE_SCALE
    }

    /// What lenders own and borrowers owe; Blend lends no more than 95 % of it.
    fn books(&self) -> (i128, i128) {
        let data = self.world.pool().get_reserve(&self.world.asset).data;
        let supply = data.b_supply * data.b_rate / RATE_SCALE;
        let liabilities = (data.d_supply * data.d_rate + RATE_SCALE - 1) / RATE_SCALE;
        (supply, liabilities)
    }

    /// Falls, and its part of what is missing now.
    fn lost(&self) -> i128 {
        let data = self.world.pool().get_reserve(&self.world.asset).data;
        let (supply, liabilities) = self.books();
        let held = self.world.held_by_platform();
        let missing = (supply + data.backstop_credit - liabilities - held).max(0);
        let part = missing * RATE_SCALE / data.b_supply;
        self.fallen + part.min(data.b_rate)
    }
}

/// However little a bToken is worth: else nothing would be left that could be lost.
#[test]
fn the_lender_stays() {
    use Happening::{Defaulted, Refilled, Withdrawn};
    let mut lender = Lender::new();
    for happening in [
        Defaulted(8_262),
        Withdrawn(35_747),
        Defaulted(5_902),
        Defaulted(4_461),
        Defaulted(8_813),
        Refilled(2_149),
        Refilled(28_367),
        Defaulted(6_299),
        Withdrawn(30_516),
    ] {
        lender.play(&happening);
        assert!(lender.deposit() > 0, "after {happening:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_index_is_never_above_what_a_lender_has_lost(
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut lender = Lender::new();
        let mut last = 0;
        for happening in &happenings {
            lender.play(happening);
            let index = lender
                .world
                .lenders
                .loss_index(&lender.world.blend.pool, &lender.world.asset);
            prop_assert!(index.index >= last, "it never falls");
            prop_assert!(
                index.index <= lender.most,
                "{} counted, {} lost, after {happening:?}",
                index.index,
                lender.most
            );
            prop_assert!(index.deficits <= index.index, "a part of it");
            last = index.index;
        }
    }
}
