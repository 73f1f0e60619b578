// Events by contract and topic, page by page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Asset, nativeToScVal, scValToNative } from "@stellar/stellar-sdk";
import { key, live } from "../network.js";
import { SUPPLY, address, deployToken, transfer } from "../token.js";

const network = await live();
const { server } = network;
const alice = await network.funded("events: alice");
const [bob, carol] = [key("events: bob"), key("events: carol")];
const { sequence: startLedger } = await server.getLatestLedger();
const token = await deployToken(network, alice);
const sent = [];
for (const [to, amount] of [[bob, 1n], [carol, 2n], [bob, 3n], [carol, 4n], [bob, 5n]]) {
  sent.push(await network.invoke(alice, transfer(token, alice, to, amount)));
}

const topic = (value) => value.toXdr("base64");
const symbol = (name) => topic(nativeToScVal(name, { type: "symbol" }));
const of = (...topics) => [{ type: "contract", contractIds: [token], ...(topics.length && { topics: [topics] }) }];
const amounts = ({ events }) => events.map((event) => scValToNative(event.value));

test("an event tells where it happened", async () => {
  const { events } = await server.getEvents({ startLedger, filters: of(symbol("transfer"), "*", "*") });
  assert.equal(events.length, 5);
  const [event] = events;
  assert.equal(event.type, "contract");
  assert.equal(event.contractId.contractId(), token);
  assert.equal(event.txHash, sent[0].txHash);
  assert.equal(event.ledger, sent[0].ledger);
  assert.equal(event.inSuccessfulContractCall, true);
  assert.equal(Math.floor(Date.parse(event.ledgerClosedAt) / 1000), Number(sent[0].createdAt));
  assert.deepEqual(event.topic.map(scValToNative), ["transfer", alice.publicKey(), bob.publicKey()]);
  assert.equal(scValToNative(event.value), 1n);
});

test("topics are matched one by one, or to the end", async () => {
  const ask = (...topics) => server.getEvents({ startLedger, filters: of(...topics) }).then(amounts);
  assert.deepEqual(await ask(symbol("transfer"), "*", topic(address(carol))), [2n, 4n]);
  assert.deepEqual(await ask(symbol("transfer"), "**"), [1n, 2n, 3n, 4n, 5n]);
  assert.deepEqual(await ask(symbol("transfer")), [], "a filter of one topic matches events of one topic");
  const [minted] = await ask(symbol("mint"), "*");
  assert.deepEqual(minted, { amount: SUPPLY });
});

test("filters are alternatives", async () => {
  const filters = [...of(symbol("mint"), "*"), ...of(symbol("transfer"), "*", topic(address(bob)))];
  const { events } = await server.getEvents({ startLedger, filters });
  assert.deepEqual(events.map((event) => scValToNative(event.topic[0])), ["mint", "transfer", "transfer", "transfer"]);
});

test("pages follow each other without gaps and doubles", async () => {
  const filters = of(symbol("transfer"), "*", "*");
  const whole = await server.getEvents({ startLedger, filters });
  let page = await server.getEvents({ startLedger, filters, limit: 2 });
  const seen = [...page.events];
  while (page.events.length > 0) {
    assert.ok(page.events.length <= 2, "the limit holds");
    page = await server.getEvents({ filters, cursor: page.cursor, limit: 2 });
    seen.push(...page.events);
  }
  assert.deepEqual(seen.map((event) => event.id), whole.events.map((event) => event.id));
});

test("the end ledger is not part of the range", async () => {
  const filters = of(symbol("transfer"), "**");
  const until = (endLedger) => server.getEvents({ startLedger, endLedger, filters }).then(amounts);
  assert.deepEqual(await until(sent[2].ledger), [1n, 2n]);
  assert.deepEqual(await until(sent[2].ledger + 1), [1n, 2n, 3n]);
});

test("fees are events of the native asset", async () => {
  const native = Asset.native().contractId(network.passphrase);
  const filters = [{ type: "contract", contractIds: [native], topics: [[symbol("fee"), topic(address(alice))]] }];
  const { events } = await server.getEvents({ startLedger, filters });
  const paid = events.filter((event) => event.txHash === sent[0].txHash).map((event) => scValToNative(event.value));
  assert.equal(paid.length, 2, "the charge and the refund");
  assert.equal(paid.reduce((sum, amount) => sum + amount), sent[0].resultXdr.feeCharged);
  assert.equal(sent[0].events.transactionEventsXdr.length, 2, "the transaction tells them, too");
});

test("what cannot be asked is refused", async () => {
  await assert.rejects(server.getEvents({ startLedger: 4_000_000_000, filters: [] }), { code: -32600 });
  await assert.rejects(server.getEvents({ startLedger, filters: [{ contractIds: ["nobody"] }] }), { code: -32602 });
  await assert.rejects(server.getEvents({ startLedger, filters: Array(6).fill(of()[0]) }), { code: -32602 });
});
