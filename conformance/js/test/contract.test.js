// Contracts: uploading, deploying, invoking, and the SDK's own client for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Address, Asset, Operation, SorobanDataBuilder, TransactionBuilder, authorizeEntry, contract, hash, scValToNative } from "@stellar/stellar-sdk";
import { live, wasm } from "../network.js";
import { NAME, SUPPLY, SYMBOL, balance, balanceKey, deployToken, i128, transfer, upload } from "../token.js";

const network = await live();
const { server } = network;
const alice = await network.funded("contract: alice");
const bob = await network.funded("contract: bob");
const token = await deployToken(network, alice);

const client = (owner) =>
  contract.Client.from({
    contractId: token,
    rpcUrl: network.url,
    networkPassphrase: network.passphrase,
    allowHttp: true,
    publicKey: owner.publicKey(),
    ...contract.basicNodeSigner(owner, network.passphrase),
  });

test("what was uploaded and deployed is found in the ledger", async () => {
  assert.deepEqual(await server.getContractWasmByContractId(token), wasm("plt"));
  const instance = await server.getContractInstance(token);
  assert.deepEqual(instance.executable.wasmHash.value, hash(wasm("plt")));
  const names = (await server.getContractMethods(token)).map((method) => method.name);
  assert.ok(names.includes("transfer") && names.includes("delegate"), names.join());
});

test("uploading again changes nothing and succeeds", async () => {
  assert.deepEqual(Buffer.from(await upload(network, bob, wasm("plt"))), Buffer.from(hash(wasm("plt"))));
});

test("a holder moves tokens with the signature of the transaction alone", async () => {
  const before = await balance(network, token, bob);
  const applied = await network.invoke(alice, transfer(token, alice, bob, 1_000n));
  assert.equal(scValToNative(applied.returnValue), null);
  assert.equal(applied.resultMetaXdr.type, "v4");
  assert.equal((await balance(network, token, bob)) - before, 1_000n);
  const [[event]] = applied.events.contractEventsXdr;
  assert.equal(scValToNative(event.body.value.topics[0]), "transfer");
});

test("the fee is what was declared less what was not used", async () => {
  const before = await network.coins(alice.publicKey());
  const prepared = await network.prepare(alice, transfer(token, alice, bob, 1n));
  const { resultXdr } = await network.apply(prepared);
  assert.ok(resultXdr.feeCharged > 100n && resultXdr.feeCharged <= BigInt(prepared.fee), `${resultXdr.feeCharged} of ${prepared.fee}`);
  assert.equal(before - (await network.coins(alice.publicKey())), resultXdr.feeCharged);
});

test("a fee bump pays for a contract call, and gets the refund", async () => {
  const before = await network.coins(alice.publicKey());
  const sponsored = await network.coins(bob.publicKey());
  const inner = await network.prepare(alice, transfer(token, alice, bob, 1n));
  const bump = TransactionBuilder.buildFeeBumpTransaction(bob, "100", inner, network.passphrase);
  bump.sign(bob);
  const { resultXdr } = await network.apply(bump);
  assert.equal(await network.coins(alice.publicKey()), before, "the caller pays nothing");
  assert.equal(await network.coins(bob.publicKey()), sponsored - resultXdr.feeCharged, "the sponsor pays what was used");
  assert.ok(resultXdr.feeCharged < BigInt(bump.fee), "less than was declared");
});

test("another's tokens move with their signed authorisation entry", async () => {
  await network.invoke(alice, transfer(token, alice, bob, 500n));
  const before = await balance(network, token, alice);
  const unsigned = await network.build(alice, transfer(token, bob, alice, 300n));
  const simulated = await server.simulateTransaction(unsigned);
  assert.equal(simulated.result.auth.length, 1);
  const until = simulated.latestLedger + 100;
  const entry = await authorizeEntry(simulated.result.auth[0], bob, until, network.passphrase);
  const operation = Operation.invokeHostFunction({ func: unsigned.operations[0].func, auth: [entry] });
  const result = await network.invoke(alice, operation);
  assert.equal(result.status, "SUCCESS");
  assert.equal((await balance(network, token, alice)) - before, 300n);
});

