//! Which compiler builds the contracts: a pure choice over what the machine offers.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::process::{ask, cargo, is_installed, run};

pub const TARGET: &str = "wasm32v1-none";
pub const FORCE: &str = "VANGNET_WASM_TOOLCHAIN";

/// What soroban-sdk 28 needs, and the first stellar-cli that shakes specs.
const OLDEST_RUSTC: Version = Version(1, 91, 0);
const OLDEST_STELLAR: Version = Version(25, 2, 0);

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

/// A path the user asked for by `VANGNET_WASM_TOOLCHAIN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Forced {
    Rustup,
    Stellar,
    Debian,
}

/// Whether a compiler is here, can be had, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    Ready,
    Obtainable,
    Missing,
}

/// All that the choice depends on.
#[derive(Clone, Copy, Debug)]
struct Facts {
    forced: Option<Forced>,
    rustup: Offer,
    debian: Offer,
    stellar: Option<Version>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Use(Toolchain),
    Obtain(Compiler),
    GiveUp,
}

/// Major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32, u32);

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
                let update = run(Command::new("apt-get").arg("update"));
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

/// What is ready comes before what must be fetched; rustup before stellar-cli before Debian.
fn next_step(facts: &Facts) -> Step {
    use Offer::{Obtainable, Ready};
    let compiler =
        |offer: Offer, compiler, wanted: bool| (wanted && offer == Ready).then_some(compiler);
    let stellar_works = facts
        .stellar
        .is_some_and(|version| version >= OLDEST_STELLAR);
    let through_stellar = match facts.forced {
        Some(Forced::Stellar) if !stellar_works => return Step::GiveUp,
        Some(Forced::Stellar) => true,
        Some(_) => false,
        None => stellar_works && facts.rustup != Ready,
    };
    let rustup_wanted = facts.forced != Some(Forced::Debian);
    let debian_wanted = facts.forced != Some(Forced::Rustup);
    let ready = compiler(facts.rustup, Compiler::Rustup, rustup_wanted).or(compiler(
        facts.debian,
        Compiler::Debian,
        debian_wanted,
    ));
    match ready {
        Some(compiler) => Step::Use(Toolchain {
            compiler,
            through_stellar,
        }),
        None if rustup_wanted && facts.rustup == Obtainable => Step::Obtain(Compiler::Rustup),
        None if debian_wanted && facts.debian == Obtainable => Step::Obtain(Compiler::Debian),
        None => Step::GiveUp,
    }
}

