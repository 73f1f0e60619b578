//! A market's prices and reserves, read once, and what a position looks like in their light.

use actuary::health::Loan;
use actuary::{Price, Rate};
use adjuster::rescue::RescueTerms;
use adjuster::valuation::{factor_or_max, pair};
use adjuster::{Holdings, Scale, Valuation};
use blend_reader::answers::{PlatformConfig, Reserve};
use blend_reader::platform;
use blend_reader::prices::{own_prices, require_agreement};
use interfaces::adapter::{AdapterConfig, Health, Market};
use soroban_sdk::{Address, Env};

use crate::storage::{self, Registration};
use adjuster::refusal::no_result;
use interfaces::adapter::AdapterError;

/// A market as of now.
pub struct Facts {
    /// Its terms.
    pub market: Market,
    /// The debt asset.
    pub asset: Address,
    /// The collateral's reserve.
    pub collateral: Reserve,
    /// The debt's reserve.
    pub debt: Reserve,
    /// The platform's configuration.
    pub platform: PlatformConfig,
    /// The hub's price of the pair, and how Blend counts collateral and debt.
    pub valuation: Valuation,
    /// The platform's own prices of collateral and debt, if it would accept them itself.
    own_prices: Option<(Price, Price)>,
}

impl Facts {
    /// Everything about `market` that positions share.
    pub fn read(env: &Env, config: &AdapterConfig, market: Market) -> Result<Self, AdapterError> {
        let asset = storage::asset(env);
        let pair = pair(env, &config.price_hub, &market.collateral, &asset)?;
        let collateral = platform::reserve(env, &market.platform, &market.collateral);
        let debt = platform::reserve(env, &market.platform, &asset);
        let platform = platform::config(env, &market.platform);
        let own_prices = own_prices(env, &platform.oracle, &market.collateral, &asset);
        let valuation = Valuation {
            pair,
            scale: Scale {
                collateral: collateral.config.decimals,
                debt: debt.config.decimals,
            },
            collateral_factor: Rate::from_raw(collateral.config.c_factor.into()),
            liability_factor: Rate::from_raw(debt.config.l_factor.into()),
        };
        Ok(Self {
            market,
            asset,
            collateral,
            debt,
            platform,
            valuation,
            own_prices,
        })
    }

    /// What `position` holds.
    pub fn holdings(&self, env: &Env, position: &Address) -> Result<Holdings, AdapterError> {
        let held = platform::positions(env, &self.market.platform, position);
        let b_tokens = held
            .collateral
            .get(self.collateral.config.index)
            .unwrap_or(0);
        let d_tokens = held.liabilities.get(self.debt.config.index).unwrap_or(0);
        self.worth(b_tokens, d_tokens)
    }

    /// What so many tokens of both reserves are in their assets now.
    pub fn worth(&self, b_tokens: i128, d_tokens: i128) -> Result<Holdings, AdapterError> {
        Ok(Holdings {
            collateral: platform::supplied_down(&self.collateral, b_tokens).map_err(no_result)?,
            debt: platform::owed_up(&self.debt, d_tokens).map_err(no_result)?,
        })
    }

    /// How positions of this market are rescued.
    pub fn rescue(&self) -> RescueTerms {
        RescueTerms::from(&self.market)
    }

    /// The loan at the platform's own prices.
    pub fn loan_on_platform(&self, holdings: Holdings) -> Result<Loan, AdapterError> {
        let (collateral, debt) = self.own_prices()?;
        let scale = self.valuation.scale;
        let value = scale.value_at_down(collateral, debt, holdings.collateral)?;
        Ok(self.valuation.loan(value, holdings))
    }

    /// The worse of the health factors at the hub's median and on the platform, rounded down.
    pub fn worse_health_down(&self, holdings: Holdings) -> Result<Rate, AdapterError> {
        let on_platform = self.loan_on_platform(holdings)?.health_factor_down();
        let at_hub = self.valuation.health_down(holdings)?;
        Ok(at_hub.min(on_platform.map_err(no_result)?))
    }

    /// The health of a position that holds `holdings`.
    pub fn health(&self, holdings: Holdings) -> Result<Health, AdapterError> {
        let valuation = &self.valuation;
        let on_platform = self.loan_on_platform(holdings)?.health_factor_down();
        let value = valuation
            .scale
            .value_down(valuation.pair.price, holdings.collateral)?;
        Ok(Health {
            platform: factor_or_max(on_platform.map_err(no_result)?),
            hub: factor_or_max(valuation.health_down(holdings)?),
            debt: holdings.debt.raw(),
            value: value.raw(),
            value_low: valuation.value_low_down(holdings)?.raw(),
        })
    }

    /// Refuses when the hub's and the platform's price of the pair are more than 3 % apart.
    pub fn require_agreement(&self) -> Result<(), AdapterError> {
        require_agreement(self.own_prices()?, self.valuation.pair.price)
    }

    fn own_prices(&self) -> Result<(Price, Price), AdapterError> {
        self.own_prices
            .ok_or(AdapterError::PlatformPriceUnavailable)
    }
}

/// The facts of a row of positions: read anew only when the market changes.
#[derive(Default)]
pub struct FactsReader {
    last: Option<(u32, Facts)>,
}

impl FactsReader {
    /// The facts of the market with this number.
    pub fn of(
        &mut self,
        env: &Env,
        config: &AdapterConfig,
        market: u32,
    ) -> Result<&Facts, AdapterError> {
        if self.last.as_ref().map(|(id, _)| *id) != Some(market) {
            let terms = storage::market(env, market).ok_or(AdapterError::UnknownMarket)?;
            self.last = Some((market, Facts::read(env, config, terms)?));
        }
        self.last
            .as_ref()
            .map(|(_, facts)| facts)
            .ok_or(AdapterError::UnknownMarket)
    }

    /// The group of the market last read.
    pub fn group(&self) -> Option<u32> {
        self.last.as_ref().map(|(_, facts)| facts.market.group)
    }
}

/// What is kept of a position, and its market.
pub fn registered(env: &Env, position: &Address) -> Result<(Registration, Market), AdapterError> {
    let registration = registration(env, position)?;
    let market = storage::market(env, registration.0).ok_or(AdapterError::UnknownMarket)?;
    Ok((registration, market))
}

/// What is kept of a position.
pub fn registration(env: &Env, position: &Address) -> Result<Registration, AdapterError> {
    storage::registration(env, position).ok_or(AdapterError::NotAPosition)
}

/// A position in the light of its market.
pub struct Case {
    /// What is kept of it.
    pub registration: Registration,
    /// What the adapter is built on.
    pub config: AdapterConfig,
    /// The market as of now.
    pub facts: Facts,
    /// What the position holds.
    pub holdings: Holdings,
}

impl Case {
    /// Everything about `position` but its policy.
    pub fn read(env: &Env, position: &Address) -> Result<Self, AdapterError> {
        Self::of(env, position, registered(env, position)?)
    }

    /// The same where what is kept of it is known.
    pub fn of(
        env: &Env,
        position: &Address,
        (registration, market): (Registration, Market),
    ) -> Result<Self, AdapterError> {
        let config = storage::config(env);
        let facts = Facts::read(env, &config, market)?;
        let holdings = facts.holdings(env, position)?;
        Ok(Self {
            registration,
            config,
            facts,
            holdings,
        })
    }
}
