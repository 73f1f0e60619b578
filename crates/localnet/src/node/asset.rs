//! Classic assets in the forms that operations and entries have them in.

use soroban_env_host::xdr::{
    AccountId, AlphaNum12, AlphaNum4, Asset, AssetCode12, AssetCode4, ChangeTrustAsset,
    TrustLineAsset,
};

/// The asset that a trustline is to be changed for; `None` for shares of a pool, which there are not.
pub(crate) fn trusted(line: &ChangeTrustAsset) -> Option<Asset> {
    match line {
        ChangeTrustAsset::Native => Some(Asset::Native),
        ChangeTrustAsset::CreditAlphanum4(asset) => Some(Asset::CreditAlphanum4(asset.clone())),
        ChangeTrustAsset::CreditAlphanum12(asset) => Some(Asset::CreditAlphanum12(asset.clone())),
        ChangeTrustAsset::PoolShare(_) => None,
    }
}

/// How a trustline names the asset; `None` for the native one, which needs none.
pub(crate) fn trustline_asset(asset: &Asset) -> Option<TrustLineAsset> {
    match asset {
        Asset::Native => None,
        Asset::CreditAlphanum4(asset) => Some(TrustLineAsset::CreditAlphanum4(asset.clone())),
        Asset::CreditAlphanum12(asset) => Some(TrustLineAsset::CreditAlphanum12(asset.clone())),
    }
}

/// Who issues the asset; `None` for the native one.
pub(crate) fn issuer(asset: &Asset) -> Option<&AccountId> {
    match asset {
        Asset::Native => None,
        Asset::CreditAlphanum4(AlphaNum4 { issuer, .. })
        | Asset::CreditAlphanum12(AlphaNum12 { issuer, .. }) => Some(issuer),
    }
}

/// Letters and digits, then zeros; at least one of four, or five of twelve.
pub(crate) fn is_valid(asset: &Asset) -> bool {
    let (code, least) = match asset {
        Asset::Native => return true,
        Asset::CreditAlphanum4(AlphaNum4 {
            asset_code: AssetCode4(code),
            ..
        }) => (&code[..], 1),
        Asset::CreditAlphanum12(AlphaNum12 {
            asset_code: AssetCode12(code),
            ..
        }) => (&code[..], 5),
    };
    let length = code
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    length >= least && code.iter().skip(length).all(|byte| *byte == 0)
}
