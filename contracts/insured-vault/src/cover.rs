//! The policy: what it covers, insuring, renewing, cancelling, settling.

use actuary::math::{mul_div_down, mul_div_up};
use actuary::premium::{premium_up, unearned};
use actuary::time::{is_backed, renewed_end, seconds_between};
use actuary::{Assets, Rate, ScaledRate, FULL_RATE};
use interfaces::adapter::CoverRequest;
use interfaces::cover::{
    Class, CoverPoolClient, GroupTerms, Interest, Peril, Policy, Quote, Settlement,
};
use interfaces::vault::{CoverPoolTermsClient, VaultConfig};
use soroban_sdk::auth::ContractContext;
use soroban_sdk::{panic_with_error, vec, Address, Env, Error, IntoVal, Symbol};

use crate::books::{adapter, Owed, Vault};
use crate::errors::{answer_or_refusal, answered, require, VaultError};
use crate::events::{ClaimFiled, CoverCancelled, CoverPaid, CoverRenewed, Insured};
use crate::lending::{authorize, authorize_transfer, ensure_cash};
use crate::losses::collect;
use crate::storage;

/// The part of its assets at which a vault with less than its limit renews at least: 99 %, since they move between
/// signing and execution.
const RENEWED_PART: i128 = 9_900_000;

/// What the vault's policy can pay, as of now; nothing without one.
#[derive(Default)]
pub struct Cover {
    /// What can still be paid.
    pub limit: Assets,
    /// What was paid so far.
    pub paid: Assets,
    /// Claims that wait.
    pub open_claims: u32,
    /// From when and until when a default must happen; none if they are not covered.
    defaults: Option<(u64, u64)>,
    /// The same for a deficit.
    deficits: Option<(u64, u64)>,
}

impl Cover {
    /// Asks the cover pool.
    pub fn read(env: &Env, config: &VaultConfig) -> Result<Self, VaultError> {
        let Some(policy) = policy(env, config)? else {
            return Ok(Self::default());
        };
        let limit = if is_backed(policy.end, env.ledger().timestamp()) {
            policy.limit
        } else {
            0
        };
        let group = CoverPoolClient::new(env, &config.cover_pool).try_group(&policy.group);
        let Ok(Ok(Some(group))) = group else {
            return Err(VaultError::CoverPoolUnavailable);
        };
        Ok(Self {
            limit: Assets::checked_from_raw(limit)?,
            paid: Assets::checked_from_raw(policy.paid)?,
            open_claims: policy.open_claims,
            defaults: window(&policy, &group, Peril::Default),
            deficits: window(&policy, &group, Peril::Contract),
        })
    }

    /// Whether a loss is covered that happened at some time between two: all that time must be.
    pub fn covers(&self, peril: Peril, began_at: u64, ended_at: u64) -> bool {
        let window = match peril {
            Peril::Contract => self.deficits,
            _ => self.defaults,
        };
        window.is_some_and(|(from, until)| from <= began_at && ended_at <= until)
    }
}

/// The vault's insurable interest.
fn interest(env: &Env) -> Interest {
    Interest(env.current_contract_address(), Class::Deposit)
}

/// The vault's policy.
pub fn policy(env: &Env, config: &VaultConfig) -> Result<Option<Policy>, VaultError> {
    match CoverPoolClient::new(env, &config.cover_pool).try_policy(&interest(env)) {
        Ok(Ok(policy)) => Ok(policy),
        _ => Err(VaultError::CoverPoolUnavailable),
    }
}

/// What the vault's policy has not earned of its premium, rounded up. Whoever paid it, its refund is the vault's. Refused while the
/// court has a claim that the vault did not file: nobody buys into what it may grant.
pub fn unearned_up(env: &Env, config: &VaultConfig, filed: Assets) -> Result<Assets, VaultError> {
    let Some(policy) = policy(env, config)? else {
        return Ok(Assets::ZERO);
    };
    let is_courts = policy.open_claims > 0 && filed.is_zero();
    require(!is_courts, VaultError::Unsettled)?;
    let (rate, now) = (policy.earning_rate, env.ledger().timestamp());
    Ok(unearned(ScaledRate::from_raw(rate), policy.end, now)?.units_up()?)
}

/// From the end of a peril's waiting period to the end of the term; none where it is not covered.
fn window(policy: &Policy, group: &GroupTerms, peril: Peril) -> Option<(u64, u64)> {
    if !policy.perils.contains(peril) {
        return None;
    }
    let terms = group.perils.iter().find(|sold| sold.peril == peril)?;
    Some((policy.start.saturating_add(terms.waiting), policy.end))
}

