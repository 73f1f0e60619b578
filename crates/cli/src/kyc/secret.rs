//! The key that signs claims. It is never printed: neither it nor an error about it shows what it was read from.

use std::fmt;

use localnet::Keypair;
use stellar_strkey::ed25519::PrivateKey;

use super::error::KycError;

/// An ed25519 key.
pub struct Secret(Keypair);

impl Secret {
    /// Out of a Stellar secret, `S...`, with nothing else but white space around it.
    pub fn read(text: &str) -> Result<Self, KycError> {
        let key = PrivateKey::from_string(text.trim()).map_err(|_| KycError::NotASecret)?;
        Ok(Self(Keypair::from_seed(key.0)))
    }

    /// The public key's 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.0.public_key()
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
