//! `vangnet kyc`: arguments, files, the environment and the clock for the library.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use actuary::time::DAY;
use anyhow::{bail, Context, Result};
use clap::{Args, Subcommand};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;
use vangnet::kyc::{self, ContractId, Credential, Order, Scope, Secret};

#[derive(Subcommand)]
pub enum KycCommand {
    /// Sign a claim for an identity, and print it as JSON.
    #[command(
        after_help = "Examples:\n  vangnet kyc issue --issuer C... --identity C... --topic 1 --key-file signer.key --out claim.json\n  SIGNER=S... vangnet kyc issue --issuer C... --identity C... --topic 2 --days 180 --key-env SIGNER\n\nThe key is a Stellar secret, S..., in a file or a variable of the environment: never an argument, and never printed.\nNothing of the person is in a claim. They add it to their identity themselves, with `add_claim`."
    )]
    Issue(Issue),
    /// Print the call that revokes a claim; it is not sent.
    #[command(
        after_help = "Examples:\n  vangnet kyc revoke claim.json\n  vangnet kyc revoke claim.json --all\n\nThe owner of the issuer's contract signs the call and sends it. Afterwards the claim is refused wherever it is."
    )]
    Revoke(Revoke),
    /// Check a claim offline: form, signature, time and topic. Whether it was revoked only the network knows.
    #[command(
        after_help = "Examples:\n  vangnet kyc show claim.json\n  vangnet kyc show claim.json --topic 2 --at 2027-01-31T00:00:00Z\n\nExit codes: 0 valid, 1 cannot be read, 3 malformed, 4 badly signed, 5 expired, 6 of another topic."
    )]
    Show(Show),
}

#[derive(Args)]
pub struct Issue {
    /// The issuer's contract.
    #[arg(long, value_name = "C...")]
    issuer: ContractId,
    /// The person's identity: the registry's `stored_identity` of their wallet.
    #[arg(long, value_name = "C...")]
    identity: ContractId,
    /// What was checked: the topic of the tier.
    #[arg(long, value_name = "NUMBER")]
    topic: u32,
    /// A file with the secret that signs.
    #[arg(long, value_name = "FILE", required_unless_present = "key_env")]
    key_file: Option<PathBuf>,
    /// The name of a variable of the environment with it.
    #[arg(long, value_name = "NAME", conflicts_with = "key_file")]
    key_env: Option<String>,
    /// How long it holds, from now.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u64).range(1..=3_650))]
    days: u64,
    /// Until when it holds instead, such as 2027-01-31T00:00:00Z.
    #[arg(long, value_name = "TIME", conflicts_with = "days", value_parser = time_of)]
    until: Option<u64>,
    /// The number of the credential that it stands for: a random UUID, and nothing that names a person.
    #[arg(long, value_name = "UUID")]
    credential: Option<Credential>,
    /// What `nonce` of the issuer's contract says: 0 until all claims of this identity and topic were revoked.
    #[arg(long, default_value_t = 0)]
    nonce: u32,
    /// The network: public, testnet, or a passphrase.
    #[arg(long, default_value = "public")]
    network: String,
    /// Write it there instead.
    #[arg(long, value_name = "FILE.json")]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub struct Revoke {
    /// The claim, as `issue` writes it.
    #[arg(value_name = "FILE.json")]
    claim: PathBuf,
    /// Every claim that was signed for this identity and topic until now, not this one alone.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub struct Show {
    /// The claim, as `issue` writes it.
    #[arg(value_name = "FILE.json")]
    claim: PathBuf,
    /// The topic that it must be of.
    #[arg(long, value_name = "NUMBER")]
    topic: Option<u32>,
    /// The moment to judge it at, such as 2027-01-31T00:00:00Z; now without it.
    #[arg(long, value_name = "TIME", value_parser = time_of)]
    at: Option<u64>,
}

/// Does what was asked.
pub fn run(command: &KycCommand) -> Result<ExitCode> {
    match command {
        KycCommand::Issue(arguments) => issue(arguments),
        KycCommand::Revoke(arguments) => revoke(arguments),
        KycCommand::Show(arguments) => show(arguments),
    }
}

fn issue(arguments: &Issue) -> Result<ExitCode> {
    let secret = secret(arguments)?;
    let created_at = now()?;
    let order = Order {
        network: kyc::passphrase(&arguments.network).to_owned(),
        issuer: arguments.issuer.clone(),
        identity: arguments.identity.clone(),
        topic: arguments.topic,
        nonce: arguments.nonce,
        created_at,
        valid_until: arguments.until.unwrap_or(created_at + arguments.days * DAY),
        credential: arguments.credential,
    };
    let claim = kyc::issue(&order, &secret)?;
    let text = serde_json::to_string_pretty(&claim)?;
    match &arguments.out {
        Some(path) => write_new(path, &text)?,
        None => writeln!(anstream::stdout(), "{text}")?,
    }
    anstream::eprintln!(
        "note: nothing was sent; to do: the person adds the claim to their identity with `add_claim`"
    );
    Ok(ExitCode::SUCCESS)
}

fn revoke(arguments: &Revoke) -> Result<ExitCode> {
    let claim = kyc::read_file(&arguments.claim)?;
    let scope = if arguments.all {
        Scope::All
    } else {
        Scope::Claim
    };
    let call = kyc::revocation(&claim, scope)?;
    let text = serde_json::to_string_pretty(&call)?;
    writeln!(anstream::stdout(), "{text}")?;
    let what = match scope {
        Scope::Claim => "this claim is refused from then on",
        Scope::All => {
            "all claims signed for this identity and topic until then are refused, and later ones are signed with the next --nonce"
        }
    };
    anstream::eprintln!(
        "note: nothing was sent; to do: have the owner of the issuer's contract sign this call and send it; {what}"
    );
    Ok(ExitCode::SUCCESS)
}

fn show(arguments: &Show) -> Result<ExitCode> {
    let claim = kyc::read_file(&arguments.claim)?;
    let at = arguments.at.map_or_else(now, Ok)?;
    let verdict = kyc::check(&claim, at, arguments.topic)?;
    let mut out = anstream::stdout().lock();
    write!(out, "{}", kyc::table(&claim))?;
    writeln!(out, "{:<12}{}", "verdict", verdict.words())?;
    Ok(ExitCode::from(verdict.exit_code()))
}

fn secret(arguments: &Issue) -> Result<Secret> {
    let text = match (&arguments.key_file, &arguments.key_env) {
        (Some(file), _) => std::fs::read_to_string(file)
            .with_context(|| format!("{}: the key cannot be read", file.display()))?,
        (None, Some(name)) => std::env::var(name)
            .ok()
            .with_context(|| format!("the variable {name} is not set, or is no text"))?,
        (None, None) => bail!("name the key with --key-file or --key-env"),
    };
    Ok(Secret::read(&text)?)
}

/// Never over a file that is there: it may be the only copy of another claim.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let file = std::fs::File::create_new(path);
    let mut file = file.with_context(|| {
        let path = path.display();
        format!("{path}: the claim cannot be written; to do: name a file that is not there yet")
    })?;
    writeln!(file, "{text}").with_context(|| format!("{}", path.display()))
}

fn now() -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.context("the clock stands before 1970")?.as_secs())
}

fn time_of(text: &str) -> Result<u64, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "write it as 2027-01-31T00:00:00Z".to_owned())?;
    u64::try_from(moment.unix_timestamp()).map_err(|_| "it is before 1970".to_owned())
}
