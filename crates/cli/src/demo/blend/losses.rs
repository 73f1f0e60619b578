//! What lenders of each asset lost, worked out from the platform's own rates, books and balance: an index of its own, to hold
//! the lenders' contract's against.

use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::loss::{LossIndex, PlatformBooks, BLEND_SCALE};
use actuary::math::{mul_div_down, mul_div_up};
use actuary::{Assets, MathError};
use testkit::asset::Asset;

use crate::demo::claims::uncountable;
use crate::demo::stage::Stage;
use crate::demo::DemoError;

/// The losses of every asset that somebody lends.
#[derive(Default)]
pub struct Losses(Vec<Lost>);

/// The losses of one asset's lenders.
struct Lost {
    code: String,
    falls: LossIndex,
    counted: CountedDeficit,
    /// What one bToken lost in all, scaled by 1e12.
    index: i128,
}

impl Losses {
    /// Looks at every lent asset's b_rate; what fell since the last look is lost.
    pub fn look(&mut self, stage: &Stage<'_>) -> Result<(), DemoError> {
        for asset in stage.world.assets() {
            if is_lent(stage, &asset.code) {
                self.look_at(stage, asset).map_err(uncountable)?;
            }
        }
        Ok(())
    }

    fn look_at(&mut self, stage: &Stage<'_>, asset: &Asset) -> Result<(), MathError> {
        let world = &stage.world;
        let b_rate = world.pool.reserve(&world.ledger, asset).data.b_rate;
        let Some(lost) = self.0.iter_mut().find(|lost| lost.code == asset.code) else {
            self.0.push(Lost {
                code: asset.code.clone(),
                falls: LossIndex::new(b_rate),
                counted: CountedDeficit::default(),
                index: 0,
            });
            return Ok(());
        };
        let mut fall = lost.falls.record(b_rate)?;
        if lost.counted != CountedDeficit::default() {
            fall = lost.counted.set_off_down(fall, &lent(stage, asset)?)?;
        }
        lost.index += fall;
        Ok(())
    }

    /// Counts a deficit of the loan asset that was proven. Returns what one bToken lost by it, scaled by 1e12.
    pub fn count(&mut self, stage: &Stage<'_>, missing: i128) -> Result<i128, DemoError> {
        let asset = &stage.world.usdc;
        let Some(lost) = self.0.iter_mut().find(|lost| lost.code == asset.code) else {
            return Ok(0);
        };
        let reserve = lent(stage, asset).map_err(uncountable)?;
        let missing = Assets::from_raw(missing);
        let gained = lost.counted.count_down(missing, &reserve);
        let gained = gained.map_err(uncountable)?;
        lost.index += gained;
        Ok(gained)
    }

    /// What is missing of so many bTokens, of what was counted: rounded up.
    pub fn missing_up(&self, stage: &Stage<'_>, code: &str, b_tokens: i128) -> i128 {
        let (lost, asset) = (self.of_asset(code), stage.world.asset(code));
        let missing = lost.map_or(Ok(0), |lost| {
            let per_token = lost.counted.missing_down(&lent(stage, asset)?)?;
            mul_div_up(b_tokens, per_token, BLEND_SCALE)
        });
        missing.unwrap_or(0)
    }

    /// The index of an asset: what one bToken lost in all, scaled by 1e12.
    pub fn index(&self, code: &str) -> i128 {
        self.of_asset(code).map_or(0, |lost| lost.index)
    }

    /// What so many bTokens lost in all, rounded down.
    pub fn of(&self, code: &str, b_tokens: i128) -> i128 {
        mul_div_down(b_tokens, self.index(code), BLEND_SCALE).unwrap_or(0)
    }

    fn of_asset(&self, code: &str) -> Option<&Lost> {
        self.0.iter().find(|lost| lost.code == code)
    }
}

/// An asset's reserve as of now, and what the platform holds of it.
pub fn lent(stage: &Stage<'_>, asset: &Asset) -> Result<LentReserve, MathError> {
    let world = &stage.world;
    let data = world.pool.reserve(&world.ledger, asset).data;
    let supply = mul_div_down(data.b_supply, data.b_rate, BLEND_SCALE)?;
    let liabilities = mul_div_up(data.d_supply, data.d_rate, BLEND_SCALE)?;
    let balance = asset.balance(&world.ledger, &world.pool.address);
    Ok(LentReserve {
        books: PlatformBooks {
            supply: Assets::from_raw(supply),
            credits: Assets::from_raw(data.backstop_credit),
            liabilities: Assets::from_raw(liabilities),
            balance: Assets::from_raw(balance),
        },
        b_tokens: data.b_supply,
        b_rate: data.b_rate,
    })
}

fn is_lent(stage: &Stage<'_>, code: &str) -> bool {
    stage
        .scenario
        .lenders
        .iter()
        .any(|lender| lender.asset == code)
}
