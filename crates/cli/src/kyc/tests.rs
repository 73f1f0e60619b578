//! Claims, without the network.

use localnet::{PUBLIC, TESTNET};
use stellar_strkey::ed25519::PrivateKey;
use stellar_strkey::Contract;

use super::*;

const NOW: u64 = 1_767_225_600;
const YEAR: u64 = 31_536_000;

fn contract(byte: u8) -> ContractId {
    format!("{}", Contract([byte; 32])).parse().unwrap()
}

fn secret() -> Secret {
    Secret::read(&format!("\n{}\n", PrivateKey([7; 32]))).unwrap()
}

fn order() -> Order {
    Order {
        network: PUBLIC.into(),
        issuer: contract(1),
        identity: contract(2),
        topic: 1,
        nonce: 0,
        created_at: NOW,
        valid_until: NOW + YEAR,
        credential: None,
    }
}

fn claim() -> Claim {
    issue(&order(), &secret()).unwrap()
}

#[track_caller]
fn verdict(claim: &Claim) -> Verdict {
    check(claim, NOW, Some(1)).unwrap()
}

#[test]
fn a_claim_that_was_issued_is_valid_until_its_end() {
    let claim = claim();
    assert_eq!(verdict(&claim), Verdict::Valid, "at once");
    let last = check(&claim, NOW + YEAR - 1, None);
    assert_eq!(last, Ok(Verdict::Valid), "its last second");
    let over = check(&claim, NOW + YEAR, None);
    let expired = Verdict::Expired("2027-01-01T00:00:00Z".into());
    assert_eq!(over, Ok(expired), "its end");
}

#[test]
fn a_claim_holds_two_times_and_at_most_a_random_number() {
    let claim = claim();
    let times = [NOW.to_be_bytes(), (NOW + YEAR).to_be_bytes()].concat();
    assert_eq!(claim.data, times, "data");
    let uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let mut numbered = order();
    numbered.credential = Some(uuid.parse().unwrap());
    let numbered = issue(&numbered, &secret()).unwrap();
    assert_eq!(numbered.data.len(), 32, "with a number");
    let number = numbered.credential();
    assert_eq!(number.as_deref(), Some("f81d4fae7dec11d0a76500a0c91e6bf6"));
    assert_eq!(verdict(&numbered), Verdict::Valid, "valid");
}

#[test]
fn whatever_is_altered_is_found() {
    let altered = |alter: fn(&mut Claim)| {
        let mut claim = claim();
        alter(&mut claim);
        check(&claim, NOW, None).unwrap()
    };
    let bad = Verdict::BadSignature;
    assert_eq!(altered(|claim| claim.network = TESTNET.into()), bad);
    assert_eq!(altered(|claim| claim.issuer = contract(3)), bad);
    assert_eq!(altered(|claim| claim.identity = contract(3)), bad);
    assert_eq!(altered(|claim| claim.topic = 2), bad);
    assert_eq!(altered(|claim| claim.nonce = 1), bad);
    assert_eq!(altered(|claim| claim.data[7] ^= 1), bad);
    assert_eq!(altered(|claim| claim.data.extend([0; 16])), bad);
    assert_eq!(altered(|claim| claim.signature[95] ^= 1), bad);
    assert_eq!(altered(|claim| claim.signature[0] ^= 1), bad);
}

#[test]
fn what_is_malformed_or_of_another_topic_is_told_apart() {
    let code = |alter: fn(&mut Claim)| {
        let mut claim = claim();
        alter(&mut claim);
        verdict(&claim).exit_code()
    };
    assert_eq!(code(|_| ()), 0, "valid");
    assert_eq!(code(|claim| claim.signature.truncate(64)), 3, "length");
    assert_eq!(code(|claim| claim.data.push(0)), 3, "data");
    assert_eq!(code(|claim| claim.valid_until += 1), 3, "two ends");
    assert_eq!(code(|claim| claim.scheme = 102), 3, "scheme");
    assert_eq!(code(|claim| claim.topic = 2), 4, "signature");
    let claim = claim();
    let wrong = check(&claim, NOW, Some(2)).unwrap();
    assert_eq!(wrong.exit_code(), 6, "another topic than asked for");
    let expired = check(&claim, NOW + YEAR, Some(1)).unwrap();
    assert_eq!(expired.exit_code(), 5, "expired");
}

#[test]
fn a_file_is_read_strictly() {
    let claim = claim();
    let text = serde_json::to_string_pretty(&claim).unwrap();
    assert_eq!(read(&text), Ok(claim), "as it was written");
    let renamed = text.replace("\"topic\"", "\"subject\"");
    assert!(read(&renamed).is_err(), "an unknown field");
    let named = text.replacen('{', "{\"name\": \"Jane\",", 1);
    assert!(read(&named).is_err(), "a name");
    let account = text.replace(&contract(2).to_string(), "GACTUU7");
    assert!(read(&account).is_err(), "no contract");
}

#[test]
fn a_secret_is_never_shown() {
    let written = format!("{}", PrivateKey([7; 32]));
    let shown = format!("{:?}", secret());
    assert_eq!(shown, "Secret(..)", "debug");
    let error = Secret::read(&format!("{written}x")).unwrap_err();
    assert!(!error.to_string().contains(&written[1..20]), "{error}");
    let text = serde_json::to_string(&claim()).unwrap();
    assert!(!text.contains(&written), "nor in the claim");
}

#[test]
fn a_claim_ends_after_it_begins() {
    let mut order = order();
    order.valid_until = order.created_at;
    let refused = issue(&order, &secret());
    let error = KycError::EndsTooSoon("2026-01-01T00:00:00Z".into());
    assert_eq!(refused, Err(error), "at once over");
}

#[test]
fn a_revocation_names_what_the_issuer_takes() {
    let claim = claim();
    let one = revocation(&claim, Scope::Claim).unwrap();
    assert_eq!(one.contract, claim.issuer, "contract");
    assert_eq!(one.function, "revoke", "function");
    let names: Vec<_> = one.args.iter().map(|argument| argument.name).collect();
    assert_eq!(
        names,
        ["identity", "claim_topic", "claim_data"],
        "arguments"
    );
    assert_eq!(one.args[1].xdr, "AAAAAwAAAAE=", "a u32 of 1");
    let all = revocation(&claim, Scope::All).unwrap();
    assert_eq!(all.function, "revoke_all", "all of them");
    assert_eq!(all.args, one.args[..2], "without the data");
}
