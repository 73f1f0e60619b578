// The bindings that are generated from our contracts' interfaces, as an application in TypeScript uses them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contract } from "@stellar/stellar-sdk";
import { Client, FungibleTokenError } from "../bindings/plt.js";
import { key, live } from "../network.js";
import { NAME, SUPPLY, deployToken } from "../token.js";

test("a generated client reads, writes and names errors", async () => {
  const network = await live();
  const alice = await network.funded("bindings: alice");
  const bob = key("bindings: bob");
  const plt = new Client({
    contractId: await deployToken(network, alice),
    rpcUrl: network.url,
    networkPassphrase: network.passphrase,
    allowHttp: true,
    publicKey: alice.publicKey(),
    ...contract.basicNodeSigner(alice, network.passphrase),
  });
  const name: string = (await plt.name()).result;
  assert.equal(name, NAME);
  const call = await plt.transfer({ from: alice.publicKey(), to: bob.publicKey(), amount: 12n });
  await call.signAndSend();
  const held: bigint = (await plt.balance({ account: bob.publicKey() })).result;
  assert.equal(held, 12n);
  assert.equal((await plt.total_supply()).result, SUPPLY);

  const refused = await plt.transfer({ from: alice.publicKey(), to: bob.publicKey(), amount: SUPPLY });
  const [, code] = /Error\(Contract, #(\d+)\)/.exec("error" in refused.simulation! ? refused.simulation.error : "") ?? [];
  assert.equal(FungibleTokenError[Number(code) as keyof typeof FungibleTokenError]?.message, "InsufficientBalance");
});
