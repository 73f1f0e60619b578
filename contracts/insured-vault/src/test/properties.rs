//! Random deposits, withdrawals, falls, interest and settlements: the books stay exact, and nobody gains by coming
//! late.

use super::std::vec;
use actuary::nav::assets_for_down;
use actuary::{Assets, Shares};
use interfaces::blend::RATE_SCALE;
use interfaces::vault::VaultState;
use proptest::collection;
use proptest::prelude::*;
use soroban_sdk::Address;

use super::mocks::cover_pool::Conduct;
use super::{World, UNIT};

/// What can happen; whoever is meant is one of three, parts are in percent.
#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(usize, i128),
    Mint(usize, i128),
    Withdraw(usize, i128),
    Redeem(usize, i128),
    Interest(i128),
    Fall(i128),
    Settle,
    Close(i128),
    Files(bool),
    Invest,
    Divest(i128),
    Pass(u64),
    Break(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3_usize;
    let amount = prop_oneof![1..1_000_i128, 1..1_000 * UNIT];
    prop_oneof![
        4 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        1 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Mint(who, amount * 999)),
        2 => (who.clone(), amount).prop_map(|(who, amount)| Step::Withdraw(who, amount)),
        2 => (who, 1..=100_i128).prop_map(|(who, part)| Step::Redeem(who, part)),
        2 => (1..200_000_i128).prop_map(Step::Interest),
        2 => (1..4_000_000_i128).prop_map(Step::Fall),
        3 => Just(Step::Settle),
        1 => (0..=100_i128).prop_map(Step::Close),
        1 => any::<bool>().prop_map(Step::Files),
        1 => Just(Step::Invest),
        1 => (1..=100_i128).prop_map(Step::Divest),
        2 => (1..200_000_u64).prop_map(Step::Pass),
        1 => any::<bool>().prop_map(Step::Break),
    ]
}

/// A world with its own account of everything that moved.
struct Account {
    world: World,
    people: [Address; 3],
    /// Units that came in less those that went out, but for cover's.
    brought: i128,
    /// What interest added less what falls took, scaled by 1e12.
    grown: i128,
    /// What falls took, scaled by 1e12.
    lost: i128,
}

impl Account {
    fn new() -> Self {
        let (world, first) = World::insured(1_000 * UNIT);
        world.pool.set_unearned(&world.interest(), &(7 * UNIT));
        let people = [first, world.funded(0), world.funded(0)];
        for who in &people {
            world.mint(who, 1_000_000 * UNIT);
        }
        Self {
            world,
            people,
            brought: 1_000 * UNIT + 1,
            grown: 0,
            lost: 0,
        }
    }

    fn rate(&self) -> i128 {
        self.world
            .platform
            .get_reserve(&self.world.asset.address)
            .data
            .b_rate
    }

    /// Moves the b_rate by so many parts of 1e7, and writes down what that did to the vault.
    fn turn(&mut self, parts: i128) {
        let (b_tokens, before) = (self.world.state().b_tokens, self.rate());
        let parts_before = before / (RATE_SCALE / UNIT);
        self.world
            .set_rate((parts_before + parts_before * parts / UNIT).max(1_000));
        let grown = b_tokens * (self.rate() - before);
        self.grown += grown;
        self.lost -= grown.min(0);
    }

    /// Deposits or mints, and checks that the shares are worth no more than what was given for them, even if cover pays
    /// all.
    fn enter(&mut self, who: usize, enter: impl Fn(&World, &Address) -> Option<(i128, i128)>) {
        let Some((assets, shares)) = enter(&self.world, &self.people[who]) else {
            return;
        };
        self.brought += assets;
        let state = self.world.state();
        let worth = |nav| {
            let (shares, supply) = (Shares::from_raw(shares), Shares::from_raw(state.shares));
            assets_for_down(shares, supply, Assets::from_raw(nav))
                .unwrap()
                .raw()
        };
        assert!(
            self.world.vault.preview_redeem(&shares) <= assets,
            "deposit then withdraw"
        );
        assert!(worth(state.assets_high) <= assets, "enters after a fall");
    }

