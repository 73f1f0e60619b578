use soroban_sdk::testutils::storage::Persistent as _;
use soroban_sdk::testutils::{Address as _, Events as _, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, Env, Event, IntoVal};

use crate::{DataKey, Delisted, Listed, Sanctions, SanctionsClient, ScreenerAppointed};

/// A list, its owner and its screener.
fn world<'a>() -> (Env, SanctionsClient<'a>, Address, Address) {
    let env = Env::default();
    let (owner, screener) = (Address::generate(&env), Address::generate(&env));
    let list = env.register(Sanctions, (&owner, &screener));
    let list = SanctionsClient::new(&env, &list);
    (env, list, owner, screener)
}

/// Which of these addresses may make a call with one argument.
fn allowed<const N: usize>(
    list: &SanctionsClient<'_>,
    fn_name: &str,
    arg: soroban_sdk::Val,
    who: [&Address; N],
    call: impl Fn() -> bool,
) -> [bool; N] {
    let env = &list.env;
    let invoke = MockAuthInvoke {
        contract: &list.address,
        fn_name,
        args: vec![env, arg],
        sub_invokes: &[],
    };
    who.map(|address| {
        let invoke = &invoke;
        env.mock_auths(&[MockAuth { address, invoke }]);
        call()
    })
}

#[test]
fn an_account_is_sanctioned_from_its_listing_to_its_delisting() {
    let (env, list, ..) = world();
    let list = list.mock_all_auths();
    let (one, other) = (Address::generate(&env), Address::generate(&env));
    assert!(!list.is_sanctioned(&one), "nobody yet");
    list.add(&vec![&env, one.clone()]);
    assert!(list.is_sanctioned(&one), "listed");
    assert!(!list.is_sanctioned(&other), "nobody else");
    list.remove(&vec![&env, one.clone()]);
    assert!(!list.is_sanctioned(&one), "delisted");
}

#[test]
fn the_screener_adds_and_removes_and_the_owner_appoints() {
    let (env, list, owner, screener) = world();
    let accounts = vec![&env, Address::generate(&env)];
    let next = Address::generate(&env);
    let add = || list.try_add(&accounts).is_ok();
    let remove = || list.try_remove(&accounts).is_ok();
    let appoint = || list.try_appoint(&next).is_ok();
    let arg = accounts.to_val();
    let who = [&owner, &screener];
    let added = allowed(&list, "add", arg, who, add);
    assert_eq!(added, [false, true], "add");
    let removed = allowed(&list, "remove", arg, who, remove);
    assert_eq!(removed, [false, true], "remove");
    let appointed = allowed(
        &list,
        "appoint",
        next.to_val(),
        [&screener, &owner],
        appoint,
    );
    assert_eq!(appointed, [false, true], "appoint");
    let added = allowed(&list, "add", arg, [&screener, &next], add);
    assert_eq!(added, [false, true], "the next screener alone");
}

#[test]
fn only_what_changes_is_told_and_kept() {
    let (env, list, ..) = world();
    let list = list.mock_all_auths();
    let (one, other) = (Address::generate(&env), Address::generate(&env));
    let told = || {
        let told = env.events().all().filter_by_contract(&list.address);
        told.events().to_vec()
    };
    list.add(&vec![&env, one.clone()]);
    list.add(&vec![&env, one.clone(), other.clone()]);
    let listed = Listed {
        account: other.clone(),
    };
    assert_eq!(told(), [listed.to_xdr(&env, &list.address)], "the new one");
    list.remove(&vec![&env, other.clone(), other.clone()]);
    let delisted = Delisted { account: other };
    assert_eq!(told(), [delisted.to_xdr(&env, &list.address)], "once");
    let next = Address::generate(&env);
    list.appoint(&next);
    let appointed = ScreenerAppointed { screener: next };
    assert_eq!(told(), [appointed.to_xdr(&env, &list.address)], "appointed");
    let entries = env.as_contract(&list.address, || env.storage().persistent().all());
    let kept = vec![&env, DataKey::Sanctioned(one).into_val(&env)];
    assert_eq!(entries.keys(), kept, "whoever is listed, and nothing else");
}
