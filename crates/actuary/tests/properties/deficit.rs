//! Deficits: worked numbers, and random reserves whose lenders are never owed more than they lost.

use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::loss::{PlatformBooks, BLEND_SCALE};
use actuary::{Assets, MathError};
use proptest::prelude::*;

/// A reserve of which so many bTokens are worth one unit each, nothing is lent and so much is there.
fn reserve(b_tokens: i128, balance: i128) -> LentReserve {
    LentReserve {
        books: PlatformBooks {
            supply: Assets::from_raw(b_tokens),
            credits: Assets::ZERO,
            liabilities: Assets::ZERO,
            balance: Assets::from_raw(balance),
        },
        b_tokens,
        b_rate: BLEND_SCALE,
    }
}

fn units(raw: i128) -> Assets {
    Assets::from_raw(raw)
}

#[test]
fn a_loss_per_b_token_is_rounded_down_and_at_most_what_it_is_worth() {
    let lost = |missing| reserve(3_000, 0).loss_per_b_token_down(units(missing));
    assert_eq!(lost(1), Ok(BLEND_SCALE / 3_000), "rounded down");
    assert_eq!(lost(3_000), Ok(BLEND_SCALE), "everything");
    assert_eq!(lost(3_001), Ok(BLEND_SCALE), "no more than that");
    assert_eq!(reserve(0, 0).loss_per_b_token_down(units(1)), Ok(0), "none");
    assert_eq!(lost(i128::MAX), Err(MathError::Overflow), "too much");
}

#[test]
fn what_is_tolerated_is_a_thousandth_beyond_what_was_counted() {
    let whole = reserve(10_000, 10_000);
    let mut counted = CountedDeficit::default();
    let uncounted = |counted: CountedDeficit, missing| counted.uncounted(units(missing), &whole);
    assert_eq!(uncounted(counted, 10), Ok(units(0)), "a thousandth");
    assert_eq!(uncounted(counted, 11), Ok(units(11)), "more");
    counted.count_down(units(500), &whole).unwrap();
    assert_eq!(uncounted(counted, 510), Ok(units(0)), "a thousandth more");
    assert_eq!(uncounted(counted, 511), Ok(units(11)), "more than that");
    assert_eq!(uncounted(counted, 100), Ok(units(0)), "less than was");
}

#[test]
fn the_same_deficit_counts_once_and_a_larger_one_for_the_rest() {
    let whole = reserve(10_000, 0);
    let mut counted = CountedDeficit::default();
    let mut count = |missing| counted.count_down(units(missing), &whole).unwrap();
    assert_eq!(count(500), BLEND_SCALE / 20, "first");
    assert_eq!(count(500), 0, "again");
    assert_eq!(count(400), 0, "less");
    assert_eq!(count(600), BLEND_SCALE / 100, "more");
    assert_eq!(count(20_000), BLEND_SCALE - 6 * BLEND_SCALE / 100, "all");
}

#[test]
fn a_fall_is_set_off_against_what_is_counted_and_there_again() {
    let counted = || {
        let mut counted = CountedDeficit::default();
        counted.count_down(units(500), &reserve(10_000, 0)).unwrap();
        counted
    };
    let part = BLEND_SCALE / 100;
    for (balance, fall, gained, left, case) in [
        (10_000, 3 * part, 0, 2 * part, "all of it is there again"),
        (10_000, 8 * part, 3 * part, 0, "and the fall is larger"),
        (9_500, 3 * part, 3 * part, 5 * part, "all is missing still"),
        (9_800, 4 * part, part, 2 * part, "a part is"),
    ] {
        let (mut counted, now) = (counted(), reserve(10_000, balance));
        assert_eq!(counted.set_off_down(fall, &now), Ok(gained), "{case}");
        assert_eq!(counted.0, left, "{case}: counted");
    }
    let (mut counted, now) = (counted(), reserve(10_000, 9_500));
    assert_eq!(counted.missing_down(&now), Ok(5 * part), "missing");
    assert_eq!(
        counted.missing_down(&reserve(10_000, 0)),
        Ok(5 * part),
        "no more than was counted"
    );
    let worthless = LentReserve {
        b_rate: part,
        ..now
    };
    let gained = counted.set_off_down(99 * part, &worthless);
    assert_eq!(gained, Ok(95 * part), "all that a bToken was worth, once");
}

