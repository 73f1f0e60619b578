//! A certificate as plain text, no wider than a printed page.

use std::fmt::Write;

use super::certificate::Certificate;

/// Letters on a line, at most; an address is not broken.
const WIDTH: usize = 100;

/// The text.
pub fn render(certificate: &Certificate) -> String {
    let mut page = Page::default();
    page.line(&certificate.title.to_uppercase());
    page.line(&certificate.as_of);
    for table in &certificate.tables {
        page.heading(table.heading);
        page.rows(&table.rows);
    }
    for peril in &certificate.perils {
        page.heading(peril.heading);
        for (name, sentences) in [&peril.covered, &peril.not_covered] {
            page.line(&format!("{name}:"));
            for sentence in sentences {
                page.item(sentence);
            }
        }
        page.rows(&peril.rows);
    }
    page.heading(certificate.contracts.heading);
    page.rows(&certificate.contracts.rows);
    page.heading(certificate.notes_heading);
    for note in &certificate.notes {
        page.item(note);
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{}", line.trim_end());
    }

    fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading);
        self.line(&"-".repeat(heading.chars().count()));
    }

    fn item(&mut self, sentence: &str) {
        self.hanging("- ", 2, sentence);
    }

    fn rows(&mut self, rows: &[(&'static str, String)]) {
        let widest = rows.iter().map(|(name, _)| name.chars().count()).max();
        let width = widest.unwrap_or(0) + 2;
        for (name, value) in rows {
            self.hanging(&format!("{name:<width$}"), width, value);
        }
    }

    /// `first`, and beside it the words of `text` in lines that begin at `indent`.
    fn hanging(&mut self, first: &str, indent: usize, text: &str) {
        let mut line = first.to_owned();
        let mut used = indent;
        for word in text.split(' ') {
            let letters = word.chars().count();
            if used > indent && used + 1 + letters > WIDTH {
                self.line(&line);
                line = " ".repeat(indent);
                used = indent;
            }
            if used > indent {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += letters;
        }
        self.line(&line);
    }
}
