//! A platform's price, read once, and what a loan looks like in its light.

use actuary::{Assets, Rate};
use adjuster::refusal::no_result;
use adjuster::rescue::RescueTerms;
use adjuster::valuation::{factor_or_max, pair};
use adjuster::{Holdings, Scale, Valuation};
use interfaces::adapter::{AdapterError, Health};
use interfaces::market_adapter::{InsuredMarket, MarketAdapterConfig};
use interfaces::platform::{InsuredPlatformClient, LoanFacts, LoanTerms};
use soroban_sdk::{Address, Env};

use crate::storage::{self, Listed};

/// A listed platform.
pub fn listed(env: &Env, platform: &Address) -> Result<Listed, AdapterError> {
    storage::listed(env, platform).ok_or(AdapterError::NotInsuredHere)
}

/// The platform of a loan that was insured here.
pub fn platform_of(env: &Env, loan: &Address) -> Result<Address, AdapterError> {
    storage::registration(env, loan)
        .map(|registration| registration.0)
        .ok_or(AdapterError::NotInsuredHere)
}

/// What a loan holds, by its facts.
pub fn holdings(loan: &LoanFacts) -> Result<Holdings, AdapterError> {
    Ok(Holdings {
        collateral: Assets::checked_from_raw(loan.collateral).map_err(no_result)?,
        debt: Assets::checked_from_raw(loan.debt).map_err(no_result)?,
    })
}

/// The decimals of a platform's amounts.
pub fn scale(terms: &LoanTerms) -> Scale {
    Scale {
        collateral: terms.collateral_decimals,
        debt: terms.asset_decimals,
    }
}

/// A platform as of now.
pub struct Facts {
    /// How it is insured.
    pub market: InsuredMarket,
    /// What its loans have in common.
    pub terms: LoanTerms,
    /// The hub's price, and how the platform counts.
    pub valuation: Valuation,
}

impl Facts {
    /// Everything about a platform that its loans share. The platform is not asked.
    pub fn read(
        env: &Env,
        config: &MarketAdapterConfig,
        platform: &Address,
    ) -> Result<Self, AdapterError> {
        let Listed(market, terms) = listed(env, platform)?;
        let valuation = Valuation {
            pair: pair(env, &config.price_hub, &terms.collateral, &terms.asset)?,
            scale: scale(&terms),
            collateral_factor: Rate::from_raw(terms.liquidation_ltv.into()),
            liability_factor: Rate::FULL,
        };
        Ok(Self {
            market,
            terms,
            valuation,
        })
    }

    /// How its loans are rescued.
    pub fn rescue(&self) -> RescueTerms {
        RescueTerms::from(&self.market)
    }
}

/// The facts of a row of loans: read anew only when the platform changes.
#[derive(Default)]
pub struct FactsReader {
    last: Option<Facts>,
}

impl FactsReader {
    /// The facts of a platform.
    pub fn of(
        &mut self,
        env: &Env,
        config: &MarketAdapterConfig,
        platform: &Address,
    ) -> Result<&Facts, AdapterError> {
        let is_known = |facts: &Facts| facts.market.platform == *platform;
        if !self.last.as_ref().is_some_and(is_known) {
            self.last = Some(Facts::read(env, config, platform)?);
        }
        self.last.as_ref().ok_or(AdapterError::NotInsuredHere)
    }

    /// The group of the platform that was read last.
    pub fn group(&self) -> Option<u32> {
        self.last.as_ref().map(|facts| facts.market.loans)
    }
}

/// A loan in the light of its platform.
pub struct Case {
    /// What the adapter is built on.
    pub config: MarketAdapterConfig,
    /// The platform as of now.
    pub facts: Facts,
    /// The loan by the platform's books.
    pub loan: LoanFacts,
    /// What it holds.
    pub holdings: Holdings,
}

impl Case {
    /// A loan that was insured here, as its platform has it; the platform must not be on the stack.
    pub fn read(env: &Env, loan: &Address) -> Result<Self, AdapterError> {
        let platform = platform_of(env, loan)?;
        Self::told(
            env,
            &platform,
            InsuredPlatformClient::new(env, &platform).loan(loan),
        )
    }

    /// A loan as its platform tells it.
    pub fn told(env: &Env, platform: &Address, loan: LoanFacts) -> Result<Self, AdapterError> {
        let config = storage::config(env);
        let facts = Facts::read(env, &config, platform)?;
        let holdings = holdings(&loan)?;
        Ok(Self {
            config,
            facts,
            loan,
            holdings,
        })
    }

    /// The health of the loan: the platform liquidates at the hub's price, so both factors are one.
    pub fn health(&self) -> Result<Health, AdapterError> {
        let valuation = &self.facts.valuation;
        let factor = factor_or_max(valuation.health_down(self.holdings)?);
        let scale = valuation.scale;
        let value = scale.value_down(valuation.pair.price, self.holdings.collateral)?;
        Ok(Health {
            platform: factor,
            hub: factor,
            debt: self.holdings.debt.raw(),
            value: value.raw(),
            value_low: valuation.value_low_down(self.holdings)?.raw(),
        })
    }
}
