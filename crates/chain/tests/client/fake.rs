//! A server that behaves like a network of one account, until it is told to lie.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
    Json, Router,
};
use chain::{Client, Clock, Fees, Network, Patience, Settings, Timing};
use serde_json::{json, Value};
use wire::{
    xdr::{
        AccountEntry, FeeBumpTransactionInnerTx, InnerTransactionResult, InnerTransactionResultExt,
        InnerTransactionResultPair, InnerTransactionResultResult, InvokeHostFunctionResult,
        LedgerEntryData, LedgerFootprint, LedgerKey, Limits, OperationBody, OperationResult,
        OperationResultTr, PaymentResult, ReadXdr, RestoreFootprintResult, SequenceNumber,
        SorobanResources, SorobanTransactionData, SorobanTransactionDataExt, Thresholds,
        Transaction, TransactionEnvelope, TransactionResult, TransactionResultExt,
        TransactionResultResult, WriteXdr,
    },
    Keypair,
};

pub const PASSPHRASE: &str = "a network that does not exist";

/// What the server answers.
pub enum Reply {
    Result(Value),
    Error(i32, &'static str),
    Status(u16),
    Raw(String),
}

/// Answers instead of the network, where it wants to.
pub type Lie = Box<dyn FnMut(&mut World, &str, &Value) -> Option<Reply> + Send>;

/// When what was sent is applied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    AtOnce,
    OnlyFeeBumps,
    Never,
}

pub struct World {
    pub sequence: i64,
    pub closed_at: u64,
    pub applies: Applies,
    /// What transactions of contracts end with.
    pub is_failing: bool,
    /// Everything that was sent, refused ones too.
    pub sent: Vec<TransactionEnvelope>,
    /// How often each method was asked.
    pub asked: BTreeMap<String, u32>,
    applied: BTreeMap<String, (TransactionEnvelope, TransactionResult)>,
    lie: Option<Lie>,
}

#[derive(Clone)]
pub struct Fake {
    world: Arc<Mutex<World>>,
    pub url: String,
}

