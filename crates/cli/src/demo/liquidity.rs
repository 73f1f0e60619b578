//! Liquidity providers: they stake, wait in the queue, and leave.

use testkit::bindings::OnLedger;

use localnet::Keypair;

use super::flows::Flows;
use super::stage::Stage;
use super::DemoError;

/// How the stake is spread, in parts of ten.
const PARTS: [(&str, i128); 2] = [("first LP", 6), ("second LP", 4)];

/// A liquidity provider.
pub struct Provider {
    pub key: Keypair,
    pub exit: i128,
    slot: u32,
}

/// Lets LPs stake the scenario's capital.
pub fn stake(stage: &mut Stage<'_>, flows: &mut Flows) -> Result<Vec<Provider>, DemoError> {
    let total = stage.scenario.lp_stake.raw();
    let mut left = total;
    let mut providers = Vec::new();
    for (index, (name, part)) in PARTS.into_iter().enumerate() {
        let is_last = index + 1 == PARTS.len();
        let amount = if is_last { left } else { total * part / 10 };
        left -= amount;
        let key = stage.actor(name);
        providers.push(Provider::join(stage, flows, key, amount)?);
    }
    Ok(providers)
}

impl Provider {
    /// Somebody who stakes `amount`.
    pub fn join(
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        key: Keypair,
        amount: i128,
    ) -> Result<Self, DemoError> {
        let world = &stage.world;
        world.usdc.mint(&world.ledger, &key.address(), amount);
        let call = world.cover.stake(&key, amount, 1);
        stage.send("stake", call, &key)?;
        flows.staked += amount;
        Ok(Self {
            key,
            exit: 0,
            slot: 0,
        })
    }

    /// The shares in the wallet.
    pub fn shares(&self, stage: &Stage<'_>) -> i128 {
        let shares = stage
            .world
            .cover
            .balance(&self.key)
            .view(&stage.world.ledger);
        shares.unwrap_or(0)
    }

    /// The shares in escrow.
    pub fn queued(&self, stage: &Stage<'_>) -> i128 {
        let exits = stage.world.cover.exits(&self.key).view(&stage.world.ledger);
        exits.map_or(0, |exits| exits.iter().map(|exit| exit.shares).sum())
    }

    /// Asks to leave with everything.
    pub fn request(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let shares = self.shares(stage);
        let call = stage.world.cover.request_redeem(&self.key, shares);
        self.slot = stage.send("request an exit", call, &self.key)?;
        Ok(())
    }

    /// Leaves.
    pub fn leave(&mut self, stage: &mut Stage<'_>, flows: &mut Flows) -> Result<(), DemoError> {
        let call = stage.world.cover.fulfil(&self.key, self.slot, &self.key, 1);
        self.exit = stage.send("fulfil an exit", call, &self.key)?;
        flows.exits += self.exit;
        Ok(())
    }
}
