import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ANCHORED_TOPIC, anchoredIn } from "@doppelwerk/trust/chain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGanache, type GanacheNode } from "../../../../scripts/ganache-node.ts";
import { renderEnglish } from "../messages/english.ts";
import { ANCHOR_ABI, ANCHOR_CODE, ANCHOR_SOURCE, anchorCall, anchorInitCode, SELECTORS } from "./anchor-contract.ts";
import { Anchoring, type AnchoringAccount, type AnchorStep, type ToAnchor } from "./anchoring.ts";
import type { IndependentNodes } from "./block-agreement.ts";
import { ChainNode } from "./chain-node.ts";
import { assemble } from "./evm-assembly.ts";

renderEnglish();
const seed = Number(process.env["SEED"] ?? 370);
const root = mkdtempSync(join(tmpdir(), "doppelwerk-anchoring-"));
let ganache: GanacheNode;
let contract = "";
beforeAll(async () => {
  ganache = await startGanache();
  const made = await anchoring({ contract: undefined }).deploy((ms) => setTimeout(ms / 50));
  contract = made.contract;
}, 180_000);
afterAll(async () => {
  await ganache?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** `lie` may answer otherwise than the chain. */
function nodeOf(chain = ganache.chain, url = ganache.url, lie?: (method: string, result: unknown) => unknown): ChainNode {
  return new ChainNode({ url, chain }, async (body) => {
    const answer = await fetch(ganache.url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (lie === undefined) return { status: answer.status, body: bytes };
    const { method } = JSON.parse(body) as { readonly method: string };
    const told = JSON.parse(bytes.toString()) as { readonly result?: unknown };
    const result = told.result === undefined ? undefined : lie(method, told.result);
    return { status: 200, body: Buffer.from(JSON.stringify({ ...told, ...(result !== undefined && { result }) })) };
  });
}

let paths = 0;
function anchoring(
  more: Partial<AnchoringAccount> = {},
  {
    path = join(root, `pending-${paths++}.json`),
    now = Date.now,
    node = nodeOf(),
    independent = undefined as IndependentNodes | undefined,
  } = {},
): Anchoring {
  return new Anchoring(node, { contract, key: ganache.keys[0]!, confirmations: 1, maxFeeGwei: 100, ...more }, path, now, independent);
}

const toAnchor = (size = 7): ToAnchor => ({ size, root: randomBytes(32).toString("base64"), note: "the note" });
const mine = async (blocks = 1): Promise<void> => {
  for (let n = 0; n < blocks; n++) await ganache.rpc("evm_mine");
};
const seen = (of: ToAnchor) => nodeOf().anchored(contract, new Uint8Array(Buffer.from(of.root, "base64")));
const isAnchored = (step: AnchorStep): step is AnchorStep & { readonly state: "anchored" } => step.state === "anchored";

/** Sent in the way of any other program. */
async function sendDirectly(data: string, key = 1, more: object = {}): Promise<string> {
  const accounts = (await ganache.rpc("eth_accounts")) as readonly string[];
  const hash = await ganache.rpc("eth_sendTransaction", { from: accounts[key], to: contract, data, gas: "0x30000", ...more });
  return ((await ganache.rpc("eth_getTransactionReceipt", hash)) as { readonly status: string }).status;
}

test("[SV307] the code of the contract is its annotated source: each comment of the stack holds, the names have their hashes, and there is one SSTORE and no way to destroy it", async () => {
  const { code, listing } = assemble(ANCHOR_SOURCE);
  expect(code).toBe(ANCHOR_CODE);
  // a reader can compare this with what lies on a chain
  expect(createHash("sha256").update(ANCHOR_CODE).digest("hex")).toMatchInlineSnapshot(
    `"8788d22eb3981d2581d8ed2f2a93650e31a8ccf2b89738e4ad93a94702df138e"`,
  );
  // by the node, which is of other hands
  const keccak = async (text: string) => String(await ganache.rpc("web3_sha3", `0x${Buffer.from(text).toString("hex")}`)).slice(2);
  expect((await keccak("anchor(bytes32,uint64)")).slice(0, 8)).toBe(SELECTORS.anchor);
  expect((await keccak("anchored(bytes32)")).slice(0, 8)).toBe(SELECTORS.anchored);
  expect(ANCHORED_TOPIC.slice(2)).toBe(await keccak("Anchored(bytes32,address,uint64)"));
  expect(ANCHOR_ABI.map(({ name, inputs }) => `${name}(${inputs.map(({ type }) => type).join(",")})`)).toEqual([
    "anchor(bytes32,uint64)",
    "anchored(bytes32)",
    "Anchored(bytes32,address,uint64)",
  ]);
  const names = listing.map(({ text }) => text);
  expect(names.filter((name) => name === "SSTORE")).toHaveLength(1);
  expect(names.filter((name) => /CALL$|DELEGATECALL|SELFDESTRUCT|CREATE/.test(name))).toEqual([]);
  // each place that is jumped to is a JUMPDEST
  for (const { text, at } of listing.filter((_, n) => listing[n + 1]?.text === "JUMPI"))
    expect(
      listing.find((each) => each.at === Number(text.split(" ")[1])),
      `${at}`,
    ).toMatchObject({ text: "JUMPDEST" });
  expect(() => assemble("PUSH 0x1")).toThrow();
  expect(() => assemble("PUSH @nowhere")).toThrow();
  expect(() => assemble("SELFDESTRUCT")).toThrow();
});

test("[SV307] a root is anchored once: when, by whom and with which size is read by anybody, and neither another size, another sender nor money changes it", async () => {
  expect(await nodeOf().isContract(contract)).toBe(true);
  const of = toAnchor(4_711);
  const step = await anchoring().begin(of);
  expect(step).toMatchObject({ state: "anchored", of, anchor: { chain: "1337", contract, transaction: expect.stringMatching(/^0x/) } });
  if (!isAnchored(step)) return;
  const accounts = (await ganache.rpc("eth_accounts")) as readonly string[];
  expect(await seen(of)).toEqual({ time: step.anchor.time, size: 4_711, by: accounts[0]!.toLowerCase() });
  const block = (await ganache.rpc("eth_getBlockByHash", step.anchor.blockHash, false)) as { timestamp: string };
  expect(Number(block.timestamp)).toBe(step.anchor.time);
  const bytes = new Uint8Array(Buffer.from(of.root, "base64"));
  const logs = (await ganache.rpc("eth_getLogs", {
    address: contract,
    fromBlock: "0x0",
    topics: [ANCHORED_TOPIC, `0x${Buffer.from(bytes).toString("hex")}`],
  })) as {
    data: string;
    topics: readonly string[];
  }[];
  expect(logs).toHaveLength(1);
  expect([Number(logs[0]!.data), `0x${logs[0]!.topics[2]!.slice(26)}`]).toEqual([4_711, accounts[0]!.toLowerCase()]);
  for (const [data, more] of [
    [anchorCall(bytes, 4_711), {}],
    [anchorCall(bytes, 1), {}],
    [anchorCall(new Uint8Array(randomBytes(32)), 7), { value: "0x1" }],
    [`${anchorCall(new Uint8Array(randomBytes(32)), 7)}00`, {}],
    [anchorCall(new Uint8Array(randomBytes(32)), 7).slice(0, -2), {}],
    [`0x${SELECTORS.anchor}${"11".repeat(32)}01${"00".repeat(31)}`, {}],
    [`0x${"00".repeat(68)}`, {}],
    ["0x", {}],
  ] as const)
    expect(await sendDirectly(data, 1, more), data).toBe("0x0");
  expect(await seen(of)).toMatchObject({ size: 4_711, time: step.anchor.time });
  expect(await seen(toAnchor())).toBeUndefined();
  // the largest size that is kept, and the empty log
  for (const size of [0, Number.MAX_SAFE_INTEGER]) {
    const edge = toAnchor(size);
    expect(await anchoring().begin(edge)).toMatchObject({ state: "anchored" });
    expect(await seen(edge)).toMatchObject({ size });
  }
}, 60_000);

test("[SV307] it counts once it is as deep as configured, also after a restart in between, and what somebody else wrote first counts as his", async () => {
  const path = join(root, "restart.json");
  const of = toAnchor();
  expect(await anchoring({ confirmations: 4 }, { path }).begin(of)).toMatchObject({ state: "pending", confirmations: 1 });
  await mine(2);
  const again = anchoring({ confirmations: 4 }, { path });
  expect([again.isPending, await again.step()]).toMatchObject([true, { state: "pending", confirmations: 3 }]);
  await mine();
  expect(await again.step()).toMatchObject({ state: "anchored", of });
  expect([again.isPending, existsSync(path), await again.step()]).toEqual([false, false, { state: "idle" }]);
  const other = toAnchor(9);
  expect(await sendDirectly(anchorCall(new Uint8Array(Buffer.from(other.root, "base64")), 9))).toBe("0x1");
  const late = anchoring({ confirmations: 3 });
  expect(await late.begin(other)).toMatchObject({ state: "pending" });
  expect(late.isPending).toBe(false);
  await mine(2);
  const accounts = (await ganache.rpc("eth_accounts")) as readonly string[];
  const step = await late.begin(other);
  expect(step).toMatchObject({ state: "anchored", anchor: { by: accounts[1]!.toLowerCase() } });
  // the transaction of the other, with its proof
  expect(isAnchored(step) && [step.anchor.transaction, step.anchor.proof?.nodes.length]).toEqual([
    expect.stringMatching(/^0x/),
    expect.any(Number),
  ]);
  // of another size it is not this checkpoint
  await expect(anchoring().begin({ ...other, size: 10 })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  writeFileSync(path, "{");
  expect(() => anchoring({}, { path })).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
}, 60_000);

test("[SV307] a reorganisation that takes the block away loses nothing: the same transaction is sent again and counts in its new block", async () => {
  const of = toAnchor();
  const anchor = anchoring({ confirmations: 3 });
  const before = await ganache.rpc("evm_snapshot");
  expect(await anchor.begin(of)).toMatchObject({ state: "pending", confirmations: 1 });
  await ganache.rpc("evm_revert", before);
  expect(await seen(of)).toBeUndefined();
  // sent again; with a block at once
  expect(await anchor.step()).toMatchObject({ state: "pending", confirmations: 0 });
  expect(await seen(of)).toMatchObject({ size: 7 });
  await mine(2);
  expect(await anchor.step()).toMatchObject({ state: "anchored" });
}, 60_000);

test("[SV307] what is in no block is sent again with higher fees under its number, and either of both counts; a number that another transaction took is given up and anchored anew", async () => {
  let now = 1_000_000;
  const of = toAnchor();
  const path = join(root, "slow.json");
  const anchor = anchoring({}, { path, now: () => now });
  await ganache.rpc("miner_stop");
  try {
    expect(await anchor.begin(of)).toMatchObject({ state: "pending", confirmations: 0 });
    expect(await anchor.step()).toMatchObject({ state: "pending" });
    const sent = () => JSON.parse(readFileSync(path, "utf8")) as { sent: readonly { hash: string }[]; maxFee: string };
    const first = sent();
    expect(first.sent).toHaveLength(1);
    now += 200_000;
    const second = await anchor.step();
    expect(sent().sent).toHaveLength(2);
    expect(BigInt(sent().maxFee)).toBeGreaterThanOrEqual((BigInt(first.maxFee) * 11n) / 10n);
    expect(second).toMatchObject({ transaction: sent().sent[1]!.hash });
    // not above what is allowed, however long it waits
    now += 200_000;
    await expect(anchoring({ maxFeeGwei: 1 }, { path, now: () => now }).step()).rejects.toMatchObject({ code: "DW_CONFLICT" });
  } finally {
    await ganache.rpc("miner_start");
  }
  await mine();
  expect(await anchor.step()).toMatchObject({ state: "anchored", of });
  // another program of the same account is faster
  const taken = anchoring({}, { now: () => now });
  const next = toAnchor();
  await ganache.rpc("miner_stop");
  try {
    await taken.begin(next);
    const [from] = (await ganache.rpc("eth_accounts")) as readonly string[];
    const nonce = await ganache.rpc("eth_getTransactionCount", from, "latest");
    const fees = { maxFeePerGas: "0x174876e800", maxPriorityFeePerGas: "0x12a05f2000" };
    await ganache.rpc("eth_sendTransaction", { from, to: from, value: "0x0", gas: "0x5208", nonce, ...fees });
  } finally {
    await ganache.rpc("miner_start");
  }
  await mine();
  await expect(taken.step()).rejects.toMatchObject({ code: "DW_CONFLICT", message: expect.stringMatching(/was replaced or refused/) });
  expect(taken.isPending).toBe(false);
  expect(await taken.begin(next)).toMatchObject({ state: "anchored" });
}, 60_000);

test("[SV307] another chain, another contract, none, or gas that costs too much: refused in one line before anything is sent; so is a node that answers nonsense", async () => {
  const of = toAnchor();
  const accounts = (await ganache.rpc("eth_accounts")) as readonly string[];
  const count = await nodeOf().count(accounts[0]!, "pending");
  const code = "DW_CONFLICT";
  await expect(anchoring({}, { node: nodeOf(1) }).begin(of)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/of chain 1337, and 1 is configured/),
  });
  await expect(anchoring({ contract: accounts[3]! }).begin(of)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/code at .* is not/),
  });
  await expect(anchoring({ contract: undefined }).begin(of)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/witness deploy/),
  });
  await expect(anchoring({ maxFeeGwei: 1 }).begin(of)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/gas costs \d+ gwei, and 1 are allowed/),
  });
  expect(await nodeOf().count(accounts[0]!, "pending")).toBe(count);
  for (const [answer, reason] of [
    ["hello", /not one of JSON-RPC/],
    ["null", /not one of JSON-RPC/],
    ['{"id":1,"result":12}', /a number was expected/],
    ['{"id":1,"result":"0xzz"}', /a number was expected/],
    ['{"id":9,"result":"0x1"}', /not one of JSON-RPC/],
    ['{"id":1,"error":{"message":"no"}}', /eth_chainId: no/],
    [`{"id":1,"result":"0x${"f".repeat(64)}"}`, /too large/],
  ] as const) {
    const node = new ChainNode({ url: "https://node.example/", chain: 1 }, async () => ({ status: 200, body: Buffer.from(answer) }));
    await expect(node.requireChain(), answer).rejects.toMatchObject({ code: "DW_UNAVAILABLE", message: expect.stringMatching(reason) });
  }
  expect(anchorInitCode().endsWith(ANCHOR_CODE)).toBe(true);
}, 60_000);

