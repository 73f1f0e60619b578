//! What can happen, as data: small numbers that mean something in every state, so that any part of a sequence is one, too.

use serde::{Deserialize, Serialize};

use crate::{
    blend::step::BlendAction, governance::step::GovernanceAction, market::step::MarketAction,
};

/// An amount relative to what is there: `of` ten-thousandths of it, and `plus` units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub of: u32,
    pub plus: i32,
}

impl Part {
    /// This part of `whole`, rounded down, and never negative.
    pub fn of(self, whole: i128) -> i128 {
        let part =
            whole / 10_000 * i128::from(self.of) + whole % 10_000 * i128::from(self.of) / 10_000;
        (part + i128::from(self.plus)).max(0)
    }
}

/// What a borrower or a vault asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// 0 advance, 1 grant, 2 both.
    pub perils: u8,
    pub buys: bool,
    pub limit: Part,
    pub weeks: u32,
    pub renews: bool,
}

/// One thing that happens: a call, or time or prices moving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    // ---- time and prices
    /// Time passes, nobody looks.
    Wait {
        seconds: u64,
    },
    /// Five-minute steps, feeds and hub look at each.
    Watch {
        steps: u8,
    },
    /// Time passes, and the hub trusts its window at the end of it.
    Sleep {
        hours: u32,
    },
    /// To the next moment at which something begins or ends, or `early` seconds before.
    Until {
        nth: u8,
        early: u8,
        warm: bool,
    },
    Price {
        asset: u8,
        permille: u32,
    },
    Diverge {
        feed: u8,
        permille: u32,
    },
    Silence {
        asset: u8,
        feed: u8,
    },
    /// The price at which a loan has this health factor, in thousandths, as far as the tape goes.
    Sink {
        loan: u8,
        health: u32,
    },
    Poke,
    Trigger,
    SetThreshold {
        threshold: u32,
    },
    // ---- shares
    Stake {
        lp: u8,
        size: Part,
    },
    Deposit {
        lp: u8,
        size: Part,
    },
    Mint {
        lp: u8,
        size: Part,
    },
    Request {
        lp: u8,
        size: Part,
    },
    Fulfil {
        lp: u8,
        slot: u8,
        by_stranger: bool,
    },
    Redeem {
        lp: u8,
        size: Part,
    },
    WithdrawShares {
        lp: u8,
        size: Part,
    },
    Transfer {
        from: u8,
        to: u8,
        size: Part,
    },
    Approve {
        from: u8,
        to: u8,
        size: Part,
    },
    TransferFrom {
        from: u8,
        to: u8,
        size: Part,
    },
    WithdrawClaimable {
        who: u8,
    },
    Donate {
        size: Part,
    },
    CheckBacking,
    // ---- loans
    OpenLoan {
        borrower: u8,
        collateral: Part,
        debt: Part,
        ask: Option<Ask>,
    },
    Insure {
        loan: u8,
        ask: Ask,
    },
    Renew {
        loan: u8,
        limit: Part,
        weeks: u32,
    },
    TopUp {
        loan: u8,
        size: Part,
    },
    Cancel {
        loan: u8,
    },
    Supply {
        loan: u8,
        size: Part,
    },
    Borrow {
        loan: u8,
        size: Part,
    },
    TakeOut {
        loan: u8,
        size: Part,
    },
    Close {
        loan: u8,
    },
    Repay {
        loan: u8,
        size: Part,
        by_stranger: bool,
    },
    Sweep {
        loan: u8,
    },
    ClaimEmissions {
        loan: u8,
    },
    // ---- settling
    Rescue {
        loans: u8,
    },
    Grant {
        loans: u8,
    },
    FinalizeAdvance {
        claim: u8,
    },
    Finalize {
        claim: u8,
    },
    PayBack {
        loan: u8,
        size: Part,
        by_stranger: bool,
    },
    Refinance {
        loan: u8,
    },
    StartForeclosure {
        loan: u8,
    },
    Cure {
        loan: u8,
    },
    Foreclose {
        loan: u8,
        assigned: bool,
    },
    Collect {
        who: u8,
    },
    // ---- the vault, and an adapter that says what it likes
    InsureVault {
        ask: Ask,
    },
    RenewVault {
        limit: Part,
        weeks: u32,
    },
    CancelVault,
    PayVault {
        loss: Part,
        ago: u32,
        /// A deficit rather than a default.
        missing: bool,
    },
    Record,
    DirectOpen {
        subject: u8,
        ask: Ask,
        perils: u8,
    },
    DirectRenew {
        subject: u8,
        limit: Part,
        weeks: u32,
    },
    DirectTopUp {
        subject: u8,
        size: Part,
    },
    DirectCancel {
        subject: u8,
    },
    DirectPay {
        subject: u8,
        peril: u8,
        loss: Part,
        event: u8,
        ago: u32,
        rescues: bool,
    },
    DirectDraw {
        subject: u8,
        size: Part,
        sources: u8,
    },
    DirectFinalizeDraw {
        claim: u8,
        size: Part,
    },
    DirectForeclose {
        subject: u8,
        recovered: Part,
    },
    // ---- Blend
    Liquidate {
        loan: u8,
        percent: u8,
    },
    Fill {
        loan: u8,
        percent: u8,
    },
    BadDebt {
        loan: u8,
    },
    Lend {
        size: Part,
    },
    Unlend {
        size: Part,
    },
    QueueBackstop,
    WithdrawBackstop,
    /// The backstop leaves, which takes 17 days.
    ThinBackstop,
    /// The price falls deep, the loan is liquidated late, and debt is left.
    Ruin {
        loan: u8,
    },
    // ---- collateral that was surrendered
    /// The sale of a lot begins, of either salvage.
    Offer {
        claim: u8,
    },
    Buy {
        claim: u8,
        size: Part,
    },
    // ---- the insured vault
    VaultDeposit {
        lp: u8,
        size: Part,
    },
    VaultMint {
        lp: u8,
        size: Part,
    },
    VaultWithdraw {
        lp: u8,
        size: Part,
    },
    VaultRedeem {
        lp: u8,
        size: Part,
    },
    VaultInvest {
        size: Part,
    },
    VaultDivest {
        size: Part,
    },
    VaultInsure {
        ask: Ask,
        by_itself: bool,
    },
    VaultRenew {
        limit: Part,
        weeks: u32,
    },
    VaultCancel,
    VaultSettle,
    // ---- trustlines and roles
    Trust {
        subject: u8,
    },
    SetBase {
        group: u8,
        peril: u8,
        permille: u32,
    },
    SetCap {
        group: u8,
        cap: u32,
    },
    SetCaps {
        rate: u32,
    },
    SetTerms {
        bounty: Part,
        daily_share: u32,
    },
    Pause {
        scope: u8,
    },
    Unpause {
        scope: u8,
    },
    Clawback {
        size: Part,
    },
    Recapitalise {
        size: Part,
    },
    SettleImpairment,
    Resume,
    /// What only contracts may call, and what only the owner may: by the attacker.
    Intrude {
        entry: u8,
        loan: u8,
        size: Part,
    },
    /// About cover of what happens on Blend.
    Blend(BlendAction),
    /// On the loan market.
    Market(MarketAction),
    /// In court, at a vote, of INS, or of who has shown who they are.
    Governance(GovernanceAction),
}

/// An action; now and then somebody without the signatures that it takes tries it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default)]
    pub is_forged_first: bool,
    pub action: Action,
}

impl Step {
    /// The action's name.
    pub fn name(&self) -> String {
        match &self.action {
            Action::Blend(action) => format!("Blend{}", name_of(action)),
            Action::Market(action) => format!("Market{}", name_of(action)),
            Action::Governance(action) => format!("Governance{}", name_of(action)),
            action => name_of(action),
        }
    }
}

/// The first word of what is shown.
fn name_of(action: &impl std::fmt::Debug) -> String {
    let text = format!("{action:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}
