// The networks under test and what a client does on them; everything goes through the official SDK.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { Keypair, TransactionBuilder, rpc } from "@stellar/stellar-sdk";

/** Stroops of one coin. */
export const COIN = 10_000_000n;

/** A wasm file of ours. */
export const wasm = (name) => new Uint8Array(readFileSync(`${setting("CONFORMANCE_WASM")}/${name}.wasm`));

/** The key pair that `name` stands for, always the same. */
export const key = (name) => Keypair.fromRawEd25519Seed(createHash("sha256").update(name).digest());

/** The network that closes ledgers as transactions come, by the clock on the wall. */
export const live = () => Network.connect(setting("CONFORMANCE_RPC"));

/** The network whose ledgers and clock the tests move. */
export const stepped = () => Network.connect(setting("CONFORMANCE_STEPPED_RPC"), setting("CONFORMANCE_STEPPED_CONTROL"));

function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask conformance\``);
  return value;
}

class Network {
  static async connect(url, control) {
    const server = new rpc.Server(url, { allowHttp: true });
    const { passphrase } = await server.getNetwork();
    return new Network(url, control, server, passphrase);
  }

  constructor(url, control, server, passphrase) {
    this.url = url;
    this.control = control;
    this.server = server;
    this.passphrase = passphrase;
  }

  /** The account of `name`, with the coins that friendbot gives. */
  async funded(name) {
    const owner = key(name);
    await this.server.fundAddress(owner.publicKey());
    return owner;
  }

  /** A transaction from `source`'s next sequence number on, unsigned. */
  async build(source, operations, { account, ...options } = {}) {
    account ??= await this.server.getAccount(source.publicKey());
    const defaults = { fee: "100", networkPassphrase: this.passphrase, timebounds: { minTime: 0, maxTime: 0 } };
    const builder = new TransactionBuilder(account, { ...defaults, ...options });
    [operations].flat().forEach((operation) => builder.addOperation(operation));
    return builder.build();
  }

  /** As `build`, and signed by `source`. */
  async signed(source, operations, options) {
    const transaction = await this.build(source, operations, options);
    transaction.sign(source);
    return transaction;
  }

  /** As `build`, simulated, and signed by `source`. */
  async prepare(source, operation, options) {
    const prepared = await this.server.prepareTransaction(await this.build(source, operation, options));
    prepared.sign(source);
    return prepared;
  }

  /** Sends what must be accepted and waits for what came of it. */
  async settle(transaction) {
    const sent = await this.server.sendTransaction(transaction);
    assert.equal(sent.status, "PENDING", `accepted: ${JSON.stringify(sent)}`);
    if (this.control) await this.post("close");
    return this.server.pollTransaction(sent.hash, { attempts: 200, sleepStrategy: () => 50 });
  }

  /** Sends what must succeed. */
  async apply(transaction) {
    const result = await this.settle(transaction);
    assert.equal(result.status, "SUCCESS", `applied: ${JSON.stringify(result.resultXdr)}`);
    return result;
  }

  /** Signs and sends classic operations that must succeed. */
  async submit(source, operations, options) {
    return this.apply(await this.signed(source, operations, options));
  }

  /** Simulates, signs and sends a contract operation that must succeed. */
  async invoke(source, operation, options) {
    return this.apply(await this.prepare(source, operation, options));
  }

  /** The code with which a transaction is refused when it is sent. */
  async refusal(transaction) {
    const sent = await this.server.sendTransaction(transaction);
    assert.equal(sent.status, "ERROR", `refused: ${JSON.stringify(sent)}`);
    return sent.errorResult.toJson().result;
  }

  /** The code with which a transaction fails when it is applied. */
  async failure(transaction) {
    const result = await this.settle(transaction);
    assert.equal(result.status, "FAILED", `failed: ${JSON.stringify(result.resultXdr)}`);
    return result.resultXdr.toJson().result;
  }

  /** Stroops of the native asset that an account holds. */
  async coins(address) {
    return (await this.server.getAccountEntry(address)).balance;
  }

  /** Asks the control port for something. */
  async post(what, body = {}) {
    const response = await fetch(`${this.control}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${what}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }
}

/** What a prepared transaction declares of entries, resources and fees. */
export const declared = (prepared) => prepared.toEnvelope().value.tx.ext.value;

/** A prepared transaction with other declarations, signed by `source`. */
export function altered(prepared, source, sorobanData) {
  const transaction = TransactionBuilder.cloneFrom(prepared, { sorobanData }).build();
  transaction.sign(source);
  return transaction;
}

/** The result of a contract call that failed with `code`, as XDR's JSON has it. */
export const invokeFailed = (code) => ({ tx_failed: [{ op_inner: { invoke_host_function: code } }] });
