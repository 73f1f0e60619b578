//! `vangnet policy certificate`: the terms of one policy with its contract's values, in English or Dutch.
//!
//! Three steps: `input` reads and checks a JSON file; `certificate` says it in `words`; `text` and `html` set it.
//! Nothing here asks a network; whoever reads a policy from contracts fills the same [`Issued`].

mod certificate;
mod examples;
mod html;
mod input;
mod number;
mod text;
mod words;

pub use examples::{example, example_source, EXAMPLES};
pub use input::{
    read, read_file, Address, Asset, Class, Collateral, CollateralTerms, Drawing, GrantBounds,
    Group, InputError, Issued, Market, Payment, PerilTerms, Platform, PlatformKind, Policy, Route,
};
pub(crate) use number::moment;
pub use words::Language;

/// How a certificate is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text for a terminal.
    Text,
    /// A self-contained page that prints well.
    Html,
}

/// What `--help` says of the file: its shape, by an example.
pub const FILE_HELP: &str = concat!(
    "The file of --from is one JSON object. Every field is required unless it says otherwise; unknown ones are refused.\n",
    "Amounts are decimal strings in the asset's smallest unit, rates and factors whole numbers (10000000 = 100 % = 1),\n",
    "prices decimal strings (14 decimals), times unix seconds, addresses as Stellar writes them (G... or C...).\n",
    "\n",
    "  as_of              when the rest was read\n",
    "  asset              what the pool pays in\n",
    "  platform           its name, its contract, and its kind: blend or market\n",
    "  cover_pool, price_hub\n",
    "  subject, class     what is insured: a loan or a deposit\n",
    "  policy             the cover pool's view `policy`; route: repay, buy-collateral or adapter\n",
    "  group              of the cover pool's view `group`: adapter, deductible, and the terms of the policy's perils\n",
    "  payment            of the cover pool's terms: what is paid at once\n",
    "  collateral         of a loan: its asset's code and contract\n",
    "  market             of a loan: of the adapter's view `market` the part of each peril:\n",
    "    advance          trigger, target, least_rate and flat_fee, for the peril advance\n",
    "    grant            trigger, deductible, most and target, for the peril grant\n",
    "    incentive        for the perils default and liquidation on a market\n",
    "    peg              reference and deductible, for the peril collateral\n",
    "\n",
    "For example (vangnet policy certificate --example all --show-input):\n",
    "\n",
    include_str!("examples/all.json"),
    "\n",
    "Examples:\n",
    "  vangnet policy certificate --example advance\n",
    "  vangnet policy certificate --from mine.json --lang nl\n",
    "  vangnet policy certificate --from mine.json --format html > certificate.html",
);

/// The certificate of a policy.
pub fn render(issued: &Issued, language: Language, format: Format) -> String {
    let certificate = certificate::certificate(issued, language);
    match format {
        Format::Text => text::render(&certificate),
        Format::Html => html::render(&certificate),
    }
}

#[cfg(test)]
mod tests;
