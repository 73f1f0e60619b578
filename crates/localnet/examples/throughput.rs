//! How many calls a second the ledger makes: `cargo run --release -p localnet --example throughput`.

use std::time::Instant;

use localnet::{xdr::Asset, Auth, Keypair, Ledger, NetworkConfig};

const CALLS: u32 = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ledger = Ledger::new(NetworkConfig::mainnet())?;
    let (alice, bob) = (Keypair::named("alice"), Keypair::named("bob"));
    for key in [&alice, &bob] {
        ledger.create_account(&key.account_id(), 1_000_000_000)?;
    }
    let xlm = ledger.deploy_asset(&alice, Asset::Native)?;
    let transfer = (&alice, &bob, 1_i128);

    time("view balance", || {
        ledger.view::<i128>(&xlm, "balance", (&bob,))?;
        Ok(())
    })?;
    time("transfer, own transaction", || {
        ledger.call(&alice, &xlm, "transfer", transfer, Auth::Sign(&[]))?;
        Ok(())
    })?;
    time("transfer, signed entry", || {
        ledger.call(&bob, &xlm, "transfer", transfer, Auth::Sign(&[&alice]))?;
        Ok(())
    })?;
    let snapshot = ledger.snapshot();
    time("transfer after a snapshot", || {
        ledger.restore(&snapshot);
        ledger.call(&alice, &xlm, "transfer", transfer, Auth::Sign(&[]))?;
        Ok(())
    })?;
    Ok(())
}

fn time(
    what: &str,
    call: impl Fn() -> Result<(), localnet::InvokeError>,
) -> Result<(), localnet::InvokeError> {
    let start = Instant::now();
    for _ in 0..CALLS {
        call()?;
    }
    let each = start.elapsed() / CALLS;
    println!("{what:28} {:>6} µs", each.as_micros());
    Ok(())
}
