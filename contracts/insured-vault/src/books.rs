//! What the vault has and what it is worth: counted by ourselves, never read from a balance.

use actuary::math::mul_div_up;
use actuary::{Assets, MathError, Shares};
use interfaces::blend::RATE_SCALE;
use interfaces::blend_lenders::{BlendLendersClient, LossIndex};
use interfaces::cover::Peril;
use interfaces::vault::{VaultConfig, VaultState};
use soroban_sdk::{token::TokenClient, Env};

use crate::cover;
use crate::errors::{answered, VaultError};
use crate::lending::Market;
use crate::losses::{self, Booked};
use crate::storage;

/// Gross loss of one peril that is booked and not settled with the cover pool yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// How much.
    pub amount: Assets,
    /// When the earliest part of it began at the earliest.
    pub since: u64,
}

impl Owed {
    /// Adds a loss.
    pub fn add(&mut self, loss: Assets, began_at: u64) -> Result<(), MathError> {
        if loss.is_zero() {
            return Ok(());
        }
        if self.amount.is_zero() || began_at < self.since {
            self.since = began_at;
        }
        self.amount = self.amount.checked_add(loss)?;
        Ok(())
    }
}

/// Money, shares and losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// bTokens held on the platform, as it last answered.
    pub b_tokens: i128,
    /// Idle units.
    pub cash: Assets,
    /// All shares, dead ones included.
    pub shares: Shares,
    /// What cover owes for defaults.
    pub defaults: Owed,
    /// What cover owes for deficits.
    pub deficits: Owed,
    /// Claims that wait in the cover pool's challenge window.
    pub filed: Assets,
    /// What the policy had paid when it was last looked at.
    pub paid_seen: Assets,
    /// The loss index up to which losses are booked.
    pub index_seen: i128,
    /// The part of it that deficits are.
    pub deficits_seen: i128,
    /// When that index was recorded.
    pub seen_at: u64,
}

impl Books {
    /// All that cover owes.
    pub fn owed(&self) -> Result<Assets, MathError> {
        self.defaults.amount.checked_add(self.deficits.amount)
    }

    /// What cover owes for one peril: deficits are `Contract`.
    pub fn owed_for(&self, peril: Peril) -> Owed {
        match peril {
            Peril::Contract => self.deficits,
            _ => self.defaults,
        }
    }

    /// The same, to be changed.
    pub fn owed_for_mut(&mut self, peril: Peril) -> &mut Owed {
        match peril {
            Peril::Contract => &mut self.deficits,
            _ => &mut self.defaults,
        }
    }
}

/// The vault as of now.
pub struct Vault {
    pub config: VaultConfig,
    pub books: Books,
    pub market: Market,
    /// The most that cover can still pay of what is owed.
    coverable: Assets,
    /// What a bToken is worth less than its rate says, scaled by 1e12.
    missing: i128,
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
            missing: booked.missing,
        })
    }

    /// What the bTokens are worth, rounded down: without what the platform is short of, which nobody who leaves first may
    /// leave to the others.
    pub fn lent_down(&self) -> Result<Assets, VaultError> {
        let missing = mul_div_up(self.books.b_tokens, self.missing, RATE_SCALE)?;
        let lent = self.market.value_down(self.books.b_tokens)?;
        Ok(lent.sub_or_zero(Assets::from_raw(missing)))
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
        let unearned = cover::unearned_up(env, &self.config, self.books.filed)?;
        Ok(self.insurable()?.checked_add(unearned)?)
    }

    /// Whether cover owes nothing, as far as is known.
    pub fn is_settled(&self) -> bool {
        self.books.defaults.amount.is_zero()
            && self.books.deficits.amount.is_zero()
            && self.books.filed.is_zero()
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
            owed: self.books.owed()?.raw(),
            filed: self.books.filed.raw(),
            shares: self.books.shares.raw(),
            assets_low: self.assets_low()?.raw(),
            assets_high: assets_high.raw(),
            index_seen: self.books.index_seen,
        })
    }
}

/// The adapter's client.
pub fn adapter<'a>(env: &'a Env, config: &VaultConfig) -> BlendLendersClient<'a> {
    BlendLendersClient::new(env, &config.adapter)
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
    match booked {
        Some(booked) => Ok(booked),
        None => Booked::nothing(books),
    }
}
