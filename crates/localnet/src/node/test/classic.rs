use soroban_env_host::xdr::{
    AccountEntry, AccountId, Asset, ChangeTrustAsset, ChangeTrustOp, ChangeTrustResult as Trust,
    CreateAccountOp, CreateAccountResult as Create, MuxedAccount, MuxedAccountMed25519,
    OperationBody, OperationResult, OperationResultTr, PaymentOp, PaymentResult as Pay, PublicKey,
};

use crate::{
    asset,
    ledger::Ledger,
    node::{changes::Changes, classic::apply},
    Keypair, NetworkConfig,
};

/// Stroops of one unit.
const ONE: i64 = 10_000_000;
/// What one entry reserves, stroops.
const RESERVE: i64 = 5_000_000;

struct World {
    ledger: Ledger,
}

fn id(name: &str) -> AccountId {
    Keypair::named(name).account_id()
}

fn usd() -> Asset {
    asset("USD", &id("issuer")).unwrap()
}

fn line(asset: Asset) -> ChangeTrustAsset {
    match asset {
        Asset::Native => ChangeTrustAsset::Native,
        Asset::CreditAlphanum4(asset) => ChangeTrustAsset::CreditAlphanum4(asset),
        Asset::CreditAlphanum12(asset) => ChangeTrustAsset::CreditAlphanum12(asset),
    }
}

impl World {
    /// Issuer, Alice and Bob with 100 lumens each; the two have lines of 1 000 dollars, Alice's with 100 in it.
    fn new() -> Self {
        let ledger = Ledger::new(NetworkConfig::mainnet()).unwrap();
        for name in ["issuer", "alice", "bob"] {
            ledger.create_account(&id(name), 100 * ONE).unwrap();
        }
        let world = Self { ledger };
        assert_eq!(world.trust("alice", usd(), 1_000 * ONE), Trust::Success);
        assert_eq!(world.trust("bob", usd(), 1_000 * ONE), Trust::Success);
        assert_eq!(world.pay("issuer", "alice", usd(), 100 * ONE), Pay::Success);
        world
    }

    /// Applies; a failure must leave no trace.
    fn apply(&self, source: &str, body: &OperationBody) -> OperationResult {
        let before = self.ledger.state();
        let mut changes = Changes::default();
        let result = apply(&self.ledger, &mut changes, &id(source), body).unwrap();
        let after = self.ledger.state();
        if changes.iter().next().is_none() {
            let pairs = before.entries.iter().zip(after.entries.iter());
            assert!(pairs.clone().all(|(was, is)| was.1.encoded == is.1.encoded));
            assert_eq!(before.entries.len(), after.entries.len());
        }
        result
    }

    fn create(&self, source: &str, destination: &str, balance: i64) -> Create {
        let body = OperationBody::CreateAccount(CreateAccountOp {
            destination: id(destination),
            starting_balance: balance,
        });
        match self.apply(source, &body) {
            OperationResult::OpInner(OperationResultTr::CreateAccount(result)) => result,
            other => panic!("{other:?}"),
        }
    }

    fn pay(&self, source: &str, destination: &str, asset: Asset, amount: i64) -> Pay {
        let body = OperationBody::Payment(PaymentOp {
            destination: id(destination).into(),
            asset,
            amount,
        });
        match self.apply(source, &body) {
            OperationResult::OpInner(OperationResultTr::Payment(result)) => result,
            other => panic!("{other:?}"),
        }
    }

    fn trust(&self, source: &str, asset: Asset, limit: i64) -> Trust {
        match self.apply(source, &trusting(line(asset), limit)) {
            OperationResult::OpInner(OperationResultTr::ChangeTrust(result)) => result,
            other => panic!("{other:?}"),
        }
    }

    fn account(&self, name: &str) -> AccountEntry {
        self.ledger.account(&id(name)).unwrap()
    }

    fn dollars(&self, name: &str) -> i64 {
        let Asset::CreditAlphanum4(asset) = usd() else {
            panic!("four letters");
        };
        let asset = soroban_env_host::xdr::TrustLineAsset::CreditAlphanum4(asset);
        self.ledger
            .trustline(&id(name), asset)
            .unwrap()
            .unwrap()
            .balance
    }
}

