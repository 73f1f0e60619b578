use entries::{TTL_EXTENDED, TTL_THRESHOLD};
use soroban_sdk::testutils::storage::{Instance as _, Persistent as _};
use soroban_sdk::testutils::Ledger as _;

use super::{World, UNIT};
use crate::storage::DataKey;

#[test]
fn whoever_writes_the_books_keeps_vault_and_books_alive_for_180_days() {
    let world = World::new();
    let lifetimes = || {
        world.env.as_contract(&world.vault.address, || {
            let storage = world.env.storage();
            (
                storage.persistent().get_ttl(&DataKey::Books),
                storage.instance().get_ttl(),
            )
        })
    };
    let lender = world.funded(2 * UNIT);
    world.deposit(&lender, UNIT);
    assert_eq!(lifetimes(), (TTL_EXTENDED, TTL_EXTENDED), "written");
    let elapsed = TTL_EXTENDED - TTL_THRESHOLD;
    world
        .env
        .ledger()
        .set_sequence_number(world.env.ledger().sequence() + elapsed);
    assert_eq!(lifetimes(), (TTL_THRESHOLD, TTL_THRESHOLD), "60 days later");
    world
        .env
        .ledger()
        .set_sequence_number(world.env.ledger().sequence() + 1);
    world.settle();
    assert_eq!(
        lifetimes(),
        (TTL_EXTENDED, TTL_EXTENDED),
        "extended under 120 days"
    );
}
