import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventStoreContract } from "@doppelwerk/world/contract/event-store";
import { afterAll, describe, test } from "vitest";
import { openEvents } from "./index.ts";

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
