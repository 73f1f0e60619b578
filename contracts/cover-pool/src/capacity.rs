//! What may be sold and what may leave: every limit is backed 1:1, and every cap holds.

use actuary::capacity::{is_exit_backed, pool_room, GroupUse};
use actuary::{Assets, Rate};
use interfaces::cover::GroupTerms;
use soroban_sdk::{Env, Vec};

use crate::amount::increase;
use crate::books::Pool;
use crate::errors::{CoverError, OrFail};
use crate::storage;
use crate::types::{bounds::GROUPS, Cap};

const NOTHING: GroupUse = GroupUse {
    exposure: Assets::ZERO,
    drawn: Assets::ZERO,
    cap: Rate::ZERO,
};

/// What every group uses of the pool, and the caps over several of them.
pub struct Capacity {
    /// The sum of limits of policies that have not ended.
    pub in_force: Assets,
    uses: [GroupUse; GROUPS as usize],
    /// What may come back to the exposure of each group when appeals are denied: not sold again meanwhile.
    appealed: [Assets; GROUPS as usize],
    count: usize,
    caps: Vec<Cap>,
}

impl Capacity {
    /// Reads every group, rolled to now. What a group was paid at once in 24 h uses its cap like what it has drawn, most of
    /// which is the same money: the larger of the two counts. So no limit is sold again on the day it is paid.
    pub fn load(env: &Env, now: u64) -> Self {
        let (mut uses, mut in_force) = ([NOTHING; GROUPS as usize], Assets::ZERO);
        let mut appealed = [Assets::ZERO; GROUPS as usize];
        let caps = storage::group_caps(env);
        let slots = uses.iter_mut().zip(&mut appealed);
        for ((number, cap), (held, appealed)) in (0..).zip(caps.iter()).zip(slots) {
            let book = storage::group(env, number, now);
            increase(env, &mut in_force, book.ring.in_force());
            *appealed = book.appealed;
            *held = GroupUse {
                exposure: book.ring.exposure,
                drawn: book.drawn.max(book.paid_at_once.sum(env)),
                cap: Rate::from_raw(cap.into()),
            };
        }
        Self {
            in_force,
            uses,
            appealed,
            count: caps.len() as usize,
            caps: storage::caps(env),
        }
    }

    /// One group's use.
    pub fn group(&self, env: &Env, number: u32) -> GroupUse {
        self.groups()
            .get(number as usize)
            .copied()
            .ok_or(CoverError::UnknownGroup)
            .or_fail(env)
    }

    /// E, the sum of limits that are backed.
    pub fn exposure(&self, env: &Env) -> Assets {
        let mut sum = Assets::ZERO;
        for held in self.groups() {
            increase(env, &mut sum, held.exposure);
        }
        sum
    }

    /// The largest limit that may be sold in a group now, in place of the limit `replaced`. Every cap must hold with what is
    /// left after the queued exits; else a group that renews at its cap would lock them for ever.
    pub fn room(&self, env: &Env, pool: &Pool, group: u32, replaced: Assets) -> Assets {
        let staying = pool.staying(env);
        let exposure = self.exposure(env);
        let mut room = pool_room(staying, Assets::ZERO, exposure, replaced).or_fail(env);
        let mut alone = self.group(env, group);
        increase(env, &mut alone.drawn, self.appealed_in(group));
        room = room.min(alone.room(staying, replaced).or_fail(env));
        for cap in self.caps.iter().filter(|cap| cap.groups.contains(group)) {
            let mut together = self.together(env, &cap);
            for number in &cap.groups {
                increase(env, &mut together.drawn, self.appealed_in(number));
            }
            room = room.min(together.room(staying, replaced).or_fail(env));
        }
        room
    }

    fn appealed_in(&self, group: u32) -> Assets {
        let appealed = self.appealed.get(group as usize);
        appealed.copied().unwrap_or_default()
    }

    /// Says why an exit that pays `out` may not be: it would leave a limit unbacked, or a cap passed.
    pub fn check_exit(&self, env: &Env, nav_lo: Assets, out: Assets) -> Result<(), CoverError> {
        if !is_exit_backed(self.exposure(env), nav_lo, out) {
            return Err(CoverError::CapitalInUse);
        }
        let left = nav_lo.checked_sub(out).or_fail(env);
        let groups = self.groups().iter().copied();
        let several = self.caps.iter().map(|cap| self.together(env, &cap));
        let is_in_cap = |held: GroupUse| held.is_within_cap(left).or_fail(env);
        if groups.chain(several).all(is_in_cap) {
            Ok(())
        } else {
            Err(CoverError::CapInUse)
        }
    }

    fn groups(&self) -> &[GroupUse] {
        self.uses.get(..self.count).unwrap_or_default()
    }

    /// The groups of a cap as if they were one.
    fn together(&self, env: &Env, cap: &Cap) -> GroupUse {
        let mut sum = GroupUse {
            cap: Rate::from_raw(cap.rate.into()),
            ..NOTHING
        };
        for number in &cap.groups {
            let held = self.group(env, number);
            increase(env, &mut sum.exposure, held.exposure);
            increase(env, &mut sum.drawn, held.drawn);
        }
        sum
    }
}

/// The largest limit one subject of a group may have.
pub fn subject_cap_down(env: &Env, terms: &GroupTerms, nav_lo: Assets) -> Assets {
    nav_lo
        .share_down(Rate::from_raw(terms.subject_cap.into()))
        .or_fail(env)
}
