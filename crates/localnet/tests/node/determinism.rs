//! The same seed and transactions make the same bytes, wherever the node goes meanwhile.

use std::{collections::BTreeSet, mem, path::Path};

use localnet::{
    node::{EventRecord, LedgerRecord, Node, NodeConfig, Pace, Position, Sent, TransactionRecord},
    xdr::{
        Asset, ContractEventBody, ContractEventType, ExtendFootprintTtlOp, ExtensionPoint,
        LedgerCloseMeta, LedgerEntryChange, LedgerKey, MuxedAccount, OperationBody, PaymentOp,
        ScVal, TransactionMeta,
    },
    Keypair, NetworkConfig,
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use tempfile::tempdir;

use crate::{bump, create, decode, dice::Dice, draft, Draft, World, ONE};

/// Seconds after which what was stored for good is archived.
const LONG: u64 = 5 * 2_073_700;
/// Seconds after which what was stored for a while has expired.
const SHORT: u64 = 5 * 17_300;

/// All that a node told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    ledgers: Vec<LedgerRecord>,
    transactions: Vec<TransactionRecord>,
    events: Vec<EventRecord>,
}

impl Told {
    /// Adds what came since.
    fn add(&mut self, node: &Node) {
        let next = self.ledgers.last().map_or(0, |last| last.sequence + 1);
        let from = Position {
            ledger: next,
            ..Position::default()
        };
        self.ledgers.extend(node.ledgers(next, usize::MAX).unwrap());
        let transactions = node.transactions(from, usize::MAX).unwrap();
        self.transactions.extend(transactions);
        let mut take = |event| {
            self.events.push(event);
            true
        };
        node.events(from, u32::MAX, &mut take).unwrap();
    }

    fn hashes(&self) -> Vec<[u8; 32]> {
        self.ledgers.iter().map(|ledger| ledger.hash).collect()
    }

    /// What contracts of their own code drew.
    fn drawn(&self) -> Vec<u64> {
        let events = self.events.iter().filter_map(|record| {
            let event: localnet::xdr::ContractEvent = decode(&record.event);
            let ContractEventBody::V0(body) = event.body;
            match body.data {
                ScVal::U64(drawn) if event.type_ == ContractEventType::Contract => Some(drawn),
                _ => None,
            }
        });
        events.collect()
    }

    /// The keys that were evicted.
    fn evicted(&self) -> usize {
        let metas = self
            .ledgers
            .iter()
            .map(|ledger| match decode(&ledger.meta) {
                LedgerCloseMeta::V2(meta) => meta.evicted_keys.len(),
                other => panic!("{other:?}"),
            });
        metas.sum()
    }

    /// Transactions in which entries came back.
    fn restoring(&self) -> usize {
        let is_restoring = |record: &&TransactionRecord| {
            let TransactionMeta::V4(meta) = decode(&record.meta) else {
                panic!("metadata of another version");
            };
            let mut changes = meta.operations.iter().flat_map(|one| one.changes.iter());
            changes.any(|change| matches!(change, LedgerEntryChange::Restored(_)))
        };
        self.transactions.iter().filter(is_restoring).count()
    }
}

fn config(folder: Option<&Path>) -> NodeConfig {
    NodeConfig {
        folder: folder.map(Into::into),
        ..NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual)
    }
}

/// What becomes of the node half-way.
enum Journey<'a> {
    Stays,
    /// It is closed and opened again.
    Reopens(&'a Path),
    /// Another takes over what it dumps.
    MovesOn,
}

impl Journey<'_> {
    fn start(&self) -> Node {
        let folder = match self {
            Self::Reopens(folder) => Some(*folder),
            Self::Stays | Self::MovesOn => None,
        };
        Node::open(config(folder)).unwrap()
    }

    fn go(&self, mut node: Node) -> Node {
        match self {
            Self::Stays => node,
            Self::Reopens(folder) => {
                drop(node);
                Node::open(config(Some(folder))).unwrap()
            }
            Self::MovesOn => {
                let mut dump = Vec::new();
                node.dump(&mut dump).unwrap();
                let mut other = config(None);
                other.network.limits.instructions = 1_000_000;
                let mut other = Node::open(other).unwrap();
                other.advance(1_000).unwrap();
                other.load(&mut dump.as_slice()).unwrap();
                other
            }
        }
    }
}

/// A play in the making.
struct Play {
    world: World,
    chance: StdRng,
    told: Told,
}

impl Play {
    /// Closes a ledger with these transactions, each of another account.
    #[track_caller]
    fn ledger(&mut self, transactions: Vec<localnet::node::Submission>) {
        for transaction in transactions {
            let sent = self.world.node.send(transaction).unwrap();
            assert_eq!(sent, Sent::Pending);
        }
        self.world.node.close(None).unwrap();
        self.told.add(&self.world.node);
    }

    fn advance(&mut self, seconds: u64) {
        self.world.node.advance(seconds).unwrap();
        self.told.add(&self.world.node);
    }

    fn amount(&mut self) -> i64 {
        self.chance.gen_range(1..ONE)
    }
}

fn pay(to: &Keypair, amount: i64) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(to.account_id()),
        asset: Asset::Native,
        amount,
    })
}

fn extend(world: &World, source: &Keypair, key: LedgerKey, extend_to: u32) -> Draft {
    let body = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to,
    });
    Draft::soroban(world, source, body, draft::footprint(&[key], &[]))
}

