//! What governance, the risk role, the guardian and the token's issuer do; and what nobody may do.

use localnet::{Auth, FromScVal, Outcome};
use testkit::bindings::{blend_lenders::Peril, cover_pool as cover, position, salvage, Call};

use super::Run;
use crate::{
    follow::Told,
    rules::{expect, Rules},
    stage::{correlated, DIRECT},
    step::Part,
};

impl Run<'_> {
    /// Owners move nobody's money.
    pub(super) fn govern<R: FromScVal>(&mut self, call: Call<R>) -> Rules {
        let reply = self.by_owner(call, false)?;
        self.moves_nothing(reply)
    }

    /// Of what a role did.
    fn moves_nothing(&self, reply: Option<Outcome>) -> Rules {
        let token = self.stage.world.usdc.contract.clone();
        let Some(outcome) = reply else {
            return Ok(());
        };
        let moves = outcome.events.iter().any(|event| event.contract == token);
        expect("I15", !moves, || "a role moved money".into())
    }

    pub(super) fn trust(&mut self, subject: u8) -> Rules {
        let world = &self.stage.world;
        let holder = &self.stage.subjects[usize::from(subject) % self.stage.subjects.len()];
        // Fails when it is there already.
        let _ = world
            .ledger
            .create_trustline(holder, &world.usdc.classic, i64::MAX);
        Ok(())
    }

    pub(super) fn set_base(&mut self, group: u8, peril: u8, permille: u32) -> Rules {
        let number = u32::from(group) % (DIRECT + 1);
        let perils = &self.shadow.groups[number as usize].perils;
        let sold = perils[usize::from(peril) % perils.len()].clone();
        let base = (u64::from(sold.base) * u64::from(permille) / 1_000) as u32;
        let risk = self.stage.governance.risk.clone();
        let reply = self.own(self.pool().set_base(number, &sold.peril, base), &risk)?;
        self.moves_nothing(reply)
    }

    pub(super) fn set_cap(&mut self, group: u8, cap: u32) -> Rules {
        let number = u32::from(group) % (DIRECT + 1);
        let terms = cover::GroupTerms {
            cap,
            ..self.shadow.groups[number as usize].clone()
        };
        self.govern(self.pool().set_group(number, &terms))
    }

    pub(super) fn set_caps(&mut self, rate: u32) -> Rules {
        let caps = vec![cover::Cap {
            groups: correlated(),
            rate,
        }];
        self.govern(self.pool().set_caps(&caps))
    }

    pub(super) fn set_terms(&mut self, bounty: Part, daily_share: u32) -> Rules {
        let bounty = bounty.of(testkit::asset::UNIT);
        let terms = cover::Terms {
            bounty,
            daily_share,
            ..self.shadow.terms().clone()
        };
        self.govern(self.pool().set_terms(&terms))
    }

    fn scope(number: u8) -> cover::Scope {
        use cover::Scope::{Claims, Deposits, Exits, Sales};
        [Deposits, Sales, Exits, Claims][usize::from(number) % 4]
    }

    pub(super) fn pause(&mut self, scope: u8) -> Rules {
        let guardian = self.stage.governance.guardian.clone();
        let reply = self.own(self.pool().pause(&Self::scope(scope)), &guardian)?;
        self.moves_nothing(reply)
    }

    pub(super) fn unpause(&mut self, scope: u8) -> Rules {
        self.govern(self.pool().unpause(&Self::scope(scope)))
    }

    /// The issuer takes tokens from the pool: the one thing that can impair it.
    pub(super) fn clawback(&mut self, size: Part) -> Rules {
        let world = &self.stage.world;
        let (pool, issuer) = (world.cover.0.clone(), &world.usdc.issuer);
        let amount = size.of(self.balance(&pool));
        let taken = world.ledger.call(
            issuer,
            &world.usdc.contract,
            "clawback",
            (&pool, amount),
            Auth::Sign(&[]),
        );
        match taken {
            Ok(outcome) => {
                self.shadow
                    .follow(&outcome.events, &self.stage.sources(), &Told::default())?
            }
            Err(_) => return Ok(()),
        }
        self.check_backing()
    }

    pub(super) fn recapitalise(&mut self, size: Part) -> Rules {
        let giver = self.stage.lender.clone();
        let amount = size.of(self.balance(&giver.address()));
        self.own(self.pool().recapitalise(&giver, amount), &giver)
            .map(drop)
    }

    pub(super) fn settle_impairment(&mut self) -> Rules {
        self.anyone(self.pool().settle_impairment()).map(drop)
    }

    pub(super) fn resume(&mut self) -> Rules {
        self.by_owner(self.pool().resume(), false).map(drop)
    }

    /// What is for contracts and for the owner alone, tried by the attacker in their own name.
    pub(super) fn intrude(&mut self, entry: u8, loan: u8, size: Part) -> Rules {
        let (pool, adapter, lenders) = (self.pool(), self.adapter(), self.lenders());
        let subject = self.position(loan);
        let position = position::Client(subject.clone());
        let interest = cover::Interest(subject.clone(), cover::Class::Loan);
        let (me, amount) = (
            self.stage.attacker.clone(),
            size.of(self.balance(&self.stage.attacker.address())),
        );
        let hash = [7; 32];
        let now = self.now();
        let stage = self.stage;
        let salvage = stage.world.salvage.clone();
        let lot = salvage::Lot {
            amount: 1,
            asset: stage.world.usdc.contract.clone(),
            owner: me.address(),
            sold_from: None,
            is_denied: false,
            surrendered: 1,
            value: amount,
        };
        match entry % 28 {
            0 => self.forge(&position.open(amount, amount), &me),
            1 => self.forge(&position.refinance(amount), &me),
            2 => self.forge(&position.assign(&me), &me),
            3 => self.forge(&position.foreclose(&me, amount, i64::MAX.into()), &me),
            4 => self.forge(&position.buy_collateral(amount), &me),
            5 => self.forge(&pool.draw(&interest, amount, 1, 3, &me), &me),
            6 => self.forge(&pool.foreclose(&interest, &me, 0), &me),
            7 => self.forge(&pool.top_up(&interest, &me, amount, 0, amount), &me),
            8 => self.forge(&pool.renew(&interest, amount, 4, 0, &me), &me),
            9 => {
                let roles = [me.address(), me.address(), me.address()];
                let [risk, guardian, court] = roles;
                let roles = cover::Roles {
                    court,
                    guardian,
                    risk,
                };
                self.forge(&pool.set_roles(&roles), &me)
            }
            10 => self.forge(&pool.migrate(), &me),
            11 => self.forge(&pool.upgrade(&hash, &me), &me),
            12 => self.forge(&pool.transfer_ownership(&me, u32::MAX), &me),
            13 => self.forge(&pool.resume(), &me),
            14 => self.forge(&adapter.upgrade(&hash, &me), &me),
            15 => self.forge(&lenders.renew_vault(&stage.vault, amount, 4, &me), &me),
            16 => self.forge(&adapter.transfer_ownership(&me, u32::MAX), &me),
            17 => self.forge(
                &lenders.pay_vault(&stage.vault, &Peril::Default, amount, now, &me),
                &me,
            ),
            18 => self.forge(&lenders.cancel_vault(&stage.vault), &me),
            19 => self.forge(&pool.transfer(&stage.lps[0], &me, 1), &me),
            20 => self.forge(&pool.request_redeem(&stage.lps[0], 1), &me),
            21 => self.forge(&position.surrender(1, &me, 1), &me),
            22 => self.forge(&position.watch(i128::from(i64::MAX)), &me),
            23 => self.forge(&position.forget(), &me),
            24 => self.forge(&adapter.surrender(&subject, 1, 0), &me),
            25 => self.forge(&salvage.book(&adapter.0, u32::MAX - 1, &lot), &me),
            26 => self.forge(&salvage.book(&me, u32::MAX - 1, &lot), &me),
            _ => self.forge(&pool.accept_ownership(), &me),
        }
    }
}
