//! What the guide shows is what is compiled here.

use std::string::String;
use std::vec::Vec;

const GUIDE: &str = include_str!("../../../docs/integrate.md");
const CODE: &str = include_str!("insured.rs");

/// The code below the imports, as it stands.
fn shown() -> &'static str {
    let start = CODE.find("#[rustfmt::skip]");
    start.map_or(CODE, |start| &CODE[start..]).trim_end()
}

#[test]
fn the_guide_shows_the_whole_integration() {
    assert!(
        GUIDE.contains(shown()),
        "docs/integrate.md does not show examples/corner-bank/src/insured.rs as it is"
    );
}

#[test]
fn it_is_under_forty_lines() {
    let is_code = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with("//") || line.starts_with("#["))
    };
    let lines: Vec<&str> = shown().lines().filter(is_code).collect();
    assert!(
        lines.len() < 40,
        "{} lines:\n{}",
        lines.len(),
        lines.join::<&str>("\n") as String
    );
}
