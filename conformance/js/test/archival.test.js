// Entries whose life ends: archived, restored by hand, and restored by the call that needs them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Contract, Operation, SorobanDataBuilder, contract, hash, nativeToScVal, xdr } from "@stellar/stellar-sdk";
import { altered, declared, invokeFailed, stepped, wasm } from "../network.js";
import { address, balance, balanceKey, deployToken, i128, transfer } from "../token.js";

/** Longer than a new persistent entry lives on mainnet. */
const SEASON = 121 * 86_400;
/** Ledgers that a restored persistent entry lives at least. */
const RESTORED_LIFE = 2_073_600;

const network = await stepped();
const { server } = network;
const alice = await network.funded("archival: alice");
const bob = await network.funded("archival: bob");
const token = await deployToken(network, alice);
await network.invoke(alice, transfer(token, alice, bob, 10n));

const instance = new Contract(token).getFootprint();
const code = xdr.LedgerKey.contractCode(new xdr.LedgerKeyContractCode({ hash: new xdr.Hash(hash(wasm("plt"))) }));
const lifeOf = async (key) => (await server.getLedgerEntry(key)).liveUntilLedgerSeq;
const latest = async () => (await server.getLatestLedger()).sequence;

/** Restores entries with a transaction of their own. */
const restore = (...keys) => {
  const sorobanData = new SorobanDataBuilder().setReadWrite(keys).build();
  return network.invoke(alice, Operation.restoreFootprint({}), { sorobanData });
};

test("a temporary entry is gone when its life ends", async () => {
  const until = (await latest()) + 100;
  const approve = [address(alice), address(bob), i128(5n), nativeToScVal(until, { type: "u32" })];
  await network.invoke(alice, new Contract(token).call("approve", ...approve));
  const asked = { owner: alice.publicKey(), spender: bob.publicKey() };
  assert.equal((await server.queryContract(token, "allowance", asked)).result, 5n);
  await network.post("advance", { seconds: 20_000 * 5 });
  assert.equal((await server.queryContract(token, "allowance", asked)).result, 0n);
});

test("an archived entry is refused, unless the call declares that it restores it", async () => {
  await network.post("advance", { seconds: SEASON });
  for (const key of [instance, code, balanceKey(token, bob)]) {
    assert.ok((await lifeOf(key)) < (await latest()), "archived");
  }
  const prepared = await network.prepare(alice, transfer(token, alice, bob, 1n));
  const { ext, resources, resourceFee } = declared(prepared);
  assert.ok(ext.value.archivedSorobanEntries.length >= 3, "the simulation names what is archived");
  const silent = new xdr.SorobanTransactionData({ ext: xdr.SorobanTransactionDataExt.v0(), resources, resourceFee });
  assert.deepEqual(await network.failure(altered(prepared, alice, silent)), invokeFailed("entry_archived"));
});

test("entries are restored by hand", async () => {
  const { ledger, resultMetaXdr } = await restore(instance, code);
  assert.equal(await lifeOf(instance), ledger + RESTORED_LIFE - 1);
  const changes = resultMetaXdr.value.operations[0].changes.map((change) => change.type);
  assert.equal(changes.filter((change) => change === "ledgerEntryRestored").length, 4, "two entries, and how long they live");
  assert.ok((await lifeOf(balanceKey(token, bob))) < ledger, "what was not named stays archived");
});

test("restoring what lives changes nothing", async () => {
  const before = await lifeOf(instance);
  const { resultMetaXdr } = await restore(instance);
  assert.equal(await lifeOf(instance), before);
  assert.deepEqual(resultMetaXdr.value.operations[0].changes, []);
});

test("a call restores what it needs", async () => {
  const before = await balance(network, token, bob);
  const { ledger } = await network.invoke(alice, transfer(token, alice, bob, 1n));
  assert.ok((await lifeOf(balanceKey(token, bob))) >= ledger + RESTORED_LIFE - 1, "lives again");
  assert.equal(await balance(network, token, bob), before + 1n);
});

test("contract.Client with `restore` calls a contract that is archived", async () => {
  await network.post("advance", { seconds: SEASON });
  const client = await contract.Client.from({
    contractId: token,
    rpcUrl: network.url,
    networkPassphrase: network.passphrase,
    allowHttp: true,
    publicKey: alice.publicKey(),
    ...contract.basicNodeSigner(alice, network.passphrase),
  });
  const args = { from: alice.publicKey(), to: bob.publicKey(), amount: 1n };
  const call = await client.transfer(args, { restore: true, timeoutInSeconds: 10 * 365 * 86_400 });
  const { getTransactionResponse } = await call.signAndSend({ watcher: { onSubmitted: () => network.post("close") } });
  assert.equal(getTransactionResponse.status, "SUCCESS");
});
