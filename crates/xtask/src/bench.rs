//! How fast the localnet is.

use anyhow::Result;

use crate::process::{cargo, run_command};
use crate::workspace::Workspace;

/// `cargo xtask bench`.
pub fn run(json: bool, quick: bool) -> Result<()> {
    let mut command = cargo();
    command.current_dir(&Workspace::load()?.root).args([
        "bench",
        "--package",
        "localnet",
        "--bench",
        "node",
        "--",
    ]);
    let options = [(json, "--json"), (quick, "--quick")];
    let wanted = options.into_iter().filter(|(wanted, _)| *wanted);
    command.args(wanted.map(|(_, option)| option));
    run_command(&mut command)
}
