use actuary::time::HOUR;
use actuary::window::{Mean, Observation};
use actuary::Price;

use crate::packed::{pack, unpack, PACKED_LEN};
use crate::types::MAX_PRICE;
use crate::window::Window;

#[test]
fn a_window_packs_into_347_bytes() {
    assert_eq!(PACKED_LEN, 347, "bytes");
}

#[test]
fn an_empty_window_unpacks_to_itself() {
    assert_eq!(unpack(&pack(&Window::new())), Window::new(), "window");
}

#[test]
fn a_window_of_the_largest_numbers_unpacks_to_itself() {
    let last_second = (1 << 40) - 1;
    let observation = Observation {
        price: MAX_PRICE,
        time: last_second,
    };
    let mut window = Window::new();
    window.hours.open = u32::MAX.into();
    window.hours.growing = Mean {
        weighted: MAX_PRICE.raw() * i128::from(HOUR),
        seconds: HOUR,
    };
    window.hours.closed = [MAX_PRICE; 25];
    window.five_minutes.open = u32::MAX.into();
    window.five_minutes.growing = Mean {
        weighted: MAX_PRICE.raw() * 300,
        seconds: 300,
    };
    window.five_minutes.closed = [MAX_PRICE; 3];
    window.observed = [observation; 3];
    window.believed = observation;
    window.round = last_second;
    assert_eq!(unpack(&pack(&window)), window, "window");
}

#[test]
fn every_field_of_a_window_keeps_its_place() {
    let observation = |raw, time| Observation {
        price: Price::from_raw(raw),
        time,
    };
    let mut window = Window::new();
    window.hours.open = 1;
    window.hours.growing = Mean {
        weighted: 2,
        seconds: 3,
    };
    window.hours.closed = core::array::from_fn(|cell| Price::from_raw(100 + cell as i128));
    window.five_minutes.open = 4;
    window.five_minutes.growing = Mean {
        weighted: 5,
        seconds: 6,
    };
    window.five_minutes.closed = core::array::from_fn(|cell| Price::from_raw(200 + cell as i128));
    window.observed = [observation(7, 8), observation(9, 10), observation(11, 12)];
    window.believed = observation(13, 14);
    window.round = 15;
    assert_eq!(unpack(&pack(&window)), window, "window");
}
