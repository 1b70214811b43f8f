import { join } from "node:path";
import type { StoredEvent } from "@doppelwerk/world";
import { EventFile, type EventRow } from "./event-file.ts";
import { readCatalogue } from "./manifest.ts";

const CACHE_KIB = 16_384;
/** Events of one answer. */
const PAGE = 5_000;

/** Every event of a folder that no process has open, in order of arrival; changes none of them. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
export function* readEvents(directory: string): Generator<readonly StoredEvent[]> {
  for (const { name } of readCatalogue(directory, "untouched").files) {
    const file = new EventFile(join(directory, name), "untouched", CACHE_KIB);
    try {
      for (let after = -1; ;) {
        const rows = file
          .statement(`SELECT * FROM events WHERE arrival > ? ORDER BY arrival LIMIT ${PAGE}`)
          .all(after) as unknown as readonly EventRow[];
        if (rows.length === 0) break;
        yield rows.map((row) => file.eventOf(row));
        after = rows.at(-1)!.arrival;
      }
    } finally {
      file.close();
    }
  }
}
