//! Links wasm with relocations in as few bytes as they need: without it every call and address takes five.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo::rustc-link-arg-cdylib=--compress-relocations");
    }
}
