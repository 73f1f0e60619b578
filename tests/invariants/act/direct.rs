//! The vault that claims what it likes, and the adapter that says what it likes.

use localnet::{xdr::ScAddress, Keypair};
use testkit::bindings::{blend_lenders as lenders, cover_pool as cover, OnLedger};

use super::Run;
use crate::{
    follow::Told,
    rules::{expect, Rules},
    shadow::{Key, Policy, DAY},
    stage::DIRECT,
    step::{Ask, Part},
};

const PERILS: [cover::Peril; 6] = [
    cover::Peril::Advance,
    cover::Peril::Grant,
    cover::Peril::Default,
    cover::Peril::Liquidation,
    cover::Peril::Collateral,
    cover::Peril::Contract,
];

/// A vault insures against defaults, deficits or both.
fn vault_perils(ask: Ask) -> Vec<lenders::Peril> {
    use lenders::Peril::{Contract, Default};
    match ask.perils % 4 {
        0 => vec![Default],
        1 => vec![Contract],
        _ => vec![Default, Contract],
    }
}

impl Run<'_> {
    fn vault_key(&self) -> Key {
        (self.stage.vault.address(), cover::Class::Deposit as u32)
    }

    fn room(&self, group: u32) -> i128 {
        self.pool()
            .room(group)
            .view(&self.stage.world.ledger)
            .unwrap_or_default()
    }

    pub(super) fn insure_vault(&mut self, ask: Ask) -> Rules {
        let vault = self.stage.vault.clone();
        let limit = ask.limit.of(self.room(testkit::world::DEPOSITS));
        let request = lenders::CoverRequest {
            limit,
            max_premium: 20_000 * testkit::asset::UNIT,
            max_rate: if ask.renews { 5_000_000 } else { 0 },
            perils: vault_perils(ask),
            route: lenders::Route::Repay,
            weeks: ask.weeks,
        };
        self.own(
            self.lenders().insure_vault(&vault, &vault, &request),
            &vault,
        )
        .map(drop)
    }

    pub(super) fn renew_vault(&mut self, limit: Part, weeks: u32) -> Rules {
        let (vault, keeper) = (self.stage.vault.clone(), self.stage.world.keeper.clone());
        let Some(policy) = self.policy(&self.vault_key()) else {
            return Ok(());
        };
        let limit = limit.of(policy.limit);
        self.stage.approve(&vault, 100_000 * testkit::asset::UNIT);
        self.own(
            self.lenders().renew_vault(&vault, limit, weeks, &keeper),
            &vault,
        )
        .map(drop)
    }

    pub(super) fn cancel_vault(&mut self) -> Rules {
        let vault = self.stage.vault.clone();
        self.own(self.lenders().cancel_vault(&vault), &vault)
            .map(drop)
    }

    pub(super) fn pay_vault(&mut self, loss: Part, ago: u32, missing: bool) -> Rules {
        let (vault, keeper) = (self.stage.vault.clone(), self.stage.world.keeper.clone());
        let limit = self
            .policy(&self.vault_key())
            .map_or(0, |policy| policy.limit);
        let (amount, occurred_at) = (loss.of(limit), self.now().saturating_sub(ago.into()));
        let (peril, told) = if missing {
            (cover::Peril::Contract, lenders::Peril::Contract)
        } else {
            (cover::Peril::Default, lenders::Peril::Default)
        };
        let call = self
            .lenders()
            .pay_vault(&vault, &told, amount, occurred_at, &keeper);
        let loss = cover::Loss {
            amount,
            event: 0,
            occurred_at,
            peril,
            rescue: false,
            sources: 0,
        };
        let told = Told {
            loss: Some(loss),
            policy: Some(self.vault_key()),
        };
        self.guarded(call, &[&vault], told).map(drop)
    }

    pub(super) fn record(&mut self) -> Rules {
        let world = &self.stage.world;
        let (platform, asset) = (world.pool.address.clone(), world.usdc.contract.clone());
        let index = |run: &Self| {
            let index = run
                .lenders()
                .loss_index(&platform, &asset)
                .view(&run.stage.world.ledger);
            index.map_or(0, |index| index.index)
        };
        let before = index(self);
        self.anyone(self.lenders().record(&platform, &asset))?;
        let after = index(self);
        if after > before {
            self.note("with a loss");
        }
        expect("I10", before <= after, || {
            format!("index {before:?}, then {after:?}")
        })
    }

    /// A subject of which `is_apt` is true of its policy, most often.
    fn apt_subject(
        &self,
        number: u8,
        is_apt: impl Fn(&Self, &Key, &Policy) -> bool,
    ) -> (cover::Interest, Keypair) {
        let apt = |index: &u8| {
            let key = crate::shadow::key(&self.subject(*index).0);
            self.policy(&key)
                .is_some_and(|policy| is_apt(self, &key, policy))
        };
        let apt: Vec<_> = (0..self.stage.subjects.len() as u8 + 2)
            .filter(apt)
            .collect();
        self.subject(super::choose(&apt, number).copied().unwrap_or(number))
    }

    /// An account, or a position: on it, rescues have something to repay.
    fn subject(&self, number: u8) -> (cover::Interest, Keypair) {
        let subjects = &self.stage.subjects;
        let index = usize::from(number) % (subjects.len() + 2);
        let owner = subjects[index % subjects.len()].clone();
        let subject: ScAddress = match index.checked_sub(subjects.len()) {
            Some(loan) => self.position(loan as u8),
            None => owner.address(),
        };
        (cover::Interest(subject, cover::Class::Deposit), owner)
    }

    fn told(interest: &cover::Interest, loss: Option<cover::Loss>) -> Told {
        Told {
            loss,
            policy: Some(crate::shadow::key(interest)),
        }
    }

    pub(super) fn direct_open(&mut self, subject: u8, ask: Ask, perils: u8) -> Rules {
        let ((interest, owner), insurer) = (self.subject(subject), self.stage.insurer.clone());
        let chosen = PERILS
            .into_iter()
            .filter(|peril| perils >> *peril as u32 & 1 == 1);
        let application = cover::Application {
            group: DIRECT,
            interest,
            limit: ask.limit.of(self.room(DIRECT)),
            ltv: 3_000_000,
            max_premium: 50_000 * testkit::asset::UNIT,
            max_rate: if ask.renews { 5_000_000 } else { 0 },
            owner: owner.address(),
            payer: insurer.address(),
            perils: chosen.collect(),
            route: if ask.buys {
                cover::Route::BuyCollateral
            } else {
                cover::Route::Repay
            },
            weeks: ask.weeks,
        };
        self.own(self.pool().open(&application), &insurer).map(drop)
    }

    pub(super) fn direct_renew(&mut self, subject: u8, limit: Part, weeks: u32) -> Rules {
        let ((interest, _), insurer) = (
            self.apt_subject(subject, |run, _, policy| run.is_renewable(policy)),
            self.stage.insurer.clone(),
        );
        let keeper = self.stage.world.keeper.clone();
        let limit = limit.of(self.limit_of(&interest));
        self.stage.approve(&insurer, 100_000 * testkit::asset::UNIT);
        self.own(
            self.pool()
                .renew(&interest, limit, weeks, 3_000_000, &keeper),
            &insurer,
        )
        .map(drop)
    }

    fn sold_of(&self, interest: &cover::Interest) -> i128 {
        let policy = self.policy(&crate::shadow::key(interest));
        policy.map_or(0, |policy| policy.original_limit)
    }

    fn limit_of(&self, interest: &cover::Interest) -> i128 {
        self.policy(&crate::shadow::key(interest))
            .map_or(0, |policy| policy.limit)
    }

    pub(super) fn direct_top_up(&mut self, subject: u8, size: Part) -> Rules {
        let ((interest, _), insurer) = (
            self.apt_subject(subject, |run, _, policy| {
                run.now() < policy.end && !policy.is_busy()
            }),
            self.stage.insurer.clone(),
        );
        let amount = size.of(self.room(DIRECT));
        let most = 50_000 * testkit::asset::UNIT;
        self.own(
            self.pool()
                .top_up(&interest, &insurer, amount, 3_000_000, most),
            &insurer,
        )
        .map(drop)
    }

    pub(super) fn direct_cancel(&mut self, subject: u8) -> Rules {
        let ((interest, seller), insurer) = (
            self.apt_subject(subject, |run, _, policy| run.is_cancellable(policy)),
            self.stage.insurer.clone(),
        );
        let policy = self.policy(&crate::shadow::key(&interest));
        let owner = policy.and_then(|policy| self.stage.person(&policy.owner));
        let owner = owner.cloned().unwrap_or(seller);
        self.guarded(
            self.pool().cancel(&interest),
            &[&insurer, &owner],
            Told::default(),
        )
        .map(drop)
    }

    /// A peril, most often one that the policy covers.
    fn peril(&self, interest: &cover::Interest, number: u8) -> cover::Peril {
        let covered = self
            .policy(&crate::shadow::key(interest))
            .map_or(0, |policy| policy.perils);
        let covered: Vec<_> = PERILS
            .into_iter()
            .filter(|peril| *peril != cover::Peril::Advance && covered >> *peril as u32 & 1 == 1)
            .collect();
        super::choose(&covered, number)
            .copied()
            .unwrap_or(PERILS[usize::from(number) % PERILS.len()])
    }

    pub(super) fn direct_pay(
        &mut self,
        subject: u8,
        (peril, rescues): (u8, bool),
        loss: Part,
        event: u8,
        ago: u32,
    ) -> Rules {
        let ((interest, _), insurer) = (
            self.apt_subject(subject, |run, _, policy| {
                run.now() > policy.start + DAY && policy.is_backed(run.now()) && policy.limit > 0
            }),
            self.stage.insurer.clone(),
        );
        let keeper = self.stage.world.keeper.clone();
        let loss = cover::Loss {
            amount: loss.of(self.sold_of(&interest)),
            event: event.into(),
            occurred_at: self.now().saturating_sub(ago.into()),
            peril: self.peril(&interest, peril),
            rescue: rescues,
            sources: u32::from(peril) % 4,
        };
        let told = Self::told(&interest, Some(loss.clone()));
        self.guarded(
            self.pool().pay(&interest, &loss, &keeper),
            &[&insurer],
            told,
        )
        .map(drop)
    }

    pub(super) fn direct_draw(&mut self, subject: u8, size: Part, sources: u8) -> Rules {
        let ((interest, _), insurer) = (
            self.apt_subject(subject, |run, key, policy| {
                run.now() > policy.start + DAY
                    && run.now() < policy.end
                    && policy.perils & 1 == 1
                    && run.positions.contains(&key.0)
            }),
            self.stage.insurer.clone(),
        );
        let (keeper, told) = (self.stage.world.keeper.clone(), Self::told(&interest, None));
        let (amount, rate) = (size.of(self.limit_of(&interest)), 400_000);
        let call = self
            .pool()
            .draw(&interest, amount, rate, u32::from(sources) % 4, &keeper);
        self.guarded(call, &[&insurer], told).map(drop)
    }

    pub(super) fn direct_finalize_draw(&mut self, claim: u8, size: Part) -> Rules {
        let claim = self.claim(claim, |claim| {
            claim.peril == 0 && claim.key.1 == cover::Class::Deposit as u32
        });
        let insurer = self.stage.insurer.clone();
        let keeper = self.stage.world.keeper.clone();
        let filed = self.shadow.claims.get(&claim);
        let amount = size.of(filed.map_or(0, |claim| claim.amount));
        let told = Told {
            loss: None,
            policy: filed.map(|claim| claim.key.clone()),
        };
        let call = self.pool().finalize_draw(claim, amount, 400_000, &keeper);
        self.guarded(call, &[&insurer], told).map(drop)
    }

    pub(super) fn direct_foreclose(&mut self, subject: u8, recovered: Part) -> Rules {
        let ((interest, _), insurer) = (
            self.apt_subject(subject, |_, _, policy| policy.advance.drawn > 0),
            self.stage.insurer.clone(),
        );
        let now = self.now();
        let policy = self.policy(&crate::shadow::key(&interest));
        let owed = policy.map_or(0, |policy| {
            policy.advance.drawn + policy.advance.due_at(now)
        });
        let told = Self::told(&interest, None);
        self.guarded(
            self.pool()
                .foreclose(&interest, &insurer, recovered.of(owed)),
            &[&insurer],
            told,
        )
        .map(drop)
    }
}
