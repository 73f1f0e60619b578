//! What somebody may plant so that it is not seen.

use super::*;

/// A function with a body, in a contract with what is below it.
fn planted(body: &str, below: &str) -> String {
    format!("#[contractimpl] impl Bank {{ pub fn drain(env: Env, adapter: Address) {{ {body} }} }} {below}")
}

#[test]
fn a_name_is_somebody_only_in_the_contracts_that_store_them_so() {
    for (name, body, called) in [
        (
            "cover-pool",
            "storage::owner(&env).require_auth();",
            "owner()",
        ),
        (
            "cover-pool",
            "env.storage().instance().get(&ADMIN).unwrap().address.require_auth();",
            "env.storage().instance().get().address",
        ),
        (
            "cover-pool",
            "storage::boss(&env).policy.owner.require_auth();",
            "boss().policy.owner",
        ),
        (
            "cover-pool",
            "storage::get_owner(&env).require_auth();",
            "get_owner()",
        ),
        (
            "position",
            "storage::roles(&env).court.require_auth();",
            "roles().court",
        ),
        ("cover-pool", "adapter.require_auth();", "adapter"),
        ("salvage", "adapter.require_auth();", "adapter"),
    ] {
        let expected = format!("{name}: drain is signed by `{called}`, whom nobody has placed");
        assert_eq!(refused(name, &planted(body, "")), expected, "{body}");
    }
    let book = planted("adapter.require_auth();", "").replace("drain", "book");
    let entries = analysed_as("salvage", &book).unwrap();
    let expected = "contract: an adapter that it was founded with";
    assert_eq!(who(&entries[0]), expected, "where it is looked up");
}

#[test]
fn money_that_moves_without_a_transfer_is_seen() {
    let given = "fn insurer(env: &Env) -> CoverPoolClient { client(env) } fn client(env: &Env) {}";
    for (body, moves) in [
        ("env.invoke_contract(&token, &name, args);", true),
        ("env.try_invoke_contract(&token, &name, args);", true),
        ("Base::update(&env, None, Some(&adapter), 1);", true),
        ("storage::set_owed(&env, &adapter, all);", true),
        ("CoverPoolClient::new(&env, &adapter).pay(&all);", true),
        (
            "let _ = CoverPoolClient::new(&env, &adapter).try_pay(&all);",
            true,
        ),
        (
            "let client = CoverPoolClient::new(&env, &adapter); client.draw(&all);",
            true,
        ),
        ("CoverPoolClient::draw(&client, &all);", true),
        ("insurer(&env).pay(&all);", true),
        ("HubClient::new(&env, &adapter).sources(&all);", false),
        ("TokenClient::new(&env, &adapter).balance(&all);", false),
        ("CoverPoolClient::new(&env, &adapter);", false),
    ] {
        assert_eq!(only(&planted(body, given)).1, moves, "{body}");
    }
}

#[test]
fn what_is_called_and_not_found_is_reported() {
    for (body, called) in [
        ("send(&env, &adapter);", "send"),
        (
            "crate::contract::send(&env, &adapter);",
            "crate::contract::send",
        ),
        ("Self::send(&env, &adapter);", "Self::send"),
        (
            "stellar_access::ownable::send(&env);",
            "stellar_access::ownable::send",
        ),
        ("sends!(env, adapter);", "sends!"),
        ("let sent = sends![env, adapter];", "sends!"),
        ("use crate::pay::send;", "use crate :: pay :: send ;"),
    ] {
        let expected = format!("bank: drain calls `{called}`, which is not followed");
        assert_eq!(refused("bank", &planted(body, "")), expected, "{body}");
    }
    let argument = planted("assert!(storage::admin(&env).require_auth());", "");
    let expected = "bank: drain is signed by `admin()`, whom nobody has placed";
    assert_eq!(refused("bank", &argument), expected, "in a known macro");
}

