// What a client asks of the network itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { live } from "../network.js";

const network = await live();

test("health, network and version tell what this is", async () => {
  const health = await network.server.getHealth();
  assert.equal(health.status, "healthy");
  assert.ok(health.oldestLedger <= health.latestLedger, "a range of ledgers");
  assert.ok(health.ledgerRetentionWindow > 0, "a retention");

  const described = await network.server.getNetwork();
  assert.equal(described.passphrase, "Standalone Network ; February 2017");
  assert.equal(Number(described.protocolVersion), 28);
  assert.match(described.friendbotUrl, /\/friendbot$/);

  const version = await network.server.getVersionInfo();
  assert.equal(version.protocolVersion, 28);
  assert.match(version.version, /^vangnet-localnet /);
  assert.match(version.captiveCoreVersion, /not compared with a real validator/);
});

test("the latest ledger comes with its header and metadata", async () => {
  const latest = await network.server.getLatestLedger();
  assert.equal(latest.headerXdr.ledgerSeq, latest.sequence);
  assert.equal(latest.metadataXdr.type, "v2");
  assert.equal(typeof latest.closeTime, "string");
  assert.match(latest.id, /^[0-9a-f]{64}$/);
});

test("fee statistics are counted in stroops", async () => {
  const stats = await network.server.getFeeStats();
  for (const fees of [stats.inclusionFee, stats.sorobanInclusionFee]) {
    assert.ok(BigInt(fees.min) <= BigInt(fees.p50) && BigInt(fees.p50) <= BigInt(fees.max), JSON.stringify(fees));
    assert.equal(typeof fees.transactionCount, "string");
    assert.equal(typeof fees.ledgerCount, "number");
  }
});

test("a method or parameter that does not exist is an error of JSON-RPC", async () => {
  const ask = async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method, params });
    const response = await fetch(network.url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return response.json();
  };
  const unknown = await ask("getEverything");
  assert.equal(unknown.error.code, -32601);
  assert.equal(unknown.id, 7);
  assert.equal((await ask("getTransaction", { hash: "no hash" })).error.code, -32602);
  await assert.rejects(network.server.getTransactions({ startLedger: 4_000_000_000 }), { code: -32600 });
});
