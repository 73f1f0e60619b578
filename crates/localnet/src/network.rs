//! The settings of Stellar mainnet, as every validator reads them from its ledger.
//!
//! Values: `stellar/laboratory`, `src/constants/networkLimits.ts` at f0103e70 (29 July 2026), which that project
//! reads from the live network. Limits and fee rates agree with the snapshot of 10 July 2026 in `soroban-sdk` 28.0.0.
//! Base fee, base reserve and a ledger's classic operations are not among those settings but in each ledger's header; that
//! mainnet's headers say 1 000 operations was not looked up.

use std::sync::Arc;

use soroban_env_host::{
    budget::Budget,
    fees::{
        compute_rent_write_fee_per_1kb, FeeConfiguration, RentFeeConfiguration,
        RentWriteFeeConfiguration,
    },
    xdr::{ContractCostParamEntry, ContractCostParams, ExtensionPoint},
    HostError,
};

use wire::{network_id, PUBLIC, SECONDS_PER_LEDGER};

use crate::compare::Observer;

/// Protocol version that the ledger runs.
pub const PROTOCOL_VERSION: u32 = 28;

/// How far the host may overshoot a limit in work it does not charge for (diagnostics, simulated cache hits).
const SHADOW_FACTOR: u64 = 10;
/// Mean of the thirty samples of the live state's size, in bytes; it sets the rent rate.
const STATE_SIZE: u64 = 1_388_000_392;

/// By how many ledgers a clock that moves by `seconds` goes on: as many as fit, rounded down, at least one.
#[must_use]
pub fn ledgers_within(seconds: u64) -> u32 {
    u32::try_from((seconds / SECONDS_PER_LEDGER).max(1)).unwrap_or(u32::MAX)
}

/// What one transaction may use at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Metered CPU instructions.
    pub instructions: u64,
    /// Metered memory, bytes.
    pub memory: u64,
    /// Keys in the footprint, read-only and read-write together.
    pub footprint_entries: u32,
    /// Entries read from disk: accounts, trustlines and restored entries.
    pub disk_read_entries: u32,
    /// Bytes of the entries read from disk.
    pub disk_read_bytes: u32,
    /// Keys in the read-write footprint.
    pub write_entries: u32,
    /// Bytes of the entries in the read-write footprint after the call.
    pub write_bytes: u32,
    /// Bytes of contract events and the return value.
    pub event_bytes: u32,
    /// Bytes of the signed transaction envelope.
    pub transaction_bytes: u32,
    /// Bytes of one contract data key.
    pub key_bytes: u32,
    /// Bytes of one contract data entry.
    pub data_entry_bytes: u32,
    /// Bytes of one contract's wasm.
    pub code_bytes: u32,
}

/// What all transactions of one ledger may use together. Those of contracts count, but for `operations`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLimits {
    /// Operations of classic transactions.
    pub operations: u32,
    /// Transactions.
    pub transactions: u32,
    /// Bytes of the signed transaction envelopes.
    pub transaction_bytes: u32,
    /// Metered CPU instructions, for each of the clusters.
    pub instructions: u64,
    /// Clusters of transactions that may run side by side.
    pub clusters: u32,
    /// Entries read from disk.
    pub disk_read_entries: u32,
    /// Bytes of the entries read from disk.
    pub disk_read_bytes: u32,
    /// Entries written.
    pub write_entries: u32,
    /// Bytes of the entries written.
    pub write_bytes: u32,
}

/// How long entries live, in ledgers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeToLive {
    /// A new temporary entry.
    pub min_temporary: u32,
    /// A new or restored persistent entry.
    pub min_persistent: u32,
    /// The longest extension of any entry.
    pub max: u32,
}

