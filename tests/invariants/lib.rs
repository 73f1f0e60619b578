//! Tests on compiled wasm live in main.rs.