#[test]
fn what_hides_functions_is_an_error() {
    for (text, expected) in [
        ("use crate::pay::*;", "crate::pay::* hides what it imports"),
        (
            "use crate::{pay::*, desk};",
            "crate::pay::* hides what it imports",
        ),
        ("drains!(Bank);", "drains! may hide functions"),
        ("impl Bank { drains!(); }", "drains! may hide functions"),
        (
            "#[path = \"../other.rs\"] mod other;",
            "other lies elsewhere",
        ),
    ] {
        let texts = vec![(vec!["bank".to_owned()], text.to_owned())];
        let error = Source::default().read_texts(texts).err().unwrap();
        assert_eq!(error.root_cause().to_string(), expected, "{text}");
    }
}

#[test]
fn only_what_tests_alone_have_is_left_out() {
    let admin = "{ storage::admin(env).require_auth(); }";
    for (condition, is_read) in [
        ("", true),
        ("#[cfg(not(test))]", true),
        ("#[cfg(any(test, target_family = \"wasm\"))]", true),
        ("#[cfg(not(feature = \"testutils\"))]", true),
        ("#[cfg(feature = \"latest\")]", true),
        ("#[cfg(test)]", false),
        ("#[cfg(all(test, target_family = \"wasm\"))]", false),
        ("#[cfg(any(test, feature = \"testutils\"))]", false),
    ] {
        let below = format!("{condition} fn send(env: &Env) {admin}");
        let error = refused("bank", &planted("send(&env);", &below));
        assert_eq!(error.contains("`admin()`"), is_read, "{condition}");
        let files = [
            ("bank", format!("{condition} mod test;")),
            ("contract", planted("test::send(&env);", "use crate::test;")),
            ("test", format!("pub fn send(env: &Env) {admin}")),
        ];
        let module = |name| match name {
            "bank" => vec!["bank".to_owned()],
            inner => vec!["bank".to_owned(), String::from(inner)],
        };
        let mut source = Source::default();
        let files = files.map(|(name, text)| (module(name), text));
        source.read_texts(files.into()).unwrap();
        let entries = analyse("bank", &source, &["drain".to_owned()].into());
        let error = entries.err().map(|error| error.to_string());
        let is_seen = error.is_some_and(|error| error.contains("`admin()`"));
        assert_eq!(is_seen, is_read, "a file of tests: {condition}");
    }
}

/// What is wrong with a planted `drain`, beside a library of ours.
fn beside_a_library(text: &str, library: &str) -> String {
    let mut source = contract(text);
    let module = vec!["adjuster".to_owned()];
    source
        .read_texts(vec![(module, library.to_owned())])
        .unwrap();
    let error = analyse("bank", &source, &["drain".to_owned()].into());
    error.err().unwrap().to_string()
}

#[test]
fn methods_of_libraries_are_followed() {
    let text = planted("loan.settle(&env);", "");
    let library =
        "impl Loan { pub fn settle(&self, env: &Env) { storage::admin(env).require_auth(); } }";
    let expected = "bank: drain is signed by `admin()`, whom nobody has placed";
    assert_eq!(beside_a_library(&text, library), expected);
}

#[test]
fn what_a_librarys_trait_brings_along_is_followed() {
    let text = planted("Self::settle(&env);", "impl Settles for Bank {}");
    let library = "trait Settles { fn settle(env: &Env) { storage::admin(env).require_auth(); } }";
    let expected = "bank: drain is signed by `admin()`, whom nobody has placed";
    assert_eq!(beside_a_library(&text, library), expected);
}

#[test]
fn who_is_compared_with_a_role_has_its_powers() {
    let body = "if adapter == storage::roles(&env).court { return; } appellant.require_auth();";
    let text = planted(body, "").replace("adapter", "appellant");
    let entries = analysed_as("cover-pool", &text).unwrap();
    assert_eq!(who(&entries[0]), "`appellant`; more for **role: court**");
    let error = privileged(&entries).unwrap_err().to_string();
    assert_eq!(error, "cover-pool: drain is privileged and not described");
    let owner = planted(
        "require(ownable::get_owner(&env) != adapter);",
        "use stellar_access::ownable;",
    );
    let owner = owner.replace("adapter: Address", "caller: Address");
    let (who, _) = only(&owner.replace("adapter", "caller"));
    assert_eq!(
        who, "more for **role: owner**",
        "compared, and nobody signs"
    );
}
