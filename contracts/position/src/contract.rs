//! Entry points. The owner borrows, repays and withdraws; the cover pool rescues; the adapter opens and forecloses.

use entries::extend_instance;
use interfaces::adapter::AdapterClient;
use interfaces::position::{Account, Links, PlatformCall, Position as PositionInterface, Watch};
use soroban_sdk::{contract, contractimpl, token::TokenClient, Address, Env, Error};

use crate::events::{Assigned, CollateralBought};
use crate::{exchange, loan, storage, watch};

/// An insured loan account.
#[contract]
pub struct Position;

#[contractimpl]
impl Position {
    /// What it is and whom it listens to, both for life.
    pub fn __constructor(env: Env, account: Account, links: Links) {
        storage::set_account(&env, &account);
        storage::set_links(&env, &links);
    }
}

#[contractimpl]
impl PositionInterface for Position {
    fn supply(env: Env, amount: i128) {
        let account = owned(&env);
        loan::supply(&env, &account, &account.owner, amount);
    }

    fn borrow(env: Env, amount: i128, to: Address) {
        let account = owned(&env);
        loan::borrow(&env, &account, amount, &to);
        note_price(&env, require_exit_allowed(&env));
    }

    fn withdraw(env: Env, amount: i128, to: Address) {
        let account = owned(&env);
        loan::withdraw(&env, &account, amount, &to);
        note_price(&env, require_exit_allowed(&env));
    }

    fn close(env: Env, pay_max: i128) {
        let account = owned(&env);
        loan::close(&env, &account, pay_max);
        require_exit_allowed(&env);
    }

    fn claim_emissions(env: Env, to: Address) -> i128 {
        let account = owned(&env);
        loan::claim_emissions(&env, &account, &to)
    }

    fn sweep(env: Env, token: Address, to: Address) -> i128 {
        owned(&env);
        let (token, position) = (
            TokenClient::new(&env, &token),
            env.current_contract_address(),
        );
        let amount = token.balance(&position);
        token.transfer(&position, &to, &amount);
        require_exit_allowed(&env);
        amount
    }

    fn repay_call(env: Env, payer: Address, amount: i128) -> PlatformCall {
        loan::repay_call(&env, &storage::account(&env), &payer, amount)
    }

    fn repay(env: Env, payer: Address, amount: i128) {
        payer.require_auth();
        loan::repay(&env, &storage::account(&env), &payer, amount);
    }

    fn rescue(env: Env, amount: i128, deletes_auction: bool) {
        let payer = storage::links(&env).cover_pool;
        payer.require_auth();
        loan::rescue(
            &env,
            &storage::account(&env),
            &payer,
            amount,
            deletes_auction,
        );
    }

    fn buy_collateral(env: Env, amount: i128) -> i128 {
        let (account, links) = (storage::account(&env), storage::links(&env));
        links.cover_pool.require_auth();
        let Some(bought) = exchange::buy(&env, &account, &links, amount) else {
            loan::repay_from_position(&env, &account, amount);
            return 0;
        };
        loan::supply_from_position(&env, &account, bought);
        CollateralBought {
            spent: amount,
            bought,
        }
        .publish(&env);
        bought
    }

    fn open(env: Env, collateral: i128, debt: i128) {
        let account = commanded(&env);
        loan::open(&env, &account, collateral, debt);
    }

    fn refinance(env: Env, amount: i128) {
        let account = commanded(&env);
        loan::borrow(&env, &account, amount, &storage::links(&env).adapter);
    }

    fn foreclose(env: Env, payer: Address, pay_max: i128, take: i128) {
        let account = commanded(&env);
        loan::hand_over(&env, &account, &payer, pay_max, take);
    }

    fn hand_back(env: Env) {
        let account = commanded(&env);
        hand_back(&env, &account);
    }

    fn assign(env: Env, owner: Address) {
        let account = commanded(&env);
        storage::set_account(
            &env,
            &Account {
                owner: owner.clone(),
                ..account
            },
        );
        Assigned { owner }.publish(&env);
    }

    fn surrender(env: Env, amount: i128, to: Address, price: i128) {
        let account = commanded(&env);
        loan::withdraw(&env, &account, amount, &to);
        watch::note_price(&env, price);
    }

    fn watch(env: Env, price: i128) {
        let account = commanded(&env);
        watch::begin(&env, &account, price);
    }

    fn look(env: Env) -> Option<Watch> {
        watch::look(&env, &storage::account(&env))
    }

    fn forget(env: Env) {
        commanded(&env);
        watch::forget(&env);
    }

    fn account(env: Env) -> Account {
        storage::account(&env)
    }

    fn links(env: Env) -> Links {
        storage::links(&env)
    }
}

/// The account, for its owner alone.
fn owned(env: &Env) -> Account {
    let account = storage::account(env);
    account.owner.require_auth();
    extend_instance(env);
    account
}

/// The account, for the adapter alone.
fn commanded(env: &Env) -> Account {
    storage::links(env).adapter.require_auth();
    storage::account(env)
}

/// Sends its owner what the position holds of both assets outside the platform. What they cannot receive stays: an owner must
/// not be able to stop a foreclosure.
fn hand_back(env: &Env, account: &Account) {
    let position = env.current_contract_address();
    for asset in [&account.debt, &account.collateral] {
        let token = TokenClient::new(env, asset);
        let amount = token.balance(&position);
        if amount > 0 {
            let _ = token.try_transfer(&position, &account.owner, &amount);
        }
    }
}

/// Undoes what the owner took out when the adapter says they may not have it; the error is the adapter's. Returns the hub's
/// price that the adapter judged it at, if it needed one.
fn require_exit_allowed(env: &Env) -> Option<i128> {
    let adapter = AdapterClient::new(env, &storage::links(env).adapter);
    let verdict = adapter.judge_exit(&env.current_contract_address());
    if verdict.refusal != 0 {
        env.panic_with_error(Error::from_contract_error(verdict.refusal));
    }
    verdict.price
}

/// Notes the hub's price after an action that raised the risk; without debt or cover there is none.
fn note_price(env: &Env, price: Option<i128>) {
    if let Some(price) = price {
        watch::note_price(env, price);
    }
}
