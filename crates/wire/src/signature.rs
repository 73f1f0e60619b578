//! A transaction's signature.

use stellar_xdr::{DecoratedSignature, Signature, SignatureHint};

use crate::{keypair::Keypair, value::ValueError};

/// The signature that `public_key` gave, as a transaction carries it: beside the last four bytes of the key.
///
/// # Errors
/// None that can be reached: a signature of 64 bytes fits.
pub fn decorated(
    public_key: [u8; 32],
    signature: [u8; 64],
) -> Result<DecoratedSignature, ValueError> {
    let [.., a, b, c, d] = public_key;
    let signature = signature.try_into();
    Ok(DecoratedSignature {
        hint: SignatureHint([a, b, c, d]),
        signature: Signature(signature.map_err(|_| ValueError::TooLong("signature"))?),
    })
}

/// The signature of `signer` over the hash of a transaction.
///
/// # Errors
/// As [`decorated`].
pub fn sign_transaction(
    signer: &Keypair,
    hash: &[u8; 32],
) -> Result<DecoratedSignature, ValueError> {
    decorated(signer.public_key(), signer.sign(hash))
}
