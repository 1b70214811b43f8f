import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { LIVE, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { batchOf, fixtureLine, sample, SHIFT_START } from "../../../../packages/operations/src/line/small-line.fixture.ts";
import { flowRun, FlowRuns } from "./flow-runs.ts";

const at = (minutes: number) => SHIFT_START + minutes * MINUTE;

const signalsOf = (ids: readonly string[]) => ({
  wanted: (named: readonly string[]) => named.map((id) => ({ id, index: ids.indexOf(id) })),
  table: { ids },
});

test("[SV54] a forecast in the past begins with the operating times since the last stop, however long ago that was", async () => {
  const history = createMemoryHistory();
  const samples = [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(20)), sample("A", "ItemState", 3, at(40))];
  // a day later, in another shift
  for (let minute = 60; minute <= 1_800; minute += 10) samples.push(sample("A", "ItemState", 3, at(minute)));
  const { batch, ids } = batchOf(samples);
  await history.append(LIVE, batch, ids);
  const runs = new FlowRuns(history, signalsOf(ids), () => at(1_800));
  const definition = fixtureLine();
  const straight = flowRun(definition);
  const nothing = { onPiece: () => {}, signal: new AbortController().signal };
  await runs.fold(straight, at(-1), at(1_500), nothing);
  const kept = straight.run.snapshot("flow", definition.id)!;
  await runs.fold(straight, at(1_500), at(1_700) + 1, nothing);
  const past = (await runs.withOperatingTimes(definition, at(1_700), flowRun(definition, kept))).line;
  expect(past.estimate()).toEqual(straight.line.estimate());
  expect(past.estimate().notes).not.toContainEqual(expect.objectContaining({ what: "operatingTime", station: "A", reason: "noStopSeen" }));
  // without a state it counts from where the fold begins, and says that no stop was seen
  const short = (await runs.withOperatingTimes(definition, at(1_700))).line;
  expect(short.estimate().notes).not.toEqual(straight.line.estimate().notes);
});

test("[LN58] where the past begins is read once in ten seconds, however many pages ask; that there is none is asked again", async () => {
  const history = createMemoryHistory();
  let reads = 0;
  let now = at(60);
  const counted = { ...history, extent: (key: Parameters<typeof history.extent>[0]) => (reads++, history.extent(key)) };
  const { batch, ids } = batchOf([sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(20))]);
  const runs = new FlowRuns(counted, signalsOf(ids), () => now);
  expect([await runs.begin(ids), reads]).toEqual([undefined, 1]);
  await history.append(LIVE, batch, ids);
  expect([await runs.begin(ids), reads]).toEqual([at(0), 2]);
  now += 9 * SECOND;
  expect([await runs.begin(ids), reads]).toEqual([at(0), 2]);
  now += 2 * SECOND;
  expect([await runs.begin(ids), reads]).toEqual([at(0), 3]);
});
