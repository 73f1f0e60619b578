//! A certificate as one self-contained page: no scripts, nothing loaded from elsewhere, every value escaped.

use maud::{html, Markup, PreEscaped, DOCTYPE};

use super::certificate::{Certificate, PerilPart, Table};

const STYLE: &str = include_str!("certificate.css");

/// The page.
pub fn render(certificate: &Certificate) -> String {
    html! {
        (DOCTYPE)
        html lang=(certificate.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (certificate.title) " - Vangnet" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (certificate.title) }
                    p.faint { (certificate.as_of) }
                }
                main {
                    @for table in &certificate.tables { (section(table)) }
                    @for peril in &certificate.perils { (part(peril)) }
                    (section(&certificate.contracts))
                    section {
                        h2 { (certificate.notes_heading) }
                        ul { @for note in &certificate.notes { li { (note) } } }
                    }
                }
            }
        }
    }
    .into_string()
}

fn section(table: &Table) -> Markup {
    html! {
        section {
            h2 { (table.heading) }
            (rows(&table.rows))
        }
    }
}

fn part(peril: &PerilPart) -> Markup {
    html! {
        section.peril {
            h2 { (peril.heading) }
            @for (name, sentences) in [&peril.covered, &peril.not_covered] {
                h3 { (name) }
                ul { @for sentence in sentences { li { (sentence) } } }
            }
            (rows(&peril.rows))
        }
    }
}

fn rows(rows: &[(&'static str, String)]) -> Markup {
    html! {
        dl { @for (name, value) in rows { dt { (name) } dd { (value) } } }
    }
}