fn trusting(line: ChangeTrustAsset, limit: i64) -> OperationBody {
    OperationBody::ChangeTrust(ChangeTrustOp { line, limit })
}

#[test]
fn an_account_is_created_from_its_sources_balance() {
    let world = World::new();
    assert_eq!(world.create("alice", "carol", 7 * ONE), Create::Success);
    let carol = world.account("carol");
    assert_eq!(carol.balance, 7 * ONE);
    assert_eq!(world.account("alice").balance, 93 * ONE);
    assert_eq!(carol.seq_num.0, i64::from(world.ledger.sequence()) << 32);
    assert_eq!(carol.thresholds.0, [1, 0, 0, 0]);
}

#[test]
fn an_account_is_not_created() {
    let world = World::new();
    // Alice reserves three entries: herself twice, and her line.
    let most = 100 * ONE - 3 * RESERVE;
    assert_eq!(world.create("alice", "carol", -1), Create::Malformed);
    assert_eq!(world.create("alice", "alice", ONE), Create::Malformed);
    assert_eq!(world.create("alice", "bob", ONE), Create::AlreadyExist);
    assert_eq!(
        world.create("alice", "carol", 2 * RESERVE - 1),
        Create::LowReserve
    );
    assert_eq!(
        world.create("alice", "carol", most + 1),
        Create::Underfunded
    );
    assert_eq!(world.create("alice", "carol", most), Create::Success);
    assert_eq!(world.account("alice").balance, 3 * RESERVE);
}

#[test]
fn lumens_are_paid_down_to_the_reserve() {
    let world = World::new();
    let most = 100 * ONE - 3 * RESERVE;
    let native = || Asset::Native;
    assert_eq!(world.pay("alice", "bob", native(), 0), Pay::Malformed);
    assert_eq!(
        world.pay("alice", "nobody", native(), 1),
        Pay::NoDestination
    );
    assert_eq!(world.pay("alice", "bob", native(), i64::MAX), Pay::LineFull);
    assert_eq!(
        world.pay("alice", "bob", native(), most + 1),
        Pay::Underfunded
    );
    assert_eq!(
        world.pay("alice", "alice", native(), i64::MAX),
        Pay::Success
    );
    assert_eq!(world.pay("alice", "bob", native(), most), Pay::Success);
    assert_eq!(world.account("alice").balance, 3 * RESERVE);
    assert_eq!(world.account("bob").balance, 100 * ONE + most);
}

#[test]
fn credits_are_paid_within_limits_and_authorisations() {
    let world = World::new();
    let pay = |source, destination, amount| world.pay(source, destination, usd(), amount);
    world
        .ledger
        .create_account(&id("carol"), 100 * ONE)
        .unwrap();
    assert_eq!(pay("alice", "nobody", ONE), Pay::NoDestination);
    assert_eq!(pay("alice", "carol", ONE), Pay::NoTrust);
    assert_eq!(pay("carol", "bob", ONE), Pay::SrcNoTrust);
    assert_eq!(pay("alice", "bob", 100 * ONE + 1), Pay::Underfunded);
    assert_eq!(pay("issuer", "bob", 1_000 * ONE + 1), Pay::LineFull);
    assert_eq!(pay("alice", "alice", 901 * ONE), Pay::LineFull);
    assert_eq!(pay("alice", "alice", 100 * ONE), Pay::Success);
    assert_eq!(world.dollars("alice"), 100 * ONE, "paid to himself");
    assert_eq!(pay("alice", "bob", 60 * ONE), Pay::Success);
    assert_eq!(pay("bob", "issuer", 10 * ONE), Pay::Success);
    assert_eq!(
        (world.dollars("alice"), world.dollars("bob")),
        (40 * ONE, 50 * ONE)
    );

    let required = soroban_env_host::xdr::AccountFlags::RequiredFlag as u32;
    world
        .ledger
        .add_account_flags(&Keypair::named("issuer"), required)
        .unwrap();
    assert_eq!(world.trust("carol", usd(), ONE), Trust::Success);
    assert_eq!(pay("alice", "carol", 1), Pay::NotAuthorized);
    assert_eq!(pay("carol", "alice", 1), Pay::SrcNotAuthorized);
}

