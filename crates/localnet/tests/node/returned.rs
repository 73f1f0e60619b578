//! Code that comes back, on a node that ran all the time and on one that was opened again meanwhile.

use std::{mem, path::Path};

use localnet::{
    node::{Node, NodeConfig, Pace, Sent},
    xdr::{
        InvokeHostFunctionResult as Code, OperationResult, OperationResultTr,
        TransactionResultResult as Tx,
    },
    Keypair, NetworkConfig,
};
use tempfile::tempdir;

use crate::{coded::Coded, draft, module, Outcome, World};

/// Seconds after which what was stored for good is archived.
const LONG: u64 = 5 * 2_073_700;

fn config(folder: Option<&Path>) -> NodeConfig {
    NodeConfig {
        folder: folder.map(Into::into),
        ..NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual)
    }
}

/// `noop` of `contract`, with so many instructions.
fn noop(
    world: &World,
    contract: &Coded,
    source: &Keypair,
    instructions: u32,
) -> localnet::node::Submission {
    let call = contract.call(world, source, "noop", Vec::new(), &[]);
    let call = call.with(|data| data.resources.instructions = instructions);
    call.sign(world, &[source])
}

fn invoked(outcome: &Outcome) -> Option<Code> {
    let (Tx::TxSuccess(results) | Tx::TxFailed(results)) = &outcome.result.result else {
        return None;
    };
    match results.first()? {
        OperationResult::OpInner(OperationResultTr::InvokeHostFunction(code)) => Some(code.clone()),
        _ => None,
    }
}

/// The fewest instructions with which a call succeeds whose code is parsed already.
fn least(world: &mut World, contract: &Coded) -> u32 {
    let bob = world.bob.clone();
    let (mut few, mut enough) = (0, 5_000_000);
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        let outcome = world.apply(noop(world, contract, &bob, middle));
        match invoked(&outcome) {
            Some(Code::Success(_)) => enough = middle,
            Some(Code::ResourceLimitExceeded) => few = middle,
            other => panic!("{other:?}"),
        }
    }
    enough
}

/// A contract whose code is archived, on a node that was opened again since or not, and the fewest instructions that its
/// calls took before.
fn archived(folder: &Path, is_reopened: bool) -> (World, Coded, u32) {
    let mut world = World::founded(Node::open(config(Some(folder))).unwrap());
    let contract = Coded::founded(&mut world, module::module(0));
    let least = least(&mut world, &contract);
    world.node.advance(LONG).unwrap();
    let bob = world.bob.clone();
    let instance = draft::restore(&world, &bob, &[contract.instance()]);
    world.apply(instance.sign(&world, &[&bob])).succeeded();
    if is_reopened {
        drop(mem::replace(
            &mut world.node,
            Node::open(config(None)).unwrap(),
        ));
        world.node = Node::open(config(Some(folder))).unwrap();
    }
    (world, contract, least)
}

/// What becomes of a call in the ledger that restores its code just before, and in the next.
fn called(is_reopened: bool) -> [Option<Code>; 2] {
    let folder = tempdir().unwrap();
    let (mut world, contract, least) = archived(folder.path(), is_reopened);
    let [alice, bob, _] = world.keys();
    let mut restore = draft::restore(&world, &bob, std::slice::from_ref(&contract.code));
    restore.0.fee += 100;
    let restore = restore.sign(&world, &[&bob]);
    let call = noop(&world, &contract, &alice, least);
    let (restored, hash) = (restore.hash, call.hash);
    for submission in [call, restore] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    world.outcome(&restored).succeeded();
    let first = invoked(&world.outcome(&hash));
    let again = noop(&world, &contract, &alice, least);
    [first, invoked(&world.apply(again))]
}

#[test]
fn code_that_comes_back_is_parsed_anew_whatever_the_node_had() {
    let (running, reopened) = (called(false), called(true));
    assert_eq!(running, reopened);
    let [first, next] = running;
    assert_eq!(first, Some(Code::ResourceLimitExceeded), "it is parsed");
    assert!(
        matches!(next, Some(Code::Success(_))),
        "from then on it is there"
    );
}

/// What becomes of a call that restores its code itself, with as many instructions as sufficed before and with more.
fn restoring(is_reopened: bool) -> [Option<Code>; 2] {
    let folder = tempdir().unwrap();
    let (mut world, contract, least) = archived(folder.path(), is_reopened);
    [least + 100_000, 50_000_000].map(|instructions| {
        let call = contract.call(&world, &world.alice, "noop", Vec::new(), &[]);
        let code = std::slice::from_ref(&contract.code);
        let call = call.restoring(&[0]).with(|data| {
            data.resources.footprint = draft::footprint(&[contract.instance()], code);
            data.resources.instructions = instructions;
        });
        let outcome = world.apply(call.sign(&world, &[&world.alice]));
        invoked(&outcome)
    })
}

#[test]
fn code_is_parsed_by_the_call_that_restores_it_whatever_the_node_had() {
    let (running, reopened) = (restoring(false), restoring(true));
    assert_eq!(running, reopened);
    let [few, many] = running;
    assert_eq!(few, Some(Code::ResourceLimitExceeded), "it is parsed");
    assert!(matches!(many, Some(Code::Success(_))), "{many:?}");
}
