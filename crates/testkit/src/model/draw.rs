//! Random operations that make sense on the pool as it is, some just too large, too early or too late.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::exact::div_up;
use super::{
    Account, Claim, CoverPool, ExitRequest, Operation, Policy, Step, ADVANCE_DELAY, CANCEL_DELAY,
    CHALLENGE_WINDOW, DAY, EXIT_DELAY, GRACE, HOUR, MAX_WEEKS, OWNERS, RENEWAL_WINDOW, STRANGER,
    WEEK,
};

/// Makes one operation's arguments; none if there is no entry on which it makes sense.
type Make = fn(&mut Draw) -> Option<Operation>;

const OPERATIONS: [(Make, u32); 16] = [
    (Draw::deposit, 3),
    (Draw::request_exit, 2),
    (Draw::fulfil_exit, 4),
    (Draw::withdraw_claimable, 1),
    (Draw::open_policy, 10),
    (Draw::renew_policy, 5),
    (Draw::cancel_policy, 1),
    (Draw::pay_claim, 3),
    (Draw::file_claim, 4),
    (Draw::appeal_claim, 2),
    (Draw::challenge_claim, 5),
    (Draw::settle_claim, 4),
    (Draw::draw_advance, 5),
    (Draw::pay_back, 4),
    (Draw::foreclose, 1),
    (Draw::poke, 1),
];

/// A source of randomness, and the pool brought to the time of the operation.
pub struct Draw {
    random: ChaCha8Rng,
    pool: CoverPool,
}

impl Draw {
    /// What `seed` makes of the pool.
    pub fn new(pool: &CoverPool, seed: u64) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            pool: pool.clone(),
        }
    }

    /// The time and the operation. The first of all is the founder's deposit.
    pub fn step(mut self) -> Step {
        let operation = if self.pool.shares == 0 {
            found()
        } else {
            let now = self.later();
            self.pool.advance_to(now);
            self.operation()
        };
        Step {
            now: self.pool.now,
            operation,
        }
    }

    fn operation(&mut self) -> Operation {
        loop {
            let make = OPERATIONS.choose_weighted(&mut self.random, |(_, weight)| *weight);
            if let Some(operation) = make.ok().and_then(|(make, _)| make(self)) {
                return operation;
            }
        }
    }

    fn later(&mut self) -> u64 {
        let now = self.pool.now;
        match self.random.gen_range(0..100) {
            0..30 => self.moment(),
            30..99 => {
                let any = self.random.gen_range(0..20 * DAY);
                now + self.among(&[0, 1, 5, HOUR, HOUR, DAY, 3 * DAY, any])
            }
            _ => now + 200 * DAY,
        }
    }

    /// A time at which something begins or ceases to be allowed, or the second before.
    fn moment(&mut self) -> u64 {
        let pool = &self.pool;
        let claims = pool.claims.values();
        let requests = pool.requests.values();
        let mut coming: Vec<u64> = (pool.policies.values().flat_map(moments))
            .chain(claims.map(|claim| claim.filed_at + CHALLENGE_WINDOW))
            .chain(requests.map(|request| request.requested_at + EXIT_DELAY))
            .filter(|&moment| moment > pool.now)
            .collect();
        coming.sort_unstable();
        coming.truncate(6);
        match coming.choose(&mut self.random) {
            Some(moment) => moment - self.random.gen_range(0..2),
            None => self.pool.now,
        }
    }

    fn among<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.random.gen_range(0..choices.len())]
    }

    fn amount(&mut self) -> i128 {
        let small = self.random.gen_range(1..10i128.pow(9));
        let large = self.random.gen_range(1..10i128.pow(12));
        self.among(&[1, small, large])
    }

    fn owner(&mut self) -> Account {
        self.among(&OWNERS).to_owned()
    }

    fn deliverable(&mut self) -> bool {
        self.random.gen_bool(0.85)
    }

    /// One of the newest entries that are wanted, now and then any. To want one is to be lenient: a second too early or
    /// too late is worth a try.
    fn one_of<T: Clone>(
        &mut self,
        table: fn(&CoverPool) -> &BTreeMap<u64, T>,
        is_wanted: impl Fn(&T, u64) -> bool,
    ) -> Option<(u64, T)> {
        let is_any = self.random.gen_bool(0.06);
        let now = self.pool.now;
        let newest: Vec<(&u64, &T)> = (table(&self.pool).iter().rev())
            .filter(|(_, entry)| is_any || is_wanted(entry, now))
            .take(12)
            .collect();
        let (&id, entry) = newest.choose(&mut self.random)?;
        Some((id, (*entry).clone()))
    }

    fn policy(&mut self, is_wanted: impl Fn(&Policy, u64) -> bool) -> Option<(u64, Policy)> {
        self.one_of(|pool| &pool.policies, is_wanted)
    }

    fn covered(&mut self) -> Option<u64> {
        let covered = self.policy(|policy, now| policy.limit > 0 && now <= policy.end + GRACE);
        covered.map(|(id, _)| id)
    }

    fn owing(&mut self) -> Option<(u64, Policy)> {
        self.policy(|policy, _| policy.advances.drawn > 0)
    }
}

