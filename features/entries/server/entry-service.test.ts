import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PushedValue } from "@doppelwerk/connectors/push";
import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { openJournal } from "@doppelwerk/storage/journal";
import type { Entry } from "../contract.ts";
import { EntryService } from "./entry-service.ts";

test("[EN4] an entry whose sample the history refuses is in the journal, and is sent again until it is taken; what is older than a day is not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-entry-"));
  const now = 1_800_000_000 * SECOND;
  try {
    const journal = openJournal<Entry>(join(folder, "entries.jsonl"), "entries");
    const entry = (id: string, enteredAt: number): Entry => ({
      id,
      signal: "signal:a",
      name: "a",
      connection: "connection:a",
      value: 7,
      time: enteredAt,
      sampleTime: enteredAt,
      enteredBy: "person:a",
      enteredAt,
    });
    journal.put(entry("entry:old", now - 2 * 86_400 * SECOND));
    journal.put(entry("entry:new", now));
    const sent: (readonly PushedValue[])[] = [];
    const taken = Promise.withResolvers<void>();
    const entries = new EntryService({
      journal,
      async push(_connection, values) {
        sent.push(values);
        if (sent.length < 3) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("the disk is full"));
        taken.resolve();
        return { accepted: 1, refused: [] };
      },
      clock: { now: () => now },
      ids: { next: (kind) => `${kind}:1` },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    await entries.resend(() => "a");
    await taken.promise;
    expect(sent).toEqual(Array.from({ length: 3 }, () => [{ address: "a", value: 7, time: now }]));
    entries.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
