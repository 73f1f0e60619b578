//! Reading XDR that a server sent.

use wire::xdr::{Limits, ReadXdr};

use crate::error::Error;

/// As deep as the host itself reads, and metadata around that.
const DEPTH: u32 = 532;

/// Reads what `base64` encodes. No more memory is set aside than it has characters, whatever lengths it claims.
pub(crate) fn xdr<T: ReadXdr>(method: &'static str, base64: &str) -> Result<T, Error> {
    let limits = Limits {
        depth: DEPTH,
        len: base64.len(),
    };
    T::from_xdr_base64(base64, limits)
        .map_err(|error| Error::answer(method, format!("bad XDR: {error}")))
}

/// Reads them all.
pub(crate) fn all<T: ReadXdr>(
    method: &'static str,
    base64: &[impl AsRef<str>],
) -> Result<Vec<T>, Error> {
    base64.iter().map(|one| xdr(method, one.as_ref())).collect()
}

/// Reads a hash in hexadecimal.
pub(crate) fn hash(method: &'static str, text: &str) -> Result<[u8; 32], Error> {
    let bad = || Error::answer(method, "no hash");
    let hash: wire::xdr::Hash = text.parse().map_err(|_| bad())?;
    Ok(hash.0)
}

#[cfg(test)]
mod tests {
    use wire::xdr::ScVal;

    use super::*;

    #[test]
    fn a_claimed_length_sets_no_memory_aside() {
        // Bytes of 4 294 967 295 bytes, none of which follow.
        let lie = "AAAADf////8=";
        assert!(xdr::<ScVal>("test", lie).is_err(), "a lie");
        assert_eq!(xdr::<ScVal>("test", "AAAAAQ==").ok(), Some(ScVal::Void));
    }
}
