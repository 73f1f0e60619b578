// The ledger's entries by their keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { xdr } from "@stellar/stellar-sdk";
import { COIN, key, live } from "../network.js";

const network = await live();
const { server } = network;
const alice = await network.funded("entries: alice");

const accountKey = (owner) => xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: owner.xdrAccountId() }));
const settingKey = (configSettingId) => xdr.LedgerKey.configSetting(new xdr.LedgerKeyConfigSetting({ configSettingId }));

test("entries that are there are told, others left out", async () => {
  const keys = [accountKey(key("entries: nobody")), accountKey(alice)];
  const { entries, latestLedger } = await server.getLedgerEntries(...keys);
  assert.equal(entries.length, 1);
  const [{ key: found, val, lastModifiedLedgerSeq, liveUntilLedgerSeq }] = entries;
  assert.ok(found.equals(keys[1]), "under its key");
  assert.equal(val.value.balance, 10_000n * COIN);
  assert.ok(lastModifiedLedgerSeq > 1 && lastModifiedLedgerSeq <= latestLedger, `${lastModifiedLedgerSeq}`);
  assert.equal(liveUntilLedgerSeq, undefined, "accounts live for good");
});

test("the network's settings are entries, too", async () => {
  const { val } = await server.getLedgerEntry(settingKey(xdr.ConfigSettingId.configSettingContractComputeV0));
  assert.equal(val.value.value.txMaxInstructions, 400_000_000n);
});

test("at most two hundred at once", async () => {
  const { entries } = await server.getLedgerEntries(...Array(200).fill(accountKey(alice)));
  assert.ok(entries.length >= 1, "200 keys");
  await assert.rejects(server.getLedgerEntries(...Array(201).fill(accountKey(alice))), { code: -32602 });
});
