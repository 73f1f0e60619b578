//! A policy as it is stored, and the rules that need nothing but the policy.

use actuary::advance::AdvanceBook;
use actuary::time::{is_backed, leaving_week};
use actuary::{Assets, Scaled, ScaledRate};
use interfaces::cover::{Peril, Policy as PolicyView, Route};
use soroban_sdk::{Address, Env, Vec};

use crate::amount::increase;
use crate::errors::OrFail;

/// A set of perils, one bit each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PerilSet(u32);

impl PerilSet {
    /// The set of a list; none if it names one twice or is empty.
    pub fn of(perils: &Vec<Peril>) -> Option<Self> {
        let mut set = Self(0);
        for peril in perils {
            if set.has(peril) {
                return None;
            }
            set.0 |= Self::bit(peril);
        }
        (set.0 != 0).then_some(set)
    }

    /// Whether the peril is one of them.
    pub const fn has(self, peril: Peril) -> bool {
        self.0 & Self::bit(peril) != 0
    }

    /// The perils as a list.
    pub fn list(self, env: &Env) -> Vec<Peril> {
        let perils = (0..u32::BITS).map_while(Peril::from_number);
        Vec::from_iter(env, perils.filter(|peril| self.has(*peril)))
    }

    /// The bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The bit of a peril.
    pub const fn bit(peril: Peril) -> u32 {
        1 << peril as u32
    }
}

/// A policy. Its owner and payer are stored beside its numbers.
pub struct Policy {
    pub owner: Address,
    /// Who pays renewals; none: the owner.
    pub payer: Option<Address>,
    pub group: u32,
    pub perils: PerilSet,
    pub route: Route,
    pub start: u64,
    pub end: u64,
    pub earning_rate: ScaledRate,
    pub limit: Assets,
    pub original_limit: Assets,
    pub max_rate: u32,
    pub paid: Assets,
    pub event: u64,
    pub event_loss: Assets,
    pub topped_up: Assets,
    pub topped_up_from: u64,
    /// All that was topped up before that, and when the last of it became usable.
    pub topped_up_earlier: Assets,
    pub earlier_from: u64,
    pub open_claims: u32,
    /// What of its bounties it has prepaid and not paid to keepers yet.
    pub bounty_left: Assets,
    pub advance: AdvanceBook,
}

/// How many numbers [`Policy`] packs.
pub const POLICY_NUMBERS: usize = 22;

impl Policy {
    /// The numbers to pack; what most policies never use comes last.
    pub fn numbers(&self) -> [i128; POLICY_NUMBERS] {
        let owes = !self.advance.drawn.is_zero();
        [
            self.group.into(),
            self.perils.bits().into(),
            (self.route as u32).into(),
            self.start.into(),
            self.end.into(),
            self.earning_rate.raw(),
            self.limit.raw(),
            self.original_limit.raw(),
            self.max_rate.into(),
            self.paid.raw(),
            self.open_claims.into(),
            self.event.into(),
            self.event_loss.raw(),
            self.topped_up.raw(),
            self.topped_up_from.into(),
            self.bounty_left.raw(),
            self.advance.drawn.raw(),
            self.advance.fees_owed.raw(),
            self.advance.fee_rate.raw(),
            if owes { self.advance.last.into() } else { 0 },
            self.topped_up_earlier.raw(),
            self.earlier_from.into(),
        ]
    }

