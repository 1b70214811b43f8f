import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadPacks } from "./load-packs.ts";
import { newPack } from "./new-pack.ts";
import { readPack } from "./pack-source.ts";
import { servePacks } from "./served-packs.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-new-pack-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("[PK11] a new pack works at once: its own tests pass, and it runs from its folder and isolated", async () => {
  const folder = newPack("dye-house", root);
  expect(readFileSync(join(folder, "package.json"), "utf8")).not.toContain("brewery");
  const tests = execFileSync("npm", ["test", "--silent"], { cwd: folder, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  expect(tests).toMatch(/pass 2/);
  const { packs } = await loadPacks(join(root, "none"), [folder], []);
  expect(packs).toEqual([expect.objectContaining({ name: "doppelwerk-dye-house", features: ["dye-house"] })]);
  expect(packs[0]!.refused).toBeUndefined();
  const served = await servePacks([readPack(folder).files]);
  const path = "/packs/dye-house/batches";
  expect((await served.call("POST", path, { body: { name: "Navy 7", litres: 800 } })).status).toBe(201);
  expect((await served.call("GET", path)).body).toEqual([expect.objectContaining({ name: "Navy 7", litres: 800 })]);
  expect((await served.call("POST", path, { body: { name: "Navy 7" } })).status).toBe(400);
  await served.close();
});

test("[PK11] a name that is not in kebab case, and a folder that is there, are refused", () => {
  expect(() => newPack("Dye House", root)).toThrow(/kebab case/);
  expect(() => newPack("../out", root)).toThrow(/kebab case/);
  newPack("twice", root);
  expect(() => newPack("twice", root)).toThrow(/already/);
});
