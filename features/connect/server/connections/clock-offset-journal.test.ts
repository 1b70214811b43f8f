import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openJournal } from "@doppelwerk/storage/journal";
import { openClockOffsetJournal } from "./clock-offset-journal.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-offsets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (path: string): number => readFileSync(path, "utf8").split("\n").length - 1;

test("[EN6] of a clock that is corrected without end the newest corrections are kept, those of the others stay, and the file is bounded", () => {
  const path = join(folder, "of-station.jsonl");
  const faults: unknown[] = [];
  const open = () =>
    openClockOffsetJournal(openJournal(path, "clock offsets"), (error) => void faults.push(error), { ofStation: 40, inAll: 1_000 });
  let journal = open();
  journal.put({ connection: "connection:1", source: "still", offsetS: 3, at: 1 });
  for (let at = 2; at < 300; at++) {
    journal.put({ connection: "connection:1", source: "wild", offsetS: at % 7, at });
    if (at === 150) {
      journal.close();
      journal = open();
    }
    expect(lines(path)).toBeLessThanOrEqual(51);
  }
  expect(journal.of("connection:1").slice(0, 40)).toEqual(
    Array.from({ length: 40 }, (_, n) => ({ connection: "connection:1", source: "wild", offsetS: (299 - n) % 7, at: 299 - n })),
  );
  expect(journal.of("connection:1").at(-1)).toEqual({ connection: "connection:1", source: "still", offsetS: 3, at: 1 });
  const before = journal.of("connection:1");
  journal.close();
  journal = open();
  expect(journal.of("connection:1")).toEqual(before);
  journal.close();
  expect(faults).toEqual([]);
});

test("[EN6] stations that a plant makes up without end do not grow the file either", () => {
  const path = join(folder, "in-all.jsonl");
  const journal = openClockOffsetJournal(openJournal(path, "clock offsets"), () => {}, { ofStation: 10, inAll: 100 });
  for (let at = 0; at < 300; at++) {
    journal.put({ connection: "connection:1", source: `made up ${at}`, offsetS: 3, at });
    expect(lines(path)).toBeLessThanOrEqual(126);
  }
  expect(journal.of("connection:1")[0]).toMatchObject({ source: "made up 299" });
  journal.close();
});
