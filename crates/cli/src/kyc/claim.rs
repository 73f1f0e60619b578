//! A claim: what an issuer says of an identity, signed over network, issuer, identity, topic, nonce and data.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use localnet::{
    network_id,
    xdr::{Limits, ScAddress, ScVal, WriteXdr},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::KycError;
use super::secret::Secret;
use crate::policy::moment;

/// The scheme of ed25519, by the number that the issuer's contract knows it by.
pub const ED25519: u32 = 101;

/// Largest file that is read.
const MAX_BYTES: u64 = 16 * 1024;

/// Every message that is signed begins with it.
const MESSAGE: u8 = 1;

/// The address of a contract, `C...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractId(ScAddress);

impl ContractId {
    /// As contracts take it.
    #[must_use]
    pub fn to_scval(&self) -> ScVal {
        ScVal::Address(self.0.clone())
    }

    /// As transactions name whom they call.
    #[must_use]
    pub fn address(&self) -> &ScAddress {
        &self.0
    }
}

impl FromStr for ContractId {
    type Err = KycError;

    fn from_str(text: &str) -> Result<Self, KycError> {
        match text.parse() {
            Ok(address @ ScAddress::Contract(_)) => Ok(Self(address)),
            _ => Err(KycError::NotAContract(text.to_owned())),
        }
    }
}

impl fmt::Display for ContractId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ContractId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContractId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The random number of the credential that a claim stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential([u8; 16]);

impl FromStr for Credential {
    type Err = KycError;

    fn from_str(text: &str) -> Result<Self, KycError> {
        let digits = text.replace('-', "");
        let bytes = hex::decode(digits).map_err(|_| KycError::NotACredential)?;
        let bytes = bytes.try_into().map_err(|_| KycError::NotACredential)?;
        Ok(Self(bytes))
    }
}

/// What an issuer is about to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Passphrase of the network.
    pub network: String,
    /// The issuer's contract.
    pub issuer: ContractId,
    /// The person's identity.
    pub identity: ContractId,
    /// What was checked, by its number.
    pub topic: u32,
    /// How often all of this identity's claims of the topic were revoked; the issuer's contract tells it.
    pub nonce: u32,
    /// When it is made, unix seconds.
    pub created_at: u64,
    /// When it is over, unix seconds.
    pub valid_until: u64,
    /// The number of the credential that it stands for, if any.
    pub credential: Option<Credential>,
}

/// A signed claim, and its file. What `add_claim` of the identity takes is topic, scheme, issuer, signature, data and an empty text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Passphrase of the network.
    pub network: String,
    /// The issuer's contract.
    pub issuer: ContractId,
    /// The person's identity.
    pub identity: ContractId,
    /// What was checked, by its number.
    pub topic: u32,
    /// How it is signed.
    pub scheme: u32,
    /// The nonce that it was signed with.
    pub nonce: u32,
    /// When it is over, unix seconds; the same as in the data.
    pub valid_until: u64,
    /// When it was made and when it is over, 8 bytes each, and perhaps the credential's 16.
    #[serde(with = "hex::serde")]
    pub data: Vec<u8>,
    /// Public key and signature, 32 and 64 bytes.
    #[serde(with = "hex::serde")]
    pub signature: Vec<u8>,
}

impl Claim {
    /// What is signed, as the issuer's contract puts it together.
    pub fn message(&self) -> Result<Vec<u8>, KycError> {
        let mut message = vec![MESSAGE];
        message.extend(network_id(&self.network));
        for contract in [&self.issuer, &self.identity] {
            message.extend(encoded(&contract.to_scval())?);
        }
        message.extend(self.topic.to_be_bytes());
        message.extend(self.nonce.to_be_bytes());
        message.extend(&self.data);
        Ok(message)
    }

    /// When it was made and when it is over, unix seconds, by its data; `None` when that is not as long as it must be.
    #[must_use]
    pub fn times(&self) -> Option<(u64, u64)> {
        let is_known = matches!(self.data.len(), 16 | 32);
        let (created_at, rest) = self.data.split_first_chunk()?;
        let valid_until = rest.first_chunk()?;
        let times = (
            u64::from_be_bytes(*created_at),
            u64::from_be_bytes(*valid_until),
        );
        is_known.then_some(times)
    }

    /// The credential's number, if the data holds one.
    #[must_use]
    pub fn credential(&self) -> Option<String> {
        (self.data.len() == 32).then(|| hex::encode(&self.data[16..]))
    }
}

/// Signs a claim.
pub fn issue(order: &Order, secret: &Secret) -> Result<Claim, KycError> {
    if order.valid_until <= order.created_at {
        return Err(KycError::EndsTooSoon(moment(order.valid_until)));
    }
    let mut data = order.created_at.to_be_bytes().to_vec();
    data.extend(order.valid_until.to_be_bytes());
    data.extend(order.credential.iter().flat_map(|number| number.0));
    let mut claim = Claim {
        network: order.network.clone(),
        issuer: order.issuer.clone(),
        identity: order.identity.clone(),
        topic: order.topic,
        scheme: ED25519,
        nonce: order.nonce,
        valid_until: order.valid_until,
        data,
        signature: secret.public_key().to_vec(),
    };
    let signature = secret.sign(&claim.message()?);
    claim.signature.extend(signature);
    Ok(claim)
}

/// A claim out of its file's text.
pub fn read(text: &str) -> Result<Claim, KycError> {
    serde_json::from_str(text).map_err(|error| KycError::NotAClaim(error.to_string()))
}

/// A claim out of its file.
pub fn read_file(path: &Path) -> Result<Claim, KycError> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| KycError::Unreadable(name.clone(), error.to_string());
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_BYTES {
        let reason = format!("it has {size} bytes, and a claim at most {MAX_BYTES}");
        return Err(KycError::Unreadable(name, reason));
    }
    read(&std::fs::read_to_string(path).map_err(unreadable)?)
}

/// The XDR of a value.
pub(super) fn encoded(value: &ScVal) -> Result<Vec<u8>, KycError> {
    let encoded = value.to_xdr(Limits::none());
    encoded.map_err(|error| KycError::Encoding(error.to_string()))
}
