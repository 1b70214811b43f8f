import { expect, test } from "vitest";
import { SECOND } from "../instant.ts";
import { quality } from "../signals/sample.ts";
import type { Fold } from "./fold.ts";
import { depthOfFolds } from "./fold-order.ts";
import { createFoldRun, type FoldRun } from "./fold-run.ts";
import { definitionHash, upcastState } from "./fold-state.ts";
import { batchOf, chance, ids, members, someRows, START, sum, type Row } from "./folds.fixture.ts";

const END = START + 3_600 * SECOND;
const row = (index: number, value: number, atS: number, more: Partial<Row> = {}): Row => ({
  index,
  value,
  time: START + atS * SECOND,
  quality: quality.good,
  origin: "measured",
  ...more,
});
const shown = (run: FoldRun): string[] =>
  run.drain().map(({ fold, output, known }) => `${fold} ${JSON.stringify(output)} ${known - START}`);
const whole = (rows: readonly Row[]): string[] => {
  const run = createFoldRun(members);
  run.step(batchOf(rows), ids);
  run.advance(END);
  return shown(run);
};
const lines = (run: FoldRun): unknown[] => run.drain().flatMap(({ output }) => ("text" in output ? [output.text] : []));

test("[FD1] folds come after those that they need; a missing need, a double name and a circle are named", () => {
  const fold = (id: string, ...needs: string[]) => ({ id, version: 1, needs });
  expect([...depthOfFolds([fold("kpis", "alarms@1", "flow@1"), fold("alarms", "flow@1"), fold("flow")])]).toEqual([
    ["flow", 0],
    ["alarms", 1],
    ["kpis", 2],
  ]);
  expect(() => depthOfFolds([fold("a", "b@2"), fold("b"), fold("b")])).toThrow(/two folds are named b; a needs b@2, which is not there/);
  expect(() => depthOfFolds([fold("a", "b@1"), fold("b", "a@1")])).toThrow(/folds need each other: a → b → a/);
});

test("[FD1] a need may be missing in a run where no instance takes anything from it, and only there", () => {
  const [summing, watching] = members as [(typeof members)[number], (typeof members)[number]];
  const fromSamples = watching.inputs.filter((input) => !("fold" in input));
  const run = createFoldRun([{ ...watching, inputs: fromSamples } as never]);
  expect(run.signals.length).toBeGreaterThan(0);
  expect(() => createFoldRun([watching as never])).toThrow(`${watching.fold.id} needs ${summing.fold.id}@`);
});

test("[FD2] at one instant timers come first, then samples, outputs of other folds, acts, whatever the order of arrival", () => {
  const run = createFoldRun(members);
  run.step(batchOf([row(0, 1, 0)]), ids);
  // at 5 s the first timer is due, and samples of all signals come, the later position first
  run.step(batchOf([row(2, 7, 5), row(1, 2, 5), row(0, 3, 5)]), ids);
  run.record("act", { say: "hello" }, START + 5 * SECOND, "act 1");
  run.advance(START + 6 * SECOND);
  expect(lines(run)).toEqual([
    '1:{"type":"sum","sum":1} 0 after 1',
    '2:{"type":"quiet"} 5000000 after 2',
    "0=7 after 3",
    '1:{"type":"sum","sum":6} 0 after 3',
    '3:{"say":"hello"} 0 after 3',
  ]);
});

test("[FD3] the same samples in any batches, in any order within what is not yet acted on, give the same conclusions", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const rows = someRows(seed, 200);
    const expected = whole(rows);
    const next = chance(seed * 77);
    const run = createFoldRun(members);
    const all: string[] = [];
    for (let at = 0; at < rows.length;) {
      let to = Math.min(rows.length, at + 1 + Math.floor(next() * 40));
      // samples of one instant and signal are in the order in which they came
      while (to < rows.length && rows[to]!.time === rows[to - 1]!.time) to++;
      const part = rows.slice(at, to);
      const [even, odd] = [part.filter(({ index }) => index % 2 === 0), part.filter(({ index }) => index % 2 === 1)];
      for (const batch of [odd, even]) run.step(batchOf(batch), ids);
      run.advance(part.at(-1)!.time);
      all.push(...shown(run));
      at = to;
    }
    run.advance(END);
    expect([...all, ...shown(run)], `seed ${seed}`).toEqual(expected);
  }
});

