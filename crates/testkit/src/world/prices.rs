//! Prices, time, and what the hub sees of both.

use localnet::{Auth, InvokeError, Keypair};

use crate::{
    asset::Asset,
    bindings::{price_hub as hub, OnLedger},
    feeds::{Feed, PRICE_ONE},
    model::HOUR,
};

use super::{deploy::MARKET_MAKER, World};

/// Seconds between looks at a quiet price: it holds for an hour, so none of the hub's hours stays without one.
pub const GLANCE: u64 = 7_000;

impl World {
    /// Sets an asset's price, 14 decimals, on all feeds and on Blend's oracle, and keeps it there.
    pub fn set_price(&self, asset: &Asset, price: i128) {
        self.prices.borrow_mut().insert(asset.code.clone(), price);
        self.feeds.set_all(&self.ledger, asset, price);
        self.platform_oracle
            .set(&self.ledger, Feed::Reflector, asset, price);
    }

    /// Publishes every price again as of now, and lets the hub look.
    pub fn tick(&self) {
        let prices = self.prices.borrow().clone();
        for (code, price) in prices {
            self.set_price(self.asset(&code), price);
        }
        self.hub.poke(&self.ledger, &self.keeper, &self.assets());
    }

    /// Lets `seconds` pass with all prices as they are, in steps of five minutes.
    pub fn watch(&self, seconds: u64) {
        let end = self.ledger.now() + seconds;
        while self.ledger.now() < end {
            self.ledger.advance(300.min(end - self.ledger.now()));
            self.tick();
        }
    }

    /// Lets `seconds` pass with all prices as they are, looked at now and then, and every five minutes at the end: all that
    /// the hub needs to trust its window. Without a full day it may not.
    pub fn sleep(&self, seconds: u64) {
        let dense = seconds.min(HOUR / 2);
        let end = self.ledger.now() + (seconds - dense);
        // What lies before the hub's window of 24 hours does not count for it.
        self.ledger
            .advance((seconds - dense).saturating_sub(26 * HOUR));
        while self.ledger.now() < end {
            self.ledger.advance(GLANCE.min(end - self.ledger.now()));
            self.tick();
        }
        self.watch(dense);
    }

    /// As long as the hub needs to trust its prices.
    pub(super) fn warm_up(&self) {
        self.sleep(26 * HOUR);
    }

    /// Lets the hub note that the collateral has fallen.
    pub fn trigger(&self) -> hub::DepreciationEvent {
        self.try_trigger().unwrap()
    }

    /// As [`World::trigger`], or why the hub refuses.
    pub fn try_trigger(&self) -> Result<hub::DepreciationEvent, InvokeError> {
        let (collateral, debt) = (&self.collateral.contract, &self.usdc.contract);
        let call = hub::Client(self.hub.address.clone()).trigger(collateral, debt);
        call.send(&self.ledger, &self.keeper)
    }

    /// Sells so much collateral on the exchange that its price falls to `price`, 14 decimals.
    pub fn trade_exchange_to(&self, price: i128) {
        let exchange = self.exchange.as_ref().unwrap();
        let (token_in, token_out) = (&self.collateral.contract, &self.usdc.contract);
        let held = self.collateral.balance(&self.ledger, exchange);
        let product = held * self.usdc.balance(&self.ledger, exchange);
        let amount = (product / price * PRICE_ONE).isqrt() - held;
        let maker = Keypair::named(MARKET_MAKER);
        self.collateral.mint(&self.ledger, &maker.address(), amount);
        let args = (token_in, amount, token_out, 0_i128, i128::MAX, &maker);
        let swap = "swap_exact_amount_in";
        self.ledger
            .call(&maker, exchange, swap, args, Auth::Sign(&[]))
            .unwrap();
    }
}
