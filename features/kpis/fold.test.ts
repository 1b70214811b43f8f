import {
  flowFold,
  flowInstance,
  kpiFold,
  kpiInstance,
  lineReadings,
  type FlowFolding,
  type KpiFolding,
  type StateInterval,
} from "@doppelwerk/operations";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { createFoldRun, HOUR, LIVE, MINUTE, type BranchId, type FoldRun, type FoldState, type Sample } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { plantOfRecord } from "../../packages/operations/src/line/recorded-plant.fixture.ts";
import { batchOf, fixtureLine, SHIFT_START, stream } from "../../packages/operations/src/line/small-line.fixture.ts";
import { derivePast } from "../../packages/server/src/folds/derive-past.ts";

const line = fixtureLine({
  // two shifts, of which the first is over
  shifts: [
    { name: "First", startMinute: 360, endMinute: 450, days: [1], breaks: [{ startMinute: 400, minutes: 10 }] },
    { name: "Second", startMinute: 450, endMinute: 840, days: [1], breaks: [] },
  ],
});
const { samples, end } = plantOfRecord();
const [flow, kpis] = [flowInstance(line), kpiInstance(line)];
const signals = flow.inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));

function runOf([flowState, kpiState]: readonly (FoldState | undefined)[] = []): FoldRun {
  return createFoldRun([
    { fold: kpiFold, ...kpis, ...(kpiState && { from: kpiState }) },
    { fold: flowFold, ...flow, ...(flowState && { from: flowState }) },
  ]);
}

/** Every figure of every shift at the end. */
function figures(run: FoldRun): string {
  expect(run.faults()).toEqual([]);
  const readings = lineReadings(
    (run.folding("flow", line.id) as FlowFolding).readings(run.now),
    run.folding("kpis", line.id) as KpiFolding | undefined,
  );
  return JSON.stringify(readings.shiftIds().map((id) => readings.shift(id)));
}

function fold(run: FoldRun, part: readonly Sample[], until = end): FoldRun {
  const { batch, ids } = batchOf(part);
  run.step(batch, ids);
  run.advance(until);
  return run;
}

const whole = figures(fold(runOf(), samples));

test("[KP9] [level: fold] however samples are cut into batches, and from a state of any instant on, the figures are the same", () => {
  expect(JSON.parse(whole)).toMatchObject([
    { name: "First", closed: true, oee: { produced: expect.any(Number) } },
    { name: "Second", closed: false },
  ]);
  for (const seed of [1, 2, 3]) {
    const random = stream(seed);
    let run = runOf();
    for (let at = 0; at < samples.length;) {
      let to = Math.min(samples.length, at + 1 + Math.floor(random() * 900));
      while (to < samples.length && samples[to]!.sourceTime === samples[to - 1]!.sourceTime) to++;
      fold(run, samples.slice(at, to), samples[to - 1]!.sourceTime);
      if (random() < 0.3) run = runOf(["flow", "kpis"].map((id) => JSON.parse(JSON.stringify(run.snapshot(id, line.id)))));
      at = to;
    }
    run.advance(end);
    expect(figures(run), `seed ${seed}`).toBe(whole);
  }
});

test.each<BranchId>([LIVE, "branch:what-if"])(
  "[KP9] derived in a worker from what the historian has of %s, they are the same",
  async (branch) => {
    const history = createMemoryHistory();
    const { batch, ids } = batchOf(samples);
    await history.append(branch, batch, ids);
    const url = (path: string): string => new URL(path, import.meta.url).href;
    const states = await derivePast({
      history,
      wanted: (named) => named.map((id) => ({ id, index: signals.indexOf(id) })),
      members: [
        { url: url("../line/folds/flow.ts"), ...flow },
        { url: url("folds/kpis.ts"), ...kpis },
      ],
      from: SHIFT_START - HOUR,
      to: end + 1,
      branch,
      onPiece: ({ faults }) => expect(faults).toEqual([]),
      signal: new AbortController().signal,
    });
    expect(figures(runOf(states))).toBe(whole);
  },
);

test("[KP9] without the flow there is nothing to follow: it is named; a shift is closed a minute after its end though nothing comes", () => {
  expect(() => createFoldRun([{ fold: kpiFold, ...kpis }])).toThrow("kpis needs flow@1, which is not there");
  const until = SHIFT_START + 91 * MINUTE;
  const run = fold(
    runOf(),
    samples.filter(({ sourceTime }) => sourceTime < until - 5 * MINUTE),
    until - 1,
  );
  expect(JSON.parse(figures(run))[0]).toMatchObject({ name: "First", closed: false });
  run.advance(until);
  expect(JSON.parse(figures(run))[0]).toMatchObject({ name: "First", closed: true, revision: 0 });
});

test("[KP13] [level: bounded] of more than 400 shifts the oldest are forgotten, so that the list names the newest and its state does not grow", () => {
  const everyHour = Array.from({ length: 24 }, (_, hour) => ({
    name: `H${hour}`,
    startMinute: hour * 60,
    endMinute: (hour + 1) * 60,
    days: [1, 2, 3, 4, 5, 6, 7],
    breaks: [],
  }));
  const definition = { ...kpis.definition, shifts: everyHour, timeZone: "UTC" };
  const folding = kpiFold.open(definition, () => {}) as KpiFolding;
  const interval = { station: "B", mode: "processing", state: "working", cause: "internal", inferred: false, mappingVersion: 1 } as const;
  const begin = SHIFT_START - (SHIFT_START % HOUR);
  const take = (of: StateInterval): void =>
    folding.takeEvent?.(0, { type: "interval", interval: of }, { known: of.from, from: of.from, final: true });
  for (let hour = 0; hour < 500; hour++) take({ ...interval, from: begin + hour * HOUR, to: begin + (hour + 1) * HOUR });
  const ids = folding.shiftIds();
  expect(ids).toHaveLength(400);
  expect([ids[0], ids.at(-1)].map((id) => folding.shift(id!, begin + 600 * HOUR, [])!.from)).toEqual([
    begin + 100 * HOUR,
    begin + 499 * HOUR,
  ]);
  const size = JSON.stringify(folding.snapshot()).length;
  expect(size).toBeLessThan(kpiFold.state.maxBytes / 10);
  for (let hour = 500; hour < 900; hour++) take({ ...interval, from: begin + hour * HOUR, to: begin + (hour + 1) * HOUR });
  expect(Math.abs(JSON.stringify(folding.snapshot()).length - size)).toBeLessThan(size / 100);
});
