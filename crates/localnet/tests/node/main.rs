//! The node, through signed transactions.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)] // the fixtures below are tests, too

mod archive;
mod auth;
mod books;
mod bump;
mod coded;
mod conditions;
mod decoding;
mod deep;
mod determinism;
mod dice;
mod draft;
#[path = "../fixtures/envelope.rs"]
mod envelope;
mod failing;
mod fees;
mod metadata;
#[path = "../fixtures/module.rs"]
mod module;
mod mutated;
mod noisy;
mod payers;
mod queue;
mod refused;
mod returned;
mod rpc;

use localnet::{
    node::{Node, NodeConfig, Pace, Sent, Submission, SUPPLY},
    xdr::{
        AccountEntry, AccountId, CreateAccountOp, LedgerEntryData, LedgerHeader,
        LedgerHeaderHistoryEntry, Limits, OperationBody, ReadXdr, ScAddress, ScVal,
        TransactionMeta, TransactionMetaV4, TransactionResult, TransactionResultResult,
    },
    Keypair, NetworkConfig,
};

use draft::Draft;
use wire::account_key;

/// Seven decimals.
pub const ONE: i64 = 10_000_000;
/// What each account holds at first, stroops.
pub const FUNDS: i64 = 1_000 * ONE;

/// Alice, Bob and Mallory with funds, and the native asset's contract.
pub(crate) struct World {
    pub node: Node,
    pub alice: Keypair,
    pub bob: Keypair,
    pub mallory: Keypair,
    pub xlm: ScAddress,
}

/// What became of an applied transaction.
pub(crate) struct Outcome {
    pub result: TransactionResult,
    pub meta: TransactionMetaV4,
    pub ledger: u32,
}

impl Outcome {
    #[track_caller]
    pub fn succeeded(self) -> Self {
        let is_success = matches!(
            self.result.result,
            TransactionResultResult::TxSuccess(_)
                | TransactionResultResult::TxFeeBumpInnerSuccess(_)
        );
        let why = &self.meta.diagnostic_events;
        assert!(is_success, "{:?} {why:?}", self.result);
        self
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(NetworkConfig::mainnet(), Pace::Manual)
    }

    pub fn with(network: NetworkConfig, pace: Pace) -> Self {
        Self::founded(Node::open(NodeConfig::in_memory(network, pace)).unwrap())
    }

    /// On a new node.
    pub fn founded(node: Node) -> Self {
        let [alice, bob, mallory] = ["alice", "bob", "mallory"].map(Keypair::named);
        let mut world = Self {
            node,
            alice,
            bob,
            mallory,
            xlm: ScAddress::default(),
        };
        let founded = [&world.alice, &world.bob, &world.mallory].map(|key| create(key, FUNDS));
        let root = world.node.root();
        let founding = Draft::classic(&world, &root, founded.to_vec());
        world.apply(founding.sign(&world, &[&root])).succeeded();
        let (alice, deploy) = (world.alice.clone(), draft::deploy_native(&world));
        world.xlm = deploy.1;
        world.apply(deploy.0.sign(&world, &[&alice])).succeeded();
        world
    }

    /// Sends and closes a ledger.
    #[track_caller]
    pub fn apply(&mut self, submission: Submission) -> Outcome {
        let hash = submission.hash;
        assert_eq!(self.node.send(submission).unwrap(), Sent::Pending, "sent");
        self.node.close(None).unwrap();
        self.outcome(&hash)
    }

    #[track_caller]
    pub fn outcome(&self, hash: &[u8; 32]) -> Outcome {
        let record = self.node.transaction(hash).unwrap().expect("applied");
        let TransactionMeta::V4(meta) = decode(&record.meta) else {
            panic!("metadata of another version");
        };
        Outcome {
            result: decode(&record.result),
            meta,
            ledger: record.position.ledger,
        }
    }

    /// What a transaction is refused with when it is sent.
    #[track_caller]
    pub fn refusal(&mut self, submission: Submission) -> TransactionResultResult {
        match self.node.send(submission).unwrap() {
            Sent::Error(result) => result.result,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Alice, Bob and Mallory.
    pub fn keys(&self) -> [Keypair; 3] {
        [&self.alice, &self.bob, &self.mallory].map(Keypair::clone)
    }

    /// Alice sends Bob `amount` through the contract.
    pub fn transfer(&self, amount: i64) -> Draft {
        draft::transfer(self, &self.alice, &self.bob.address(), amount)
    }

    pub fn account(&self, id: &AccountId) -> AccountEntry {
        let (entry, _) = self
            .node
            .entry(&account_key(id))
            .unwrap()
            .expect("an account");
        let LedgerEntryData::Account(account) = &entry.data else {
            panic!("not an account");
        };
        account.clone()
    }

    pub fn balance(&self, key: &Keypair) -> i64 {
        self.account(&key.account_id()).balance
    }

    pub fn header(&self) -> LedgerHeader {
        let header: LedgerHeaderHistoryEntry = decode(&self.node.latest().header);
        header.header
    }

    /// What the native asset's contract holds itself, stroops.
    fn held_by_contract(&self) -> i64 {
        let key = draft::balance_key(&self.xlm, &self.xlm);
        let Some((entry, _)) = self.node.entry(&key).unwrap() else {
            return 0;
        };
        let LedgerEntryData::ContractData(data) = &entry.data else {
            panic!("not a balance");
        };
        let ScVal::Map(Some(fields)) = &data.val else {
            panic!("not a balance: {:?}", data.val);
        };
        let amount = fields
            .iter()
            .find(|field| field.key == draft::symbol("amount"));
        let Some(ScVal::I128(amount)) = amount.map(|field| &field.val) else {
            panic!("no amount: {fields:?}");
        };
        i128::from(amount).try_into().unwrap()
    }

    /// All coins are somewhere.
    #[track_caller]
    pub fn assert_conserved(&self) {
        let root = self.node.root();
        let keys = [&root, &self.alice, &self.bob, &self.mallory];
        let held: i64 = keys.iter().map(|key| self.balance(key)).sum();
        let held = held + self.held_by_contract();
        let header = self.header();
        assert_eq!(held + header.fee_pool, header.total_coins, "coins");
        assert_eq!(header.total_coins, SUPPLY, "supply");
    }
}

pub(crate) fn create(key: &Keypair, starting_balance: i64) -> OperationBody {
    OperationBody::CreateAccount(CreateAccountOp {
        destination: key.account_id(),
        starting_balance,
    })
}

pub(crate) fn decode<T: ReadXdr>(bytes: &[u8]) -> T {
    T::from_xdr(bytes, Limits::none()).unwrap()
}