/// Everything the ledger takes from the network's configuration, and where its clock starts.
#[derive(Debug)]
pub struct NetworkConfig {
    /// Passphrase whose SHA-256 is the network id that signatures bind to.
    pub passphrase: String,
    /// Sequence number of the first ledger.
    pub start_sequence: u32,
    /// Unix time of the first ledger, seconds.
    pub start_time: u64,
    /// Least inclusion fee of an operation, stroops.
    pub base_fee: u32,
    /// Reserve per account and sub-entry, stroops.
    pub base_reserve: u32,
    /// What one transaction may use.
    pub limits: Limits,
    /// What all transactions of one ledger may use.
    pub ledger_limits: LedgerLimits,
    /// How long entries live.
    pub ttl: TimeToLive,
    /// Resource fee rates, stroops.
    pub fees: FeeConfiguration,
    /// Rent fee rates, stroops; the one by size follows from the live state's size.
    pub rent: RentFeeConfiguration,
    /// How the rent rate follows from the live state's size.
    pub(crate) rent_curve: RentWriteFeeConfiguration,
    /// Mean size of the live state, bytes.
    pub(crate) state_size: u64,
    /// Whether a failed call is run again to collect the host's diagnostic events for its error.
    pub explain_failures: bool,
    /// Whether a call may declare all that it touches as written. Otherwise it is rehearsed to find out what it changes,
    /// so that its costs are those it would have on the network.
    pub has_wide_footprints: bool,
    /// Whether an address may authorise a call that is not the transaction's own (off for usual clients).
    pub allow_non_root_auth: bool,
    /// Who sees calls compared with what RPC servers would simulate. What declares a wide footprint is not compared; what a wide
    /// one does not fit is.
    pub observer: Option<Arc<dyn Observer>>,
    pub(crate) cpu_costs: ContractCostParams,
    pub(crate) memory_costs: ContractCostParams,
}

impl NetworkConfig {
    /// Mainnet's settings; the clock starts at 2026-01-01T00:00:00Z.
    #[must_use]
    pub fn mainnet() -> Self {
        Self {
            passphrase: PUBLIC.into(),
            start_sequence: 60_000_000,
            start_time: 1_767_225_600,
            base_fee: 100,
            base_reserve: 5_000_000,
            limits: mainnet_limits(),
            ledger_limits: mainnet_ledger_limits(),
            ttl: TimeToLive {
                min_temporary: 17_280,
                min_persistent: 2_073_600,
                max: 3_110_400,
            },
            fees: mainnet_fees(),
            rent: mainnet_rent(),
            rent_curve: mainnet_rent_curve(),
            state_size: STATE_SIZE,
            explain_failures: true,
            has_wide_footprints: false,
            allow_non_root_auth: false,
            observer: None,
            cpu_costs: cost_params(&CPU_COSTS),
            memory_costs: cost_params(&MEMORY_COSTS),
        }
    }

    /// SHA-256 of the passphrase.
    #[must_use]
    pub fn network_id(&self) -> [u8; 32] {
        network_id(&self.passphrase)
    }

    /// A fresh budget of `instructions` instructions and the memory of one transaction, as a validator makes it.
    pub(crate) fn declared_budget(&self, instructions: u64) -> Result<Budget, HostError> {
        Budget::try_from_configs(
            instructions,
            self.limits.memory,
            self.cpu_costs.clone(),
            self.memory_costs.clone(),
        )
    }

    /// A fresh budget of `headroom` times the transaction limits.
    pub(crate) fn budget(&self, headroom: u64) -> Result<Budget, HostError> {
        let cpu = self.limits.instructions.saturating_mul(headroom);
        let memory = self.limits.memory.saturating_mul(headroom);
        Budget::try_from_configs_with_shadow_limits(
            cpu,
            memory,
            cpu.saturating_mul(SHADOW_FACTOR),
            memory.saturating_mul(SHADOW_FACTOR),
            self.cpu_costs.clone(),
            self.memory_costs.clone(),
        )
    }
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self::mainnet()
    }
}

fn mainnet_limits() -> Limits {
    Limits {
        instructions: 400_000_000,
        memory: 41_943_040,
        footprint_entries: 400,
        disk_read_entries: 200,
        disk_read_bytes: 200_000,
        write_entries: 200,
        write_bytes: 132_096,
        event_bytes: 16_384,
        transaction_bytes: 132_096,
        key_bytes: 250,
        data_entry_bytes: 65_536,
        code_bytes: 131_072,
    }
}

fn mainnet_ledger_limits() -> LedgerLimits {
    LedgerLimits {
        operations: 1_000,
        transactions: 2_000,
        transaction_bytes: 266_240,
        instructions: 580_000_000,
        clusters: 2,
        disk_read_entries: 1_000,
        disk_read_bytes: 400_000,
        write_entries: 1_000,
        write_bytes: 286_720,
    }
}

fn mainnet_fees() -> FeeConfiguration {
    FeeConfiguration {
        fee_per_instruction_increment: 7,
        fee_per_disk_read_entry: 1_563,
        fee_per_write_entry: 2_500,
        fee_per_disk_read_1kb: 447,
        fee_per_write_1kb: 875,
        fee_per_historical_1kb: 4_059,
        fee_per_contract_event_1kb: 5_000,
        fee_per_transaction_size_1kb: 406,
    }
}

