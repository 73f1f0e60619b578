//! The embedded ledger, on which tests run: calls without a network around them.

use std::time::Instant;

use localnet::{xdr::Asset, Auth, InvokeError, Keypair, Ledger, NetworkConfig};

use crate::{report::Report, sealed::per_second, Outcome, Size};

pub fn measure(size: &Size, report: &mut Report) -> Outcome<()> {
    report.progress("embedded ledger");
    let ledger = Ledger::new(NetworkConfig::mainnet())?;
    let (alice, bob) = (Keypair::named("alice"), Keypair::named("bob"));
    for key in [&alice, &bob] {
        ledger.create_account(&key.account_id(), 1_000_000_000)?;
    }
    let xlm = ledger.deploy_asset(&alice, Asset::Native)?;
    let transfer = (&alice, &bob, 1_i128);
    let count = size.simulations;
    let mut time = |what: &str, call: &dyn Fn() -> Result<(), InvokeError>| -> Outcome<()> {
        let start = Instant::now();
        for _ in 0..count {
            call()?;
        }
        let rate = per_second(count, start.elapsed());
        report.add(&format!("embedded: {what}"), rate, "a second", None);
        Ok(())
    };
    time("look at a balance", &|| {
        ledger.view::<i128>(&xlm, "balance", (&bob,)).map(drop)
    })?;
    time("native transfer", &|| {
        let by_itself = Auth::Sign(&[]);
        ledger
            .call(&alice, &xlm, "transfer", transfer, by_itself)
            .map(drop)
    })?;
    time("native transfer, signed entry", &|| {
        let by_alice = Auth::Sign(&[&alice]);
        ledger
            .call(&bob, &xlm, "transfer", transfer, by_alice)
            .map(drop)
    })?;
    let snapshot = ledger.snapshot();
    time("native transfer after a snapshot", &|| {
        ledger.revert(&snapshot);
        let by_itself = Auth::Sign(&[]);
        ledger
            .call(&alice, &xlm, "transfer", transfer, by_itself)
            .map(drop)
    })
}