test("[FD4] from the states of its instances at any instant a run goes on as the one that never stopped", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const rows = someRows(seed, 120);
    const cut = Math.floor(chance(seed)() * rows.length);
    const first = createFoldRun(members);
    first.step(batchOf(rows.slice(0, cut)), ids);
    // a second behind the newest: samples that wait are part of the state
    first.advance((rows[cut - 1]?.time ?? START) - SECOND);
    const before = shown(first);
    const states = JSON.parse(JSON.stringify(members.map(({ fold, subject }) => first.snapshot(fold.id, subject)))) as never[];
    const second = createFoldRun(members.map((member, at) => ({ ...member, from: states[at]! })));
    second.step(batchOf(rows.slice(cut)), ids);
    second.advance(END);
    expect([...before, ...shown(second)], `seed ${seed}`).toEqual(whole(rows));
  }
});

test("[FD5] a repeated sample is one, what comes after a newer one of its signal is dropped; both are counted, and since when", () => {
  const run = createFoldRun(members);
  run.step(batchOf([row(0, 1, 0), row(0, 1, 0), row(1, 5, 10)]), ids);
  run.advance(START + 20 * SECOND);
  run.step(batchOf([row(0, 4, 8), row(1, 9, 9)]), ids);
  run.advance(START + 30 * SECOND);
  expect(run.drain().flatMap(({ output }) => ("sum" in output ? [output.sum] : []))).toEqual([1, 6, 10]);
  expect(run.counts("sum", "shell:x")).toEqual({ late: 1, dropped: 1, duplicates: 1, lateFrom: START + 9 * SECOND });
});

test("[FD6] an instance that throws is named with its instant, stopped with what needs it, and the others go on", () => {
  const broken: Fold<null, null> = {
    id: "broken",
    version: 1,
    state: { version: 1, maxBytes: 100 },
    needs: [],
    open: () => ({
      take(_input, value) {
        if (value === 13) throw new Error("thirteen");
      },
      snapshot: () => null,
    }),
  };
  const after: Fold<null, null> = { ...broken, id: "after", needs: ["broken@1"], open: () => ({ take: () => {}, snapshot: () => null }) };
  const run = createFoldRun([
    ...members,
    { fold: broken, subject: "shell:y", definition: null, inputs: [{ signal: "signal:a" }] },
    { fold: after, subject: "shell:y", definition: null, inputs: [{ fold: "broken", subject: "shell:y", type: "none" }] },
  ]);
  run.step(batchOf([row(0, 1, 0), row(0, 13, 1), row(0, 2, 2)]), ids);
  run.advance(START + 3 * SECOND);
  expect(run.faults()).toMatchObject([
    { fold: "broken", subject: "shell:y", at: START + SECOND, taken: 2, error: new Error("thirteen") },
    { fold: "after", needs: "broken" },
  ]);
  expect(run.drain().flatMap(({ output }) => ("sum" in output ? [output.sum] : []))).toEqual([1, 14, 16]);
  expect([run.snapshot("broken", "shell:y"), run.folding("after", "shell:y")]).toEqual([undefined, undefined]);
});

test("[FD6] a timer that is due without end stops its instance, not the run", () => {
  const restless: Fold<null, null> = {
    id: "restless",
    version: 1,
    state: { version: 1, maxBytes: 100 },
    needs: [],
    open: () => ({ take: () => {}, due: () => START, fire: () => {}, snapshot: () => null }),
  };
  const run = createFoldRun([{ fold: restless, subject: "shell:y", definition: null, inputs: [{ signal: "signal:a" }] }]);
  run.advance(END);
  expect(run.faults()).toMatchObject([{ fold: "restless", error: { message: `its timer is due without end at ${START}` } }]);
});

