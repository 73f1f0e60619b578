//! The `vangnet` command: wires arguments, files and the terminal to the library.

mod kyc_command;
mod localnet_command;

use std::io::Write;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use kyc_command::KycCommand;
use localnet_command::Localnet;
use vangnet::demo::{self, Options, Overall, Progress};
use vangnet::output::{self, Run};
use vangnet::prices::{self, Prices, ReadOptions};
use vangnet::scenario::{self, Scenario};
use vangnet::{policy, report, summary, table};

/// Insured loans: play a scenario and see who loses what, with and without cover.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example: vangnet demo --scenario eth-2020-03-12 --report crash.html"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play a scenario against insured and uninsured twins, or a story, and print what became of them.
    #[command(
        after_help = "Examples:\n  vangnet demo\n  vangnet demo --platform market\n  vangnet demo --scenario vote\n  vangnet demo --scenario dispute --platform market --report dispute.html\n  vangnet demo --scenario kyc --json\n  vangnet demo --scenario usdc-depeg-2023-03 --platform market --json\n  vangnet demo --prices eth.csv --fill --report eth.html\n  vangnet demo --all"
    )]
    Demo(Demo),
    /// List the built-in scenarios.
    #[command(after_help = "Example: vangnet scenarios --show calm > mine.toml")]
    Scenarios {
        /// Print the file of this one, to start your own from.
        #[arg(long, value_name = "NAME")]
        show: Option<String>,
    },
    /// What a policy says.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// What an issuer of identity claims does: sign one, revoke one, check one.
    #[command(after_help = "Example: vangnet kyc show claim.json")]
    Kyc {
        #[command(subcommand)]
        command: KycCommand,
    },
    /// Run a Stellar network of your own on this machine, with RPC and friendbot, until ctrl-c.
    #[command(after_help = localnet_command::EXAMPLES)]
    Localnet(Localnet),
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Print the terms of one policy in plain words, with its contract's values.
    #[command(
        after_help = "Examples:\n  vangnet policy certificate --example advance\n  vangnet policy certificate --from mine.json --lang nl\n\n--help explains the file.",
        after_long_help = policy::FILE_HELP
    )]
    Certificate(Certificate),
}

#[derive(Args)]
#[command(group(ArgGroup::new("source").required(true).args(["from", "example"])))]
struct Certificate {
    /// The policy and its terms.
    #[arg(long, value_name = "FILE.json")]
    from: Option<PathBuf>,
    /// A built-in policy instead.
    #[arg(long, value_name = "NAME", value_parser = policy::EXAMPLES)]
    example: Option<String>,
    /// How it is set.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Its language.
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
    /// Print the example's file, to start your own from.
    #[arg(long, requires = "example", conflicts_with_all = ["format", "lang"])]
    show_input: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Plain text.
    Text,
    /// A self-contained page.
    Html,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    /// English.
    En,
    /// Dutch.
    Nl,
}

#[derive(Clone, Copy, ValueEnum)]
enum Platform {
    /// Blend v2, as on mainnet: positions and an insured vault.
    Blend,
    /// The loan market of our own: loans that are insured as they are taken.
    Market,
}

impl From<Platform> for output::Platform {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Blend => Self::Blend,
            Platform::Market => Self::Market,
        }
    }
}

#[derive(Args)]
struct Demo {
    /// A built-in scenario, or a file that ends in .toml. Prices: calm, eth-2020-03-12, eth-2021-05-19, usdc-depeg-2023-03,
    /// platform-robbed, ustry-2026-02-22. Stories: vote, dispute, kyc.
    #[arg(long, value_name = "NAME|FILE.toml", default_value = "eth-2020-03-12")]
    scenario: String,
    /// The lending platform to play on.
    #[arg(long, value_enum, default_value_t = Platform::Blend)]
    platform: Platform,
    /// Play every built-in scenario of prices on both platforms, and print one table of what became of each.
    #[arg(long, conflicts_with_all = ["scenario", "platform", "prices", "fill", "report"])]
    all: bool,
    /// Play these prices instead: `time,price` or `date,open,high,low,close,volume`, times ISO 8601 or unix.
    #[arg(long, value_name = "FILE.csv")]
    prices: Option<PathBuf>,
    /// Draw a straight line across gaps over 2 h in the prices.
    #[arg(long, requires = "prices")]
    fill: bool,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    json: bool,
    /// Write a self-contained page with plots.
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// The seed of every actor's keys.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Demo(arguments) if arguments.all => play_all(&arguments),
        Command::Demo(arguments) => play(&arguments),
        Command::Scenarios { show } => list(show.as_deref()),
        Command::Policy {
            command: PolicyCommand::Certificate(arguments),
        } => certify(&arguments),
        Command::Kyc { command } => kyc_command::run(&command),
        Command::Localnet(arguments) => localnet_command::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn play(arguments: &Demo) -> Result<ExitCode> {
    let scenario = Scenario::find(&arguments.scenario)?;
    let prices = prices_of(&scenario, arguments)?;
    for note in &prices.notes {
        anstream::eprintln!("note: {note}");
    }
    let bar = progress_bar();
    let mut show = |progress: Progress<'_>| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.doing.to_owned());
    };
    let run = demo::play(
        &scenario,
        &prices,
        Options {
            platform: arguments.platform.into(),
            seed: arguments.seed,
        },
        &mut show,
    )?;
    bar.finish_and_clear();
    if let Some(path) = &arguments.report {
        std::fs::write(path, report::render(&run))
            .with_context(|| format!("{}: the report cannot be written", path.display()))?;
    }
    print(&run, arguments.json)?;
    if run.is_sound() {
        return Ok(ExitCode::SUCCESS);
    }
    anstream::eprintln!(
        "error: the run is not sound: see `residual` and `invariants`\n  \
         to do: report it with this command, its scenario and its prices"
    );
    Ok(ExitCode::FAILURE)
}

