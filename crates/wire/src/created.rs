//! The addresses of contracts, which are known before they are made.

use sha2::{Digest, Sha256};
use stellar_xdr::{
    ContractIdPreimage, Hash, HashIdPreimage, HashIdPreimageContractId, Limits, ScAddress, WriteXdr,
};

use crate::value::{contract_address, ValueError};

/// The address of the contract that is made of `preimage`, made or not.
///
/// # Errors
/// When the preimage cannot be encoded.
pub fn created_address(
    network_id: [u8; 32],
    preimage: &ContractIdPreimage,
) -> Result<ScAddress, ValueError> {
    let preimage = HashIdPreimage::ContractId(HashIdPreimageContractId {
        network_id: Hash(network_id),
        contract_id_preimage: preimage.clone(),
    });
    let bytes = preimage.to_xdr(Limits::none());
    let bytes = bytes.map_err(|_| ValueError::TooLong("contract's origin"))?;
    Ok(contract_address(Sha256::digest(bytes).into()))
}
