//! What a price file may hold, and what each bad one is told.

use std::io::{BufReader, Cursor};

use proptest::prelude::*;

use super::*;

const NOON: u64 = 1_584_014_400;
const TICKS: &str = "time,price\n";
const CANDLES: &str = "date,open,high,low,close,volume\n";

fn read_text(text: &str) -> Result<Prices, PriceError> {
    read(Cursor::new(text), "prices.csv", ReadOptions::default())
}

fn read_filled(text: &str) -> Result<Prices, PriceError> {
    read(Cursor::new(text), "prices.csv", ReadOptions { fill: true })
}

fn price(text: &str) -> Price {
    Price::from_raw(crate::decimal::parse_exact(text, 14).unwrap())
}

/// The prices after the warm-up.
fn walked(prices: &Prices) -> Vec<Price> {
    let begins = prices.path.begins;
    prices
        .path
        .points
        .iter()
        .filter(|point| point.time >= begins)
        .map(|point| point.price)
        .collect()
}

fn prices_of(texts: &[&str]) -> Vec<Price> {
    texts.iter().map(|text| price(text)).collect()
}

/// What a bad file is told: code, line, and the words that say what to do.
#[track_caller]
fn assert_refused(label: &str, text: &[u8], code: &str, line: Option<u64>, hint: &str) {
    let error = read(Cursor::new(text), "prices.csv", ReadOptions::default()).unwrap_err();
    assert_eq!(error.code.name(), code, "{label}: code of {error}");
    assert_eq!(error.line, line, "{label}: line of {error}");
    let place = line.map_or("prices.csv: ".to_owned(), |line| {
        format!("prices.csv:{line}: ")
    });
    let message = error.to_string();
    assert!(message.starts_with(&place), "{label}: place in {message}");
    assert!(
        message.contains("to do:") && message.contains(hint),
        "{label}: hint in {message}"
    );
}

#[test]
fn rows_with_bad_times_are_refused_with_their_line() {
    let cases = [
        (
            "duplicate time",
            "0,1\n300,1\n300,1\n",
            "duplicate-time",
            4,
            "keep one row",
        ),
        (
            "same moment written twice",
            "0,1\n1970-01-01T00:00:00Z,1\n",
            "duplicate-time",
            3,
            "keep one row",
        ),
        (
            "backward time",
            "600,1\n300,1\n",
            "backward-time",
            3,
            "sort the rows",
        ),
        (
            "gap over two hours",
            "0,1\n7200,1\n14401,1\n",
            "gap",
            4,
            "--fill",
        ),
        ("no time", "0,1\nyesterday,1\n", "bad-time", 3, "ISO 8601"),
        (
            "a time after 2100",
            "0,1\n4102444800,1\n",
            "bad-time",
            3,
            "2100",
        ),
    ];
    for (label, rows, code, line, hint) in cases {
        assert_refused(
            label,
            format!("{TICKS}{rows}").as_bytes(),
            code,
            Some(line),
            hint,
        );
    }
}

#[test]
fn rows_with_bad_prices_are_refused_with_their_line() {
    let cases = [
        (
            "negative",
            "0,1\n300,-1\n",
            "negative-price",
            3,
            "above zero",
        ),
        (
            "negative below the last decimal",
            "0,1\n300,-1e-30\n",
            "negative-price",
            3,
            "above zero",
        ),
        ("NaN", "0,1\n300,NaN\n", "not-a-number", 3, "plain decimal"),
        (
            "infinity",
            "0,1\n300,inf\n",
            "not-a-number",
            3,
            "plain decimal",
        ),
        (
            "no price",
            "0,1\n300,\n",
            "not-a-number",
            3,
            "plain decimal",
        ),
        ("zero", "0,1\n300,0.000\n", "zero-price", 3, "above zero"),
        (
            "beyond 10^9",
            "0,1000000000\n300,1000000000.01\n",
            "absurd-price",
            3,
            "decimal point",
        ),
        (
            "beyond any number",
            "0,1e60\n",
            "absurd-price",
            2,
            "decimal point",
        ),
        (
            "a jump over 1000 times",
            "0,1\n\n300,1000.1\n",
            "absurd-price",
            4,
            "decimal point",
        ),
        (
            "a fall over 1000 times",
            "0,1000.1\n300,1\n",
            "absurd-price",
            3,
            "decimal point",
        ),
        (
            "too many fields",
            "0,1\n300,1,2\n",
            "wrong-columns",
            3,
            "as many fields",
        ),
        (
            "thousands separators",
            "0,1\n300,\"1,234.5\"\n",
            "wrong-columns",
            3,
            "thousands separators",
        ),
    ];
    for (label, rows, code, line, hint) in cases {
        assert_refused(
            label,
            format!("{TICKS}{rows}").as_bytes(),
            code,
            Some(line),
            hint,
        );
    }
    let inverted = format!("{CANDLES}0,10,9,11,10,5\n");
    assert_refused(
        "a candle upside down",
        inverted.as_bytes(),
        "bad-candle",
        Some(2),
        "order of the columns",
    );
}

