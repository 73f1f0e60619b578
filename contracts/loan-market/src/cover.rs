//! All that is asked of the insurer, and what it owes for liquidations.
//!
//! What it says is checked against what arrives: it can fail, lie or keep silent, and costs nobody more than its own cover. A
//! liquidation whose cover could not be settled is kept with its loan and asked for again, by anyone.

use actuary::lending::{split_compensation, Split};
use actuary::time::WEEK;
use actuary::Assets;
use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use interfaces::platform::{Compensation, InsurerClient, Liquidation};
use soroban_sdk::{token::TokenClient, Address, Env, Vec};

use crate::errors::{answered, fail_with_code, require, MarketError, OrFail};
use crate::events::{CoverDropped, CoverSettled, CoverUnsettled, LoanInsured};
use crate::loan::Desk;
use crate::market::this;
use crate::payment::pay_owner;
use crate::storage;

/// The most liquidations of a loan that are kept: they are settled in one call, which must stay within the network's limits. Of
/// more, the one with the least bad debt, then the least collateral, is dropped.
const MAX_UNSETTLED: u32 = 4;
/// How long a liquidation is kept when the insurer refuses to settle it, in seconds: 15 weeks. By then every policy of its time
/// has ended, with its week of grace, unless it was renewed.
pub const UNSETTLED_FOR: u64 = 15 * WEEK;

/// What came of asking for cover.
pub struct Settled {
    /// What arrived, and for whom.
    pub split: Split,
    /// What of the lenders' loss is left.
    pub lost: Assets,
    /// Whether it is asked for later.
    pub is_unsettled: bool,
}

impl Settled {
    /// No cover for a loss.
    pub const fn nothing(lost: Assets) -> Self {
        Self {
            split: Split {
                lenders: Assets::ZERO,
                borrower: Assets::ZERO,
            },
            lost,
            is_unsettled: false,
        }
    }
}

/// The insurer.
fn insurer(env: &Env) -> Address {
    storage::insurer(env)
        .ok_or(MarketError::NoInsurer)
        .or_fail(env)
}

/// Insures a loan as it is now; `payer` has signed.
pub fn insure(desk: &Desk, payer: &Address, request: &CoverRequest) -> Quote {
    let env = desk.env;
    let facts = desk.market.facts(env, &desk.loan);
    let insurer = insurer(env);
    LoanInsured {
        loan: desk.address.clone(),
        payer: payer.clone(),
    }
    .publish(env);
    let quote = InsurerClient::new(env, &insurer).try_insure(
        &this(env),
        desk.address,
        &facts,
        payer,
        request,
    );
    answered(quote).unwrap_or_else(|code| fail_with_code(env, code))
}

/// Undoes what the owner took out when the insurer says they may not have it; the error is the insurer's.
pub fn require_exit_allowed(desk: &Desk) {
    if !desk.loan.is_insured {
        return;
    }
    let env = desk.env;
    let facts = desk.market.facts(env, &desk.loan);
    let insurer = InsurerClient::new(env, &insurer(env));
    let refusal = answered(insurer.try_exit_refusal(&this(env), desk.address, &facts));
    match refusal {
        Ok(0) => {}
        Ok(code) | Err(code) => fail_with_code(env, code),
    }
}

/// Settles the cover of a liquidation that has just been booked with a loss of `lost`, or keeps it for later. Whoever calls this
/// stores the loan and the books.
pub fn after_liquidation(
    desk: &mut Desk,
    liquidation: &Liquidation,
    lost: Assets,
    liquidator: &Address,
    settles_cover: bool,
) -> Settled {
    if settles_cover {
        if let Ok(answer) = ask(desk, liquidation, liquidator) {
            return book(desk, liquidation, lost, answer);
        }
    }
    keep(desk, liquidation);
    Settled {
        is_unsettled: true,
        ..Settled::nothing(lost)
    }
}

/// Settles what is unsettled of a loan. Items are isolated; when the insurer refuses all of them, its first code is the
/// error. Returns what arrived.
pub fn settle(env: &Env, address: &Address, bounty_to: &Address) -> Assets {
    let unsettled = storage::unsettled(env, address);
    require(env, !unsettled.is_empty(), MarketError::NothingUnsettled);
    let mut desk = Desk::open(env, address);
    let (mut left, mut refusal) = (Vec::new(env), None);
    let (count, mut arrived) = (unsettled.len(), Assets::ZERO);
    for liquidation in unsettled {
        match ask(&desk, &liquidation, bounty_to) {
            Ok(answer) => {
                let lost = Assets::from_raw(liquidation.bad_debt);
                let Split { lenders, borrower } = book(&mut desk, &liquidation, lost, answer).split;
                arrived = [lenders, borrower]
                    .iter()
                    .try_fold(arrived, |sum, part| sum.checked_add(*part))
                    .or_fail(env);
            }
            Err(_) if is_past_cover(env, &liquidation) => tell_dropped(env, address, &liquidation),
            Err(code) => {
                refusal = refusal.or(Some(code));
                left.push_back(liquidation);
                continue;
            }
        }
        forget(&mut desk, &liquidation);
    }
    match refusal {
        Some(code) if left.len() == count => fail_with_code(env, code),
        _ => {}
    }
    storage::set_unsettled(env, address, &left);
    desk.store();
    arrived
}

