//! What is asked of the lending platform.
//!
//! Blend refuses every change of an account under liquidation that does not delete the auction and leave the account
//! healthy, so whatever improves the loan deletes an open auction in the same submit.

use interfaces::blend::{
    BlendPoolClient, Request, AUCTION_USER_LIQUIDATION, BORROW, DELETE_LIQUIDATION_AUCTION, REPAY,
    SUPPLY_COLLATERAL, WITHDRAW_COLLATERAL,
};
use interfaces::position::{Account, PlatformCall};
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::{vec, Address, Env, IntoVal, Symbol, Vec};

use crate::watch;

/// More than any account holds: asks for all of it.
const ALL: i128 = i64::MAX as i128;

/// Supply collateral, deleting an open auction.
pub fn supply(env: &Env, account: &Account, payer: &Address, amount: i128) {
    let requests = improving(env, account, supply_request(account, amount));
    submit(env, account, payer, payer, &requests);
}

/// Supply collateral and borrow.
pub fn open(env: &Env, account: &Account, collateral: i128, debt: i128) {
    let requests = vec![
        env,
        supply_request(account, collateral),
        borrow_request(account, debt),
    ];
    submit(env, account, &account.owner, &account.owner, &requests);
}

/// Borrow to `to`.
pub fn borrow(env: &Env, account: &Account, amount: i128, to: &Address) {
    let requests = vec![env, borrow_request(account, amount)];
    submit(env, account, &env.current_contract_address(), to, &requests);
}

/// Withdraw collateral to `to`.
pub fn withdraw(env: &Env, account: &Account, amount: i128, to: &Address) {
    let requests = vec![env, withdraw_request(account, amount)];
    submit(env, account, &env.current_contract_address(), to, &requests);
}

/// The call that repays `amount` from `payer`.
pub fn repay_call(env: &Env, account: &Account, payer: &Address, amount: i128) -> PlatformCall {
    let deletes_auction = is_auctioned(env, account);
    let requests = with_auction(env, repay_request(account, amount), deletes_auction);
    PlatformCall {
        contract: account.platform.clone(),
        function: Symbol::new(env, "submit"),
        args: (env.current_contract_address(), payer, payer, requests).into_val(env),
        deletes_auction,
    }
}

/// Repay debt from `payer`, deleting an auction when told to.
pub fn rescue(env: &Env, account: &Account, payer: &Address, amount: i128, deletes_auction: bool) {
    let requests = with_auction(env, repay_request(account, amount), deletes_auction);
    submit(env, account, payer, payer, &requests);
}

/// Repay debt from `payer`, deleting an open auction; what exceeds the debt comes back to `payer`.
pub fn repay(env: &Env, account: &Account, payer: &Address, amount: i128) {
    rescue(env, account, payer, amount, is_auctioned(env, account));
}

/// Repay debt from what the position itself holds.
pub fn repay_from_position(env: &Env, account: &Account, amount: i128) {
    let requests = improving(env, account, repay_request(account, amount));
    submit_own(env, account, (&account.debt, amount), &requests);
}

/// Supply collateral from what the position itself holds.
pub fn supply_from_position(env: &Env, account: &Account, amount: i128) {
    let requests = improving(env, account, supply_request(account, amount));
    submit_own(env, account, (&account.collateral, amount), &requests);
}

/// Repay up to `pay_max` from `payer` and hand them `take` of the collateral; leaves out what is zero.
pub fn hand_over(env: &Env, account: &Account, payer: &Address, pay_max: i128, take: i128) {
    let mut requests = Vec::new(env);
    if pay_max > 0 {
        requests.push_back(repay_request(account, pay_max));
    }
    if is_auctioned(env, account) {
        requests.push_back(delete_auction_request(env));
    }
    if take > 0 {
        requests.push_back(withdraw_request(account, take));
    }
    if !requests.is_empty() {
        submit(env, account, payer, payer, &requests);
    }
}

/// Repay everything from the owner and hand them all the collateral.
pub fn close(env: &Env, account: &Account, pay_max: i128) {
    hand_over(env, account, &account.owner, pay_max, ALL);
}

