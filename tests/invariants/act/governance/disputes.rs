//! Challenges, appeals, verdicts, and what time decides.

use localnet::Keypair;
use testkit::{
    bindings::cover_pool::{self as cover, CoverError},
    market::{MARKET_LENDERS, MARKET_LOANS},
};

use super::{choose, Run};
use crate::{
    follow::Told,
    rules::{expect, expect_equal, Rules},
    shadow::{Claim, Key, Policy, DAY},
    stage::{CROOKED, DIRECT},
    step::Part,
};

const PERILS: [cover::Peril; 5] = [
    cover::Peril::Grant,
    cover::Peril::Default,
    cover::Peril::Liquidation,
    cover::Peril::Collateral,
    cover::Peril::Contract,
];

impl Run<'_> {
    /// The claim that a number means, most often one that is apt.
    fn claim_of(&self, number: u8, is_apt: impl Fn(&Claim) -> bool) -> Option<(u32, Claim)> {
        let all: Vec<_> = self.shadow.claims.iter().collect();
        let apt: Vec<_> = all.iter().filter(|(_, claim)| is_apt(claim)).collect();
        let any = || all.get(usize::from(number) % all.len().max(1));
        let (id, claim) = choose(&apt, number).copied().or_else(any)?;
        Some((**id, (*claim).clone()))
    }

    pub(super) fn challenge(&mut self, number: u8, who: u8) -> Rules {
        let now = self.now();
        let may_be = |claim: &Claim| claim.is_waiting(now) && claim.peril != 0;
        if !self.shadow.claims.values().any(may_be) {
            self.file(who)?;
        }
        let Some((id, claim)) = self.claim_of(number, may_be) else {
            return Ok(());
        };
        let challenger = self.someone(who);
        let call = self.pool().challenge(id, &challenger);
        let reply = self.own(call, &challenger)?;
        self.refused_for("D1", CoverError::NotDisputable as u32, !may_be(&claim))?;
        let Some(outcome) = reply else { return Ok(()) };
        let bond: i128 = outcome.get().expect("a bond");
        expect_equal("D2", "bond of a challenge", bond, claim.bond_due())
    }

    /// A claim for failed collateral, which always waits.
    fn file(&mut self, subject: u8) -> Rules {
        // The third of the perils that most direct policies cover.
        let (collateral, any_event) = (16, 0);
        let loss = Part { of: 3_000, plus: 0 };
        self.direct_pay(subject, (collateral, false), loss, any_event, 0)
    }

    /// Of six, four are the owner's, one is the court's and one a stranger's.
    pub(super) fn appeal(
        &mut self,
        number: u8,
        peril: u8,
        (loss, ago): (Part, u32),
        who: u8,
    ) -> Rules {
        let now = self.now();
        let may_be = |_: &Key, policy: &Policy| {
            policy.limit > 0 && policy.is_backed(now) && now > policy.start + DAY
        };
        let Some((key, policy)) = self.policy_of(number, may_be) else {
            return Ok(());
        };
        let appeal = cover::Appeal {
            amount: loss.of(policy.original_limit),
            occurred_at: now.saturating_sub(ago.into()),
            peril: covered(&policy, peril),
        };
        let told = Told {
            loss: Some(cover::Loss {
                amount: appeal.amount,
                event: 0,
                occurred_at: appeal.occurred_at,
                peril: appeal.peril,
                rescue: false,
                sources: 0,
            }),
            policy: Some(key.clone()),
        };
        let interest = interest(&key);
        let owner = self.stage.person(&policy.owner).cloned();
        if who % 6 == 4 {
            let court = self.court();
            let call = self.pool().appeal(&interest, &appeal, &court);
            return self.in_court(call, told);
        }
        let is_stranger = who % 6 == 5;
        let appellant = match owner {
            Some(owner) if !is_stranger => owner,
            _ => self.stage.attacker.clone(),
        };
        let is_theirs = localnet::Keypair::address(&appellant) == policy.owner;
        let call = self.pool().appeal(&interest, &appeal, &appellant);
        let reply = self.guarded(call, &[&appellant], told)?;
        if reply.is_some() {
            self.note(&format!("of peril {}", appeal.peril as u32));
        }
        self.refused_for("D1", CoverError::NotTheirs as u32, !is_theirs)
    }

    /// Who decides: a key, or the court's governor once the contracts are handed over.
    fn court(&self) -> localnet::xdr::ScAddress {
        let roles = self.shadow.roles.as_ref().expect("read at the start");
        roles.court.clone()
    }

    pub(super) fn resolve(&mut self, number: u8, size: Part) -> Rules {
        let now = self.now();
        let is_in_court = |claim: &Claim| claim.is_in_court(now);
        if !self.shadow.claims.values().any(is_in_court) {
            self.go_to_court(number)?;
        }
        let Some((id, claim)) = self.claim_of(number, is_in_court) else {
            return Ok(());
        };
        self.decide(id, &claim, size.of(claim.amount))
    }

    /// A claim that waits is challenged, or a policy's owner appeals.
    fn go_to_court(&mut self, number: u8) -> Rules {
        let loss = Part { of: 3_000, plus: 0 };
        match number % 2 {
            0 => self.challenge(number, number),
            _ => self.appeal(number, number, (loss, 0), 0),
        }
    }

    fn decide(&mut self, id: u32, claim: &Claim, amount: i128) -> Rules {
        let now = self.now();
        self.in_court(self.pool().resolve(id, amount), Told::default())?;
        // A vote takes days, in which the claim may be settled.
        if self.motions.is_governed {
            return Ok(());
        }
        let is_late = !claim.is_in_court(now);
        self.refused_for("D1", CoverError::NotDisputed as u32, is_late)?;
        let is_surrender = claim.peril == cover::Peril::Collateral as u32 && !claim.is_appeal;
        let is_part = is_surrender && (1..claim.amount).contains(&amount);
        self.refused_for("D3", CoverError::AllOrNothing as u32, is_part)?;
        let is_too_much = amount > claim.amount;
        self.refused_for("D3", CoverError::AboveClaim as u32, is_too_much)?;
        if self.refusal.is_none() {
            self.note(verdict(claim, amount));
        }
        Ok(())
    }

    /// Half of the guardians choose a claim that was put off already, if there is one.
    pub(super) fn delay(&mut self, number: u8) -> Rules {
        let now = self.now();
        let may_be = |claim: &Claim| claim.is_waiting(now) && !claim.is_delayed;
        let is_again = |claim: &Claim| claim.is_waiting(now) && claim.is_delayed;
        let claims = || self.shadow.claims.values();
        let again = number.is_multiple_of(2) && claims().any(is_again);
        if !again && !claims().any(may_be) {
            self.file(number)?;
        }
        let chosen = self.claim_of(number, |claim| match again {
            true => is_again(claim),
            false => may_be(claim),
        });
        let Some((id, claim)) = chosen else {
            return Ok(());
        };
        let guardian = self.stage.governance.guardian.clone();
        self.own(self.pool().delay(id), &guardian)?;
        self.refused_for("D1", CoverError::NotDisputable as u32, !may_be(&claim))
    }

    /// To the second from which a claim is payable, most often a disputed one, or to the one before.
    pub(super) fn deadline(&mut self, number: u8, is_early: bool, by_court: bool) -> Rules {
        let now = self.now();
        let is_in_court = |claim: &Claim| claim.is_in_court(now);
        if !self.shadow.claims.values().any(is_in_court) {
            self.go_to_court(number)?;
        }
        let Some((id, claim)) = self.claim_of(number, is_in_court) else {
            return Ok(());
        };
        let moment = claim.payable_from - u64::from(is_early);
        if moment > now {
            self.wait(moment - now)?;
            self.tape.tick(&self.stage.world);
        }
        if by_court && !self.motions.is_governed {
            return self.decide(id, &claim, claim.amount / 2);
        }
        self.settle_claim(id, &claim)
    }

    /// Settles a claim by whoever may: its adapter, or anyone.
    pub(super) fn settle_claim(&mut self, id: u32, claim: &Claim) -> Rules {
        let now = self.now();
        let is_due = now >= claim.payable_from;
        let known = self.policy(&claim.key);
        let group = known.map(|policy| policy.group);
        match group {
            Some(MARKET_LOANS | MARKET_LENDERS) => self.market_finalize_claim(id)?,
            Some(DIRECT) if claim.peril != 0 => {
                let (keeper, insurer) = self.keeper_and_insurer();
                let call = self.pool().finalize(id, &keeper);
                self.send(call, &[&keeper, &insurer], Told::default())?;
            }
            Some(CROOKED) => {
                let keeper = self.stage.world.keeper.clone();
                let insurer = self.stage.market.insurer.clone();
                self.anyone(insurer.finalize(id, &keeper))?;
            }
            _ => self.finalize_claim(id, true)?,
        }
        self.refused_for("D1", CoverError::NotPayable as u32, !is_due)?;
        let is_open = self.shadow.claims.contains_key(&id);
        expect("D1", is_due || is_open, || {
            format!("settled early: {claim:?}")
        })?;
        if !is_open && claim.disputed_by.is_some() {
            let what = match claim.is_appeal {
                true => "appeal denied by time",
                false => "challenge over by time",
            };
            self.note(what);
        }
        Ok(())
    }

    fn keeper_and_insurer(&self) -> (Keypair, Keypair) {
        let stage = self.stage;
        (stage.world.keeper.clone(), stage.insurer.clone())
    }
}

/// The interest of a key.
pub(super) fn interest((subject, class): &Key) -> cover::Interest {
    let class = match class {
        1 => cover::Class::Loan,
        _ => cover::Class::Deposit,
    };
    cover::Interest(subject.clone(), class)
}

/// A peril, most often one that a policy covers.
fn covered(policy: &Policy, number: u8) -> cover::Peril {
    let is_covered = |peril: &&cover::Peril| policy.perils >> **peril as u32 & 1 == 1;
    let covered: Vec<_> = PERILS.iter().filter(is_covered).collect();
    let any = PERILS[usize::from(number) % PERILS.len()];
    choose(&covered, number).map_or(any, |peril| **peril)
}

/// What a verdict says.
fn verdict(claim: &Claim, amount: i128) -> &'static str {
    match (claim.is_appeal, amount) {
        (true, 0) => "appeal denied",
        (true, _) if amount < claim.amount => "appeal granted in part",
        (true, _) => "appeal granted",
        (false, 0) => "claim denied",
        (false, _) if amount < claim.amount => "claim cut",
        (false, _) => "claim upheld",
    }
}
