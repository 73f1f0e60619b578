//! Whose signature a contract asks for: what the source calls them, and who they are.

/// A right that no user has by what is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The owner of a contract.
    Owner,
    /// The pool's court.
    Court,
    /// The pool's risk role.
    Risk,
    /// The guardian of pool or hub.
    Guardian,
    /// Who lists sanctioned accounts.
    Screener,
    /// The owner of a claim issuer.
    Issuer,
}

/// Who holds a role in a deployed system.
pub enum Holder {
    /// A vote of the token holders, by this governor.
    Vote(&'static str),
    /// Somebody with a key.
    Key(&'static str),
}

impl Role {
    /// All of them, as the page lists them.
    pub const ALL: [Self; 6] = [
        Self::Owner,
        Self::Court,
        Self::Risk,
        Self::Guardian,
        Self::Screener,
        Self::Issuer,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Court => "court",
            Self::Risk => "risk",
            Self::Guardian => "guardian",
            Self::Screener => "screener",
            Self::Issuer => "issuer",
        }
    }

    /// Who holds it.
    pub fn holder(self) -> Holder {
        match self {
            Self::Owner => Holder::Vote(
                "the governor of terms: a vote of five days, a fifth of the supply, seven days of delay",
            ),
            Self::Court => Holder::Vote(
                "the court's governor: a vote of four days, a tenth of the supply, two days of delay",
            ),
            Self::Risk => Holder::Key("who the owner names, until it names another"),
            Self::Guardian => Holder::Key(
                "who the owner names, one for the pool and one for the hub, until it names another; one key may hold both",
            ),
            Self::Screener => Holder::Key("who the owner appoints, until it appoints another"),
            Self::Issuer => Holder::Key(
                "whoever checks people and owns an issuer; verifiers trust it until the owner takes that back",
            ),
        }
    }
}

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Somebody for what is theirs.
    Themselves(&'static str),
    /// Another contract of ours, by calling.
    Contract(&'static str),
    /// The holder of a role.
    Privileged(Role),
}

/// What the source calls them, and where it is they: in these contracts, or these functions of them; if none is named,
/// everywhere. A name alone is an argument of the call, so whoever signs speaks for themselves; it is a contract of ours only
/// in functions that look it up. What has brackets or dots is looked up, and is nobody known where it is not listed.
const PARTIES: [(&str, &[&str], Party); 38] = [
    (
        "stellar_access::get_owner()",
        &[],
        Party::Privileged(Role::Owner),
    ),
    (
        "stellar_access::env.storage().temporary().get().address",
        &[],
        Party::Themselves("to whom ownership was offered"),
    ),
    (
        "roles().court",
        &["cover-pool"],
        Party::Privileged(Role::Court),
    ),
    (
        "roles().risk",
        &["cover-pool"],
        Party::Privileged(Role::Risk),
    ),
    (
        "roles().guardian",
        &["cover-pool"],
        Party::Privileged(Role::Guardian),
    ),
    (
        "guardian()",
        &["price-hub"],
        Party::Privileged(Role::Guardian),
    ),
    (
        "screener()",
        &["sanctions"],
        Party::Privileged(Role::Screener),
    ),
    (
        "owner()",
        &["identity"],
        Party::Themselves("the identity's owner"),
    ),
    (
        "by_adapter().policy.owner",
        &["cover-pool"],
        Party::Themselves("the policy's owner"),
    ),
    (
        "read().policy.owner",
        &["market-adapter"],
        Party::Themselves("the policy's owner"),
    ),
    (
        "policy().owner",
        &["blend-adapter"],
        Party::Themselves("the policy's owner"),
    ),
    (
        "in_force().owner",
        &["ins"],
        Party::Themselves("the policy's owner"),
    ),
    (
        "owner_of()",
        &["blend-adapter"],
        Party::Themselves("the loan's owner"),
    ),
    (
        "loan().owner",
        &["loan-market"],
        Party::Themselves("the loan's owner"),
    ),
    (
        "InsuredPlatformClient::new().loan().owner",
        &["market-adapter"],
        Party::Themselves("the loan's owner"),
    ),
    (
        "account().owner",
        &["position"],
        Party::Themselves("the position's owner"),
    ),
    (
        "listing().terms.adapter",
        &["cover-pool"],
        Party::Contract("the group's adapter"),
    ),
    (
        "load().terms.adapter",
        &["cover-pool"],
        Party::Contract("the group's adapter"),
    ),
    (
        "links().adapter",
        &["position"],
        Party::Contract("the position's adapter"),
    ),
    (
        "links().cover_pool",
        &["position"],
        Party::Contract("the cover pool"),
    ),
    (
        "insurer()",
        &["loan-market"],
        Party::Contract("the market's insurer"),
    ),
    (
        "adapter",
        &["salvage.book"],
        Party::Contract("an adapter that it was founded with"),
    ),
    (
        "vault",
        &[
            "blend-lenders.insure_vault",
            "blend-lenders.renew_vault",
            "blend-lenders.cancel_vault",
            "blend-lenders.pay_vault",
        ],
        Party::Contract("a registered vault"),
    ),
    (
        "platform",
        &[
            "market-adapter.insure",
            "market-adapter.exit_refusal",
            "market-adapter.settle_liquidation",
        ],
        Party::Contract("a listed platform"),
    ),
    ("account", &[], Party::Themselves("`account`")),
    ("appellant", &[], Party::Themselves("`appellant`")),
    ("buyer", &[], Party::Themselves("`buyer`")),
    ("caller", &[], Party::Themselves("`caller`")),
    ("challenger", &[], Party::Themselves("`challenger`")),
    ("from", &[], Party::Themselves("`from`")),
    ("lender", &[], Party::Themselves("`lender`")),
    ("liquidator", &[], Party::Themselves("`liquidator`")),
    ("operator", &[], Party::Themselves("`operator`")),
    ("owner", &[], Party::Themselves("`owner`")),
    ("payer", &[], Party::Themselves("`payer`")),
    ("proposer", &[], Party::Themselves("`proposer`")),
    ("spender", &[], Party::Themselves("`spender`")),
    ("voter", &[], Party::Themselves("`voter`")),
];

/// Contracts that are no part of the protocol: their owner is somebody else's role.
const OUTSIDE: [(&str, Role); 1] = [("claim-issuer", Role::Issuer)];

/// Who it is that the source of a contract calls so in one of its functions.
pub fn party(contract: &str, function: &str, called: &str) -> Option<Party> {
    let function = format!("{contract}.{function}");
    let is_here = |of: &[&str]| of.is_empty() || of.contains(&contract) || of.contains(&&*function);
    let mut parties = PARTIES.iter();
    let (_, _, party) = parties.find(|(name, of, _)| *name == called && is_here(of))?;
    let outside = OUTSIDE.iter().find(|(name, _)| *name == contract);
    match (party, outside) {
        (Party::Privileged(Role::Owner), Some((_, role))) => Some(Party::Privileged(*role)),
        _ => Some(*party),
    }
}
