use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::{Address, Env, String};

use crate::{Plt, PltClient};

const SUPPLY: i128 = 1_000;

fn token<'a>(env: &Env, holder: &Address) -> PltClient<'a> {
    let text = |text| String::from_str(env, text);
    let args = (holder, SUPPLY, text("Vangnet"), text("PLT"));
    PltClient::new(env, &env.register(Plt, args))
}

#[test]
fn the_whole_supply_is_the_founders_and_only_falls() {
    let env = Env::default();
    let (holder, other) = (Address::generate(&env), Address::generate(&env));
    let plt = token(&env, &holder);
    assert_eq!(plt.balance(&holder), SUPPLY, "minted");
    plt.mock_all_auths().transfer(&holder, &other, &400);
    assert_eq!((plt.balance(&holder), plt.balance(&other)), (600, 400));
    assert_eq!(plt.total_supply(), SUPPLY, "of all");
    assert_eq!(plt.decimals(), 7, "decimals");
    plt.mock_all_auths().burn(&other, &100);
    assert_eq!((plt.balance(&other), plt.total_supply()), (300, 900));
}

#[test]
fn votes_follow_balances_from_when_they_are_delegated() {
    let env = Env::default();
    let (holder, other) = (Address::generate(&env), Address::generate(&env));
    let plt = token(&env, &holder);
    assert_eq!(plt.get_votes(&holder), 0, "not delegated");
    plt.mock_all_auths().delegate(&holder, &holder);
    plt.mock_all_auths().delegate(&other, &holder);
    assert_eq!(plt.get_votes(&holder), 1_000, "their own");
    let before = env.ledger().sequence();
    env.ledger().set_sequence_number(before + 1);
    plt.mock_all_auths().transfer(&holder, &other, &400);
    assert_eq!(plt.get_votes(&holder), 1_000, "both delegate to them");
    plt.mock_all_auths().delegate(&other, &other);
    assert_eq!((plt.get_votes(&holder), plt.get_votes(&other)), (600, 400));
    assert_eq!(
        plt.get_votes_at_checkpoint(&holder, &before),
        1_000,
        "before"
    );
}

#[test]
#[should_panic(expected = "Unauthorized")]
fn nobody_transfers_anothers_tokens() {
    let env = Env::default();
    let (holder, thief) = (Address::generate(&env), Address::generate(&env));
    token(&env, &holder).transfer(&holder, &thief, &1);
}
