import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "@doppelwerk/world";
import { EventFile, keysFrom } from "../events/event-file.ts";
import { readCatalogue, writeManifest } from "../events/manifest.ts";

const CACHE_KIB = 16_384;

/** Leaves the events of a world that were known at an instant. Errors: DW_DAMAGED. */
export function cutEvents(directory: string, until: Instant): void {
  if (!existsSync(join(directory, "manifest.json"))) return;
  const { files, lost } = readCatalogue(directory);
  const left = files.map(({ name }) => {
    const file = new EventFile(join(directory, name), "write", CACHE_KIB);
    try {
      file.database.exec("BEGIN IMMEDIATE");
      cutFile(file, until);
      file.database.exec("COMMIT");
      return { name, extents: file.extents() };
    } finally {
      file.close();
    }
  });
  writeManifest(directory, left, lost);
  // it tells of events that are no more; it is made anew
  rmSync(join(directory, "head"), { force: true });
}

function cutFile(file: EventFile, until: Instant): void {
  const removeKey = file.statement("DELETE FROM event_keys WHERE branch = ? AND name = ? AND value = ? AND at = ? AND arrival = ?");
  const later = file.statement("SELECT arrival, branch, at, keys FROM events WHERE known > ?").all(until) as unknown as readonly {
    readonly arrival: number;
    readonly branch: number;
    readonly at: Instant;
    readonly keys: string;
  }[];
  for (const { arrival, branch, at, keys } of later) {
    for (const { name, value } of keysFrom(keys)) removeKey.run(branch, file.idOf(name) ?? -1, value, at, arrival);
    file.statement("DELETE FROM events WHERE arrival = ?").run(arrival);
    file.statement("UPDATE extents SET events = events - 1 WHERE branch = ?").run(branch);
  }
}