const proofOf = (step: AnchorStep) => (isAnchored(step) ? step.anchor : undefined)!;
const event = (of: ToAnchor) => ({ topic: ANCHORED_TOPIC, contract, root: new Uint8Array(Buffer.from(of.root, "base64")) });

test("[SV370] what is anchored has a proof that its event is in the block, also of a block of many transactions, verified without the node", async () => {
  const of = toAnchor(4_712);
  const accounts = (await ganache.rpc("eth_accounts")) as readonly string[];
  await ganache.rpc("miner_stop");
  const waiting = anchoring();
  try {
    for (let n = 0; n < 40; n++)
      await ganache.rpc("eth_sendTransaction", {
        from: accounts[n % 3 === 0 ? 2 : 3],
        to: accounts[4],
        value: "0x1",
        gas: "0x5208",
        maxFeePerGas: "0x174876e800",
        maxPriorityFeePerGas: "0x77359400",
      });
    expect(await waiting.begin(of)).toMatchObject({ state: "pending" });
  } finally {
    await ganache.rpc("miner_start");
  }
  await mine();
  const { proof, ...anchor } = proofOf(await waiting.step());
  const shown = anchoredIn(proof!, event(of))!;
  expect(shown).toEqual({ block: anchor.block, blockHash: anchor.blockHash, time: anchor.time, by: anchor.by, size: 4_712 });
  const block = (await ganache.rpc("eth_getBlockByHash", anchor.blockHash, false)) as { readonly transactions: readonly string[] };
  expect(block.transactions.length).toBeGreaterThan(30);
  expect(block.transactions[proof!.index]).toBe(anchor.transaction);
  expect(anchoredIn(proof!, event(toAnchor()))).toBeUndefined();
}, 120_000);