/// Insures the vault as a whole.
pub fn insure(env: &Env, payer: &Address, request: &CoverRequest) -> Result<Quote, VaultError> {
    let (mut vault, this) = (Vault::open(env)?, env.current_contract_address());
    let pays_itself = *payer == this;
    if pays_itself {
        prepare_premium(env, &mut vault, request)?;
    }
    let before = vault.token(env).balance(&this);
    if pays_itself {
        let config = &vault.config;
        authorize_transfer(env, config, &config.cover_pool, request.max_premium);
    }
    let quote = adapter(env, &vault.config).try_insure_vault(&this, payer, request);
    let quote = answered(env, quote, VaultError::AdapterUnavailable);
    let mut spent = Assets::ZERO;
    if pays_itself {
        require(quote.rate <= vault.config.max_rate, VaultError::RateTooHigh)?;
        spent = book_spending(env, &mut vault, before)?;
    }
    vault.store(env);
    let (limit, premium, end) = (quote.limit, quote.premium, quote.end);
    Insured {
        limit,
        premium,
        spent: spent.raw(),
        end,
    }
    .publish(env);
    Ok(quote)
}

/// Refuses what the vault does not pay for, and makes sure that it can pay.
fn prepare_premium(env: &Env, vault: &mut Vault, request: &CoverRequest) -> Result<(), VaultError> {
    let (most_rate, most_limit) = (vault.config.max_rate, vault.insurable()?.raw());
    require(request.max_rate <= most_rate, VaultError::RateTooHigh)?;
    require(request.limit <= most_limit, VaultError::LimitAboveAssets)?;
    let premium = Assets::checked_from_raw(request.max_premium)?;
    ensure_cash(env, vault, premium)
}

/// Adds the next term. Where the vault pays it itself, the allowance is the premium at the policy's highest rate, and
/// lasts as long as this call.
pub fn renew(env: &Env, limit: i128, weeks: u32, bounty_to: &Address) -> Result<i128, VaultError> {
    let (mut vault, this) = (Vault::open(env)?, env.current_contract_address());
    let policy = policy(env, &vault.config)?.ok_or(VaultError::NotInsured)?;
    check_renewed_limit(&vault, &policy, limit)?;
    let pays_itself = policy.payer == this;
    if pays_itself {
        let most = renewal_premium_up(env, &vault.config, &policy, limit, weeks)?;
        ensure_cash(env, &mut vault, most)?;
        allow(env, &vault, most);
    }
    let before = vault.token(env).balance(&this);
    let premium = adapter(env, &vault.config).try_renew_vault(&this, &limit, &weeks, bounty_to);
    let premium = answered(env, premium, VaultError::AdapterUnavailable);
    let mut spent = Assets::ZERO;
    if pays_itself {
        spent = book_spending(env, &mut vault, before)?;
        allow(env, &vault, Assets::ZERO);
    }
    vault.store(env);
    CoverRenewed {
        limit,
        premium,
        spent: spent.raw(),
    }
    .publish(env);
    Ok(premium)
}

/// Bounds what anyone may renew at: neither more than there is to insure, nor less than the limit that is left or
/// nearly all there is, nor more cover for a loss that happened before.
fn check_renewed_limit(vault: &Vault, policy: &Policy, limit: i128) -> Result<(), VaultError> {
    let insurable = vault.insurable()?;
    require(limit <= insurable.raw(), VaultError::LimitAboveAssets)?;
    let nearly_all = mul_div_up(insurable.raw(), RENEWED_PART, FULL_RATE)?;
    require(
        limit >= policy.limit.min(nearly_all),
        VaultError::BelowCover,
    )?;
    require(
        limit <= policy.limit || vault.is_settled(),
        VaultError::Unsettled,
    )
}

/// Cancels the cover; its refund goes to cash.
pub fn cancel(env: &Env) -> Result<i128, VaultError> {
    let (mut vault, this) = (Vault::open(env)?, env.current_contract_address());
    require(vault.is_settled(), VaultError::Unsettled)?;
    let before = vault.token(env).balance(&this);
    authorize_cancel(env, &vault.config);
    let refund = adapter(env, &vault.config).try_cancel_vault(&this);
    answered(env, refund, VaultError::AdapterUnavailable);
    let after = vault.token(env).balance(&this);
    let refund = Assets::from_raw(after).checked_sub(Assets::from_raw(before))?;
    vault.books.cash = vault.books.cash.checked_add(refund)?;
    vault.store(env);
    CoverCancelled {
        refund: refund.raw(),
    }
    .publish(env);
    Ok(refund.raw())
}

