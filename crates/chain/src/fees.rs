//! What a transaction offers to pay, in stroops.

use crate::error::Error;

/// How much is offered, and how it is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// Stroops per operation for being included; the network takes the least that is enough.
    pub inclusion: u32,
    /// Percent on top of the simulated resource fee. What is not used of it is paid back.
    pub resource_margin_percent: u32,
    /// The most that one transaction may cost, everything included: 10 XLM by default. Uploads of wasm pay its rent for four
    /// months, up to 150 XLM for our contracts; whoever deploys raises this for it.
    pub ceiling: i64,
    /// What the inclusion fee is multiplied by when a transaction is not taken in. The network replaces a waiting one only
    /// for ten times as much.
    pub raise: u32,
    /// How often it is raised at most.
    pub raises: u32,
}

impl Default for Fees {
    fn default() -> Self {
        Self {
            inclusion: 100,
            resource_margin_percent: 15,
            ceiling: 10_0000000,
            raise: 10,
            raises: 2,
        }
    }
}

impl Fees {
    /// The resource fee to declare for a simulated one: with the margin, rounded up.
    pub(crate) fn resource(&self, simulated: i64) -> Result<i64, Error> {
        let margin = i128::from(simulated)
            .saturating_mul(i128::from(self.resource_margin_percent))
            .saturating_add(99)
            / 100;
        let with_margin = i128::from(simulated).saturating_add(margin);
        i64::try_from(with_margin).map_err(|_| self.too_high(i64::MAX))
    }

    /// The inclusion fee per operation after `raises` raises.
    pub(crate) fn inclusion_after(&self, raises: u32) -> i64 {
        let factor = i64::from(self.raise).saturating_pow(raises);
        i64::from(self.inclusion).saturating_mul(factor)
    }

    /// The whole fee of one operation.
    pub(crate) fn single(&self, resource: i64) -> Result<u32, Error> {
        let fee = self.within(i64::from(self.inclusion).saturating_add(resource))?;
        u32::try_from(fee).map_err(|_| self.too_high(fee))
    }

    /// The whole fee of a fee bump of one operation, which counts as two.
    pub(crate) fn bump(&self, resource: i64, raises: u32) -> Result<i64, Error> {
        let inclusion = self.inclusion_after(raises).saturating_mul(2);
        self.within(inclusion.saturating_add(resource))
    }

    fn within(&self, fee: i64) -> Result<i64, Error> {
        if fee > self.ceiling {
            return Err(self.too_high(fee));
        }
        Ok(fee)
    }

    fn too_high(&self, fee: i64) -> Error {
        Error::FeeTooHigh {
            fee,
            ceiling: self.ceiling,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEES: Fees = Fees {
        inclusion: 100,
        resource_margin_percent: 15,
        ceiling: 1_000_000,
        raise: 10,
        raises: 2,
    };

    #[test]
    fn the_margin_is_rounded_up_and_counts_for_resources_alone() {
        assert_eq!(FEES.resource(1_001).ok(), Some(1_152), "1001 + 150.15");
        assert_eq!(FEES.single(1_152).ok(), Some(1_252), "with inclusion");
        assert_eq!(FEES.resource(0).ok(), Some(0), "classic");
    }

    #[test]
    fn a_raise_is_tenfold_and_a_bump_counts_as_two_operations() {
        assert_eq!(FEES.bump(1_152, 1).ok(), Some(3_152), "2 x 1000 + 1152");
        assert_eq!(FEES.bump(1_152, 2).ok(), Some(21_152), "2 x 10000 + 1152");
    }

    #[test]
    fn nothing_is_offered_beyond_the_ceiling() {
        assert!(
            matches!(
                FEES.single(999_901),
                Err(Error::FeeTooHigh { fee: 1_000_001, .. })
            ),
            "a stroop over"
        );
        assert_eq!(FEES.single(999_900).ok(), Some(1_000_000), "exactly it");
        assert!(FEES.bump(0, 40).is_err(), "raised for ever");
        assert!(FEES.resource(i64::MAX).is_err(), "no overflow");
    }
}
