use super::world::{World, DAY, UNIT};
use crate::CoverError;
use interfaces::cover::{Application, Class, Interest, Peril};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address, Vec};

#[test]
fn an_application_outside_the_groups_terms_is_refused() {
    let world = World::new();
    let refused = |change: &dyn Fn(&mut Application)| {
        let mut application = world.application(&world.position());
        change(&mut application);
        let quoted = world.pool.try_quote(&application).err();
        assert_eq!(
            quoted,
            world.pool.try_open(&application).err(),
            "a quote refuses alike"
        );
        quoted.unwrap().unwrap()
    };
    let env = &world.env;
    let nobody = Address::generate(env);
    assert_eq!(refused(&|it| it.group = 1), CoverError::UnknownGroup);
    assert_eq!(
        refused(&|it| it.interest.1 = Class::Deposit),
        CoverError::WrongClass
    );
    assert_eq!(
        refused(&|it| it.perils = Vec::new(env)),
        CoverError::PerilNotCovered
    );
    assert_eq!(
        refused(&|it| it.perils = vec![env, Peril::Contract]),
        CoverError::PerilNotCovered
    );
    let twice = vec![env, Peril::Grant, Peril::Grant];
    assert_eq!(
        refused(&|it| it.perils = twice.clone()),
        CoverError::PerilNotCovered
    );
    assert_eq!(refused(&|it| it.limit = 0), CoverError::NoRoom);
    assert_eq!(refused(&|it| it.limit = -1), CoverError::NoResult);
    assert_eq!(
        refused(&|it| it.limit = 20_000 * UNIT + 1),
        CoverError::NoRoom
    );
    assert_eq!(refused(&|it| it.ltv = 8_000_001), CoverError::LtvTooHigh);
    assert_eq!(refused(&|it| it.weeks = 0), CoverError::InvalidTerm);
    assert_eq!(refused(&|it| it.weeks = 14), CoverError::InvalidTerm);
    assert_eq!(refused(&|it| it.weeks = 1), CoverError::TermTooShort);
    let mut application = world.application(&world.position());
    application.max_premium = world.pool.quote(&application).premium - 1;
    let dear = world.pool.try_open(&application).err();
    assert_eq!(dear, Some(Ok(CoverError::PremiumTooHigh)));
    application.payer = nobody;
    application.max_premium = 100 * UNIT;
    assert!(
        world.pool.try_open(&application).is_err(),
        "a payer without money"
    );
    world.pass(7 * DAY + 1);
    assert_eq!(refused(&|_| ()), CoverError::BaseStale);
}

#[test]
fn an_adapter_insures_no_loan_on_a_subject_that_is_not_its_own() {
    let world = World::new();
    let other = Address::generate(&world.env);
    for (subject, label) in [
        (world.position_of(&other).0, "another adapter's position"),
        (world.platform.address.clone(), "a contract without links"),
        (other, "no contract: a position may be deployed there"),
    ] {
        let application = world.application(&Interest(subject, Class::Loan));
        let opened = world.pool.try_open(&application).err();
        assert_eq!(opened, Some(Ok(CoverError::ForeignSubject)), "{label}");
        assert!(world.pool.try_quote(&application).is_ok(), "{label}: quote");
    }
}
