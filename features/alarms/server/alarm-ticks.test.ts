import { samplesOfAlarms, type AlarmEvent } from "@doppelwerk/operations";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { batchOfKept, LIVE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { ticksOf } from "./alarm-ticks.ts";

const step = (rule: string, state: AlarmEvent["state"], second: number, priority = 2): AlarmEvent =>
  ({ rule, state, instant: second * SECOND, priority, station: `station of ${rule}`, firstOut: false }) as unknown as AlarmEvent;

test("[AL41] ticks of the Rail count what became active in each slice, at the last of them; each alarm is read once however often it became active", async () => {
  const history = createMemoryHistory();
  // "often" becomes active 6,000 times, more than a page of transitions holds
  const often = Array.from({ length: 6_000 }, (_, n) => [step("often", "unacknowledged", n), step("often", "normal", n + 0.5)]).flat();
  const seldom = [step("seldom", "unacknowledged", 10, 1), step("seldom", "acknowledged", 11, 1), step("seldom", "unacknowledged", 2_999)];
  const samples = samplesOfAlarms([...often, ...seldom]);
  const ids = [...new Set(samples.map(({ signal }) => signal))];
  await history.append(
    LIVE,
    batchOfKept(samples, (id) => ids.indexOf(id)),
    ids,
  );
  let reads = 0;
  const counted: Pick<typeof history, "raw"> = { raw: (...asked) => (reads++, history.raw(...asked)) };
  const ticks = await ticksOf(counted, [{ id: "often" }, { id: "seldom" }], { from: 0, to: 6_000 * SECOND, points: 2 });
  expect(ticks).toEqual([
    { at: 10 * SECOND, priority: 1, station: "station of seldom", count: 1 },
    // of one instant the later alarm
    { at: 2_999 * SECOND, priority: 2, station: "station of seldom", count: 3_001 },
    { at: 5_999 * SECOND, priority: 2, station: "station of often", count: 3_000 },
  ]);
  expect(reads).toBe(2);
});
