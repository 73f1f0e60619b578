//! Transactions in the making.

use localnet::{
    node::Submission,
    xdr::{
        Asset, ContractDataDurability, ContractExecutable, ContractIdPreimage, CreateContractArgs,
        ExtensionPoint, HostFunction, InvokeContractArgs, InvokeHostFunctionOp, LedgerFootprint,
        LedgerKey, LedgerKeyContractData, Memo, MuxedAccount, Operation, OperationBody,
        Preconditions, RestoreFootprintOp, ScAddress, ScSymbol, ScVal, SequenceNumber,
        SorobanAuthorizationEntry, SorobanAuthorizedFunction, SorobanAuthorizedInvocation,
        SorobanCredentials, SorobanResources, SorobanResourcesExtV0, SorobanTransactionData,
        SorobanTransactionDataExt, Transaction, TransactionEnvelope, TransactionExt,
        TransactionV1Envelope,
    },
    Keypair,
};

use crate::{envelope, World};

/// A transaction before it is signed.
#[derive(Clone)]
pub(crate) struct Draft(pub Transaction);

/// More than any call here costs, stroops.
pub(crate) const RESOURCE_FEE: i64 = 20_000_000;

impl Draft {
    pub fn classic(world: &World, source: &Keypair, bodies: Vec<OperationBody>) -> Self {
        let operations: Vec<_> = bodies.into_iter().map(operation).collect();
        let sequence = world.account(&source.account_id()).seq_num.0 + 1;
        Self(Transaction {
            source_account: MuxedAccount::from(source.account_id()),
            fee: 100 * operations.len() as u32,
            seq_num: SequenceNumber(sequence),
            cond: Preconditions::None,
            memo: Memo::None,
            operations: operations.try_into().unwrap(),
            ext: TransactionExt::V0,
        })
    }

    pub fn soroban(
        world: &World,
        source: &Keypair,
        body: OperationBody,
        footprint: LedgerFootprint,
    ) -> Self {
        let mut draft = Self::classic(world, source, vec![body]);
        draft.0.fee += RESOURCE_FEE as u32;
        draft.0.ext = TransactionExt::V1(SorobanTransactionData {
            ext: SorobanTransactionDataExt::V0,
            resources: SorobanResources {
                footprint,
                instructions: 5_000_000,
                disk_read_bytes: 1_000,
                write_bytes: 1_000,
            },
            resource_fee: RESOURCE_FEE,
        });
        draft
    }

    pub fn data(&mut self) -> &mut SorobanTransactionData {
        match &mut self.0.ext {
            TransactionExt::V1(data) => data,
            TransactionExt::V0 => panic!("a classic transaction"),
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut SorobanTransactionData)) -> Self {
        change(self.data());
        self
    }

    pub fn restoring(self, positions: &[u32]) -> Self {
        self.with(|data| {
            data.ext = SorobanTransactionDataExt::V1(SorobanResourcesExtV0 {
                archived_soroban_entries: positions.try_into().unwrap(),
            });
        })
    }

    pub fn sign(&self, world: &World, signers: &[&Keypair]) -> Submission {
        let network_id = world.node.network().network_id();
        let envelope = TransactionEnvelope::Tx(self.envelope(network_id, signers));
        Submission::new(envelope, network_id).unwrap()
    }

    pub fn envelope(&self, network_id: [u8; 32], signers: &[&Keypair]) -> TransactionV1Envelope {
        envelope::signed(self.0.clone(), signers, network_id)
    }
}

pub(crate) fn operation(body: OperationBody) -> Operation {
    Operation {
        source_account: None,
        body,
    }
}

pub(crate) fn footprint(read_only: &[LedgerKey], read_write: &[LedgerKey]) -> LedgerFootprint {
    LedgerFootprint {
        read_only: read_only.try_into().unwrap(),
        read_write: read_write.try_into().unwrap(),
    }
}

pub(crate) fn account_key(key: &Keypair) -> LedgerKey {
    wire::account_key(&key.account_id())
}

