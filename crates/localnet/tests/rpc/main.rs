//! The RPC front, asked by an official client over HTTP, by hand, and by nonsense.

#![allow(clippy::unwrap_used, clippy::panic)] // the fixtures below are tests, too

mod bounds;
mod control;
#[path = "../fixtures/envelope.rs"]
mod envelope;
mod events;
mod friendbot;
mod hostile;
mod http;
mod life;
mod malformed;
mod memory;
#[path = "../fixtures/module.rs"]
mod module;
mod refusals;
mod shapes;
mod signatures;
mod simulation;
mod storing;
mod transactions;

use localnet::{
    node::{NodeConfig, Pace},
    rpc::{serve, Running, ServerConfig},
    xdr::{
        ContractIdPreimage, CreateContractArgs, Hash, HostFunction, InvokeContractArgs,
        InvokeHostFunctionOp, Memo, Operation, OperationBody, Preconditions, ScVal, SequenceNumber,
        SorobanTransactionData, Transaction, TransactionEnvelope, TransactionExt,
    },
    Keypair, NetworkConfig, STANDALONE,
};
use stellar_rpc_client::Client;

/// When the ledger starts, Unix seconds.
pub const START: u64 = 1_767_225_600;
/// What friendbot gives, stroops.
pub const FUNDS: i64 = 100_000_000_000;

/// A node in memory, from ledger 1 on.
pub(crate) fn node(pace: Pace) -> NodeConfig {
    let mut network = NetworkConfig::mainnet();
    network.passphrase = STANDALONE.into();
    network.start_sequence = 1;
    network.start_time = START;
    NodeConfig::in_memory(network, pace)
}

/// A server whose ledgers close by hand, and a client of it.
pub(crate) struct World {
    pub running: Running,
    pub client: Client,
}

impl World {
    pub(crate) fn new(pace: Pace) -> Self {
        let running = serve(ServerConfig::local(node(pace))).unwrap();
        let client = Client::new(&running.rpc_url).unwrap();
        Self { running, client }
    }

    pub(crate) fn control(&self, path: &str, params: &str) -> serde_json::Value {
        let url = self.running.control_url.as_ref().unwrap();
        let (status, body) = http::post(&format!("{url}{path}"), params);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// A funded account.
    pub(crate) async fn account(&self, name: &str) -> Keypair {
        let key = Keypair::named(name);
        let url = format!(
            "{}/friendbot?addr={}",
            self.running.rpc_url,
            key.account_id()
        );
        let (status, body) = tokio::task::spawn_blocking(move || http::get(&url))
            .await
            .unwrap();
        assert_eq!(status, 200, "{body}");
        key
    }

    /// The next sequence number of `key`'s account.
    pub(crate) async fn next_sequence(&self, key: &Keypair) -> i64 {
        let account = self.client.get_account(&key.account_id().to_string()).await;
        account.unwrap().seq_num.0 + 1
    }

    /// `source`'s call of `function`, with the resources of its simulation.
    pub(crate) async fn prepared(&self, source: &Keypair, function: HostFunction) -> Transaction {
        let sequence = self.next_sequence(source).await;
        let mut tx = transaction(source, sequence, invocation(function));
        let envelope = signed(source, tx.clone());
        let simulated = self
            .client
            .simulate_transaction_envelope(&envelope, None)
            .await
            .unwrap();
        assert_eq!(simulated.error, None);
        prepare(&mut tx, &simulated);
        tx
    }

    /// Sends `source`'s call of `function` and closes the ledger.
    pub(crate) async fn invoke(&self, source: &Keypair, function: HostFunction) -> Hash {
        let tx = self.prepared(source, function).await;
        let sent = self.client.send_transaction(&signed(source, tx)).await;
        self.control("/close", "{}");
        sent.unwrap()
    }
}

/// Takes over what a simulation found out.
pub(crate) fn prepare(
    tx: &mut Transaction,
    simulated: &stellar_rpc_client::SimulateTransactionResponse,
) {
    let data: SorobanTransactionData = simulated.transaction_data().unwrap();
    tx.fee = u32::try_from(simulated.min_resource_fee).unwrap() + 100;
    tx.ext = TransactionExt::V1(data);
    let auth = simulated.results().unwrap().swap_remove(0).auth;
    let mut operations = tx.operations.to_vec();
    let OperationBody::InvokeHostFunction(operation) = &mut operations[0].body else {
        panic!("no invocation")
    };
    operation.auth = auth.try_into().unwrap();
    tx.operations = operations.try_into().unwrap();
}

pub(crate) fn invocation(host_function: HostFunction) -> OperationBody {
    OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
        host_function,
        auth: Default::default(),
    })
}

pub(crate) fn transaction(source: &Keypair, sequence: i64, body: OperationBody) -> Transaction {
    Transaction {
        source_account: source.account_id().into(),
        fee: 1_000,
        seq_num: SequenceNumber(sequence),
        cond: Preconditions::None,
        memo: Memo::None,
        operations: vec![Operation {
            source_account: None,
            body,
        }]
        .try_into()
        .unwrap(),
        ext: TransactionExt::V0,
    }
}

pub(crate) fn signed(source: &Keypair, tx: Transaction) -> TransactionEnvelope {
    let network_id = node(Pace::Manual).network.network_id();
    TransactionEnvelope::Tx(envelope::signed(tx, &[source], network_id))
}

/// The function that deploys the native asset's contract.
pub(crate) fn native_contract() -> HostFunction {
    HostFunction::CreateContract(CreateContractArgs {
        contract_id_preimage: ContractIdPreimage::Asset(localnet::xdr::Asset::Native),
        executable: localnet::xdr::ContractExecutable::StellarAsset,
    })
}

/// A transfer of the native asset, in stroops.
pub(crate) fn transfer(from: &Keypair, to: &Keypair, amount: i128) -> HostFunction {
    let values = [
        ScVal::Address(from.address()),
        ScVal::Address(to.address()),
        ScVal::from(amount),
    ];
    HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: native_address(),
        function_name: "transfer".try_into().unwrap(),
        args: values.to_vec().try_into().unwrap(),
    })
}

/// The native asset's contract.
pub(crate) fn native_address() -> localnet::xdr::ScAddress {
    let preimage = ContractIdPreimage::Asset(localnet::xdr::Asset::Native);
    wire::created_address(node(Pace::Manual).network.network_id(), &preimage).unwrap()
}
