//! The worked examples of `docs/policy/`: each is computed with the formulas that the contracts use, and must come to what
//! the text promises, to the last unit.

#![allow(clippy::unwrap_used, clippy::panic)] // a document that cannot be read fails the test by panicking

mod document;
mod example;
mod facts;
mod number;

use document::{documents, Document};

/// Documents that explain terms instead of a peril.
const NOT_A_PERIL: &str = "README.md";
/// Paid examples, and unpaid ones, that the wording of a peril has at least.
const LEAST: usize = 2;

#[test]
fn every_peril_has_a_wording() {
    let names: Vec<String> = documents().into_iter().map(|found| found.name).collect();
    assert_eq!(
        names,
        [
            "README.md",
            "advance.md",
            "collateral.md",
            "contract.md",
            "default.md",
            "grant.md",
            "liquidation.md"
        ]
    );
}

#[test]
fn every_example_comes_to_what_the_text_promises() {
    for document in documents() {
        for section in document.examples() {
            let example = section.example();
            let place = format!("{}, {:?}", document.name, section.heading);
            assert_eq!(example.computed(), example.stated(), "{place}");
        }
    }
}

#[test]
fn every_wording_shows_when_it_pays_and_when_it_does_not() {
    for document in perils() {
        let (paid, unpaid): (Vec<_>, Vec<_>) = document
            .examples()
            .map(|section| section.example())
            .partition(|example| example.is_paid());
        assert!(paid.len() >= LEAST, "{}: paid examples", document.name);
        assert!(unpaid.len() >= LEAST, "{}: unpaid examples", document.name);
    }
}

#[test]
fn every_example_is_about_the_peril_of_its_document() {
    for document in perils() {
        for section in document.examples() {
            let peril = section.example().peril();
            assert_eq!(format!("{peril}.md"), document.name, "{}", section.heading);
        }
    }
}

#[test]
fn headings_say_whether_an_example_is_paid() {
    for document in perils() {
        for section in document.examples() {
            let word = if section.example().is_paid() {
                "Paid: "
            } else {
                "Not paid: "
            };
            assert!(
                section.heading.starts_with(word),
                "{}: {:?} begins with {word:?}",
                document.name,
                section.heading
            );
        }
    }
}

#[test]
fn every_amount_of_an_example_is_in_its_text_and_the_other_way_round() {
    for document in documents() {
        for section in document.examples() {
            let place = format!("{}, {:?}", document.name, section.heading);
            assert_eq!(section.amounts_told(), section.amounts_used(), "{place}");
        }
    }
}

#[test]
fn every_percentage_of_an_example_is_in_its_text() {
    for document in documents() {
        for section in document.examples() {
            for rate in section.rates_used() {
                assert!(
                    section.prose.contains(&rate),
                    "{}, {:?}: {rate} is not in the text",
                    document.name,
                    section.heading
                );
            }
        }
    }
}

#[test]
fn examples_use_the_co_insurance_that_cover_starts_with() {
    for document in perils() {
        for section in document.examples() {
            let example = section.example();
            assert_eq!(
                example.co_insurance(),
                example.starting_co_insurance(),
                "{}, {:?}",
                document.name,
                section.heading
            );
        }
    }
}

fn perils() -> Vec<Document> {
    let mut found = documents();
    found.retain(|document| document.name != NOT_A_PERIL);
    found
}
