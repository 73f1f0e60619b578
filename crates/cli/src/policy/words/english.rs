//! English.

use super::{
    Class, DeficitFigures, DrawingFigures, GrantFigures, IncentiveFigures, Numerals, Payee,
    PegFigures, Peril, Route, Status, Wording, Words,
};

pub const WORDS: Words = Words {
    code: "en",
    numerals: Numerals { decimal_sign: '.' },
    title: "Policy certificate",
    as_of: |moment| format!("As of {moment}"),

    insured: "Who and what is insured",
    amounts: "Amounts",
    period: "Period of cover",
    contracts: "Contracts",
    notes: "Please note",

    holder: "Policyholder",
    payer: "Payer of the premium",
    subject: "Subject",
    subject_is: |class| match class {
        Class::Loan => "loan",
        Class::Deposit => "deposit",
    },
    platform: "Lending platform",
    perils: "Perils",
    route: "A rescue",
    route_is: |route| match route {
        Route::Repay => "repays debt",
        Route::BuyCollateral => "buys collateral and deposits it; repays debt when that fails",
        Route::Adapter => "repays debt",
    },
    status: "Status",
    status_is: |status| match status {
        Status::Waiting => "waiting period: nothing is covered yet",
        Status::InForce => "in force",
        Status::InGrace => "ended: claims may still be filed for what began before the end",
        Status::Over => "over",
    },

    limit: "Limit sold",
    limit_left: "Limit left",
    topped_up: "Part topped up",
    usable_from: |amount, moment| format!("{amount}, usable from {moment}"),
    paid_so_far: "Paid so far",
    advance_owed: "Advance owed",
    principal_and_fees: |principal, fees| format!("{principal}, and {fees} in fees"),
    open_claims: "Claims that wait",
    deductible: "Deductible",
    deductible_each: |amount| format!("{amount} of each loss"),
    no_deductible: "none",
    no_further_deductible: "none beyond the part named above",
    premium_rate: "Premium rate",
    a_year_of_the_limit: |rate| format!("about {rate} of the limit sold, per year"),
    renewal: "Renewal",
    renewed_up_to: |rate| format!("in the last 3 days, at no more than {rate} per year"),
    not_renewed: "not agreed: cover stops at its end",

    start: "Start",
    end: "End",
    grace_end: "Claims until",
    waiting_until: "Waiting period until",
    waiting_lasts: |moment, length| format!("{moment} ({length} from the start)"),
    hours: |count| format!("{count} hours"),
    days: |count| format!("{count} days"),
    seconds: |count| format!("{count} seconds"),

    peril: |peril| match peril {
        Peril::Advance => "Advance: depreciation, lent",
        Peril::Grant => "Grant: depreciation, given",
        Peril::Default => "Default",
        Peril::Liquidation => "Liquidation penalty",
        Peril::Collateral => "Failure of the collateral",
        Peril::Contract => "Deficit of the platform",
    },
    covered: "Covered",
    not_covered: "Not covered",
    co_insurance: "Co-insurance",
    co_insurance_of: |rate| format!("you bear {rate} of a loss above the deductible"),
    no_co_insurance: "none",
    payment: "Payment",
    paid_to: "Paid to",
    paid_to_is: |payee| match payee {
        Payee::Loan => "the loan: its debt is repaid",
        Payee::LoanAndOwner => "the loan: its debt is repaid; what exceeds it is sent to the owner of the loan",
        Payee::Lenders => "all lenders of the market, by their shares",
        Payee::Vault => "the vault, for all its depositors",
    },
    advance,
    grant,
    default_on_market,
    default_of_vault,
    liquidation,
    collateral,
    deficit,

    at_once: |figures| {
        format!(
            "At once. If only two price sources agree, at most {} of the pool's capital in 24 hours for the whole group; the rest \
             waits {}, longer if it is challenged or put off.",
            figures.daily_share, figures.window
        )
    },
    at_once_within_bounds: |figures| {
        format!(
            "At once up to the lower of {} and {} of the pool's capital, while the whole group was paid less than {} of it in 24 \
             hours; otherwise after {}, unless it is challenged or put off.",
            figures.instant_max, figures.instant_share, figures.daily_share, figures.window
        )
    },
    after_the_window: |figures| {
        format!(
            "Always after {}, unless it is challenged or put off.",
            figures.window
        )
    },

    cover_pool: "Cover pool",
    adapter: "Adapter",
    price_hub: "Price hub",
    asset: "Asset of all amounts",
    collateral_asset: "Collateral",

    contracts_decide: "This certificate describes the contracts named above and binds nobody. Where they differ, the contracts \
                       decide: they measure losses and pay without anyone's consent. What is challenged a vote \
                       decides, or time.",
    one_limit: "One limit serves all perils of this policy together. No loss is paid twice.",
    payout_formula: "Paid is (loss - deductible) x (1 - co-insurance), at most the limit that is left, rounded down. Advances have \
                     neither deductible nor co-insurance.",
    cancelling: "The holder may cancel from 7 days after the start until the end, unless a loss is under way, an advance is \
                 owed or a claim is open. 90 % of the premium not yet earned is refunded.",
    market_terms_may_change: "Limit, term, waiting periods, deductible and co-insurance of this policy are fixed. Bounds that \
                              belong to the market and to the pool may be changed by their owners.",
    times_are_utc: "All times are UTC.",
};

