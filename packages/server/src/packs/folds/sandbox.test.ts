import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openTestPack } from "@doppelwerk/kit/testing/pack";
import { readPackManifest } from "@doppelwerk/kit/pack";
import { createFoldRun, type Concluded, type FoldRun, type FoldState, type SampleBatch } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { loadFold } from "../../folds/load-fold.ts";
import { writePack } from "../packs.fixture.ts";
import { urlOfPackFold } from "./fold-url.ts";
import { LEVEL, packWithFold, TANK } from "./packs-of-folds.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-sandbox-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let packs = 0;

const START = 1_790_000_000_000_000;
const SECOND = 1_000_000;

/** A run of one tank of a pack whose fold has this code. */
async function runOf(code?: string, more: Readonly<Record<string, unknown>> = {}, from?: FoldState): Promise<FoldRun> {
  const files = packWithFold(code, more);
  const folder = writePack(join(root, String(packs++)), files);
  const manifest = readPackManifest(JSON.parse(Buffer.from(files.get("package.json")!).toString()), (path) => files.has(path)).manifest!;
  const fold = await loadFold(urlOfPackFold(pathToFileURL(`${folder}/`), manifest.features[0]!.folds[0]!));
  const member = {
    fold,
    subject: `${TANK}:1`,
    definition: { subject: `${TANK}:1`, title: "T1", fields: { name: "T1", level: "signal:level", litres: 10 } },
    inputs: [{ signal: "signal:level" }],
  };
  return createFoldRun([
    { ...member, ...(from && { from }) },
    { ...member, subject: `${TANK}:2`, inputs: [{ signal: "signal:other" }] },
  ]);
}

function batchOf(values: readonly number[], start: number, signal = 0): SampleBatch {
  const times = Float64Array.from(values, (_, at) => start + at * SECOND);
  return {
    origin: "measured",
    count: values.length,
    signals: new Uint32Array(values.length).fill(signal),
    values: Float64Array.from(values),
    texts: new Map(),
    qualities: new Uint8Array(values.length),
    sourceTimes: times,
    serverTimes: times,
  };
}

/** What is concluded of values, one a second. */
function folded(run: FoldRun, values: readonly number[], start = START, signal = 0): readonly Concluded[] {
  run.step(batchOf(values, start, signal), ["signal:level", "signal:other"]);
  run.advance(start + values.length * SECOND);
  return run.drain();
}

const shown = (concluded: readonly Concluded[]) =>
  concluded.map(({ output, from }) => [output.type, (output as unknown as { readonly value: unknown }).value, (from - START) / SECOND]);

const VALUES = [5, 5, 4, 4, 0, 0, 8, 7];
const DRAWN = [
  ["outflow", 10, 2],
  ["outflow", 50, 4],
  ["state", "empty", 4],
  ["state", "filled", 6],
  ["outflow", 60, 7],
];

test("[PK50] a fold of a pack gives the same in the sandbox, in pieces, from a state in between, and in the process of its author's test", async () => {
  expect(shown(folded(await runOf(), VALUES))).toEqual(DRAWN);
  const first = await runOf();
  const before = [...folded(first, VALUES.slice(0, 3)), ...folded(first, VALUES.slice(3, 5), START + 3 * SECOND)];
  const state = JSON.parse(JSON.stringify(first.snapshot(LEVEL, `${TANK}:1`))) as FoldState;
  const second = await runOf(undefined, {}, state);
  expect(shown([...before, ...folded(second, VALUES.slice(5), START + 5 * SECOND)])).toEqual(DRAWN);
  const folder = writePack(join(root, String(packs++)), packWithFold());
  const pack = await openTestPack(pathToFileURL(`${folder}/`), {
    records: [{ id: `${TANK}:1`, kind: TANK, name: "T1", level: "signal:level", litres: 10 }],
    samples: { "signal:level": VALUES.map((value, at) => ({ time: START + at * SECOND, value, quality: 0 })) },
  });
  const here = await pack.conclude({ fold: LEVEL, from: START, to: START + 60 * SECOND });
  expect(here.map(({ type, value, from }) => [type, value, (from - START) / SECOND])).toEqual(DRAWN);
  await pack.close();
});

test("[PK50] a timer of a fold fires in order of time with its samples, and states of an earlier version are brought up", async () => {
  const timed = `
    export default {
      upcast: { 1: ({ n }) => ({ count: n }) },
      open(_, emit, state = { count: 0 }) {
        let due;
        return {
          take({ at }) { state.count++; due = at + 500_000; },
          due: () => due,
          fire(at) { due = undefined; emit("outflow", state.count); },
          snapshot: () => state,
        };
      },
    };`;
  const run = await runOf(timed, { state: { version: 2, maxBytes: 1_000 } });
  expect(shown(folded(run, [1, 1]))).toEqual([
    ["outflow", 1, 0.5],
    ["outflow", 2, 1.5],
  ]);
  const old = { ...run.snapshot(LEVEL, `${TANK}:1`)!, version: 1, state: { n: 41 } };
  const later = await runOf(timed, { state: { version: 2, maxBytes: 1_000 } }, old);
  expect(shown(folded(later, [1], START + 10 * SECOND))).toEqual([["outflow", 42, 10.5]]);
});

