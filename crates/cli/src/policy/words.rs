//! Every word of a certificate, once, in both languages. A language is a value of [`Words`], so one that lacks a text does not
//! compile.

mod dutch;
mod english;

use super::input::{Class, Route};
use super::number::Numerals;
use crate::peril::Peril;

/// A language of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// Its words.
    pub const fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::Dutch => &dutch::WORDS,
        }
    }
}

/// What a certificate says in one language. Sentences take numbers that are written already.
pub struct Words {
    /// Its code for HTML.
    pub code: &'static str,
    /// How it writes numbers.
    pub numerals: Numerals,
    /// The headline.
    pub title: &'static str,
    /// "Status on" a moment.
    pub as_of: fn(&str) -> String,

    // Headings.
    pub insured: &'static str,
    pub amounts: &'static str,
    pub period: &'static str,
    pub contracts: &'static str,
    pub notes: &'static str,

    // Who and what.
    pub holder: &'static str,
    pub payer: &'static str,
    pub subject: &'static str,
    pub subject_is: fn(Class) -> &'static str,
    pub platform: &'static str,
    pub perils: &'static str,
    pub route: &'static str,
    pub route_is: fn(Route) -> &'static str,
    pub status: &'static str,
    pub status_is: fn(Status) -> &'static str,

    // Amounts.
    pub limit: &'static str,
    pub limit_left: &'static str,
    pub topped_up: &'static str,
    pub usable_from: fn(&str, &str) -> String,
    pub paid_so_far: &'static str,
    pub advance_owed: &'static str,
    pub principal_and_fees: fn(&str, &str) -> String,
    pub open_claims: &'static str,
    pub deductible: &'static str,
    pub deductible_each: fn(&str) -> String,
    pub no_deductible: &'static str,
    pub no_further_deductible: &'static str,
    pub premium_rate: &'static str,
    pub a_year_of_the_limit: fn(&str) -> String,
    pub renewal: &'static str,
    pub renewed_up_to: fn(&str) -> String,
    pub not_renewed: &'static str,

    // Time.
    pub start: &'static str,
    pub end: &'static str,
    pub grace_end: &'static str,
    pub waiting_until: &'static str,
    pub waiting_lasts: fn(&str, &str) -> String,
    pub hours: fn(u64) -> String,
    pub days: fn(u64) -> String,
    pub seconds: fn(u64) -> String,

    // Perils.
    pub peril: fn(Peril) -> &'static str,
    pub covered: &'static str,
    pub not_covered: &'static str,
    pub co_insurance: &'static str,
    pub co_insurance_of: fn(&str) -> String,
    pub no_co_insurance: &'static str,
    pub payment: &'static str,
    pub paid_to: &'static str,
    pub paid_to_is: fn(Payee) -> &'static str,
    pub advance: fn(&DrawingFigures) -> Wording,
    pub grant: fn(&GrantFigures) -> Wording,
    pub default_on_market: fn(&IncentiveFigures) -> Wording,
    pub default_of_vault: fn() -> Wording,
    pub liquidation: fn(&IncentiveFigures) -> Wording,
    pub collateral: fn(&PegFigures) -> Wording,
    pub deficit: fn(&DeficitFigures) -> Wording,

    // How it pays.
    pub at_once: fn(&PaymentFigures) -> String,
    pub at_once_within_bounds: fn(&PaymentFigures) -> String,
    pub after_the_window: fn(&PaymentFigures) -> String,

    // Contracts.
    pub cover_pool: &'static str,
    pub adapter: &'static str,
    pub price_hub: &'static str,
    pub asset: &'static str,
    pub collateral_asset: &'static str,

    // Notes.
    pub contracts_decide: &'static str,
    pub one_limit: &'static str,
    pub payout_formula: &'static str,
    pub cancelling: &'static str,
    pub market_terms_may_change: &'static str,
    pub times_are_utc: &'static str,
}

/// Where a policy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No peril's waiting period is over.
    Waiting,
    /// In force.
    InForce,
    /// In its grace week.
    InGrace,
    /// Over.
    Over,
}

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payee {
    /// The loan and nobody else.
    Loan,
    /// The loan, and its owner what exceeds the debt.
    LoanAndOwner,
    /// All lenders of the market.
    Lenders,
    /// The vault.
    Vault,
}

/// What a peril covers, and what it does not.
pub struct Wording {
    /// What is covered.
    pub covered: Vec<String>,
    /// What is not.
    pub not_covered: Vec<String>,
}

/// Numbers of an advance.
pub struct DrawingFigures {
    pub trigger: String,
    pub target: String,
    pub flat_fee: String,
    pub least_rate: String,
    pub equity_cap: String,
}

/// Numbers of a grant.
pub struct GrantFigures {
    pub trigger: String,
    pub deductible: String,
    pub most: String,
    pub target: String,
}

/// Numbers of a liquidation.
pub struct IncentiveFigures {
    /// The fall since the owner's last action.
    pub fall: String,
    /// LIF.
    pub incentive: String,
    /// What of the debt repaid the incentive allows at most.
    pub bonus: String,
}

/// Numbers of failed collateral.
pub struct PegFigures {
    pub code: String,
    pub reference: String,
    pub bound: String,
    pub deductible: String,
}

/// Numbers of a platform that is short of assets.
pub struct DeficitFigures {
    pub tolerated: String,
}

/// Numbers of how a policy pays.
pub struct PaymentFigures {
    pub instant_max: String,
    pub instant_share: String,
    pub daily_share: String,
    pub window: String,
}
