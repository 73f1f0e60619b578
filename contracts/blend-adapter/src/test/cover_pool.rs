//! A cover pool that notes what it is told and moves real tokens, as the real one does.

use interfaces::cover::{
    Application, Claim, CoverError, Interest, Loss, Policy, Quote, Route, Settlement,
};
use interfaces::position::PositionClient;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{contract, contractimpl, contracttype, vec, Address, Env, IntoVal, Symbol, Vec};

/// What every sale costs.
pub const PREMIUM: i128 = 100_000_000;

/// What the pool was last told.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Draw(i128, u32, u32),
    Pay(Loss),
    Renew(i128, u32, u32),
    TopUp(i128, u32, i128),
    Cancel,
    FinalizeDraw(u32, i128, u32),
    Foreclose(i128),
    PayBack(i128),
    Assign(Address),
}

#[contracttype]
enum Key {
    Asset,
    Application,
    Policy(Interest),
    Claim(u32),
    Told,
    Files,
    Refuses,
    Bounties,
}

#[contract]
pub struct MockCoverPool;

#[contractimpl]
impl MockCoverPool {
    pub fn __constructor(env: Env, asset: Address) {
        env.storage().instance().set(&Key::Asset, &asset);
    }

    pub fn query_asset(env: Env) -> Address {
        env.storage().instance().get(&Key::Asset).unwrap()
    }

    pub fn set_policy(env: Env, interest: Interest, policy: Policy) {
        env.storage()
            .instance()
            .set(&Key::Policy(interest), &policy);
    }

    pub fn set_claim(env: Env, id: u32, claim: Claim) {
        env.storage().instance().set(&Key::Claim(id), &claim);
    }

    /// Everything from now on is filed rather than paid.
    pub fn file(env: Env) {
        env.storage().instance().set(&Key::Files, &true);
    }

    /// Every draw and payment from now on is refused.
    pub fn refuse(env: Env) {
        env.storage().instance().set(&Key::Refuses, &true);
    }

    pub fn application(env: Env) -> Application {
        env.storage().instance().get(&Key::Application).unwrap()
    }

    pub fn told(env: Env) -> Option<Told> {
        env.storage().instance().get(&Key::Told)
    }

    pub fn quote(env: Env, application: Application) -> Result<Quote, CoverError> {
        if env.storage().instance().has(&Key::Refuses) {
            return Err(CoverError::Paused);
        }
        env.storage()
            .instance()
            .set(&Key::Application, &application);
        Ok(quote_of(&application))
    }

    /// Takes what the payer signed and sends back what exceeds the premium.
    pub fn open(env: Env, application: Application) -> Result<Quote, CoverError> {
        let quote = Self::quote(env.clone(), application.clone())?;
        let (pool, token) = (env.current_contract_address(), token(&env));
        token.transfer(&application.payer, &pool, &application.max_premium);
        token.transfer(
            &pool,
            &application.payer,
            &(application.max_premium - PREMIUM),
        );
        let key = Key::Policy(application.interest.clone());
        env.storage()
            .instance()
            .set(&key, &policy_of(&env, &application));
        Ok(quote)
    }

    pub fn assign(env: Env, interest: Interest, to: Address) -> Result<(), CoverError> {
        let policy = Self::policy(env.clone(), interest.clone())?;
        let policy = policy.ok_or(CoverError::UnknownPolicy)?;
        policy.owner.require_auth();
        tell(&env, &Told::Assign(to.clone()));
        Self::set_policy(
            env,
            interest,
            Policy {
                owner: to,
                ..policy
            },
        );
        Ok(())
    }

    pub fn renew(
        env: Env,
        _interest: Interest,
        limit: i128,
        weeks: u32,
        ltv: u32,
        _bounty_to: Address,
    ) -> Result<i128, CoverError> {
        tell(&env, &Told::Renew(limit, weeks, ltv));
        Ok(PREMIUM)
    }

    pub fn top_up(
        env: Env,
        _interest: Interest,
        payer: Address,
        amount: i128,
        ltv: u32,
        max_premium: i128,
    ) -> Result<i128, CoverError> {
        token(&env).transfer(&payer, env.current_contract_address(), &max_premium);
        tell(&env, &Told::TopUp(amount, ltv, max_premium));
        Ok(PREMIUM)
    }

    pub fn cancel(env: Env, _interest: Interest) -> Result<i128, CoverError> {
        tell(&env, &Told::Cancel);
        Ok(1)
    }

    pub fn policy(env: Env, interest: Interest) -> Result<Option<Policy>, CoverError> {
        Ok(env.storage().instance().get(&Key::Policy(interest)))
    }

    pub fn claim(env: Env, claim: u32) -> Option<Claim> {
        env.storage().instance().get(&Key::Claim(claim))
    }

