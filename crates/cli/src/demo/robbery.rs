//! A platform that is robbed: assets leave it without its books knowing, which anyone may prove by looking twice. The same on
//! every platform, but for where it is looked.

use actuary::time::HOUR;
use localnet::xdr::ScAddress;

use super::scene::Scene;
use super::stage::Stage;
use super::story::money;

/// What was missing at a look, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    pub missing: i128,
    pub at: u64,
}

/// A robbery, and how far its proof is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Robbery {
    /// It has not happened.
    #[default]
    Ahead,
    /// Nobody has looked since.
    Unseen,
    /// It was seen once.
    Seen(Sight),
    /// It was seen twice.
    Proven,
}

/// The look that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    First,
    /// After this one.
    Second(Sight),
}

impl Robbery {
    /// Whether it is to happen by `time`.
    pub fn is_due(self, stage: &Stage<'_>, time: u64) -> bool {
        let deficit = stage.scenario.deficit.as_ref();
        self == Self::Ahead && deficit.is_some_and(|deficit| time >= deficit.at)
    }

    /// Takes assets out of all of `platforms`, if it is time: at most what is there. The issuer's clawback stands for a thief:
    /// neither asks their code.
    pub fn happen(&mut self, scene: &mut Scene<'_>, platforms: &[(&str, &ScAddress)]) {
        let Some(deficit) = &scene.stage.scenario.deficit else {
            return;
        };
        if !self.is_due(&scene.stage, scene.stage.now()) {
            return;
        }
        for (name, platform) in platforms {
            let world = &scene.stage.world;
            let there = world.usdc.balance(&world.ledger, platform);
            let stolen = deficit.stolen.raw().min(there);
            world.usdc.claw_back(&world.ledger, platform, stolen);
            let what = format!("robbed of {}", money(&scene.stage, stolen));
            scene.tell(*name, what);
        }
        *self = Self::Unseen;
    }

    /// The look that is due.
    pub fn next_look(self, now: u64) -> Option<Look> {
        match self {
            Self::Unseen => Some(Look::First),
            Self::Seen(sight) if now >= sight.at + HOUR => Some(Look::Second(sight)),
            _ => None,
        }
    }

    /// Takes note that a first look found so much missing on the platform called `name`.
    pub fn was_seen(&mut self, scene: &mut Scene<'_>, name: &str, missing: i128) {
        let at = scene.stage.now();
        *self = Self::Seen(Sight { missing, at });
        let what = format!("seen to miss {}", money(&scene.stage, missing));
        scene.tell(name, what);
    }
}
