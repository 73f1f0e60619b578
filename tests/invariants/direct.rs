//! Cover on the stage that no loan stands behind: of vaults, and of an adapter that says what it likes.

use testkit::{
    asset::UNIT,
    bindings::{blend_lenders as lenders, cover_pool as cover, insured_vault, OnLedger},
    world::{deposit_group, peril},
};

use crate::stage::{Stage, DIRECT};

impl Stage {
    pub fn direct_group(&self) -> cover::GroupTerms {
        use cover::Peril::{Advance, Collateral, Contract, Default, Grant};
        let perils = [Advance, Grant, Default, Collateral, Contract];
        cover::GroupTerms {
            adapter: self.insurer.address(),
            cap: 1_000_000,
            deductible: 10 * UNIT,
            perils: perils
                .map(|sold| peril(sold, 200_000, 700_000, 10_000_000))
                .to_vec(),
            platform: Some(self.world.pool.address.clone()),
            subject_cap: 600_000,
            ..deposit_group(&self.world.lenders.0)
        }
    }

    pub fn insure_vault(&self) {
        let (world, ledger, owner) = (&self.world, &self.world.ledger, &self.world.owner);
        let lp = &self.lps[2];
        self.insured_vault
            .deposit(150_000 * UNIT, lp, lp, lp)
            .send(ledger, lp)
            .unwrap();
        world.usdc.mint(ledger, &owner.address(), 100_000 * UNIT);
        let request = insured_vault::CoverRequest {
            limit: 100_000 * UNIT,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![
                insured_vault::Peril::Default,
                insured_vault::Peril::Contract,
            ],
            route: insured_vault::Route::Repay,
            weeks: 12,
        };
        self.insured_vault
            .insure(&self.insured_vault.0, &request)
            .send(ledger, owner)
            .unwrap();
    }

    /// The vault that is an account, two accounts, and the first position, which is insured twice.
    pub fn insure_directly(&self) {
        let (world, ledger) = (&self.world, &self.world.ledger);
        let request = lenders::CoverRequest {
            limit: 20_000 * UNIT,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![lenders::Peril::Default],
            route: lenders::Route::Repay,
            weeks: 7,
        };
        world
            .lenders
            .insure_vault(&self.vault, &self.vault, &request)
            .send(ledger, &self.vault)
            .unwrap();
        let subjects = [
            self.subjects[0].address(),
            self.subjects[2].address(),
            self.positions[0].clone(),
        ];
        for (weeks, subject) in (5..).zip(subjects) {
            use cover::Peril::{Advance, Collateral, Contract, Default, Grant};
            let application = cover::Application {
                group: DIRECT,
                interest: cover::Interest(subject, cover::Class::Deposit),
                limit: 25_000 * UNIT,
                ltv: 3_000_000,
                max_premium: 5_000 * UNIT,
                max_rate: 5_000_000,
                owner: self.subjects[0].address(),
                payer: self.insurer.address(),
                perils: vec![Advance, Grant, Default, Collateral, Contract],
                route: cover::Route::Repay,
                weeks,
            };
            world
                .cover
                .open(&application)
                .send(ledger, &self.insurer)
                .unwrap();
        }
    }
}