    pub fn draw(
        env: Env,
        interest: Interest,
        amount: i128,
        rate: u32,
        sources: u32,
        _bounty_to: Address,
    ) -> Result<Settlement, CoverError> {
        tell(&env, &Told::Draw(amount, rate, sources));
        settle(&env, &interest, amount)
    }

    pub fn pay(
        env: Env,
        interest: Interest,
        loss: Loss,
        _bounty_to: Address,
    ) -> Result<Settlement, CoverError> {
        tell(&env, &Told::Pay(loss.clone()));
        if loss.rescue {
            settle(&env, &interest, loss.amount)
        } else {
            Ok(Settlement::Paid(loss.amount))
        }
    }

    /// Notes whom the bounties of a group go to.
    pub fn pay_bounties(env: Env, group: u32, to: Address) -> Result<i128, CoverError> {
        let mut paid = Self::bounties(env.clone());
        paid.push_back((group, to));
        env.storage().instance().set(&Key::Bounties, &paid);
        Ok(0)
    }

    pub fn bounties(env: Env) -> Vec<(u32, Address)> {
        env.storage()
            .instance()
            .get(&Key::Bounties)
            .unwrap_or(Vec::new(&env))
    }

    pub fn finalize_draw(
        env: Env,
        claim: u32,
        amount: i128,
        rate: u32,
        _bounty_to: Address,
    ) -> Result<i128, CoverError> {
        tell(&env, &Told::FinalizeDraw(claim, amount, rate));
        Ok(amount)
    }

    pub fn pay_back(
        env: Env,
        _interest: Interest,
        payer: Address,
        amount: i128,
    ) -> Result<i128, CoverError> {
        payer.require_auth();
        token(&env).transfer(&payer, env.current_contract_address(), &amount);
        tell(&env, &Told::PayBack(amount));
        Ok(amount)
    }

    pub fn foreclose(
        env: Env,
        _interest: Interest,
        payer: Address,
        recovered: i128,
    ) -> Result<i128, CoverError> {
        if recovered > 0 {
            token(&env).transfer(&payer, env.current_contract_address(), &recovered);
        }
        tell(&env, &Told::Foreclose(recovered));
        Ok(recovered)
    }
}

fn token(env: &Env) -> TokenClient<'static> {
    TokenClient::new(env, &MockCoverPool::query_asset(env.clone()))
}

fn tell(env: &Env, told: &Told) {
    env.storage().instance().set(&Key::Told, told);
}

/// Repays the position's debt, with an authorisation of exactly the call that the position announces.
fn settle(env: &Env, interest: &Interest, amount: i128) -> Result<Settlement, CoverError> {
    if env.storage().instance().has(&Key::Refuses) {
        return Err(CoverError::Paused);
    }
    if env.storage().instance().has(&Key::Files) {
        return Ok(Settlement::Filed(5, amount));
    }
    let (position, pool) = (
        PositionClient::new(env, &interest.0),
        env.current_contract_address(),
    );
    let call = position.repay_call(&pool, &amount);
    let transfer = ContractContext {
        contract: MockCoverPool::query_asset(env.clone()),
        fn_name: Symbol::new(env, "transfer"),
        args: (&pool, &call.contract, amount).into_val(env),
    };
    let submit = ContractContext {
        contract: call.contract,
        fn_name: call.function,
        args: call.args,
    };
    let transfer = entry(env, transfer, Vec::new(env));
    env.authorize_as_current_contract(vec![env, entry(env, submit, vec![env, transfer])]);
    position.rescue(&amount, &call.deletes_auction);
    Ok(Settlement::Paid(amount))
}

fn entry(
    _env: &Env,
    context: ContractContext,
    sub_invocations: Vec<InvokerContractAuthEntry>,
) -> InvokerContractAuthEntry {
    InvokerContractAuthEntry::Contract(SubContractInvocation {
        context,
        sub_invocations,
    })
}

fn quote_of(application: &Application) -> Quote {
    Quote {
        base: 0,
        ltv_factor: 0,
        utilisation_factor: 0,
        rate: 0,
        premium: PREMIUM,
        fee: 0,
        per_day: 0,
        per_month: 0,
        limit: application.limit,
        deductible: 0,
        waiting: 0,
        start: 0,
        end: 0,
        room: 0,
    }
}

fn policy_of(env: &Env, application: &Application) -> Policy {
    let now = env.ledger().timestamp();
    Policy {
        owner: application.owner.clone(),
        payer: application.payer.clone(),
        group: application.group,
        perils: application.perils.clone(),
        route: Route::Repay,
        start: now,
        end: now + u64::from(application.weeks) * 604_800,
        earning_rate: 0,
        limit: application.limit,
        original_limit: application.limit,
        topped_up: 0,
        topped_up_from: 0,
        max_rate: 0,
        paid: 0,
        drawn: 0,
        fees_due: 0,
        open_claims: 0,
        event: 0,
        event_loss: 0,
    }
}