#[test]
fn files_that_are_no_prices_are_refused() {
    let endless = [
        TICKS.as_bytes(),
        "0,1\n300,".as_bytes(),
        &b"9".repeat(MAX_LINE_BYTES),
    ]
    .concat();
    let latin = [TICKS.as_bytes(), b"0,1\n300,1\xe9\n"].concat();
    let header = TICKS.as_bytes();
    let whole_file = [
        ("nothing", &b""[..], "empty-file", "time,price"),
        ("blank lines", b"\n \n\r\n", "empty-file", "time,price"),
        ("only a header", header, "empty-file", "time,price"),
        ("one row", b"time,price\n0,1\n", "too-few-rows", "two rows"),
    ];
    for (label, text, code, hint) in whole_file {
        assert_refused(label, text, code, None, hint);
    }
    let at_a_line = [
        (
            "no header",
            &b"1584014400,195.55\n"[..],
            "wrong-header",
            1,
            "date,open,high,low,close,volume",
        ),
        (
            "semicolons",
            b"time;price\n0;1\n",
            "wrong-header",
            1,
            "separated by commas",
        ),
        (
            "gzip",
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
            "not-text",
            1,
            "gunzip",
        ),
        ("latin-1", &latin, "not-text", 3, "UTF-8"),
        (
            "an endless line",
            &endless,
            "line-too-long",
            3,
            "one row per line",
        ),
    ];
    for (label, text, code, line, hint) in at_a_line {
        assert_refused(label, text, code, Some(line), hint);
    }
}

#[test]
fn a_missing_file_is_refused_with_its_name() {
    let error = read_file(std::path::Path::new("no/such.csv"), ReadOptions::default()).unwrap_err();
    assert_eq!(error.code, PriceCode::Unreadable);
    assert!(
        error.to_string().starts_with("no/such.csv: cannot be read"),
        "{error}"
    );
}

#[test]
fn the_warm_up_holds_the_first_price_for_26_hours() {
    let prices = read_text(&format!("{TICKS}{NOON},195.55\n{},194\n", NOON + 300)).unwrap();
    let points = &prices.path.points;
    assert_eq!(points.len(), 26 * 12 + 2, "26 h of steps and both rows");
    assert_eq!(
        points[0],
        PricePoint {
            time: NOON - 26 * 3_600,
            price: price("195.55")
        },
        "first point"
    );
    assert!(
        points[..=26 * 12]
            .iter()
            .all(|point| point.price == price("195.55")),
        "flat until the second row"
    );
    assert!(
        points
            .windows(2)
            .all(|pair| pair[1].time - pair[0].time == STEP_SECONDS),
        "equal steps"
    );
    assert_eq!(
        (prices.path.begins, prices.path.ends()),
        (NOON, NOON + 300),
        "begins and ends"
    );
}

#[test]
fn coarse_ticks_are_interpolated_exactly() {
    let prices = read_text("time,price\n0,100\n900,101\n1800,99.5\n").unwrap();
    let expected = prices_of(&[
        "100",
        "100.33333333333333",
        "100.66666666666666",
        "101",
        "100.5",
        "100",
        "99.5",
    ]);
    assert_eq!(walked(&prices), expected);
}