/// One line: what is missing and how to get it.
fn advice(facts: &Facts) -> String {
    let rustup = format!("`rustup target add {TARGET}`");
    let debian = format!(
        "`sudo apt-get update && sudo apt-get install -y {}`",
        DEBIAN_PACKAGES.join(" ")
    );
    match facts.forced {
        Some(Forced::Stellar) if facts.stellar.is_none_or(|version| version < OLDEST_STELLAR) => {
            format!("{FORCE}=stellar needs stellar-cli {OLDEST_STELLAR} or newer on the path: `cargo install --locked stellar-cli`")
        }
        Some(Forced::Rustup) => format!("{FORCE}=rustup needs rustc {OLDEST_RUSTC} or newer with {TARGET}: {rustup}"),
        Some(Forced::Debian) => format!("{FORCE}=debian needs Debian's rustc {OLDEST_RUSTC} or newer: {debian}"),
        _ => format!("no compiler for {TARGET} (rustc {OLDEST_RUSTC} or newer): run {rustup}, or on Debian {debian}"),
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

fn probe() -> Result<Facts> {
    let offer = |is_ready: bool, is_obtainable: bool| match (is_ready, is_obtainable) {
        (true, _) => Offer::Ready,
        (false, true) => Offer::Obtainable,
        (false, false) => Offer::Missing,
    };
    let is_root = ask("id", &["-u"]).as_deref() == Some("0");
    Ok(Facts {
        forced: forced(env::var(FORCE).ok().as_deref())?,
        rustup: offer(rustup_is_ready(), is_installed("rustup")),
        debian: offer(debian_is_ready(), is_root && is_installed("apt-get")),
        stellar: ask("stellar", &["--version"]).and_then(|answer| Version::find(&answer)),
    })
}

fn forced(value: Option<&str>) -> Result<Option<Forced>> {
    Ok(match value {
        None | Some("") => None,
        Some("rustup") => Some(Forced::Rustup),
        Some("stellar") => Some(Forced::Stellar),
        Some("debian") => Some(Forced::Debian),
        Some(other) => bail!("{FORCE}={other}: choose rustup, stellar or debian"),
    })
}

fn rustup_is_ready() -> bool {
    let libraries = ask("rustc", &["--print", "target-libdir", "--target", TARGET]);
    is_new_enough("rustc") && libraries.is_some_and(|folder| Path::new(&folder).is_dir())
}

fn debian_is_ready() -> bool {
    let files = [DEBIAN_CARGO, DEBIAN_LINKER, DEBIAN_CORE];
    is_new_enough(DEBIAN_RUSTC) && files.iter().all(|file| Path::new(file).exists())
}

fn is_new_enough(rustc: &str) -> bool {
    let version = ask(rustc, &["--version"]).and_then(|answer| Version::find(&answer));
    version.is_some_and(|version| version >= OLDEST_RUSTC)
}

/// Tries once; what fails is missing from then on, and the next best is taken.
fn obtained(command: &mut Command, is_ready: fn() -> bool) -> Offer {
    if run(command).is_ok() && is_ready() {
        Offer::Ready
    } else {
        Offer::Missing
    }
}

impl Version {
    /// The first word of the text that reads like `1.96.0`.
    fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let release = word.split(['-', '+']).next()?;
        let mut numbers = release.split('.').map(|number| number.parse().ok());
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::Offer::{Missing, Obtainable, Ready};
    use super::*;

    const NEW_STELLAR: Option<Version> = Some(Version(25, 2, 0));
    const OLD_STELLAR: Option<Version> = Some(Version(25, 1, 9));

    fn step(
        forced: Option<Forced>,
        rustup: Offer,
        debian: Offer,
        stellar: Option<Version>,
    ) -> Step {
        next_step(&Facts {
            forced,
            rustup,
            debian,
            stellar,
        })
    }

    fn directly(compiler: Compiler) -> Step {
        Step::Use(Toolchain {
            compiler,
            through_stellar: false,
        })
    }

    fn through_stellar(compiler: Compiler) -> Step {
        Step::Use(Toolchain {
            compiler,
            through_stellar: true,
        })
    }

    #[test]
    fn what_is_ready_is_used_in_order_of_preference() {
        assert_eq!(
            step(None, Ready, Ready, NEW_STELLAR),
            directly(Compiler::Rustup),
            "all ready"
        );
        assert_eq!(
            step(None, Missing, Ready, NEW_STELLAR),
            through_stellar(Compiler::Debian),
            "stellar and Debian"
        );
        assert_eq!(
            step(None, Missing, Ready, OLD_STELLAR),
            directly(Compiler::Debian),
            "old stellar and Debian"
        );
        assert_eq!(
            step(None, Obtainable, Ready, None),
            directly(Compiler::Debian),
            "nothing fetched needlessly"
        );
    }

    #[test]
    fn what_is_missing_is_obtained_and_then_explained() {
        assert_eq!(
            step(None, Obtainable, Obtainable, None),
            Step::Obtain(Compiler::Rustup),
            "rustup first"
        );
        assert_eq!(
            step(None, Missing, Obtainable, None),
            Step::Obtain(Compiler::Debian),
            "then Debian"
        );
        assert_eq!(
            step(None, Missing, Missing, NEW_STELLAR),
            Step::GiveUp,
            "stellar-cli alone compiles nothing"
        );
    }

    #[test]
    fn a_forced_path_takes_no_other() {
        use Forced::{Debian, Rustup, Stellar};
        assert_eq!(
            step(Some(Debian), Ready, Ready, NEW_STELLAR),
            directly(Compiler::Debian),
            "debian"
        );
        assert_eq!(
            step(Some(Debian), Ready, Missing, None),
            Step::GiveUp,
            "no debian"
        );
        assert_eq!(
            step(Some(Debian), Ready, Obtainable, None),
            Step::Obtain(Compiler::Debian),
            "obtain debian"
        );
        assert_eq!(
            step(Some(Rustup), Missing, Ready, NEW_STELLAR),
            Step::GiveUp,
            "no rustup"
        );
        assert_eq!(
            step(Some(Rustup), Obtainable, Ready, None),
            Step::Obtain(Compiler::Rustup),
            "obtain rustup"
        );
        assert_eq!(
            step(Some(Stellar), Ready, Ready, NEW_STELLAR),
            through_stellar(Compiler::Rustup),
            "stellar"
        );
        assert_eq!(
            step(Some(Stellar), Ready, Ready, OLD_STELLAR),
            Step::GiveUp,
            "stellar too old"
        );
        assert_eq!(
            step(Some(Stellar), Ready, Ready, None),
            Step::GiveUp,
            "no stellar"
        );
    }

    #[test]
    fn advice_is_one_line_with_a_command() {
        let facts = |forced, stellar| Facts {
            forced,
            rustup: Missing,
            debian: Missing,
            stellar,
        };
        for forced in [
            None,
            Some(Forced::Rustup),
            Some(Forced::Stellar),
            Some(Forced::Debian),
        ] {
            for stellar in [None, OLD_STELLAR, NEW_STELLAR] {
                let advice = advice(&facts(forced, stellar));
                assert_eq!(advice.lines().count(), 1, "lines of: {advice}");
                assert!(advice.contains('`'), "a command in: {advice}");
            }
        }
        assert!(
            advice(&facts(None, None)).contains("apt-get install -y rustc-web"),
            "Debian's packages are named"
        );
    }

    #[test]
    fn versions_are_found_in_what_programs_print() {
        let cases = [
            (
                "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
                Some(Version(1, 96, 0)),
            ),
            (
                "rustc 1.97.0-nightly (abcdef 2026-01-01)",
                Some(Version(1, 97, 0)),
            ),
            (
                "stellar 25.2.1 (0123abc)\nstellar-xdr 25.0.0",
                Some(Version(25, 2, 1)),
            ),
            ("no version here", None),
            ("1.2", None),
            ("1.2.3.4", None),
            ("", None),
        ];
        for (text, version) in cases {
            assert_eq!(Version::find(text), version, "{text}");
        }
        assert!(
            Version(1, 100, 0) > Version(1, 91, 0),
            "numbers, not text, are compared"
        );
    }

    #[test]
    fn an_unknown_path_is_refused() {
        assert_eq!(forced(None).unwrap(), None, "unset");
        assert_eq!(forced(Some("")).unwrap(), None, "empty");
        assert_eq!(
            forced(Some("debian")).unwrap(),
            Some(Forced::Debian),
            "debian"
        );
        assert!(
            forced(Some("gentoo"))
                .unwrap_err()
                .to_string()
                .contains("gentoo"),
            "names what was given"
        );
    }
}
