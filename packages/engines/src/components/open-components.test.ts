import { runLine, type ComponentCode, type LineModel } from "@doppelwerk/sim";
import { expect, test } from "vitest";
import { filesOfComponent, openComponents } from "./open-components.ts";

const HOUR_S = 3_600;
const BREWING = `
import { hoursOf } from "./hours.js";
export default {
  open: ({ parameters }) => ({
    begin: ({ product, state, random }) => ({
      seconds: (hoursOf(product, parameters) + random() + Math.log(2 + random())) * 3600,
      state: { brewed: state.brewed + 1 },
    }),
  }),
};`;
const FILES = { "/sim/brewing.js": BREWING, "/sim/hours.js": `export const hoursOf = (product, { hours }) => hours[product];` };

async function codeOf(files: Readonly<Record<string, string>>): Promise<ComponentCode> {
  const module = "./sim/brewing.js";
  const read = await filesOfComponent("brewery 1.0.0", module, (path) => files[path]!);
  return {
    id: "brewery.fermenter",
    pack: "@brewco/brewery",
    version: "1.0.0",
    checksum: "",
    module,
    files: read,
    defaults: { hours: { pils: 1 } },
    state: ["brewed"],
    part: [],
    uses: [],
    resources: [],
    draws: 4,
  };
}

const model: LineModel = {
  format: "doppelwerk-line/1",
  id: "brewhouse",
  products: [{ id: "pils" }],
  stations: [
    {
      id: "T1",
      places: 2,
      cycle: { time: { kind: "constant", value: HOUR_S } },
      source: { program: true },
      component: { id: "brewery.fermenter" },
    },
  ],
};

async function runOf(files: Readonly<Record<string, string>>, seed = 1) {
  const components = await openComponents([await codeOf(files)]);
  try {
    return runLine(model, { seed, startInstant: 0, horizonS: 40 * HOUR_S, components });
  } finally {
    components.dispose();
  }
}

const oneLine = (begin: string) => runOf({ "/sim/brewing.js": `export default { open: () => ({ begin: ${begin} }) };` });

test("[S73] a component in its sandbox imports files of its pack, and comes to the same hash in each run of a seed", async () => {
  expect(Object.keys((await codeOf(FILES)).files).toSorted()).toEqual(["/sim/brewing.js", "/sim/hours.js"]);
  const [first, again, other] = [await runOf(FILES), await runOf(FILES), await runOf(FILES, 2)];
  expect(first.good).toBeGreaterThan(25);
  expect(again.traceHash).toBe(first.traceHash);
  expect(other.traceHash).not.toBe(first.traceHash);
});

test("[S73] it knows no clock of the world, no chance of its own, no network and no file", async () => {
  for (const forbidden of ["Math.random()", "fetch('http://127.0.0.1')", "process.exit()", "require('fs')", "setTimeout(() => {}, 1)"])
    await expect(oneLine(`() => ({ seconds: ${forbidden} ? 60 : 60 })`)).rejects.toThrow(/brewery\.fermenter.*@brewco\/brewery/);
  await expect(
    runOf({ "/sim/brewing.js": `import { readFileSync } from "node:fs"; export default { open: readFileSync };` }),
  ).rejects.toThrow("a component imports files of its pack only");
});

test.each([
  ["throws", `() => { throw new Error("no malt") }`, "sim.componentThrew", "no malt"],
  ["loops", `() => { for (;;); }`, "sim.componentEndless", "2000000"],
  ["allocates without end", `() => { const all = []; for (;;) all.push(new Array(1000).fill(1)); }`, "sim.componentMemory", "4"],
  ["answers nonsense", `() => ({ seconds: "long" })`, "sim.componentAnswer", "seconds"],
  [
    "draws more than it declares",
    `({ random }) => { for (let i = 0; i < 5; i++) random(); return { seconds: 60 }; }`,
    "sim.componentAnswer",
    "random",
  ],
  [
    "spoils what drives it",
    `() => { Float64Array.from = () => ({ buffer: new ArrayBuffer(8) }); return { seconds: 60 }; }`,
    "sim.componentAnswer",
    "",
  ],
])("[S72] one that %s ends the run with an error that names pack, component and station", async (_, begin, code, part) => {
  const failure = await oneLine(begin).then(
    () => undefined,
    (error: { readonly reason: { readonly code: string }; readonly message: string }) => error,
  );
  expect(failure?.reason).toMatchObject({ code, params: { component: "brewery.fermenter", pack: "@brewco/brewery", station: "T1" } });
  expect(failure?.message).toContain(part);
});
