//! Who holds what once everything was handed over: read from the ledger, and held against docs/privileges.md.

mod plain;

use std::collections::{BTreeMap, BTreeSet};

use localnet::{
    xdr::{ContractDataDurability, LedgerKey, LedgerKeyContractData, ScAddress, ScVal},
    Auth, InvokeError, Keypair, Symbol, ToScVal,
};
use plain::Interface;
use testkit::{
    bindings::{price_hub, Call},
    feeds::Hub,
    governance::{owners, Governance, Proposal},
    identity::Identity,
    market::{Market, MarketSetup},
    wasm,
    world::World,
};

use crate::stage::*;

/// The page that says who may call what.
const PAGE: &str = include_str!("../../docs/privileges.md");

/// All that a deployed system has.
struct System {
    world: World,
    market: Market,
    vault: ScAddress,
    identity: Identity,
    governance: Governance,
}

impl System {
    /// Everything, in its founder's hands.
    fn founded() -> Self {
        let world = world();
        let market = Market::found(&world, &MarketSetup::default());
        let vault = world.deploy_vault("vault").0;
        let identity = Identity::found(&world);
        let governance = Governance::found(&world);
        Self {
            world,
            market,
            vault,
            identity,
            governance,
        }
    }

    /// Everything, handed over.
    fn handed_over() -> Self {
        let system = Self::founded();
        system.governance.take_over(&system.world);
        system
    }

    /// Every contract that has privileged functions, with its code, by its name on the page.
    fn contracts(&self) -> BTreeMap<&'static str, (&ScAddress, &'static [u8])> {
        let (world, market, identity) = (&self.world, &self.market, &self.identity);
        BTreeMap::from([
            ("claim-issuer", (&identity.issuer.0, wasm::CLAIM_ISSUER)),
            (
                "identity-verifier",
                (&identity.basic.0, wasm::IDENTITY_VERIFIER),
            ),
            ("sanctions", (&identity.sanctions.0, wasm::SANCTIONS)),
            ("blend-adapter", (&world.adapter.0, wasm::BLEND_ADAPTER)),
            ("blend-lenders", (&world.lenders.0, wasm::BLEND_LENDERS)),
            ("cover-pool", (&world.cover.0, wasm::COVER_POOL)),
            ("insured-vault", (&self.vault, wasm::INSURED_VAULT)),
            ("loan-market", (&market.platform.0, wasm::LOAN_MARKET)),
            ("market-adapter", (&market.insurer.0, wasm::MARKET_ADAPTER)),
            ("price-hub", (&world.hub.address, wasm::PRICE_HUB)),
        ])
    }

    /// What is not as `docs/privileges.md` has it: owners that are not the governor of terms, offers, roles of somebody else.
    fn misplaced(&self) -> Vec<String> {
        let (world, governance) = (&self.world, &self.governance);
        let mut found = Vec::new();
        for (contract, owner) in self.owners() {
            if owner != governance.governor.0 {
                found.push(format!("{contract} is owned by {owner}"));
            }
            if world.ledger.live_until(&offer_of(&contract)).is_some() {
                found.push(format!("{contract} is offered to somebody"));
            }
        }
        let roles = world.cover.roles().view(&world.ledger).unwrap();
        if roles != governance.roles() {
            found.push(format!("the pool's roles are {roles:?}"));
        }
        let guardian = self.hub().guardian().view(&world.ledger).unwrap();
        if guardian != governance.guardian.address() {
            found.push(format!("the hub's guardian is {guardian}"));
        }
        let screener = self.identity.sanctions.screener();
        let screener = screener.view(&world.ledger).unwrap();
        if screener != self.identity.screener.address() {
            found.push(format!("the screener is {screener}"));
        }
        found
    }

    /// Contracts and their owners, claim issuers apart: they are no part of the protocol.
    fn owners(&self) -> Vec<(ScAddress, ScAddress)> {
        let mut owners = owners(&self.world);
        owners.retain(|(contract, _)| *contract != self.identity.issuer.0);
        owners
    }

    /// Every contract that must be the token holders'.
    fn protocol(&self) -> BTreeSet<ScAddress> {
        let named = self.contracts().into_values();
        let named = named.map(|(address, _)| address.clone());
        let mut all: BTreeSet<_> = named.collect();
        all.insert(self.identity.full.0.clone());
        all.remove(&self.identity.issuer.0);
        all
    }

    fn hub(&self) -> price_hub::Client {
        price_hub::Client(self.world.hub.address.clone())
    }

    /// Calls a privileged function with a signature of `key` and no other.
    fn attempt(&self, power: &Power, key: &Keypair) -> Result<(), InvokeError> {
        let (contract, code) = self.contracts()[power.contract];
        let entries = soroban_spec::read::from_wasm(code).unwrap();
        let interface = Interface {
            entries: &entries,
            who: &key.address(),
        };
        let arguments = interface.arguments(power.function);
        let call = Call::<ScVal>::new(contract, power.function, arguments);
        let own = only_sender(&call);
        let before = self.world.ledger.snapshot();
        let outcome = call.outcome(&self.world.ledger, key, Auth::Explicit(&[own]));
        self.world.ledger.revert(&before);
        outcome.map(drop)
    }
}

