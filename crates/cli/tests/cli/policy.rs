//! `vangnet policy certificate`

use std::fs;

use super::{failure, text, vangnet};

const CERTIFICATE: [&str; 2] = ["policy", "certificate"];

#[track_caller]
fn success(arguments: &[&str]) -> String {
    let output = vangnet(&[&CERTIFICATE, arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn refusal(arguments: &[&str]) -> String {
    failure(&[&CERTIFICATE, arguments].concat())
}

#[test]
fn an_example_is_printed_in_both_languages_and_formats() {
    let english = success(&["--example", "advance"]);
    assert!(english.starts_with("POLICY CERTIFICATE\n"), "{english}");
    assert!(!english.contains('\u{1b}'), "no colours");
    let dutch = success(&["--example", "advance", "--lang", "nl"]);
    assert!(dutch.starts_with("POLISBLAD\n"), "{dutch}");
    let page = success(&["--example", "advance", "--lang", "nl", "--format", "html"]);
    assert!(
        page.starts_with("<!DOCTYPE html><html lang=\"nl\">"),
        "{page}"
    );
}

#[test]
fn a_shown_input_is_a_file_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.json");
    fs::write(&path, success(&["--example", "all", "--show-input"])).unwrap();
    assert_eq!(
        success(&["--from", path.to_str().unwrap()]),
        success(&["--example", "all"])
    );
}

#[test]
fn the_help_shows_a_file_that_can_be_read() {
    let help = success(&["--help"]);
    let example = success(&["--example", "all", "--show-input"]);
    assert!(help.contains(example.trim_end()), "{help}");
}

#[test]
fn a_file_that_is_wrong_is_named_with_its_field_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.json");
    let path = path.to_str().unwrap();
    let example = success(&["--example", "grant", "--show-input"]);
    fs::write(path, example.replace("\"384000", "\"-384000")).unwrap();
    let message = refusal(&["--from", path]);
    assert!(
        message.starts_with(&format!("error: {path}: policy.limit is \"-38400000000\"")),
        "{message}"
    );
    assert!(
        message.contains("\n  to do: write it as a text of digits"),
        "{message}"
    );
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    assert!(refusal(&["--from", "missing.json"]).contains("missing.json: cannot be read"));
    assert!(refusal(&["--from", "."]).contains("cannot be read"));
    assert!(refusal(&["--from", "/dev/zero"]).contains("larger than 64 KiB"));
}

#[test]
fn one_source_is_needed() {
    for arguments in [&[][..], &["--lang", "nl"]] {
        let message = refusal(arguments);
        assert!(
            message.contains("--from") && message.contains("--example"),
            "{message}"
        );
    }
    assert!(refusal(&["--example", "advance", "--from", "x.json"]).contains("cannot be used with"));
    assert!(refusal(&["--example", "theft"]).contains("possible values: advance, grant"));
    assert!(refusal(&["--example", "all", "--lang", "de"]).contains("possible values: en, nl"));
}
