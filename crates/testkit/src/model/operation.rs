//! Operations as data, to be generated, recorded, and run on more than one pool.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{digits, Account, CoverPool};

/// An operation of the pool with its arguments; the methods of [`CoverPool`] by the same names say what they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "operation",
    content = "arguments",
    rename_all = "snake_case",
    deny_unknown_fields
)]
#[allow(
    missing_docs,
    reason = "the fields are the arguments of the methods by the same names"
)]
pub enum Operation {
    Deposit {
        owner: Account,
        #[serde(with = "digits")]
        assets: i128,
        #[serde(with = "digits")]
        min_shares: i128,
    },
    RequestExit {
        owner: Account,
        #[serde(with = "digits")]
        shares: i128,
    },
    FulfilExit {
        #[serde(with = "digits")]
        request: u64,
        caller: Account,
        #[serde(with = "digits")]
        min_out: i128,
        deliverable: bool,
    },
    WithdrawClaimable {
        owner: Account,
    },
    OpenPolicy {
        owner: Account,
        #[serde(with = "digits")]
        group: usize,
        #[serde(with = "digits")]
        limit: i128,
        #[serde(with = "digits")]
        premium_rate: i128,
        #[serde(with = "digits")]
        weeks: u64,
        #[serde(with = "digits")]
        max_rate: i128,
    },
    RenewPolicy {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        limit: i128,
        #[serde(with = "digits")]
        premium_rate: i128,
        #[serde(with = "digits")]
        weeks: u64,
    },
    CancelPolicy {
        #[serde(with = "digits")]
        policy: u64,
        deliverable: bool,
    },
    PayClaim {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        amount: i128,
        deliverable: bool,
    },
    FileClaim {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        amount: i128,
    },
    AppealClaim {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        amount: i128,
    },
    ChallengeClaim {
        #[serde(with = "digits")]
        claim: u64,
        challenger: Account,
    },
    SettleClaim {
        #[serde(with = "digits")]
        claim: u64,
        #[serde(with = "digits")]
        amount: i128,
        deliverable: bool,
    },
    DrawAdvance {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        amount: i128,
        #[serde(with = "digits")]
        advance_rate: i128,
    },
    PayBack {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        amount: i128,
    },
    Foreclose {
        #[serde(with = "digits")]
        policy: u64,
        #[serde(with = "digits")]
        recovered: i128,
    },
    /// Nothing but the passing of time.
    Poke {},
}

/// An operation and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it runs, in seconds since 1970.
    #[serde(with = "digits")]
    pub now: u64,
    /// What runs.
    #[serde(flatten)]
    pub operation: Operation,
}

/// What an operation returns, an amount or the number of a new entry; or why it was refused.
pub type Outcome = Result<i128, Refused>;

/// The operation is not allowed now, or not with these arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Refused {
    #[error("not found")]
    NotFound,
    #[error("too few shares")]
    TooFewShares,
    #[error("not enough shares")]
    NotEnoughShares,
    #[error("too early")]
    TooEarly,
    #[error("only the owner, now")]
    OnlyTheOwnerNow,
    #[error("too little out")]
    TooLittleOut,
    #[error("capital in use")]
    CapitalInUse,
    #[error("a group's cap in use")]
    GroupCapInUse,
    #[error("nothing to withdraw")]
    NothingToWithdraw,
    #[error("bad term")]
    BadTerm,
    #[error("no room")]
    NoRoom,
    #[error("too much unearned premium")]
    TooMuchUnearnedPremium,
    #[error("an advance or a claim is open")]
    AdvanceOrClaimOpen,
    #[error("not in the renewal window")]
    NotInRenewalWindow,
    #[error("above the payer's rate")]
    AbovePayersRate,
    #[error("above what was sold")]
    AboveWhatWasSold,
    #[error("too early, or over")]
    TooEarlyOrOver,
    #[error("nothing covered")]
    NothingCovered,
    #[error("too late, or already challenged")]
    TooLateOrChallenged,
    #[error("only the adapter, now")]
    OnlyTheAdapterNow,
    #[error("the window is open")]
    WindowOpen,
    #[error("nothing paid")]
    NothingPaid,
    #[error("nothing owed")]
    NothingOwed,
}

impl Operation {
    /// Its name, as the method's.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deposit { .. } => "deposit",
            Self::RequestExit { .. } => "request_exit",
            Self::FulfilExit { .. } => "fulfil_exit",
            Self::WithdrawClaimable { .. } => "withdraw_claimable",
            Self::OpenPolicy { .. } => "open_policy",
            Self::RenewPolicy { .. } => "renew_policy",
            Self::CancelPolicy { .. } => "cancel_policy",
            Self::PayClaim { .. } => "pay_claim",
            Self::FileClaim { .. } => "file_claim",
            Self::AppealClaim { .. } => "appeal_claim",
            Self::ChallengeClaim { .. } => "challenge_claim",
            Self::SettleClaim { .. } => "settle_claim",
            Self::DrawAdvance { .. } => "draw_advance",
            Self::PayBack { .. } => "pay_back",
            Self::Foreclose { .. } => "foreclose",
            Self::Poke {} => "poke",
        }
    }
}

impl CoverPool {
    /// Brings the pool to the step's time and runs its operation. A refused one only lets time pass.
    pub fn apply(&mut self, step: &Step) -> Outcome {
        self.advance_to(step.now);
        self.run(&step.operation)
    }

    #[rustfmt::skip] // One operation after the other, on one line or two.
    fn run(&mut self, operation: &Operation) -> Outcome {
        use Operation::*;
        match operation {
            Deposit { owner, assets, min_shares } => self.deposit(owner, *assets, *min_shares),
            RequestExit { owner, shares } => self.request_exit(owner, *shares).map(i128::from),
            FulfilExit { request, caller, min_out, deliverable } =>
                self.fulfil_exit(*request, caller, *min_out, *deliverable),
            WithdrawClaimable { owner } => self.withdraw_claimable(owner),
            OpenPolicy { owner, group, limit, premium_rate, weeks, max_rate } =>
                self.open_policy(owner, *group, *limit, *premium_rate, *weeks, *max_rate).map(i128::from),
            RenewPolicy { policy, limit, premium_rate, weeks } =>
                self.renew_policy(*policy, *limit, *premium_rate, *weeks),
            CancelPolicy { policy, deliverable } => self.cancel_policy(*policy, *deliverable),
            PayClaim { policy, amount, deliverable } => self.pay_claim(*policy, *amount, *deliverable),
            FileClaim { policy, amount } => self.file_claim(*policy, *amount).map(i128::from),
            AppealClaim { policy, amount } => self.appeal_claim(*policy, *amount).map(i128::from),
            ChallengeClaim { claim, challenger } => self.challenge_claim(*claim, challenger),
            SettleClaim { claim, amount, deliverable } => self.settle_claim(*claim, *amount, *deliverable),
            DrawAdvance { policy, amount, advance_rate } => self.draw_advance(*policy, *amount, *advance_rate),
            PayBack { policy, amount } => self.pay_back(*policy, *amount),
            Foreclose { policy, recovered } => self.foreclose(*policy, *recovered),
            Poke {} => Ok(0),
        }
    }
}
