use super::*;

/// What the contracts below call, and what does not matter to them.
const HELPERS: &str = "
    fn token(env: &Env) {} fn pool(env: &Env) {} fn all(env: &Env) {} fn hash(env: &Env) {} fn bosses(env: &Env) {}
    fn is_late(env: &Env) {} fn is_shut(env: &Env) {} fn listing(env: &Env) {} fn require(is_met: bool) {}";

/// A contract of one module, with OpenZeppelin's `Ownable` as far as it is needed.
fn contract(text: &str) -> Source {
    let mut source = Source::default();
    let module = |path: &[&str]| path.iter().map(|one| (*one).to_owned()).collect();
    let ownable = "
        pub trait Ownable { fn get_owner(e: &Env) -> Option<Address> { get_owner(e) } }
        pub fn get_owner(e: &Env) -> Option<Address> { e.storage().instance().get(&OWNER) }
        pub fn enforce_owner_auth(e: &Env) { let Some(owner) = get_owner(e) else { panic!() }; owner.require_auth(); }";
    let text = format!("{text} {HELPERS}");
    let texts = [
        (module(&["bank", "contract"]), &*text),
        (module(&["stellar_access", "ownable"]), ownable),
    ];
    let texts = texts.map(|(module, text)| (module, text.to_owned()));
    source.read_texts(texts.into()).unwrap();
    source
}

fn analysed(text: &str) -> Result<Vec<Entry>> {
    analysed_as("bank", text)
}

fn analysed_as(name: &str, text: &str) -> Result<Vec<Entry>> {
    let source = contract(text);
    let functions = source.entries().into_keys().collect();
    analyse(name, &source, &functions)
}

/// Why a contract's page fails.
fn refused(name: &str, text: &str) -> String {
    analysed_as(name, text).err().unwrap().to_string()
}

/// The only entry of a contract, as the page has it.
fn only(text: &str) -> (String, bool) {
    let entries = analysed(text).unwrap();
    let [entry] = &entries[..] else {
        panic!("{} entries", entries.len());
    };
    (who(entry), entry.trace.moves)
}

#[test]
fn a_function_that_takes_users_money_out_is_reported() {
    let drain = "
        #[contractimpl]
        impl Bank {
            #[only_owner]
            pub fn drain(env: Env, to: Address) { pay::send(&env, &to) }
        }
        mod pay { use super::{all, pool, token}; pub fn send(env: &Env, to: &Address) { token(env).transfer(&pool(env), to, &all(env)); } }";
    assert_eq!(only(drain), ("**role: owner**".into(), true), "as it is");
    let entries = analysed(drain).unwrap();
    let error = privileged(&entries).unwrap_err().to_string();
    assert_eq!(error, "bank: drain is privileged and not described");
}

