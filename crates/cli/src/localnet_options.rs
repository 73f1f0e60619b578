//! What a network of one's own is told: when ledgers close, and who has coins at first.

use std::{str::FromStr, time::Duration};

use localnet::{node::Pace, xdr::AccountId, Keypair};
use sha2::{Digest, Sha256};
use stellar_strkey::ed25519::PrivateKey;

/// Stroops of one lumen.
const STROOPS: i64 = 10_000_000;

/// When ledgers close: `5s`, `500ms`, `on-demand`, `manual` or `eager`.
#[derive(Clone, Copy, Debug)]
pub struct CloseEvery(pub Pace);

impl FromStr for CloseEvery {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no pace: 5s, 500ms, on-demand, manual or eager");
        Ok(Self(match text {
            "on-demand" => Pace::OnDemand,
            "manual" => Pace::Manual,
            "eager" => Pace::Eager,
            period => {
                let (number, unit) = match period.strip_suffix("ms") {
                    Some(number) => (number, 1),
                    None => (period.strip_suffix('s').ok_or_else(wrong)?, 1_000),
                };
                let number: u64 = number.parse().map_err(|_| wrong())?;
                let period = number.checked_mul(unit).filter(|period| *period > 0);
                Pace::Every(Duration::from_millis(period.ok_or_else(wrong)?))
            }
        }))
    }
}

/// An account and its lumens: `alice=500`.
#[derive(Clone, Debug)]
pub struct Seed {
    /// Its name; the same name is always the same key.
    pub name: String,
    lumens: i64,
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no NAME=XLM, whole lumens from 1 on");
        let (name, lumens) = text.split_once('=').ok_or_else(wrong)?;
        let lumens: i64 = lumens.parse().map_err(|_| wrong())?;
        if name.is_empty() || lumens < 1 || lumens.checked_mul(STROOPS).is_none() {
            return Err(wrong());
        }
        Ok(Self {
            name: name.into(),
            lumens,
        })
    }
}

impl Seed {
    /// Its address, and what it gets in stroops.
    #[must_use]
    pub fn account(&self) -> (AccountId, i64) {
        let stroops = self.lumens.saturating_mul(STROOPS);
        (Keypair::named(&self.name).account_id(), stroops)
    }
}

/// The secret of the key that `name` stands for, as wallets read it. Everybody can compute it: it protects nothing.
#[must_use]
pub fn secret(name: &str) -> String {
    PrivateKey(Sha256::digest(name.as_bytes()).into())
        .to_string()
        .as_str()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_and_accounts_are_read_or_refused() {
        let pace = |text: &str| text.parse().map(|CloseEvery(pace)| pace).ok();
        assert_eq!(pace("5s"), Some(Pace::Every(Duration::from_secs(5))));
        assert_eq!(pace("250ms"), Some(Pace::Every(Duration::from_millis(250))));
        assert_eq!(pace("on-demand"), Some(Pace::OnDemand));
        for wrong in [
            "",
            "5",
            "0s",
            "s",
            "-1s",
            "99999999999999999999s",
            "99999999999999999s",
        ] {
            assert_eq!(pace(wrong), None, "{wrong}");
        }
        for wrong in [
            "alice",
            "=5",
            "alice=0",
            "alice=-1",
            "alice=1.5",
            "a=999999999999999",
        ] {
            assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
        }
    }
}
