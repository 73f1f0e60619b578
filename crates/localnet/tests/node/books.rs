//! Fees balance to the stroop, for everything that is paid for: what is charged is the sum of its parts, what is declared
//! and not charged comes back, and all coins are somewhere.

use localnet::{
    xdr::{
        ContractEventBody, LedgerKey, Limits, ScVal, SorobanTransactionMetaExt,
        SorobanTransactionMetaExtV1, TransactionEvent, TransactionEventStage as Stage, WriteXdr,
    },
    Keypair,
};
use soroban_env_host::fees::{
    compute_rent_fee, compute_transaction_resource_fee, LedgerEntryRentChange, TransactionResources,
};

use crate::{draft, Draft, Outcome, World};

/// What a fee is made of, stroops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bill {
    pub inclusion: i64,
    /// For the resources that are declared.
    pub declared: i64,
    /// For the bytes of events and return value.
    pub events: i64,
    pub rent: i64,
}

impl Bill {
    /// Of `draft`, signed once, that reads `disk_reads` entries from disk: by the host's own formula.
    pub fn of(world: &World, draft: &mut Draft, disk_reads: u32, outcome: &Outcome) -> Self {
        let envelope = draft.envelope([0; 32], &[&world.alice]);
        // The envelope's kind is four bytes more.
        let envelope_bytes = bytes(&envelope) + 4;
        let resources = &draft.data().resources;
        let used = TransactionResources {
            instructions: resources.instructions,
            disk_read_entries: disk_reads,
            write_entries: resources.footprint.read_write.len() as u32,
            disk_read_bytes: resources.disk_read_bytes,
            write_bytes: resources.write_bytes,
            contract_events_size_bytes: event_bytes(outcome) as u32,
            transaction_size_bytes: envelope_bytes as u32,
        };
        let fees = &world.node.network().fees;
        let (declared, events) = compute_transaction_resource_fee(&used, fees);
        Self {
            inclusion: 100,
            declared,
            events,
            rent: 0,
        }
    }

    /// With the rent for the entry under `key` as it is now, where it had `old` bytes until an earlier ledger; `None`: it was
    /// not live.
    pub fn renting(
        mut self,
        world: &World,
        key: &LedgerKey,
        old: Option<(u32, u32)>,
        outcome: &Outcome,
    ) -> Self {
        let (entry, until) = world.node.entry(key).unwrap().unwrap();
        let (old_size_bytes, old_live_until_ledger) = old.unwrap_or_default();
        let change = LedgerEntryRentChange {
            is_persistent: true,
            is_code_entry: false,
            old_size_bytes,
            new_size_bytes: bytes(&*entry) as u32,
            old_live_until_ledger,
            new_live_until_ledger: until.unwrap(),
        };
        let rent = compute_rent_fee(&[change], &world.node.network().rent, outcome.ledger);
        assert!(rent > 0, "rent");
        self.rent += rent;
        self
    }

    pub fn total(&self) -> i64 {
        self.inclusion + self.declared + self.events + self.rent
    }
}

/// What the payer and the fee pool hold before a transaction.
pub(crate) struct Books {
    payer: Keypair,
    balance: i64,
    pool: i64,
}

impl Books {
    pub fn of(world: &World, payer: &Keypair) -> Self {
        Self {
            payer: payer.clone(),
            balance: world.balance(payer),
            pool: world.header().fee_pool,
        }
    }

    /// `bill` is charged, the rest of what was `offered` for resources comes back, and the payer is `spent` poorer besides.
    #[track_caller]
    pub fn assert_balanced(
        &self,
        world: &World,
        outcome: &Outcome,
        bill: Bill,
        offered: i64,
        spent: i64,
    ) {
        let charged = outcome.result.fee_charged;
        assert_eq!(charged, bill.total(), "charged, of {bill:?}");
        let told = charged_in_meta(outcome);
        let parts = (
            told.total_non_refundable_resource_fee_charged,
            told.total_refundable_resource_fee_charged,
            told.rent_fee_charged,
        );
        let expected = (bill.declared, bill.events + bill.rent, bill.rent);
        assert_eq!(parts, expected, "non-refundable, refundable, rent");
        let taken = bill.inclusion + offered;
        let refund = taken - charged;
        assert!(refund > 0, "a refund");
        let events = [
            (Stage::BeforeAllTxs, i128::from(taken)),
            (Stage::AfterAllTxs, -i128::from(refund)),
        ];
        assert_eq!(amounts(&outcome.meta.events), events, "taken, given back");
        let left = self.balance - charged - spent;
        assert_eq!(world.balance(&self.payer), left, "the payer's balance");
        assert_eq!(world.header().fee_pool, self.pool + charged, "fee pool");
        world.assert_conserved();
    }
}

fn charged_in_meta(outcome: &Outcome) -> SorobanTransactionMetaExtV1 {
    match &outcome.meta.soroban_meta.as_ref().unwrap().ext {
        SorobanTransactionMetaExt::V1(fees) => fees.clone(),
        SorobanTransactionMetaExt::V0 => panic!("no fees"),
    }
}

/// Bytes of the events and the value of a call; nothing for what failed and what calls nothing.
fn event_bytes(outcome: &Outcome) -> usize {
    let operations = outcome.meta.operations.iter();
    let events = operations.flat_map(|operation| operation.events.iter());
    let events: usize = events.map(bytes).sum();
    let meta = outcome.meta.soroban_meta.as_ref().unwrap();
    events + meta.return_value.as_ref().map_or(0, bytes)
}

fn bytes(value: &impl WriteXdr) -> usize {
    value.to_xdr(Limits::none()).unwrap().len()
}

pub(crate) fn amounts(events: &[TransactionEvent]) -> Vec<(Stage, i128)> {
    let amount = |event: &TransactionEvent| {
        let ContractEventBody::V0(body) = &event.event.body;
        let ScVal::I128(parts) = &body.data else {
            panic!("no amount");
        };
        assert_eq!(body.topics[0], draft::symbol("fee"), "topic");
        (event.stage, i128::from(parts))
    };
    events.iter().map(amount).collect()
}