test("contract.Client reads, writes, and has others sign", async () => {
  const [mine, theirs] = [await client(alice), await client(bob)];
  assert.equal((await mine.name()).result, NAME);
  assert.equal((await mine.symbol()).result, SYMBOL);
  assert.equal((await mine.total_supply()).result, SUPPLY);
  assert.ok((await mine.decimals()).isReadCall, "a view");

  const sent = await (await mine.transfer({ from: alice.publicKey(), to: bob.publicKey(), amount: 40n })).signAndSend();
  assert.equal(sent.getTransactionResponse.status, "SUCCESS");

  const before = (await mine.balance({ account: alice.publicKey() })).result;
  const pull = await mine.transfer({ from: bob.publicKey(), to: alice.publicKey(), amount: 7n });
  assert.deepEqual(pull.needsNonInvokerSigningBy(), [bob.publicKey()]);
  await assert.rejects(pull.sign(), contract.AssembledTransaction.Errors.NeedsMoreSignatures);
  const handed = theirs.txFromJSON(pull.toJSON());
  await handed.signAuthEntries();
  const returned = mine.txFromXDR(handed.toXDR());
  await returned.simulate();
  await returned.signAndSend();
  assert.equal((await mine.balance({ account: alice.publicKey() })).result - before, 7n);
});

test("contract.Client.deploy calls the constructor", async () => {
  const deployment = await contract.Client.deploy(
    { holder: bob.publicKey(), supply: 9n, name: "Deployed", symbol: "D" },
    {
      wasmHash: hash(wasm("plt")),
      salt: hash("contract: deployed by the client"),
      rpcUrl: network.url,
      networkPassphrase: network.passphrase,
      allowHttp: true,
      publicKey: bob.publicKey(),
      ...contract.basicNodeSigner(bob, network.passphrase),
    },
  );
  const { result: deployed } = await deployment.signAndSend();
  assert.equal((await deployed.balance({ account: bob.publicKey() })).result, 9n);
});

test("a contract's own error reaches the client by its number and name", async () => {
  const asked = await (await client(bob)).transfer({ from: bob.publicKey(), to: alice.publicKey(), amount: SUPPLY * 2n });
  assert.ok(asked.simulation.error.includes("Error(Contract, #100)"), asked.simulation.error);
  assert.ok(asked.result.isErr(), "an error as the specification names it");
});

test("an issued asset is a contract, too", async () => {
  const asset = new Asset("SAC", alice.publicKey());
  const created = await network.invoke(alice, Operation.createStellarAssetContract({ asset }));
  const id = asset.contractId(network.passphrase);
  assert.equal(scValToNative(created.returnValue), id);
  const mint = Operation.invokeContractFunction({
    contract: id,
    function: "mint",
    args: [new Address(token).toScVal(), i128(25n)],
  });
  await network.invoke(alice, mint);
  const { balanceEntry } = await server.getSACBalance(token, asset);
  assert.deepEqual([balanceEntry.amount, balanceEntry.authorized], ["25", true]);
  const sac = await contract.Client.from({ contractId: id, rpcUrl: network.url, networkPassphrase: network.passphrase, allowHttp: true });
  assert.equal((await sac.symbol()).result, "SAC");
  assert.equal((await sac.balance({ id: token })).result, 25n);
});

test("an entry's life is extended", async () => {
  const entries = [balanceKey(token, bob)];
  const [before] = (await server.getLedgerEntries(...entries)).entries;
  const sorobanData = new SorobanDataBuilder().setReadOnly(entries).build();
  const { ledger } = await network.invoke(alice, Operation.extendFootprintTtl({ extendTo: 3_000_000 }), { sorobanData });
  const [after] = (await server.getLedgerEntries(...entries)).entries;
  assert.ok(after.liveUntilLedgerSeq > before.liveUntilLedgerSeq, "lives longer");
  assert.equal(after.liveUntilLedgerSeq, ledger + 3_000_000);
});