/// Everything that a node does, with amounts, names and salts from `seed`.
fn play(seed: u64, journey: &Journey<'_>) -> Told {
    let mut play = Play {
        world: World::founded(journey.start()),
        chance: StdRng::seed_from_u64(seed),
        told: Told::default(),
    };
    let dice = Dice::of(&play.world, &play.world.bob.clone(), play.chance.gen());
    young(&mut play, &dice);
    let World {
        node,
        alice,
        bob,
        mallory,
        xlm,
    } = play.world;
    play.world = World {
        node: journey.go(node),
        alice,
        bob,
        mallory,
        xlm,
    };
    old(&mut play, &dice);
    mem::take(&mut play.told)
}

/// Uploads, deploys, calls, fails, bumps, extends.
fn young(play: &mut Play, dice: &Dice) {
    let [alice, bob, mallory] = play.world.keys();
    let (amount, new) = (play.amount(), Keypair::named(&play.amount().to_string()));
    let upload = dice.upload(&play.world, &alice);
    let upload = upload.sign(&play.world, &[&alice]);
    let bodies = vec![pay(&mallory, amount), create(&new, 2 * ONE)];
    let classic = Draft::classic(&play.world, &bob, bodies).sign(&play.world, &[&bob]);
    play.ledger(vec![upload, classic]);

    let deploy = dice.deploy(&play.world, &bob).sign(&play.world, &[&bob]);
    play.ledger(vec![deploy]);

    let kept = dice.keep(&play.world, &alice, 1);
    let kept = kept.sign(&play.world, &[&alice]);
    let too = dice.keep(&play.world, &bob, 2).sign(&play.world, &[&bob]);
    let noted = dice.note(&play.world, &mallory, 3);
    let noted = noted.sign(&play.world, &[&mallory]);
    play.ledger(vec![kept, too, noted]);

    let fee = draft::RESOURCE_FEE + 200;
    let poor = Draft::classic(&play.world, &alice, vec![pay(&bob, 9_000 * ONE)]);
    let poor = poor.sign(&play.world, &[&alice]);
    let weak = dice.keep(&play.world, &bob, 2);
    let weak = weak.with(|data| data.resources.instructions = 50_000);
    let weak = bump::bumped_of(&play.world, &weak, &bob, fee, &[&mallory]);
    play.ledger(vec![poor, weak]);

    let bumped = dice.keep(&play.world, &alice, 4);
    let bumped = bump::bumped_of(&play.world, &bumped, &alice, fee, &[&mallory]);
    let longer = 3_000_000 + u32::try_from(play.amount() % 1_000).unwrap();
    let extended = extend(&play.world, &bob, dice.instance(), longer);
    let extended = extended.sign(&play.world, &[&bob]);
    let (to, amount) = (play.world.xlm.clone(), play.amount());
    let held = draft::transfer(&play.world, &mallory, &to, amount);
    let held = held.sign(&play.world, &[&mallory]);
    play.ledger(vec![bumped, extended, held]);
}

/// All but what was extended expires; it comes back by name and by the call that needs it.
fn old(play: &mut Play, dice: &Dice) {
    let [alice, bob, mallory] = play.world.keys();
    play.advance(LONG);
    let archived = dice.keep(&play.world, &alice, 1);
    play.ledger(vec![archived.sign(&play.world, &[&alice])]);

    let restored = draft::restore(&play.world, &bob, std::slice::from_ref(&dice.code));
    play.ledger(vec![restored.sign(&play.world, &[&bob])]);

    let back = dice.keep(&play.world, &alice, 1).restoring(&[0]);
    let back = back.with(|data| data.resources.disk_read_bytes = 2_000);
    let back = back.sign(&play.world, &[&alice]);
    let new = dice.keep(&play.world, &mallory, 5);
    let new = new.sign(&play.world, &[&mallory]);
    let noted = dice.note(&play.world, &bob, 3).sign(&play.world, &[&bob]);
    play.ledger(vec![back, new, noted]);
    play.ledger(Vec::new());
    play.advance(SHORT);
    play.ledger(Vec::new());
}

#[test]
fn the_same_seed_and_transactions_make_the_same_bytes() {
    let folder = tempdir().unwrap();
    let first = play(1, &Journey::Stays);
    assert_eq!(first.ledgers.len(), 17, "ledgers");
    let succeeded = first.transactions.iter().filter(|told| told.is_success);
    assert_eq!((first.transactions.len(), succeeded.count()), (18, 15));
    let drawn = first.drawn();
    let distinct: BTreeSet<_> = drawn.iter().collect();
    assert_eq!((drawn.len(), distinct.len()), (7, 7), "{drawn:?}");
    // Each with its time to live.
    assert_eq!(first.evicted(), 4);
    assert_eq!(first.restoring(), 2);

    let journeys = [
        ("once more", Journey::Stays),
        ("reopened", Journey::Reopens(folder.path())),
        ("moved on", Journey::MovesOn),
    ];
    for (what, journey) in journeys {
        let again = play(1, &journey);
        assert_eq!(again.hashes(), first.hashes(), "{what}");
        // Too long to be shown.
        assert!(again == first, "{what}: more than the headers");
    }
}

#[test]
fn another_seed_makes_other_bytes() {
    let (one, other) = (play(1, &Journey::Stays), play(2, &Journey::Stays));
    let same = one.hashes().into_iter().zip(other.hashes());
    let same = same.filter(|(one, other)| one == other).count();
    assert_eq!(same, 3, "only the founding is the same");
    let drawn: BTreeSet<_> = one.drawn().into_iter().chain(other.drawn()).collect();
    assert_eq!(drawn.len(), 14, "other numbers are drawn");
}