fn advance(figures: &DrawingFigures) -> Wording {
    Wording {
        covered: vec![
            format!(
                "If the loan's health factor falls below {}, at the platform's price or at the price hub's, the pool repays debt \
                 until it is {} again.",
                figures.trigger, figures.target
            ),
            format!(
                "That is lent: it costs {} at once and at least {} a year, and is paid back. What is paid back before the end can be \
                 drawn again.",
                figures.flat_fee, figures.least_rate
            ),
        ],
        not_covered: vec![
            format!(
                "A loan whose debt and advance would pass {} of the collateral's value, or which no draw can make safe.",
                figures.equity_cap
            ),
            "While it is owed: withdrawing, borrowing, cancelling, renewing. What stays unpaid is taken from the collateral.".to_owned(),
        ],
    }
}

fn grant(figures: &GrantFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "If the collateral falls by {} or more within 24 hours against the borrowed asset, the pool pays for the fall from {} to \
             {}, at most what lifts the health factor to {}.",
            figures.trigger, figures.deductible, figures.most, figures.target
        )],
        not_covered: vec![
            format!(
                "The first {} of the fall and what goes beyond {}; a slower fall; one that the loan does not need help for.",
                figures.deductible, figures.most
            ),
            "A price on which not at least two independent sources agree.".to_owned(),
        ],
    }
}

fn default_on_market(figures: &IncentiveFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "Debt that is left when the last collateral of this loan is liquidated, at most the debt less the collateral's value \
             (price hub) divided by {}.",
            figures.incentive
        )],
        not_covered: vec![
            "Bad debt that the price of the collateral does not explain; other loans of the market.".to_owned(),
        ],
    }
}

fn default_of_vault() -> Wording {
    Wording {
        covered: vec![
            "Defaulted debt that the platform writes off to its lenders: the fall of its b_rate times what the vault holds.".to_owned(),
        ],
        not_covered: vec![
            "What the platform's backstop pays, and bad debt that it has not written off; interest that was hoped for.".to_owned(),
        ],
    }
}

fn liquidation(figures: &IncentiveFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "The collateral taken in a liquidation less the debt repaid, at most {} of that debt, if the collateral's price (price \
             hub) is at least {} below that at the owner's last action that raised the loan's risk.",
            figures.bonus, figures.fall
        )],
        not_covered: vec![
            "What depreciation paid in 24 hours; a loan that ends in bad debt; the fall of the collateral itself.".to_owned(),
        ],
    }
}

fn collateral(figures: &PegFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "If the mean price of {} over 6 hours is at most {} of its reference of {}, the owner of the loan may surrender it and \
             is paid the reference less {}.",
            figures.code, figures.bound, figures.reference, figures.deductible
        )],
        not_covered: vec![
            "Collateral that is not surrendered, or could not be without making the loan unsafe; a shorter or smaller dip.".to_owned(),
        ],
    }
}

fn deficit(figures: &DeficitFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "More than {} of what lenders own is missing from the platform, seen on chain twice, at least 1 hour apart. What counts is \
             what was missing both times; for a vault, its part.",
            figures.tolerated
        )],
        not_covered: vec![
            "What was missing before the start; debt that borrowers cannot repay; what the books do not show.".to_owned(),
        ],
    }
}
