//! `vangnet kyc`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use localnet::xdr::{InvokeContractArgs, Limits, ReadXdr};
use localnet::{Auth, Bytes, Keypair, Ledger, NetworkConfig};
use testkit::bindings::{claim_issuer, identity, identity_registry, identity_verifier, OnLedger};
use testkit::wasm;

use super::{failure, text, vangnet};

/// An issuer's desk: a folder with the key of sevens.
struct Desk {
    folder: tempfile::TempDir,
    key: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("signer.key");
        let secret = stellar_strkey::ed25519::PrivateKey([7; 32]);
        fs::write(&key, format!("{secret}\n")).unwrap();
        Self { folder, key }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn issue(&self, issuer: &str, identity: &str, more: &[&str]) -> Output {
        let key = self.key.to_str().unwrap();
        let arguments = ["kyc", "issue", "--issuer", issuer, "--identity", identity];
        let arguments = [&arguments[..], &["--topic", "1", "--key-file", key], more];
        vangnet(&arguments.concat())
    }

    /// A claim's file.
    fn claim(&self, name: &str, more: &[&str]) -> PathBuf {
        let file = self.file(name);
        let out = ["--out", file.to_str().unwrap()];
        let issued = self.issue(&contract(1), &contract(2), &[&out[..], more].concat());
        assert!(issued.status.success(), "{}", text(&issued.stderr));
        file
    }
}

fn contract(byte: u8) -> String {
    format!("{}", stellar_strkey::Contract([byte; 32]))
}

fn show(file: &Path, more: &[&str]) -> (Option<i32>, String) {
    let arguments = ["kyc", "show", file.to_str().unwrap()];
    let output = vangnet(&[&arguments[..], more].concat());
    (output.status.code(), text(&output.stdout))
}

#[test]
fn a_claim_is_issued_and_shown() {
    let desk = Desk::new();
    let claim = desk.claim("claim.json", &["--until", "2100-01-01T00:00:00Z"]);
    let (code, shown) = show(&claim, &["--topic", "1"]);
    assert_eq!(code, Some(0), "{shown}");
    for line in [
        format!("identity    {}", contract(2)),
        "valid until 2100-01-01T00:00:00Z".into(),
        "verdict     valid".into(),
    ] {
        assert!(shown.contains(&line), "{line:?} is not in:\n{shown}");
    }
    let (code, _) = show(&claim, &["--at", "2100-01-01T00:00:00Z"]);
    assert_eq!(code, Some(5), "expired");
    let (code, _) = show(&claim, &["--topic", "2"]);
    assert_eq!(code, Some(6), "of another topic");
    let json = fs::read_to_string(&claim).unwrap();
    fs::write(&claim, json.replace("\"topic\": 1", "\"topic\": 2")).unwrap();
    let (code, shown) = show(&claim, &[]);
    assert_eq!(code, Some(4), "altered: {shown}");
    assert!(shown.contains("to do: have the issuer sign"), "{shown}");
    let message = failure(&["kyc", "show", "nowhere.json"]);
    assert!(message.contains("nowhere.json cannot be read"), "{message}");
}

#[test]
fn the_secret_is_in_nothing_that_is_printed() {
    let desk = Desk::new();
    let secret = fs::read_to_string(&desk.key).unwrap();
    let issued = desk.issue(&contract(1), &contract(2), &[]);
    assert!(issued.status.success(), "{}", text(&issued.stderr));
    fs::write(&desk.key, secret.trim().replace('S', "T")).unwrap();
    let refused = desk.issue(&contract(1), &contract(2), &[]);
    assert_eq!(refused.status.code(), Some(1), "no secret");
    let said = [issued.stdout, issued.stderr, refused.stdout, refused.stderr].concat();
    let said = text(&said);
    assert!(said.contains("not a Stellar secret"), "{said}");
    assert!(!said.contains(&secret[1..12]), "a part of the secret");
}