/// What happens to a reserve.
#[derive(Clone, Debug)]
enum Happening {
    Taken(i128),
    GivenBack(i128),
    Defaulted(i128),
    Lent(i128),
    Withdrawn(i128),
    Counted,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    prop_oneof![
        (1..1_000_000_i128).prop_map(Taken),
        (1..1_000_000_i128).prop_map(GivenBack),
        (1..1_000_000_i128).prop_map(Defaulted),
        (1..1_000_000_i128).prop_map(Lent),
        (1..1_000_000_i128).prop_map(Withdrawn),
        Just(Counted),
    ]
}

/// A reserve, its index, and one bToken that was there from the beginning.
struct Model {
    reserve: LentReserve,
    counted: CountedDeficit,
    index: i128,
    fallen: i128,
    most: i128,
    is_diluted: bool,
}

impl Model {
    fn new() -> Self {
        let mut reserve = reserve(1_000_000, 500_000);
        reserve.books.liabilities = units(500_000);
        Self {
            reserve,
            counted: CountedDeficit::default(),
            index: 0,
            fallen: 0,
            most: 0,
            is_diluted: false,
        }
    }

    fn lost(&self) -> i128 {
        let missing = self.reserve.books.missing().unwrap();
        self.fallen + self.reserve.loss_per_b_token_down(missing).unwrap()
    }

    fn play(&mut self, happening: &Happening) {
        let books = &mut self.reserve.books;
        match *happening {
            Happening::Taken(amount) => {
                books.balance = books.balance.sub_or_zero(units(amount));
            }
            Happening::GivenBack(amount) => {
                let amount = units(amount).min(books.missing().unwrap());
                books.balance = books.balance.checked_add(amount).unwrap();
                self.is_diluted |= !amount.is_zero();
            }
            Happening::Defaulted(amount) => self.default(amount),
            Happening::Lent(amount) => self.move_tokens(amount),
            Happening::Withdrawn(amount) => self.move_tokens(-amount),
            Happening::Counted => {
                let missing = self.reserve.books.missing().unwrap();
                let uncounted = self.counted.uncounted(missing, &self.reserve).unwrap();
                if !uncounted.is_zero() {
                    let gained = self.counted.count_down(missing, &self.reserve);
                    self.index += gained.unwrap();
                }
            }
        }
        self.most = self.most.max(self.lost());
    }

    /// Blend writes debt off: b_rate falls by as much, rounded up.
    fn default(&mut self, amount: i128) {
        let books = &mut self.reserve.books;
        let amount = units(amount).min(books.liabilities);
        books.liabilities = books.liabilities.checked_sub(amount).unwrap();
        let b_tokens = self.reserve.b_tokens;
        let fall = (amount.raw() * BLEND_SCALE + b_tokens - 1) / b_tokens;
        let fall = fall.min(self.reserve.b_rate);
        self.reserve.b_rate -= fall;
        books.supply = units(b_tokens * self.reserve.b_rate / BLEND_SCALE);
        self.fallen += fall;
        self.index += self.counted.set_off_down(fall, &self.reserve).unwrap();
    }

    /// bTokens come or go at their rate, as far as the balance goes.
    fn move_tokens(&mut self, b_tokens: i128) {
        let reserve = &mut self.reserve;
        let worth = b_tokens * reserve.b_rate / BLEND_SCALE;
        let (balance, left) = (
            reserve.books.balance.raw() + worth,
            reserve.b_tokens + b_tokens,
        );
        if balance < 0 || left < 10_000 {
            return;
        }
        reserve.b_tokens = left;
        reserve.books.supply = units(left * reserve.b_rate / BLEND_SCALE);
        reserve.books.balance = units(balance);
        self.is_diluted |= b_tokens > 0;
    }
}

proptest! {
    #[test]
    fn i10_the_index_is_never_above_what_a_b_token_has_lost(
        happenings in prop::collection::vec(happening(), 1..60),
    ) {
        let mut model = Model::new();
        for happening in &happenings {
            let before = model.index;
            model.play(happening);
            prop_assert!(model.index >= before, "never falls");
            prop_assert!(
                model.index <= model.most,
                "{} counted, {} lost, after {happening:?}",
                model.index,
                model.most
            );
        }
        if !model.is_diluted {
            model.play(&Happening::Counted);
            let tolerated = BLEND_SCALE / 1_000 + 10 * BLEND_SCALE / model.reserve.b_tokens;
            prop_assert!(
                model.lost() - model.index <= tolerated,
                "where nothing came back all counts: {} of {}",
                model.index,
                model.lost()
            );
        }
    }
}
