//! What certificates say.

use actuary::{Assets, Rate};

use super::*;
use crate::peril::Peril;

const LANGUAGES: [Language; 2] = [Language::English, Language::Dutch];

fn issued(name: &str) -> Issued {
    example(name).unwrap().unwrap()
}

fn text(issued: &Issued, language: Language) -> String {
    render(issued, language, Format::Text)
}

/// The same with single spaces, so that no line break hides a sentence.
fn flat(issued: &Issued, language: Language) -> String {
    let text = text(issued, language);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_says(text: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(text.contains(sentence), "{sentence:?} is not in:\n{text}");
    }
}

#[test]
fn an_english_certificate_names_everything() {
    assert_says(
        &flat(&issued("all"), Language::English),
        &[
            "POLICY CERTIFICATE As of 2026-03-06T10:00:00Z",
            "Policyholder GACTUU7RRWLCDJROAW2KHYQZPNUDKYGQYEABCOMOEX3GB3PQWTDANEKM",
            "Subject loan CARG7KIRKFI2YJMCTLOQDDMCYF4LBQQGEHPZKYEMTPACIL6VIFPLRS3C",
            "Limit sold 5 000.00 USDC Limit left 5 000.00 USDC",
            "Part topped up 1 000.00 USDC, usable from 2026-03-05T10:00:00Z",
            "Premium rate about 26.00 % of the limit sold, per year",
            "at no more than 30 % per year",
            "Start 2026-03-02T10:00:00Z End 2026-04-23T00:00:00Z Claims until 2026-04-30T00:00:00Z",
            "health factor falls below 1.12",
            "until it is 1.25 again",
            "falls by 15 % or more within 24 hours",
            "from 10 % to 50 %",
            "divided by 1.05",
            "at most 5 % of that debt",
            "at least 10 % below",
            "at most 95 % of its reference of 1.0835 USDC",
            "2026-03-05T10:00:00Z (72 hours from the start)",
            "you bear 30 % of a loss above the deductible",
            "At once up to the lower of 25 000.00 USDC and 1 % of the pool's capital",
            "Payment Always after 48 hours, unless it is challenged or put off.",
            "Cover pool CAKD4WUXKFETYMU64KJABZEXOPC227NCYEM2EUWS6Q3MJDWRH5A3AHR5",
            "the contracts decide",
        ],
    );
}

#[test]
fn a_dutch_certificate_speaks_as_insurers_do() {
    let all = flat(&issued("all"), Language::Dutch);
    assert_says(
        &all,
        &[
            "POLISBLAD Stand op 2026-03-06T10:00:00Z",
            "Verzekeringnemer GACTUU7",
            "Verzekerd bedrag 5 000,00 USDC",
            "Resterend verzekerd bedrag 5 000,00 USDC",
            "Premie circa 26,00 % van het verzekerd bedrag per jaar",
            "Eigen risico geen",
            "Ingangsdatum 2026-03-02T10:00:00Z Einddatum 2026-04-23T00:00:00Z",
            "Wachttijd tot 2026-03-05T10:00:00Z (72 uur vanaf de ingangsdatum)",
            "Uitkering Altijd na 48 uur, tenzij de schadeclaim wordt betwist of uitgesteld.",
            "u draagt zelf 30 %",
            "de referentieprijs van 1,0835 USDC",
            "Onderpand EURC",
            "zijn de contracten bepalend",
        ],
    );
    for english in [
        " the ",
        "Limit",
        "Covered",
        "Deductible",
        "hours",
        "Payment",
    ] {
        assert!(!all.contains(english), "{english:?} in Dutch");
    }
}

#[test]
fn every_example_says_what_its_peril_covers_and_what_not() {
    for name in EXAMPLES {
        let issued = issued(name);
        for language in LANGUAGES {
            let certificate = certificate::certificate(&issued, language);
            assert_eq!(
                certificate.perils.len(),
                issued.policy.perils.len(),
                "{name}"
            );
            for peril in &certificate.perils {
                assert!(!peril.covered.1.is_empty(), "{name}: {}", peril.heading);
                assert!(!peril.not_covered.1.is_empty(), "{name}: {}", peril.heading);
            }
        }
    }
}

#[test]
fn the_examples_cover_every_peril() {
    for peril in Peril::ALL {
        let covers = |name: &&str| issued(name).policy.perils == [peril];
        assert!(EXAMPLES.iter().any(covers), "{peril:?}");
    }
}

