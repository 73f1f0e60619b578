//! Attacks on the compiled contracts, on the embedded ledger, against Blend's mainnet wasm, with real signatures: each is
//! carried out as an attacker would, fails for the reason its file names, and has a twin that succeeds where the defence
//! is not in the way.
//!
//! One file per threat.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archived_policy;
mod arranged_liquidation;
mod assignment;
mod batch_poisoning;
mod blocking_auction;
mod borrowed_votes;
mod bottom_of_an_advance;
mod broken_adapter;
mod broken_insurer;
mod cap_cycling;
mod denial;
mod donation;
mod double_recovery;
mod draining_collateral;
mod dust_draws;
mod early_foreclosure;
mod expiry;
mod false_depeg;
mod flash_loan;
mod griefing;
mod hidden_deficit;
mod late_purchase;
mod lp_exit;
mod lying_platform;
mod manipulable_collateral;
mod market_borrower;
mod market_scene;
mod maximum_ltv;
mod price_spike;
mod scene;
mod self_liquidation;
mod staged_liquidation;
mod stranger_renewal;
mod strangers_adapter;
mod unclosable_claim;
mod vote_capture;
mod walking_away;
