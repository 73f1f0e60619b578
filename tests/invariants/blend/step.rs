//! What can happen to loans and lenders on Blend that cover pays for, as data.

use serde::{Deserialize, Serialize};

use crate::step::Part;

/// One thing that happens there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlendAction {
    // ---- liquidations
    /// The price falls, and the loan is liquidated in part: filled so many ledgers after its auction began.
    Wreck {
        loan: u8,
        health: u32,
        ledgers: u8,
        percent: u8,
        settles: bool,
    },
    Look {
        loan: u8,
    },
    SettleLiquidation {
        loan: u8,
    },
    // ---- collateral that has failed
    Surrender {
        loan: u8,
        size: Part,
    },
    // ---- Blend is robbed
    /// The issuer takes a part of Blend's cash.
    Rob {
        size: Part,
    },
    /// Somebody gives a part of it back.
    GiveBack {
        size: Part,
    },
    ProveDeficit {
        looks_again: bool,
    },
}
