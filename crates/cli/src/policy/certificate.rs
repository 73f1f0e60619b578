//! What a certificate says, in order; how it is set does not matter here.

use actuary::advance::EQUITY_CAP;
use actuary::claim::CHALLENGE_WINDOW;
use actuary::loss::{DEFICIT_TRIGGER, DEPEG_TRIGGER};
use actuary::math::mul_div_up;
use actuary::premium::PROTOCOL_FEE;
use actuary::time::{DAY, GRACE, HOUR, YEAR};
use actuary::{Assets, Rate, FULL_RATE};

use super::input::{Class, Issued, PerilTerms, PlatformKind};
use super::number::moment;
use super::words::{
    DeficitFigures, DrawingFigures, GrantFigures, IncentiveFigures, Language, Payee,
    PaymentFigures, PegFigures, Status, Wording, Words,
};
use crate::peril::Peril;

/// The fall since the owner's last action from which `liquidation` pays: 10 %.
const LIQUIDATION_FALL: Rate = Rate::from_raw(1_000_000);
/// Above it, waiting periods are told in days.
const LONGEST_IN_HOURS: u64 = 3 * DAY;

/// A certificate in one language.
pub struct Certificate {
    /// The language's code.
    pub language: &'static str,
    /// The headline.
    pub title: &'static str,
    /// As of when.
    pub as_of: String,
    /// Tables of names and values.
    pub tables: Vec<Table>,
    /// A part for each peril.
    pub perils: Vec<PerilPart>,
    /// The contracts, which follow the perils.
    pub contracts: Table,
    /// The heading of the notes.
    pub notes_heading: &'static str,
    /// The notes.
    pub notes: Vec<&'static str>,
}

