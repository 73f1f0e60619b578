// Ledgers and transactions that were.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Asset, Operation, hash } from "@stellar/stellar-sdk";
import { live } from "../network.js";

const network = await live();
const { server } = network;
const alice = await network.funded("history: alice");
const { sequence: startLedger } = await server.getLatestLedger();
const pay = Operation.payment({ destination: alice.publicKey(), asset: Asset.native(), amount: "1" });
const sent = [];
for (let i = 0; i < 3; i++) sent.push(await network.submit(alice, pay));

const hex = (bytes) => Buffer.from(bytes).toString("hex");

test("a transaction is found by its hash, with all that came of it", async () => {
  const found = await server.getTransaction(sent[0].txHash);
  assert.equal(found.status, "SUCCESS");
  assert.equal(found.feeBump, false);
  assert.ok(found.applicationOrder >= 1, "its order in the ledger");
  assert.deepEqual(found.resultXdr.toJson().result, { tx_success: [{ op_inner: { payment: "success" } }] });
  assert.ok(found.oldestLedger <= found.ledger && found.ledger <= found.latestLedger, "a ledger in the range");
  assert.equal(found.envelopeXdr.type, "envelopeTypeTx");
});

test("a transaction that nobody sent is not found", async () => {
  const missing = await server.getTransaction("00".repeat(32));
  assert.equal(missing.status, "NOT_FOUND");
  assert.ok(missing.latestLedger >= sent[2].ledger, "the range that was searched");
});

test("transactions are listed page by page", async () => {
  let page = await server.getTransactions({ startLedger, pagination: { limit: 1 } });
  const hashes = [];
  while (page.transactions.length > 0) {
    assert.equal(page.transactions.length, 1, "the limit holds");
    hashes.push(page.transactions[0].txHash);
    page = await server.getTransactions({ pagination: { cursor: page.cursor, limit: 1 } });
  }
  assert.equal(new Set(hashes).size, hashes.length, "none twice");
  const mine = sent.map((transaction) => transaction.txHash);
  assert.deepEqual(hashes.filter((found) => mine.includes(found)), mine, "in the order applied");
});

test("ledgers are a chain of hashes", async () => {
  let page = await server.getLedgers({ startLedger, pagination: { limit: 2 } });
  const ledgers = [...page.ledgers];
  while (ledgers.at(-1).sequence < sent[2].ledger) {
    page = await server.getLedgers({ pagination: { cursor: page.cursor, limit: 2 } });
    ledgers.push(...page.ledgers);
  }
  ledgers.forEach((ledger, i) => {
    const { header } = ledger.headerXdr;
    assert.equal(ledger.sequence, startLedger + i, "one after the other");
    assert.equal(header.ledgerSeq, ledger.sequence);
    assert.equal(hex(hash(header.toXdr())), ledger.hash, "hash of the header");
    assert.equal(String(header.scpValue.closeTime), ledger.ledgerCloseTime);
    if (i > 0) assert.equal(hex(header.previousLedgerHash.value), ledgers[i - 1].hash, "follows the one before");
  });
});
