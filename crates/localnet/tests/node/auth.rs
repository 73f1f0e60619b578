//! Authorisations that others than the transaction's source sign.

use localnet::{
    sign_entry,
    xdr::{
        ContractDataDurability, HostFunction, InvokeHostFunctionResult, LedgerKey,
        LedgerKeyContractData, OperationResult, OperationResultTr, Preconditions, PreconditionsV2,
        ScNonceKey, ScVal, SequenceNumber, SignerKey, SorobanAddressCredentials,
        SorobanAuthorizationEntry, SorobanAuthorizedFunction, SorobanCredentials,
        TransactionResultResult as Tx, Uint256,
    },
    Keypair,
};

use crate::{draft, Draft, Outcome, World, ONE};

const NONCE: i64 = 77;

/// Alice's transfer to Bob, sent by Mallory, with an authorisation that `signer` signs for Alice.
fn relayed(world: &World, signer: &Keypair, expiration: u32) -> Draft {
    let args = vec![
        ScVal::Address(world.alice.address()),
        ScVal::Address(world.bob.address()),
        ScVal::from(i128::from(ONE)),
    ];
    let call = draft::call(&world.xlm, "transfer", args);
    let mut entry = draft::by_source(SorobanAuthorizedFunction::ContractFn(call.clone()));
    address(&mut entry, signer);
    let network_id = world.node.network().network_id();
    sign_entry(&mut entry, signer, network_id, expiration).unwrap();
    if let SorobanCredentials::Address(credentials) = &mut entry.credentials {
        credentials.address = world.alice.address();
    }
    let nonce = LedgerKey::ContractData(LedgerKeyContractData {
        contract: world.alice.address(),
        key: ScVal::LedgerKeyNonce(ScNonceKey { nonce: NONCE }),
        durability: ContractDataDurability::Temporary,
    });
    let accounts = [&world.alice, &world.bob].map(draft::account_key);
    let written = [accounts.to_vec(), vec![nonce]].concat();
    let footprint = draft::footprint(&[draft::instance_key(&world.xlm)], &written);
    let body = draft::invocation(HostFunction::InvokeContract(call), vec![entry]);
    Draft::soroban(world, &world.mallory, body, footprint)
}

fn address(entry: &mut SorobanAuthorizationEntry, signer: &Keypair) {
    entry.credentials = SorobanCredentials::Address(SorobanAddressCredentials {
        address: signer.address(),
        nonce: NONCE,
        signature_expiration_ledger: 0,
        signature: ScVal::Void,
    });
}

fn send(world: &mut World, draft: &Draft) -> Outcome {
    let mallory = world.mallory.clone();
    let submission = draft.sign(world, &[&mallory]);
    world.apply(submission)
}

#[track_caller]
fn assert_trapped(outcome: &Outcome) {
    let result = OperationResultTr::InvokeHostFunction(InvokeHostFunctionResult::Trapped);
    let results = vec![OperationResult::OpInner(result)];
    assert_eq!(
        outcome.result.result,
        Tx::TxFailed(results.try_into().unwrap())
    );
}

#[test]
fn an_authorisation_works_once_for_whom_it_is_from() {
    let mut world = World::new();
    let (bob, last) = (
        world.balance(&world.bob),
        world.node.latest().sequence + 100,
    );
    let forged = relayed(&world, &world.mallory, last);
    assert_trapped(&send(&mut world, &forged));
    let expired = relayed(&world, &world.alice, world.node.latest().sequence);
    assert_trapped(&send(&mut world, &expired));
    assert_eq!(world.balance(&world.bob), bob, "nothing moved");

    let signed = relayed(&world, &world.alice, last);
    send(&mut world, &signed).succeeded();
    assert_eq!(world.balance(&world.bob), bob + ONE, "moved");
    let mut again = signed;
    again.0.seq_num = SequenceNumber(again.0.seq_num.0 + 1);
    assert_trapped(&send(&mut world, &again));
    assert_eq!(world.balance(&world.bob), bob + ONE, "once");
    world.assert_conserved();
}

#[test]
fn a_signer_that_is_asked_for_has_to_sign() {
    let mut world = World::new();
    let mut draft = world.transfer(ONE);
    let bob = SignerKey::Ed25519(Uint256(world.bob.public_key()));
    draft.0.cond = Preconditions::V2(PreconditionsV2 {
        extra_signers: vec![bob].try_into().unwrap(),
        ..PreconditionsV2::default()
    });
    let (alice, bob) = (world.alice.clone(), world.bob.clone());
    assert_eq!(world.refusal(draft.sign(&world, &[&alice])), Tx::TxBadAuth);
    world.apply(draft.sign(&world, &[&alice, &bob])).succeeded();
}

#[test]
fn a_sequence_number_may_skip_others_if_it_says_from_where() {
    let mut world = World::new();
    let mut draft = world.transfer(ONE);
    let current = draft.0.seq_num.0 - 1;
    draft.0.seq_num.0 += 10;
    let from = |least| {
        Preconditions::V2(PreconditionsV2 {
            min_seq_num: Some(SequenceNumber(least)),
            ..PreconditionsV2::default()
        })
    };
    // No account's first number is used.
    let open = i64::from(world.node.info().sequence_number);
    let mut first = draft.clone();
    (first.0.seq_num.0, first.0.cond) = (open << 32, from(current));
    let refused = world.refusal(first.sign(&world, &[&world.alice]));
    assert_eq!(refused, Tx::TxBadSeq, "where new accounts start");
    draft.0.cond = from(current + 1);
    let refused = world.refusal(draft.sign(&world, &[&world.alice]));
    assert_eq!(refused, Tx::TxBadSeq, "not yet there");
    draft.0.cond = from(current);
    world.apply(draft.sign(&world, &[&world.alice])).succeeded();
    let moved = world.account(&world.alice.account_id()).seq_num.0;
    assert_eq!(moved, current + 11, "where it is now");
}
