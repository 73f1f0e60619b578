//! The command as a user runs it.

// Tests may unwrap and panic; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used, clippy::panic)]

mod all;
mod demo;
mod kyc;
mod perils;
mod played;
mod policy;
mod runs;
mod scenarios;
mod stories;

use std::process::{Command, Output};

fn vangnet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vangnet"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The message of a command that must fail, with nothing on its standard output.
#[track_caller]
fn failure(arguments: &[&str]) -> String {
    let output = vangnet(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert_eq!(text(&output.stdout), "", "{arguments:?}: standard output");
    text(&output.stderr)
}
