//! The invariants that hold at every moment: the contract's views against each other and against the shadow.

use localnet::{xdr::ScAddress, FromScVal, InvokeError};
use testkit::bindings::{
    cover_pool::{Books, Class, Interest, Policy as Seen},
    Call, OnLedger,
};

use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{div_up, Claim, GroupTotals, Key, Policy, Shadow, Value, SCALE},
    stage::Stage,
};

/// Looks at everything the pool shows.
pub struct Auditor<'a> {
    pub stage: &'a Stage,
    pub shadow: &'a Shadow,
}

/// How often a deposit is previewed.
const PREVIEW_EVERY: u64 = 4;

impl Auditor<'_> {
    fn view<R: FromScVal>(&self, what: &str, call: Call<R>) -> Result<R, Broken> {
        shown(what, call.view(&self.stage.world.ledger))
    }

    /// A view of what is stored, whatever the time.
    fn stored<R: FromScVal>(&self, what: &str, call: Call<R>) -> Result<R, Broken> {
        shown(what, call.look_up(&self.stage.world.ledger))
    }

    /// I01 to I06, I14, I16, and that nothing else changed, after the call of this number. Each group is looked at when its totals
    /// are not those of `before`, and in turn.
    pub fn check(&self, call: u64, before: &[GroupTotals]) -> Rules {
        let pool = &self.stage.world.cover;
        let books = self.view("books", pool.books())?;
        self.i01_the_pool_holds_its_cash(&books)?;
        let seen = self.policies()?;
        self.i02_i03_premiums(&books, &seen)?;
        let turn = call % before.len() as u64;
        let is_looked_at =
            |number: usize, known: GroupTotals| before[number] != known || turn == number as u64;
        self.i04_exposure(&books, &seen, is_looked_at)?;
        self.i05_backing(&books)?;
        self.i06_buckets(&books, &seen)?;
        if call.is_multiple_of(PREVIEW_EVERY) {
            self.i12_rounding_never_pays(&books)?;
        }
        self.i14_shares(&books)?;
        self.i16_advances(&books, &seen)
    }

    /// What only depends on time: I02 to I05 and I16, by the books alone.
    pub fn check_totals(&self) -> Rules {
        let books = self.view("books", self.stage.world.cover.books())?;
        expect_equal("I07", "U", books.unearned, self.shadow.unearned())?;
        expect_equal("I07", "R", books.earning_rate, self.shadow.earning_rate())?;
        expect_equal("I07", "F", books.fees_owed, self.shadow.fees_owed())?;
        expect_equal("I07", "E", books.exposure, self.shadow.exposure())?;
        expect_equal("I07", "in force", books.in_force, self.shadow.in_force())?;
        let Value { lo, hi, .. } = self.shadow.value();
        expect_equal("I07", "NAV", (books.nav_lo, books.nav_hi), (lo, hi))?;
        self.i05_backing(&books)
    }

    fn policies(&self) -> Result<Vec<(&Key, &Policy, Seen)>, Broken> {
        let all = self.shadow.policies.iter();
        all.map(|(key, policy)| Ok((key, policy, self.policy(key, policy)?)))
            .collect()
    }

    fn policy(&self, key: &Key, policy: &Policy) -> Result<Seen, Broken> {
        let class = if key.1 == 1 {
            Class::Loan
        } else {
            Class::Deposit
        };
        let call = self
            .stage
            .world
            .cover
            .policy(&Interest(key.0.clone(), class));
        // Only what an advance owes grows with time.
        let seen = if policy.advance.fee_rate > 0 {
            self.view("policy", call)?
        } else {
            self.stored("policy", call)?
        };
        seen.ok_or_else(|| Broken::new("I10", format!("the policy on {key:?} is gone")))
    }

    fn i01_the_pool_holds_its_cash(&self, books: &Books) -> Rules {
        let world = &self.stage.world;
        let balance = world.usdc.balance(&world.ledger, &world.cover.0);
        expect("I01", balance >= books.cash || self.shadow.is_short, || {
            format!("{balance} held, {} in the books", books.cash)
        })?;
        expect_equal("I01", "what moved", balance, self.shadow.moved)?;
        expect_equal("I01", "cash", books.cash, self.shadow.cash)
    }

    fn i02_i03_premiums(&self, books: &Books, seen: &[(&Key, &Policy, Seen)]) -> Rules {
        let now = self.shadow.now;
        let live = || {
            seen.iter()
                .filter(|(.., policy)| now < policy.end)
                .map(|(.., policy)| policy)
        };
        let unearned = live()
            .map(|policy| policy.earning_rate * i128::from(policy.end - now))
            .sum();
        expect_equal("I02", "U", books.unearned, unearned)?;
        expect_equal(
            "I03",
            "R",
            books.earning_rate,
            live().map(|policy| policy.earning_rate).sum(),
        )?;
        for (key, policy, seen) in seen {
            let what = format!("earning rate and end of {key:?}");
            expect_equal(
                "I02",
                &what,
                (seen.earning_rate, seen.end),
                (policy.earning_rate, policy.end),
            )?;
        }
        Ok(())
    }

    fn i04_exposure(
        &self,
        books: &Books,
        seen: &[(&Key, &Policy, Seen)],
        is_looked_at: impl Fn(usize, GroupTotals) -> bool,
    ) -> Rules {
        expect_equal("I04", "E", books.exposure, self.shadow.exposure())?;
        expect_equal("N1", "in force", books.in_force, self.shadow.in_force())?;
        for (number, known) in self.shadow.group_totals().into_iter().enumerate() {
            if is_looked_at(number, known) {
                let pool = &self.stage.world.cover;
                let group = self.view("group_state", pool.group_state(number as u32))?;
                let what = format!("of group {number}");
                expect_equal("I04", &format!("E {what}"), group.exposure, known.exposure)?;
                expect_equal("I16", &format!("A {what}"), group.drawn, known.drawn)?;
            }
        }
        for (key, policy, seen) in seen {
            let shown = (
                seen.limit,
                seen.original_limit,
                seen.topped_up,
                seen.topped_up_from,
            );
            let known = (
                policy.limit,
                policy.original_limit,
                policy.topped_up,
                policy.topped_up_from,
            );
            expect_equal("I04", &format!("limit of {key:?}"), shown, known)?;
        }
        Ok(())
    }

    fn i05_backing(&self, books: &Books) -> Rules {
        let Value { lo, hi, .. } = self.shadow.value();
        expect_equal("I05", "NAV", (books.nav_lo, books.nav_hi), (lo, hi))?;
        let is_backed = books.nav_lo >= 0 && books.exposure <= books.nav_lo;
        expect("I05", is_backed || self.shadow.is_impaired, || {
            format!("E = {}, NAV_lo = {}", books.exposure, books.nav_lo)
        })
    }

    fn i06_buckets(&self, books: &Books, seen: &[(&Key, &Policy, Seen)]) -> Rules {
        let (shadow, pool) = (self.shadow, &self.stage.world.cover);
        expect_equal("I06", "pending", books.pending, shadow.pending())?;
        expect_equal("I06", "claimable", books.claimable, shadow.claimable())?;
        expect_equal("I06", "bonds", books.bonds, shadow.bonds())?;
        expect_equal("I06", "bounties", books.bounties, shadow.bounties)?;
        expect_equal("I06", "reserve", books.reserve, shadow.reserve)?;
        for (id, claim) in &shadow.claims {
            let stored = self.stored("claim", pool.claim(*id))?;
            let stored = stored.map(|claim| Claim {
                key: crate::shadow::key(&claim.interest),
                peril: claim.peril as u32,
                amount: claim.amount,
                filed_at: claim.filed_at,
                payable_from: claim.payable_from,
                is_delayed: claim.delayed,
                disputed_by: claim.disputed_by,
                bond: claim.bond,
                is_appeal: claim.is_appeal,
            });
            expect_equal("I06", &format!("claim {id}"), stored.as_ref(), Some(claim))?;
        }
        for owner in &self.stage.recipients {
            let stored = self.stored("claimable_of", pool.claimable_of(owner))?;
            let known = shadow.claimable.get(owner).copied().unwrap_or_default();
            expect_equal("I06", &format!("claimable of {owner}"), stored, known)?;
        }
        for (key, policy, seen) in seen {
            let known = shadow
                .claims
                .values()
                .filter(|claim| claim.key == **key)
                .count();
            expect_equal(
                "I06",
                &format!("open claims of {key:?}"),
                seen.open_claims as usize,
                known,
            )?;
            let shown = (seen.paid, seen.event, seen.event_loss);
            let told = (
                policy.paid,
                policy.event,
                if policy.event_loss == 0 {
                    seen.event_loss
                } else {
                    policy.event_loss
                },
            );
            expect_equal("I10", &format!("paid index of {key:?}"), shown, told)?;
        }
        Ok(())
    }

    /// Not even if every claim is denied and every advance paid back in between.
    fn i12_rounding_never_pays(&self, books: &Books) -> Rules {
        if self.shadow.is_impaired {
            return Ok(());
        }
        let assets = [1, 10_000_001, books.nav_lo.max(1)][(self.shadow.now % 3) as usize];
        let shares = self.view(
            "preview_deposit",
            self.stage.world.cover.preview_deposit(assets),
        )?;
        let out = shares * (books.nav_hi + assets + 1) / (books.shares + shares + 1_000);
        expect("I12", out <= assets, || {
            format!("{assets} in, {shares} shares, {out} out")
        })
    }

    fn i14_shares(&self, books: &Books) -> Rules {
        let (shadow, pool) = (self.shadow, &self.stage.world.cover);
        expect_equal("I14", "queued", books.queued, shadow.queued())?;
        expect_equal("I14", "shares", books.shares, shadow.shares)?;
        expect_equal(
            "I14",
            "sum of balances",
            shadow.balances.values().sum(),
            shadow.shares,
        )?;
        for (owner, known) in &shadow.balances {
            let stored = self.stored("balance", pool.balance(owner))?;
            expect_equal("I14", &format!("balance of {owner}"), stored, *known)?;
        }
        for owner in &self.stage.lps {
            self.i14_exits_of(&owner.address())?;
        }
        let escrow = shadow.balances.get(&pool.0).copied().unwrap_or_default();
        expect("I14", escrow >= books.queued, || {
            format!("{escrow} in escrow, {} queued", books.queued)
        })
    }

    fn i14_exits_of(&self, owner: &ScAddress) -> Rules {
        let exits = self.stored("exits", self.stage.world.cover.exits(owner))?;
        for (slot, exit) in (0..).zip(exits) {
            let known = self.shadow.exits.get(&(owner.clone(), slot));
            let known = known.map_or((0, 0), |exit| (exit.shares, exit.requested_at));
            expect_equal(
                "I14",
                &format!("exit {slot} of {owner}"),
                (exit.shares, exit.requested_at),
                known,
            )?;
        }
        Ok(())
    }

    fn i16_advances(&self, books: &Books, seen: &[(&Key, &Policy, Seen)]) -> Rules {
        let shadow = self.shadow;
        expect_equal(
            "I16",
            "D",
            books.drawn,
            seen.iter().map(|(.., policy)| policy.drawn).sum(),
        )?;
        expect_equal("I16", "F", books.fees_owed, shadow.fees_owed())?;
        let lo = books.cash
            - div_up(books.unearned, SCALE)
            - books.pending
            - books.claimable
            - books.bonds
            - books.bounties
            - books.reserve;
        let counts_nothing = books.nav_lo == lo || shadow.is_impaired;
        expect("I16", counts_nothing, || {
            format!("NAV_lo = {}, without advances {lo}", books.nav_lo)
        })?;
        for (key, policy, seen) in seen {
            let known = (policy.advance.drawn, policy.advance.due_at(shadow.now));
            expect_equal(
                "I16",
                &format!("owed on {key:?}"),
                (seen.drawn, seen.fees_due),
                known,
            )?;
            let is_within_sale = seen.limit >= 0 && seen.limit + seen.drawn <= seen.original_limit;
            expect("I16", is_within_sale, || {
                format!("limit above what was sold: {seen:?}")
            })?;
            let sold = seen.original_limit - seen.limit - seen.drawn;
            expect("I09", seen.paid >= 0 && sold >= 0, || {
                format!("paid more than sold: {seen:?}")
            })?;
        }
        Ok(())
    }
}

fn shown<R>(what: &str, result: Result<R, InvokeError>) -> Result<R, Broken> {
    result.map_err(|error| Broken::new("view", format!("{what} fails: {error}")))
}