test("[PK50] what is not over says since when it holds, and what it would be", async () => {
  const batch = `
    export default {
      open: (_, emit, state = {}) => ({
        take({ value, at }) {
          if (value === 0 && state.since !== undefined) { emit("outflow", state.most, state.since); state = {}; }
          else state = { since: state.since ?? at, most: Math.max(state.most ?? 0, value) };
        },
        open: () => (state.since === undefined ? [] : [["outflow", state.most, state.since]]),
        snapshot: () => state,
      }),
    };`;
  const run = await runOf(batch);
  expect(folded(run, [3, 7, 5])).toEqual([]);
  const { open } = run.folding(LEVEL, `${TANK}:1`) as { open(at: number): unknown };
  expect(open.call(run.folding(LEVEL, `${TANK}:1`), START + 3 * SECOND)).toEqual([
    { from: START, output: { type: "outflow", subject: `${TANK}:1`, value: 7, from: START } },
  ]);
  expect(shown(folded(run, [0], START + 3 * SECOND))).toEqual([["outflow", 7, 0]]);
});

test.each([
  ["throws", `throw new Error("no tanks")`, /no tanks/],
  ["hangs", `for (;;);`, /does not come to an end/],
  ["recurs without end", `const again = () => again() + 1; again();`, /stack|InternalError|RangeError/],
  ["leaks", `globalThis.held ??= []; for (;;) held.push(new Array(10_000).fill(1.5))`, /more than 4 MB of memory/],
  ["floods at once", `for (let at = 0; at < 5_000; at++) emit("outflow", at)`, /more than 1000 things at once/],
  ["reads the process", `emit("state", String(process.env.HOME))`, /process.*not defined/],
  ["reads the clock", `emit("outflow", Date.now())`, /Date.*not defined/],
  ["reads another clock", `emit("outflow", performance.now())`, /performance.*not defined/],
  ["asks chance", `emit("outflow", Math.random())`, /not a function/],
  ["asks the network", `fetch("http://127.0.0.1/")`, /fetch.*not defined/],
  ["loads a module of Node", `require("node:fs")`, /require.*not defined/],
  ["concludes what its manifest does not declare", `emit("price", 1)`, /no output price/],
  ["concludes another type", `emit("outflow", "much")`, /not a value of the type double/],
  ["concludes no number", `emit("outflow", NaN)`, /not a value of the type double/],
  ["concludes of the future", `emit("outflow", 1, at + 1)`, /an instant that is not there yet/],
  ["says something else than JSON", `JSON.stringify = () => 7; emit("outflow", 1)`, /no JSON/],
])(
  "[PK51] a fold that %s is stopped with its reason, gives nothing of that instant, and other instances go on",
  async (_, does, reason) => {
    const code = `
    export default {
      open({ fields }, emit) {
        let sum = 0;
        return {
          take({ value, at }) {
            emit("outflow", (sum += value));
            if (value === 3) { ${does} }
          },
          snapshot: () => sum,
        };
      },
    };`;
    const run = await runOf(code);
    expect(shown(folded(run, [1, 3, 1]))).toEqual([["outflow", 1, 0]]);
    expect(run.faults()).toEqual([expect.objectContaining({ fold: LEVEL, subject: `${TANK}:1`, at: START + SECOND })]);
    expect(String((run.faults()[0]!.error as Error).message)).toMatch(reason);
    expect(shown(folded(run, [2, 2], START + 10 * SECOND, 1))).toEqual([
      ["outflow", 2, 10],
      ["outflow", 4, 11],
    ]);
  },
);

test("[PK51] a timer that is due again and again, and a state that is too large, stop the fold", async () => {
  const restless = `export default { open: (_, emit) => { let due; return { take: ({ at }) => { due = at + 1; }, due: () => due, fire: () => { due++; }, snapshot: () => 0 }; } };`;
  const run = await runOf(restless);
  folded(run, [1]);
  expect(String((run.faults()[0]!.error as Error).message)).toMatch(/more often than samples and time allow/);
  const flood = await runOf(
    `export default { open: (_, emit) => ({ take() { for (let n = 0; n < 900; n++) emit("outflow", n); }, snapshot: () => 0 }) };`,
  );
  expect(folded(flood, [1, 1, 1, 1])).toHaveLength(900);
  expect(String((flood.faults()[0]!.error as Error).message)).toMatch(/more often than samples and time allow/);
  const fat = await runOf(`export default { open: () => ({ take() {}, snapshot: () => "x".repeat(30_000) }) };`);
  folded(fat, [1]);
  expect(() => fat.snapshot(LEVEL, `${TANK}:1`)).toThrow(/more than 20000 octets/);
});

test.each([
  ["exports nothing", `export const fold = 1;`, /default/],
  ["exports something else", `export default { fold: 1 };`, /exports no fold/],
  ["is no JavaScript", `export default {`, /SyntaxError/],
  ["waits", `await Promise.resolve(1); export default { open() {} };`, /waits for something/],
  ["imports a module of Node", `import fs from "node:fs"; export default { open() {} };`, /imports files of its pack only/],
  ["imports a file above its pack", `import "../../../../../../etc/passwd"; export default { open() {} };`, /ENOENT|could not load/],
  [
    "imports a file above its pack in disguise",
    `import "./..%2f..%2fpasswd"; export default { open() {} };`,
    /imports files of its pack only/,
  ],
  ["hangs while it loads", `for (;;); export default { open() {} };`, /does not come to an end/],
])("[PK51] a fold whose module %s is not loaded, with the reason", async (_, code, reason) => {
  await expect(runOf(code)).rejects.toThrow(reason);
});
