import { LIVE, type StoredEvent } from "@doppelwerk/world";
import { openEvents } from "./index.ts";

// Records events without end, saying on stdout up to which all are acknowledged, until it is killed or no longer can.
const [directory, begin, fileEvents] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const store = openEvents({ directory, fileEvents });
const BATCH = 50;

function eventOf(number: number): StoredEvent {
  return {
    branch: LIVE,
    at: 1_790_000_000_000_000 + number,
    id: `e${number}`,
    subject: `shell:${number % 7}`,
    type: "part.made",
    version: 1,
    known: 1_790_000_000_000_000 + number,
    origin: "measured",
    keys: [{ name: "serial", value: `S${number}` }],
    payload: `{"number":${number},"text":"${"x".repeat(number % 300)}"}`,
  };
}

process.stdout.write("ready\n");
for (let number = begin; ; number += 4 * BATCH) {
  const batches = [0, 1, 2, 3].map((part) => Array.from({ length: BATCH }, (_, i) => eventOf(number + part * BATCH + i)));
  const outcomes = await Promise.allSettled(batches.map((batch) => store.record(batch)));
  const refusal = outcomes.find((outcome) => outcome.status === "rejected");
  if (refusal === undefined) {
    process.stdout.write(`${number + 4 * BATCH}\n`);
    continue;
  }
  // Batches are committed in groups: those of an earlier or a smaller group than the refused one are recorded.
  const recorded = batches.filter((_, part) => outcomes[part]!.status === "fulfilled").flat();
  process.stdout.write(`refused ${(refusal.reason as { code?: string }).code}\n`);
  process.stdout.write(`recorded ${recorded.map(({ id }) => id).join(" ")}\n`);
  const [newest] = await store.query({ spans: [{ branch: LIVE, from: 0, to: 8e15 }], order: "descending", limit: 1 });
  process.stdout.write(`reads ${newest!.id}\n`);
  await store.close().catch(() => undefined);
  break;
}
