//! What lenders of each asset lost, worked out from the platform's own rates: an index of its own, to hold the adapter's
//! against.

use actuary::loss::LossIndex;

use crate::demo::stage::Stage;
use crate::demo::DemoError;

/// The falls of the b_rate of every asset that somebody lends.
#[derive(Default)]
pub struct Losses(Vec<(String, LossIndex)>);

impl Losses {
    /// Looks at every lent asset's b_rate; what fell since the last look is lost.
    pub fn look(&mut self, stage: &Stage<'_>) -> Result<(), DemoError> {
        let world = &stage.world;
        for asset in world.assets() {
            if !is_lent(stage, &asset.code) {
                continue;
            }
            let b_rate = world.pool.reserve(&world.ledger, asset).data.b_rate;
            match self.0.iter_mut().find(|(code, _)| *code == asset.code) {
                Some((_, index)) => {
                    let looked = index.record(b_rate);
                    looked.map_err(|error| DemoError::Refused {
                        doing: "measuring losses".to_owned(),
                        reason: error.to_string(),
                    })?;
                }
                None => self.0.push((asset.code.clone(), LossIndex::new(b_rate))),
            }
        }
        Ok(())
    }

    /// The index of an asset: what one bToken lost in all, scaled by 1e12.
    pub fn index(&self, code: &str) -> i128 {
        self.0
            .iter()
            .find(|(other, _)| other == code)
            .map_or(0, |(_, index)| index.lambda)
    }

    /// What so many bTokens lost in all, rounded down.
    pub fn of(&self, code: &str, b_tokens: i128) -> i128 {
        let index = self.0.iter().find(|(other, _)| other == code);
        index.map_or(0, |(_, index)| {
            index.loss_down(b_tokens, 0).unwrap_or_default().raw()
        })
    }
}

fn is_lent(stage: &Stage<'_>, code: &str) -> bool {
    stage
        .scenario
        .lenders
        .iter()
        .any(|lender| lender.asset == code)
}