/// Names and values under a heading.
pub struct Table {
    /// The heading.
    pub heading: &'static str,
    /// Names and values.
    pub rows: Vec<(&'static str, String)>,
}

/// One peril.
pub struct PerilPart {
    /// What it is called.
    pub heading: &'static str,
    /// Heading and sentences of what is covered.
    pub covered: (&'static str, Vec<String>),
    /// Heading and sentences of what is not.
    pub not_covered: (&'static str, Vec<String>),
    /// Its terms.
    pub rows: Vec<(&'static str, String)>,
}

/// The certificate of a policy.
pub fn certificate(issued: &Issued, language: Language) -> Certificate {
    let writer = Writer {
        issued,
        words: language.words(),
    };
    let words = writer.words;
    Certificate {
        language: words.code,
        title: words.title,
        as_of: (words.as_of)(&moment(issued.as_of)),
        tables: vec![writer.insured(), writer.amounts(), writer.period()],
        perils: issued
            .group
            .perils
            .iter()
            .map(|terms| writer.peril(terms))
            .collect(),
        contracts: writer.contracts(),
        notes_heading: words.notes,
        notes: vec![
            words.contracts_decide,
            words.one_limit,
            words.payout_formula,
            words.cancelling,
            words.market_terms_may_change,
            words.times_are_utc,
        ],
    }
}

struct Writer<'a> {
    issued: &'a Issued,
    words: &'static Words,
}

impl Writer<'_> {
    fn insured(&self) -> Table {
        let (words, policy) = (self.words, &self.issued.policy);
        let subject = (words.subject_is)(self.issued.class);
        let perils = policy.perils.iter().map(|peril| (words.peril)(*peril));
        let mut rows = vec![
            (words.holder, policy.owner.as_str().to_owned()),
            (words.payer, policy.payer.as_str().to_owned()),
            (
                words.subject,
                format!("{subject} {}", self.issued.subject.as_str()),
            ),
            (words.platform, self.issued.platform.name.clone()),
            (words.perils, perils.collect::<Vec<_>>().join("; ")),
        ];
        if policy.perils.iter().any(|peril| is_rescue(*peril)) {
            rows.push((words.route, (words.route_is)(policy.route).to_owned()));
        }
        rows.push((words.status, (words.status_is)(self.status()).to_owned()));
        Table {
            heading: words.insured,
            rows,
        }
    }

    fn amounts(&self) -> Table {
        let (words, policy) = (self.words, &self.issued.policy);
        let mut rows = vec![
            (words.limit, self.amount(policy.original_limit)),
            (words.limit_left, self.amount(policy.limit)),
        ];
        if !policy.topped_up.is_zero() {
            let from = moment(policy.topped_up_from);
            let part = (words.usable_from)(&self.amount(policy.topped_up), &from);
            rows.push((words.topped_up, part));
        }
        rows.push((words.paid_so_far, self.amount(policy.paid)));
        if !policy.drawn.is_zero() {
            let (principal, fees) = (self.amount(policy.drawn), self.amount(policy.fees_due));
            rows.push((
                words.advance_owed,
                (words.principal_and_fees)(&principal, &fees),
            ));
        }
        if policy.open_claims > 0 {
            rows.push((words.open_claims, policy.open_claims.to_string()));
        }
        rows.push((words.deductible, self.deductible()));
        if let Some(rate) = self.premium_rate() {
            rows.push((words.premium_rate, (words.a_year_of_the_limit)(&rate)));
        }
        rows.push((words.renewal, self.renewal()));
        Table {
            heading: words.amounts,
            rows,
        }
    }

    fn period(&self) -> Table {
        let (words, policy) = (self.words, &self.issued.policy);
        Table {
            heading: words.period,
            rows: vec![
                (words.start, moment(policy.start)),
                (words.end, moment(policy.end)),
                (words.grace_end, moment(self.grace_end())),
            ],
        }
    }

    fn contracts(&self) -> Table {
        let (words, issued) = (self.words, self.issued);
        let mut rows = vec![
            (words.cover_pool, issued.cover_pool.as_str().to_owned()),
            (words.adapter, issued.group.adapter.as_str().to_owned()),
            (words.price_hub, issued.price_hub.as_str().to_owned()),
            (words.platform, issued.platform.contract.as_str().to_owned()),
            (
                words.asset,
                format!("{} {}", issued.asset.code, issued.asset.contract.as_str()),
            ),
        ];
        if let Some(collateral) = &issued.collateral {
            rows.push((
                words.collateral_asset,
                format!("{} {}", collateral.code, collateral.contract.as_str()),
            ));
        }
        Table {
            heading: words.contracts,
            rows,
        }
    }

    fn peril(&self, terms: &PerilTerms) -> PerilPart {
        let words = self.words;
        let wording = self.wording(terms.peril).unwrap_or(Wording {
            covered: vec![],
            not_covered: vec![],
        });
        let waiting_until = moment(self.waiting_until(terms));
        let waiting = (words.waiting_lasts)(&waiting_until, &self.length(terms.waiting));
        let mut rows = vec![(words.waiting_until, waiting)];
        if terms.peril != Peril::Advance {
            rows.push((words.deductible, self.deductible_of(terms.peril)));
            rows.push((words.co_insurance, self.co_insurance(terms.co_insurance)));
        }
        rows.push((words.payment, self.payment(terms.peril)));
        let payee = self.payee(terms.peril);
        rows.push((words.paid_to, (words.paid_to_is)(payee).to_owned()));
        PerilPart {
            heading: (words.peril)(terms.peril),
            covered: (words.covered, wording.covered),
            not_covered: (words.not_covered, wording.not_covered),
            rows,
        }
    }

    /// What a peril covers; none if the market's terms lack it, which no input that was checked does.
    fn wording(&self, peril: Peril) -> Option<Wording> {
        let (words, market) = (self.words, &self.issued.market);
        let numerals = words.numerals;
        Some(match (peril, self.issued.class) {
            (Peril::Advance, _) => {
                let terms = market.advance?;
                (words.advance)(&DrawingFigures {
                    trigger: numerals.factor(terms.trigger),
                    target: numerals.factor(terms.target),
                    flat_fee: numerals.percent(terms.flat_fee),
                    least_rate: numerals.percent(terms.least_rate),
                    equity_cap: numerals.percent(EQUITY_CAP),
                })
            }
            (Peril::Grant, _) => {
                let terms = market.grant?;
                (words.grant)(&GrantFigures {
                    trigger: numerals.percent(terms.trigger),
                    deductible: numerals.percent(terms.deductible),
                    most: numerals.percent(terms.most),
                    target: numerals.factor(terms.target),
                })
            }
            (Peril::Default, Class::Loan) => (words.default_on_market)(&self.incentive()?),
            (Peril::Default, Class::Deposit) => (words.default_of_vault)(),
            (Peril::Liquidation, _) => (words.liquidation)(&self.incentive()?),
            (Peril::Collateral, _) => {
                let terms = market.peg?;
                (words.collateral)(&PegFigures {
                    code: self.issued.collateral.as_ref()?.code.clone(),
                    reference: format!(
                        "{} {}",
                        numerals.price(terms.reference),
                        self.issued.asset.code
                    ),
                    bound: numerals.percent(DEPEG_TRIGGER),
                    deductible: numerals.percent(terms.deductible),
                })
            }
            (Peril::Contract, _) => (words.deficit)(&DeficitFigures {
                tolerated: numerals.percent(DEFICIT_TRIGGER),
            }),
        })
    }

    fn incentive(&self) -> Option<IncentiveFigures> {
        let incentive = self.issued.market.incentive?;
        let numerals = self.words.numerals;
        Some(IncentiveFigures {
            fall: numerals.percent(LIQUIDATION_FALL),
            incentive: numerals.factor(incentive),
            bonus: numerals.percent(incentive.sub_or_zero(Rate::FULL)),
        })
    }

    fn payment(&self, peril: Peril) -> String {
        let (words, payment) = (self.words, &self.issued.payment);
        let figures = PaymentFigures {
            instant_max: self.amount(payment.instant_max),
            instant_share: words.numerals.percent(payment.instant_share),
            daily_share: words.numerals.percent(payment.daily_share),
            window: (words.hours)(CHALLENGE_WINDOW / HOUR),
        };
        match peril {
            Peril::Advance | Peril::Grant => (words.at_once)(&figures),
            Peril::Default | Peril::Liquidation | Peril::Contract => {
                (words.at_once_within_bounds)(&figures)
            }
            Peril::Collateral => (words.after_the_window)(&figures),
        }
    }

    fn payee(&self, peril: Peril) -> Payee {
        match (peril, self.issued.class, self.issued.platform.kind) {
            (Peril::Advance, _, _) | (Peril::Grant, _, PlatformKind::Blend) => Payee::Loan,
            (Peril::Grant | Peril::Liquidation | Peril::Collateral, _, _) => Payee::LoanAndOwner,
            (_, Class::Deposit, PlatformKind::Blend) => Payee::Vault,
            (Peril::Default | Peril::Contract, _, _) => Payee::Lenders,
        }
    }

    fn status(&self) -> Status {
        let (issued, policy) = (self.issued, &self.issued.policy);
        let is_waiting = |terms| issued.as_of < self.waiting_until(terms);
        if issued.as_of >= self.grace_end() {
            Status::Over
        } else if issued.as_of >= policy.end {
            Status::InGrace
        } else if issued.group.perils.iter().all(is_waiting) {
            Status::Waiting
        } else {
            Status::InForce
        }
    }

    fn waiting_until(&self, terms: &PerilTerms) -> u64 {
        self.issued.policy.start.saturating_add(terms.waiting)
    }

    fn grace_end(&self) -> u64 {
        self.issued.policy.end.saturating_add(GRACE)
    }

    fn deductible(&self) -> String {
        let deductible = self.issued.group.deductible;
        if deductible.is_zero() {
            self.words.no_deductible.to_owned()
        } else {
            (self.words.deductible_each)(&self.amount(deductible))
        }
    }

    /// Of a peril; some bear a part of the price beside it.
    fn deductible_of(&self, peril: Peril) -> String {
        let bears_a_part = matches!(peril, Peril::Grant | Peril::Collateral);
        if bears_a_part && self.issued.group.deductible.is_zero() {
            self.words.no_further_deductible.to_owned()
        } else {
            self.deductible()
        }
    }

    fn co_insurance(&self, co_insurance: Rate) -> String {
        if co_insurance.is_zero() {
            self.words.no_co_insurance.to_owned()
        } else {
            (self.words.co_insurance_of)(&self.words.numerals.percent(co_insurance))
        }
    }

    fn renewal(&self) -> String {
        let most = self.issued.policy.max_rate;
        if most.is_zero() {
            self.words.not_renewed.to_owned()
        } else {
            (self.words.renewed_up_to)(&self.words.numerals.percent(most))
        }
    }

    /// The yearly rate that the policy's earning rate stands for, with the protocol's fee: to a hundredth of a percent, since the
    /// cover pool rounds what it earns each second.
    fn premium_rate(&self) -> Option<String> {
        let policy = &self.issued.policy;
        let a_year = policy.earning_rate.over(YEAR).ok()?.units_up().ok()?;
        let net_part = PROTOCOL_FEE.complement().ok()?;
        let with_fee = mul_div_up(a_year.raw(), FULL_RATE, net_part.raw()).ok()?;
        let tenths = mul_div_up(with_fee, 100_000, policy.original_limit.raw()).ok()?;
        Some(self.words.numerals.about_percent((tenths + 5) / 10))
    }

    fn amount(&self, amount: Assets) -> String {
        let asset = &self.issued.asset;
        let number = self.words.numerals.amount(amount.raw(), asset.decimals);
        format!("{number} {}", asset.code)
    }

    fn length(&self, seconds: u64) -> String {
        let words = self.words;
        if seconds > LONGEST_IN_HOURS && seconds.is_multiple_of(DAY) {
            (words.days)(seconds / DAY)
        } else if seconds.is_multiple_of(HOUR) {
            (words.hours)(seconds / HOUR)
        } else {
            (words.seconds)(seconds)
        }
    }
}

/// Whether it acts on the loan itself, by the policy's route.
const fn is_rescue(peril: Peril) -> bool {
    matches!(peril, Peril::Advance | Peril::Grant)
}
