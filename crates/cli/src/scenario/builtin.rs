//! The scenarios that the command brings along.

/// Their names: those of prices, simplest first, then the stories.
pub const NAMES: [&str; 9] = [
    "calm",
    "eth-2020-03-12",
    "eth-2021-05-19",
    "usdc-depeg-2023-03",
    "platform-robbed",
    "ustry-2026-02-22",
    "vote",
    "dispute",
    "kyc",
];

/// The text of the built-in scenario of that name.
pub fn built_in(name: &str) -> Option<&'static str> {
    match name {
        "calm" => Some(include_str!("../../scenarios/calm.toml")),
        "eth-2020-03-12" => Some(include_str!("../../scenarios/eth-2020-03-12.toml")),
        "eth-2021-05-19" => Some(include_str!("../../scenarios/eth-2021-05-19.toml")),
        "usdc-depeg-2023-03" => Some(include_str!("../../scenarios/usdc-depeg-2023-03.toml")),
        "platform-robbed" => Some(include_str!("../../scenarios/platform-robbed.toml")),
        "ustry-2026-02-22" => Some(include_str!("../../scenarios/ustry-2026-02-22.toml")),
        "vote" => Some(include_str!("../../scenarios/vote.toml")),
        "dispute" => Some(include_str!("../../scenarios/dispute.toml")),
        "kyc" => Some(include_str!("../../scenarios/kyc.toml")),
        _ => None,
    }
}
