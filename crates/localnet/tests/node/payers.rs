//! Who pays for others, as long as there is enough.

use localnet::{
    node::{Pace, Sent},
    xdr::{
        Asset, MuxedAccount, OperationBody, PaymentOp, SetOptionsOp, TransactionResultResult as Tx,
    },
    Keypair, NetworkConfig,
};

use crate::{
    bump::{bumped, bumped_of},
    draft::{self, RESOURCE_FEE},
    Draft, World, ONE,
};

#[test]
fn what_a_payer_offers_for_all_that_waits_adds_up() {
    let mut world = World::new();
    let bob = world.bob.clone();
    let fee = 600 * ONE;
    let first = bumped(&world, &world.transfer(ONE), fee, &[&world.mallory]);
    let draft = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    let second = bumped_of(&world, &draft, &bob, fee, &[&world.mallory]);
    assert_eq!(world.node.send(first).unwrap(), Sent::Pending);
    assert_eq!(world.refusal(second.clone()), Tx::TxInsufficientBalance);
    world.node.close(None).unwrap();
    assert_eq!(
        world.node.send(second).unwrap(),
        Sent::Pending,
        "paid since"
    );
}

#[test]
fn who_cannot_pay_any_more_is_not_let_off() {
    let mut network = NetworkConfig::mainnet();
    network.ledger_limits.transactions = 1;
    let mut world = World::with(network, Pace::Manual);
    let (bob, mallory) = (world.bob.clone(), world.mallory.clone());
    let waiting = bumped(
        &world,
        &world.transfer(ONE),
        RESOURCE_FEE + 200,
        &[&mallory],
    );
    let hash = waiting.hash;
    let mut better = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    better.0.fee += 1_000;
    let away = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(bob.account_id()),
        asset: Asset::Native,
        amount: 998 * ONE,
    });
    let away = Draft::classic(&world, &mallory, vec![away]).sign(&world, &[&mallory]);
    let better = better.sign(&world, &[&bob]);
    for submission in [waiting, better, away] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    assert!(world.node.is_waiting());
    let held = [&world.alice, &mallory].map(|key| world.balance(key));
    assert!(held[1] < RESOURCE_FEE + ONE, "{held:?}");
    world.node.close(None).unwrap();
    assert!(!world.node.is_waiting(), "dropped");
    assert!(world.node.transaction(&hash).unwrap().is_none());
    assert_eq!([&world.alice, &mallory].map(|key| world.balance(key)), held);
}

#[test]
fn who_is_paid_for_needs_nothing_and_who_pays_needs_it_at_any_pace() {
    for pace in [Pace::Manual, Pace::Eager] {
        let mut world = World::with(NetworkConfig::mainnet(), pace);
        let nothing = OperationBody::SetOptions(SetOptionsOp::default());
        let mut draft = Draft::classic(&world, &world.alice, vec![nothing.clone()]);
        let poor = bumped(&world, &draft, 2_000 * ONE, &[&world.mallory]);
        assert_eq!(world.refusal(poor), Tx::TxInsufficientBalance, "{pace:?}");

        // All but the reserve, and what it costs to send it.
        let away = OperationBody::Payment(PaymentOp {
            destination: MuxedAccount::from(world.bob.account_id()),
            asset: Asset::Native,
            amount: world.balance(&world.alice) - ONE - 100,
        });
        let away = Draft::classic(&world, &world.alice, vec![away]);
        world.apply(away.sign(&world, &[&world.alice])).succeeded();
        assert_eq!(world.balance(&world.alice), ONE, "the reserve");
        draft.0.seq_num.0 += 1;
        let own = draft.sign(&world, &[&world.alice]);
        assert_eq!(world.refusal(own), Tx::TxInsufficientBalance, "{pace:?}");
        let paid = bumped(&world, &draft, 200, &[&world.mallory]);
        world.apply(paid).succeeded();
        assert_eq!(world.balance(&world.alice), ONE, "as it was");
    }
}

#[test]
fn of_what_a_payer_offers_no_more_is_taken_than_is_there() {
    let mut network = NetworkConfig::mainnet();
    network.ledger_limits.operations = 4;
    let mut world = World::with(network, Pace::Manual);
    let (bob, mallory) = (world.bob.clone(), world.mallory.clone());
    let away = OperationBody::Payment(PaymentOp {
        destination: MuxedAccount::from(bob.account_id()),
        asset: Asset::Native,
        amount: 170 * ONE,
    });
    let mut away = Draft::classic(&world, &mallory, vec![away; 4]);
    away.0.fee = 4_000_000_000;
    let away = away.sign(&world, &[&mallory]);
    let offered = |source: &Keypair, fee| {
        let nothing = OperationBody::SetOptions(SetOptionsOp::default());
        let draft = Draft::classic(&world, source, vec![nothing]);
        bumped_of(&world, &draft, source, fee, &[&mallory])
    };
    // Mallory has 319 for these once her own is applied.
    let (better, worse) = (offered(&world.alice, 180 * ONE), offered(&bob, 170 * ONE));
    let [own, first, second] = [away.hash, better.hash, worse.hash];
    for submission in [away, worse, better] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    world.outcome(&own).succeeded();
    assert!(world.node.is_waiting());
    world.node.close(None).unwrap();
    world.outcome(&first).succeeded();
    assert!(world.node.transaction(&second).unwrap().is_none());
    assert!(!world.node.is_waiting(), "dropped");
}
