import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSeal } from "@doppelwerk/trust";
import { coreKinds } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { createMemoryRecordStore } from "../memory/index.ts";
import { verifyWorld } from "../verify/index.ts";
import { DATA_FORMAT, openDataFolder, openFileChangeLog } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-formats-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** Hash of the last entry of each stored folder: a format that reads differently than it was written shows here. */
const stored = [
  ["format-1", 5, "2d868135d1d3384f90ff821ca63dd8a78e7c91b29e504445a750a19c8b42964e"],
  ["format-2", 5, "2d868135d1d3384f90ff821ca63dd8a78e7c91b29e504445a750a19c8b42964e"],
  ["format-3", 5, "2d868135d1d3384f90ff821ca63dd8a78e7c91b29e504445a750a19c8b42964e"],
] as const;

test.each(stored)("[ST16] a folder of %s opens, and its chain is what it was when it was written", async (name, revisions, lastHash) => {
  const path = join(root, name);
  cpSync(join(fixtures, name), path, { recursive: true });
  const folder = await openDataFolder(path, { owner: "test" });
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  const verified = await verifyWorld({ log, openStore: () => createMemoryRecordStore(coreKinds), seal: createSeal() });
  expect(verified).toEqual({ revisions, lastHash, findings: [] });
  const store = createMemoryRecordStore(coreKinds);
  for await (const entry of log.read(0)) store.apply([entry]);
  expect(store.get([{ branch: "live", revision: revisions }], "element:1")).toMatchObject({ idShort: "Cycle", value: "9.75" });
  await log.close();
  await folder.close();
});

test("[ST16] every format there was has a stored folder", () => {
  expect(readdirSync(fixtures)).toEqual(Array.from({ length: DATA_FORMAT }, (_, i) => `format-${i + 1}`));
});