#[test]
fn credits_go_back_to_an_issuer_that_is_gone_and_none_come_from_one() {
    let world = World::new();
    let key = world.ledger.state().entries.keys().find(|key| {
        matches!(&***key, soroban_env_host::xdr::LedgerKey::Account(account) if account.account_id == id("issuer"))
    }).cloned().unwrap();
    world.ledger.change_state(|state| state.remove(&key));
    assert_eq!(world.pay("alice", "issuer", usd(), ONE), Pay::Success);
    assert_eq!(world.dollars("alice"), 99 * ONE);
    assert_eq!(world.trust("alice", usd(), 200 * ONE), Trust::NoIssuer);
    let other = asset("EUR", &id("issuer")).unwrap();
    assert_eq!(world.trust("alice", other, ONE), Trust::NoIssuer);
}

#[test]
fn a_number_in_the_destination_does_not_change_who_is_paid() {
    let world = World::new();
    let AccountId(PublicKey::PublicKeyTypeEd25519(ed25519)) = id("bob");
    let body = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::MuxedEd25519(MuxedAccountMed25519 { id: 7, ed25519 }),
        asset: Asset::Native,
        amount: ONE,
    });
    world.apply("alice", &body);
    assert_eq!(world.account("bob").balance, 101 * ONE);
}

#[test]
fn a_line_is_refused() {
    let world = World::new();
    let mut odd = usd();
    if let Asset::CreditAlphanum4(asset) = &mut odd {
        asset.asset_code.0 = [b'U', 0, b'D', 0];
    }
    assert_eq!(world.trust("alice", usd(), -1), Trust::Malformed);
    assert_eq!(world.trust("alice", Asset::Native, 1), Trust::Malformed);
    assert_eq!(world.trust("issuer", usd(), 1), Trust::Malformed, "its own");
    assert_eq!(world.trust("alice", odd, 1), Trust::Malformed, "odd code");
    assert_eq!(
        world.trust("alice", usd(), 100 * ONE - 1),
        Trust::InvalidLimit
    );
    assert_eq!(
        world.trust("alice", usd(), 0),
        Trust::InvalidLimit,
        "not empty"
    );
    world
        .ledger
        .create_account(&id("carol"), 3 * RESERVE - 1)
        .unwrap();
    assert_eq!(
        world.trust("carol", usd(), 0),
        Trust::InvalidLimit,
        "no line"
    );
    assert_eq!(world.trust("carol", usd(), 1), Trust::LowReserve);
}

#[test]
fn a_line_is_changed_and_removed_with_its_reserve() {
    let world = World::new();
    assert_eq!(world.account("alice").num_sub_entries, 1);
    assert_eq!(world.trust("alice", usd(), 100 * ONE), Trust::Success);
    assert_eq!(world.pay("issuer", "alice", usd(), 1), Pay::LineFull);
    assert_eq!(world.pay("alice", "bob", usd(), 100 * ONE), Pay::Success);
    assert_eq!(world.trust("alice", usd(), 0), Trust::Success);
    assert_eq!(world.account("alice").num_sub_entries, 0);
    assert_eq!(world.pay("bob", "alice", usd(), 1), Pay::NoTrust);
}

#[test]
fn a_thousand_sub_entries_are_the_most() {
    let world = World::new();
    let rich = 1_000_000 * ONE;
    world.ledger.create_account(&id("carol"), rich).unwrap();
    for number in 0..1_000 {
        let asset = asset(&format!("A{number}"), &id("issuer")).unwrap();
        assert_eq!(world.trust("carol", asset, 1), Trust::Success, "{number}");
    }
    let result = world.apply("carol", &trusting(line(usd()), 1));
    assert_eq!(result, OperationResult::OpTooManySubentries);
}

#[test]
fn what_is_not_supported_says_so() {
    let world = World::new();
    let result = world.apply("alice", &OperationBody::Inflation);
    assert_eq!(result, OperationResult::OpNotSupported);
    let result = world.apply("nobody", &OperationBody::Inflation);
    assert_eq!(result, OperationResult::OpNoAccount);
}
