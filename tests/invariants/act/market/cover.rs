//! Cover of loans and of the lenders as a whole: renewed, changed, ended; and the deficits that the latter is for.

use localnet::Keypair;
use testkit::{
    bindings::{market_adapter as insurer, OnLedger},
    market::MARKET_LENDERS,
};

use super::Run;
use crate::{
    rules::Rules,
    shadow::{Key, DAY},
    step::{Ask, Part},
};

/// Seconds after which a deficit that was seen may be seen again.
const SIGHT: u64 = 3_600;

impl Run<'_> {
    /// Who holds a policy.
    fn holder(&self, key: &Key) -> Option<Keypair> {
        self.policy(key).map(|policy| self.actor(&policy.owner))
    }

    /// Half of those who renew wait until they may.
    fn wait_for_renewal(&mut self, number: u8) -> Rules {
        let now = self.now();
        let (_, key) =
            self.market_subject(number, |_, policy| now < policy.end && !policy.is_busy());
        let opens = self.policy(&key).map_or(0, |policy| policy.end - 2 * DAY);
        if number.is_multiple_of(2) || opens <= now {
            return Ok(());
        }
        self.sleep(((opens - now) / 3_600) as u32)
    }

    pub(super) fn market_renew(&mut self, loan: u8, limit: Part, weeks: u32) -> Rules {
        self.wait_for_renewal(loan)?;
        self.calm(loan)?;
        let (subject, key) = self.market_subject(loan, |run, policy| run.is_renewable(policy));
        let (Some(holder), Some(policy)) = (self.holder(&key), self.policy(&key)) else {
            return Ok(());
        };
        let left = policy.limit;
        let limit = limit.of(left);
        self.stage.approve(&holder, 10_000 * testkit::asset::UNIT);
        let keeper = self.stage.world.keeper.clone();
        let call = self.insurer().renew(&subject, limit, weeks, &keeper);
        if limit == left {
            return self.anyone(call).map(drop);
        }
        self.own(call, &holder).map(drop)
    }

    pub(super) fn market_top_up(&mut self, loan: u8, size: Part) -> Rules {
        self.calm(loan)?;
        let now = self.now();
        let (subject, key) =
            self.market_subject(loan, |_, policy| now < policy.end && !policy.is_busy());
        let Some(holder) = self.holder(&key) else {
            return Ok(());
        };
        let most = 10_000 * testkit::asset::UNIT;
        let amount = size.of(most);
        let call = self.insurer().top_up(&subject, amount, most);
        self.own(call, &holder).map(drop)
    }

    pub(super) fn market_cancel(&mut self, loan: u8) -> Rules {
        self.calm(loan)?;
        let (subject, key) = self.market_subject(loan, |run, policy| run.is_cancellable(policy));
        let Some(holder) = self.holder(&key) else {
            return Ok(());
        };
        self.own(self.insurer().cancel(&subject), &holder).map(drop)
    }

    pub(super) fn market_insure_lenders(&mut self, lender: u8, ask: Ask) -> Rules {
        self.calm(lender)?;
        let (lender, market) = (self.market_lender(lender), self.platform().0);
        let room = self.pool().room(MARKET_LENDERS);
        let room = room.view(&self.stage.world.ledger).unwrap_or_default();
        let request = insurer::CoverRequest {
            limit: ask.limit.of(room),
            max_premium: 20_000 * testkit::asset::UNIT,
            max_rate: if ask.renews { 5_000_000 } else { 0 },
            perils: vec![insurer::Peril::Contract],
            route: insurer::Route::Adapter,
            weeks: ask.weeks,
        };
        let call = self.insurer().insure_lenders(&market, &lender, &request);
        self.own(call, &lender).map(drop)
    }

    /// A look at what is missing, and when that was the first one perhaps a second look.
    pub(super) fn market_prove_deficit(&mut self, looks_again: bool) -> Rules {
        let before = self.market.sight;
        self.look_at_deficit()?;
        if looks_again && before.is_none() && self.market.sight.is_some() {
            self.wait(SIGHT)?;
            self.look_at_deficit()?;
        }
        Ok(())
    }

    fn look_at_deficit(&mut self) -> Rules {
        let (market, keeper) = (self.platform().0, self.stage.world.keeper.clone());
        let proven = self.anyone(self.insurer().prove_deficit(&market, &keeper))?;
        let Some(outcome) = proven else {
            return Ok(());
        };
        if outcome.events.iter().any(|event| event.is_named("filed")) {
            self.note("filed");
        }
        if outcome.get::<i128>().is_ok_and(|paid| paid > 0) {
            self.note("paid");
        }
        Ok(())
    }
}
