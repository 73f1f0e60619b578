//! The documents: sections, their prose, and the example that a section has in a block of `toml example`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::example::Example;
use crate::number::{PERCENT, UNIT};

/// How the block of an example begins.
const FENCE: &str = "```toml example";

/// One Markdown file.
pub struct Document {
    pub name: String,
    sections: Vec<Section>,
}

/// What stands under one heading.
#[derive(Default)]
pub struct Section {
    pub heading: String,
    /// The text apart from blocks, with single spaces.
    pub prose: String,
    block: Option<String>,
}

/// The documents of `docs/policy`, by name.
pub fn documents() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| Document {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            sections: sections(&fs::read_to_string(path).unwrap()),
        })
        .collect()
}

impl Document {
    /// The sections that have an example.
    pub fn examples(&self) -> impl Iterator<Item = &Section> {
        self.sections
            .iter()
            .filter(|section| section.block.is_some())
    }
}

impl Section {
    pub fn example(&self) -> Example {
        toml::from_str(self.source()).unwrap_or_else(|error| panic!("{:?}: {error}", self.heading))
    }

    /// The amounts in the block.
    pub fn amounts_used(&self) -> BTreeSet<String> {
        self.texts_ending_in(UNIT)
    }

    /// The percentages in the block.
    pub fn rates_used(&self) -> BTreeSet<String> {
        self.texts_ending_in(PERCENT)
    }

    /// The amounts in the prose.
    pub fn amounts_told(&self) -> BTreeSet<String> {
        let pieces: Vec<&str> = self.prose.split(UNIT).collect();
        let before_units = &pieces[..pieces.len() - 1];
        before_units
            .iter()
            .map(|piece| trailing_number(piece))
            .filter(|number| !number.is_empty())
            .map(|number| format!("{number}{UNIT}"))
            .collect()
    }

    fn texts_ending_in(&self, ending: &str) -> BTreeSet<String> {
        let table: Table = toml::from_str(self.source()).unwrap();
        let mut texts = BTreeSet::new();
        collect(&Value::Table(table), &mut texts);
        texts.retain(|text| text.ends_with(ending));
        texts
    }

    fn source(&self) -> &str {
        self.block.as_deref().unwrap()
    }
}

/// The number that a text ends in, with its thousands apart.
fn trailing_number(text: &str) -> &str {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == ' ' || letter == '.';
    let start = text
        .rfind(|letter| !is_part(letter))
        .map_or(0, |place| place + 1);
    let number = text.get(start..).unwrap_or_default();
    number.rsplit(". ").next().unwrap_or_default().trim()
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            texts.insert(text.clone());
        }
        Value::Table(table) => table.values().for_each(|value| collect(value, texts)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn sections(markdown: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let last = sections.last_mut().unwrap();
        if line.starts_with("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            assert!(
                line == FENCE || !line.contains("example"),
                "{line}: write {FENCE}"
            );
            if line == FENCE {
                let earlier = last.block.replace(block.join("\n"));
                assert_eq!(earlier, None, "{:?}: one example a heading", last.heading);
            }
        } else if let Some(heading) = line.strip_prefix('#') {
            sections.push(Section {
                heading: heading.trim_start_matches('#').trim().to_owned(),
                ..Section::default()
            });
        } else {
            for word in line.split_whitespace() {
                last.prose.push_str(word);
                last.prose.push(' ');
            }
        }
    }
    sections
}
