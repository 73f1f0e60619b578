//! A policy and its terms as a JSON file: read strictly, since it may come from anywhere.

mod check;
mod error;
mod fields;
mod node;
mod parse;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use actuary::{Assets, Price, Rate, ScaledRate};

use crate::peril::Peril;

use error::Fault;
pub use error::InputError;

/// The largest file that is read.
const MAX_BYTES: u64 = 64 * 1024;

/// Everything a certificate is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// When the rest was read, unix seconds.
    pub as_of: u64,
    /// What the pool pays in.
    pub asset: Asset,
    /// Where the loan or deposit is.
    pub platform: Platform,
    /// The cover pool.
    pub cover_pool: Address,
    /// The price hub.
    pub price_hub: Address,
    /// What is insured.
    pub subject: Address,
    /// Whether that is a loan or a deposit.
    pub class: Class,
    /// The policy as of now.
    pub policy: Policy,
    /// What its group says.
    pub group: Group,
    /// What is paid at once.
    pub payment: Payment,
    /// The collateral of a loan.
    pub collateral: Option<Collateral>,
    /// The market's terms, of a loan.
    pub market: Market,
}

/// An account or a contract, as Stellar writes it; its checksum is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// As Stellar writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An asset that amounts are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its code.
    pub code: String,
    /// Decimals of its smallest unit.
    pub decimals: u32,
    /// Its contract.
    pub contract: Address,
}

/// The collateral of a loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collateral {
    /// Its code.
    pub code: String,
    /// Its contract.
    pub contract: Address,
}

/// A lending platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its name for people.
    pub name: String,
    /// What it is.
    pub kind: PlatformKind,
    /// Its contract.
    pub contract: Address,
}

/// What a platform is; it decides how losses are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformKind {
    /// A pool of Blend.
    Blend,
    /// A loan market.
    Market,
}

/// What is insured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A loan.
    Loan,
    /// A deposit.
    Deposit,
}

/// How a rescue reaches the loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Debt is repaid.
    Repay,
    /// Collateral is bought.
    BuyCollateral,
    /// By way of the adapter.
    Adapter,
}

/// A policy as the cover pool has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who holds it.
    pub owner: Address,
    /// Who pays renewals.
    pub payer: Address,
    /// What it covers; none twice.
    pub perils: Vec<Peril>,
    /// How rescues reach the loan.
    pub route: Route,
    /// Start of cover, unix seconds.
    pub start: u64,
    /// End of cover, a week boundary.
    pub end: u64,
    /// What the pool earns of its premium each second.
    pub earning_rate: ScaledRate,
    /// What is left of the limit.
    pub limit: Assets,
    /// What was sold.
    pub original_limit: Assets,
    /// The part that was topped up.
    pub topped_up: Assets,
    /// When that is usable from, unix seconds.
    pub topped_up_from: u64,
    /// The highest yearly rate of a renewal; zero: never renewed.
    pub max_rate: Rate,
    /// What claims were paid.
    pub paid: Assets,
    /// Principal of its advances.
    pub drawn: Assets,
    /// Fees of its advances.
    pub fees_due: Assets,
    /// Claims that wait.
    pub open_claims: u32,
}

/// What a policy's group says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The contract that sells and claims.
    pub adapter: Address,
    /// Deductible of a loss.
    pub deductible: Assets,
    /// The terms of each peril of the policy, in its order.
    pub perils: Vec<PerilTerms>,
}

/// A peril's terms in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerilTerms {
    /// The peril.
    pub peril: Peril,
    /// Waiting period in seconds.
    pub waiting: u64,
    /// Co-insurance.
    pub co_insurance: Rate,
}

/// What of a claim is paid at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// At most this.
    pub instant_max: Assets,
    /// At most this part of the pool's capital.
    pub instant_share: Rate,
    /// At most this part of it in a day, for a group.
    pub daily_share: Rate,
}

/// The terms of a market, as far as the policy's perils need them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Market {
    /// Of the peril advance.
    pub advance: Option<Drawing>,
    /// Of the peril grant.
    pub grant: Option<GrantBounds>,
    /// LIF, for default and liquidation on a market.
    pub incentive: Option<Rate>,
    /// Of the peril collateral.
    pub peg: Option<CollateralTerms>,
}

/// When and at which cost an advance is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The health factor below which it is drawn.
    pub trigger: Rate,
    /// The health factor it lifts to.
    pub target: Rate,
    /// The least yearly fee.
    pub least_rate: Rate,
    /// The fee of a draw.
    pub flat_fee: Rate,
}

/// What of a fall a grant pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantBounds {
    /// The fall in 24 h that is an event.
    pub trigger: Rate,
    /// The fall that the insured bears.
    pub deductible: Rate,
    /// The fall beyond which nothing more is paid.
    pub most: Rate,
    /// The health factor it lifts to at most.
    pub target: Rate,
}

/// When collateral has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralTerms {
    /// The reference price.
    pub reference: Price,
    /// The part of it that the insured bears.
    pub deductible: Rate,
}

/// Reads and checks a file.
///
/// # Errors
/// [`InputError`]: the file, the field, what is wrong and what to do.
pub fn read_file(path: &Path) -> Result<Issued, InputError> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            Fault::whole(
                format!("cannot be read: {error}"),
                "check the path and that you may read the file",
            )
            .of(&name)
        })?;
    read(&name, &bytes)
}

/// Reads and checks what stands in a file called `name`.
///
/// # Errors
/// As [`read_file`].
pub fn read(name: &str, bytes: &[u8]) -> Result<Issued, InputError> {
    parse_and_check(bytes).map_err(|fault| fault.of(name))
}

fn parse_and_check(bytes: &[u8]) -> Result<Issued, Fault> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Fault::whole(
            format!("is larger than {} KiB", MAX_BYTES / 1024),
            "give the file of one policy: `--help` shows an example",
        ));
    }
    let issued = parse::issued(node::tree(bytes)?)?;
    check::check(&issued)?;
    Ok(issued)
}
