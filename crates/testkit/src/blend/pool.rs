//! A lending pool of Blend.

use localnet::{xdr::ScAddress, Auth, InvokeError, Keypair, Ledger, Outcome};

use crate::asset::Asset;

use super::{AuctionData, BackstopData, Positions, Request, Reserve};

/// A Blend lending pool.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its contract.
    pub address: ScAddress,
    /// The backstop behind it.
    pub backstop: ScAddress,
}

impl Pool {
    /// Runs `requests` on `account`'s own positions.
    pub fn submit(
        &self,
        ledger: &Ledger,
        account: &Keypair,
        requests: &[Request],
    ) -> Result<Outcome, InvokeError> {
        let args = (account, account, account, requests);
        ledger.call(account, &self.address, "submit", args, Auth::Sign(&[]))
    }

    /// One request on `account`'s own positions.
    pub fn request(
        &self,
        ledger: &Ledger,
        account: &Keypair,
        request_type: u32,
        address: &ScAddress,
        amount: i128,
    ) -> Result<Outcome, InvokeError> {
        self.submit(
            ledger,
            account,
            &[Request {
                request_type,
                address: address.clone(),
                amount,
            }],
        )
    }

    /// What `account` holds.
    pub fn positions(&self, ledger: &Ledger, account: &ScAddress) -> Positions {
        ledger
            .view(&self.address, "get_positions", (account,))
            .unwrap()
    }

    /// The reserve of `asset`, accrued to now.
    pub fn reserve(&self, ledger: &Ledger, asset: &Asset) -> Reserve {
        ledger
            .view(&self.address, "get_reserve", (&asset.contract,))
            .unwrap()
    }

    /// The backstop behind the pool.
    pub fn backstop_data(&self, ledger: &Ledger) -> BackstopData {
        ledger
            .view(&self.backstop, "pool_data", (&self.address,))
            .unwrap()
    }

    /// Starts a liquidation of `percent` of a position.
    pub fn start_liquidation(
        &self,
        ledger: &Ledger,
        caller: &Keypair,
        user: &ScAddress,
        bid: &Asset,
        lot: &Asset,
        percent: u32,
    ) -> Result<AuctionData, InvokeError> {
        let args = (
            0_u32,
            user,
            vec![&bid.contract],
            vec![&lot.contract],
            percent,
        );
        ledger
            .call(caller, &self.address, "new_auction", args, Auth::Sign(&[]))?
            .get()
    }

    /// The open liquidation of `user`, if there is one.
    pub fn liquidation(&self, ledger: &Ledger, user: &ScAddress) -> Option<AuctionData> {
        ledger
            .view(&self.address, "get_auction", (0_u32, user))
            .ok()
    }

    /// Moves a user's debt without collateral to the backstop, or defaults the backstop's own.
    pub fn bad_debt(
        &self,
        ledger: &Ledger,
        caller: &Keypair,
        user: &ScAddress,
    ) -> Result<Outcome, InvokeError> {
        ledger.call(caller, &self.address, "bad_debt", (user,), Auth::Sign(&[]))
    }
}
