//! Claims before the court, and where their bonds go: measured by what everybody has before and after.

use actuary::claim::reserve_part;
use actuary::Assets;
use localnet::Keypair;
use testkit::bindings::{cover_pool as cover, OnLedger};

use super::Assembly;
use crate::demo::keeper::reserve_of;
use crate::demo::platform::Settled;
use crate::demo::stage::refused;
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::output::{Amount, Decider, Dispute, DisputeKind};
use crate::peril::Peril;

/// A claim that went to the court.
pub struct Case {
    pub claim: u32,
    kind: DisputeKind,
    /// Whose cover it is, among the borrowers.
    borrower: usize,
    /// Who gave the bond.
    by: Keypair,
    pub asked: i128,
    bond: i128,
    /// What of it came back.
    returned: i128,
    /// What a vote granted; none as long as there was no vote.
    granted: Option<i128>,
}

impl Assembly<'_> {
    /// The keeper has a borrower's grant filed. Returns the claim.
    pub fn file(&mut self, borrower: usize) -> Result<u32, DemoError> {
        let (name, loan) = {
            let borrower = self.borrower(borrower)?;
            (borrower.name, borrower.loan.clone())
        };
        let platform = self.play.platform.as_ref();
        let stage = &mut self.play.scene.stage;
        let outcomes = platform.rescue(stage, Peril::Grant, &loan);
        let outcomes = outcomes.map_err(refused("file a grant"))?;
        let [Ok(Settled::Filed(claim))] = outcomes[..] else {
            return Err(DemoError::NotSo {
                what: format!("the grant of {name} waits for its window: {outcomes:?}"),
            });
        };
        self.play.scene.waiting.note(claim);
        let asked = money(self.stage(), self.claim(claim)?.amount);
        self.tell(
            "keeper",
            format!("files claim {claim} for {name}: {asked} waits 48 h"),
        );
        Ok(claim)
    }

    /// A claim as the pool has it.
    pub fn claim(&self, claim: u32) -> Result<cover::Claim, DemoError> {
        let world = &self.stage().world;
        let open = world.cover.claim(claim).view(&world.ledger);
        let open = open.map_err(refused("read a claim"))?;
        open.ok_or_else(|| DemoError::NotSo {
            what: format!("claim {claim} is open"),
        })
    }

    /// Somebody doubts a claim, and gives a bond for it.
    pub fn challenge(
        &mut self,
        (claim, borrower): (u32, usize),
        by: &Keypair,
    ) -> Result<Case, DemoError> {
        let call = self.stage().world.cover.challenge(claim, by);
        let bond = self.stage_mut().send("challenge a claim", call, by)?;
        let who = self.name_of(&by.address());
        let what = format!(
            "challenges claim {claim}, bond {}",
            money(self.stage(), bond)
        );
        self.tell(&who, what);
        self.case(DisputeKind::Challenge, (claim, borrower), by)
    }

    /// An owner asks the court for a loss that no contract proves: a fall that begins now.
    pub fn appeal(&mut self, borrower: usize, loss: i128, by: &Keypair) -> Result<Case, DemoError> {
        let (interest, now) = (self.borrower(borrower)?.interest(), self.stage().now());
        let appeal = cover::Appeal {
            peril: cover::Peril::Grant,
            amount: loss,
            occurred_at: now,
        };
        let call = self.stage().world.cover.appeal(&interest, &appeal, by);
        let claim = self.stage_mut().send("appeal", call, by)?;
        if let Some(borrower) = self.play.scene.borrowers.get_mut(borrower) {
            borrower.appealed_for = Some(now);
        }
        self.play.scene.waiting.note(claim);
        let case = self.case(DisputeKind::Appeal, (claim, borrower), by)?;
        let (asked, bond) = (
            money(self.stage(), case.asked),
            money(self.stage(), case.bond),
        );
        let (who, loss) = (self.name_of(&by.address()), money(self.stage(), loss));
        let what = format!("appeals for a loss of {loss}: claim {claim} of {asked}, bond {bond}");
        self.tell(&who, what);
        Ok(case)
    }

    fn case(
        &mut self,
        kind: DisputeKind,
        (claim, borrower): (u32, usize),
        by: &Keypair,
    ) -> Result<Case, DemoError> {
        let open = self.claim(claim)?;
        self.play.scene.flows.bonds += open.bond;
        Ok(Case {
            claim,
            kind,
            borrower,
            by: by.clone(),
            asked: open.amount,
            bond: open.bond,
            returned: 0,
            granted: None,
        })
    }

    /// What those who gave bonds have now.
    pub fn purses(&self, cases: &[&mut Case]) -> Vec<i128> {
        let purse = |case: &&mut Case| self.balance(&case.by.address());
        cases.iter().map(purse).collect()
    }

    /// Takes note of what a vote decided; `purse` is what who gave the bond had before it.
    pub fn was_decided(&mut self, case: &mut Case, purse: i128) -> Result<(), DemoError> {
        let granted = self.claim(case.claim)?.amount;
        case.returned = self.balance(&case.by.address()) - purse;
        case.granted = Some(granted);
        self.play.scene.flows.bonds_sent += case.returned;
        let (claim, stage) = (case.claim, self.stage());
        let (granted, returned) = (money(stage, granted), money(stage, case.returned));
        let what = format!("grants {granted} of claim {claim}; of its bond {returned} comes back");
        self.tell("court", what);
        Ok(())
    }

    /// Tries to have a claim paid; nothing changes.
    pub fn try_finalize(&mut self, claim: u32) -> Result<i128, DemoError> {
        self.try_out(|play| play.platform.finalize(&mut play.scene.stage, claim))
    }

    /// Has a claim paid whose time has come, and writes down what became of it and of its bond.
    pub fn finalize(&mut self, case: &Case) -> Result<(), DemoError> {
        let owner = self.borrower(case.borrower)?.key.address();
        let (reserve, purse) = (reserve_of(self.stage()), self.balance(&owner));
        let paid = self.pay(case)?;
        let borne = reserve_part(Assets::from_raw(paid), Assets::from_raw(reserve)).raw();
        let to_reserve = reserve_of(self.stage()) - reserve + borne;
        let to_owner = self.balance(&owner) - purse;
        let to_lps = case.bond - case.returned - to_owner - to_reserve;
        let flows = &mut self.play.scene.flows;
        flows.was_paid(paid, borne);
        flows.bonds_sent += to_owner;
        flows.bonds_of_lps += to_lps;
        let dispute = Dispute {
            claim: case.claim,
            kind: case.kind,
            by: self.name_of(&case.by.address()),
            insured: self.borrower(case.borrower)?.name.to_owned(),
            asset: self.stage().world.usdc.code.clone(),
            asked: Amount(case.asked),
            granted: Amount(case.granted.unwrap_or(paid)),
            decided_by: case.granted.map_or(Decider::Time, |_| Decider::Court),
            paid: Amount(paid),
            bond: Amount(case.bond),
            bond_returned: Amount(case.returned),
            bond_to_owner: Amount(to_owner),
            bond_to_lps: Amount(to_lps),
            bond_to_reserve: Amount(to_reserve),
        };
        self.tell("keeper", self.in_words(&dispute));
        self.disputes.push(dispute);
        Ok(())
    }

    /// Has a claim paid into its loan. Returns the amount.
    fn pay(&mut self, case: &Case) -> Result<i128, DemoError> {
        let loan = self.borrower(case.borrower)?.loan.clone();
        let (platform, scene) = (self.play.platform.as_ref(), &mut self.play.scene);
        let before = platform.health(&scene.stage, &loan);
        let paid = platform.finalize(&mut scene.stage, case.claim)?;
        let after = platform.health(&scene.stage, &loan);
        let own = scene.borrowers.get_mut(case.borrower);
        if let Some(borrower) = own.filter(|_| paid > 0) {
            borrower.was_paid(&scene.stage, paid, (before, after));
        }
        Ok(paid)
    }

    fn in_words(&self, dispute: &Dispute) -> String {
        let stage = self.stage();
        let mut words = format!(
            "settles claim {} of {}: {} paid",
            dispute.claim,
            dispute.insured,
            money(stage, dispute.paid.0)
        );
        let parts = [
            (dispute.bond_to_owner, "to its owner"),
            (dispute.bond_to_lps, "to the LPs"),
            (dispute.bond_to_reserve, "to the reserve"),
        ];
        for (part, whom) in parts.iter().filter(|(part, _)| part.0 > 0) {
            words.push_str(&format!(", {} of the bond {whom}", money(stage, part.0)));
        }
        words
    }
}
