use actuary::Price;

use crate::cells::Cells;

/// Three closed cells of ten seconds.
type Tens = Cells<3, 10>;

fn price(raw: i128) -> Price {
    Price::from_raw(raw)
}

fn recorded(parts: &[(u64, u64, i128)]) -> Tens {
    let mut cells = Tens::new();
    for (from, to, raw) in parts {
        cells.record(*from, *to, price(*raw)).unwrap();
    }
    cells
}

#[test]
fn a_cell_means_its_prices_by_the_time_they_held_rounded_down() {
    let mut cells = recorded(&[(100, 103, 10), (103, 110, 21)]);
    cells.advance(110);
    assert_eq!(
        cells.mean_of(10),
        Some(price(17)),
        "(3 * 10 + 7 * 21) / 10 = 17.7"
    );
}

#[test]
fn a_price_that_holds_across_cells_fills_each_of_them() {
    let mut cells = recorded(&[(105, 125, 7)]);
    cells.advance(130);
    let means = [9, 10, 11, 12, 13].map(|index| cells.mean_of(index).map(Price::raw));
    assert_eq!(
        means,
        [None, Some(7), Some(7), Some(7), None],
        "cells 10 to 12, not the open one"
    );
}

#[test]
fn time_without_a_price_leaves_its_cells_empty() {
    let mut cells = recorded(&[(100, 110, 5), (125, 130, 9)]);
    cells.advance(131);
    let means = [10, 11, 12].map(|index| cells.mean_of(index).map(Price::raw));
    assert_eq!(
        means,
        [Some(5), None, Some(9)],
        "nothing in cell 11, half of cell 12"
    );
}

#[test]
fn a_closed_cell_is_forgotten_when_three_others_are_closed_after_it() {
    let mut cells = recorded(&[(100, 110, 5)]);
    cells.advance(139);
    assert_eq!(cells.mean_of(10), Some(price(5)), "three cells kept");
    cells.advance(140);
    assert_eq!(cells.mean_of(10), None, "the fourth pushes it out");
}

#[test]
fn a_long_silence_empties_every_cell() {
    let mut cells = recorded(&[(100, 130, 5)]);
    cells.advance(1_000_000_007);
    assert_eq!(cells.open, 100_000_000, "open cell");
    assert_eq!(cells.closed, [Price::ZERO; 3], "closed cells");
    assert_eq!(cells.growing.seconds, 0, "open cell has no price");
}

#[test]
fn the_mean_of_the_last_seconds_cuts_its_oldest_cell_to_size() {
    let mut cells = recorded(&[(100, 110, 100), (110, 120, 200), (120, 124, 400)]);
    cells.advance(124);
    let mean = cells.mean_of_last(15, 124).unwrap();
    assert_eq!(mean.seconds, 15, "seconds");
    assert_eq!(
        mean.weighted,
        100 + 10 * 200 + 4 * 400,
        "1 s of cell 10, cell 11, 4 s of cell 12"
    );
    assert_eq!(mean.price_down(), Some(price(246)), "3 700 / 15 = 246.7");
}

#[test]
fn the_mean_of_the_last_seconds_skips_time_without_a_price() {
    let mut cells = recorded(&[(100, 110, 100), (120, 124, 400)]);
    cells.advance(124);
    let mean = cells.mean_of_last(24, 124).unwrap();
    assert_eq!(
        (mean.weighted, mean.seconds),
        (10 * 100 + 4 * 400, 14),
        "cell 11 weighs nothing"
    );
}
