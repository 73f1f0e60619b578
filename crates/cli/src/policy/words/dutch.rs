//! Dutch, in the words of insurers: dekking, premie, eigen risico, wachttijd, uitkering, verzekerd bedrag, onderpand.

use super::{
    Class, DeficitFigures, DrawingFigures, GrantFigures, IncentiveFigures, Numerals, Payee,
    PegFigures, Peril, Route, Status, Wording, Words,
};

pub const WORDS: Words = Words {
    code: "nl",
    numerals: Numerals { decimal_sign: ',' },
    title: "Polisblad",
    as_of: |moment| format!("Stand op {moment}"),

    insured: "Wie en wat is verzekerd",
    amounts: "Bedragen",
    period: "Looptijd van de dekking",
    contracts: "Contracten",
    notes: "Let op",

    holder: "Verzekeringnemer",
    payer: "Premiebetaler",
    subject: "Verzekerd belang",
    subject_is: |class| match class {
        Class::Loan => "lening",
        Class::Deposit => "inleg",
    },
    platform: "Leenplatform",
    perils: "Gedekte gevaren",
    route: "Bij een redding",
    route_is: |route| match route {
        Route::Repay => "wordt schuld afgelost",
        Route::BuyCollateral => {
            "wordt onderpand bijgekocht en gestort; lukt dat niet, dan wordt schuld afgelost"
        }
        Route::Adapter => "wordt schuld afgelost",
    },
    status: "Status",
    status_is: |status| match status {
        Status::Waiting => "wachttijd: er is nog geen dekking",
        Status::InForce => "van kracht",
        Status::InGrace => {
            "afgelopen: wat voor de einddatum begon, kan nog als schade worden ingediend"
        }
        Status::Over => "vervallen",
    },

    limit: "Verzekerd bedrag",
    limit_left: "Resterend verzekerd bedrag",
    topped_up: "Waarvan bijverzekerd",
    usable_from: |amount, moment| format!("{amount}, gedekt vanaf {moment}"),
    paid_so_far: "Reeds uitgekeerd",
    advance_owed: "Openstaand voorschot",
    principal_and_fees: |principal, fees| format!("{principal}, plus {fees} aan kosten"),
    open_claims: "Lopende schadeclaims",
    deductible: "Eigen risico",
    deductible_each: |amount| format!("{amount} per schade"),
    no_deductible: "geen",
    no_further_deductible: "geen, naast het hierboven genoemde deel",
    premium_rate: "Premie",
    a_year_of_the_limit: |rate| format!("circa {rate} van het verzekerd bedrag per jaar"),
    renewal: "Verlenging",
    renewed_up_to: |rate| {
        format!("in de laatste 3 dagen, tegen een premie van hoogstens {rate} per jaar")
    },
    not_renewed: "niet afgesproken: de dekking stopt op de einddatum",

    start: "Ingangsdatum",
    end: "Einddatum",
    grace_end: "Indienen van schade tot",
    waiting_until: "Wachttijd tot",
    waiting_lasts: |moment, length| format!("{moment} ({length} vanaf de ingangsdatum)"),
    hours: |count| format!("{count} uur"),
    days: |count| format!("{count} dagen"),
    seconds: |count| format!("{count} seconden"),

    peril: |peril| match peril {
        Peril::Advance => "Voorschot bij waardedaling van het onderpand",
        Peril::Grant => "Vergoeding bij waardedaling van het onderpand",
        Peril::Default => "Wanbetaling",
        Peril::Liquidation => "Liquidatieboete",
        Peril::Collateral => "Falen van het onderpand",
        Peril::Contract => "Tekort bij het leenplatform",
    },
    covered: "Gedekt",
    not_covered: "Niet gedekt",
    co_insurance: "Eigen aandeel",
    co_insurance_of: |rate| format!("u draagt zelf {rate} van de schade boven het eigen risico"),
    no_co_insurance: "geen",
    payment: "Uitkering",
    paid_to: "Uitkering aan",
    paid_to_is: |payee| match payee {
        Payee::Loan => "de lening: er wordt schuld afgelost",
        Payee::LoanAndOwner => {
            "de lening: er wordt schuld afgelost; wat de schuld te boven gaat, gaat naar de eigenaar van de lening"
        }
        Payee::Lenders => "alle geldverstrekkers van de markt, naar hun aandeel",
        Payee::Vault => "de kluis, voor al haar inleggers",
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
            "Direct. Zijn slechts twee prijsbronnen het eens, dan hoogstens {} van het kapitaal van de pool per 24 uur voor de hele \
             groep; de rest wacht {}, langer als die wordt betwist of uitgesteld.",
            figures.daily_share, figures.window
        )
    },
    at_once_within_bounds: |figures| {
        format!(
            "Direct tot het laagste van {} en {} van het kapitaal van de pool, zolang aan de hele groep in 24 uur minder dan {} daarvan \
             is uitgekeerd; anders na {}, tenzij de schadeclaim wordt betwist of uitgesteld.",
            figures.instant_max, figures.instant_share, figures.daily_share, figures.window
        )
    },
    after_the_window: |figures| {
        format!(
            "Altijd na {}, tenzij de schadeclaim wordt betwist of uitgesteld.",
            figures.window
        )
    },

    cover_pool: "Dekkingspool",
    adapter: "Adapter",
    price_hub: "Prijzenbron (price hub)",
    asset: "Valuta van alle bedragen",
    collateral_asset: "Onderpand",

    contracts_decide: "Dit polisblad beschrijft de hierboven genoemde contracten en bindt niemand. Bij verschil zijn de contracten \
                       bepalend: zij stellen de schade vast en keren uit zonder iemands toestemming. Over wat wordt \
                       betwist beslist een stemming, of de tijd.",
    one_limit: "Het verzekerd bedrag geldt voor alle gevaren van deze polis samen. Geen schade wordt twee keer uitgekeerd.",
    payout_formula: "De uitkering is (schade - eigen risico) x (1 - eigen aandeel), hoogstens het resterend verzekerd bedrag, naar beneden \
                     afgerond. Voor voorschotten geldt geen eigen risico en geen eigen aandeel.",
    cancelling: "De verzekeringnemer kan opzeggen vanaf 7 dagen na de ingangsdatum tot de einddatum, behalve als er schade dreigt, \
                 een voorschot openstaat of een schadeclaim loopt. 90 % van de onverdiende premie wordt terugbetaald.",
    market_terms_may_change: "Verzekerd bedrag, looptijd, wachttijden, eigen risico en eigen aandeel van deze polis staan vast. Grenzen \
                              die bij de markt en de pool horen, kunnen hun eigenaren wijzigen.",
    times_are_utc: "Alle tijden zijn in UTC.",
};

