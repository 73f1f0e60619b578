//! Payments into a loan: its debt is repaid, or collateral is bought.

use actuary::Assets;
use interfaces::cover::Route;
use interfaces::position::PositionClient;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::{symbol_short, vec, Env, FromVal, IntoVal, Symbol, Val, Vec};

use crate::amount::decrease;
use crate::books::Books;
use crate::errors::{require, CoverError, OrFail};
use crate::insured::Insured;
use crate::payment::{pay_out, token, try_send};

/// Brings `amount` into the subject by its policy's route, and returns what it took. One that takes nothing fails.
pub fn rescue(env: &Env, books: &mut Books, insured: &Insured, amount: Assets) -> Assets {
    let (outcome, spent) = attempt(env, books, insured, amount);
    outcome.or_fail(env);
    require(env, !spent.is_zero(), CoverError::NothingCovered);
    spent
}

/// The same for a claim that waited: meanwhile the debt may be gone, and what the rescue does not take is sent to the
/// subject.
pub fn rescue_or_send(env: &Env, books: &mut Books, insured: &Insured, amount: Assets) {
    let (_, spent) = attempt(env, books, insured, amount);
    pay_out(
        env,
        books,
        &insured.interest.0,
        amount.checked_sub(spent).or_fail(env),
    )
}

/// Tries, and books what left the pool, measured by its own balance.
fn attempt(
    env: &Env,
    books: &mut Books,
    insured: &Insured,
    amount: Assets,
) -> (Result<(), CoverError>, Assets) {
    let (token, pool) = (token(env), env.current_contract_address());
    let before = Assets::from_raw(token.balance(&pool));
    let outcome = match insured.policy.route {
        Route::Repay => repay(env, insured, amount),
        Route::BuyCollateral => buy(env, insured, amount),
        Route::Adapter => {
            token.transfer(&pool, &insured.terms.adapter, &amount.raw());
            Ok(())
        }
    };
    let spent = before.sub_or_zero(Assets::from_raw(token.balance(&pool)));
    require(env, spent <= amount, CoverError::TookTooMuch);
    decrease(env, &mut books.cash, spent);
    (outcome, spent)
}

/// Authorises one call on the group's platform, and inside it one transfer to that platform; then lets the position make
/// it. Any other contract could be the token itself, and the call a transfer to anybody.
fn repay(env: &Env, insured: &Insured, amount: Assets) -> Result<(), CoverError> {
    let pool = env.current_contract_address();
    let position = PositionClient::new(env, &insured.interest.0);
    let Ok(Ok(call)) = position.try_repay_call(&pool, &amount.raw()) else {
        return Err(CoverError::RescueFailed);
    };
    if insured.terms.platform.as_ref() != Some(&call.contract) {
        return Err(CoverError::WrongPlatform);
    }
    let transfer = ContractContext {
        contract: token(env).address,
        fn_name: Symbol::new(env, "transfer"),
        args: (pool.clone(), call.contract.clone(), amount.raw()).into_val(env),
    };
    let repayment = ContractContext {
        contract: call.contract,
        fn_name: call.function,
        args: call.args,
    };
    let nested = authorised(env, transfer, Vec::new(env));
    env.authorize_as_current_contract(authorised(env, repayment, nested));
    let rescued = position.try_rescue(&amount.raw(), &call.deletes_auction);
    succeeded(rescued.is_ok())
}

fn buy(env: &Env, insured: &Insured, amount: Assets) -> Result<(), CoverError> {
    let subject = &insured.interest.0;
    if !try_send(env, subject, amount) {
        return Err(CoverError::RescueFailed);
    }
    succeeded(
        PositionClient::new(env, subject)
            .try_buy_collateral(&amount.raw())
            .is_ok(),
    )
}

fn succeeded(is_ok: bool) -> Result<(), CoverError> {
    if is_ok {
        Ok(())
    } else {
        Err(CoverError::RescueFailed)
    }
}

/// The one authorisation of a call, with those of the calls inside it. Its enum is written out as the host reads it, a name
/// and a value: the type's own conversion brings code for the creation of contracts along.
fn authorised(
    env: &Env,
    context: ContractContext,
    sub_invocations: Vec<InvokerContractAuthEntry>,
) -> Vec<InvokerContractAuthEntry> {
    let call = SubContractInvocation {
        context,
        sub_invocations,
    };
    let entry: Val = (symbol_short!("Contract"), call).into_val(env);
    Vec::from_val(env, &vec![env, entry].to_val())
}