fn found() -> Operation {
    Operation::Deposit {
        owner: OWNERS[0].to_owned(),
        assets: 10i128.pow(13),
        min_shares: 0,
    }
}

fn moments(policy: &Policy) -> [u64; 5] {
    [
        policy.start + ADVANCE_DELAY,
        policy.start + CANCEL_DELAY,
        policy.end - RENEWAL_WINDOW,
        policy.end,
        policy.end + GRACE,
    ]
}

/// One method per operation.
impl Draw {
    fn deposit(&mut self) -> Option<Operation> {
        let (usual, large) = (self.amount(), self.random.gen_range(1..10i128.pow(13)));
        let assets = self.among(&[usual, large]);
        let off_by = self.among(&[-1, 0, 0, 1]);
        Some(Operation::Deposit {
            owner: self.owner(),
            assets,
            min_shares: (self.pool.shares_for_down(assets) + off_by).max(0),
        })
    }

    fn request_exit(&mut self) -> Option<Operation> {
        let owner = self.owner();
        let most = self.pool.balances.get(&owner).copied().unwrap_or_default();
        let part = self.random.gen_range(0..=most);
        Some(Operation::RequestExit {
            owner,
            shares: self.among(&[most, most, most + 1, part]),
        })
    }

    fn fulfil_exit(&mut self) -> Option<Operation> {
        let matured = |request: &ExitRequest, now| now + 1 >= request.requested_at + EXIT_DELAY;
        let (id, request) = self.one_of(|pool| &pool.requests, matured)?;
        let off_by = self.among(&[-1, 0, 0, 0, 0, 1]);
        Some(Operation::FulfilExit {
            request: id,
            caller: self.among(&[&request.owner, STRANGER]).to_owned(),
            min_out: (self.pool.assets_for_down(request.shares) + off_by).max(0),
            deliverable: self.deliverable(),
        })
    }

    fn withdraw_claimable(&mut self) -> Option<Operation> {
        let owners: Vec<&Account> = self.pool.claimable_by.keys().collect();
        let owner = owners.choose(&mut self.random).map(ToString::to_string);
        let owner = owner.or_else(|| self.random.gen_bool(0.06).then(|| self.owner()))?;
        Some(Operation::WithdrawClaimable { owner })
    }

    fn premium_rate(&mut self) -> i128 {
        self.random.gen_range(100_000..8_000_000)
    }

    fn weeks(&mut self) -> u64 {
        let any = self.random.gen_range(1..=MAX_WEEKS + 1);
        self.among(&[1, 4, MAX_WEEKS, MAX_WEEKS, any])
    }

    fn open_policy(&mut self) -> Option<Operation> {
        let group = self.random.gen_range(0..self.pool.groups.len());
        let room = self.pool.room(group, 0).max(1);
        let part = self.random.gen_range(1..=room);
        let usual = self.amount();
        Some(Operation::OpenPolicy {
            owner: self.owner(),
            group,
            limit: self.among(&[room, room + 1, part, div_up(part, 2), usual]),
            premium_rate: self.premium_rate(),
            weeks: self.weeks(),
            max_rate: self.among(&[0, 5_000_000, 8_000_000, 8_000_000]),
        })
    }

