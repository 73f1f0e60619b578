// Resources that a transaction declares wrongly, and entries that are too large.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Address, Operation, SorobanDataBuilder, hash, nativeToScVal } from "@stellar/stellar-sdk";
import { altered, declared, invokeFailed, key, live, wasm } from "../network.js";
import { address, balanceKey, deployToken, i128, transfer } from "../token.js";

const network = await live();
const { server } = network;
const alice = await network.funded("resources: alice");
const bob = key("resources: bob");
const token = await deployToken(network, alice);
await network.invoke(alice, transfer(token, alice, bob, 1_000n));

const give = () => network.prepare(alice, transfer(token, alice, bob, 1n));

/** Creates a token of this name, always at the same address. */
const create = (salt, name) =>
  Operation.createCustomContract({
    address: new Address(alice.publicKey()),
    wasmHash: hash(wasm("plt")),
    salt: hash(`resources: ${salt}`),
    constructorArgs: [address(alice), i128(1n), nativeToScVal(name), nativeToScVal("R")],
  });

test("altered footprint", async () => {
  const prepared = await give();
  const [, ...fewer] = declared(prepared).resources.footprint.readWrite;
  const data = new SorobanDataBuilder(declared(prepared)).setReadWrite(fewer).build();
  assert.deepEqual(await network.failure(altered(prepared, alice, data)), invokeFailed("trapped"));
});

test("a key that is read and written", async () => {
  const prepared = await give();
  const data = new SorobanDataBuilder(declared(prepared)).appendFootprint([balanceKey(token, bob)], []).build();
  assert.equal(await network.refusal(altered(prepared, alice, data)), "tx_soroban_invalid");
});

test("low instructions, and more than there may be", async () => {
  const prepared = await give();
  const { diskReadBytes, writeBytes } = declared(prepared).resources;
  const withInstructions = (instructions) =>
    altered(prepared, alice, new SorobanDataBuilder(declared(prepared)).setResources(instructions, diskReadBytes, writeBytes).build());
  assert.equal(await network.refusal(withInstructions(400_000_001)), "tx_soroban_invalid");
  assert.deepEqual(await network.failure(withInstructions(100_000)), invokeFailed("resource_limit_exceeded"));
});

test("low write bytes", async () => {
  const prepared = await give();
  const { instructions, diskReadBytes } = declared(prepared).resources;
  const data = new SorobanDataBuilder(declared(prepared)).setResources(instructions, diskReadBytes, 10).build();
  assert.deepEqual(await network.failure(altered(prepared, alice, data)), invokeFailed("resource_limit_exceeded"));
});

test("a fee too low for the resources", async () => {
  const prepared = await give();
  const withFee = (fee) => altered(prepared, alice, new SorobanDataBuilder(declared(prepared)).setResourceFee(fee).build());
  assert.equal(await network.refusal(withFee(1n)), "tx_soroban_invalid");
});

test("a fee too low for the rent", async () => {
  const prepared = await network.prepare(alice, create("rent", "Rent"));
  const { resourceFee } = declared(prepared);
  const less = new SorobanDataBuilder(declared(prepared)).setResourceFee(resourceFee - resourceFee / 4n).build();
  assert.deepEqual(await network.failure(altered(prepared, alice, less)), invokeFailed("insufficient_refundable_fee"));
});

test("oversized entry", async () => {
  const prepared = await network.prepare(alice, create("oversized", "x".repeat(65_400)));
  assert.deepEqual(await network.failure(prepared), invokeFailed("resource_limit_exceeded"));
  await network.apply(await network.prepare(alice, create("large", "x".repeat(65_000))));
});

test("oversized code and transaction", async () => {
  const sorobanData = new SorobanDataBuilder().setResources(1_000_000, 0, 1_000).setResourceFee(10_000_000n).build();
  const upload = (bytes) => network.signed(alice, Operation.uploadContractWasm({ wasm: new Uint8Array(bytes) }), { sorobanData });
  // An operation that is found wrong before it is applied keeps the code it began with.
  assert.deepEqual(await network.refusal(await upload(131_073)), invokeFailed({ success: "0".repeat(64) }));
  assert.equal(await network.refusal(await upload(140_000)), "tx_soroban_invalid");
});

test("code that is no contract", async () => {
  const upload = Operation.uploadContractWasm({ wasm: new Uint8Array(64) });
  const { error } = await server.simulateTransaction(await network.build(alice, upload));
  assert.match(error, /Error\(WasmVm/);
});
