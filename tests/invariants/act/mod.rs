//! What each action does.

mod advances;
mod blend;
mod direct;
mod governance;
mod loans;
mod market;
mod roles;
mod salvage;
mod settle;
mod shares;
mod time;
mod vault;

use localnet::{xdr::ScAddress, FromScVal, Keypair, Outcome};
use testkit::bindings::{
    blend_adapter as adapter, blend_lenders as lenders, cover_pool as cover, Call,
};

use crate::{
    follow::Told,
    rules::{Broken, Rules},
    run::Run,
    shadow::{Key, Policy, DAY},
    step::{Action, Ask},
};

/// What a call came to: nothing when it was refused.
type Reply = Result<Option<Outcome>, Broken>;

impl Run<'_> {
    #[rustfmt::skip] // One action after the other, on one line each.
    pub fn act(&mut self, action: &Action) -> Rules {
        use Action::*;
        match *action {
            Wait { seconds } => self.wait(seconds),
            Watch { steps } => self.watch(steps),
            Sleep { hours } => self.sleep(hours),
            Until { nth, early, warm } => self.until(nth, early, warm),
            Price { asset, permille } => self.price(asset, permille),
            Diverge { feed, permille } => self.diverge(feed, permille),
            Silence { asset, feed } => self.silence(asset, feed),
            Sink { loan, health } => self.sink(loan, health),
            Poke => self.poke(),
            Trigger => self.trigger(),
            SetThreshold { threshold } => self.set_threshold(threshold),
            Stake { lp, size } => self.stake(lp, size),
            Deposit { lp, size } => self.deposit(lp, size),
            Mint { lp, size } => self.mint(lp, size),
            Request { lp, size } => self.request(lp, size),
            Fulfil { lp, slot, by_stranger } => self.fulfil(lp, slot, by_stranger),
            Redeem { lp, size } => self.redeem(lp, size),
            WithdrawShares { lp, size } => self.withdraw_shares(lp, size),
            Transfer { from, to, size } => self.transfer(from, to, size),
            Approve { from, to, size } => self.approve(from, to, size),
            TransferFrom { from, to, size } => self.transfer_from(from, to, size),
            WithdrawClaimable { who } => self.withdraw_claimable(who),
            Donate { size } => self.donate(size),
            CheckBacking => self.check_backing(),
            OpenLoan { borrower, collateral, debt, ask } => self.open_loan(borrower, collateral, debt, ask),
            Insure { loan, ask } => self.insure(loan, ask),
            Renew { loan, limit, weeks } => self.renew(loan, limit, weeks),
            TopUp { loan, size } => self.top_up(loan, size),
            Cancel { loan } => self.cancel(loan),
            Supply { loan, size } => self.supply(loan, size),
            Borrow { loan, size } => self.borrow(loan, size),
            TakeOut { loan, size } => self.take_out(loan, size),
            Close { loan } => self.close(loan),
            Repay { loan, size, by_stranger } => self.repay(loan, size, by_stranger),
            Sweep { loan } => self.sweep(loan),
            ClaimEmissions { loan } => self.claim_emissions(loan),
            Rescue { loans } => self.rescue(loans),
            Grant { loans } => self.grant(loans),
            FinalizeAdvance { claim } => self.finalize_advance(claim),
            Finalize { claim } => self.finalize(claim),
            PayBack { loan, size, by_stranger } => self.pay_back(loan, size, by_stranger),
            Refinance { loan } => self.refinance(loan),
            StartForeclosure { loan } => self.start_foreclosure(loan),
            Cure { loan } => self.cure(loan),
            Foreclose { loan, assigned } => self.foreclose(loan, assigned),
            Collect { who } => self.collect(who),
            InsureVault { ask } => self.insure_vault(ask),
            RenewVault { limit, weeks } => self.renew_vault(limit, weeks),
            CancelVault => self.cancel_vault(),
            PayVault { loss, ago, missing } => self.pay_vault(loss, ago, missing),
            Record => self.record(),
            DirectOpen { subject, ask, perils } => self.direct_open(subject, ask, perils),
            DirectRenew { subject, limit, weeks } => self.direct_renew(subject, limit, weeks),
            DirectTopUp { subject, size } => self.direct_top_up(subject, size),
            DirectCancel { subject } => self.direct_cancel(subject),
            DirectPay { subject, peril, loss, event, ago, rescues } => self.direct_pay(subject, (peril, rescues), loss, event, ago),
            DirectDraw { subject, size, sources } => self.direct_draw(subject, size, sources),
            DirectFinalizeDraw { claim, size } => self.direct_finalize_draw(claim, size),
            DirectForeclose { subject, recovered } => self.direct_foreclose(subject, recovered),
            Liquidate { loan, percent } => self.liquidate(loan, percent),
            Fill { loan, percent } => self.fill(loan, percent),
            BadDebt { loan } => self.bad_debt(loan),
            Lend { size } => self.lend(size),
            Unlend { size } => self.unlend(size),
            QueueBackstop => self.queue_backstop(),
            WithdrawBackstop => self.withdraw_backstop(),
            ThinBackstop => self.thin_backstop(),
            Ruin { loan } => self.ruin(loan),
            Offer { claim } => self.offer(claim),
            Buy { claim, size } => self.buy(claim, size),
            VaultDeposit { lp, size } => self.vault_deposit(lp, size),
            VaultMint { lp, size } => self.vault_mint(lp, size),
            VaultWithdraw { lp, size } => self.vault_withdraw(lp, size),
            VaultRedeem { lp, size } => self.vault_redeem(lp, size),
            VaultInvest { size } => self.vault_invest(size),
            VaultDivest { size } => self.vault_divest(size),
            VaultInsure { ask, by_itself } => self.vault_insure(ask, by_itself),
            VaultRenew { limit, weeks } => self.vault_renew(limit, weeks),
            VaultCancel => self.vault_cancel(),
            VaultSettle => self.vault_settle(),
            Trust { subject } => self.trust(subject),
            SetBase { group, peril, permille } => self.set_base(group, peril, permille),
            SetCap { group, cap } => self.set_cap(group, cap),
            SetCaps { rate } => self.set_caps(rate),
            SetTerms { bounty, daily_share } => self.set_terms(bounty, daily_share),
            Pause { scope } => self.pause(scope),
            Unpause { scope } => self.unpause(scope),
            Clawback { size } => self.clawback(size),
            Recapitalise { size } => self.recapitalise(size),
            SettleImpairment => self.settle_impairment(),
            Resume => self.resume(),
            Intrude { entry, loan, size } => self.intrude(entry, loan, size),
            Blend(ref action) => self.about_blend(action),
            Market(ref action) => self.on_market(action),
            Governance(ref action) => self.on_governance(action),
        }
    }

    fn pool(&self) -> cover::Client {
        self.stage.world.cover.clone()
    }

    fn adapter(&self) -> adapter::Client {
        self.stage.world.adapter.clone()
    }

    fn lenders(&self) -> lenders::Client {
        self.stage.world.lenders.clone()
    }

    /// A call that only `signer` may make.
    fn own<R: FromScVal>(&mut self, call: Call<R>, signer: &Keypair) -> Reply {
        self.guarded(call, &[signer], Told::default())
    }

    /// A call that anyone may make.
    fn anyone<R: FromScVal>(&mut self, call: Call<R>) -> Reply {
        let keeper = self.stage.world.keeper.clone();
        self.send(call, &[&keeper], Told::default())
    }

    fn lp(&self, number: u8) -> Keypair {
        self.stage.lps[usize::from(number) % self.stage.lps.len()].clone()
    }

    fn position(&self, number: u8) -> ScAddress {
        self.positions[usize::from(number) % self.positions.len()].clone()
    }

    /// Whose a position is: its borrower's, or whose it has become.
    fn owner_of(&self, position: &ScAddress) -> Keypair {
        let owner = self.stage.owner_of(position);
        let owner = owner.expect("a position shows what it is");
        self.stage.person(&owner).expect("a known owner").clone()
    }

    /// The loan that a number means among those of which `is_apt` is true; one in eight numbers means any.
    fn apt(&self, number: u8, is_apt: impl Fn(&Self, &Key, &Policy) -> bool) -> u8 {
        let has = |index: &usize| {
            let key = (self.positions[*index].clone(), cover::Class::Loan as u32);
            self.policy(&key)
                .is_some_and(|policy| is_apt(self, &key, policy))
        };
        let apt: Vec<_> = (0..self.positions.len()).filter(has).collect();
        match choose(&apt, number) {
            Some(index) => *index as u8,
            None => number,
        }
    }

    /// Whether a policy may be renewed now, but for its terms.
    fn is_renewable(&self, policy: &Policy) -> bool {
        let now = self.now();
        now + 3 * DAY >= policy.end && now < policy.end && !policy.is_busy()
    }

    /// Whether a policy may be cancelled now.
    fn is_cancellable(&self, policy: &Policy) -> bool {
        let now = self.now();
        now >= policy.start + 7 * DAY && now < policy.end && !policy.is_busy()
    }

    fn loan_key(&self, number: u8) -> Key {
        (self.position(number), cover::Class::Loan as u32)
    }

    fn policy(&self, key: &Key) -> Option<&Policy> {
        self.shadow.policies.get(key)
    }

    fn balance(&self, holder: &ScAddress) -> i128 {
        self.stage
            .world
            .usdc
            .balance(&self.stage.world.ledger, holder)
    }
}

/// What a number means among `apt` ones; nothing when there are none, and for one in eight numbers.
fn choose<T>(apt: &[T], number: u8) -> Option<&T> {
    let is_any = number % 8 == 7;
    apt.get(usize::from(number / 8) % apt.len().max(1))
        .filter(|_| !is_any)
}

/// The request that a borrower makes.
fn request(ask: Ask, limit: i128, perils: Vec<adapter::Peril>) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit,
        max_premium: 20_000 * testkit::asset::UNIT,
        max_rate: if ask.renews { 5_000_000 } else { 0 },
        perils,
        route: if ask.buys {
            adapter::Route::BuyCollateral
        } else {
            adapter::Route::Repay
        },
        weeks: ask.weeks,
    }
}