/// Claim the emissions of both reserves to `to`.
pub fn claim_emissions(env: &Env, account: &Account, to: &Address) -> i128 {
    let platform = BlendPoolClient::new(env, &account.platform);
    let index_of = |asset| platform.get_reserve(asset).config.index;
    let debt_tokens = index_of(&account.debt) * 2;
    let collateral_tokens = index_of(&account.collateral) * 2 + 1;
    platform.claim(
        &env.current_contract_address(),
        &vec![env, debt_tokens, collateral_tokens],
        to,
    )
}

/// `request`, and deleting the auction when one is open.
fn improving(env: &Env, account: &Account, request: Request) -> Vec<Request> {
    with_auction(env, request, is_auctioned(env, account))
}

/// `request`, and deleting an auction if there is one.
fn with_auction(env: &Env, request: Request, deletes_auction: bool) -> Vec<Request> {
    let mut requests = vec![env, request];
    if deletes_auction {
        requests.push_back(delete_auction_request(env));
    }
    requests
}

fn is_auctioned(env: &Env, account: &Account) -> bool {
    let platform = BlendPoolClient::new(env, &account.platform);
    let auction =
        platform.try_get_auction(&AUCTION_USER_LIQUIDATION, &env.current_contract_address());
    matches!(auction, Ok(Ok(_)))
}

fn submit(env: &Env, account: &Account, spender: &Address, to: &Address, requests: &Vec<Request>) {
    watch::look(env, account);
    submit_after_look(env, account, spender, to, requests);
}

/// Has the platform run `requests` that spend `amount` of the position's own `token`.
fn submit_own(
    env: &Env,
    account: &Account,
    (token, amount): (&Address, i128),
    requests: &Vec<Request>,
) {
    // The look comes first: what is authorised holds for the next call alone.
    watch::look(env, account);
    authorise_transfer(env, token, &account.platform, amount);
    let position = env.current_contract_address();
    submit_after_look(env, account, &position, &position, requests);
}

fn submit_after_look(
    env: &Env,
    account: &Account,
    spender: &Address,
    to: &Address,
    requests: &Vec<Request>,
) {
    let platform = BlendPoolClient::new(env, &account.platform);
    let held = platform.submit(&env.current_contract_address(), spender, to, requests);
    watch::remember(env, &held);
}

/// Lets the call after this one move `amount` of the position's own `token` to `to`.
fn authorise_transfer(env: &Env, token: &Address, to: &Address, amount: i128) {
    let context = ContractContext {
        contract: token.clone(),
        fn_name: Symbol::new(env, "transfer"),
        args: (env.current_contract_address(), to, amount).into_val(env),
    };
    authorise(env, context);
}

/// Lets the call after this one make `context` in the position's name.
pub fn authorise(env: &Env, context: ContractContext) {
    let invocation = SubContractInvocation {
        context,
        sub_invocations: Vec::new(env),
    };
    env.authorize_as_current_contract(vec![env, InvokerContractAuthEntry::Contract(invocation)]);
}

fn supply_request(account: &Account, amount: i128) -> Request {
    Request {
        request_type: SUPPLY_COLLATERAL,
        address: account.collateral.clone(),
        amount,
    }
}

fn withdraw_request(account: &Account, amount: i128) -> Request {
    Request {
        request_type: WITHDRAW_COLLATERAL,
        address: account.collateral.clone(),
        amount,
    }
}

fn borrow_request(account: &Account, amount: i128) -> Request {
    Request {
        request_type: BORROW,
        address: account.debt.clone(),
        amount,
    }
}

fn repay_request(account: &Account, amount: i128) -> Request {
    Request {
        request_type: REPAY,
        address: account.debt.clone(),
        amount,
    }
}

/// Blend ignores address and amount of this request.
fn delete_auction_request(env: &Env) -> Request {
    let address = env.current_contract_address();
    Request {
        request_type: DELETE_LIQUIDATION_AUCTION,
        address,
        amount: 0,
    }
}