#[test]
fn an_advance_says_what_is_owed() {
    assert_says(
        &flat(&issued("advance"), Language::English),
        &[
            "Limit left 3 640.00 USDC",
            "Advance owed 1 360.00 USDC, and 7.2471233 USDC in fees",
            "it costs 0.5 % at once and at least 4 % a year",
            "Paid to the loan: its debt is repaid",
        ],
    );
}

#[test]
fn the_deductible_and_the_payee_follow_the_policy() {
    let market = flat(&issued("default"), Language::English);
    assert_says(
        &market,
        &[
            "Deductible 50.00 USDC of each loss",
            "all lenders of the market",
        ],
    );
    let vault = flat(&issued("vault"), Language::English);
    assert_says(
        &vault,
        &[
            "you bear 5 % of a loss",
            "the vault, for all its depositors",
            "b_rate",
        ],
    );
    let deficit = flat(&issued("contract"), Language::English);
    assert_says(
        &deficit,
        &[
            "More than 0.1 %",
            "(14 days from the start)",
            "all lenders of the market",
        ],
    );
    let grant = flat(&issued("grant"), Language::English);
    assert!(!grant.contains("owner of the loan"), "{grant}");
    let claim = flat(&issued("collateral"), Language::English);
    assert_says(
        &claim,
        &["Claims that wait 1", "none beyond the part named above"],
    );
}

#[test]
fn the_status_follows_the_clock() {
    let mut issued = issued("default");
    let (start, end) = (issued.policy.start, issued.policy.end);
    for (time, status) in [
        (start, "waiting period: nothing is covered yet"),
        (start + 259_199, "waiting period: nothing is covered yet"),
        (start + 259_200, "in force"),
        (end - 1, "in force"),
        (end, "ended: claims may still be filed"),
        (end + 604_799, "ended: claims may still be filed"),
        (end + 604_800, "over"),
    ] {
        issued.as_of = time;
        assert_says(
            &flat(&issued, Language::English),
            &[&format!("Status {status}")],
        );
    }
}

#[test]
fn the_premium_rate_is_the_one_that_was_sold() {
    let mut issued = issued("vault");
    for (rate, shown) in [
        (10_000, "0.10 %"),
        (180_000, "1.80 %"),
        (5_000_000, "50.00 %"),
    ] {
        let seconds = issued.policy.end - issued.policy.start;
        let premium = actuary::premium::Premium::of(
            issued.policy.original_limit,
            Rate::from_raw(rate),
            seconds,
            Assets::ZERO,
        )
        .unwrap();
        issued.policy.earning_rate =
            actuary::premium::earning_rate_down(premium.net, seconds).unwrap();
        assert_says(
            &flat(&issued, Language::English),
            &[&format!("about {shown} of")],
        );
    }
}

#[test]
fn a_page_escapes_what_it_shows() {
    let source = example_source("vault")
        .unwrap()
        .replace("Blend v2, fixed pool", "<script>alert('x')</script>&");
    let hostile = read("vault.json", source.as_bytes()).unwrap();
    let page = render(&hostile, Language::English, Format::Html);
    assert!(!page.contains("<script"), "{page}");
    assert_says(&page, &["&lt;script&gt;alert('x')&lt;/script&gt;&amp;"]);
}

#[test]
fn a_page_is_self_contained_and_says_what_the_text_says() {
    for name in EXAMPLES {
        for language in LANGUAGES {
            let issued = issued(name);
            let page = render(&issued, language, Format::Html);
            for outside in ["http", "src=", "url(", "@import", "<link", "<script"] {
                assert!(!page.contains(outside), "{name}: {outside}");
            }
            let certificate = certificate::certificate(&issued, language);
            assert_says(
                &page,
                &[&format!("<html lang=\"{}\">", certificate.language)],
            );
            for table in certificate.tables.iter().chain([&certificate.contracts]) {
                for (label, value) in &table.rows {
                    assert!(
                        page.contains(label) && page.contains(value),
                        "{name}: {label}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_line_is_wider_than_a_page() {
    for name in EXAMPLES {
        for language in LANGUAGES {
            for line in text(&issued(name), language).lines() {
                assert!(line.chars().count() <= 100, "{name}: {line:?}");
                assert_eq!(line, line.trim_end(), "{name}: spaces at the end");
            }
        }
    }
}