pub(crate) fn data_key(contract: &ScAddress, key: ScVal) -> LedgerKey {
    LedgerKey::ContractData(LedgerKeyContractData {
        contract: contract.clone(),
        key,
        durability: ContractDataDurability::Persistent,
    })
}

pub(crate) fn instance_key(contract: &ScAddress) -> LedgerKey {
    data_key(contract, ScVal::LedgerKeyContractInstance)
}

pub(crate) fn symbol(name: &str) -> ScVal {
    ScVal::Symbol(ScSymbol(name.try_into().unwrap()))
}

/// Where the asset's contract keeps what `holder` has, if that is a contract.
pub(crate) fn balance_key(asset: &ScAddress, holder: &ScAddress) -> LedgerKey {
    let key = vec![symbol("Balance"), ScVal::Address(holder.clone())];
    data_key(asset, ScVal::Vec(Some(key.try_into().unwrap())))
}

pub(crate) fn contract_of(world: &World, preimage: ContractIdPreimage) -> ScAddress {
    wire::created_address(world.node.network().network_id(), &preimage).unwrap()
}

pub(crate) fn deploy_native(world: &World) -> (Draft, ScAddress) {
    let preimage = ContractIdPreimage::Asset(Asset::Native);
    let contract = contract_of(world, preimage.clone());
    let function = HostFunction::CreateContract(CreateContractArgs {
        contract_id_preimage: preimage,
        executable: ContractExecutable::StellarAsset,
    });
    let footprint = footprint(&[], &[instance_key(&contract)]);
    let body = invocation(function, Vec::new());
    let draft = Draft::soroban(world, &world.alice, body, footprint);
    (draft, contract)
}

pub(crate) fn invocation(
    host_function: HostFunction,
    auth: Vec<SorobanAuthorizationEntry>,
) -> OperationBody {
    OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
        host_function,
        auth: auth.try_into().unwrap(),
    })
}

pub(crate) fn call(contract: &ScAddress, name: &str, args: Vec<ScVal>) -> InvokeContractArgs {
    InvokeContractArgs {
        contract_address: contract.clone(),
        function_name: ScSymbol(name.try_into().unwrap()),
        args: args.try_into().unwrap(),
    }
}

/// What the source of the transaction authorises.
pub(crate) fn by_source(function: SorobanAuthorizedFunction) -> SorobanAuthorizationEntry {
    SorobanAuthorizationEntry {
        credentials: SorobanCredentials::SourceAccount,
        root_invocation: SorobanAuthorizedInvocation {
            function,
            sub_invocations: Default::default(),
        },
    }
}

/// `from` sends `to` `amount` of the native asset, through its contract.
pub(crate) fn transfer(world: &World, from: &Keypair, to: &ScAddress, amount: i64) -> Draft {
    let amount = ScVal::from(i128::from(amount));
    let args = vec![
        ScVal::Address(from.address()),
        ScVal::Address(to.clone()),
        amount,
    ];
    let call = call(&world.xlm, "transfer", args);
    let auth = by_source(SorobanAuthorizedFunction::ContractFn(call.clone()));
    let receiver = match to {
        ScAddress::Account(id) => wire::account_key(id),
        other => balance_key(&world.xlm, other),
    };
    let footprint = footprint(&[instance_key(&world.xlm)], &[account_key(from), receiver]);
    let body = invocation(HostFunction::InvokeContract(call), vec![auth]);
    Draft::soroban(world, from, body, footprint)
}

/// Restores what is archived under `keys`.
pub(crate) fn restore(world: &World, source: &Keypair, keys: &[LedgerKey]) -> Draft {
    let body = OperationBody::RestoreFootprint(RestoreFootprintOp {
        ext: ExtensionPoint::V0,
    });
    let draft = Draft::soroban(world, source, body, footprint(&[], keys));
    draft.with(|data| {
        data.resources.disk_read_bytes = 5_000;
        data.resources.write_bytes = 5_000;
    })
}
