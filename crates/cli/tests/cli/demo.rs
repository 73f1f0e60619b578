//! `vangnet demo` with files that it cannot play.

use std::path::PathBuf;

use super::failure;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

#[test]
fn a_bad_price_file_is_told_with_file_line_and_what_to_do() {
    let folder = Folder::new();
    let file = folder.file("prices.csv", "time,price\n0,1\n7201,1\n");
    let message = failure(&["demo", "--prices", file.to_str().unwrap()]);
    let expected = format!(
        "error: {}:3: the row is 2 h 01 min after the row above, over 2 h (gap)\n  to do: add the missing rows, or pass --fill to draw a straight line across gaps\n",
        file.display()
    );
    assert_eq!(message, expected);
}

#[test]
fn a_bad_scenario_file_is_told_with_its_line() {
    let folder = Folder::new();
    let file = folder.file("mine.toml", "name = \"mine\"\ntitle = 5\n");
    let message = failure(&["demo", "--scenario", file.to_str().unwrap()]);
    assert!(
        message.contains("mine.toml: TOML parse error at line 2"),
        "{message}"
    );
}

#[test]
fn prices_for_a_scenario_with_dates_are_refused() {
    let message = failure(&[
        "demo",
        "--scenario",
        "ustry-2026-02-22",
        "--prices",
        "any.csv",
    ]);
    assert!(message.contains("events at fixed dates"), "{message}");
}

#[test]
fn filling_without_prices_is_a_usage_error() {
    assert!(failure(&["demo", "--fill"]).contains("--prices"));
}
