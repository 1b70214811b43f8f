import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type StoredEvent } from "@doppelwerk/world";
import { eventStoreContract } from "@doppelwerk/world/contract/event-store";
import { afterAll, describe, expect, test } from "vitest";
import { randomOf } from "../segments/random.fixture.ts";
import { openEvents, verifyEvents } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-events-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

describe.each([
  { files: "one file", fileEvents: 1_000_000 },
  { files: "files of seven events", fileEvents: 7 },
])("[EV20] events in $files keep the contract", ({ fileEvents }) => {
  for (const { title, run } of eventStoreContract(() => {
    const directory = join(root, String(++folders));
    const open = async () => openEvents({ directory, fileEvents });
    return {
      open,
      async reopen(store) {
        await store.close();
        return open();
      },
    };
  }))
    test(title, run);
});

test("[EV20] of calls in which new events and known ones take turns, exactly the new ones are recorded and found by their keys", async () => {
  const directory = join(root, "turns");
  for (const fileEvents of [1_000_000, 50]) {
    const store = openEvents({ directory: `${directory}-${fileEvents}`, fileEvents });
    const recorded = new Set<number>();
    for (let seed = 1; seed <= 8; seed++) {
      const next = randomOf(seed);
      // some of them twice in one call
      const calls = Array.from({ length: 3 }, () => Array.from({ length: Math.floor(next() * 60) }, () => Math.floor(next() * 400)));
      const counts = await Promise.all(calls.map((numbers) => store.record(numbers.map(eventOf))));
      const expected = calls.map((numbers) => numbers.filter((number) => !recorded.has(number) && recorded.add(number)).length);
      expect(counts, `seed ${seed}`).toEqual(expected);
    }
    const found = await store.query({ spans: [{ branch: LIVE, from: 0, to: 8e15 }], order: "ascending", limit: 10_000 });
    expect(found).toEqual([...recorded].toSorted((a, b) => a - b).map(eventOf));
    await store.close();
    expect(verifyEvents(`${directory}-${fileEvents}`)).toMatchObject({ events: recorded.size, findings: [] });
  }
});

function eventOf(number: number): StoredEvent {
  const at = 1_790_000_000_000_000 + number;
  return {
    branch: LIVE,
    at,
    id: `e${number}`,
    subject: `shell:${number % 7}`,
    type: "part.made",
    version: 1,
    known: at,
    origin: "measured",
    keys: [
      { name: "serial", value: `S${(number * 7_919) % 401}` },
      { name: "lot", value: `L${number % 3}` },
    ],
    payload: `{"number":${number}}`,
  };
}
