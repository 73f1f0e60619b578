# A thin front over `cargo xtask`; each target is one or two commands you can also type yourself.

# Everything is built into target/, where the tests and the demo look for it.
unexport CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

# rustup's folder, for a shell that was open before rustup was installed.
export PATH := $(PATH):$(HOME)/.cargo/bin

ifeq (,$(shell PATH="$(PATH)" command -v cargo 2>/dev/null))
$(error cargo is missing: install Rust (https://rustup.rs), open a new shell, run make again)
endif

# Built with the features of the whole workspace, so that tests and the command find its crates built.
XTASK := cargo build --release --workspace --bin xtask && target/release/xtask

SEEDS ?= 20
CALLS ?= 1000000
PACKAGE ?= actuary

.DEFAULT_GOAL := help
.PHONY: help demo test build lint format wasm baselines tables bindings docs conformance bench properties fuzz mutants ci clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## Play an insured loan from borrowing to payout
	target/release/vangnet demo

test: wasm ## Run every test on compiled contracts
	cargo test --release --workspace

build: wasm ## Build the vangnet command: target/release/vangnet
	cargo build --release --workspace --bin vangnet

wasm: ## Build the contracts: target/contracts/*.wasm
	$(XTASK) wasm

lint: wasm ## Check formatting and run clippy
	cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- --deny warnings

format: ## Format all code
	cargo fmt --all

baselines: ## Measure wasm sizes, costs and simulations again: baselines/
	$(XTASK) baselines

tables: ## Write the tables of errors, events and privileges again: docs/
	$(XTASK) tables

bindings: wasm ## Write the TypeScript clients again: bindings/typescript
	$(XTASK) bindings

docs: wasm ## Build the API documentation: target/doc
	RUSTDOCFLAGS="--deny warnings" cargo doc --release --workspace --no-deps

bench: ## Measure the speed of the localnet, and the memory of its entries
	$(XTASK) bench

conformance: ## Run three official clients against the localnet; builds stellar-cli at the first time
	$(XTASK) conformance --cli
	cargo test --release --workspace --test rpc

properties: ## Try property tests, and those beside them, with other seeds than usual; SEEDS=n changes how many
	$(XTASK) properties --seeds $(SEEDS)

fuzz: ## Make a million random calls under invariants; CALLS=n changes that
	$(XTASK) fuzz --calls $(CALLS)

mutants: ## Check that tests notice broken code; PACKAGE=name chooses the crate
	$(XTASK) mutants --package $(PACKAGE)

ci: ## Everything that must hold before a merge
	$(XTASK) ci

clean: ## Remove everything that was built
	cargo clean