/// Where OpenZeppelin's `Ownable` keeps an offer.
fn offer_of(contract: &ScAddress) -> LedgerKey {
    let key = vec![Symbol::from("PendingOwner")];
    LedgerKey::ContractData(LedgerKeyContractData {
        contract: contract.clone(),
        durability: ContractDataDurability::Temporary,
        key: key.to_scval().unwrap(),
    })
}

/// A privileged function of the page.
#[derive(Debug)]
struct Power {
    role: &'static str,
    contract: &'static str,
    function: &'static str,
}

/// All that only a role may call: the rows of the tables below `What the ... may do`.
fn powers() -> Vec<Power> {
    let mut powers = Vec::new();
    for section in PAGE.split("\n### What the ").skip(1) {
        let (role, table) = section.split_once(" may do\n").unwrap();
        let rows = table.lines().take_while(|line| !line.starts_with('#'));
        for row in rows.filter(|row| row.contains("| `")) {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            let function = cells[2].trim_matches('`');
            let contracts = cells[1].split(", ");
            let contracts = contracts.filter(|contract| !is_others_too(role, contract, function));
            powers.extend(contracts.map(|contract| Power {
                role,
                contract,
                function,
            }));
        }
    }
    powers
}

/// Whether others may call it as well, and the role only gets more of it: by the contract's own section of the page.
fn is_others_too(role: &str, contract: &str, function: &str) -> bool {
    let heading = format!("{contract}\n");
    let more = format!("; more for **role: {role}** |");
    let name = format!("`{function}`");
    let mut sections = PAGE.split("\n### ");
    let section = sections.find(|section| section.starts_with(&heading));
    section
        .unwrap()
        .lines()
        .any(|line| line.contains(&more) && line.contains(&name))
}

#[test]
fn everything_is_the_token_holders_and_roles_are_those_that_are_named() {
    let system = System::handed_over();
    assert_eq!(system.misplaced(), [""; 0], "who holds what");
    let owned = system.owners().into_iter().map(|(one, _)| one);
    let owned: BTreeSet<_> = owned.collect();
    assert_eq!(
        owned,
        system.protocol(),
        "plt, governors, salvage and positions have no owner"
    );
}

#[test]
fn what_was_not_handed_over_is_seen() {
    let system = System::handed_over();
    let founder = &system.world.owner;
    let hub = Hub::deploy(&system.world.ledger, founder).address;
    let expected = format!("{hub} is owned by {}", founder.address());
    assert_eq!(system.misplaced(), [expected], "a second hub");
}

#[test]
fn what_is_offered_to_a_key_is_seen() {
    let system = System::handed_over();
    let (world, governance) = (&system.world, &system.governance);
    let until = world.ledger.sequence() + 1_000_000;
    let offer = system.hub().transfer_ownership(&world.owner, until);
    governance.decide(world, &Proposal::new("Back.").with(offer));
    let expected = format!("{} is offered to somebody", world.hub.address);
    assert_eq!(system.misplaced(), [expected], "the hub");
}

#[test]
fn roles_of_others_are_seen() {
    let system = System::founded();
    let founder = system.world.owner.address();
    let misplaced = system.misplaced();
    let owned = misplaced.iter().filter(|one| one.contains("is owned by"));
    assert_eq!(owned.count(), 10, "the founder's: {misplaced:?}");
    let guardian = format!("the hub's guardian is {founder}");
    assert!(misplaced.contains(&guardian), "{misplaced:?}");
    let roles = misplaced.iter().any(|one| one.contains("roles are"));
    assert!(roles, "{misplaced:?}");
}

#[test]
fn no_privileged_function_is_the_founders_once_everything_was_handed_over() {
    let system = System::founded();
    let (powers, founder) = (powers(), &system.world.owner);
    let roles: BTreeSet<_> = powers.iter().map(|power| power.role).collect();
    let named = ["court", "guardian", "issuer", "owner", "risk", "screener"].into();
    assert_eq!(roles, named, "the page's roles");
    assert!(powers.len() > 40, "{} functions", powers.len());
    let shared = PAGE.matches("; more for **role: ").count();
    assert_eq!(shared, 1, "left out: the court's appeal alone");
    let is_theirs = |power: &&Power| !["issuer", "screener"].contains(&power.role);
    for power in powers.iter().filter(is_theirs) {
        let attempt = system.attempt(power, founder);
        let is_unauthorised = matches!(attempt, Err(InvokeError::Unauthorized { .. }));
        assert!(!is_unauthorised, "theirs before: {power:?}, {attempt:?}");
    }
    system.governance.take_over(&system.world);
    for power in &powers {
        unauthorised(system.attempt(power, founder), &format!("{power:?}"));
    }
}

#[test]
fn who_is_named_has_their_role_and_no_other() {
    let system = System::handed_over();
    let named = [
        ("risk", &system.governance.risk),
        ("guardian", &system.governance.guardian),
        ("screener", &system.identity.screener),
        ("issuer", &system.identity.officer),
    ];
    for (role, key) in named {
        for power in powers() {
            let attempt = system.attempt(&power, key);
            let is_unauthorised = matches!(attempt, Err(InvokeError::Unauthorized { .. }));
            let is_theirs = power.role == role;
            assert_eq!(
                !is_unauthorised, is_theirs,
                "{role}: {power:?}, {attempt:?}"
            );
        }
    }
}