fn mainnet_rent_curve() -> RentWriteFeeConfiguration {
    RentWriteFeeConfiguration {
        state_target_size_bytes: 3_000_000_000,
        rent_fee_1kb_state_size_low: -17_000,
        rent_fee_1kb_state_size_high: 10_000,
        state_size_rent_fee_growth_factor: 5_000,
    }
}

fn mainnet_rent() -> RentFeeConfiguration {
    RentFeeConfiguration {
        fee_per_write_1kb: 875,
        fee_per_rent_1kb: rent_rate(STATE_SIZE, &mainnet_rent_curve()),
        fee_per_write_entry: 2_500,
        persistent_rent_rate_denominator: 1_215,
        temporary_rent_rate_denominator: 2_430,
    }
}

/// Rent per 1024 bytes, stroops, when the live state has `state_size` bytes.
pub(crate) fn rent_rate(state_size: u64, curve: &RentWriteFeeConfiguration) -> i64 {
    compute_rent_write_fee_per_1kb(i64::try_from(state_size).unwrap_or(i64::MAX), curve)
}

fn cost_params(terms: &[(i64, i64)]) -> ContractCostParams {
    let entries: Vec<_> = terms
        .iter()
        .map(|&(const_term, linear_term)| ContractCostParamEntry {
            ext: ExtensionPoint::V0,
            const_term,
            linear_term,
        })
        .collect();
    // The tables below are shorter than the protocol's bound of 1024 entries.
    ContractCostParams(entries.try_into().unwrap_or_default())
}

/// CPU cost of each `ContractCostType`, in its order: (constant term, linear term in 1/128).
#[rustfmt::skip]
const CPU_COSTS: [(i64, i64); 86] = [
    (4, 0), (434, 16), (42, 16), (44, 16), (295, 0), (60, 0), (221, 26), (331, 4369), (3636, 7013),
    (40256, 0), (377551, 4059), (417482, 45712), (41142, 634), (1945, 0), (6481, 5943), (711, 0),
    (2314804, 0), (4176, 0), (4716, 0), (4680, 0), (4256, 0), (884, 0), (1059, 502),
    (73077, 25410), (0, 540752), (0, 176363), (0, 29989), (0, 1061449), (0, 237336), (0, 328476),
    (0, 701845), (0, 429383), (0, 28), (43030, 0), (0, 7556), (0, 10711), (0, 3300), (0, 0),
    (0, 23038), (0, 42488), (0, 828974), (0, 297100), (0, 14), (1882, 0), (3000906, 0), (661, 0),
    (985, 0), (1934, 0), (730510, 0), (5921, 0), (1057822, 0), (92642, 0), (100742, 0), (7689, 0),
    (2458985, 0), (2347584, 94135478), (1020885, 0), (2638451, 6803), (25207, 0), (7873219, 0),
    (7663880, 298580871), (1856539, 0), (6315452, 7232), (10558948, 632860943), (1994, 0),
    (1155, 0), (74, 0), (332, 0), (691, 74558), (35421, 0), (344, 0), (476, 0), (904, 0),
    (2811, 0), (1706052, 0), (61, 0), (3623, 0), (1150435, 0), (5263916, 392472814), (2052, 0),
    (1133, 0), (74, 0), (332, 0), (755, 68930), (33151, 0), (1185193, 41568084),
];

/// Memory cost of each `ContractCostType`, in its order: (constant term, linear term in 1/128).
#[rustfmt::skip]
const MEMORY_COSTS: [(i64, i64); 86] = [
    (0, 0), (16, 128), (0, 0), (0, 0), (0, 0), (0, 0), (242, 384), (0, 384), (0, 0), (0, 0),
    (0, 0), (132773, 4903), (69472, 1217), (14, 0), (0, 0), (0, 0), (181, 0), (99, 0), (99, 0),
    (99, 0), (99, 0), (99, 0), (0, 0), (17564, 6457), (0, 47464), (0, 13420), (0, 6285),
    (0, 64670), (0, 29074), (0, 48095), (0, 103229), (0, 36394), (0, 257), (70704, 0), (0, 14613),
    (0, 6833), (0, 1025), (0, 0), (0, 129632), (0, 13665), (0, 97637), (0, 9176), (0, 126), (0, 0),
    (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0),
    (109494, 266603), (2776, 0), (5896, 0), (0, 0), (0, 0), (219654, 266603), (1672, 0), (3960, 0),
    (2204, 9340474), (0, 0), (248, 0), (0, 0), (0, 0), (0, 128), (0, 0), (0, 0), (0, 0), (0, 0),
    (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1821, 6232546), (0, 0), (312, 0), (0, 0), (0, 0),
    (0, 0), (0, 0), (73061, 229779),
];
