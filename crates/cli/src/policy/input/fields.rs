//! The fields of an object: each is taken once, as what it must be, and none is left over.

use actuary::premium::{MAX_LIMIT, MAX_RATE};
use actuary::price::PRICE_DECIMALS;
use actuary::time::MAX_TIME;
use actuary::{Assets, Price, Rate};
use stellar_strkey::Strkey;

use super::error::{quoted, Fault};
use super::node::Node;
use super::Address;
use crate::decimal::parse_exact;

/// The longest name of anything.
const MAX_NAME: usize = 64;
/// The longest code of an asset.
const MAX_CODE: usize = 12;

/// An object whose fields are being taken.
pub struct Fields {
    path: String,
    left: Vec<(String, Node)>,
}

impl Fields {
    /// The fields of `node`, which is called `path`; the file itself has none.
    pub fn of(path: &str, node: Node) -> Result<Self, Fault> {
        match node {
            Node::Object(left) => Ok(Self {
                path: path.to_owned(),
                left,
            }),
            other => Err(wrong_kind(path, "an object", &other)),
        }
    }

    /// Refuses a field that nobody took.
    pub fn finish(self) -> Result<(), Fault> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => Err(Fault::at(
                self.named(&quoted(name)),
                "is unknown here",
                "check its spelling, or remove it: `vangnet policy certificate --help` lists the fields",
            )),
        }
    }

    /// An object inside.
    pub fn object(&mut self, name: &str) -> Result<Self, Fault> {
        let node = self.take(name)?;
        Self::of(&self.named(name), node)
    }

    /// An object inside that may be missing.
    pub fn optional_object(&mut self, name: &str) -> Result<Option<Self>, Fault> {
        let path = self.named(name);
        self.take_if_there(name)
            .map(|node| Self::of(&path, node))
            .transpose()
    }

    /// A list of what `read` makes of each item.
    pub fn list<Item>(
        &mut self,
        name: &str,
        most: usize,
        read: impl Fn(&str, Node) -> Result<Item, Fault>,
    ) -> Result<Vec<Item>, Fault> {
        let path = self.named(name);
        match self.take(name)? {
            Node::List(items) if items.len() <= most => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| read(&format!("{path}[{index}]"), item))
                .collect(),
            Node::List(_) => Err(Fault::at(
                path,
                format!("has more than {most} items"),
                "list each once",
            )),
            other => Err(wrong_kind(&path, "a list", &other)),
        }
    }

    /// One of a few words.
    pub fn one_of<Choice: Copy>(
        &mut self,
        name: &str,
        choices: &[(&str, Choice)],
    ) -> Result<Choice, Fault> {
        let path = self.named(name);
        let node = self.take(name)?;
        one_of(&path, &node, choices)
    }

    /// An amount in the smallest unit of the asset.
    pub fn assets(&mut self, name: &str) -> Result<Assets, Fault> {
        let most = MAX_LIMIT.raw();
        self.digits(name, most).map(Assets::from_raw)
    }

    /// A whole number of zero to `most`, as a text.
    pub fn digits(&mut self, name: &str, most: i128) -> Result<i128, Fault> {
        let hint = "write it as a text of digits in the smallest unit, such as \"50000000000\" for 5 000 of an asset \
                    with 7 decimals";
        let (path, text) = self.plain_text(name)?;
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain {
            let problem = format!("is {}, not a whole amount of zero or more", quoted(&text));
            return Err(Fault::at(path, problem, hint));
        }
        text.parse()
            .ok()
            .filter(|value| *value <= most)
            .ok_or_else(|| {
                Fault::at(
                    path,
                    format!("is {}, which is too large", quoted(&text)),
                    hint,
                )
            })
    }

    /// A rate or factor of zero to 1000 %.
    pub fn rate(&mut self, name: &str) -> Result<Rate, Fault> {
        let most = u64::try_from(MAX_RATE.raw()).unwrap_or(u64::MAX);
        self.whole(
            name,
            most,
            "write it as a number with 10000000 for 100 % or 1",
        )
        .map(|raw| Rate::from_raw(raw.into()))
    }

    /// A rate or factor that may be missing.
    pub fn optional_rate(&mut self, name: &str) -> Result<Option<Rate>, Fault> {
        self.has(name).then(|| self.rate(name)).transpose()
    }

    /// A rate of at most 100 %.
    pub fn part(&mut self, name: &str) -> Result<Rate, Fault> {
        let path = self.named(name);
        let rate = self.rate(name)?;
        if rate <= Rate::FULL {
            Ok(rate)
        } else {
            Err(Fault::at(
                path,
                "is above 100 %",
                "write it as a number with 10000000 for 100 %",
            ))
        }
    }

    /// A time in unix seconds.
    pub fn time(&mut self, name: &str) -> Result<u64, Fault> {
        self.whole(
            name,
            MAX_TIME,
            "write it in unix seconds, such as 1772539200, before the year 2100",
        )
    }

    /// A whole number of at most `most`.
    pub fn whole(&mut self, name: &str, most: u64, hint: &str) -> Result<u64, Fault> {
        let path = self.named(name);
        match self.take(name)? {
            Node::Whole(value) if value <= most => Ok(value),
            Node::Whole(value) => Err(Fault::at(path, format!("is {value}, above {most}"), hint)),
            Node::Number => Err(Fault::at(
                path,
                "is not a whole number of zero or more, or too large",
                hint,
            )),
            other => Err(wrong_kind(&path, "a whole number", &other)),
        }
    }

    /// A price above zero, as a decimal text.
    pub fn price(&mut self, name: &str) -> Result<Price, Fault> {
        let hint = "write it as a decimal such as \"0.0835\", with at most 14 decimals";
        let (path, text) = self.plain_text(name)?;
        let shown = quoted(&text);
        match parse_exact(&text, PRICE_DECIMALS) {
            Ok(value) if value > 0 && value <= MAX_LIMIT.raw() => Ok(Price::from_raw(value)),
            Ok(value) if value > 0 => Err(Fault::at(path, format!("{shown} is too large"), hint)),
            Ok(_) => Err(Fault::at(path, format!("{shown} is not above zero"), hint)),
            Err(error) => Err(Fault::at(path, format!("{shown} {error}"), hint)),
        }
    }

    /// An account or a contract.
    pub fn address(&mut self, name: &str) -> Result<Address, Fault> {
        let hint = "write the account (G...) or contract (C...) with all its 56 letters";
        let (path, text) = self.plain_text(name)?;
        match Strkey::from_string(&text) {
            Ok(Strkey::PublicKeyEd25519(_) | Strkey::Contract(_)) => Ok(Address(text)),
            // What may be a secret is not repeated.
            Ok(Strkey::PrivateKeyEd25519(_)) => Err(Fault::at(
                path,
                "is a secret key",
                "remove it from the file and consider it leaked; write the account (G...) instead",
            )),
            Ok(_) => Err(Fault::at(path, "is neither account nor contract", hint)),
            Err(_) => Err(Fault::at(
                path,
                "is no address: its letters or its checksum are wrong",
                hint,
            )),
        }
    }

    /// A contract.
    pub fn contract(&mut self, name: &str) -> Result<Address, Fault> {
        let path = self.named(name);
        let address = self.address(name)?;
        if address.as_str().starts_with('C') {
            Ok(address)
        } else {
            Err(Fault::at(
                path,
                "is an account",
                "write the contract (C...)",
            ))
        }
    }

    /// A name for people.
    pub fn name(&mut self, name: &str) -> Result<String, Fault> {
        let hint = format!(
            "write a name of 1 to {MAX_NAME} letters, without line breaks or invisible letters"
        );
        let (path, text) = self.plain_text(name)?;
        let is_sound = text.chars().count() <= MAX_NAME
            && text.trim() == text
            && !text.is_empty()
            && text.chars().all(is_visible);
        if is_sound {
            Ok(text)
        } else {
            Err(Fault::at(path, format!("is {}", quoted(&text)), hint))
        }
    }

    /// The code of an asset.
    pub fn code(&mut self, name: &str) -> Result<String, Fault> {
        let (path, text) = self.plain_text(name)?;
        let is_code = (1..=MAX_CODE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_code {
            Ok(text)
        } else {
            Err(Fault::at(
                path,
                format!("is {}", quoted(&text)),
                format!("write 1 to {MAX_CODE} letters or digits, such as USDC"),
            ))
        }
    }

    fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(found, _)| found == name)
    }

    fn plain_text(&mut self, name: &str) -> Result<(String, String), Fault> {
        let path = self.named(name);
        match self.take(name)? {
            Node::Text(text) => Ok((path, text)),
            other => Err(wrong_kind(&path, "a text in quotes", &other)),
        }
    }

    fn take(&mut self, name: &str) -> Result<Node, Fault> {
        self.take_if_there(name).ok_or_else(|| {
            Fault::at(
                self.named(name),
                "is missing",
                "add it: `vangnet policy certificate --help` shows an example",
            )
        })
    }

    fn take_if_there(&mut self, name: &str) -> Option<Node> {
        let place = self.left.iter().position(|(found, _)| found == name)?;
        Some(self.left.swap_remove(place).1)
    }

    fn named(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }
}

/// One of a few words, from a node called `path`.
pub fn one_of<Choice: Copy>(
    path: &str,
    node: &Node,
    choices: &[(&str, Choice)],
) -> Result<Choice, Fault> {
    let Node::Text(text) = node else {
        return Err(wrong_kind(path, "a text in quotes", node));
    };
    choices
        .iter()
        .find(|(name, _)| name == text)
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let problem = format!("is {}", quoted(text));
            Fault::at(path, problem, format!("write one of {}", names.join(", ")))
        })
}

/// Letters that show: no controls, which act on terminals, and nothing that hides or turns the letters around it.
fn is_visible(letter: char) -> bool {
    letter == ' ' || letter.is_ascii_graphic() || letter.escape_debug().count() == 1
}

fn wrong_kind(path: &str, expected: &str, found: &Node) -> Fault {
    let (field, kind) = (path.to_owned(), found.kind());
    let hint = format!("write {expected}");
    if path.is_empty() {
        Fault::whole(format!("is {kind}, not {expected}"), hint)
    } else {
        Fault::at(field, format!("is {kind}, not {expected}"), hint)
    }
}