    /// Most often lets time pass until the renewal window.
    fn renew_policy(&mut self) -> Option<Operation> {
        let (id, policy) = self.policy(|policy, now| {
            let is_near = now < policy.end && policy.end < now + 4 * WEEK;
            is_near && policy.max_rate > 0 && policy.advances.drawn == 0
        })?;
        if self.random.gen_bool(0.9) {
            let any = self.random.gen_range(0..RENEWAL_WINDOW);
            let early = self.among(&[1, any, RENEWAL_WINDOW, RENEWAL_WINDOW + 1]);
            let now = self.pool.now.max(policy.end - early);
            self.pool.advance_to(now);
        }
        let room = self.pool.room(policy.group, policy.limit).max(1);
        let (left, sold) = (policy.limit, policy.original_limit);
        let limit = self.among(&[left, left, sold, sold + 1, room, left / 2]);
        Some(Operation::RenewPolicy {
            policy: id,
            limit: limit.min(room + 1),
            premium_rate: self.premium_rate(),
            weeks: self.weeks(),
        })
    }

    fn cancel_policy(&mut self) -> Option<Operation> {
        let (policy, _) =
            self.policy(|policy, now| now + 1 >= policy.start + CANCEL_DELAY && now <= policy.end)?;
        Some(Operation::CancelPolicy {
            policy,
            deliverable: self.deliverable(),
        })
    }

    fn pay_claim(&mut self) -> Option<Operation> {
        Some(Operation::PayClaim {
            policy: self.covered()?,
            amount: self.amount(),
            deliverable: self.deliverable(),
        })
    }

    fn file_claim(&mut self) -> Option<Operation> {
        Some(Operation::FileClaim {
            policy: self.covered()?,
            amount: self.amount(),
        })
    }

    fn appeal_claim(&mut self) -> Option<Operation> {
        Some(Operation::AppealClaim {
            policy: self.covered()?,
            amount: self.amount(),
        })
    }

    fn challenge_claim(&mut self) -> Option<Operation> {
        let open = |claim: &Claim, now| claim.bond == 0 && now <= claim.filed_at + CHALLENGE_WINDOW;
        let (claim, _) = self.one_of(|pool| &pool.claims, open)?;
        Some(Operation::ChallengeClaim {
            claim,
            challenger: self.owner(),
        })
    }

    fn settle_claim(&mut self) -> Option<Operation> {
        let matured = |claim: &Claim, now| now + 1 >= claim.filed_at + CHALLENGE_WINDOW;
        let (id, claim) = self.one_of(|pool| &pool.claims, matured)?;
        let part = self.random.gen_range(0..=claim.amount);
        Some(Operation::SettleClaim {
            claim: id,
            amount: self.among(&[0, part, claim.amount, claim.amount + 1]),
            deliverable: self.deliverable(),
        })
    }

    fn draw_advance(&mut self) -> Option<Operation> {
        let (id, policy) = self.policy(|policy, now| {
            policy.limit > 0 && now + 1 >= policy.start + ADVANCE_DELAY && now <= policy.end
        })?;
        let usual = self.amount();
        Some(Operation::DrawAdvance {
            policy: id,
            amount: self.among(&[usual, policy.limit + 1]),
            advance_rate: self.random.gen_range(0..3_000_000),
        })
    }

    fn pay_back(&mut self) -> Option<Operation> {
        let (id, policy) = self.owing()?;
        let advances = &policy.advances;
        let usual = self.amount();
        let (fees, all) = (advances.fees_due_up(), advances.owed_up());
        Some(Operation::PayBack {
            policy: id,
            amount: self.among(&[usual, fees, all, 10i128.pow(15)]),
        })
    }

    fn foreclose(&mut self) -> Option<Operation> {
        let (policy, _) = self.owing()?;
        let usual = self.amount();
        Some(Operation::Foreclose {
            policy,
            recovered: self.among(&[0, usual, 10i128.pow(15)]),
        })
    }

    fn poke(&mut self) -> Option<Operation> {
        Some(Operation::Poke {})
    }
}