fn advance(figures: &DrawingFigures) -> Wording {
    Wording {
        covered: vec![
            format!(
                "Daalt de gezondheidsfactor van de lening onder {}, tegen de prijs van het platform of die van de price hub, dan lost de \
                 pool schuld af tot hij weer {} is.",
                figures.trigger, figures.target
            ),
            format!(
                "Dat is een voorschot: het kost direct {} en minstens {} per jaar en wordt terugbetaald. Wat voor de einddatum is \
                 terugbetaald, kan opnieuw worden opgenomen.",
                figures.flat_fee, figures.least_rate
            ),
        ],
        not_covered: vec![
            format!(
                "Een lening waarvan schuld en voorschot samen boven {} van de waarde van het onderpand zouden komen, of die met geen \
                 voorschot veilig wordt.",
                figures.equity_cap
            ),
            "Zolang het openstaat: opnemen, bijlenen, opzeggen, verlengen. Wat onbetaald blijft, wordt op het onderpand verhaald.".to_owned(),
        ],
    }
}

fn grant(figures: &GrantFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "Daalt het onderpand binnen 24 uur met {} of meer ten opzichte van de geleende valuta, dan vergoedt de pool de daling van {} \
             tot {}, hoogstens wat de gezondheidsfactor op {} brengt.",
            figures.trigger, figures.deductible, figures.most, figures.target
        )],
        not_covered: vec![
            format!(
                "De eerste {} van de daling en wat boven {} gaat; een langzamere daling; een daling waarbij de lening geen hulp nodig heeft.",
                figures.deductible, figures.most
            ),
            "Een prijs waarover niet minstens twee onafhankelijke bronnen het eens zijn.".to_owned(),
        ],
    }
}

fn default_on_market(figures: &IncentiveFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "De schuld die overblijft als het laatste onderpand van deze lening is geliquideerd, hoogstens de schuld min de waarde van het \
             onderpand (price hub) gedeeld door {}.",
            figures.incentive
        )],
        not_covered: vec![
            "Oninbare schuld die de prijs van het onderpand niet verklaart; andere leningen van de markt.".to_owned(),
        ],
    }
}

fn default_of_vault() -> Wording {
    Wording {
        covered: vec![
            "Oninbare schuld die het platform op zijn geldverstrekkers afschrijft: de daling van zijn b_rate maal het bezit van de kluis.".to_owned(),
        ],
        not_covered: vec![
            "Wat de buffer (backstop) van het platform betaalt, en oninbare schuld die nog niet is afgeschreven; verwachte rente.".to_owned(),
        ],
    }
}

fn liquidation(figures: &IncentiveFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "Het bij een liquidatie genomen onderpand min de afgeloste schuld, hoogstens {} van die schuld, als de prijs van het onderpand \
             (price hub) minstens {} lager is dan bij de laatste handeling van de eigenaar die het risico van de lening verhoogde.",
            figures.bonus, figures.fall
        )],
        not_covered: vec![
            "Wat in 24 uur voor waardedaling is uitgekeerd; een lening die in oninbare schuld eindigt; de daling van het onderpand zelf.".to_owned(),
        ],
    }
}

fn collateral(figures: &PegFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "Is de gemiddelde prijs van {} over 6 uur hoogstens {} van de referentieprijs van {}, dan kan de eigenaar van de lening het \
             afstaan en wordt de referentieprijs min {} uitgekeerd.",
            figures.code, figures.bound, figures.reference, figures.deductible
        )],
        not_covered: vec![
            "Onderpand dat niet wordt afgestaan, of niet kan worden afgestaan zonder de lening onveilig te maken; een kortere of kleinere \
             dip.".to_owned(),
        ],
    }
}

fn deficit(figures: &DeficitFigures) -> Wording {
    Wording {
        covered: vec![format!(
            "Bij het platform ontbreekt meer dan {} van wat de geldverstrekkers bezitten, twee keer op de keten vastgesteld met minstens 1 uur \
             ertussen. Het gaat om wat beide keren ontbrak; bij een kluis om haar deel.",
            figures.tolerated
        )],
        not_covered: vec![
            "Wat voor de ingangsdatum al ontbrak; schuld die kredietnemers niet kunnen aflossen; wat niet uit de boeken blijkt.".to_owned(),
        ],
    }
}
