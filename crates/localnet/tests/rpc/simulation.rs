//! Simulations, as clients read them.

use localnet::{
    node::Pace,
    xdr::{
        ContractDataDurability, ExtendFootprintTtlOp, ExtensionPoint, HostFunction,
        InvokeContractArgs, LedgerEntryData, LedgerFootprint, LedgerKey, LedgerKeyContractData,
        Memo, OperationBody, RestoreFootprintOp, ScVal, SorobanCredentials, SorobanResources,
        SorobanTransactionData, SorobanTransactionDataExt, TransactionExt,
    },
    Keypair,
};
use stellar_rpc_client::{
    AuthMode, LedgerEntryChange, ResourceConfig, SimulateTransactionResponse,
};

use crate::{invocation, native_address, native_contract, signed, transaction, transfer, World};

async fn simulate(
    world: &World,
    source: &Keypair,
    body: OperationBody,
    mode: Option<AuthMode>,
) -> SimulateTransactionResponse {
    let envelope = signed(source, transaction(source, 1, body));
    world
        .client
        .simulate_transaction_envelope(&envelope, mode)
        .await
        .unwrap()
}

/// A network with the native asset's contract.
async fn world() -> (World, Keypair, Keypair) {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.invoke(&alice, native_contract()).await;
    (world, alice, bob)
}

#[tokio::test]
async fn a_call_is_simulated_with_all_that_it_needs() {
    let (world, alice, bob) = world().await;
    let call = || invocation(transfer(&alice, &bob, 5));
    let found = simulate(&world, &alice, call(), None).await;
    assert_eq!((found.error.as_deref(), found.latest_ledger), (None, 4));
    let data = found.transaction_data().unwrap();
    assert_eq!(
        u64::try_from(data.resource_fee).unwrap(),
        found.min_resource_fee
    );
    assert_eq!(data.resources.footprint.read_write.len(), 2);
    // Declared with what clients usually allow for.
    let used = u32::try_from(found.cost.cpu_insns).unwrap();
    assert_eq!(data.resources.instructions, used + 50_000);
    let results = found.results().unwrap();
    assert_eq!((results.len(), &results[0].xdr), (1, &ScVal::Void));
    assert_eq!(results[0].auth.len(), 1);
    assert_eq!(
        results[0].auth[0].credentials,
        SorobanCredentials::SourceAccount
    );
    let changes = found.state_changes.unwrap();
    assert_eq!(changes.len(), 2);
    assert!(changes
        .iter()
        .all(|change| matches!(change, LedgerEntryChange::Updated { .. })));
    assert!(!found.events.is_empty());

    let envelope = signed(&alice, transaction(&alice, 1, call()));
    let leeway = Some(ResourceConfig {
        instruction_leeway: 1_000_000,
    });
    let wide = world
        .client
        .next_simulate_transaction_envelope(&envelope, None, leeway);
    let wide = wide.await.unwrap().transaction_data().unwrap();
    assert!(wide.resources.instructions >= 1_000_000 + used - 10_000);
}

#[tokio::test]
async fn another_accounts_call_asks_for_its_signature() {
    let (world, alice, bob) = world().await;
    let found = simulate(&world, &alice, invocation(transfer(&bob, &alice, 5)), None).await;
    let auth = found.results().unwrap().swap_remove(0).auth;
    let SorobanCredentials::Address(credentials) = &auth[0].credentials else {
        panic!("{auth:?}")
    };
    assert_eq!(credentials.address, bob.address());

    // Enforced without a signature it fails, with what the host says.
    let call = invocation(transfer(&bob, &alice, 5));
    let failed = simulate(&world, &alice, call, Some(AuthMode::Enforce)).await;
    let error = failed.error.clone().unwrap();
    assert!(
        error.starts_with("HostError: Error(Auth, InvalidAction)"),
        "{error}"
    );
    assert!(!failed.events().unwrap().is_empty());
    assert!(failed.transaction_data.is_empty());
}

