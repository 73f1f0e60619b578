//! The model against its recorded runs, and against its invariants in random ones.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::vectors::Vectors;
use super::*;

#[test]
fn every_recorded_step_is_repeated_to_the_last_unit() {
    let vectors = Vectors::load().unwrap();
    assert_eq!(vectors.terms, Terms::default(), "recorded terms");
    let mut steps = 0;
    for sequence in &vectors.sequences {
        let mut pool = sequence.pool(&vectors.terms);
        for (number, recorded) in sequence.steps.iter().enumerate() {
            let label = format!("seed {} step {number}: {:?}", sequence.seed, recorded.step);
            let outcome = apply_checked(&mut pool, &recorded.step)
                .unwrap_or_else(|broken| panic!("{label}: {broken}"));
            let outcome = outcome
                .map(|result| result.to_string())
                .map_err(|reason| reason.to_string());
            assert_eq!(outcome, recorded.outcome(), "{label}");
            State::of(&pool).assert_is(&recorded.state, &label);
            steps += 1;
        }
    }
    assert_eq!(steps, 800, "recorded steps");
}

/// Runs a scenario with everything checked; `visit` sees each step: pool before, step, outcome, pool after.
fn play(
    scenario: &Scenario,
    terms: Terms,
    mut visit: impl FnMut(&CoverPool, &Step, &Outcome, &CoverPool),
) {
    let mut pool = scenario.pool(terms);
    for (number, &seed) in scenario.seeds.iter().enumerate() {
        let before = pool.clone();
        let step = next_step(&before, seed);
        let outcome = apply_checked(&mut pool, &step).unwrap_or_else(|broken| {
            let run = scenario.seed;
            panic!("seed {run} step {number}: {broken}, after {step:?}")
        });
        visit(&before, &step, &outcome, &pool);
    }
}

#[test]
fn random_runs_keep_every_invariant_and_reach_every_operation() {
    let mut accepted = BTreeMap::<&str, u32>::new();
    let mut refused = BTreeMap::<Refused, u32>::new();
    for seed in 0..40 {
        let terms = match seed % 2 {
            0 => Terms::default(),
            _ => Terms::starting(),
        };
        play(
            &Scenario::new(seed, 200),
            terms,
            |_, step, outcome, _| match outcome {
                Ok(_) => *accepted.entry(step.operation.name()).or_default() += 1,
                Err(reason) => *refused.entry(*reason).or_default() += 1,
            },
        );
    }
    assert_eq!(accepted.len(), 16, "operations accepted: {accepted:?}");
    assert!(accepted.values().all(|&times| times >= 10), "{accepted:?}");
    assert!(refused.len() >= 19, "reasons met: {refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn i07_lazy_accrual_is_accrual_at_any_pace(scenario in scenarios(1..120), pace in 1..3 * WEEK) {
        play(&scenario, Terms::starting(), |before, step, outcome, after| {
            let mut often = before.clone();
            for now in (before.now..step.now).step_by(pace as usize) {
                often.advance_to(now);
            }
            assert_eq!(often.apply(step), *outcome, "outcome of {step:?}");
            State::of(&often).assert_is(&State::of(after), "poked on the way");
        });
    }
}

#[test]
fn a_difference_names_the_field_and_both_values() {
    let mut pool = CoverPool::new(Terms::default(), 1_700_000_000, &[FULL_RATE]);
    pool.deposit("ann", 50 * UNIT, 0).unwrap();
    pool.open_policy("bob", 0, UNIT, 100_000, 4, 0).unwrap();
    let expected = State::of(&pool);
    assert_eq!(expected.differences(&expected), [], "equal states");

    let mut actual = expected.clone();
    actual.cash += 1;
    actual.balances.clear();
    actual.policies.get_mut(&1).unwrap().limit = 7;
    let differences: Vec<String> = (actual.differences(&expected).iter())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        differences,
        [
            "balances.ann: nothing, expected 500000000000",
            "cash: 501000001, expected 501000000",
            "policies.1.limit: 7, expected 10000000",
        ],
    );
}

#[test]
fn products_wider_than_128_bits_are_exact() {
    let limit = 10i128.pow(27);
    let terms = Terms::default();
    let premium = terms.premium_up(limit, 10 * FULL_RATE, YEAR);
    assert_eq!(
        premium,
        10 * limit,
        "ten times the limit, at 1 000 % for a year"
    );
    let premium = terms.premium_up(limit + 1, FULL_RATE, YEAR / 2);
    assert_eq!(premium, limit / 2 + 1, "half a unit is rounded up");
}