test(`[SV370] a node that lies about a receipt, a block or the contract is caught by its own answers, and nothing counts as anchored (SEED=${seed})`, async () => {
  type Answer = Readonly<Record<string, unknown>>;
  const other = `0x${"ab".repeat(32)}`;
  const lies: Readonly<Record<string, (method: string, result: unknown) => unknown>> = {
    "the contract has another time": (method, result) =>
      method === "eth_call" && /[1-9a-f]/.test(String(result).slice(2, 66))
        ? `0x${"0".repeat(56)}6abcdef0${String(result).slice(66)}`
        : undefined,
    "the block has another time": (method, result) =>
      method === "eth_getBlockByHash" ? { ...(result as Answer), timestamp: "0x6abcdef0" } : undefined,
    "the block has another hash": (method, result) =>
      method === "eth_getBlockByHash" ? { ...(result as Answer), hash: other } : undefined,
    "the block has other receipts": (method, result) =>
      method === "eth_getBlockByHash" ? { ...(result as Answer), receiptsRoot: other } : undefined,
    "the block is none": (method) => (method === "eth_getBlockByHash" ? null : undefined),
    "the receipt has no event": (method, result) =>
      method === "eth_getTransactionReceipt" && result !== null ? { ...(result as Answer), logs: [] } : undefined,
    "the receipt has another kind": (method, result) =>
      method === "eth_getTransactionReceipt" && result !== null ? { ...(result as Answer), type: "0x1" } : undefined,
    "the receipt is at another place": (method, result) =>
      method === "eth_getTransactionReceipt" && result !== null ? { ...(result as Answer), transactionIndex: "0x1" } : undefined,
    "all receipts are others": (method, result) => (method === "eth_getBlockReceipts" ? [result] : undefined),
  };
  for (const [what, lie] of Object.entries(lies)) {
    const of = toAnchor();
    const path = join(root, `lie-${paths++}.json`);
    const step = anchoring({}, { path, node: nodeOf(ganache.chain, ganache.url, lie) }).begin(of);
    if (what === "all receipts are others") {
      // it has them one by one too, and these hold
      expect(await step, what).toMatchObject({ state: "anchored" });
      continue;
    }
    await expect(step, what).rejects.toMatchObject({ code: expect.stringMatching(/^DW_(CONFLICT|UNAVAILABLE)$/) });
    // an honest one goes on with what was sent
    expect(await anchoring({}, { path }).begin(of), what).toMatchObject({ state: "anchored" });
  }
  // any other text in any place of the answers of a node
  const random = randomOf(seed);
  const of = toAnchor(77);
  const before = proofOf(await anchoring().begin(of));
  for (let run = 0; run < 60; run++) {
    const changed = nodeOf(ganache.chain, ganache.url, (method, result) =>
      ["eth_getBlockByHash", "eth_getTransactionReceipt", "eth_call", "eth_getLogs"].includes(method) ? altered(result, random) : undefined,
    );
    const step = await anchoring({}, { node: changed })
      .begin(of)
      .catch((error: unknown) => error);
    if (step instanceof Error) expect(step).toMatchObject({ code: expect.stringMatching(/^DW_/) });
    else if (isAnchored(step as AnchorStep)) expect(proofOf(step as AnchorStep)).toEqual(before);
  }
}, 120_000);

