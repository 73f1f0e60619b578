// The governance token, deployed from our own wasm: the contract that the tests call.
import { Address, Operation, hash, nativeToScVal, scValToNative, xdr } from "@stellar/stellar-sdk";
import { wasm } from "./network.js";

/** Its name and symbol. */
export const NAME = "Vangnet vote";
export const SYMBOL = "PLT";
/** What the constructor mints, in the smallest unit. */
export const SUPPLY = 1_000_000n;

/** Uploads a contract's code and returns its hash. */
export async function upload(network, source, code) {
  const applied = await network.invoke(source, Operation.uploadContractWasm({ wasm: code }));
  return scValToNative(applied.returnValue);
}

/** Deploys a token whose whole supply `holder` has, and returns its address. */
export async function deployToken(network, holder, name = NAME) {
  await upload(network, holder, wasm("plt"));
  const create = Operation.createCustomContract({
    address: new Address(holder.publicKey()),
    wasmHash: hash(wasm("plt")),
    salt: hash(name),
    constructorArgs: [address(holder), i128(SUPPLY), nativeToScVal(name), nativeToScVal(SYMBOL)],
  });
  return scValToNative((await network.invoke(holder, create)).returnValue);
}

/** An operation that moves `amount` of a token. */
export const transfer = (contract, from, to, amount) =>
  Operation.invokeContractFunction({
    contract,
    function: "transfer",
    args: [address(from), address(to), i128(amount)],
  });

/** What `holder` has of the token. */
export async function balance(network, contract, holder) {
  const { result } = await network.server.queryContract(contract, "balance", { account: holder.publicKey() });
  return result;
}

export const address = (owner) => new Address(owner.publicKey()).toScVal();
export const i128 = (amount) => nativeToScVal(amount, { type: "i128" });

/** The ledger's key of what `holder` has of the token. */
export const balanceKey = (contract, holder) =>
  xdr.LedgerKey.contractData(
    new xdr.LedgerKeyContractData({
      contract: new Address(contract).toScAddress(),
      key: xdr.ScVal.scvVec([xdr.ScVal.scvSymbol("Balance"), address(holder)]),
      durability: xdr.ContractDataDurability.persistent,
    }),
  );
