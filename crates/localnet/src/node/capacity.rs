//! How much of what one ledger takes is taken.

use super::{resources, Submission};
use crate::{costs::size, network::LedgerLimits};

/// What the transactions of a ledger declare together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    operations: u32,
    transactions: u32,
    transaction_bytes: u32,
    instructions: u64,
    disk_read_entries: u32,
    disk_read_bytes: u32,
    write_entries: u32,
    write_bytes: u32,
}

impl Taken {
    /// With `submission` too, if that fits. All calls run one after the other, so that they are one cluster.
    pub fn with(&self, submission: &Submission, limits: &LedgerLimits) -> Option<Self> {
        let mut taken = self.clone();
        taken.add(submission)?;
        taken.is_within(limits).then_some(taken)
    }

    fn add(&mut self, submission: &Submission) -> Option<()> {
        let add = |taken: &mut u32, more: u32| {
            *taken = taken.checked_add(more)?;
            Some(())
        };
        let Some(data) = submission.soroban() else {
            let operations = u32::try_from(submission.paid_operations()).ok()?;
            return add(&mut self.operations, operations);
        };
        let resources = &data.resources;
        let instructions = self.instructions.checked_add(resources.instructions.into());
        self.instructions = instructions?;
        add(&mut self.transactions, 1)?;
        add(&mut self.transaction_bytes, submission.transaction_bytes)?;
        let reads = resources::disk_read_entries(submission, data);
        add(&mut self.disk_read_entries, reads)?;
        add(&mut self.disk_read_bytes, resources.disk_read_bytes)?;
        let writes = size(resources.footprint.read_write.len());
        add(&mut self.write_entries, writes)?;
        add(&mut self.write_bytes, resources.write_bytes)
    }

    fn is_within(&self, limits: &LedgerLimits) -> bool {
        self.operations <= limits.operations
            && self.transactions <= limits.transactions
            && self.transaction_bytes <= limits.transaction_bytes
            && self.instructions <= limits.instructions
            && self.disk_read_entries <= limits.disk_read_entries
            && self.disk_read_bytes <= limits.disk_read_bytes
            && self.write_entries <= limits.write_entries
            && self.write_bytes <= limits.write_bytes
    }
}
