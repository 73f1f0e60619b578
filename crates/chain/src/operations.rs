//! What is sent besides calls: accounts, payments, trustlines, wasm, contracts, and the time entries live.

use sha2::{Digest, Sha256};
use wire::{
    created_address, value,
    xdr::{
        AccountId, Asset, ChangeTrustAsset, ChangeTrustOp, ContractExecutable, ContractIdPreimage,
        ContractIdPreimageFromAddress, CreateAccountOp, CreateContractArgsV2, ExtendFootprintTtlOp,
        ExtensionPoint, Hash, HostFunction, LedgerFootprint, LedgerKey, MuxedAccount,
        OperationBody, PaymentOp, RestoreFootprintOp, ScAddress, ScVal, SetOptionsOp,
        SorobanResources, SorobanTransactionData, SorobanTransactionDataExt, Uint256,
    },
    ValueError,
};

use crate::{
    client::Client, error::Error, receipt::Receipt, signer::Signer, transaction::Prepared,
};

impl Client {
    /// Creates an account with `balance` stroops.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create_account(
        &self,
        destination: &AccountId,
        balance: i64,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let body = OperationBody::CreateAccount(CreateAccountOp {
            destination: destination.clone(),
            starting_balance: balance,
        });
        self.submit(&Prepared::classic(body), source).await
    }

    /// Pays `amount` of an asset, in its smallest unit.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn pay(
        &self,
        destination: &AccountId,
        asset: Asset,
        amount: i64,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let body = OperationBody::Payment(PaymentOp {
            destination: MuxedAccount::from(destination.clone()),
            asset,
            amount,
        });
        self.submit(&Prepared::classic(body), source).await
    }

    /// Lets `source` hold up to `limit` of an asset, in its smallest unit; 0 ends that.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn change_trust(
        &self,
        asset: Asset,
        limit: i64,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let line = match asset {
            Asset::Native => ChangeTrustAsset::Native,
            Asset::CreditAlphanum4(asset) => ChangeTrustAsset::CreditAlphanum4(asset),
            Asset::CreditAlphanum12(asset) => ChangeTrustAsset::CreditAlphanum12(asset),
        };
        let body = OperationBody::ChangeTrust(ChangeTrustOp { line, limit });
        self.submit(&Prepared::classic(body), source).await
    }

    /// Sets flags of `source`, to those that it has already: for an issuer required, revocable, immutable, clawback.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn set_flags(&self, flags: u32, source: &dyn Signer) -> Result<Receipt, Error> {
        let body = OperationBody::SetOptions(SetOptionsOp {
            set_flags: Some(flags),
            ..SetOptionsOp::default()
        });
        self.submit(&Prepared::classic(body), source).await
    }

    /// Uploads wasm; returns its hash. That pays rent for four months, up to 150 XLM for our contracts: more than
    /// [`crate::Fees::ceiling`] allows by default.
    ///
    /// # Errors
    /// [`Error::FeeTooHigh`] then, before anything is sent;
    /// [`Error::Unknown`] when the server says that it made another; as [`Client::send`].
    pub async fn upload(
        &self,
        wasm: &[u8],
        source: &dyn Signer,
    ) -> Result<Receipt<[u8; 32]>, Error> {
        let hash = value::bytes(&Sha256::digest(wasm))?;
        let wasm = wasm.try_into().map_err(|_| ValueError::TooLong("wasm"))?;
        let function = HostFunction::UploadContractWasm(wasm);
        confirmed(self.run(function, source, &[]).await?, &hash)
    }

    /// Makes a contract of uploaded wasm; returns its address, which `source` and `salt` determine.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the server says that it made another; as [`Client::send`].
    pub async fn deploy(
        &self,
        wasm: [u8; 32],
        salt: [u8; 32],
        args: Vec<ScVal>,
        source: &dyn Signer,
    ) -> Result<Receipt<ScAddress>, Error> {
        let address = ContractIdPreimageFromAddress {
            address: source.address(),
            salt: Uint256(salt),
        };
        let executable = ContractExecutable::Wasm(Hash(wasm));
        let preimage = ContractIdPreimage::Address(address);
        self.make(preimage, executable, args, source).await
    }

    /// Makes the contract of a classic asset; returns its address.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the server says that it made another; as [`Client::send`].
    pub async fn deploy_asset(
        &self,
        asset: Asset,
        source: &dyn Signer,
    ) -> Result<Receipt<ScAddress>, Error> {
        let preimage = ContractIdPreimage::Asset(asset);
        self.make(
            preimage,
            ContractExecutable::StellarAsset,
            Vec::new(),
            source,
        )
        .await
    }

    async fn make(
        &self,
        preimage: ContractIdPreimage,
        executable: ContractExecutable,
        args: Vec<ScVal>,
        source: &dyn Signer,
    ) -> Result<Receipt<ScAddress>, Error> {
        let made = created_address(self.network_id, &preimage)?;
        let function = HostFunction::CreateContractV2(CreateContractArgsV2 {
            contract_id_preimage: preimage,
            executable,
            constructor_args: args.try_into()?,
        });
        let receipt = self.run(function, source, &[]).await?;
        confirmed(receipt, &ScVal::Address(made))
    }

    /// Lets entries live for at least `ledgers` more ledgers.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn extend(
        &self,
        keys: Vec<LedgerKey>,
        ledgers: u32,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let body = OperationBody::ExtendFootprintTtl(ExtendFootprintTtlOp {
            ext: ExtensionPoint::V0,
            extend_to: ledgers,
        });
        let data = of_footprint(keys, Vec::new())?;
        self.footprint_operation(body, data, source).await
    }

    /// Brings archived entries back. Calls do that by themselves where they have to.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn restore(
        &self,
        keys: Vec<LedgerKey>,
        source: &dyn Signer,
    ) -> Result<Receipt, Error> {
        let body = OperationBody::RestoreFootprint(RestoreFootprintOp {
            ext: ExtensionPoint::V0,
        });
        let data = of_footprint(Vec::new(), keys)?;
        self.footprint_operation(body, data, source).await
    }
}

/// The receipt, if it tells of what must have been made.
fn confirmed<R>(receipt: Receipt<R>, made: &ScVal) -> Result<Receipt<R>, Error> {
    if receipt.returned.as_ref() == Some(made) {
        return Ok(receipt);
    }
    let cause = Error::answer("getTransaction", "made something else than was asked for");
    Err(Error::Unknown {
        hash: receipt.hash,
        cause: Some(Box::new(cause)),
    })
}

fn of_footprint(
    read_only: Vec<LedgerKey>,
    read_write: Vec<LedgerKey>,
) -> Result<SorobanTransactionData, Error> {
    Ok(SorobanTransactionData {
        ext: SorobanTransactionDataExt::V0,
        resources: SorobanResources {
            footprint: LedgerFootprint {
                read_only: read_only.try_into()?,
                read_write: read_write.try_into()?,
            },
            instructions: 0,
            disk_read_bytes: 0,
            write_bytes: 0,
        },
        resource_fee: 0,
    })
}