test("[FD7] what follows from simulated samples is simulated, from replayed ones replayed, all else derived", () => {
  const run = createFoldRun(members);
  const origins = (rows: readonly Row[], atS: number) => {
    run.step(batchOf(rows), ids);
    run.advance(START + atS * SECOND);
    return run.drain().map(({ fold, origin }) => `${fold} ${origin}`);
  };
  expect(origins([row(0, 1, 0)], 0)).toEqual(["sum derived", "watch derived"]);
  expect(origins([row(1, 1, 1, { origin: "replayed" })], 1)).toEqual(["sum replayed", "watch replayed"]);
  expect(origins([row(0, 1, 2, { origin: "simulated" })], 2)).toEqual(["sum simulated", "watch simulated"]);
  expect(origins([row(0, 1, 3), row(1, 1, 3)], 3)).toEqual(["sum derived", "watch derived"]);
});

test("[FD8] an act is judged without changing anything, then folded at once; recorded again in order of time it is one", () => {
  const run = createFoldRun(members);
  run.step(batchOf([row(2, 4, 0)]), ids);
  run.advance(START);
  expect(lines(run)).toEqual(["0=4 after 1"]);
  expect(() => run.judge("watch", "shell:x", { say: "" }, START)).toThrow("nothing to say");
  expect(run.judge("watch", "shell:x", { say: "hi" }, 1)).toEqual([
    { fold: "watch", output: { type: "line", text: "hi 1" }, origin: "derived" },
  ]);
  expect(run.drain()).toEqual([]);
  run.act("watch", "shell:x", "act", { say: "hi" }, START + SECOND);
  expect(lines(run)).toEqual(['3:{"say":"hi"} 0 after 2']);
  for (let time = 0; time < 2; time++) run.record("act", { say: "again" }, START + 2 * SECOND, "act 2");
  run.advance(START + 3 * SECOND);
  expect(lines(run)).toEqual(['3:{"say":"again"} 0 after 3']);
});

test("[FD9] a state of an earlier version is brought up step by step; a newer one and one without a step are refused", () => {
  expect(upcastState(sum, { version: 1, state: 41 })).toEqual({ state: { sum: 41, last: 0 } });
  expect(upcastState(sum, { version: 3, state: 41 })).toEqual({ refused: "newer" });
  expect(upcastState(sum, { version: 0, state: 41 })).toEqual({ refused: "noStep" });
  const failing = {
    state: {
      version: 2,
      maxBytes: 1,
      upcast: {
        1: () => {
          throw new Error("no");
        },
      },
    },
  };
  expect(upcastState(failing, { version: 1, state: 0 })).toMatchObject({ refused: "failed" });
});

test("[FD9] states belong to a fold in its version, a subject and a definition, however its fields are ordered", () => {
  const instance = { subject: "shell:x", definition: { a: 1, b: 2 }, inputs: [] };
  const hash = definitionHash(sum, instance);
  expect(definitionHash(sum, { ...instance, definition: { b: 2, a: 1 } })).toBe(hash);
  for (const other of [
    definitionHash({ id: "sum", version: 3 }, instance),
    definitionHash(sum, { ...instance, definition: { a: 1, b: 3 } }),
    definitionHash(sum, { ...instance, subject: "shell:y" }),
    definitionHash(sum, { ...instance, inputs: [{ signal: "signal:a" }] }),
  ])
    expect(other).not.toBe(hash);
});

test("[FD10] an instance that nothing comes to is not asked; one is asked when its timer is due", () => {
  let asked = 0;
  const idle: Fold<null, null> = {
    id: "idle",
    version: 1,
    state: { version: 1, maxBytes: 100 },
    needs: [],
    open: () => ({
      take: () => {},
      due: () => {
        asked++;
        return END;
      },
      snapshot: () => null,
    }),
  };
  const run = createFoldRun([...members, { fold: idle, subject: "shell:y", definition: null, inputs: [{ signal: "signal:none" }] }]);
  run.advance(START);
  const once = asked;
  const rows = someRows(5, 500);
  for (const each of rows) {
    run.step(batchOf([each]), ids);
    run.advance(each.time);
  }
  expect([once > 0, asked]).toEqual([true, once]);
  expect(run.signals.toSorted()).toEqual(["signal:a", "signal:b", "signal:c", "signal:none"]);
});