/** One text of an answer, with another digit somewhere. */
function altered(answer: unknown, random: () => number): unknown {
  const text = JSON.stringify(answer);
  const digits = [...text.matchAll(/(?<=0x[0-9a-f]*)[0-9a-f]/g)].map(({ index }) => index);
  if (digits.length === 0 || random() < 0.5) return answer;
  const at = digits[Math.floor(random() * digits.length)]!;
  return JSON.parse(
    `${text.slice(0, at)}${((Number.parseInt(text[at]!, 16) + 1 + Math.floor(random() * 15)) % 16).toString(16)}${text.slice(at + 1)}`,
  );
}

/** mulberry32 */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("[SV371] an anchor counts where so many independent nodes have its block as deep: one that lies or is away is outvoted, one that is behind is waited for, too few refuse it", async () => {
  const honest = (host: string) => nodeOf(ganache.chain, `https://${host}.example/`);
  const forked = nodeOf(ganache.chain, "https://forked.example/", (method, result) =>
    method === "eth_getBlockByNumber" && result !== null ? { ...(result as object), hash: `0x${"cd".repeat(32)}` } : undefined,
  );
  const away = new ChainNode({ url: "https://away.example/", chain: ganache.chain }, async () => {
    throw new Error("no answer");
  });
  let isBehind = true;
  const slow = nodeOf(ganache.chain, "https://slow.example/", (method) =>
    !isBehind ? undefined : method === "eth_blockNumber" ? "0x0" : method === "eth_getBlockByNumber" ? null : undefined,
  );
  const step = (needed: number, nodes: readonly ChainNode[], of = toAnchor()) =>
    anchoring({}, { independent: { needed, nodes } }).begin(of);
  expect(proofOf(await step(2, [honest("a"), honest("b")])).agreed).toEqual(["a.example", "b.example"]);
  expect(proofOf(await step(2, [honest("a"), forked, honest("b"), away])).agreed).toEqual(["a.example", "b.example"]);
  for (const nodes of [
    [honest("a"), forked],
    [honest("a"), away],
    [forked, away],
  ])
    await expect(step(2, nodes)).rejects.toMatchObject({
      code: "DW_CONFLICT",
      message: expect.stringMatching(/independent nodes have the block .*(its block \d+ is 0xcdcd|no answer)/),
    });
  await expect(step(1, [nodeOf(5, "https://other.example/")])).rejects.toMatchObject({
    message: expect.stringMatching(/is of chain 1337/),
  });
  const of = toAnchor();
  const waiting = anchoring({}, { independent: { needed: 2, nodes: [honest("a"), slow] } });
  expect(await waiting.begin(of)).toMatchObject({ state: "pending" });
  isBehind = false;
  expect(await waiting.begin(of)).toMatchObject({ state: "anchored" });
}, 60_000);
