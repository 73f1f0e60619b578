//! What can happen on the loan market, to its cover and at its salvage, as data.

use serde::{Deserialize, Serialize};

use crate::step::{Ask, Part};

/// One thing that happens there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarketAction {
    // ---- prices and tokens
    /// The price at which a loan has this health factor, in thousandths, as far as the tape goes.
    Sink {
        loan: u8,
        health: u32,
    },
    /// The price at this part of the reference that collateral is insured at, in thousandths, for some hours.
    Peg {
        permille: u32,
        hours: u32,
    },
    /// The issuer lets a borrower hold the loan asset, or not.
    Authorise {
        borrower: u8,
        authorised: bool,
    },
    /// The issuer takes a part of the market's cash: the one thing that makes it short.
    Clawback {
        size: Part,
    },
    Donate {
        size: Part,
    },
    // ---- lenders
    Supply {
        lender: u8,
        size: Part,
    },
    Redeem {
        lender: u8,
        size: Part,
    },
    // ---- borrowers
    Borrow {
        borrower: u8,
        collateral: Part,
        debt: Part,
        ask: Option<Ask>,
        by_sponsor: bool,
    },
    Insure {
        loan: u8,
        ask: Ask,
        by_sponsor: bool,
    },
    BorrowMore {
        loan: u8,
        size: Part,
    },
    AddCollateral {
        loan: u8,
        size: Part,
        by_stranger: bool,
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
    // ---- liquidations and losses
    Liquidate {
        loan: u8,
        seize: Part,
        max_repay: Part,
        settles_cover: bool,
    },
    /// A platform whose code was changed tells of a liquidation that never was, at a price of its own.
    Lie {
        collateral: Part,
        debt: Part,
        repaid: Part,
    },
    /// The price falls deep, and the loan is liquidated so late that debt is left.
    Ruin {
        loan: u8,
        health: u32,
        settles_cover: bool,
    },
    SettleCover {
        loan: u8,
    },
    Collect {
        who: u8,
    },
    WriteOff,
    // ---- cover
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
    InsureLenders {
        lender: u8,
        ask: Ask,
    },
    ProveDeficit {
        looks_again: bool,
    },
    Rescue {
        loans: u8,
    },
    /// The price falls so far that a loan needs an advance, and keepers see to it.
    Distress {
        loan: u8,
        health: u32,
    },
    Grant {
        loans: u8,
        triggers: bool,
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
    },
    CollectForeclosed {
        who: u8,
    },
    // ---- collateral that has failed
    Surrender {
        loan: u8,
        size: Part,
    },
    // ---- roles
    SetFee {
        fee: u32,
        recipient: u8,
    },
    Pause {
        paused: bool,
    },
    /// What is for the market, its insurer or its owner alone: by the attacker.
    Intrude {
        entry: u8,
        loan: u8,
        size: Part,
    },
}