#[test]
fn a_falling_candle_is_walked_open_high_low_close() {
    let prices = read_text(&format!("{CANDLES}0,100,110,80,90,1\n3600,90,90,90,90,1\n")).unwrap();
    let expected = prices_of(&[
        "100",
        "103.33333333333333",
        "106.66666666666666",
        "110",
        "100",
        "90",
        "80",
        "83.33333333333333",
        "86.66666666666666",
        "90",
        "90",
        "90",
        "90",
    ]);
    assert_eq!(walked(&prices)[..13], expected);
}

#[test]
fn a_rising_candle_is_walked_open_low_high_close() {
    let prices = read_text(&format!(
        "{CANDLES}0,90,110,80,100,1\n3600,100,100,100,100,1\n"
    ))
    .unwrap();
    let at_quarters: Vec<Price> = walked(&prices).into_iter().step_by(3).take(5).collect();
    assert_eq!(at_quarters, prices_of(&["90", "80", "110", "100", "100"]));
}

#[test]
fn fine_candles_keep_their_highs_and_lows() {
    let prices = read_text(&format!(
        "{CANDLES}0,100,101,99,100,1\n60,100,100,55,98,1\n120,98,98,98,98,1\n1200,98,98,98,98,1\n"
    ))
    .unwrap();
    assert_eq!(
        prices.path.range(),
        Some((price("55"), price("101"))),
        "a one-minute low is reached"
    );
}

#[test]
fn spelling_of_a_good_file_is_free() {
    let plain = read_text("time,price\n0,1.5\n300,2\n").unwrap();
    for text in [
        "\u{feff}time,price\r\n0,1.5\r\n300,2\r\n",
        "\"Time\", \"Price\"\n0, 1.50\n\n300,2.000",
        "time,price\n1970-01-01,15e-1\n1970-01-01T00:05:00Z,+2\n",
    ] {
        assert_eq!(read_text(text).unwrap(), plain, "{text:?}");
    }
}

#[test]
fn filled_gaps_are_a_straight_line_and_said() {
    let text = format!("{TICKS}0,100\n10800,136\n");
    assert_eq!(
        read_text(&text).unwrap_err().code,
        PriceCode::Gap,
        "refused without fill"
    );
    let prices = read_filled(&text).unwrap();
    assert_eq!(walked(&prices)[18], price("118"), "half way");
    assert_eq!(
        prices.notes,
        ["1 gap over 2 h filled with a straight line, the longest 3 h 00 min"]
    );
}

#[test]
fn two_million_rows_are_resampled_and_said() {
    const ROWS: u64 = 2_000_000;
    const CRASH: u64 = 1_234_567;
    let rows = (0..ROWS).flat_map(|row| {
        let price = if row == CRASH { "86.00" } else { "195.55" };
        format!("{},{price}\n", NOON + row).into_bytes()
    });
    let source = BufReader::new(Streamed(TICKS.bytes().chain(rows)));
    let prices = read(source, "long.csv", ReadOptions::default()).unwrap();
    assert_eq!(prices.rows, ROWS, "every row read");
    assert_eq!(
        prices.notes,
        ["2000000 rows resampled to 62500 candles of 32 rows, highs and lows kept"]
    );
    assert_eq!(
        prices.path.range(),
        Some((price("86"), price("195.55"))),
        "the one-second crash is kept"
    );
    assert_eq!(
        prices.path.points.len() as u64,
        WARM_UP_SECONDS / STEP_SECONDS + 6_668,
        "23 days of steps"
    );
}

#[test]
fn a_hundred_thousand_rows_are_not_resampled() {
    let text: String = (0..MAX_ROWS)
        .map(|row| format!("{},1\n", row * 60))
        .collect();
    assert_eq!(
        read_text(&format!("{TICKS}{text}")).unwrap().notes,
        [""; 0],
        "100,000 rows"
    );
    let one_more = format!("{TICKS}{text}{},1\n", MAX_ROWS * 60);
    let notes = read_text(&one_more).unwrap().notes;
    assert_eq!(
        notes,
        ["100001 rows resampled to 50001 candles of 2 rows, highs and lows kept"]
    );
}