impl Fake {
    pub async fn start() -> Self {
        let world = Arc::new(Mutex::new(World {
            sequence: 70,
            closed_at: 1_000,
            applies: Applies::AtOnce,
            is_failing: false,
            sent: Vec::new(),
            asked: BTreeMap::new(),
            applied: BTreeMap::new(),
            lie: None,
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/", post(answer))
            .with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { world, url }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Lies from now on.
    pub fn lie(&self, lie: impl FnMut(&mut World, &str, &Value) -> Option<Reply> + Send + 'static) {
        self.world().lie = Some(Box::new(lie));
    }

    /// Answers one method with the same always.
    pub fn always(&self, method: &'static str, result: Value) {
        self.lie(move |_, asked, _| (asked == method).then(|| Reply::Result(result.clone())));
    }

    pub fn network(&self) -> Network {
        Network {
            passphrase: PASSPHRASE.into(),
            url: self.url.clone(),
            clock: Clock::Ledger,
        }
    }

    pub async fn client(&self) -> Client {
        Client::connect(self.network(), settings()).await.unwrap()
    }

    pub fn asked(&self, method: &str) -> u32 {
        self.world().asked.get(method).copied().unwrap_or(0)
    }
}

/// Fast ones.
pub fn settings() -> Settings {
    Settings {
        fees: Fees::default(),
        timing: Timing {
            lifetime: Duration::from_millis(300),
            raise_after: Duration::from_millis(100),
            poll: Duration::from_millis(5),
            longest_poll: Duration::from_millis(20),
            grace: Duration::from_millis(100),
        },
        patience: Patience {
            answer: Duration::from_millis(500),
            attempts: 3,
            pause: Duration::from_millis(1),
            longest_pause: Duration::from_millis(5),
        },
    }
}

pub fn alice() -> Keypair {
    Keypair::named("alice")
}

async fn answer(State(world): State<Arc<Mutex<World>>>, Json(request): Json<Value>) -> Response {
    let id = request["id"].clone();
    let method = request["method"].as_str().unwrap().to_owned();
    let reply = {
        let mut world = world.lock().unwrap();
        *world.asked.entry(method.clone()).or_default() += 1;
        let lie = world.lie.take();
        let lied = lie.and_then(|mut lie| {
            let lied = lie(&mut world, &method, &request["params"]);
            world.lie.get_or_insert(lie);
            lied
        });
        lied.unwrap_or_else(|| Reply::Result(world.honest(&method, &request["params"])))
    };
    match reply {
        Reply::Result(result) => {
            Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response()
        }
        Reply::Error(code, message) => {
            let error = json!({ "code": code, "message": message });
            Json(json!({ "jsonrpc": "2.0", "id": id, "error": error })).into_response()
        }
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Raw(text) => text.into_response(),
    }
}

pub fn encode(value: &impl WriteXdr) -> String {
    value.to_xdr_base64(Limits::none()).unwrap()
}

/// The keys that `getLedgerEntries` is asked for.
pub fn asked_keys(params: &Value) -> Vec<LedgerKey> {
    let keys = params["keys"].as_array().unwrap().iter();
    keys.map(|key| decode(key.as_str().unwrap())).collect()
}

/// The answer of `getLedgerEntries` that has `entries`.
pub fn told_entries(entries: impl Iterator<Item = LedgerEntryData>) -> Value {
    let entries = entries.map(|data| {
        let key = encode(&data.to_key());
        json!({ "key": key, "xdr": encode(&data), "lastModifiedLedgerSeq": 3 })
    });
    json!({ "entries": entries.collect::<Vec<_>>(), "latestLedger": 9 })
}

pub fn decode<T: ReadXdr>(text: &str) -> T {
    T::from_xdr_base64(text, Limits::none()).unwrap()
}

pub fn network_id() -> [u8; 32] {
    wire::network_id(PASSPHRASE)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether what became of no transaction is asked: which ledgers there are.
pub fn is_about_ledgers(params: &Value) -> bool {
    params["hash"] == hex(&[0; 32])
}

/// The transaction, without the fee bump around it.
pub fn inner(envelope: &TransactionEnvelope) -> Transaction {
    match envelope {
        TransactionEnvelope::Tx(envelope) => envelope.tx.clone(),
        TransactionEnvelope::TxFeeBump(bump) => {
            let FeeBumpTransactionInnerTx::Tx(inner) = &bump.tx.inner_tx;
            inner.tx.clone()
        }
        TransactionEnvelope::TxV0(_) => panic!("an old envelope"),
    }
}

/// What simulations find: one instruction, the fee given.
pub fn data(fee: i64, instructions: u32) -> SorobanTransactionData {
    SorobanTransactionData {
        ext: SorobanTransactionDataExt::V0,
        resources: SorobanResources {
            footprint: LedgerFootprint {
                read_only: Vec::new().try_into().unwrap(),
                read_write: Vec::new().try_into().unwrap(),
            },
            instructions,
            disk_read_bytes: 0,
            write_bytes: 0,
        },
        resource_fee: fee,
    }
}

impl World {
    pub fn honest(&mut self, method: &str, params: &Value) -> Value {
        match method {
            "getNetwork" => json!({ "passphrase": PASSPHRASE, "protocolVersion": 28 }),
            "getLedgerEntries" => self.entries(params),
            "simulateTransaction" => json!({
                "transactionData": encode(&data(1_000, 1)),
                "minResourceFee": "1000",
                "results": [{ "auth": [], "xdr": "AAAAAwAAAAc=" }],
                "latestLedger": 9,
            }),
            "sendTransaction" => self.send(params),
            "getTransaction" => self.look(params["hash"].as_str().unwrap()),
            _ => panic!("{method} is not among the fake's"),
        }
    }

    fn entries(&self, params: &Value) -> Value {
        let accounts = asked_keys(params).into_iter().filter_map(|key| {
            let LedgerKey::Account(account) = key else {
                return None;
            };
            Some(LedgerEntryData::Account(AccountEntry {
                account_id: account.account_id,
                balance: 100,
                seq_num: SequenceNumber(self.sequence),
                thresholds: Thresholds([1, 0, 0, 0]),
                ..Default::default()
            }))
        });
        told_entries(accounts)
    }

    /// Takes a transaction as the network does.
    pub fn send(&mut self, params: &Value) -> Value {
        let envelope: TransactionEnvelope = decode(params["transaction"].as_str().unwrap());
        self.sent.push(envelope.clone());
        let is_bump = matches!(envelope, TransactionEnvelope::TxFeeBump(_));
        let transaction = inner(&envelope);
        let hash = hex(&envelope.hash(network_id()).unwrap());
        if transaction.seq_num.0 != self.sequence + 1 {
            return said(&hash, "ERROR", Some(TransactionResultResult::TxBadSeq));
        }
        let applies = match self.applies {
            Applies::AtOnce => true,
            Applies::OnlyFeeBumps => is_bump,
            Applies::Never => false,
        };
        if applies {
            self.sequence += 1;
            let result = result(&envelope, self.is_failing);
            let inner_hash = hex(&transaction.hash(network_id()).unwrap());
            self.applied
                .insert(inner_hash, (envelope.clone(), result.clone()));
            self.applied.insert(hash.clone(), (envelope, result));
        }
        said(&hash, "PENDING", None)
    }

    fn look(&self, hash: &str) -> Value {
        let ledgers = json!({
            "latestLedger": 9, "latestLedgerCloseTime": self.closed_at.to_string(),
            "oldestLedger": 1, "oldestLedgerCloseTime": "5",
        });
        let mut answer = ledgers;
        let Some((envelope, result)) = self.applied.get(hash) else {
            answer["status"] = json!("NOT_FOUND");
            return answer;
        };
        answer["status"] = json!(if self.is_failing { "FAILED" } else { "SUCCESS" });
        answer["ledger"] = json!(9);
        answer["envelopeXdr"] = json!(encode(envelope));
        answer["resultXdr"] = json!(encode(result));
        answer
    }
}

pub fn said(hash: &str, status: &str, error: Option<TransactionResultResult>) -> Value {
    let mut answer = json!({
        "hash": hash, "status": status, "latestLedger": 9, "latestLedgerCloseTime": "1000",
    });
    if let Some(error) = error {
        answer["errorResultXdr"] = json!(encode(&TransactionResult {
            fee_charged: 0,
            result: error,
            ext: TransactionResultExt::V0,
        }));
    }
    answer
}

fn result(envelope: &TransactionEnvelope, is_failing: bool) -> TransactionResult {
    let transaction = inner(envelope);
    let operation = OperationResult::OpInner(match transaction.operations[0].body {
        OperationBody::Payment(_) => OperationResultTr::Payment(PaymentResult::Success),
        OperationBody::RestoreFootprint(_) => {
            OperationResultTr::RestoreFootprint(RestoreFootprintResult::Success)
        }
        _ => OperationResultTr::InvokeHostFunction(if is_failing {
            InvokeHostFunctionResult::Trapped
        } else {
            InvokeHostFunctionResult::Success(Default::default())
        }),
    });
    let operations: wire::xdr::VecM<_> = vec![operation].try_into().unwrap();
    let result = match (envelope, is_failing) {
        (TransactionEnvelope::TxFeeBump(_), false) => {
            TransactionResultResult::TxFeeBumpInnerSuccess(InnerTransactionResultPair {
                transaction_hash: wire::xdr::Hash(transaction.hash(network_id()).unwrap()),
                result: InnerTransactionResult {
                    fee_charged: 0,
                    result: InnerTransactionResultResult::TxSuccess(operations),
                    ext: InnerTransactionResultExt::V0,
                },
            })
        }
        (_, false) => TransactionResultResult::TxSuccess(operations),
        (_, true) => TransactionResultResult::TxFailed(operations),
    };
    TransactionResult {
        fee_charged: 777,
        result,
        ext: TransactionResultExt::V0,
    }
}
