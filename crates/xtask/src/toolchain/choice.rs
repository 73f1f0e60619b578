//! The choice itself: what to do next, from facts alone.

use anyhow::{bail, Result};

use super::version::Version;
use super::{Compiler, Toolchain, DEBIAN_PACKAGES, FORCE, TARGET};

/// What soroban-sdk 28 needs, and the first stellar-cli that shakes specs.
pub(super) const OLDEST_RUSTC: Version = Version(1, 91, 0);
const OLDEST_STELLAR: Version = Version(25, 2, 0);

/// A path the user asked for by `VANGNET_WASM_TOOLCHAIN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forced {
    Rustup,
    Stellar,
    Debian,
}

/// Whether a compiler is here, can be had, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Ready,
    Obtainable,
    Missing,
}

/// All that the choice depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) forced: Option<Forced>,
    pub(super) rustup: Offer,
    pub(super) debian: Offer,
    pub(super) stellar: Option<Version>,
}

/// What to do about the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Use(Toolchain),
    Obtain(Compiler),
    GiveUp,
}

/// What is ready comes before what must be fetched; rustup before stellar-cli before Debian.
pub(super) fn next_step(facts: &Facts) -> Step {
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
pub(super) fn advice(facts: &Facts) -> String {
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

/// What the variable [`FORCE`] asks for.
pub(super) fn forced(value: Option<&str>) -> Result<Option<Forced>> {
    Ok(match value {
        None | Some("") => None,
        Some("rustup") => Some(Forced::Rustup),
        Some("stellar") => Some(Forced::Stellar),
        Some("debian") => Some(Forced::Debian),
        Some(other) => bail!("{FORCE}={other}: choose rustup, stellar or debian"),
    })
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
