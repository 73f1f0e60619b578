//! What the vault has and what it is worth: counted by ourselves, never read from a balance.

use actuary::{Assets, Shares};
use interfaces::adapter::{AdapterClient, LossIndex};
use interfaces::vault::{VaultConfig, VaultState};
use soroban_sdk::{token::TokenClient, Env};

use crate::cover;
use crate::errors::{answered, VaultError};
use crate::lending::Market;
use crate::losses::{self, Booked};
use crate::storage;

/// Money, shares and losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// bTokens held on the platform, as it last answered.
    pub b_tokens: i128,
    /// Idle units.
    pub cash: Assets,
    /// All shares, dead ones included.
    pub shares: Shares,
    /// Gross loss booked and not yet settled with the cover pool.
    pub owed: Assets,
    /// When the earliest part of it began at the earliest.
    pub owed_since: u64,
    /// Claims that wait in the cover pool's challenge window.
    pub filed: Assets,
    /// What the policy had paid when it was last looked at.
    pub paid_seen: Assets,
    /// The loss index up to which losses are booked.
    pub index_seen: i128,
    /// When that index was recorded.
    pub seen_at: u64,
}

/// The vault as of now.
pub struct Vault {
    pub config: VaultConfig,
    pub books: Books,
    pub market: Market,
    /// The most that cover can still pay of what is owed.
    coverable: Assets,
}

impl Vault {
    /// The vault after recording the platform's losses.
    pub fn open(env: &Env) -> Result<Self, VaultError> {
        let config = storage::config(env)?;
        let index = adapter(env, &config).try_record(&config.platform, &config.asset);
        let index = answered(env, index, VaultError::AdapterUnavailable);
        let booked = losses::book(env, &config, storage::books(env)?, &index)?;
        booked.publish(env);
        Self::with(env, config, &booked)
    }

    /// The same for those who leave, whom nothing but the platform may keep in: what cannot be recorded or booked now
    /// is booked later, for those who stay.
    pub fn open_to_leave(env: &Env) -> Result<Self, VaultError> {
        let config = storage::config(env)?;
        let index = adapter(env, &config).try_record(&config.platform, &config.asset);
        let index = index
            .ok()
            .and_then(Result::ok)
            .or_else(|| recorded(env, &config));
        let booked = book_if_known(env, &config, index)?;
        booked.publish(env);
        Self::with(env, config, &booked)
    }

    /// The vault with what the adapter has recorded so far; for views.
    pub fn peek(env: &Env) -> Result<Self, VaultError> {
        let config = storage::config(env)?;
        let booked = book_if_known(env, &config, recorded(env, &config))?;
        Self::with(env, config, &booked)
    }

    fn with(env: &Env, config: VaultConfig, booked: &Booked) -> Result<Self, VaultError> {
        let market = Market::read(env, &config)?;
        Ok(Self {
            config,
            books: booked.books,
            market,
            coverable: booked.coverable,
        })
    }

    /// What the bTokens are worth, rounded down.
    pub fn lent_down(&self) -> Result<Assets, VaultError> {
        self.market.value_down(self.books.b_tokens)
    }

    /// What withdrawals are paid from.
    pub fn assets_low(&self) -> Result<Assets, VaultError> {
        Ok(self.lent_down()?.checked_add(self.books.cash)?)
    }

    /// What can be insured: all there is, and the most that cover owes.
    pub fn insurable(&self) -> Result<Assets, VaultError> {
        Ok(self
            .assets_low()?
            .checked_add(self.coverable)?
            .checked_add(self.books.filed)?)
    }

    /// What deposits mint at: with the most that cover owes, so that nobody buys into a claim, and with the premium that
    /// is not earned yet, so that nobody is covered by what others paid for, or buys into its refund.
    pub fn assets_high(&self, env: &Env) -> Result<Assets, VaultError> {
        let unearned = cover::unearned_up(env, &self.config)?;
        Ok(self.insurable()?.checked_add(unearned)?)
    }

    /// Whether cover owes nothing, as far as is known.
    pub fn is_settled(&self) -> bool {
        self.books.owed.is_zero() && self.books.filed.is_zero()
    }

    /// The asset's client.
    pub fn token<'a>(&self, env: &'a Env) -> TokenClient<'a> {
        TokenClient::new(env, &self.config.asset)
    }

    /// Writes the books.
    pub fn store(&self, env: &Env) {
        storage::set_books(env, &self.books);
    }

    /// The books as others see them; without the unearned premium while the cover pool does not tell.
    pub fn state(&self, env: &Env) -> Result<VaultState, VaultError> {
        let assets_high = self.assets_high(env).or_else(|_| self.insurable())?;
        Ok(VaultState {
            b_tokens: self.books.b_tokens,
            lent: self.lent_down()?.raw(),
            cash: self.books.cash.raw(),
            owed: self.books.owed.raw(),
            filed: self.books.filed.raw(),
            shares: self.books.shares.raw(),
            assets_low: self.assets_low()?.raw(),
            assets_high: assets_high.raw(),
            index_seen: self.books.index_seen,
        })
    }
}

/// The adapter's client.
pub fn adapter<'a>(env: &'a Env, config: &VaultConfig) -> AdapterClient<'a> {
    AdapterClient::new(env, &config.adapter)
}

/// The loss index as the adapter recorded it last, if it answers.
fn recorded(env: &Env, config: &VaultConfig) -> Option<LossIndex> {
    let index = adapter(env, config).try_loss_index(&config.platform, &config.asset);
    index.ok().and_then(Result::ok)
}

/// The books brought up to date, or as they are where adapter or cover pool do not answer.
fn book_if_known(
    env: &Env,
    config: &VaultConfig,
    index: Option<LossIndex>,
) -> Result<Booked, VaultError> {
    let books = storage::books(env)?;
    let booked = index.and_then(|index| losses::book(env, config, books, &index).ok());
    Ok(booked.unwrap_or(Booked::nothing(books)))
}
