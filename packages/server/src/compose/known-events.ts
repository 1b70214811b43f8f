import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventDamage, EventStore } from "@doppelwerk/world";

/** Beside the folder of events: that there were some. */
export const KNOWN_EVENTS = "events.known.json";

/** Events were recorded in this data folder, and their folder is gone or empty; undefined where nothing is missing. */
export function goneEvents(root: string): EventDamage | undefined {
  const folder = join(root, "events");
  const isThere = existsSync(folder) && readdirSync(folder).some((name) => name === "manifest.json" || name.endsWith(".sqlite"));
  if (isThere || !existsSync(join(root, KNOWN_EVENTS))) return undefined;
  return {
    file: "events",
    why: "events were recorded here, and their folder is gone or empty: put it back from a backup, or go on without them",
  };
}

/** Opens a store that leaves a note with its first events, so that it is noticed when the folder is gone. */
export function openNoted(root: string, open: () => EventStore): EventStore {
  const gone = goneEvents(root);
  const store = open();
  let isNoted = existsSync(join(root, KNOWN_EVENTS));
  return {
    async record(events) {
      const recorded = await store.record(events);
      if (!isNoted) writeFileSync(join(root, KNOWN_EVENTS), JSON.stringify({ format: 1 }), { flush: true });
      isNoted = true;
      return recorded;
    },
    query: (query) => store.query(query),
    count: (selection) => store.count(selection),
    expire: (expiry) => store.expire(expiry),
    counts: () => store.counts(),
    damages: () => [...(gone === undefined ? [] : [gone]), ...store.damages()],
    close: () => store.close(),
  };
}
