// Accounts, payments, trustlines and fee bumps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Asset, Operation, TransactionBuilder } from "@stellar/stellar-sdk";
import { COIN, key, live } from "../network.js";

const network = await live();

test("friendbot funds an account once", async () => {
  const owner = key("classic: funded");
  const account = await network.server.requestAirdrop(owner.publicKey());
  const loaded = await network.server.getAccount(owner.publicKey());
  assert.equal(loaded.sequenceNumber(), account.sequenceNumber(), "sequence number");
  assert.equal(await network.coins(owner.publicKey()), 10_000n * COIN, "coins");
  await assert.rejects(network.server.fundAddress(owner.publicKey()), /already funded/);
  const again = await network.server.requestAirdrop(owner.publicKey());
  assert.equal(again.sequenceNumber(), account.sequenceNumber(), "asked again, it is the account that is there");
  assert.equal(await network.coins(owner.publicKey()), 10_000n * COIN, "coins after further tries");
});

test("an account is created, and paid in the native asset", async () => {
  const payer = await network.funded("classic: payer");
  const child = key("classic: child");
  await assert.rejects(network.server.getAccount(child.publicKey()), /not found/);
  const create = Operation.createAccount({ destination: child.publicKey(), startingBalance: "50" });
  const created = await network.submit(payer, create);
  const account = await network.server.getAccount(child.publicKey());
  assert.equal(BigInt(account.sequenceNumber()), BigInt(created.ledger) << 32n, "first sequence number");

  const pay = Operation.payment({ destination: child.publicKey(), asset: Asset.native(), amount: "0.0000005" });
  const paid = await network.submit(payer, [pay, pay]);
  assert.equal(paid.resultXdr.feeCharged, 200n, "fee of two operations");
  assert.equal(await network.coins(child.publicKey()), 50n * COIN + 10n, "child");
  assert.equal(await network.coins(payer.publicKey()), 9_950n * COIN - 10n - 300n, "payer");
});

test("an issued asset needs a trustline, and a removed one is gone", async () => {
  const [issuer, holder] = [await network.funded("classic: issuer"), await network.funded("classic: holder")];
  const asset = new Asset("COVER", issuer.publicKey());
  const pay = Operation.payment({ destination: holder.publicKey(), asset, amount: "12.5" });
  assert.deepEqual(await network.failure(await network.signed(issuer, pay)), { tx_failed: [{ op_inner: { payment: "no_trust" } }] });

  await network.submit(holder, Operation.changeTrust({ asset, limit: "100" }));
  await network.submit(issuer, pay);
  const line = await network.server.getTrustline(holder.publicKey(), asset);
  assert.equal(line.balance, 125_000_000n);
  assert.equal(line.limit, 1_000_000_000n);
  const { balanceEntry } = await network.server.getAssetBalance(holder.publicKey(), asset);
  assert.deepEqual([balanceEntry.amount, balanceEntry.authorized], ["125000000", true]);

  const back = Operation.payment({ destination: issuer.publicKey(), asset, amount: "12.5" });
  await network.submit(holder, [back, Operation.changeTrust({ asset, limit: "0" })]);
  await assert.rejects(network.server.getTrustline(holder.publicKey(), asset), /not found/);
});

test("a fee bump pays for another's transaction", async () => {
  const [poor, sponsor] = [await network.funded("classic: poor"), await network.funded("classic: sponsor")];
  const pay = Operation.payment({ destination: sponsor.publicKey(), asset: Asset.native(), amount: "1" });
  const inner = await network.signed(poor, pay);
  const bump = TransactionBuilder.buildFeeBumpTransaction(sponsor, "400", inner, network.passphrase);
  bump.sign(sponsor);
  const result = await network.apply(bump);
  assert.equal(result.feeBump, true);
  assert.equal(result.resultXdr.result.type, "txFeeBumpInnerSuccess");
  assert.equal(await network.coins(poor.publicKey()), 9_999n * COIN, "the inner source pays no fee");
  assert.equal(result.resultXdr.feeCharged, 200n, "fee of an operation and of the bump");
  assert.equal(await network.coins(sponsor.publicKey()), 10_001n * COIN - 200n, "the sponsor pays it");
  const byInner = await network.server.getTransaction(Buffer.from(inner.hash()).toString("hex"));
  assert.equal(byInner.status, "SUCCESS", "found by the inner hash, too");
});

test("an operation that the network does not have says so", async () => {
  const owner = await network.funded("classic: unsupported");
  const transaction = await network.signed(owner, Operation.manageData({ name: "a", value: "b" }));
  assert.deepEqual(await network.refusal(transaction), { tx_failed: ["op_not_supported"] });
});