    /// The policy from its parts.
    pub fn from_numbers(
        owner: Address,
        payer: Option<Address>,
        numbers: [i128; POLICY_NUMBERS],
    ) -> Self {
        let [group, perils, route, start, end, earning_rate, limit, original_limit, max_rate, paid, open_claims, event, event_loss, topped_up, topped_up_from, bounty_left, drawn, fees_owed, fee_rate, last, topped_up_earlier, earlier_from] =
            numbers;
        Self {
            owner,
            payer,
            group: group as u32,
            perils: PerilSet(perils as u32),
            route: match route {
                0 => Route::Repay,
                1 => Route::BuyCollateral,
                _ => Route::Adapter,
            },
            start: start as u64,
            end: end as u64,
            earning_rate: ScaledRate::from_raw(earning_rate),
            limit: Assets::from_raw(limit),
            original_limit: Assets::from_raw(original_limit),
            max_rate: max_rate as u32,
            paid: Assets::from_raw(paid),
            open_claims: open_claims as u32,
            event: event as u64,
            event_loss: Assets::from_raw(event_loss),
            topped_up: Assets::from_raw(topped_up),
            topped_up_from: topped_up_from as u64,
            topped_up_earlier: Assets::from_raw(topped_up_earlier),
            earlier_from: earlier_from as u64,
            bounty_left: Assets::from_raw(bounty_left),
            advance: AdvanceBook {
                drawn: Assets::from_raw(drawn),
                fees_owed: Scaled::from_raw(fees_owed),
                fee_rate: ScaledRate::from_raw(fee_rate),
                last: last as u64,
            },
        }
    }

    /// Who pays renewals.
    pub fn payer(&self) -> &Address {
        self.payer.as_ref().unwrap_or(&self.owner)
    }

    /// Whether its limit is backed: in force or in its grace week, when claims may still be filed.
    pub const fn is_backed(&self, now: u64) -> bool {
        is_backed(self.end, now)
    }

    /// The week at whose start the limit leaves the exposure.
    pub const fn leaving_week(&self) -> u64 {
        leaving_week(self.end)
    }

    /// Whether anything of it is still open: cover, an advance, or a claim.
    pub fn is_live(&self, now: u64) -> bool {
        let covers = self.is_backed(now) && !self.limit.is_zero();
        covers || self.is_busy()
    }

    /// Whether an advance or a claim is open, so that it can neither change nor end.
    pub fn is_busy(&self) -> bool {
        !self.advance.drawn.is_zero() || self.open_claims > 0
    }

    /// Whether a foreclosure has ended it for its owner: nothing of what was sold remains.
    pub fn is_foreclosed(&self) -> bool {
        self.original_limit.is_zero()
    }

    /// What of the limit covers an event that began at `time`: a top-up only after its waiting period. Of several that were
    /// usable before the newest one was bought, all count from when the last of them was.
    pub fn usable_limit(&self, time: u64) -> Assets {
        let mut usable = self.limit;
        for (amount, from) in [
            (self.topped_up, self.topped_up_from),
            (self.topped_up_earlier, self.earlier_from),
        ] {
            if time < from {
                usable = usable.sub_or_zero(amount);
            }
        }
        usable
    }

    /// Makes `amount` of the limit wait until `from`, together with what waits now.
    pub fn wait_for(&mut self, env: &Env, amount: Assets, now: u64, from: u64) {
        if now >= self.topped_up_from {
            let usable = core::mem::replace(&mut self.topped_up, Assets::ZERO);
            increase(env, &mut self.topped_up_earlier, usable);
            self.earlier_from = self.topped_up_from;
        }
        increase(env, &mut self.topped_up, amount);
        self.topped_up_from = from;
    }

    /// The policy as others see it, with fees accrued to now.
    pub fn view(mut self, env: &Env, now: u64) -> PolicyView {
        self.advance.accrue(now).or_fail(env);
        PolicyView {
            payer: self.payer().clone(),
            owner: self.owner,
            group: self.group,
            perils: self.perils.list(env),
            route: self.route,
            start: self.start,
            end: self.end,
            earning_rate: self.earning_rate.raw(),
            limit: self.limit.raw(),
            original_limit: self.original_limit.raw(),
            topped_up: self.topped_up.raw(),
            topped_up_from: self.topped_up_from,
            max_rate: self.max_rate,
            paid: self.paid.raw(),
            drawn: self.advance.drawn.raw(),
            fees_due: self.advance.fees_due_up().or_fail(env).raw(),
            open_claims: self.open_claims,
            event: self.event,
            event_loss: self.event_loss.raw(),
        }
    }
}
