//! A window in 347 bytes, since it is written at every poke: numbers of fixed width, big end first, without names.

use actuary::window::{Observation, MIN_OBSERVATIONS};
use actuary::Price;

use crate::cells::Cells;
use crate::window::{Window, CLOSED_FIVE_MINUTES, CLOSED_HOURS};

/// Bytes of a price or of a mean, see [`crate::types::MAX_PRICE`].
const PRICE: usize = 9;

/// Bytes of a time in seconds.
const TIME: usize = 5;

/// Bytes of a cell's index.
const INDEX: usize = 4;

/// Bytes of a sum of price times seconds, up to an hour of the highest price.
const SUM: usize = 11;

/// Bytes of the seconds in a cell.
const SECONDS: usize = 2;

/// Bytes of `closed` closed cells and the open one.
const fn cells_len(closed: usize) -> usize {
    INDEX + SUM + SECONDS + closed * PRICE
}

/// Bytes of a packed window: its means, its observations, the price believed, the round.
pub const PACKED_LEN: usize = cells_len(CLOSED_HOURS)
    + cells_len(CLOSED_FIVE_MINUTES)
    + (MIN_OBSERVATIONS + 1) * (PRICE + TIME)
    + TIME;

/// Packs a window.
pub fn pack(window: &Window) -> [u8; PACKED_LEN] {
    let mut packer = Packer {
        bytes: [0; PACKED_LEN],
        at: 0,
    };
    packer.cells(&window.hours);
    packer.cells(&window.five_minutes);
    for observation in window.observed.iter().chain([&window.believed]) {
        packer.put(PRICE, observation.price.raw());
        packer.put(TIME, observation.time.into());
    }
    packer.put(TIME, window.round.into());
    packer.bytes
}

/// Unpacks what [`pack`] packed.
pub fn unpack(bytes: &[u8; PACKED_LEN]) -> Window {
    let mut unpacker = Unpacker { bytes, at: 0 };
    let mut window = Window::new();
    unpacker.cells(&mut window.hours);
    unpacker.cells(&mut window.five_minutes);
    for observation in window.observed.iter_mut().chain([&mut window.believed]) {
        *observation = Observation {
            price: unpacker.price(),
            time: unpacker.number(TIME),
        };
    }
    window.round = unpacker.number(TIME);
    window
}

struct Packer {
    bytes: [u8; PACKED_LEN],
    at: usize,
}

impl Packer {
    fn put(&mut self, width: usize, number: i128) {
        let big_end_first = number.to_be_bytes();
        let significant = &big_end_first[big_end_first.len() - width..];
        self.bytes[self.at..self.at + width].copy_from_slice(significant);
        self.at += width;
    }

    fn cells<const N: usize, const WIDTH: u64>(&mut self, cells: &Cells<N, WIDTH>) {
        self.put(INDEX, cells.open.into());
        self.put(SUM, cells.growing.weighted);
        self.put(SECONDS, cells.growing.seconds.into());
        for mean in cells.closed {
            self.put(PRICE, mean.raw());
        }
    }
}

struct Unpacker<'a> {
    bytes: &'a [u8; PACKED_LEN],
    at: usize,
}

impl Unpacker<'_> {
    fn take(&mut self, width: usize) -> i128 {
        let bytes = &self.bytes[self.at..self.at + width];
        self.at += width;
        bytes
            .iter()
            .fold(0, |number, byte| (number << 8) | i128::from(*byte))
    }

    fn number(&mut self, width: usize) -> u64 {
        self.take(width) as u64
    }

    fn price(&mut self) -> Price {
        Price::from_raw(self.take(PRICE))
    }

    fn cells<const N: usize, const WIDTH: u64>(&mut self, cells: &mut Cells<N, WIDTH>) {
        cells.open = self.number(INDEX);
        cells.growing.weighted = self.take(SUM);
        cells.growing.seconds = self.number(SECONDS);
        for mean in &mut cells.closed {
            *mean = self.price();
        }
    }
}
