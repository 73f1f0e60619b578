//! Contracts: uploaded and created by the host, as on the network.

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    Asset, ContractExecutable, ContractIdPreimage, ContractIdPreimageFromAddress,
    CreateContractArgs, CreateContractArgsV2, Hash, HostFunction, LedgerKey, LedgerKeyContractCode,
    ScAddress, Uint256,
};

use wire::{created_address, FromScVal, IntoArgs, Keypair};

use crate::{auth::Auth, error::InvokeError, invoke::Outcome, ledger::Ledger};

impl Ledger {
    /// Uploads `wasm` and returns its hash. Wasm that is already stored is not uploaded again.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn upload(&self, source: &Keypair, wasm: &[u8]) -> Result<[u8; 32], InvokeError> {
        let hash: [u8; 32] = Sha256::digest(wasm).into();
        let key = LedgerKey::ContractCode(LedgerKeyContractCode { hash: Hash(hash) });
        if self.entry(&key).is_ok_and(|found| found.is_some()) {
            return Ok(hash);
        }
        self.upload_measured(source, wasm)?;
        Ok(hash)
    }

    /// As [`Ledger::upload`], always through the host, to learn what it costs.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn upload_measured(&self, source: &Keypair, wasm: &[u8]) -> Result<Outcome, InvokeError> {
        let function = HostFunction::UploadContractWasm(wasm.try_into()?);
        self.execute(source, function, Auth::Sign(&[]))
    }

    /// Creates a contract of uploaded wasm and runs its constructor with `args`. Its address follows from `deployer`
    /// and `salt`; see [`Ledger::contract_of`]. Signers other than the deployer are for the constructor.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn create_contract(
        &self,
        deployer: &Keypair,
        wasm_hash: [u8; 32],
        salt: [u8; 32],
        args: impl IntoArgs,
        signers: &[&Keypair],
    ) -> Result<ScAddress, InvokeError> {
        let function = HostFunction::CreateContractV2(CreateContractArgsV2 {
            contract_id_preimage: from_address(deployer, salt),
            executable: ContractExecutable::Wasm(Hash(wasm_hash)),
            constructor_args: args.into_args()?.try_into()?,
        });
        let created = self.execute(deployer, function, Auth::Sign(signers))?;
        Ok(ScAddress::from_scval(&created.value)?)
    }

    /// Uploads `wasm` and creates a contract of it under a fresh salt.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn deploy(
        &self,
        deployer: &Keypair,
        wasm: &[u8],
        args: impl IntoArgs,
    ) -> Result<ScAddress, InvokeError> {
        let hash = self.upload(deployer, wasm)?;
        let salt = self.draw_seed();
        self.create_contract(deployer, hash, salt, args, &[])
    }

    /// Creates the Stellar asset contract of `asset`; anyone may, once.
    ///
    /// # Errors
    /// Any [`InvokeError`].
    pub fn deploy_asset(&self, source: &Keypair, asset: Asset) -> Result<ScAddress, InvokeError> {
        let function = HostFunction::CreateContract(CreateContractArgs {
            contract_id_preimage: ContractIdPreimage::Asset(asset),
            executable: ContractExecutable::StellarAsset,
        });
        let created = self.execute(source, function, Auth::Sign(&[]))?;
        Ok(ScAddress::from_scval(&created.value)?)
    }

    /// The address of the contract that `deployer` creates, or has created, with `salt`.
    ///
    /// # Errors
    /// When the preimage cannot be encoded.
    pub fn contract_of(
        &self,
        deployer: &Keypair,
        salt: [u8; 32],
    ) -> Result<ScAddress, InvokeError> {
        Ok(created_address(
            self.network_id(),
            &from_address(deployer, salt),
        )?)
    }

    /// The address of `asset`'s contract, created or not.
    ///
    /// # Errors
    /// When the preimage cannot be encoded.
    pub fn contract_of_asset(&self, asset: Asset) -> Result<ScAddress, InvokeError> {
        Ok(created_address(
            self.network_id(),
            &ContractIdPreimage::Asset(asset),
        )?)
    }
}

fn from_address(deployer: &Keypair, salt: [u8; 32]) -> ContractIdPreimage {
    ContractIdPreimage::Address(ContractIdPreimageFromAddress {
        address: deployer.address(),
        salt: Uint256(salt),
    })
}