/// What the insurer has sent and says of it.
struct Answer {
    /// What arrived.
    arrived: Assets,
    /// Whom it is for, as the insurer says.
    says: Compensation,
}

/// Asks the insurer to settle a liquidation, and measures what arrives. Fails with its code.
fn ask(desk: &Desk, liquidation: &Liquidation, bounty_to: &Address) -> Result<Answer, u32> {
    let (env, market) = (desk.env, this(desk.env));
    let asset = TokenClient::new(env, &desk.market.terms.config.asset);
    let before = asset.balance(&market);
    let insurer = InsurerClient::new(env, &insurer(env));
    let says = insurer.try_settle_liquidation(&market, desk.address, liquidation, bounty_to);
    let says = answered(says)?;
    let after = asset.balance(&market);
    Ok(Answer {
        arrived: at_least_zero(after).sub_or_zero(at_least_zero(before)),
        says,
    })
}

/// Books what the insurer sent for a liquidation: lenders first, then the loan's debt and what is left of the lenders' loss, then
/// the owner. A claim it says it filed counts up to what is then left of the loss.
fn book(desk: &mut Desk, liquidation: &Liquidation, lost: Assets, answer: Answer) -> Settled {
    let env = desk.env;
    let Answer { arrived, says } = answer;
    let split = split_compensation(
        arrived,
        at_least_zero(says.lenders),
        at_least_zero(says.borrower),
    );
    let lost = pay_in(desk, split, lost);
    let filed = at_least_zero(says.filed).min(lost);
    let now = env.ledger().timestamp();
    desk.market.books.file(filed, now).or_fail(env);
    CoverSettled {
        loan: desk.address.clone(),
        time: liquidation.time,
        lenders: split.lenders.raw(),
        borrower: split.borrower.raw(),
        filed: filed.raw(),
    }
    .publish(env);
    Settled {
        split,
        lost,
        is_unsettled: false,
    }
}

/// Books money that has arrived: the lenders' part makes good what they `lost`; the borrower's repays the loan, then makes good
/// what is still lost of it, then is the owner's. Returns what is lost then.
pub fn pay_in(desk: &mut Desk, split: Split, lost: Assets) -> Assets {
    let (env, Split { lenders, borrower }) = (desk.env, split);
    let repaid = if borrower.is_zero() {
        Assets::ZERO
    } else {
        desk.repay_debt(borrower)
    };
    let rest = borrower.sub_or_zero(repaid);
    let lost = lost.sub_or_zero(lenders);
    let made_good = rest.min(lost);
    let books = &mut desk.market.books;
    for amount in [lenders, made_good] {
        books.give_lenders(amount).or_fail(env);
    }
    // The repayment has booked its own.
    for amount in [lenders, rest] {
        books.cash = books.cash.checked_add(amount).or_fail(env);
    }
    let owner = desk.loan.owner.clone();
    pay_owner(env, &mut desk.market, &owner, rest.sub_or_zero(made_good));
    lost.sub_or_zero(made_good)
}

/// Keeps a liquidation for later.
fn keep(desk: &mut Desk, liquidation: &Liquidation) {
    let env = desk.env;
    let mut unsettled = storage::unsettled(env, desk.address);
    unsettled.push_back(liquidation.clone());
    let bad_debt = Assets::from_raw(liquidation.bad_debt);
    let books = &mut desk.market.books;
    books.unsettled = books.unsettled.checked_add(bad_debt).or_fail(env);
    CoverUnsettled {
        loan: desk.address.clone(),
        time: liquidation.time,
        bad_debt: liquidation.bad_debt,
    }
    .publish(env);
    if unsettled.len() > MAX_UNSETTLED {
        drop_least(desk, &mut unsettled);
    }
    storage::set_unsettled(env, desk.address, &unsettled);
}

/// Drops the one that matters least.
fn drop_least(desk: &mut Desk, unsettled: &mut Vec<Liquidation>) {
    let matters = |liquidation: &Liquidation| (liquidation.bad_debt, liquidation.seized);
    let least = (0..)
        .zip(unsettled.iter())
        .min_by_key(|(_, liquidation)| matters(liquidation));
    if let Some((at, liquidation)) = least {
        unsettled.remove(at);
        tell_dropped(desk.env, desk.address, &liquidation);
        forget(desk, &liquidation);
    }
}

/// Takes a liquidation's bad debt off what is unsettled.
fn forget(desk: &mut Desk, liquidation: &Liquidation) {
    let books = &mut desk.market.books;
    let bad_debt = Assets::from_raw(liquidation.bad_debt);
    books.unsettled = books.unsettled.sub_or_zero(bad_debt);
}

fn is_past_cover(env: &Env, liquidation: &Liquidation) -> bool {
    env.ledger().timestamp() >= liquidation.time.saturating_add(UNSETTLED_FOR)
}

fn tell_dropped(env: &Env, loan: &Address, liquidation: &Liquidation) {
    CoverDropped {
        loan: loan.clone(),
        time: liquidation.time,
        bad_debt: liquidation.bad_debt,
    }
    .publish(env);
}

/// An amount that others told.
fn at_least_zero(amount: i128) -> Assets {
    Assets::from_raw(amount.max(0))
}
