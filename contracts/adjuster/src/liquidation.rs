//! What a liquidation cost a borrower beyond the debt it repaid.

use actuary::loss::{has_dropped, liquidation_loss_down};
use actuary::{Assets, Price, Rate};
use interfaces::adapter::AdapterError;
use soroban_sdk::{Address, Env};

use crate::answers::Policy;
use crate::event::open_event;
use crate::refusal::no_result;

/// A liquidation, as it is judged.
pub struct Liquidated {
    /// The hub's price of the pair at the owner's last action that raised the risk.
    pub price_before: i128,
    /// The hub's price of the pair that it is judged at.
    pub price: i128,
    /// What the collateral that was taken is worth, rounded down.
    pub seized: Assets,
    /// The debt that went with it, rounded up.
    pub repaid: Assets,
    /// The platform's own incentive, LIF.
    pub incentive: Rate,
}

impl Liquidated {
    /// Whether the price fell enough since the owner's last action: nobody may gain from being liquidated at will.
    pub fn has_dropped(&self) -> Result<bool, AdapterError> {
        let (before, now) = (
            Price::from_raw(self.price_before),
            Price::from_raw(self.price),
        );
        has_dropped(before, now).map_err(no_result)
    }

    /// The penalty, less what was `granted` for the same fall, rounded down.
    pub fn penalty_down(&self, granted: Assets) -> Result<Assets, AdapterError> {
        liquidation_loss_down(self.seized, self.repaid, self.incentive, granted).map_err(no_result)
    }
}

/// The loss that depreciation has settled for a pair's last event, unless that was over at `time`.
pub fn granted(
    env: &Env,
    price_hub: &Address,
    (collateral, debt): (&Address, &Address),
    policy: &Policy,
    time: u64,
) -> Assets {
    open_event(env, price_hub, collateral, debt, time)
        .map_or(Assets::ZERO, |event| policy.settled_for(event.id))
}
