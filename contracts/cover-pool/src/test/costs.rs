//! Bytes each operation writes, against its budget. Signatures' nonces and the cost of real platforms come on top in the
//! integration tests; here the payer's nonce is part of the budget's slack.

use super::std::println;
use super::world::{World, DAY, UNIT};
use interfaces::cover::Peril;

fn written(world: &World) -> (u32, u32) {
    let resources = world.env.cost_estimate().resources();
    (resources.write_entries, resources.write_bytes)
}

#[test]
fn operations_write_no_more_than_their_budgets() {
    let world = World::new();
    world.pool.stake(&world.lp, &(5 * UNIT), &0);
    let stake = written(&world);
    world.pool.request_redeem(&world.lp, &UNIT);
    let request = written(&world);
    world.insured();
    world.pool.open(&world.application(&world.position()));
    let open = written(&world);
    world.pass(DAY);
    let interest = world.insured();
    world.pay(&interest, Peril::Default, 100 * UNIT);
    let settle = written(&world);
    world.draw(&interest, 100 * UNIT);
    let draw = written(&world);
    let measured = [
        ("stake", stake, 980),
        ("request", request, 580),
        ("open", open, 1_750),
        ("settle", settle, 1_460),
    ];
    println!("{measured:?}, draw {draw:?}");
    for (operation, (_, bytes), budget) in measured {
        assert!(bytes <= budget, "{operation}: {bytes} of {budget}");
    }
}