/// Settles what cover owes. Returns what arrived in cash.
pub fn settle(env: &Env, bounty_to: &Address) -> Result<i128, VaultError> {
    let before = storage::books(env)?.cash;
    let mut vault = Vault::open(env)?;
    let (mut refusal, mut has_settled) = (None, false);
    for peril in [Peril::Default, Peril::Contract] {
        match settle_peril(env, &mut vault, peril, bounty_to)? {
            Outcome::Settled => has_settled = true,
            Outcome::Refused(error) => refusal = Some(error),
            Outcome::NothingOwed => {}
        }
    }
    if let (Some(refusal), false) = (refusal, has_settled) {
        panic_with_error!(env, refusal);
    }
    vault.store(env);
    Ok(vault.books.cash.checked_sub(before)?.raw())
}

/// What became of what is owed for one peril.
enum Outcome {
    /// Nothing is.
    NothingOwed,
    /// Paid, or filed as a claim.
    Settled,
    /// Refused, and owed still.
    Refused(Error),
}

/// Has the cover pool settle what is owed for one peril.
fn settle_peril(
    env: &Env,
    vault: &mut Vault,
    peril: Peril,
    bounty_to: &Address,
) -> Result<Outcome, VaultError> {
    let Owed { amount, since } = vault.books.owed_for(peril);
    if amount.is_zero() {
        return Ok(Outcome::NothingOwed);
    }
    let this = env.current_contract_address();
    let reply =
        adapter(env, &vault.config).try_pay_vault(&this, &peril, &amount.raw(), &since, bounty_to);
    match answer_or_refusal(reply, VaultError::AdapterUnavailable) {
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
        Ok(Settlement::Paid(amount)) => {
            // None of it is a claim's: those were collected when the vault was opened.
            let filed = vault.books.filed;
            let arrived = collect(&mut vault.books, &Cover::read(env, &vault.config)?)?;
            require(arrived.raw() == amount, VaultError::PaymentNotBooked)?;
            vault.books.filed = filed;
            CoverPaid { amount }.publish(env);
        }
        Ok(Settlement::Filed(claim, amount)) => {
            let filed = Assets::checked_from_raw(amount)?;
            vault.books.filed = vault.books.filed.checked_add(filed)?;
            ClaimFiled { claim, amount }.publish(env);
        }
    }
    *vault.books.owed_for_mut(peril) = Owed::default();
    Ok(Outcome::Settled)
}

/// The part of `assets_low` that the limit in force covers, rounded down.
pub fn ratio_down(env: &Env) -> Result<i128, VaultError> {
    let vault = Vault::peek(env)?;
    let now = env.ledger().timestamp();
    let policy = policy(env, &vault.config)?.filter(|policy| now <= policy.end);
    let limit = policy.map_or(0, |policy| policy.limit);
    let assets = vault.assets_low()?.max(Assets::from_raw(1));
    Ok(mul_div_down(limit, FULL_RATE, assets.raw())?)
}

/// The premium of the next term at the policy's highest rate.
fn renewal_premium_up(
    env: &Env,
    config: &VaultConfig,
    policy: &Policy,
    limit: i128,
    weeks: u32,
) -> Result<Assets, VaultError> {
    let end = renewed_end(policy.end, weeks, env.ledger().timestamp())
        .map_err(|_| VaultError::InvalidTerm)?;
    let seconds = seconds_between(policy.end, end)?;
    let terms = CoverPoolTermsClient::new(env, &config.cover_pool).try_terms();
    let terms = answered(env, terms, VaultError::CoverPoolUnavailable);
    let (limit, minimum) = (
        Assets::checked_from_raw(limit)?,
        Assets::from_raw(terms.min_premium),
    );
    Ok(premium_up(
        limit,
        Rate::from_raw(policy.max_rate.into()),
        seconds,
        minimum,
    )?)
}

/// Lets the next call cancel the policy, which is the vault's.
fn authorize_cancel(env: &Env, config: &VaultConfig) {
    let context = ContractContext {
        contract: config.cover_pool.clone(),
        fn_name: Symbol::new(env, "cancel"),
        args: vec![env, interest(env).into_val(env)],
    };
    authorize(env, context);
}

/// Sets what the cover pool may take from the vault in this ledger.
fn allow(env: &Env, vault: &Vault, amount: Assets) {
    let (this, until) = (env.current_contract_address(), env.ledger().sequence());
    vault
        .token(env)
        .approve(&this, &vault.config.cover_pool, &amount.raw(), &until);
}

/// Books what has left the vault since its balance was `before`: what is too much of a payment comes back in the same
/// call.
fn book_spending(env: &Env, vault: &mut Vault, before: i128) -> Result<Assets, VaultError> {
    let after = vault.token(env).balance(&env.current_contract_address());
    let spent = Assets::from_raw(before).sub_or_zero(Assets::from_raw(after));
    vault.books.cash = vault.books.cash.checked_sub(spent)?;
    Ok(spent)
}
