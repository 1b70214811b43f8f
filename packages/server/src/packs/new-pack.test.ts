import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { runProgram } from "../command/program.ts";
import { createApp } from "../http/app.ts";
import { loadPacks } from "./load-packs.ts";
import { newPack } from "./new-pack.ts";
import { readPack } from "./pack-source.ts";
import type { StudioPart } from "./pack-studio.ts";
import { servePacks, type ServedPacks } from "./served-packs.fixture.ts";
import { servePackFiles } from "./studio-files.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-new-pack-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs npm in the folder of a pack, outside of the repository. */
const npm = (folder: string, ...words: readonly string[]): string =>
  execFileSync("npm", [...words, "--silent"], { cwd: folder, encoding: "utf8", env: { ...authorsEnvironment(), NODE_OPTIONS: "" } });

/** Fetches modules of the packs of a world as a browser does, and what they import of their pack; returns their paths below `base`. */
async function modulesFrom(served: ServedPacks, base: string, loads: readonly string[]): Promise<readonly string[]> {
  const app = createApp(pino({ level: "silent" }));
  servePackFiles(app, () => served.site.packs.flatMap(({ studio }) => studio ?? []), "script-src 'self'");
  const found = new Set(loads.map((load) => new URL(load, `http://localhost${base}`).pathname));
  for (const path of found) {
    const { statusCode, body } = await app.inject({ url: path, headers: { host: "localhost", "sec-fetch-dest": "script" } });
    expect([path, statusCode]).toEqual([path, 200]);
    for (const [, name] of body.matchAll(/from "(\.[^"]+)"/g)) found.add(new URL(name!, `http://localhost${path}`).pathname);
  }
  await app.close();
  return [...found].map((path) => path.slice(base.length)).toSorted();
}

/** Without what npm gives to the scripts of this repository, such as not to run those of packages. */
function authorsEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")));
}

test("[PK11] a new pack works at once: its own tests pass, and it runs from its folder and, once it was packed and added, isolated, with its views", async () => {
  const folder = newPack("dye-house", root);
  expect(readFileSync(join(folder, "package.json"), "utf8")).not.toContain("brewery");
  expect(npm(folder, "test")).toMatch(/pass 5/);
  const { packs } = await loadPacks(join(root, "none"), [folder], []);
  expect(packs).toEqual([expect.objectContaining({ name: "doppelwerk-dye-house", features: ["dye-house"] })]);
  expect(packs[0]!.refused).toBeUndefined();
  // npm pack compiles the views first
  const archive = join(folder, npm(folder, "pack").trim().split("\n").at(-1)!);
  const served = await servePacks([readPack(archive).files]);
  const path = "/packs/dye-house/batches";
  expect((await served.call("POST", path, { body: { name: "Navy 7", litres: 800 } })).status).toBe(201);
  expect((await served.call("GET", path)).body).toEqual([expect.objectContaining({ name: "Navy 7", litres: 800 })]);
  expect((await served.call("POST", path, { body: { name: "Navy 7" } })).status).toBe(400);
  expect(served.stateOf("dye-house")).toBe("open");
  const [part] = (await served.call("GET", "/studio-parts")).body.parts as readonly StudioPart[];
  expect(part!.views.map(({ at, id }) => [at, id])).toEqual([
    ["shell.page@1", "dyeHouse.page"],
    ["shell.tab@1", "dyeHouse.tab"],
  ]);
  expect([part!.words.en["dyeHouse.page.title"], part!.words.zh["dyeHouse.page.title"]]).toEqual(["Batches", "批次"]);
  const modules = await modulesFrom(
    served,
    part!.base,
    part!.views.map(({ load }) => load),
  );
  expect(modules).toEqual(["calls", "new-batch", "page", "tab", "tank-stage", "tanks"].map((name) => `studio/${name}.js`));
  await served.close();
});

test("[PK82] a new pack that was built and signed is as it was signed in the archive that npm makes of it", async () => {
  const folder = newPack("signed", root);
  const key = join(root, "key.pem");
  writeFileSync(key, generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
  const sign = () => runProgram(["pack", "sign", folder, "--key", key, "--json"]);
  expect(await sign()).toBe(1);
  expect(await runProgram(["pack", "build", folder, "--json"])).toBe(0);
  expect(await sign()).toBe(0);
  const archive = join(folder, npm(folder, "pack").trim().split("\n").at(-1)!);
  expect(readPack(archive).signedBy).toMatch(/^SHA256:/);
  const packageJson = readFileSync(join(folder, "package.json"), "utf8");
  writeFileSync(join(folder, "package.json"), packageJson.replace(`, "doppelwerk-integrity.json"`, ""));
  expect(await sign()).toBe(1);
});

test("[PK108] a new pack is checked with the kit's types: an axis of a chart that lacks its ends is found, and nothing else", () => {
  const folder = newPack("checked", root);
  writeFileSync(
    join(folder, "studio", "yields.tsx"),
    `import { Chart } from "@doppelwerk/kit/studio";
export const Yields = () => <Chart label="Yields" height={120} x={{ kind: "time" }} y={{ kind: "number", unit: "%" }} marks={[]} />;
`,
  );
  const { status, stdout } = spawnSync("npm", ["run", "check", "--silent"], { cwd: folder, encoding: "utf8", env: authorsEnvironment() });
  expect(status).not.toBe(0);
  expect(stdout.match(/^\S+\(\d+,\d+\): error .*$/gm)).toEqual([expect.stringMatching(/^studio\/yields\.tsx\(2,/)]);
  expect(stdout).toContain("'TimeAxis': from, to");
});

test("[PK11] a name that is not in kebab case, and a folder that is there, are refused", () => {
  expect(() => newPack("Dye House", root)).toThrow(/kebab case/);
  expect(() => newPack("../out", root)).toThrow(/kebab case/);
  newPack("twice", root);
  expect(() => newPack("twice", root)).toThrow(/already/);
});
