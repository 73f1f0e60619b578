//! A network with many accounts, the native asset's contract and a small one, and what the accounts send.

use localnet::{
    xdr::{
        AccountId, Asset, BytesM, ContractExecutable, ContractIdPreimage,
        ContractIdPreimageFromAddress, CreateAccountOp, CreateContractArgs, Hash, HostFunction,
        InvokeContractArgs, OperationBody, ScAddress, ScSymbol, ScVal, Uint256,
    },
    Keypair,
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use wire::created_address;

use crate::{
    contract,
    network::{call, Network},
    transactions::{check_pending, Payer, Prepared},
    Outcome,
};

/// What each account holds at first, stroops: a million lumens.
const FUNDS: i64 = 10_000_000_000_000;
/// Operations of one transaction.
pub const OPERATIONS: usize = 100;

/// What the accounts do, each once a ledger.
#[derive(Clone, Copy)]
pub enum Call {
    /// Sends the next account a stroop through the native asset's contract.
    Transfer,
    /// Has the small contract do nothing.
    Noop,
}

/// A network under load.
pub struct Load {
    pub payers: Vec<Payer>,
    network_id: [u8; 32],
    native: ScAddress,
    small: ScAddress,
}

impl Load {
    /// Founds `count` accounts and deploys both contracts on an empty network.
    pub fn found(network: &mut dyn Network, network_id: [u8; 32], count: usize) -> Outcome<Self> {
        let root = Keypair::from_seed(network_id);
        let mut root = Payer { key: root, next: 1 };
        let keys: Vec<_> = (0..count)
            .map(|index| Keypair::named(&format!("payer {index}")))
            .collect();
        let mut payers = Vec::with_capacity(count);
        for keys in keys.chunks(OPERATIONS) {
            let ids = keys.iter().map(Keypair::account_id);
            let created = Prepared::classic(ids.map(|id| creation(id, FUNDS)).collect())?;
            send(network, &created.sending(&mut root, network_id)?)?;
            network.close()?;
            let next = (latest(network)? << 32) + 1;
            payers.extend(keys.iter().map(|key| Payer {
                key: key.clone(),
                next,
            }));
        }
        let mut load = Self {
            payers,
            network_id,
            native: ScAddress::default(),
            small: ScAddress::default(),
        };
        load.deploy(network)?;
        Ok(load)
    }

    fn deploy(&mut self, network: &mut dyn Network) -> Outcome<()> {
        let native = ContractIdPreimage::Asset(Asset::Native);
        self.native = self.create(network, native, ContractExecutable::StellarAsset)?;
        let wasm = contract::module();
        let hash = Hash(Sha256::digest(&wasm).into());
        let upload = HostFunction::UploadContractWasm(wasm.try_into()?);
        self.invoke(network, upload)?;
        let deployer = self.payers.first().ok_or("no accounts")?;
        let small = ContractIdPreimage::Address(ContractIdPreimageFromAddress {
            address: deployer.key.address(),
            salt: Uint256([0; 32]),
        });
        self.small = self.create(network, small, ContractExecutable::Wasm(hash))?;
        Ok(())
    }

    fn create(
        &mut self,
        network: &mut dyn Network,
        preimage: ContractIdPreimage,
        executable: ContractExecutable,
    ) -> Outcome<ScAddress> {
        let made = created_address(self.network_id, &preimage)?;
        let create = HostFunction::CreateContract(CreateContractArgs {
            contract_id_preimage: preimage,
            executable,
        });
        self.invoke(network, create)?;
        Ok(made)
    }

    /// The first account's call, in a ledger of its own.
    fn invoke(&mut self, network: &mut dyn Network, function: HostFunction) -> Outcome<()> {
        let payer = self.payers.first_mut().ok_or("no accounts")?;
        let prepared = Prepared::simulated(network, payer, function)?;
        send(network, &prepared.sending(payer, self.network_id)?)?;
        network.close()
    }

    /// The calls of all accounts, ready but for sequence numbers and signatures.
    pub fn prepare(&self, network: &mut dyn Network, which: Call) -> Outcome<Vec<Prepared>> {
        let others = self.payers.iter().cycle().skip(1);
        let pairs = self.payers.iter().zip(others);
        let prepared = pairs.map(|(payer, other)| {
            let function = match which {
                Call::Transfer => self.transfer(payer, other)?,
                Call::Noop => call_of(&self.small, "noop", Vec::new())?,
            };
            Prepared::simulated(network, payer, function)
        });
        prepared.collect()
    }

    fn transfer(&self, from: &Payer, to: &Payer) -> Outcome<HostFunction> {
        let (from, to) = (from.key.address(), to.key.address());
        let args = vec![
            ScVal::Address(from),
            ScVal::Address(to),
            ScVal::from(1_i128),
        ];
        call_of(&self.native, "transfer", args)
    }

    /// Requests of `ledgers` ledgers, in each of which every account sends its call.
    pub fn rounds(&mut self, prepared: &[Prepared], ledgers: usize) -> Outcome<Vec<Vec<String>>> {
        let network_id = self.network_id;
        let mut round = || {
            let pairs = self.payers.iter_mut().zip(prepared);
            let round = pairs.map(|(payer, prepared)| prepared.sending(payer, network_id));
            round.collect()
        };
        (0..ledgers).map(|_| round()).collect()
    }

    /// In one ledger each of the first accounts has the small contract store `count` values of `bytes` bytes under
    /// numbers that nobody else uses, from those of `parts` on.
    pub fn store(
        &mut self,
        network: &mut dyn Network,
        parts: std::ops::Range<u32>,
        count: u32,
        bytes: usize,
    ) -> Outcome<()> {
        for (part, payer) in parts.zip(&mut self.payers) {
            let value: BytesM = vec![7; bytes].try_into()?;
            let args = vec![
                ScVal::U32(part.saturating_mul(count)),
                ScVal::U32(count),
                ScVal::Bytes(value.into()),
            ];
            let function = call_of(&self.small, "put", args)?;
            let prepared = Prepared::simulated(network, payer, function)?;
            send(network, &prepared.sending(payer, self.network_id)?)?;
        }
        network.close()
    }

    /// In one ledger each of the first accounts creates as many accounts as a transaction can, numbered by `parts`.
    pub fn create_accounts(
        &mut self,
        network: &mut dyn Network,
        parts: std::ops::Range<u32>,
    ) -> Outcome<()> {
        for (part, payer) in parts.zip(&mut self.payers) {
            let created = (0..OPERATIONS).map(|index| {
                let key = Keypair::named(&format!("{part}/{index}"));
                creation(key.account_id(), 10_000_000)
            });
            let created = Prepared::classic(created.collect())?;
            send(network, &created.sending(payer, self.network_id)?)?;
        }
        network.close()
    }
}

fn send(network: &mut dyn Network, body: &str) -> Outcome<()> {
    check_pending(&network.ask(body)?)
}

fn latest(network: &mut dyn Network) -> Outcome<i64> {
    let latest = call(network, "getLatestLedger", &json!({}))?;
    let sequence = latest.get("sequence").and_then(Value::as_i64);
    sequence.ok_or_else(|| format!("no ledger: {latest}").into())
}

fn creation(destination: AccountId, starting_balance: i64) -> OperationBody {
    OperationBody::CreateAccount(CreateAccountOp {
        destination,
        starting_balance,
    })
}

fn call_of(contract: &ScAddress, name: &str, args: Vec<ScVal>) -> Outcome<HostFunction> {
    Ok(HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: contract.clone(),
        function_name: ScSymbol(name.try_into()?),
        args: args.try_into()?,
    }))
}
