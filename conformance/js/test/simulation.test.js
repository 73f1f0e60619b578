// What a client learns before it sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Asset, Contract, Operation, rpc, scValToNative } from "@stellar/stellar-sdk";
import { key, live } from "../network.js";
import { address, deployToken, i128, transfer } from "../token.js";

const network = await live();
const { server } = network;
const alice = await network.funded("simulation: alice");
const bob = key("simulation: bob");
const token = await deployToken(network, alice);

const simulate = async (operation, ...options) => server.simulateTransaction(await network.build(alice, operation), ...options);

test("a call that would succeed tells its result, entries, fee and signers", async () => {
  const simulated = await simulate(transfer(token, alice, bob, 5n));
  assert.ok(rpc.Api.isSimulationSuccess(simulated), simulated.error);
  const data = simulated.transactionData.build();
  assert.equal(String(data.resourceFee), simulated.minResourceFee);
  assert.ok(data.resources.instructions > 0 && data.resources.footprint.readWrite.length >= 2, "resources");
  assert.equal(simulated.result.auth[0].credentials.type, "sorobanCredentialsSourceAccount");
  assert.equal(scValToNative(simulated.result.retval), null);
  assert.ok(simulated.stateChanges.length >= 2, "both balances change");
  const { sequence } = await server.getLatestLedger();
  assert.ok(simulated.latestLedger <= sequence && simulated.latestLedger > 0, "as of a ledger");
});

test("leeway is added to the instructions", async () => {
  const plain = await simulate(transfer(token, alice, bob, 5n));
  const wide = await simulate(transfer(token, alice, bob, 5n), { cpuInstructions: 20_000_000 });
  const instructions = (simulated) => simulated.transactionData.build().resources.instructions;
  assert.ok(instructions(wide) >= instructions(plain) + 15_000_000, `${instructions(plain)}, ${instructions(wide)}`);
});

test("a call that would fail is a result with an error and events", async () => {
  const failures = [
    [transfer(token, alice, bob, -1n), /Error\(Contract, #103\)/],
    [new Contract(token).call("nothing"), /Error\(WasmVm, MissingValue\)/],
    [new Contract(token).call("transfer", i128(1n)), /Error\(/],
    [new Contract("CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSC4").call("name"), /MissingValue/],
  ];
  for (const [operation, message] of failures) {
    const simulated = await simulate(operation);
    assert.ok(rpc.Api.isSimulationError(simulated), "an error");
    assert.match(simulated.error, message);
  }
  const { events } = await simulate(failures[0][0]);
  assert.ok(events.length > 0, "diagnostic events");
});

test("what is no contract operation cannot be simulated", async () => {
  const pay = Operation.payment({ destination: alice.publicKey(), asset: Asset.native(), amount: "1" });
  const classic = await simulate(pay);
  assert.match(classic.error, /unsupported operation/i);
  const several = await simulate([pay, pay]);
  assert.match(several.error, /operation/i);
});

test("authorisation is recorded or enforced as asked", async () => {
  const pull = new Contract(token).call("transfer", address(bob), address(alice), i128(0n));
  const recorded = await simulate(pull, undefined, "record");
  assert.ok(rpc.Api.isSimulationSuccess(recorded), recorded.error);
  assert.match(recorded.result.auth[0].credentials.type, /^sorobanCredentialsAddress/);
  const enforced = await simulate(pull, undefined, "enforce");
  assert.match(enforced.error ?? "", /Auth/);
});
