//! The compiled contracts: ours as `cargo xtask wasm` leaves them, Blend's as on mainnet.

macro_rules! contracts {
    ($($(#[$meta:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$meta])*
        pub const $name: &[u8] = include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"), "/../../target/contracts/", $file, ".wasm"
        ));
    )*};
}

contracts! {
    /// Blend's backstop.
    BLEND_BACKSTOP = "blend/backstop";
    /// Comet: the weighted exchange of BLND and USDC.
    COMET = "blend/comet";
    /// Blend's emitter.
    BLEND_EMITTER = "blend/emitter";
    /// A Blend lending pool.
    BLEND_POOL = "blend/pool";
    /// Blend's pool factory.
    BLEND_POOL_FACTORY = "blend/pool_factory";
    /// A cover pool whose code is broken.
    BROKEN_POOL = "broken_pool";
    /// The test feed like Chainlink's.
    CHAINLINK_FEED = "chainlink_feed";
    /// An issuer of claims.
    CLAIM_ISSUER = "claim_issuer";
    /// The Blend adapter.
    BLEND_ADAPTER = "blend_adapter";
    /// The contract for Blend's lenders.
    BLEND_LENDERS = "blend_lenders";
    /// The lending platform of the guide to integrating one's own.
    CORNER_BANK = "corner_bank";
    /// The cover pool.
    COVER_POOL = "cover_pool";
    /// A borrower of flash loans that does as it was taught.
    FLASH_BORROWER = "flash_borrower";
    /// A governor by the votes of a token.
    GOVERNOR = "governor";
    /// The identity of one wallet.
    IDENTITY = "identity";
    /// Which identity a wallet has.
    IDENTITY_REGISTRY = "identity_registry";
    /// The verifier of one tier.
    IDENTITY_VERIFIER = "identity_verifier";
    /// INS, what is insured as a token.
    INS = "ins";
    /// PLT, the governance token.
    PLT = "plt";
    /// OpenZeppelin's vault as it comes, to compare costs with.
    PLAIN_VAULT = "plain_vault";
    /// An insured vault.
    INSURED_VAULT = "insured_vault";
    /// The loan market.
    LOAN_MARKET = "loan_market";
    /// The adapter of platforms like it.
    MARKET_ADAPTER = "market_adapter";
    /// An insured loan account.
    POSITION = "position";
    /// The price hub.
    PRICE_HUB = "price_hub";
    /// The test feed like RedStone's.
    REDSTONE_FEED = "redstone_feed";
    /// The test feed like Reflector's.
    REFLECTOR_FEED = "reflector_feed";
    /// Where surrendered collateral is sold.
    SALVAGE = "salvage";
    /// A list of sanctioned accounts.
    SANCTIONS = "sanctions";
}
