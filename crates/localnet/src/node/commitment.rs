//! One hash for the whole state, kept up to date entry by entry.

use sha2::{Digest, Sha256};

use crate::state::Entry;

/// The sum, modulo 2^256, of the SHA-256 of every entry with its time to live. The order in which entries came does not
/// matter, so the sum can be made again from what is stored. It shows damage; against somebody who chooses entries in
/// order to keep the sum it is no proof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Commitment {
    /// Least significant limb first.
    sum: [u64; 4],
    entries: u64,
}

impl Commitment {
    /// Takes an entry in.
    pub fn add(&mut self, entry: &Entry) {
        let mut carry = false;
        for (limb, addend) in self.sum.iter_mut().zip(leaf(entry)) {
            let (sum, over) = limb.overflowing_add(addend);
            let (sum, over_carry) = sum.overflowing_add(u64::from(carry));
            (*limb, carry) = (sum, over || over_carry);
        }
        self.entries = self.entries.wrapping_add(1);
    }

    /// Takes an entry out.
    pub fn subtract(&mut self, entry: &Entry) {
        let mut borrow = false;
        for (limb, part) in self.sum.iter_mut().zip(leaf(entry)) {
            let (rest, under) = limb.overflowing_sub(part);
            let (rest, under_borrow) = rest.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (rest, under || under_borrow);
        }
        self.entries = self.entries.wrapping_sub(1);
    }

    /// What a header carries.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for limb in self.sum {
            hash.update(limb.to_be_bytes());
        }
        hash.chain_update(self.entries.to_be_bytes())
            .finalize()
            .into()
    }
}

fn leaf(entry: &Entry) -> [u64; 4] {
    let mut hash: [u8; 32] = Sha256::new()
        .chain_update([u8::from(entry.live_until.is_some())])
        .chain_update(entry.live_until.unwrap_or(0).to_be_bytes())
        .chain_update(entry.rent_size.to_be_bytes())
        .chain_update(&entry.encoded)
        .finalize()
        .into();
    let mut limbs = [0; 4];
    for (limb, bytes) in limbs.iter_mut().zip(hash.as_chunks_mut::<8>().0) {
        *limb = u64::from_be_bytes(*bytes);
    }
    limbs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &[u8], live_until: Option<u32>) -> Entry {
        Entry::encoded(text.into(), live_until, 0)
    }

    #[test]
    fn order_does_not_matter_and_what_was_taken_out_leaves_no_trace() {
        let entries: Vec<_> = (0..100_u8).map(|i| entry(&[i], None)).collect();
        let (mut forth, mut back) = (Commitment::default(), Commitment::default());
        entries.iter().for_each(|entry| forth.add(entry));
        entries.iter().rev().for_each(|entry| back.add(entry));
        assert_eq!(forth, back, "order");
        entries.iter().for_each(|entry| forth.subtract(entry));
        assert_eq!(forth, Commitment::default(), "nothing left");
    }

    #[test]
    fn content_and_time_to_live_both_count() {
        let hash = |entry: &Entry| {
            let mut total = Commitment::default();
            total.add(entry);
            total.hash()
        };
        let hashes = [
            hash(&entry(b"a", None)),
            hash(&entry(b"b", None)),
            hash(&entry(b"a", Some(0))),
            hash(&entry(b"a", Some(1))),
            Commitment::default().hash(),
        ];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
    }
}