#[test]
fn a_described_function_that_moves_money_in_secret_is_reported() {
    let upgrade = "
        #[contractimpl]
        impl Bank {
            #[only_owner]
            pub fn upgrade(env: Env, to: Address) { token(&env).transfer(&pool(&env), &to, &1); }
        }";
    let error = power(&analysed(upgrade).unwrap()[0]).err().unwrap();
    let expected = "bank: upgrade moves money, and is described otherwise";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_key_moves_nothing_whatever_is_said_of_it() {
    let pause = "
        #[contractimpl]
        impl Bank {
            pub fn transfer_ownership(env: Env) {
                storage::roles(&env).guardian.require_auth();
                env.deployer().update_current_contract_wasm(hash(&env));
            }
        }";
    let entries = analysed_as("cover-pool", pause).unwrap();
    let error = power(&entries[0]).err().unwrap();
    let expected = "cover-pool: transfer_ownership moves money or code, and a key may call it";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_signature_that_nobody_has_placed_is_reported() {
    let admin = "
        #[contractimpl]
        impl Bank { pub fn drain(env: Env) { storage::admin(&env).require_auth(); } }";
    let error = analysed(admin).err().unwrap().to_string();
    let expected = "bank: drain is signed by `admin()`, whom nobody has placed";
    assert_eq!(error, expected);
    let among_many = "
        #[contractimpl]
        impl Bank { pub fn drain(env: Env, owner: Address) { for owner in bosses(&env) { owner.require_auth(); } } }";
    let error = analysed(among_many).err().unwrap().to_string();
    assert!(error.contains("`bosses()[]`"), "{error}");
}

#[test]
fn a_function_of_the_wasm_that_is_not_found_in_the_source_is_reported() {
    let source =
        contract("#[contractimpl] impl Bank { pub fn known(env: Env) {} fn inner(env: Env) {} }");
    let functions = ["drain", "known"].map(str::to_owned).into();
    let error = analyse("bank", &source, &functions).err().unwrap();
    let expected = "bank: [\"drain\"] is in its source or in its wasm, not in both";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_signature_is_followed_to_where_it_is_asked_for() {
    let close = "
        use crate::desk::{self, sign_owner};
        #[contractimpl]
        impl Bank {
            pub fn close(env: Env, loan: Address, payer: Address) { sign_owner(&env, &loan); desk::pay(&env, &payer); }
        }";
    let desk = "
        pub fn sign_owner(env: &Env, loan: &Address) { let owner = storage::loan(env, loan).owner; owner.require_auth(); }
        fn is_due(env: &Env) {}
        pub fn pay(env: &Env, who: &Address) { if is_due(env) { who.require_auth(); } }";
    let mut source = contract(close);
    let module = ["bank", "desk"].map(str::to_owned);
    let desk = vec![(module.to_vec(), desk.to_owned())];
    source.read_texts(desk).unwrap();
    let entries = analyse("loan-market", &source, &["close".to_owned()].into()).unwrap();
    let expected = "in some cases `payer`; the loan's owner";
    assert_eq!(who(&entries[0]), expected, "both, where they are asked");
}

#[test]
fn arguments_keep_their_meaning_in_what_is_called() {
    let named = "
        #[contractimpl]
        impl Bank {
            pub fn lend(env: Env, payer: Address) { sign(&env, &payer) }
        }
        fn sign(env: &Env, owner: &Address) { owner.require_auth(); }";
    assert_eq!(
        only(named),
        ("`payer`".into(), false),
        "by the caller's word"
    );
    let in_some_cases = "
        #[contractimpl]
        impl Bank {
            pub fn finalize(env: Env, claim: u32) { if is_late(&env) { listing(&env).terms.adapter.require_auth(); } }
        }";
    let expected = "in some cases contract: the group's adapter";
    let entries = analysed_as("cover-pool", in_some_cases).unwrap();
    assert_eq!(who(&entries[0]), expected, "in a branch");
    let view =
        "#[contractimpl] impl Bank { pub fn books(env: Env) -> Books { storage::books(&env) } }";
    let open = "no signature: anyone may call";
    assert_eq!(only(view).0, open, "a view");
}

#[test]
fn a_function_that_only_refuses_says_so() {
    for body in [
        "panic_with_error!(env, Error::Never)",
        "panic_with_error!(env, Error::Never);",
        "Refusal::from(Error::Never).raise(&env)",
        "Err(Error::Never)",
    ] {
        let never = format!("#[contractimpl] impl Bank {{ pub fn burn(env: Env) {{ {body} }} }}");
        assert_eq!(only(&never).0, "always refused", "{body}");
    }
    let sometimes = "
        #[contractimpl]
        impl Bank { pub fn burn(env: Env) { if is_shut(&env) { panic_with_error!(env, Error::Shut); } } }";
    let open = "no signature: anyone may call";
    assert_eq!(only(sometimes).0, open, "in a branch");
}

#[test]
fn what_a_librarys_trait_brings_along_is_an_entry_unless_it_is_written() {
    let owned = "
        use stellar_access::ownable::{self, Ownable};
        #[contractimpl(contracttrait)]
        impl Ownable for Bank {}
        #[contractimpl]
        impl Bank { pub fn close(env: Env) { ownable::enforce_owner_auth(&env); } }";
    let entries = analysed(owned).unwrap();
    let names: Vec<_> = entries.iter().map(|entry| &*entry.function).collect();
    assert_eq!(names, ["close", "get_owner"], "entries");
    assert_eq!(who(&entries[0]), "**role: owner**", "through the library");
}

mod blind;
