//! What may be sold and what may leave: every limit is backed 1:1, and every cap holds.

use actuary::capacity::{is_exit_backed, pool_room, GroupUse};
use actuary::nav::assets_for_down;
use actuary::{Assets, Rate};
use interfaces::cover::{Cap, GroupTerms};
use soroban_sdk::{Env, Vec};

use crate::amount::increase;
use crate::books::Pool;
use crate::errors::{require, CoverError};
use crate::storage;
use crate::types::bounds::GROUPS;

const NOTHING: GroupUse = GroupUse {
    exposure: Assets::ZERO,
    drawn: Assets::ZERO,
    cap: Rate::ZERO,
};

/// What every group uses of the pool, and the caps over several of them.
pub struct Capacity {
    uses: [GroupUse; GROUPS as usize],
    count: usize,
    caps: Vec<Cap>,
}

impl Capacity {
    /// Reads every group, rolled to now.
    pub fn load(env: &Env, now: u64) -> Result<Self, CoverError> {
        let mut uses = [NOTHING; GROUPS as usize];
        let caps = storage::group_caps(env);
        for ((number, cap), held) in (0..).zip(caps.iter()).zip(&mut uses) {
            let book = storage::group(env, number, now)?;
            *held = GroupUse {
                exposure: book.ring.exposure,
                drawn: book.drawn,
                cap: Rate::from_raw(cap.into()),
            };
        }
        Ok(Self {
            uses,
            count: caps.len() as usize,
            caps: storage::caps(env),
        })
    }

    /// One group's use.
    pub fn group(&self, number: u32) -> Result<GroupUse, CoverError> {
        self.groups()
            .get(number as usize)
            .copied()
            .ok_or(CoverError::UnknownGroup)
    }

    /// E, the sum of limits in force.
    pub fn exposure(&self) -> Result<Assets, CoverError> {
        self.groups().iter().try_fold(
            Assets::ZERO,
            |sum, held| Ok(sum.checked_add(held.exposure)?),
        )
    }

    /// The largest limit that may be sold in a group now, in place of the limit `replaced`.
    pub fn room(&self, pool: &Pool, group: u32, replaced: Assets) -> Result<Assets, CoverError> {
        let nav_lo = pool.nav()?.lo;
        let queued = assets_for_down(pool.books.queued, pool.books.shares, nav_lo)?;
        let mut room = pool_room(nav_lo, queued, self.exposure()?, replaced)?;
        room = room.min(self.group(group)?.room(nav_lo, replaced)?);
        for cap in self.caps.iter().filter(|cap| cap.groups.contains(group)) {
            room = room.min(self.together(&cap)?.room(nav_lo, replaced)?);
        }
        Ok(room)
    }

    /// Refuses an exit that pays `out` unless every limit stays backed and every cap holds.
    pub fn check_exit(&self, nav_lo: Assets, out: Assets) -> Result<(), CoverError> {
        require(
            is_exit_backed(self.exposure()?, nav_lo, out),
            CoverError::CapitalInUse,
        )?;
        let left = nav_lo.checked_sub(out)?;
        for held in self.groups() {
            require(held.is_within_cap(left)?, CoverError::CapInUse)?;
        }
        for cap in &self.caps {
            require(
                self.together(&cap)?.is_within_cap(left)?,
                CoverError::CapInUse,
            )?;
        }
        Ok(())
    }

    fn groups(&self) -> &[GroupUse] {
        self.uses.get(..self.count).unwrap_or_default()
    }

    /// The groups of a cap as if they were one.
    fn together(&self, cap: &Cap) -> Result<GroupUse, CoverError> {
        let mut sum = GroupUse {
            cap: Rate::from_raw(cap.rate.into()),
            ..NOTHING
        };
        for number in &cap.groups {
            let held = self.group(number)?;
            increase(&mut sum.exposure, held.exposure)?;
            increase(&mut sum.drawn, held.drawn)?;
        }
        Ok(sum)
    }
}

/// The largest limit one subject of a group may have.
pub fn subject_cap_down(terms: &GroupTerms, nav_lo: Assets) -> Result<Assets, CoverError> {
    Ok(nav_lo.share_down(Rate::from_raw(terms.subject_cap.into()))?)
}
