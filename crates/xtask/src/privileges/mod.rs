//! `docs/privileges.md`: who must sign each entry point of each deployed contract, found in its source and held against
//! the functions that its wasm has, and what those can do who sign for a role.

mod parties;
mod powers;
mod source;
mod trace;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure, Context, Result};
use stellar_xdr::ScSpecEntry;

use crate::wasm::Built;
use crate::workspace::Workspace;
use parties::{party, Holder, Party, Role};
use powers::{Power, POWERS};
use source::Source;
use trace::{trace, Trace};

/// Ours that contracts are made of.
const LIBRARIES: [&str; 4] = ["adjuster", "blend-reader", "entries", "interfaces"];
/// OpenZeppelin's.
const MODULES: [&str; 4] = [
    "stellar-access",
    "stellar-contract-utils",
    "stellar-governance",
    "stellar-tokens",
];
/// What runs once, when a contract is deployed.
const CONSTRUCTOR: &str = "__constructor";

/// What one entry point asks for and does.
struct Entry {
    contract: String,
    function: String,
    /// Who signs, and whether always.
    parties: BTreeMap<Party, bool>,
    /// Roles for which more is allowed, found by comparing and not by a signature.
    compared: BTreeSet<Role>,
    trace: Trace,
}

impl Entry {
    fn roles(&self) -> BTreeSet<Role> {
        let signing = self.parties.keys().filter_map(|party| role(*party));
        signing.chain(self.compared.iter().copied()).collect()
    }
}

fn role(party: Party) -> Option<Role> {
    match party {
        Party::Privileged(role) => Some(role),
        Party::Themselves(_) | Party::Contract(_) => None,
    }
}

