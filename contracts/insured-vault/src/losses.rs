//! Which falls of the platform's b_rate cover owes the vault, and what it has paid of them.

use actuary::loss::LossIndex as Index;
use actuary::math::{add, sub};
use actuary::Assets;
use interfaces::adapter::{LossIndex, LossStep};
use interfaces::vault::VaultConfig;
use soroban_sdk::Env;

use crate::books::Books;
use crate::cover::Cover;
use crate::errors::VaultError;
use crate::events::{CoverPaid, LossBooked, LossDropped};

/// Falls that the adapter keeps; with as many, earlier ones may be gone.
const KEPT_STEPS: u32 = 16;

/// The books brought up to date, and what has changed in them.
pub struct Booked {
    pub books: Books,
    /// The most that cover can still pay of what is owed.
    pub coverable: Assets,
    lost: Assets,
    arrived: Assets,
    dropped: Assets,
}

impl Booked {
    /// Books as they are, when nothing can be known; then cover is taken to owe everything.
    pub const fn nothing(books: Books) -> Self {
        let none = Assets::ZERO;
        Self {
            books,
            coverable: books.owed,
            lost: none,
            arrived: none,
            dropped: none,
        }
    }

    /// Tells what has changed.
    pub fn publish(&self, env: &Env) {
        if !self.arrived.is_zero() {
            CoverPaid {
                amount: self.arrived.raw(),
            }
            .publish(env);
        }
        if !self.lost.is_zero() {
            let (index, since) = (self.books.index_seen, self.books.owed_since);
            LossBooked {
                loss: self.lost.raw(),
                index,
                since,
            }
            .publish(env);
        }
        if !self.dropped.is_zero() {
            LossDropped {
                loss: self.dropped.raw(),
            }
            .publish(env);
        }
    }
}

/// Books what the platform lost and what cover paid since the vault was last looked at. The policy is only asked when
/// one of them can have changed.
pub fn book(
    env: &Env,
    config: &VaultConfig,
    books: Books,
    index: &LossIndex,
) -> Result<Booked, VaultError> {
    let mut booked = Booked::nothing(books);
    let has_fallen = index.index > books.index_seen;
    if has_fallen || !books.owed.is_zero() || !books.filed.is_zero() {
        let cover = Cover::read(env, config)?;
        booked.arrived = collect(&mut booked.books, &cover)?;
        if let Some(fall) = covered_fall(index, &books, &cover)? {
            booked.lost = fall.loss_down(books.b_tokens)?;
            booked.books.add_owed(booked.lost, fall.began_at)?;
        }
        booked.books.index_seen = index.index.max(books.index_seen);
        booked.coverable = booked.books.owed.min(cover.limit);
        if booked.coverable.is_zero() {
            booked.dropped = booked.books.take_owed();
        }
    }
    booked.books.seen_at = index.recorded_at.max(books.seen_at);
    Ok(booked)
}

/// Moves what the policy paid since it was last looked at from the claims that wait to cash. Returns the amount.
pub fn collect(books: &mut Books, cover: &Cover) -> Result<Assets, VaultError> {
    let arrived = cover.paid.sub_or_zero(books.paid_seen);
    books.paid_seen = cover.paid;
    books.cash = books.cash.checked_add(arrived)?;
    books.filed = books.filed.sub_or_zero(arrived);
    if cover.open_claims == 0 {
        books.filed = Assets::ZERO;
    }
    Ok(arrived)
}

impl Books {
    /// Adds a loss that cover owes.
    fn add_owed(&mut self, loss: Assets, began_at: u64) -> Result<(), VaultError> {
        if loss.is_zero() {
            return Ok(());
        }
        if self.owed.is_zero() || began_at < self.owed_since {
            self.owed_since = began_at;
        }
        self.owed = self.owed.checked_add(loss)?;
        Ok(())
    }

    /// Takes out all that is owed.
    pub fn take_owed(&mut self) -> Assets {
        self.owed_since = 0;
        core::mem::take(&mut self.owed)
    }
}

/// What one bToken lost in falls that are covered.
struct Fall {
    /// Scaled by 1e12.
    depth: i128,
    /// When the earliest of them began.
    began_at: u64,
}

impl Fall {
    /// What so many bTokens lost.
    fn loss_down(&self, b_tokens: i128) -> Result<Assets, VaultError> {
        let index = Index {
            last: 0,
            lambda: self.depth,
        };
        Ok(index.loss_down(b_tokens, 0)?)
    }
}

/// Adds up the falls since the vault was last looked at that happened while it was covered: a fall happens between two
/// looks, nobody knows when, and counts only if all that time was covered.
///
/// Where the adapter has forgotten some, they lie between that look and the oldest one it still knows, and count
/// together with it: only if all that time was covered, and as begun at its beginning.
fn covered_fall(
    index: &LossIndex,
    books: &Books,
    cover: &Cover,
) -> Result<Option<Fall>, VaultError> {
    let is_cut = index.steps.len() == KEPT_STEPS;
    let mut last = books.index_seen;
    let mut fall: Option<Fall> = None;
    for (number, step) in index.steps.iter().enumerate() {
        let LossStep {
            index,
            began_at,
            seen_at,
        } = step;
        if index <= last {
            continue;
        }
        let depth = sub(index, last)?;
        last = index;
        let earliest = if is_cut && number == 0 {
            books.seen_at
        } else {
            began_at
        };
        if cover.covers(earliest.min(began_at), seen_at) {
            fall = Some(match fall {
                Some(fall) => Fall {
                    depth: add(fall.depth, depth)?,
                    ..fall
                },
                None => Fall {
                    depth,
                    began_at: earliest,
                },
            });
        }
    }
    Ok(fall)
}