#[tokio::test]
async fn a_contracts_own_error_is_told() {
    let (world, alice, bob) = world().await;
    let call = invocation(transfer(&alice, &bob, i128::from(i64::MAX)));
    let failed = simulate(&world, &alice, call, None).await;
    let error = failed.error.unwrap();
    assert!(
        error.starts_with("HostError: Error(Contract, #10)"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_no_call_is_a_failed_simulation_and_no_error() {
    let (world, alice, bob) = world().await;
    let missing = invocation(HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: localnet::contract_address([9; 32]),
        function_name: "none".try_into().unwrap(),
        args: Default::default(),
    }));
    let failed = simulate(&world, &alice, missing, None).await;
    assert!(failed.error.unwrap().contains("MissingValue"));

    let extend = || {
        OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
            ext: ExtensionPoint::V0,
            extend_to: u32::MAX,
        })
    };
    let failed = simulate(&world, &alice, extend(), None).await;
    assert!(failed
        .error
        .unwrap()
        .contains("SorobanTransactionData must be provided"));

    let mut tx = transaction(&alice, 1, invocation(transfer(&alice, &bob, 1)));
    tx.memo = Memo::Id(1);
    let envelope = signed(&alice, tx);
    let failed = world
        .client
        .simulate_transaction_envelope(&envelope, None)
        .await
        .unwrap();
    assert!(failed.error.unwrap().contains("memo"));

    let mut tx = transaction(&alice, 1, extend());
    tx.ext = declared(&[instance()], &[]);
    let envelope = signed(&alice, tx);
    let failed = world
        .client
        .simulate_transaction_envelope(&envelope, None)
        .await
        .unwrap();
    assert_eq!(
        failed.error.as_deref(),
        Some("extendTo reaches beyond the last ledger")
    );
}

/// The native asset's contract itself.
fn instance() -> LedgerKey {
    LedgerKey::ContractData(LedgerKeyContractData {
        contract: native_address(),
        key: ScVal::LedgerKeyContractInstance,
        durability: ContractDataDurability::Persistent,
    })
}

fn declared(read_only: &[LedgerKey], read_write: &[LedgerKey]) -> TransactionExt {
    TransactionExt::V1(SorobanTransactionData {
        ext: SorobanTransactionDataExt::V0,
        resources: SorobanResources {
            footprint: LedgerFootprint {
                read_only: read_only.to_vec().try_into().unwrap(),
                read_write: read_write.to_vec().try_into().unwrap(),
            },
            instructions: 0,
            disk_read_bytes: 0,
            write_bytes: 0,
        },
        resource_fee: 0,
    })
}

#[tokio::test]
async fn archived_entries_are_restored_by_the_call_or_before_it() {
    let (world, alice, bob) = world().await;
    // Past the end of the contract's instance.
    world.control("/advance", r#"{"seconds":15552000}"#);
    let found = world
        .client
        .get_full_ledger_entries(&[instance()])
        .await
        .unwrap();
    assert_eq!(found.entries[0].live_until_ledger_seq, Some(0));
    assert!(matches!(
        found.entries[0].val,
        LedgerEntryData::ContractData(_)
    ));

    let found = simulate(&world, &alice, invocation(transfer(&alice, &bob, 5)), None).await;
    assert_eq!(found.error, None);
    let SorobanTransactionDataExt::V1(ext) = found.transaction_data().unwrap().ext else {
        panic!("nothing is restored")
    };
    assert_eq!(ext.archived_soroban_entries.len(), 1);
    assert!(found.restore_preamble.is_none());

    let restore = OperationBody::RestoreFootprint(RestoreFootprintOp {
        ext: ExtensionPoint::V0,
    });
    let mut tx = transaction(&alice, 1, restore);
    tx.ext = declared(&[], &[instance()]);
    let envelope = signed(&alice, tx);
    let found = world
        .client
        .simulate_transaction_envelope(&envelope, None)
        .await
        .unwrap();
    assert_eq!(found.error, None);
    assert!(found.min_resource_fee > 0);

    let extend = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to: 3_000_000,
    });
    let mut tx = transaction(&alice, 1, extend);
    tx.ext = declared(&[instance()], &[]);
    let envelope = signed(&alice, tx);
    let found = world
        .client
        .simulate_transaction_envelope(&envelope, None)
        .await
        .unwrap();
    assert_eq!(found.error, None);
    let restored = found.restore_preamble.unwrap();
    assert!(restored.min_resource_fee > 0 && !restored.transaction_data.is_empty());
}
