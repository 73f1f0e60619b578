//! Which losses of the platform's lenders cover owes the vault, and what it has paid of them.

use actuary::loss::LossIndex as Index;
use actuary::math::{add, sub};
use actuary::time::DAY;
use actuary::Assets;
use interfaces::blend_lenders::{LossIndex, LossStep};
use interfaces::cover::Peril;
use interfaces::vault::VaultConfig;
use soroban_sdk::token::TokenClient;
use soroban_sdk::Env;

use crate::books::{Books, Owed};
use crate::cover::Cover;
use crate::errors::VaultError;
use crate::events::{CoverPaid, LossBooked, LossDropped};

/// Steps that the adapter keeps; with as many, earlier ones may be gone.
const KEPT_STEPS: u32 = 16;
/// How much earlier than it is counted a deficit may have been seen.
const SIGHT_GOOD_FOR: u64 = DAY;

/// The books brought up to date, and what has changed in them.
pub struct Booked {
    pub books: Books,
    /// The most that cover can still pay of what is owed.
    pub coverable: Assets,
    /// What a bToken is worth less than its rate says, scaled by 1e12.
    pub missing: i128,
    lost: [(Peril, Assets); 2],
    arrived: Assets,
    dropped: Assets,
}

impl Booked {
    /// Books as they are, when nothing can be known; then cover is taken to owe everything.
    pub fn nothing(books: Books) -> Result<Self, VaultError> {
        let none = Assets::ZERO;
        Ok(Self {
            books,
            coverable: books.owed()?,
            missing: 0,
            lost: [(Peril::Default, none), (Peril::Contract, none)],
            arrived: none,
            dropped: none,
        })
    }

    /// Tells what has changed.
    pub fn publish(&self, env: &Env) {
        if !self.arrived.is_zero() {
            CoverPaid {
                amount: self.arrived.raw(),
            }
            .publish(env);
        }
        for (peril, lost) in self.lost {
            if !lost.is_zero() {
                LossBooked {
                    loss: lost.raw(),
                    index: self.books.index_seen,
                    since: self.books.owed_for(peril).since,
                    peril,
                }
                .publish(env);
            }
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
    let mut booked = Booked::nothing(books)?;
    booked.missing = index.missing;
    let has_lost = index.index > books.index_seen;
    let may_pay = !booked.coverable.is_zero() || !books.filed.is_zero();
    if has_lost || may_pay || has_received(env, config, &books) {
        let cover = Cover::read(env, config)?;
        booked.arrived = collect(&mut booked.books, &cover)?;
        for (peril, lost) in &mut booked.lost {
            if let Some(part) = covered_part(*peril, index, &books, &cover)? {
                *lost = part.loss_down(books.b_tokens)?;
                let owed = booked.books.owed_for_mut(*peril);
                owed.add(*lost, part.began_at)?;
            }
        }
        booked.books.index_seen = index.index.max(books.index_seen);
        booked.books.deficits_seen = index.deficits.max(books.deficits_seen);
        let owed = booked.books.owed()?;
        booked.coverable = owed.min(cover.limit);
        if booked.coverable.is_zero() {
            booked.dropped = owed;
            (booked.books.defaults, booked.books.deficits) = (Owed::default(), Owed::default());
        }
    }
    booked.books.seen_at = index.recorded_at.max(books.seen_at);
    Ok(booked)
}

/// Whether more is there than is booked: a claim that the court granted, which the vault did not file; or a gift, which is not
/// booked.
fn has_received(env: &Env, config: &VaultConfig, books: &Books) -> bool {
    let token = TokenClient::new(env, &config.asset);
    token.balance(&env.current_contract_address()) > books.cash.raw()
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

/// What one bToken lost by one peril while it was covered.
struct Part {
    /// Scaled by 1e12.
    depth: i128,
    /// When the earliest of it began.
    began_at: u64,
}

impl Part {
    /// What so many bTokens lost.
    fn loss_down(&self, b_tokens: i128) -> Result<Assets, VaultError> {
        let index = Index {
            last: 0,
            lambda: self.depth,
        };
        Ok(index.loss_down(b_tokens, 0)?)
    }
}

/// Adds up what one peril cost since the vault was last looked at and was covered. A fall happens between two looks, nobody
/// knows when, and counts only if all that time was covered. A deficit counts from the first look that saw it.
///
/// Where the adapter has forgotten some steps, they lie between that look and the oldest one it still knows, and count
/// together with it: only if all that time was covered, and as begun at its beginning.
fn covered_part(
    peril: Peril,
    index: &LossIndex,
    books: &Books,
    cover: &Cover,
) -> Result<Option<Part>, VaultError> {
    let is_cut = index.steps.len() == KEPT_STEPS;
    let mut last = peril_index(peril, books.index_seen, books.deficits_seen)?;
    let mut covered: Option<Part> = None;
    for (number, step) in index.steps.iter().enumerate() {
        let LossStep {
            index,
            deficits,
            began_at,
            seen_at,
        } = step;
        let now = peril_index(peril, index, deficits)?;
        if now <= last {
            continue;
        }
        let depth = sub(now, last)?;
        last = now;
        let is_deficit = peril == Peril::Contract;
        let (mut from, mut until) = (began_at, if is_deficit { began_at } else { seen_at });
        if is_cut && number == 0 {
            let earlier = if is_deficit { SIGHT_GOOD_FOR } else { 0 };
            from = from.min(books.seen_at.saturating_sub(earlier));
            until = seen_at;
        }
        if cover.covers(peril, from, until) {
            covered = Some(match covered {
                Some(part) => Part {
                    depth: add(part.depth, depth)?,
                    began_at: part.began_at.min(from),
                },
                None => Part {
                    depth,
                    began_at: from,
                },
            });
        }
    }
    Ok(covered)
}

/// The part of an index that one peril is.
fn peril_index(peril: Peril, index: i128, deficits: i128) -> Result<i128, VaultError> {
    match peril {
        Peril::Contract => Ok(deficits),
        _ => Ok(sub(index, deficits)?),
    }
}