/// The generated part of the page.
pub fn page(workspace: &Workspace, built: &[&Built]) -> Result<String> {
    let mut entries = Vec::new();
    let mut wrong = Vec::new();
    for built in built {
        let name = &built.contract.name;
        let source = read(workspace, name)?;
        match analyse(name, &source, &functions(built)) {
            Ok(found) => entries.extend(found),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(privileged(&entries)? + &everybody(&entries))
}

/// A contract's source, and that of all that it may be made of.
fn read(workspace: &Workspace, contract: &str) -> Result<Source> {
    let mut source = Source::default();
    let parts = [contract].into_iter().chain(LIBRARIES).chain(MODULES);
    for part in parts {
        source.read(part, &workspace.sources_of(part)?.join("src"))?;
    }
    Ok(source)
}

/// The functions that a wasm has, its constructor apart.
fn functions(built: &Built) -> BTreeSet<String> {
    let names = built.used.iter().filter_map(|entry| match entry {
        ScSpecEntry::FunctionV0(function) => Some(function.name.to_utf8_string_lossy()),
        _ => None,
    });
    names.filter(|name| name != CONSTRUCTOR).collect()
}

/// Places every entry point of a contract, which must be exactly the functions of its wasm.
fn analyse(contract: &str, source: &Source, functions: &BTreeSet<String>) -> Result<Vec<Entry>> {
    let found = source.entries();
    let written: BTreeSet<_> = found.keys().cloned().collect();
    let lost: Vec<_> = written.symmetric_difference(functions).collect();
    ensure!(
        lost.is_empty(),
        "{contract}: {lost:?} is in its source or in its wasm, not in both"
    );
    let mut entries = Vec::new();
    let mut unplaced = Vec::new();
    for (function, index) in found {
        let trace = trace(source, index);
        let mut parties = BTreeMap::new();
        for (called, is_always) in &trace.signers {
            match party(contract, &function, called) {
                Some(party) => *parties.entry(party).or_default() |= *is_always,
                None => unplaced.push(format!(
                    "{contract}: {function} is signed by `{called}`, whom nobody has placed"
                )),
            }
        }
        for unseen in &trace.unseen {
            unplaced.push(format!(
                "{contract}: {function} calls `{unseen}`, which is not followed"
            ));
        }
        let compared = trace.compared.iter();
        let compared = compared.filter_map(|with| party(contract, &function, with).and_then(role));
        let compared = compared.collect();
        entries.push(Entry {
            contract: contract.to_owned(),
            function,
            parties,
            compared,
            trace,
        });
    }
    ensure!(unplaced.is_empty(), "{}", unplaced.join("\n"));
    Ok(entries)
}

/// Which words are about a privileged entry: its contract's own, else those for all.
fn power(entry: &Entry) -> Result<usize> {
    let (contract, function) = (&entry.contract, &entry.function);
    let about = |of: Option<&str>| {
        let mut powers = POWERS.iter();
        powers.position(|power| power.function == function && power.contract == of)
    };
    let index = about(Some(contract)).or_else(|| about(None));
    let index =
        index.with_context(|| format!("{contract}: {function} is privileged and not described"))?;
    for role in entry.roles() {
        let is_key = matches!(role.holder(), Holder::Key(_));
        if is_key && (entry.trace.moves || entry.trace.replaces) {
            bail!("{contract}: {function} moves money or code, and a key may call it");
        }
    }
    ensure!(
        entry.trace.moves == POWERS[index].money.is_some(),
        "{contract}: {function} {} money, and is described otherwise",
        if entry.trace.moves {
            "moves"
        } else {
            "moves no"
        }
    );
    Ok(index)
}

/// What the roles may do, and who holds them.
fn privileged(entries: &[Entry]) -> Result<String> {
    let mut page = "## Roles\n\n| role | held by | |\n|---|---|---|\n".to_owned();
    for role in Role::ALL {
        let (kind, holder) = match role.holder() {
            Holder::Vote(holder) => ("a vote", holder),
            Holder::Key(holder) => ("a key", holder),
        };
        page += &format!("| {} | {holder} | {kind} |\n", role.name());
    }
    let mut described = BTreeSet::new();
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let mut rows: BTreeMap<usize, Vec<&Entry>> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.roles().contains(&role)) {
            match power(entry) {
                Ok(index) => rows.entry(index).or_default().push(entry),
                Err(error) => wrong.push(error.to_string()),
            }
        }
        page += &format!("\n### What the {} may do\n\n", role.name());
        page += "| contract | entry point | at worst | what bounds it | moves money |\n|---|---|---|---|---|\n";
        for (index, entries) in rows {
            page += &row(&POWERS[index], &entries);
            described.insert(index);
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle = (0..POWERS.len()).find(|index| !described.contains(index));
    if let Some(idle) = idle.map(|index| &POWERS[index]) {
        bail!("{} is described as privileged and is not", idle.function);
    }
    Ok(page)
}

fn row(power: &Power, entries: &[&Entry]) -> String {
    let contracts: Vec<_> = entries.iter().map(|entry| &*entry.contract).collect();
    let money = match power.money {
        Some(money) => money,
        None if entries.iter().any(|entry| entry.trace.replaces) => "as the new code does",
        None => "no",
    };
    format!(
        "| {} | `{}` | {} | {} | {money} |\n",
        contracts.join(", "),
        power.function,
        power.worst,
        power.bound
    )
}

/// All entry points by contract and who signs.
fn everybody(entries: &[Entry]) -> String {
    let mut contracts: BTreeMap<&str, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    for entry in entries {
        let signers = contracts.entry(&entry.contract).or_default();
        let signers = signers.entry(who(entry)).or_default();
        signers.push(&entry.function);
    }
    let mut page = "\n## Every entry point\n".to_owned();
    for (contract, signers) in contracts {
        page += &format!("\n### {contract}\n\n| who signs | entry points |\n|---|---|\n");
        for (who, functions) in signers {
            let functions: Vec<_> = functions.iter().map(|name| format!("`{name}`")).collect();
            page += &format!("| {who} | {} |\n", functions.join(", "));
        }
    }
    page
}

/// Who signs an entry point, in words.
fn who(entry: &Entry) -> String {
    let words = entry.parties.iter().map(|(party, is_always)| {
        let who = match party {
            Party::Themselves(who) => (*who).to_owned(),
            Party::Contract(who) => format!("contract: {who}"),
            Party::Privileged(role) => format!("**role: {}**", role.name()),
        };
        match is_always {
            true => who,
            false => format!("in some cases {who}"),
        }
    });
    let compared = entry.compared.iter();
    let compared = compared.map(|role| format!("more for **role: {}**", role.name()));
    let words: Vec<_> = words.chain(compared).collect();
    match (words.is_empty(), entry.trace.refuses) {
        (true, true) => "always refused".to_owned(),
        (true, false) => "no signature: anyone may call".to_owned(),
        (false, _) => words.join("; "),
    }
}

#[cfg(test)]
mod test;
