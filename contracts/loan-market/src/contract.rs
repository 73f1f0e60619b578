//! Entry points: each authorises and makes one call into the logic. Lending and borrowing, liquidating, settling and writing
//! off are open to anyone; the insurer has a say in loans that were insured with it; the owner sets the insurer once, the
//! fee, the pause and the code, and can move nobody's money.

use interfaces::adapter::CoverRequest;
use interfaces::cover::Quote;
use interfaces::market::{
    Liquidated, LoanMarket as LoanMarketInterface, MarketConfig, MarketState,
};
use interfaces::platform::{Beneficiary, InsuredPlatform, LoanFacts, LoanTerms, Solvency};
use soroban_sdk::{contract, contractimpl, token::TokenClient, Address, BytesN, Env, Vec};
use stellar_access::ownable::{self, Ownable};
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;

use crate::books::Books;
use crate::errors::{require, MarketError};
use crate::events::{InsurerSet, PausedSet};
use crate::market::{rates, small, Market};
use crate::platform::{loan_terms, require_insurer};
use crate::storage::{self, Terms};
use crate::{cover, lender, liquidation, loan, payment, platform, price, solvency};

/// 1e7 = 1, squared.
const ONE_SQUARED: u64 = 100_000_000_000_000;
/// 1e7 = 1.
const ONE: u32 = 10_000_000;

/// The loan market.
#[contract]
pub struct LoanMarket;

#[contractimpl]
impl LoanMarket {
    /// Founds a market. What it is founded on never changes.
    ///
    /// Errors: `InvalidConfig` for one asset on both sides, more than 18 decimals, an incentive below 1, a liquidation LTV of zero
    /// or at which a liquidation would leave a loan worse off, or a rate model above 1000 % a year.
    pub fn __constructor(env: Env, owner: Address, config: MarketConfig) {
        let terms = Terms {
            collateral_decimals: TokenClient::new(&env, &config.collateral).decimals(),
            asset_decimals: TokenClient::new(&env, &config.asset).decimals(),
            config,
        };
        require(&env, is_sound(&terms), MarketError::InvalidConfig);
        ownable::set_owner(&env, &owner);
        storage::set_terms(&env, &terms);
        let books = Books {
            last: env.ledger().timestamp(),
            ..Books::default()
        };
        storage::set_books(&env, &books);
    }
}

/// Whether terms do not contradict themselves.
fn is_sound(terms: &Terms) -> bool {
    let config = &terms.config;
    let ltv_left = u64::from(config.liquidation_ltv).saturating_mul(config.incentive.into());
    config.collateral != config.asset
        && price::are_decimals_counted(terms.collateral_decimals, terms.asset_decimals)
        && config.incentive >= ONE
        && config.liquidation_ltv > 0
        && ltv_left < ONE_SQUARED
        && rates(terms).check().is_ok()
}

#[contractimpl]
impl LoanMarketInterface for LoanMarket {
    fn supply(
        env: Env,
        lender: Address,
        assets: i128,
        min_shares: i128,
    ) -> Result<i128, MarketError> {
        lender.require_auth();
        Ok(lender::supply(&env, &lender, assets, min_shares).raw())
    }

    fn redeem(
        env: Env,
        lender: Address,
        shares: i128,
        min_assets: i128,
        to: Address,
    ) -> Result<i128, MarketError> {
        lender.require_auth();
        Ok(lender::redeem(&env, &lender, shares, min_assets, &to).raw())
    }

    fn shares_of(env: Env, lender: Address) -> i128 {
        lender::shares_of(&env, &lender).raw()
    }

    fn preview_redeem(env: Env, shares: i128) -> Result<i128, MarketError> {
        Ok(lender::preview_redeem(&env, shares).raw())
    }

    fn borrow(
        env: Env,
        owner: Address,
        collateral: i128,
        amount: i128,
        insure: Option<CoverRequest>,
        payer: Option<Address>,
    ) -> Result<(Address, Option<Quote>), MarketError> {
        owner.require_auth();
        let insurance = insure.map(|request| (request, sign_payer(&owner, payer)));
        Ok(loan::open(&env, &owner, collateral, amount, insurance))
    }

