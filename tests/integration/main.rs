//! Integration tests on compiled wasm, with real signatures: a file per entry point.

mod access;
mod archive;
mod blend;
mod buying_collateral;
mod cancel;
mod claimable;
mod cost_budgets;
mod double_cover;
mod exit;
mod finalize;
mod foreclose;
mod governance;
mod impaired;
mod insure;
mod insured_vault;
mod market;
mod open_loan;
mod owner_index;
mod pause;
mod pay_back;
mod position;
mod price_hub;
mod renew;
mod stage;
mod top_up;
mod upgrade;