    fn leave(&mut self, who: usize, leave: impl Fn(&World, &Address) -> Option<i128>) {
        if let Some(assets) = leave(&self.world, &self.people[who]) {
            self.brought -= assets;
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Deposit(who, assets) => self.enter(who, |world, who| {
                let vault = world.vault.mock_all_auths();
                let shares = vault.try_deposit(&assets, who, who, who);
                Some((assets, shares.ok()?.ok()?))
            }),
            Step::Mint(who, shares) => self.enter(who, |world, who| {
                let vault = world.vault.mock_all_auths();
                let assets = vault.try_mint(&shares, who, who, who);
                Some((assets.ok()?.ok()?, shares))
            }),
            Step::Withdraw(who, assets) => self.leave(who, |world, who| {
                let assets = assets.min(world.vault.max_withdraw(who));
                let vault = world.vault.mock_all_auths();
                let withdrawn = vault.try_withdraw(&assets, who, who, who);
                assert!(
                    assets == 0 || withdrawn.is_ok(),
                    "max_withdraw is true: {withdrawn:?}"
                );
                withdrawn.is_ok().then_some(assets)
            }),
            Step::Redeem(who, part) => self.leave(who, |world, who| {
                let shares = world.vault.max_redeem(who) * part / 100;
                let vault = world.vault.mock_all_auths();
                vault.try_redeem(&shares, who, who, who).ok()?.ok()
            }),
            Step::Interest(parts) => self.turn(parts),
            Step::Fall(parts) => self.turn(-parts),
            Step::Settle => drop(self.world.vault.try_settle(&self.people[0])),
            Step::Close(part) => {
                let policy = self.world.pool.policy(&self.world.interest()).unwrap();
                if policy.open_claims > 0 {
                    let paid =
                        self.world.state().filed / i128::from(policy.open_claims) * part / 100;
                    self.world
                        .pool
                        .mock_all_auths()
                        .close(&self.world.interest(), &paid);
                }
            }
            Step::Files(files) => {
                self.world.pool.set_conduct(&Conduct {
                    files,
                    ..self.world.pool.conduct()
                });
            }
            Step::Invest => {
                let cash = self.world.state().cash;
                drop(self.world.vault.mock_all_auths().try_invest(&cash));
            }
            Step::Divest(part) => {
                let assets = self.world.state().lent * part / 100;
                drop(self.world.vault.mock_all_auths().try_divest(&assets));
            }
            Step::Pass(seconds) => self.world.pass(seconds),
            Step::Break(broken) => self.world.adapter.set_broken(&broken),
        }
    }

    /// What must hold after every step.
    fn check(&self, step: Step) {
        let (world, state) = (&self.world, self.world.state());
        assert_eq!(
            world.asset.balance(&world.vault.address),
            state.cash,
            "cash after {step:?}"
        );
        let holders = self.people.iter().chain([&world.vault.address]);
        let held: i128 = holders.map(|holder| world.vault.balance(holder)).sum();
        assert_eq!(held, state.shares, "shares after {step:?}");
        let paid = world
            .pool
            .policy(&world.interest())
            .map_or(0, |policy| policy.paid);
        assert_eq!(
            (self.brought + paid) * RATE_SCALE + self.grown - world.platform.rounding(),
            state.cash * RATE_SCALE + state.b_tokens * self.rate(),
            "deposits + interest - losses + paid = withdrawals + left after {step:?}"
        );
        assert!(
            paid * RATE_SCALE <= self.lost,
            "cover pays no more than was lost after {step:?}"
        );
    }
}

/// Whether a share is worth at least as much as before, without what cover owes.
fn is_worth_as_much(before: &VaultState, after: &VaultState) -> bool {
    let worth = |state: &VaultState| state.assets_low + 1;
    let supply = |state: &VaultState| state.shares + 1_000;
    worth(after) * supply(before) >= worth(before) * supply(after)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn books_stay_exact_and_nobody_gains_by_coming_late(steps in collection::vec(step(), 1..40)) {
        let mut account = Account::new();
        for step in steps {
            let before = account.world.state();
            account.take(step);
            account.check(step);
            let is_users = !matches!(
                step,
                Step::Interest(_) | Step::Fall(_) | Step::Invest | Step::Divest(_)
            );
            if is_users {
                let after = account.world.state();
                prop_assert!(is_worth_as_much(&before, &after), "share price after {step:?}");
            }
        }
    }
}
