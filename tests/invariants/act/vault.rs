//! The insured vault and its depositors.

use testkit::bindings::{insured_vault as vault, OnLedger};

use super::Run;
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    step::{Ask, Part},
};

impl Run<'_> {
    fn vault(&self) -> vault::Client {
        self.stage.insured_vault.clone()
    }

    fn vault_state(&self) -> Result<vault::VaultState, Broken> {
        let state = self.vault().state().view(&self.stage.world.ledger);
        state.map_err(|error| Broken::new("view", format!("the vault's state fails: {error}")))
    }

    /// The vault's books: it holds its cash, and what waits for it is what the pool knows of.
    fn check_vault(&self) -> Rules {
        let (state, address) = (self.vault_state()?, &self.vault().0);
        let held = self.balance(address);
        expect("I01", held >= state.cash, || {
            format!("the vault holds {held}: {state:?}")
        })?;
        expect_equal(
            "I06",
            "the vault's assets",
            state.assets_low,
            state.lent + state.cash,
        )?;
        expect("I06", state.assets_high >= state.assets_low, || {
            format!("{state:?}")
        })?;
        let filed = self
            .shadow
            .claims
            .values()
            .filter(|claim| claim.key.0 == *address && !claim.is_appeal);
        let filed: i128 = filed.map(|claim| claim.amount).sum();
        expect("I06", state.filed >= filed, || {
            format!("{filed} filed for the vault: {state:?}")
        })
    }

    fn deposited(&self, lp: u8) -> i128 {
        self.vault()
            .balance(self.lp(lp))
            .view(&self.stage.world.ledger)
            .unwrap_or_default()
    }

    fn depositable(&self, lp: u8) -> i128 {
        self.balance(&self.lp(lp).address())
            .min(100_000 * testkit::asset::UNIT)
    }

    pub(super) fn vault_deposit(&mut self, lp: u8, size: Part) -> Rules {
        let (assets, lp) = (size.of(self.depositable(lp)), self.lp(lp));
        self.own(self.vault().deposit(assets, &lp, &lp, &lp), &lp)?;
        self.check_vault()
    }

    pub(super) fn vault_mint(&mut self, lp: u8, size: Part) -> Rules {
        let (shares, lp) = (
            size.of(self.depositable(lp)).saturating_mul(900),
            self.lp(lp),
        );
        self.own(self.vault().mint(shares, &lp, &lp, &lp), &lp)?;
        self.check_vault()
    }

    pub(super) fn vault_withdraw(&mut self, lp: u8, size: Part) -> Rules {
        let lp = self.lp(lp);
        let most = self
            .vault()
            .max_withdraw(&lp)
            .view(&self.stage.world.ledger)
            .unwrap_or_default();
        self.own(self.vault().withdraw(size.of(most), &lp, &lp, &lp), &lp)?;
        self.check_vault()
    }

    pub(super) fn vault_redeem(&mut self, lp: u8, size: Part) -> Rules {
        let (shares, lp) = (size.of(self.deposited(lp)), self.lp(lp));
        self.own(self.vault().redeem(shares, &lp, &lp, &lp), &lp)?;
        self.check_vault()
    }

    pub(super) fn vault_invest(&mut self, size: Part) -> Rules {
        let amount = size.of(self.vault_state()?.cash);
        self.by_owner(self.vault().invest(amount), true)?;
        self.check_vault()
    }

    pub(super) fn vault_divest(&mut self, size: Part) -> Rules {
        let amount = size.of(self.vault_state()?.lent);
        self.by_owner(self.vault().divest(amount), true)?;
        self.check_vault()
    }

    pub(super) fn vault_insure(&mut self, ask: Ask, by_itself: bool) -> Rules {
        let owner = self.stage.world.owner.clone();
        let payer = if by_itself || self.motions.is_governed {
            self.vault().0
        } else {
            localnet::Keypair::address(&owner)
        };
        let request = vault::CoverRequest {
            limit: ask.limit.of(self.vault_state()?.assets_low),
            max_premium: 5_000 * testkit::asset::UNIT,
            max_rate: if ask.renews { 5_000_000 } else { 0 },
            perils: match ask.perils % 4 {
                0 => vec![vault::Peril::Default],
                1 => vec![vault::Peril::Contract],
                _ => vec![vault::Peril::Default, vault::Peril::Contract],
            },
            route: vault::Route::Repay,
            weeks: ask.weeks,
        };
        self.by_owner(self.vault().insure(&payer, &request), true)?;
        self.check_vault()
    }

    pub(super) fn vault_renew(&mut self, limit: Part, weeks: u32) -> Rules {
        let (keeper, key) = (self.stage.world.keeper.clone(), (self.vault().0, 2));
        let limit = limit.of(self.policy(&key).map_or(0, |policy| policy.limit));
        self.anyone(self.vault().renew(limit, weeks, &keeper))?;
        self.check_vault()
    }

    pub(super) fn vault_cancel(&mut self) -> Rules {
        self.by_owner(self.vault().cancel(), true)?;
        self.check_vault()
    }

    pub(super) fn vault_settle(&mut self) -> Rules {
        let keeper = self.stage.world.keeper.clone();
        let paid = self.anyone(self.vault().settle(&keeper))?;
        if paid.is_some_and(|outcome| outcome.get::<i128>().is_ok_and(|paid| paid > 0)) {
            self.note("paid");
        }
        self.check_vault()
    }
}
