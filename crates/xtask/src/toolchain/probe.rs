//! What the machine offers.

use std::env;
use std::path::Path;

use anyhow::Result;

use crate::process::{ask, is_installed};

use super::choice::{forced, Facts, Offer, OLDEST_RUSTC};
use super::version::Version;
use super::{DEBIAN_CARGO, DEBIAN_CORE, DEBIAN_LINKER, DEBIAN_RUSTC, FORCE, TARGET};

pub(super) fn probe() -> Result<Facts> {
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

pub(super) fn rustup_is_ready() -> bool {
    let libraries = ask("rustc", &["--print", "target-libdir", "--target", TARGET]);
    is_new_enough("rustc") && libraries.is_some_and(|folder| Path::new(&folder).is_dir())
}

pub(super) fn debian_is_ready() -> bool {
    let files = [DEBIAN_CARGO, DEBIAN_LINKER, DEBIAN_CORE];
    is_new_enough(DEBIAN_RUSTC) && files.iter().all(|file| Path::new(file).exists())
}

fn is_new_enough(rustc: &str) -> bool {
    let version = ask(rustc, &["--version"]).and_then(|answer| Version::find(&answer));
    version.is_some_and(|version| version >= OLDEST_RUSTC)
}