#[test]
fn years_are_cut_to_the_longest_cover_and_said() {
    let text: String = (0..365 * 24)
        .map(|hour| format!("{},1\n", hour * 3_600))
        .collect();
    let prices = read_text(&format!("{TICKS}{text}")).unwrap();
    assert_eq!(
        prices.notes,
        ["the first 91 of 364 days are played; cut the file to play others"]
    );
    assert_eq!(prices.path.ends() - prices.path.begins, 91 * 86_400);
}

#[test]
fn real_hourly_prices_are_read() {
    let Some(data) = std::env::var_os("VANGNET_DATA") else {
        eprintln!("skipped: VANGNET_DATA is not set");
        return;
    };
    let file =
        File::open(std::path::Path::new(&data).join("prices/ETHUSDT_1h_2018-2023.csv.gz")).unwrap();
    let all = io::read_to_string(flate2::read::GzDecoder::new(file)).unwrap();
    let error = read_text(&all).unwrap_err();
    assert_eq!(error.code, PriceCode::Gap, "the years have gaps: {error}");

    let month = all
        .lines()
        .filter(|line| line.starts_with("2020-03"))
        .collect::<Vec<_>>()
        .join("\n");
    let prices = read_text(&format!("{CANDLES}{month}\n")).unwrap();
    assert_eq!(
        prices.rows,
        31 * 24 - 1,
        "an hour is missing on the 4th, which is no gap over 2 h"
    );
    assert_eq!(
        prices.path.range(),
        Some((price("86"), price("251.93"))),
        "low of the 13th, high of the 7th"
    );
}

/// Bytes out of an iterator, so that a long file needs no memory.
struct Streamed<I>(I);

impl<I: Iterator<Item = u8>> Read for Streamed<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        for (slot, byte) in buffer.iter_mut().zip(&mut self.0) {
            *slot = byte;
            read += 1;
        }
        Ok(read)
    }
}

/// Rows with ascending times within two hours and prices within reach of each other.
fn good_candles() -> impl Strategy<Value = (Vec<(u64, [u32; 4])>, bool)> {
    let row = (
        1_u64..=MAX_GAP_SECONDS,
        prop::array::uniform4(1_000_u32..900_000),
    );
    (prop::collection::vec(row, 2..80), any::<bool>())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), fill: bool, header: bool) {
        let text = if header { [TICKS.as_bytes(), &bytes].concat() } else { bytes };
        let _ = read(Cursor::new(text), "any", ReadOptions { fill });
    }

    #[test]
    fn arbitrary_rows_never_panic(rows in "([0-9TZe:.,\"+ -]{0,24}\n){0,12}", fill: bool, candles: bool) {
        let header = if candles { CANDLES } else { TICKS };
        let _ = read(Cursor::new(format!("{header}{rows}")), "any", ReadOptions { fill });
    }

    #[test]
    fn a_path_reaches_the_highs_and_lows_and_never_leaves_them((rows, candles) in good_candles()) {
        let mut time = NOON;
        let mut text = if candles { CANDLES.to_owned() } else { TICKS.to_owned() };
        let (mut lowest, mut highest) = (u32::MAX, 0);
        for (gap, mut cents) in rows {
            time += gap;
            if candles {
                cents.sort_unstable();
                let [low, open, close, high] = cents;
                text.push_str(&format!("{time},{open}e-2,{high}e-2,{low}e-2,{close}e-2,0\n"));
                (lowest, highest) = (lowest.min(low), highest.max(high));
            } else {
                text.push_str(&format!("{time},{}e-2\n", cents[0]));
                (lowest, highest) = (lowest.min(cents[0]), highest.max(cents[0]));
            }
        }
        let path = read_text(&text).unwrap().path;
        prop_assert_eq!(path.range(), Some((price(&format!("{lowest}e-2")), price(&format!("{highest}e-2")))));
        prop_assert!(path.points.windows(2).all(|pair| pair[1].time - pair[0].time == STEP_SECONDS));
    }
}