    fn insure(
        env: Env,
        loan: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, MarketError> {
        let payer = sign_payer(&sign_owner(&env, &loan), Some(payer));
        Ok(loan::insure(&env, &loan, &payer, &request))
    }

    fn borrow_more(env: Env, loan: Address, amount: i128, to: Address) -> Result<(), MarketError> {
        sign_owner(&env, &loan);
        loan::borrow_more(&env, &loan, amount, &to);
        Ok(())
    }

    fn supply_collateral(
        env: Env,
        loan: Address,
        payer: Address,
        amount: i128,
    ) -> Result<(), MarketError> {
        payer.require_auth();
        loan::supply_collateral(&env, &loan, &payer, amount);
        Ok(())
    }

    fn withdraw_collateral(
        env: Env,
        loan: Address,
        amount: i128,
        to: Address,
    ) -> Result<(), MarketError> {
        sign_owner(&env, &loan);
        loan::withdraw_collateral(&env, &loan, amount, &to);
        Ok(())
    }

    fn close(env: Env, loan: Address, pay_max: i128) -> Result<(), MarketError> {
        sign_owner(&env, &loan);
        loan::close(&env, &loan, pay_max);
        Ok(())
    }

    fn loans_of(env: Env, owner: Address) -> Vec<Address> {
        loan::loans_of(&env, &owner)
    }

    fn next_loan(env: Env, owner: Address) -> Address {
        loan::address_of(&env, &owner, storage::opened(&env, &owner))
    }

    fn health(env: Env, loan: Address) -> Result<u32, MarketError> {
        let loan = storage::loan(&env, &loan);
        Ok(small(price::health(&env, &Market::peek(&env), &loan)))
    }

    fn liquidate(
        env: Env,
        loan: Address,
        liquidator: Address,
        seize: i128,
        max_repay: i128,
        settle_cover: bool,
    ) -> Result<Liquidated, MarketError> {
        liquidator.require_auth();
        Ok(liquidation::liquidate(
            &env,
            &loan,
            &liquidator,
            seize,
            max_repay,
            settle_cover,
        ))
    }

    fn settle_cover(env: Env, loan: Address, bounty_to: Address) -> Result<i128, MarketError> {
        Ok(cover::settle(&env, &loan, &bounty_to).raw())
    }

    fn collect(env: Env, owner: Address) -> Result<i128, MarketError> {
        Ok(payment::collect(&env, &owner).raw())
    }

    fn write_off(env: Env) -> Result<i128, MarketError> {
        Ok(solvency::write_off(&env).raw())
    }

    fn state(env: Env) -> Result<MarketState, MarketError> {
        Ok(Market::peek(&env).state(&env))
    }

    fn config(env: Env) -> MarketConfig {
        storage::terms(&env).config
    }

    fn insurer(env: Env) -> Option<Address> {
        storage::insurer(&env)
    }

    #[only_owner]
    fn set_insurer(env: Env, insurer: Address) -> Result<(), MarketError> {
        let is_unset = storage::insurer(&env).is_none();
        require(&env, is_unset, MarketError::InsurerSet);
        storage::set_insurer(&env, &insurer);
        InsurerSet { insurer }.publish(&env);
        Ok(())
    }

    #[only_owner]
    fn set_fee(env: Env, fee: u32, recipient: Address) -> Result<(), MarketError> {
        lender::set_fee(&env, fee, &recipient);
        Ok(())
    }

    #[only_owner]
    fn set_paused(env: Env, paused: bool) {
        storage::set_paused(&env, paused);
        PausedSet { paused }.publish(&env);
    }
}

#[contractimpl]
impl InsuredPlatform for LoanMarket {
    fn loan_terms(env: Env) -> LoanTerms {
        loan_terms(storage::terms(&env))
    }

    fn loan(env: Env, loan: Address) -> LoanFacts {
        let loan = storage::loan(&env, &loan);
        Market::peek(&env).facts(&env, &loan)
    }

    fn solvency(env: Env) -> Solvency {
        Market::peek(&env).solvency()
    }

    fn repay(env: Env, loan: Address, payer: Address, amount: i128) -> i128 {
        payer.require_auth();
        loan::repay(&env, &loan, &payer, amount).raw()
    }

    fn compensate(env: Env, payer: Address, beneficiary: Beneficiary, amount: i128) {
        require_insurer(&env);
        platform::compensate(&env, &payer, &beneficiary, amount);
    }

    fn refinance(env: Env, loan: Address, amount: i128) {
        let insurer = require_insurer(&env);
        platform::refinance(&env, &insurer, &loan, amount);
    }

    fn foreclose(env: Env, loan: Address, payer: Address, pay_max: i128) -> i128 {
        require_insurer(&env);
        platform::foreclose(&env, &loan, &payer, pay_max).raw()
    }

    fn surrender(env: Env, loan: Address, amount: i128, to: Address) {
        require_insurer(&env);
        platform::surrender(&env, &loan, amount, &to);
    }

    fn assign(env: Env, loan: Address, to: Address) {
        require_insurer(&env);
        sign_owner(&env, &loan);
        platform::assign(&env, &loan, &to);
    }
}

/// Has a loan's owner sign. Returns them.
fn sign_owner(env: &Env, loan: &Address) -> Address {
    let owner = storage::loan(env, loan).owner;
    owner.require_auth();
    owner
}

/// Has the payer of a premium sign where it is not the owner, who has. Returns them.
fn sign_payer(owner: &Address, payer: Option<Address>) -> Address {
    match payer {
        Some(payer) if payer != *owner => {
            payer.require_auth();
            payer
        }
        _ => owner.clone(),
    }
}

#[contractimpl(contracttrait)]
impl Ownable for LoanMarket {}

#[contractimpl]
impl Upgradeable for LoanMarket {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}
