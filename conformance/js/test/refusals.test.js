// What the network refuses, and with which of its codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Account, Asset, Operation, SorobanDataBuilder, authorizeEntry, hash, xdr } from "@stellar/stellar-sdk";
import { declared, invokeFailed, key, live } from "../network.js";
import { balance, deployToken, transfer } from "../token.js";

const network = await live();
const { server } = network;
const alice = await network.funded("refusals: alice");
const bob = await network.funded("refusals: bob");
const mallory = key("refusals: mallory");
const token = await deployToken(network, alice);
await network.invoke(alice, transfer(token, alice, bob, 1_000n));

const pay = (amount = "1") => Operation.payment({ destination: bob.publicKey(), asset: Asset.native(), amount });
const give = () => transfer(token, alice, bob, 1n);

/** Bob's tokens moved by Alice, with an authorisation entry that `sign` makes of what the simulation asks for. */
async function pulled(sign) {
  const unsigned = await network.build(alice, transfer(token, bob, alice, 1n));
  const simulated = await server.simulateTransaction(unsigned);
  const entry = await sign(simulated.result.auth[0], simulated.latestLedger);
  const operation = Operation.invokeHostFunction({ func: unsigned.operations[0].func, auth: [entry] });
  // Simulated without the entry, whose signature need not hold, and wide enough for its verification.
  const data = simulated.transactionData.build();
  const { instructions, diskReadBytes, writeBytes } = data.resources;
  const sorobanData = new SorobanDataBuilder(data)
    .setResources(instructions + 3_000_000, diskReadBytes, writeBytes + 500)
    .setResourceFee(data.resourceFee + 1_000_000n)
    .build();
  return network.signed(alice, operation, { sorobanData });
}

const paymentFailed = (code) => ({ tx_failed: [{ op_inner: { payment: code } }] });
const signed = (entry, ledger) => authorizeEntry(entry, bob, ledger + 100, network.passphrase);

/** The entry with one bit of its signature flipped; the signature is the last before the invocation. */
function corrupted(entry) {
  const bytes = entry.toXdr();
  bytes[bytes.length - entry.rootInvocation.toXdr().length - 1] ^= 1;
  return xdr.SorobanAuthorizationEntry.fromXdr(bytes);
}

test("wrong signer", async () => {
  const transaction = await network.build(alice, pay());
  transaction.sign(mallory);
  assert.equal(await network.refusal(transaction), "tx_bad_auth");
});

test("a signature too many", async () => {
  const transaction = await network.signed(alice, pay());
  transaction.sign(mallory);
  assert.equal(await network.refusal(transaction), "tx_bad_auth_extra");
});

test("replay of a transaction", async () => {
  const transaction = await network.prepare(alice, give());
  await network.apply(transaction);
  const before = await balance(network, token, bob);
  const again = await server.sendTransaction(transaction);
  assert.ok(["DUPLICATE", "ERROR"].includes(again.status), again.status);
  if (again.status === "ERROR") assert.equal(again.errorResult.toJson().result, "tx_bad_seq");
  assert.equal(await balance(network, token, bob), before, "not applied again");
});

test("replay of an authorisation", async () => {
  const transaction = await pulled(signed);
  await network.apply(transaction);
  const { auth, func } = transaction.operations[0];
  const again = await network.signed(alice, Operation.invokeHostFunction({ func, auth }), { sorobanData: declared(transaction) });
  assert.deepEqual(await network.failure(again), invokeFailed("trapped"));
});

test("wrong sequence", async () => {
  const sequence = BigInt((await server.getAccount(alice.publicKey())).sequenceNumber());
  for (const wrong of [sequence - 1n, sequence + 1n]) {
    const account = new Account(alice.publicKey(), String(wrong));
    assert.equal(await network.refusal(await network.signed(alice, pay(), { account })), "tx_bad_seq", `${wrong - sequence}`);
  }
});

test("corrupted authorisation", async () => {
  assert.deepEqual(await network.failure(await pulled(async (...asked) => corrupted(await signed(...asked)))), invokeFailed("trapped"));
});

test("authorisation by another, unsigned, or too late", async () => {
  const byMallory = (entry, ledger) => authorizeEntry(entry, (preimage) => ({
    signature: mallory.sign(hash(preimage.toXdr())),
    publicKey: mallory.publicKey(),
  }), ledger + 100, network.passphrase);
  const late = (entry, ledger) => authorizeEntry(entry, bob, ledger - 1, network.passphrase);
  for (const [what, sign] of Object.entries({ byMallory, unsigned: (entry) => entry, late })) {
    assert.deepEqual(await network.failure(await pulled(sign)), invokeFailed("trapped"), what);
  }
});

test("too early and too late", async () => {
  const now = Math.floor(Date.now() / 1000);
  const within = (minTime, maxTime) => network.signed(alice, pay(), { timebounds: { minTime, maxTime } });
  assert.equal(await network.refusal(await within(now + 3_600, 0)), "tx_too_early");
  assert.equal(await network.refusal(await within(0, now - 3_600)), "tx_too_late");
});

test("low fee", async () => {
  assert.equal(await network.refusal(await network.signed(alice, pay(), { fee: "99" })), "tx_insufficient_fee");
  assert.equal(await network.refusal(await network.signed(alice, [pay(), pay()], { fee: "99" })), "tx_insufficient_fee");
});

test("accounts that are not there, or have too little", async () => {
  const [stranger, poor] = [key("refusals: stranger"), key("refusals: poor")];
  const account = new Account(stranger.publicKey(), "1");
  assert.equal(await network.refusal(await network.signed(stranger, pay(), { account })), "tx_no_account");

  const missing = Operation.payment({ destination: stranger.publicKey(), asset: Asset.native(), amount: "1" });
  assert.deepEqual(await network.failure(await network.signed(alice, missing)), paymentFailed("no_destination"));
  assert.deepEqual(await network.failure(await network.signed(alice, pay("99999"))), paymentFailed("underfunded"));

  await network.submit(alice, Operation.createAccount({ destination: poor.publicKey(), startingBalance: "1" }));
  assert.equal(await network.refusal(await network.signed(poor, pay())), "tx_insufficient_balance");
});
