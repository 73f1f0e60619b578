//! Blend's side of the stage.

use localnet::xdr::ScAddress;
use testkit::bindings::{cover_pool as cover, price_hub, OnLedger};

use crate::{rules::Broken, stage::Stage};

impl Stage {
    pub fn hub(&self) -> price_hub::Client {
        price_hub::Client(self.world.hub.address.clone())
    }

    /// The hub's price of collateral now.
    pub fn pair(&self) -> Result<price_hub::PairReading, Broken> {
        let world = &self.world;
        let pair = self
            .hub()
            .pair(&world.collateral.contract, &world.usdc.contract);
        pair.view(&world.ledger)
            .map_err(|error| Broken::new("view", format!("no price: {error}")))
    }

    pub fn loan_interest(&self, loan: &ScAddress) -> cover::Interest {
        cover::Interest(loan.clone(), cover::Class::Loan)
    }

    /// USDC and collateral that a contract holds.
    pub fn holds(&self, holder: &ScAddress) -> Result<(i128, i128), Broken> {
        let world = &self.world;
        let held = |asset: &testkit::asset::Asset| {
            let held = world.ledger.look_up(&asset.contract, "balance", (holder,));
            held.map_err(|error| Broken::new("view", format!("balance: {error}")))
        };
        Ok((held(&world.usdc)?, held(&world.collateral)?))
    }
}
