import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { LIVE, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { batchOf, fixtureLine, sample, SHIFT_START } from "../../../../packages/operations/src/line/small-line.fixture.ts";
import { Derivation } from "./derivation.ts";

const at = (minutes: number) => SHIFT_START + minutes * MINUTE;

test("[SV54] a forecast in the past begins with the operating times since the last stop, however long ago that was", async () => {
  const history = createMemoryHistory();
  const samples = [sample("A", "ItemState", 3, at(0)), sample("A", "ItemState", "Held", at(20)), sample("A", "ItemState", 3, at(40))];
  // a day later, in another shift
  for (let minute = 60; minute <= 1_800; minute += 10) samples.push(sample("A", "ItemState", 3, at(minute)));
  const { batch, ids } = batchOf(samples);
  await history.append(LIVE, batch, ids);
  const derivation = new Derivation(history, { wanted: (named) => named.map((id) => ({ id, index: ids.indexOf(id) })), table: { ids } }, 0);
  const straight = derivation.create(fixtureLine(), [], true);
  const nothing = { acts: [], onDerived: async () => {}, onPiece: () => {}, signal: new AbortController().signal };
  await derivation.fold(straight, at(-1), at(1_500), nothing);
  const kept = JSON.parse(JSON.stringify(straight.snapshot())) as ReturnType<typeof straight.snapshot>;
  await derivation.fold(straight, at(1_500), at(1_700) + 1, nothing);
  const state = derivation.create(fixtureLine(), [], true);
  state.restore(kept);
  const past = await derivation.withOperatingTimes(fixtureLine(), [], at(1_700), state);
  expect(past.estimate()).toEqual(straight.estimate());
  expect(past.estimate().notes).not.toContainEqual(expect.objectContaining({ what: "operatingTime", station: "A", reason: "noStopSeen" }));
  // without a state it counts from where the fold begins, and says that no stop was seen
  const short = await derivation.withOperatingTimes(fixtureLine(), [], at(1_700));
  expect(short.estimate().notes).not.toEqual(straight.estimate().notes);
});