#[test]
fn premium_above_the_bound_is_refused_and_changes_nothing() {
    for (min_premium, outcome) in [
        (MAX_UNEARNED, Ok(1)),
        (MAX_UNEARNED + 1, Err(Refused::TooMuchUnearnedPremium)),
    ] {
        let terms = Terms {
            min_premium,
            ..Terms::default()
        };
        let mut pool = CoverPool::new(terms, 1_700_000_000, &[FULL_RATE]);
        pool.deposit("ann", 10 * UNIT, 0).unwrap();
        let before = pool.clone();
        let opened = pool.open_policy("bob", 0, UNIT, 500_000, 13, 0);
        assert_eq!(opened, outcome, "a premium of {min_premium}");
        assert_eq!(pool == before, opened.is_err(), "unchanged");
    }
}

/// A pool of ample capital with policy 1 of four weeks, renewable up to 20 % a year.
fn insured() -> CoverPool {
    let mut pool = CoverPool::new(Terms::default(), 2_811 * WEEK, &[FULL_RATE]);
    pool.deposit("ann", 10_000 * UNIT, 0).unwrap();
    let opened = pool.open_policy("bob", 0, 1_000 * UNIT, 500_000, 4, 2_000_000);
    assert_eq!(opened, Ok(1), "number of the policy");
    pool
}

#[test]
fn a_sale_needs_a_limit_and_one_to_thirteen_weeks() {
    for (limit, weeks, outcome) in [
        (0, 1, Err(Refused::NoRoom)),
        (UNIT, 0, Err(Refused::BadTerm)),
        (UNIT, 1, Ok(2)),
        (UNIT, 13, Ok(2)),
        (UNIT, 14, Err(Refused::BadTerm)),
    ] {
        let opened = insured().open_policy("bob", 0, limit, 500_000, weeks, 0);
        assert_eq!(opened, outcome, "{limit} for {weeks} weeks");
    }
}

#[test]
fn a_renewal_is_open_from_three_days_before_the_end_until_the_end() {
    let end = 2_815 * WEEK;
    for (now, outcome) in [
        (end - RENEWAL_WINDOW - 1, Err(Refused::NotInRenewalWindow)),
        (end - RENEWAL_WINDOW, Ok(9_589_042)),
        (end - 1, Ok(9_589_042)),
        (end, Err(Refused::NotInRenewalWindow)),
    ] {
        let mut pool = insured();
        pool.advance_to(now);
        let renewed = pool.renew_policy(1, 1_000 * UNIT, 500_000, 1);
        assert_eq!(renewed, outcome, "{} s before the end", end - now);
    }
}

#[test]
fn a_renewal_keeps_to_what_was_sold_and_to_the_payers_rate() {
    let limit = 1_000 * UNIT;
    for (limit, rate, weeks, outcome) in [
        (limit, 2_000_000, 13, Ok(498_630_137)),
        (limit, 2_000_001, 13, Err(Refused::AbovePayersRate)),
        (limit + 1, 2_000_000, 13, Err(Refused::AboveWhatWasSold)),
        (0, 2_000_000, 13, Err(Refused::AboveWhatWasSold)),
        (limit, 2_000_000, 14, Err(Refused::BadTerm)),
        (limit, 2_000_000, 0, Err(Refused::BadTerm)),
    ] {
        let mut pool = insured();
        pool.advance_to(2_815 * WEEK - 1);
        let renewed = pool.renew_policy(1, limit, rate, weeks);
        assert_eq!(renewed, outcome, "{limit} at {rate} for {weeks} weeks");
    }
}

#[test]
fn draws_earn_what_their_policy_prepaid() {
    let mut pool = insured();
    pool.open_policy("ann", 0, 1_000 * UNIT, 500_000, 4, 0)
        .unwrap();
    pool.advance_to(pool.now + ADVANCE_DELAY);
    for bounties in [150_000, 100_000, 100_000] {
        pool.draw_advance(1, UNIT, 400_000).unwrap();
        assert_eq!(pool.bounties, bounties, "100 000 are the other policy's");
    }
}

#[test]
fn a_stranger_completes_an_exit_from_parity_on() {
    for (missing, outcome) in [(0, Ok(9_949_999_999)), (1, Err(Refused::OnlyTheOwnerNow))] {
        let mut pool = insured();
        let request = pool
            .request_exit("ann", 500 * UNIT * VIRTUAL_SHARES)
            .unwrap();
        pool.advance_to(pool.now + EXIT_DELAY);
        pool.file_claim(1, 100 * UNIT).unwrap();
        pool.cash += 19_900 * UNIT - pool.nav_lo() - missing; // of a NAV_hi of 20 000
        let out = pool.fulfil_exit(request, STRANGER, 0, true);
        assert_eq!(out, outcome, "{missing} units below parity");
    }
}
