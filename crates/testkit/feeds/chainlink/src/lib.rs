#![no_std]
//! A test price feed that speaks as Chainlink's Data Feeds cache does: one contract for all feeds, 256-bit answers with 18
//! decimals, rounds by feed id.
//!
//! It answers the rounds its admin reported, and nothing for a feed that has none or was cleared.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use interfaces::price::{DataFeeds, RoundData};
use soroban_sdk::{contract, contractimpl, contracttype, Address, BytesN, Env, Vec, I256};
use stellar_access::ownable;
use stellar_macros::only_owner;

#[cfg(test)]
mod test;

#[contracttype]
enum DataKey {
    Round(BytesN<32>),
}

/// A Chainlink-like cache of feeds.
#[contract]
pub struct ChainlinkFeed;

#[contractimpl]
impl ChainlinkFeed {
    /// `admin` may report rounds.
    pub fn __constructor(env: Env, admin: Address) {
        ownable::set_owner(&env, &admin);
    }

    /// Reports the next round of a feed, with 18 decimals. Admin only.
    #[only_owner]
    pub fn set_answer(env: Env, data_id: BytesN<32>, answer: I256, timestamp: u64) {
        let key = DataKey::Round(data_id);
        let last: Option<RoundData> = env.storage().persistent().get(&key);
        let round_id = last.map_or(0, |last| last.round_id) + 1;
        let ledger_seq = env.ledger().sequence();
        let round = RoundData {
            round_id,
            answer,
            timestamp,
            ledger_seq,
            primary: true,
        };
        env.storage().persistent().set(&key, &round);
    }

    /// As [`Self::set_answer`], for an answer that fits 128 bits. Admin only.
    pub fn set_price(env: Env, data_id: BytesN<32>, price: i128, timestamp: u64) {
        let answer = I256::from_i128(&env, price);
        Self::set_answer(env, data_id, answer, timestamp);
    }

    /// Forgets the rounds of a feed. Admin only.
    #[only_owner]
    pub fn clear(env: Env, data_id: BytesN<32>) {
        env.storage().persistent().remove(&DataKey::Round(data_id));
    }
}

#[contractimpl]
impl DataFeeds for ChainlinkFeed {
    fn latest_round(env: Env, data_ids: Vec<BytesN<32>>) -> Vec<Option<RoundData>> {
        let mut rounds = Vec::new(&env);
        for data_id in data_ids {
            rounds.push_back(env.storage().persistent().get(&DataKey::Round(data_id)));
        }
        rounds
    }
}
