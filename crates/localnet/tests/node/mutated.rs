//! Transactions that are signed, and no longer what anybody meant: whatever they are, they are applied or refused.

use localnet::{
    node::{Pace, Sent, Submission},
    xdr::{
        Asset, ChangeTrustAsset, ChangeTrustOp, ExtendFootprintTtlOp, ExtensionPoint, Limits,
        MuxedAccount, OperationBody, PaymentOp, ReadXdr, RestoreFootprintOp, SetOptionsOp,
        Transaction, TransactionResultResult, WriteXdr,
    },
    NetworkConfig,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::{draft, Draft, World, ONE};

/// One transaction of Alice of every kind.
fn kinds(world: &World) -> Vec<Draft> {
    let alice = &world.alice;
    let instance = [draft::instance_key(&world.xlm)];
    let classic = vec![
        OperationBody::Payment(PaymentOp {
            destination: MuxedAccount::from(world.bob.account_id()),
            asset: Asset::Native,
            amount: 7,
        }),
        OperationBody::ChangeTrust(ChangeTrustOp {
            line: match localnet::asset("USD", &world.bob.account_id()).unwrap() {
                Asset::CreditAlphanum4(asset) => ChangeTrustAsset::CreditAlphanum4(asset),
                other => panic!("{other:?}"),
            },
            limit: ONE,
        }),
        OperationBody::SetOptions(SetOptionsOp {
            set_flags: Some(1),
            ..SetOptionsOp::default()
        }),
    ];
    let extend = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
        ext: ExtensionPoint::V0,
        extend_to: 2_073_700,
    });
    let restore = OperationBody::RestoreFootprint(RestoreFootprintOp {
        ext: ExtensionPoint::V0,
    });
    let read = draft::footprint(&instance, &[]);
    let written = draft::footprint(&[], &instance);
    vec![
        Draft::classic(world, alice, classic),
        world.transfer(3),
        world.transfer(3).restoring(&[0]),
        draft::transfer(world, alice, &world.xlm, 3),
        Draft::soroban(world, alice, extend, read),
        Draft::soroban(world, alice, restore, written),
        draft::deploy_native(world).0,
    ]
}

/// Other bytes at some places; `None` when that is no transaction any more.
fn mutated(draft: &Draft, bytes: &[(usize, u8)]) -> Option<Draft> {
    let mut encoded = draft.0.to_xdr(Limits::none()).unwrap();
    for (place, byte) in bytes {
        let place = place % encoded.len();
        encoded[place] = *byte;
    }
    let limits = Limits {
        depth: 500,
        len: encoded.len(),
    };
    let mut transaction = Transaction::from_xdr(&encoded, limits).ok()?;
    // So that it comes as far as it can.
    transaction.source_account = draft.0.source_account.clone();
    transaction.seq_num = draft.0.seq_num.clone();
    Some(Draft(transaction))
}

/// Answers whether it was applied.
fn send(world: &mut World, submission: Submission) -> bool {
    let hash = submission.hash;
    match world.node.send(submission).unwrap() {
        Sent::Pending => {
            let result = world.outcome(&hash).result.result;
            assert_ne!(result, TransactionResultResult::TxInternalError);
            true
        }
        Sent::Error(_) | Sent::TryAgainLater | Sent::Duplicate => false,
    }
}

fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        any::<u8>(),
        Just(0),
        Just(1),
        Just(0x7f),
        Just(0x80),
        Just(0xff)
    ]
}

#[test]
fn whatever_is_signed_is_applied_or_refused() {
    let run = || {
        let world = World::with(NetworkConfig::mainnet(), Pace::Eager);
        let world = std::cell::RefCell::new((world, 0, 0));
        let config = Config::with_cases(6_000);
        let places = prop::collection::vec((any::<usize>(), byte()), 1..4);
        let tried = TestRunner::new(config).run(&(0..7_usize, places), |(kind, places)| {
            let (world, sent, applied) = &mut *world.borrow_mut();
            let draft = mutated(&kinds(world)[kind], &places);
            if let Some(draft) = draft {
                let alice = world.alice.clone();
                let submission = draft.sign(world, &[&alice]);
                *applied += u32::from(send(world, submission));
                *sent += 1;
                if *sent % 100 == 0 {
                    world.node.close(None).unwrap();
                }
            }
            Ok(())
        });
        tried.unwrap();
        let (mut world, sent, applied) = world.into_inner();
        assert!(sent > 2_000 && applied > 400, "{applied} of {sent}");
        world.node.close(None).unwrap();
        let alice = world.alice.clone();
        let sound = world.transfer(ONE).sign(&world, &[&alice]);
        assert!(send(&mut world, sound), "it goes on");
    };
    // The host's own depth needs more than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    thread.spawn(run).unwrap().join().unwrap();
}
