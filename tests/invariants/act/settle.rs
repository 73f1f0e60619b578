//! Rescues and claims.

use localnet::{xdr::ScAddress, FromScVal, Outcome};
use testkit::{
    bindings::{blend_adapter as adapter, cover_pool as cover, OnLedger},
    market::MARKET_LOANS,
    world::LOANS,
};

use super::Run;
use crate::{
    rules::{expect, Rules},
    run::{internal_code, is_about_people},
    shadow::{Claim, Key, Policy, FULL},
};

/// What Blend's own rounding may take from a repayment.
const DUST: i128 = 2;

/// A payment into a loan, as the pool tells it.
struct Rescued {
    position: ScAddress,
    amount: i128,
    /// The event that a grant was paid for.
    event: Option<u64>,
}

impl Run<'_> {
    /// The positions of a batch: bit by bit of `loans`, and one stranger's when the last bit is set.
    fn batch(&self, loans: u8) -> Vec<ScAddress> {
        let chosen = |(index, position): (usize, &ScAddress)| {
            (loans >> index & 1 == 1).then(|| position.clone())
        };
        let mut batch: Vec<_> = self
            .positions
            .iter()
            .enumerate()
            .filter_map(chosen)
            .collect();
        if loans >> 7 == 1 {
            batch.push(self.stage.attacker.address());
        }
        batch
    }

    pub(super) fn rescue(&mut self, loans: u8) -> Rules {
        let (batch, keeper) = (self.batch(loans), self.stage.world.keeper.clone());
        let before = self.holdings(&batch);
        let policies = self.shadow.policies.clone();
        let reply = self.anyone(self.adapter().rescue(&batch, &keeper))?;
        self.check_batch(&before, reply, &policies)
    }

    pub(super) fn grant(&mut self, loans: u8) -> Rules {
        let (batch, keeper) = (self.batch(loans), self.stage.world.keeper.clone());
        let before = self.holdings(&batch);
        let policies = self.shadow.policies.clone();
        let reply = self.anyone(self.adapter().grant(&batch, &keeper))?;
        self.check_batch(&before, reply, &policies)
    }

    /// Debt and collateral of loans on either platform.
    pub(super) fn holdings(&self, loans: &[ScAddress]) -> Vec<(ScAddress, i128, i128)> {
        let holds = |loan: &ScAddress| {
            let known = self
                .market
                .find(loan)
                .map(|index| &self.market.loans[index]);
            let (debt, collateral) = match known {
                Some(known) => (self.owed_on(loan), known.collateral),
                None => (self.owed_on(loan), self.collateral_in(loan)),
            };
            (loan.clone(), debt, collateral)
        };
        loans.iter().map(holds).collect()
    }

    /// Debt of a loan on either platform.
    fn owed_on(&self, loan: &ScAddress) -> i128 {
        if self.market.find(loan).is_none() {
            return self.debt_of(loan);
        }
        let facts = self.stage.market.platform.loan(loan);
        facts
            .view(&self.stage.world.ledger)
            .map_or(0, |facts| facts.debt)
    }

    /// Items fail one by one and never inside; what is paid reaches the loans, for an event that is covered.
    pub(super) fn check_batch(
        &mut self,
        before: &[(ScAddress, i128, i128)],
        reply: Option<Outcome>,
        policies: &std::collections::BTreeMap<Key, Policy>,
    ) -> Rules {
        let Some(outcome) = reply else { return Ok(()) };
        let items: Vec<adapter::Outcome> = outcome.get().expect("one outcome per position");
        for item in &items {
            if let adapter::Outcome::Skipped(code) = item {
                self.counted().refuse(code.to_string());
                expect("internal", !internal_code(*code) && *code != 0, || {
                    format!("an item fails with {code}")
                })?;
                expect("K2", !is_about_people(*code), || {
                    format!("an item is not paid for {code}")
                })?;
            }
        }
        for rescued in self.rescues(&outcome) {
            self.note("item");
            let known = before
                .iter()
                .find(|(position, ..)| *position == rescued.position);
            let (_, debt, collateral) = known.expect("a loan of the batch");
            let less = debt - self.owed_on(&rescued.position);
            let arrived = (less - rescued.amount).abs() <= DUST;
            expect("I09", arrived, || {
                format!("{} paid, debt falls by {less}", rescued.amount)
            })?;
            if let Some(event) = rescued.event {
                let key = (rescued.position, cover::Class::Loan as u32);
                self.check_grant(&policies[&key], event, rescued.amount, *collateral)?;
            }
        }
        Ok(())
    }

    fn rescues(&self, outcome: &Outcome) -> Vec<Rescued> {
        let pool = &self.stage.world.cover.0;
        let of_pool = outcome
            .events
            .iter()
            .filter(|event| event.contract == *pool);
        let rescued = of_pool.filter_map(|event| {
            let (amount, id) = if event.is_named("drawn") {
                (
                    <(i128, u32)>::from_scval(&event.data).expect("a draw").0,
                    None,
                )
            } else if event.is_named("paid") {
                let (_, _, id, amount) =
                    <(u32, u32, u64, i128)>::from_scval(&event.data).expect("a payment");
                (amount, Some(id))
            } else {
                return None;
            };
            let position = ScAddress::from_scval(&event.topics[1]).expect("a subject");
            Some(Rescued {
                position,
                amount,
                event: id,
            })
        });
        rescued.collect()
    }

    /// I09, I13: a grant is for an event of the hub that began inside the cover, and no more than what that fall took.
    fn check_grant(&self, policy: &Policy, event: u64, amount: i128, collateral: i128) -> Rules {
        let world = &self.stage.world;
        let (asset, debt) = (
            world.collateral.contract.clone(),
            world.usdc.contract.clone(),
        );
        let seen = self
            .stage
            .hub()
            .event(&asset, &debt)
            .view(&world.ledger)
            .expect("an event of the pair")
            .expect("an event");
        expect("I10", u64::from(seen.id) == event, || {
            format!("paid for event {event}, the hub has {seen:?}")
        })?;
        let terms = &self.shadow.groups[policy.group as usize];
        let sold = terms
            .perils
            .iter()
            .find(|sold| sold.peril == cover::Peril::Grant)
            .expect("sold");
        let is_covered = (policy.start + sold.waiting..=policy.end).contains(&seen.started);
        expect("I13", is_covered, || format!("{seen:?} outside {policy:?}"))?;
        let (borne, most) = self.grant_terms(policy);
        let fall = (seen.rate.min(most.into()) - i128::from(borne)).max(0);
        let value = collateral * (seen.reference / 1_000) / 100_000_000_000;
        let most = value * fall / FULL * (FULL - i128::from(sold.co_insurance)) / FULL + 1;
        expect("I09", amount <= most, || {
            format!("{amount} paid for a loss that bears {most}")
        })
    }

    /// The fall that the insured of a policy's group bear, and the fall beyond which a grant pays nothing more.
    fn grant_terms(&self, policy: &Policy) -> (u32, u32) {
        let (world, ledger) = (&self.stage.world, &self.stage.world.ledger);
        if policy.group == MARKET_LOANS {
            let market = &self.stage.market;
            let listed = market.insurer.market(&market.platform.0).look_up(ledger);
            let listed = listed.expect("a market").expect("listed");
            return (listed.grant_deductible, listed.grant_max);
        }
        let (pool, collateral) = (&world.pool.address, &world.collateral.contract);
        let listed = world.adapter.market(pool, collateral).look_up(ledger);
        let listed = listed.expect("a market").expect("listed");
        (listed.grant_deductible, listed.grant_max)
    }

    /// The claim that a number means, most often one whose window is over; a number that no claim has when there are none.
    pub(super) fn claim(&self, number: u8, is_apt: impl Fn(&Claim) -> bool) -> u32 {
        let (now, claims) = (self.now(), &self.shadow.claims);
        let due = claims
            .iter()
            .filter(|(_, claim)| now >= claim.payable_from && is_apt(claim));
        let due: Vec<_> = due.map(|(id, _)| *id).collect();
        let any: Vec<_> = claims.keys().copied().collect();
        let chosen =
            super::choose(&due, number).or_else(|| any.get(usize::from(number) % any.len().max(1)));
        chosen.copied().unwrap_or(u32::MAX)
    }

    pub(super) fn finalize_advance(&mut self, claim: u8) -> Rules {
        let claim = self.claim(claim, |claim| {
            let key = &claim.key;
            claim.peril == 0
                && key.1 == cover::Class::Loan as u32
                && self.positions.contains(&key.0)
        });
        let keeper = self.stage.world.keeper.clone();
        self.anyone(self.adapter().finalize(claim, &keeper))
            .map(drop)
    }

    /// By the pool or, of a loan on Blend, by its adapter; what is paid reaches the loan.
    pub(super) fn finalize(&mut self, number: u8) -> Rules {
        let group = |run: &Self, claim: &Claim| run.policy(&claim.key).map(|policy| policy.group);
        let id = self.claim(number, |claim| {
            claim.peril != 0 && group(self, claim) != Some(MARKET_LOANS)
        });
        self.finalize_claim(id, !number.is_multiple_of(2))
    }

    pub(super) fn finalize_claim(&mut self, id: u32, by_adapter: bool) -> Rules {
        let group = |run: &Self, claim: &Claim| run.policy(&claim.key).map(|policy| policy.group);
        let keeper = self.stage.world.keeper.clone();
        let known = self.shadow.claims.get(&id).cloned();
        let on_blend = known.filter(|claim| group(self, claim) == Some(LOANS) && claim.peril != 0);
        let Some(claim) = on_blend else {
            return self.anyone(self.pool().finalize(id, &keeper)).map(drop);
        };
        let position = claim.key.0.clone();
        let is_foreclosed = self
            .policy(&claim.key)
            .is_some_and(|policy| policy.is_foreclosed());
        let before = self.held_by(&position);
        let call = if by_adapter {
            self.adapter().finalize(id, &keeper)
        } else {
            self.pool().finalize(id, &keeper)
        };
        let Some(outcome) = self.anyone(call)? else {
            return Ok(());
        };
        self.note(&format!("on Blend, of peril {}", claim.peril));
        let paid = outcome.get().expect("an amount");
        if is_foreclosed {
            return Ok(());
        }
        self.arrived(&position, before, paid)
    }
}