#[test]
fn a_claims_file_is_not_written_over() {
    let desk = Desk::new();
    let first = desk.claim("claim.json", &[]);
    let kept = fs::read_to_string(&first).unwrap();
    let out = ["--out", first.to_str().unwrap(), "--days", "30"];
    let second = desk.issue(&contract(1), &contract(2), &out);
    assert_eq!(second.status.code(), Some(1), "refused");
    assert!(text(&second.stderr).contains("a file that is not there yet"));
    assert_eq!(fs::read_to_string(&first).unwrap(), kept, "as it was");
}

/// What the command writes is what the contracts take: a claim verifies its wallet, and its revocation ends that.
#[test]
fn a_claim_and_its_revocation_are_what_the_contracts_take() {
    let (desk, chain) = (Desk::new(), Chain::new());
    let (ledger, wallet) = (&chain.ledger, &chain.wallet);
    let file = desk.file("claim.json");
    let until = ["--until", "2100-01-01T00:00:00Z", "--out"];
    let more = [&until[..], &[file.to_str().unwrap()]].concat();
    let uuid = ["--credential", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"];
    let more = [&more[..], &uuid[..]].concat();
    let (issuer, identity) = (chain.issuer.0.to_string(), chain.identity.0.to_string());
    let issued = desk.issue(&issuer, &identity, &more);
    assert!(issued.status.success(), "{}", text(&issued.stderr));
    let claim = vangnet::kyc::read_file(&file).unwrap();
    let (signature, data) = (Bytes(claim.signature), Bytes(claim.data));
    let add = chain.identity.add_claim(
        claim.topic,
        claim.scheme,
        &chain.issuer.0,
        &signature,
        &data,
        &String::new(),
    );
    add.send(ledger, wallet).unwrap();
    assert_eq!(chain.status(), 0, "verified");
    let revoke = vangnet(&["kyc", "revoke", file.to_str().unwrap()]);
    assert!(text(&revoke.stderr).contains("nothing was sent"), "said so");
    let call: serde_json::Value = serde_json::from_slice(&revoke.stdout).unwrap();
    let call = call["xdr"].as_str().unwrap();
    let call = InvokeContractArgs::from_xdr_base64(call, Limits::none()).unwrap();
    let function = call.function_name.to_utf8_string_lossy();
    let args = call.args.to_vec();
    let sign = Auth::Sign(&[]);
    let revoked = ledger.invoke(
        &chain.officer,
        &call.contract_address,
        &function,
        args,
        sign,
    );
    revoked.unwrap();
    assert_eq!(chain.status(), 8014, "revoked");
}

/// The contracts of a tier, and somebody's identity.
struct Chain {
    ledger: Ledger,
    wallet: Keypair,
    officer: Keypair,
    issuer: claim_issuer::Client,
    identity: identity::Client,
    verifier: identity_verifier::Client,
}

impl Chain {
    fn new() -> Self {
        let ledger = Ledger::new(NetworkConfig::mainnet()).unwrap();
        let [wallet, officer] = ["wallet", "officer"].map(Keypair::named);
        for key in [&wallet, &officer] {
            let stroops = 100_000_000_000;
            ledger.create_account(&key.account_id(), stroops).unwrap();
        }
        let code = ledger.upload(&officer, wasm::IDENTITY).unwrap();
        let registry = ledger.deploy(&officer, wasm::IDENTITY_REGISTRY, (code,));
        let registry = identity_registry::Client(registry.unwrap());
        let issuer = ledger.deploy(&officer, wasm::CLAIM_ISSUER, (&officer,));
        let issuer = claim_issuer::Client(issuer.unwrap());
        let args = (&officer, &registry.0, 1_u32, vec![issuer.0.clone()]);
        let verifier = ledger.deploy(&officer, wasm::IDENTITY_VERIFIER, args);
        let verifier = identity_verifier::Client(verifier.unwrap());
        let key = Keypair::from_seed([7; 32]).public_key();
        let allow = issuer.allow_key(&key, &verifier.0, 1);
        allow.send(&ledger, &officer).unwrap();
        let identity = registry.register(&wallet).send(&ledger, &wallet).unwrap();
        Self {
            ledger,
            wallet,
            officer,
            issuer,
            identity: identity::Client(identity),
            verifier,
        }
    }

    fn status(&self) -> u32 {
        let status = self.verifier.status(&self.wallet);
        status.view(&self.ledger).unwrap()
    }
}
