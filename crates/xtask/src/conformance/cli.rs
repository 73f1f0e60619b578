//! stellar-cli, built once from crates.io, and what a user does with it.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

use super::localnet::Localnet;
use super::{FOLDER, TOKEN};
use crate::process::{ask, cargo, line, run_command};

/// The version that is built and run.
const VERSION: &str = "28.1.0";
/// The passphrase that `vangnet localnet` has unless told otherwise.
const PASSPHRASE: &str = "Standalone Network ; February 2017";
/// Alice deploys the token, and all but its name.
const DEPLOY: &str = "contract deploy --source alice --wasm";
const CONSTRUCTOR: [&str; 7] = [
    "--", "--holder", "alice", "--supply", "1000", "--symbol", "PLT",
];
/// A coin of the token from Alice to Bob.
const GIVE: &str = "transfer --from alice --to bob --amount 1";
/// Longer than a new persistent entry lives on mainnet, seconds.
const SEASON: u64 = 121 * 86_400;

/// Builds stellar-cli at the first time, and uses it on two networks: one by the clock on the wall, one whose clock is moved.
pub fn run(root: &Path) -> Result<()> {
    let program = installed(root)?;
    let wasm = root.join(format!("target/contracts/{TOKEN}.wasm"));
    let wasm = wasm.to_str().context("the checkout's path is not UTF-8")?;
    let live = Localnet::start(root, "on-demand")?;
    let stellar = Stellar::at_home(root, &program, "live", &live)?;
    check_network(&stellar)?;
    check_classic(&stellar)?;
    let token = check_contract(&stellar, wasm)?;
    check_refusals(&stellar)?;
    check_failures(&stellar, &token, wasm)?;
    let moved = Localnet::start(root, "eager")?;
    let stellar = Stellar::at_home(root, &program, "moved", &moved)?;
    check_archival(&stellar, &moved, wasm)?;
    println!("stellar-cli {VERSION}: all passed");
    Ok(())
}

/// The program, built if it is not there: without the features that need system libraries (hardware wallets, keyrings), and
/// not optimised, since it runs for a second.
fn installed(root: &Path) -> Result<PathBuf> {
    let folder = root.join(FOLDER).join("stellar-cli");
    let program = folder.join("bin/stellar");
    let version = ask(&program, &["version", "--only-version"]);
    if version.as_deref() == Some(VERSION) {
        return Ok(program);
    }
    println!("building stellar-cli {VERSION}, which takes a quarter of an hour");
    let build = root.join(FOLDER).join("stellar-cli-build");
    let mut command = cargo();
    command
        .args(["install", "stellar-cli", "--version", VERSION, "--locked"])
        .args(["--no-default-features", "--force", "--root"])
        .arg(&folder)
        .env("CARGO_TARGET_DIR", build)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run_command(&mut command)?;
    Ok(program)
}

/// stellar-cli with keys and settings of its own. A command is given as its words, then those that may hold spaces.
struct Stellar {
    program: PathBuf,
    home: PathBuf,
}

impl Stellar {
    /// A new home whose default network is this one.
    fn at_home(root: &Path, program: &Path, name: &str, network: &Localnet) -> Result<Self> {
        let home = root.join(FOLDER).join("stellar-home").join(name);
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        fs::create_dir_all(&home)?;
        let stellar = Self {
            program: program.to_owned(),
            home,
        };
        let add = format!("network add own --rpc-url {}", network.rpc_url);
        stellar.run(&add, &["--network-passphrase", PASSPHRASE])?;
        stellar.run("network use own", &[])?;
        Ok(stellar)
    }

    fn command(&self, words: &str, more: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(words.split_whitespace())
            .args(more)
            .current_dir(&self.home)
            .env("STELLAR_CONFIG_HOME", self.home.join("config"))
            .env("STELLAR_DATA_HOME", self.home.join("data"))
            .env("STELLAR_NO_UPDATE_CHECK", "true");
        command
    }