fn play_all(arguments: &Demo) -> Result<ExitCode> {
    let (began, bar) = (Instant::now(), progress_bar());
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut show = |overall: Overall| {
        bar.set_length(1_000);
        bar.set_position(overall.permille);
        let Overall {
            over, runs, last, ..
        } = overall;
        bar.set_message(format!("{over} of {runs} runs are over; {last}"));
    };
    let played = demo::play_all(arguments.seed, workers, &mut show)?;
    bar.finish_and_clear();
    let mut out = anstream::stdout().lock();
    if arguments.json {
        let runs = played.iter().filter_map(|one| one.run.as_ref().ok());
        let runs = output::Runs {
            runs: runs.cloned().collect(),
        };
        serde_json::to_writer_pretty(&mut out, &runs)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", summary::render(&played, began.elapsed()))?;
    }
    let mut is_sound = true;
    for one in &played {
        let problem = match &one.run {
            Ok(run) if run.is_sound() => continue,
            Ok(_) => "the run is not sound: see `residual` and `invariants`",
            Err(problem) => problem,
        };
        is_sound = false;
        let (scenario, platform) = (&one.scenario, one.platform.name());
        anstream::eprintln!(
            "error: {scenario} on {platform}: {problem}\n  \
             to do: play it alone: vangnet demo --scenario {scenario} --platform {platform}"
        );
    }
    Ok(if is_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn prices_of(scenario: &Scenario, arguments: &Demo) -> Result<Prices> {
    let Some(file) = &arguments.prices else {
        return Ok(scenario.prices());
    };
    scenario.check_replaceable_prices()?;
    Ok(prices::read_file(
        file,
        ReadOptions {
            fill: arguments.fill,
        },
    )?)
}

/// Drawn on a terminal only.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed}  {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

fn print(run: &Run, as_json: bool) -> Result<()> {
    let mut out = anstream::stdout().lock();
    if as_json {
        serde_json::to_writer_pretty(&mut out, run)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", table::render(run))?;
    }
    Ok(())
}

fn list(show: Option<&str>) -> Result<ExitCode> {
    let mut out = anstream::stdout().lock();
    if let Some(name) = show {
        Scenario::find(name)?;
        write!(out, "{}", scenario::built_in(name).unwrap_or_default())?;
        return Ok(ExitCode::SUCCESS);
    }
    for name in scenario::NAMES {
        let scenario = Scenario::find(name)?;
        writeln!(out, "{name}\n    {}", scenario.summary)?;
        for source in &scenario.sources {
            writeln!(out, "    source: {source}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn certify(arguments: &Certificate) -> Result<ExitCode> {
    let mut out = anstream::stdout().lock();
    if arguments.show_input {
        let example = arguments.example.as_deref().unwrap_or_default();
        let source = policy::example_source(example).unwrap_or_default();
        write!(out, "{source}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let issued = match (&arguments.from, &arguments.example) {
        (Some(file), _) => policy::read_file(file)?,
        (None, example) => policy::example(example.as_deref().unwrap_or_default())
            .context("name a file with --from, or an example with --example")??,
    };
    let language = match arguments.lang {
        Lang::En => policy::Language::English,
        Lang::Nl => policy::Language::Dutch,
    };
    let format = match arguments.format {
        Format::Text => policy::Format::Text,
        Format::Html => policy::Format::Html,
    };
    write!(out, "{}", policy::render(&issued, language, format))?;
    Ok(ExitCode::SUCCESS)
}
