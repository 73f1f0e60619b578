//! Which compiler builds the contracts: chooses, and obtains what is missing.

mod choice;
mod probe;
mod version;

use std::env;
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::process::{ask, cargo, run_command};

use choice::{advice, next_step, Offer, Step};
use probe::{debian_is_ready, probe, rustup_is_ready};

pub const TARGET: &str = "wasm32v1-none";
pub const FORCE: &str = "VANGNET_WASM_TOOLCHAIN";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-19";
const DEBIAN_CORE: &str = "/usr/lib/rustlib/src/rust/library/core";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// The compiler that makes the wasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The rustc in use has the target's core library, usually from rustup.
    Rustup,
    /// Debian's rustc and linker; core is built from Debian's sources.
    Debian,
}

/// The program that is called to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Toolchain {
    pub compiler: Compiler,
    /// Through `stellar contract build` instead of cargo alone.
    pub through_stellar: bool,
}

/// Finds a toolchain, obtaining one when none is ready.
pub fn choose() -> Result<Toolchain> {
    let mut facts = probe()?;
    loop {
        match next_step(&facts) {
            Step::Use(toolchain) => return Ok(toolchain),
            Step::Obtain(Compiler::Rustup) => {
                facts.rustup = obtained(
                    Command::new("rustup").args(["target", "add", TARGET]),
                    rustup_is_ready,
                );
            }
            Step::Obtain(Compiler::Debian) => {
                let update = run_command(Command::new("apt-get").arg("update"));
                let mut install = Command::new("apt-get");
                install
                    .env("DEBIAN_FRONTEND", "noninteractive")
                    .args(["install", "-y"])
                    .args(DEBIAN_PACKAGES);
                facts.debian = if update.is_ok() {
                    obtained(&mut install, debian_is_ready)
                } else {
                    Offer::Missing
                };
            }
            Step::GiveUp => bail!(advice(&facts)),
        }
    }
}

/// Tries once; what fails is missing from then on, and the next best is taken.
fn obtained(command: &mut Command, is_ready: fn() -> bool) -> Offer {
    if run_command(command).is_ok() && is_ready() {
        Offer::Ready
    } else {
        Offer::Missing
    }
}

impl Toolchain {
    /// A cargo (or stellar) command in a clean environment, to which the caller adds what to build.
    pub fn command(self) -> Command {
        let mut command = match (self.through_stellar, self.compiler) {
            (true, _) => Command::new("stellar"),
            (false, Compiler::Rustup) => cargo(),
            (false, Compiler::Debian) => Command::new(DEBIAN_CARGO),
        };
        for (name, _) in
            env::vars_os().filter(|(name, _)| name.to_str().is_some_and(changes_builds))
        {
            command.env_remove(name);
        }
        if self.compiler == Compiler::Debian {
            use_debian(&mut command);
        }
        command
    }

    /// The compiler's full version and whatever else decides the bytes; names the baselines.
    pub fn identity(self) -> Result<String> {
        let version = |program: &str, args| {
            ask(program, args).with_context(|| format!("`{program}` tells no version"))
        };
        let mut identity = match self.compiler {
            Compiler::Rustup => version("rustc", &["--version"])?,
            Compiler::Debian => {
                let linker = version(DEBIAN_LINKER, &["--version"])?;
                format!(
                    "{}, core from source, {linker}",
                    version(DEBIAN_RUSTC, &["--version"])?
                )
            }
        };
        if self.through_stellar {
            let stellar = version("stellar", &["--version"])?;
            identity = format!("{identity}, {}", stellar.lines().next().unwrap_or_default());
        }
        Ok(identity)
    }
}

/// Debian's cargo with Debian's rustc, which rustup's proxies on the path would shadow. Building core from source is an
/// unstable feature of cargo, hence the bootstrap variable.
fn use_debian(command: &mut Command) {
    let path = env::var("PATH").unwrap_or_default();
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("PATH", format!("/usr/bin:{path}"))
        .env("CARGO", DEBIAN_CARGO)
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "core,alloc")
        .env("CARGO_TARGET_WASM32V1_NONE_LINKER", DEBIAN_LINKER);
}

/// Variables of the caller's environment that would change what is built, or with what.
fn changes_builds(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "CARGO",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_INCREMENTAL",
        "LD_LIBRARY_PATH",
        "RUSTC",
        "RUSTC_BOOTSTRAP",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
    ];
    const FAMILIES: [&str; 4] = [
        "CARGO_BUILD_",
        "CARGO_PROFILE_",
        "CARGO_TARGET_",
        "CARGO_UNSTABLE_",
    ];
    NAMES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}
