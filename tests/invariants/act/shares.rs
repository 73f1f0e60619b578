//! LPs and their shares.

use localnet::{xdr::ScAddress, Auth, Keypair};

use super::Run;
use crate::{
    follow::Told,
    rules::{expect, Rules},
    shadow::EXIT_DELAY,
    step::Part,
};

impl Run<'_> {
    fn shares_of(&self, owner: &Keypair) -> i128 {
        self.shadow
            .balances
            .get(&owner.address())
            .copied()
            .unwrap_or_default()
    }

    /// Most of what an LP stakes at once.
    fn stakeable(&self, lp: &Keypair) -> i128 {
        self.balance(&lp.address())
            .min(500_000 * testkit::asset::UNIT)
    }

    pub(super) fn stake(&mut self, lp: u8, size: Part) -> Rules {
        let lp = self.lp(lp);
        let assets = size.of(self.stakeable(&lp));
        self.own(self.pool().stake(&lp, assets, 1), &lp).map(drop)
    }

    pub(super) fn deposit(&mut self, lp: u8, size: Part) -> Rules {
        let (receiver, lp) = (self.lp(lp.wrapping_add(1)), self.lp(lp));
        let assets = size.of(self.stakeable(&lp));
        self.own(self.pool().deposit(assets, &receiver, &lp, &lp), &lp)
            .map(drop)
    }

    pub(super) fn mint(&mut self, lp: u8, size: Part) -> Rules {
        let lp = self.lp(lp);
        let shares = size.of(self.stakeable(&lp)).saturating_mul(900);
        self.own(self.pool().mint(shares, &lp, &lp, &lp), &lp)
            .map(drop)
    }

    pub(super) fn request(&mut self, lp: u8, size: Part) -> Rules {
        let lp = self.lp(lp);
        let shares = size.of(self.shares_of(&lp));
        self.own(self.pool().request_redeem(&lp, shares), &lp)
            .map(drop)
    }

    pub(super) fn fulfil(&mut self, lp: u8, slot: u8, by_stranger: bool) -> Rules {
        let due = self.due_exits();
        let (lp, slot) = super::choose(&due, lp)
            .cloned()
            .unwrap_or((self.lp(lp), u32::from(slot) % 9));
        let caller = if by_stranger {
            self.stage.world.keeper.clone()
        } else {
            lp.clone()
        };
        let reply = self.own(self.pool().fulfil(&lp, slot, &caller, 1), &caller)?;
        let mut open = self.shadow.claims.values();
        let is_fair = !open.any(|claim| claim.is_appeal && claim.disputed_by.is_some());
        expect("D4", reply.is_none() || !by_stranger || is_fair, || {
            "a stranger cashes a leaver out while an appeal is open".into()
        })
    }

    /// Exits whose delay is over, by owner and slot.
    fn due_exits(&self) -> Vec<(Keypair, u32)> {
        let now = self.now();
        let due = self
            .shadow
            .exits
            .iter()
            .filter(|(_, exit)| now >= exit.requested_at + EXIT_DELAY);
        let owner = |owner: &ScAddress| self.stage.lps.iter().find(|lp| lp.address() == *owner);
        due.filter_map(|((holder, slot), _)| Some((owner(holder)?.clone(), *slot)))
            .collect()
    }

    /// An LP, most often one with an exit that is due.
    fn leaver(&self, number: u8) -> Keypair {
        super::choose(&self.due_exits(), number)
            .map_or_else(|| self.lp(number), |(lp, _)| lp.clone())
    }

    /// Shares of an LP's exits that are due.
    fn matured(&self, owner: &ScAddress) -> i128 {
        let now = self.now();
        let of_owner = self
            .shadow
            .exits
            .iter()
            .filter(|((holder, _), _)| holder == owner);
        let due = of_owner.filter(|(_, exit)| now >= exit.requested_at + EXIT_DELAY);
        due.map(|(_, exit)| exit.shares).sum()
    }

    pub(super) fn redeem(&mut self, lp: u8, size: Part) -> Rules {
        let (receiver, lp) = (self.lp(lp), self.leaver(lp));
        let shares = size.of(self.matured(&lp.address()));
        self.own(self.pool().redeem(shares, &receiver, &lp, &lp), &lp)
            .map(drop)
    }

    pub(super) fn withdraw_shares(&mut self, lp: u8, size: Part) -> Rules {
        let lp = self.leaver(lp);
        let assets = size.of(self.shadow.value().assets_down(self.matured(&lp.address())));
        self.own(self.pool().withdraw(assets, &lp, &lp, &lp), &lp)
            .map(drop)
    }

    pub(super) fn transfer(&mut self, from: u8, to: u8, size: Part) -> Rules {
        let (from, to) = (self.lp(from), self.lp(to));
        let shares = size.of(self.shares_of(&from));
        self.own(self.pool().transfer(&from, &to, shares), &from)
            .map(drop)
    }

    pub(super) fn approve(&mut self, from: u8, to: u8, size: Part) -> Rules {
        let (from, to) = (self.lp(from), self.lp(to));
        let until = self.stage.world.ledger.sequence() + 1_000;
        let shares = size.of(self.shares_of(&from));
        self.own(self.pool().approve(&from, &to, shares, until), &from)
            .map(drop)
    }

    pub(super) fn transfer_from(&mut self, from: u8, to: u8, size: Part) -> Rules {
        let (from, to) = (self.lp(from), self.lp(to));
        let shares = size.of(self.shares_of(&from));
        self.own(self.pool().transfer_from(&to, &from, &to, shares), &to)
            .map(drop)
    }

    pub(super) fn withdraw_claimable(&mut self, who: u8) -> Rules {
        let owners: Vec<_> = self.shadow.claimable.keys().cloned().collect();
        let known = &self.stage.recipients;
        let owners = if owners.is_empty() { known } else { &owners };
        let owner = owners[usize::from(who) % owners.len()].clone();
        self.anyone(self.pool().withdraw_claimable(&owner))
            .map(drop)
    }

    /// Changes nothing but the balance.
    pub(super) fn donate(&mut self, size: Part) -> Rules {
        let (world, giver) = (&self.stage.world, &self.stage.lender);
        let (pool, amount) = (
            world.cover.0.clone(),
            size.of(self.balance(&giver.address())),
        );
        let sent = world.ledger.call(
            giver,
            &world.usdc.contract,
            "transfer",
            (giver, &pool, amount),
            Auth::Sign(&[]),
        );
        match sent {
            Ok(outcome) => self.accept(&outcome, &Told::default()),
            Err(_) => Ok(()),
        }
    }

    pub(super) fn check_backing(&mut self) -> Rules {
        self.anyone(self.pool().check_backing()).map(drop)
    }
}
