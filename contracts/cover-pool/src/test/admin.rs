use super::world::{terms, World, DAY};
use crate::{Cap, CoverError};
use interfaces::cover::{Class, GroupTerms, Peril};
use soroban_sdk::vec;

#[test]
fn terms_that_contradict_themselves_are_refused() {
    let world = World::new();
    let pool = &world.pool;
    let refused = |change: &dyn Fn(&mut GroupTerms)| {
        let mut terms = pool.group(&0).unwrap();
        change(&mut terms);
        assert_eq!(
            pool.try_set_group(&1, &terms),
            Err(Ok(CoverError::InvalidTerms))
        );
    };
    refused(&|it| it.cap = 10_000_001);
    refused(&|it| it.subject_cap = 10_000_001);
    refused(&|it| it.rate_min = it.rate_max + 1);
    refused(&|it| it.rate_max = 100_000_001);
    refused(&|it| it.deductible = -1);
    refused(&|it| it.platform = Some(world.token.address.clone()));
    refused(&|it| it.platform = Some(pool.address.clone()));
    refused(&|it| it.knots.remove_unchecked(4));
    refused(&|it| it.knots.push_front(it.knots.get(4).unwrap()));
    refused(&|it| it.perils = vec![&world.env]);
    refused(&|it| it.perils.push_back(it.perils.get(0).unwrap()));
    let mut bad = terms();
    bad.min_premium = 0;
    assert_eq!(pool.try_set_terms(&bad), Err(Ok(CoverError::InvalidTerms)));
    let mut dear = terms();
    dear.advance_fee = 200_001;
    let refused = pool.try_set_terms(&dear);
    assert_eq!(refused, Err(Ok(CoverError::InvalidTerms)), "above 2 %");
    dear.advance_fee = 200_000;
    assert_eq!(pool.try_set_terms(&dear), Ok(Ok(())), "2 %");
    let cap = |groups| vec![&world.env, Cap { rate: 1, groups }];
    let unknown = pool.try_set_caps(&cap(vec![&world.env, 1]));
    assert_eq!(unknown, Err(Ok(CoverError::UnknownGroup)));
    assert_eq!(
        pool.try_set_group(&2, &pool.group(&0).unwrap()),
        Err(Ok(CoverError::UnknownGroup))
    );
}

#[test]
fn what_was_sold_keeps_its_terms() {
    let world = World::new();
    let pool = &world.pool;
    let change = |change: &dyn Fn(&mut GroupTerms)| {
        let mut terms = pool.group(&0).unwrap();
        change(&mut terms);
        pool.try_set_group(&0, &terms).map(|_| ())
    };
    let refused = Err(Ok(CoverError::InvalidTerms));
    assert_eq!(change(&|it| it.class = Class::Deposit), refused, "class");
    assert_eq!(change(&|it| it.deductible = 1), refused, "deductible");
    assert_eq!(
        change(&|it| it.perils.remove_unchecked(3)),
        refused,
        "peril"
    );
    let set = |it: &mut GroupTerms, change: &dyn Fn(&mut interfaces::cover::PerilTerms)| {
        let mut peril = it.perils.get(0).unwrap();
        change(&mut peril);
        it.perils.set(0, peril);
    };
    assert_eq!(
        change(&|it| set(it, &|peril| peril.waiting += 1)),
        refused,
        "waiting"
    );
    assert_eq!(
        change(&|it| set(it, &|peril| peril.co_insurance += 1)),
        refused,
        "co-insurance"
    );
    assert_eq!(
        change(&|it| set(it, &|peril| peril.base += 1)),
        Ok(()),
        "price"
    );
    assert_eq!(change(&|it| it.cap = 1), Ok(()), "cap");
}

#[test]
fn a_base_rate_moves_inside_its_bounds_by_a_quarter_a_day() {
    let world = World::new();
    let set = |base| {
        world
            .pool
            .try_set_base(&0, &Peril::Grant, &base)
            .map(|_| ())
    };
    let refused = Err(Ok(CoverError::BaseOutOfBounds));
    assert_eq!(set(1_500_000), refused, "changed today already");
    assert_eq!(set(1_200_000), Ok(()), "confirmed");
    world.pass(DAY);
    assert_eq!(set(1_500_001), refused, "above 25 %");
    assert_eq!(set(899_999), refused, "below 25 %");
    assert_eq!(set(1_500_000), Ok(()), "25 % up");
    assert_eq!(set(1_600_000), refused, "again");
    for base in [1_875_000, 2_343_750] {
        world.pass(DAY);
        assert_eq!(set(base), Ok(()), "up");
    }
    world.pass(DAY);
    assert_eq!(set(2_400_001), refused, "above its bound");
    assert_eq!(
        world.pool.group(&0).unwrap().perils.get(1).unwrap().base,
        2_343_750,
        "stored"
    );
    let missing = world.pool.try_set_base(&0, &Peril::Contract, &1);
    assert_eq!(missing, Err(Ok(CoverError::PerilNotCovered)), "not sold");
}