    /// Runs a command that must succeed; returns what it printed.
    fn run(&self, words: &str, more: &[&str]) -> Result<String> {
        let mut command = self.command(words, more);
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`{}`: {said}", line(&command));
        println!("ok: {}", start_of(&command));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Runs a command that must be refused with this code.
    fn refused_with(&self, words: &str, more: &[&str], code: &str) -> Result<()> {
        let why = self.refused(words, more)?;
        let mut told = why.split(|letter: char| !letter.is_ascii_alphanumeric());
        check(code, told.any(|word| word == code), &why)?;
        println!("    with {code}");
        Ok(())
    }

    /// A coin from Alice to Bob, simulated, edited and signed by Alice: how to send it.
    fn edited(&self, token: &str, edit: impl FnOnce(&mut Value)) -> Result<String> {
        let build = format!("contract invoke --id {token} --source alice --build-only -- {GIVE}");
        let built = self.run(&build, &[])?;
        let simulated = self.run("tx simulate --source alice", &[&built])?;
        let decoded = self.run("tx decode", &[&simulated])?;
        let mut envelope: Value = serde_json::from_str(&decoded)?;
        edit(&mut envelope["tx"]["tx"]);
        let encoded = self.run("tx encode", &[&envelope.to_string()])?;
        let signed = self.run("tx sign --sign-with-key alice", &[&encoded])?;
        Ok(format!("tx send {signed}"))
    }

    /// Runs a command that must fail; returns why it did.
    fn refused(&self, words: &str, more: &[&str]) -> Result<String> {
        let mut command = self.command(words, more);
        let output = command.output()?;
        ensure!(!output.status.success(), "`{}` passed", line(&command));
        println!("ok, refused: {}", start_of(&command));
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs a command that prints JSON.
    fn json(&self, words: &str) -> Result<Value> {
        let text = self.run(words, &["--output", "json"])?;
        serde_json::from_str(&text).with_context(|| format!("`{words}` printed {text}"))
    }

    /// Makes a key; returns its address.
    fn key(&self, name: &str) -> Result<String> {
        self.run(&format!("keys generate {name}"), &[])?;
        self.run(&format!("keys public-key {name}"), &[])
    }

    /// Deploys the token, with its whole supply of a thousand for Alice; returns its address.
    fn deploy(&self, wasm: &str) -> Result<String> {
        let constructor = ["--name", "Vangnet vote"];
        let contract = self.run(DEPLOY, &[&[wasm], &CONSTRUCTOR[..], &constructor].concat())?;
        let is_address = contract.starts_with('C') && contract.len() == 56;
        check("an address", is_address, &contract)?;
        Ok(contract)
    }
}

/// The command as one would type it, cut where it grows too long to read.
fn start_of(command: &Command) -> String {
    line(command).chars().take(160).collect()
}

/// Fails unless it is so, and tells what was there instead.
fn check(what: &str, is_so: bool, found: impl Debug) -> Result<()> {
    ensure!(is_so, "this is not {what}: {found:?}");
    Ok(())
}

fn check_network(stellar: &Stellar) -> Result<()> {
    let health = stellar.json("network health")?;
    check("healthy", health["status"] == "healthy", &health)?;
    let info = stellar.json("network info")?;
    check("protocol 28", info["protocol_version"] == 28, &info)?;
    check("our network", info["passphrase"] == PASSPHRASE, &info)?;
    let settings = stellar.json("network settings")?;
    let entries = settings["updated_entry"].as_array().into_iter().flatten();
    let code = entries
        .filter_map(|entry| entry["contract_max_size_bytes"].as_u64())
        .next();
    check("mainnet's bound of code", code == Some(131_072), &settings)?;
    let latest = stellar.json("ledger latest")?;
    check("a ledger", latest["sequence"].as_u64() > Some(0), &latest)?;
    let fees = stellar.json("fees stats")?;
    check("a fee", fees["inclusionFee"]["max"].is_string(), &fees)
}

fn check_classic(stellar: &Stellar) -> Result<()> {
    let (alice, bob) = (stellar.key("alice")?, stellar.key("bob")?);
    let cover = format!("COVER:{alice}");
    for command in [
        "keys fund alice",
        "tx new create-account --source alice --destination bob --starting-balance 1_000_000_000",
        "tx new payment --source alice --destination bob --amount 5",
        &format!("tx new change-trust --source bob --line {cover}"),
        &format!("tx new payment --source alice --destination bob --asset {cover} --amount 7"),
    ] {
        stellar.run(command, &[])?;
    }
    let entry = stellar.run(&format!("ledger entry fetch account --account {bob}"), &[])?;
    // What it got, less the fee of its trustline.
    check("bob's account", entry.contains("999999905"), &entry)
}

/// Returns the contract's address.
fn check_contract(stellar: &Stellar, wasm: &str) -> Result<String> {
    let ledger = stellar.json("ledger latest")?["sequence"].to_string();
    let token = stellar.deploy(wasm)?;
    let call = |source, call| format!("contract invoke --id {token} --source {source} -- {call}");
    let name = stellar.run(&call("bob", "name"), &[])?;
    check("the name", name == "\"Vangnet vote\"", &name)?;
    let give = "transfer --from alice --to bob --amount 5";
    stellar.run(&call("alice", give), &[])?;
    let balance = stellar.run(&call("bob", "balance --account bob"), &[])?;
    check("what was given", balance == "\"5\"", &balance)?;
    // Sent by Alice with Bob's authorisation.
    let back = "transfer --from bob --to alice --amount 2";
    stellar.run(&call("alice", back), &[])?;
    let why = stellar.refused(
        &call("bob", "transfer --from bob --to alice --amount 6"),
        &[],
    )?;
    check("our error", why.contains("Error(Contract, #100)"), &why)?;

    let events = format!("events --start-ledger {ledger} --id {token} --output json");
    let events = stellar.run(&events, &[])?;
    check("the transfer", events.contains("transfer"), &events)?;
    let extend = "contract extend --source alice --ttl-ledger-only --ledgers-to-extend 3000000";
    let life = stellar.run(&format!("{extend} --id {token}"), &[])?;
    check("a longer life", life.parse::<u32>()? > 3_000_000, &life)?;
    let instance = format!("ledger entry fetch contract-data --instance --contract {token}");
    let entry = stellar.run(&instance, &[])?;
    check("the instance's life", entry.contains(&life), &entry)?;

    let copy = stellar.home.join("fetched.wasm");
    let fetch = format!("contract fetch --id {token} --out-file fetched.wasm");
    stellar.run(&fetch, &[])?;
    check("our wasm", fs::read(&copy)? == fs::read(wasm)?, &copy)?;
    Ok(token)
}

/// What is refused when it is sent.
fn check_refusals(stellar: &Stellar) -> Result<()> {
    let pay = "tx new payment --source alice --destination bob --amount 1";
    let built = stellar.run(&format!("{pay} --build-only"), &[])?;
    let sign = |key: &str| stellar.run(&format!("tx sign --sign-with-key {key}"), &[&built]);
    let send = |signed: String| format!("tx send {signed}");
    stellar.refused_with(&send(sign("bob")?), &[], "TxBadAuth")?;
    let signed = send(sign("alice")?);
    stellar.run(&signed, &[])?;
    stellar.refused_with(&signed, &[], "TxBadSeq")?;
    stellar.refused_with(
        &format!("{pay} --inclusion-fee 99"),
        &[],
        "TxInsufficientFee",
    )
}

/// What is wrong with a call, most of which shows when it is applied.
fn check_failures(stellar: &Stellar, token: &str, wasm: &str) -> Result<()> {
    let invoke = format!("contract invoke --id {token} --source alice");
    let unpaid = format!("{invoke} --resource-fee 1 -- {GIVE}");
    stellar.refused_with(&unpaid, &[], "TxSorobanInvalid")?;
    let slow = format!("{invoke} --instructions 100000 -- {GIVE}");
    stellar.refused_with(&slow, &[], "ResourceLimitExceeded")?;

    let skipped = stellar.edited(token, |tx| {
        let next = tx["seq_num"].as_str().and_then(|next| next.parse().ok());
        tx["seq_num"] = next.map_or(0_i64, |next: i64| next + 1).to_string().into();
    })?;
    stellar.refused_with(&skipped, &[], "TxBadSeq")?;
    let narrow = stellar.edited(token, |tx| {
        tx["ext"]["v1"]["resources"]["footprint"]["read_write"] = json!([]);
    })?;
    stellar.refused_with(&narrow, &[], "Trapped")?;
    let corrupted = stellar.edited(token, |tx| {
        let call = &mut tx["operations"][0]["body"]["invoke_host_function"];
        call["auth"][0]["root_invocation"]["function"]["contract_fn"]["args"][2] =
            json!({"i128": "2"});
    })?;
    stellar.refused_with(&corrupted, &[], "Trapped")?;
    let name = ["--name", &"x".repeat(65_400)];
    let oversized = [&[wasm], &CONSTRUCTOR[..], &name].concat();
    stellar.refused_with(DEPLOY, &oversized, "ResourceLimitExceeded")
}

fn check_archival(stellar: &Stellar, network: &Localnet, wasm: &str) -> Result<()> {
    stellar.key("alice")?;
    stellar.key("bob")?;
    stellar.run("keys fund alice", &[])?;
    let token = stellar.deploy(wasm)?;
    network.post("advance", &format!("{{\"seconds\":{SEASON}}}"))?;
    let silent = stellar.edited(&token, |tx| tx["ext"]["v1"]["ext"] = json!("v0"))?;
    stellar.refused_with(&silent, &[], "EntryArchived")?;
    let restore = format!("contract restore --id {token} --source alice");
    let life = stellar.run(&restore, &[])?;
    check("a new life", life.contains("ttl ledger"), &life)?;
    let call = |call| format!("contract invoke --id {token} --source alice -- {call}");
    let give = "transfer --from alice --to alice --amount 1";
    stellar.run(&call(give), &[])?;
    let balance = stellar.run(&call("balance --account alice"), &[])?;
    check("all of it", balance == "\"1000\"", &balance)
}
