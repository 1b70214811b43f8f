import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LightMyRequestResponse } from "fastify";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { createApp } from "../http/app.ts";
import { loadPacks } from "./load-packs.ts";
import { readPack } from "./pack-source.ts";
import { addPack, packFolder } from "./pack-store.ts";
import { partsOf, type PackStudio } from "./pack-studio.ts";
import { smallPack, writePack } from "./packs.fixture.ts";
import { servePackFiles } from "./studio-files.ts";

const view = { at: "shell.page@1", id: "brewery.page", path: "/brewery", title: "brewery.title", icon: "box", load: "./studio/page.js" };
const block = { contributes: { features: [{ id: "brewery", words: "./words", views: [view] }] } };
const words = {
  "words/en.json": JSON.stringify({ "brewery.title": "Batches", "frame.live": "taken over", "brewery.odd": 7 }),
  "words/zh.json": JSON.stringify({ "brewery.title": "批次" }),
};
const files = { ...words, "studio/page.js": "export default () => null;", "server/secret.key": "secret" };
const POLICY = "script-src 'self'";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-pack-studio-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function added(more: Readonly<Record<string, string>> = files): Promise<{ readonly studio: PackStudio; readonly data: string }> {
  const root = emptyFolder();
  const data = join(root, "data");
  await addPack(data, readPack(writePack(join(root, "pack"), smallPack(more, block))), new Date(0));
  const { packs } = await loadPacks(data, [], []);
  return { studio: packs[0]!.studio!, data };
}

async function written(more: Readonly<Record<string, string>>): Promise<PackStudio> {
  const folder = writePack(join(emptyFolder(), "pack"), smallPack(more, block));
  const { packs } = await loadPacks(join(folder, "none"), [folder], []);
  return packs[0]!.studio!;
}

function serving(...studios: readonly PackStudio[]): (url: string) => Promise<LightMyRequestResponse> {
  const app = createApp(pino({ level: "silent" }));
  servePackFiles(app, () => studios, POLICY);
  ends.push(() => app.close());
  return (url) => app.inject({ url, headers: { host: "localhost", "sec-fetch-dest": "script" } });
}

test("[PK31] of an added pack a browser gets the files of its list, for good, at the address of their content; nothing else of the server", async () => {
  const { studio } = await added();
  const [part] = partsOf(studio);
  expect(part!.base).toMatch(/^\/packs\/@brewco\/doppelwerk-brewery\/0\.1\.0~[0-9a-f]{12}\/$/);
  const get = serving(studio);
  const page = await get(`${part!.base}studio/page.js`);
  expect([page.statusCode, page.body]).toEqual([200, files["studio/page.js"]]);
  expect(page.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
  });
  for (const path of [
    "server/secret.key",
    "studio/gone.js",
    "../../packs.json",
    "%2e%2e/%2e%2e/packs.json",
    "studio%2f..%2fpackage.json",
    "__proto__",
    "",
  ])
    expect((await get(part!.base + path)).statusCode, path).toBe(404);
  // the list has it under its own name alone
  expect((await get(`${part!.base}package.json`)).statusCode).toBe(200);
  const others = [part!.base.replace("0.1.0", "0.2.0"), part!.base.replace(/~\w{6}/, "~000000"), "/packs/@brewco/other/0.1.0~0/"];
  for (const base of others) expect((await get(`${base}studio/page.js`)).statusCode, base).toBe(404);
});

test("[PK31] a file that was changed after it was added is refused by name", async () => {
  const { studio, data } = await added();
  writeFileSync(join(packFolder(data, studio), "studio/page.js"), "export default () => { globalThis.hacked = true; };");
  const answer = await serving(studio)(`${partsOf(studio)[0]!.base}studio/page.js`);
  expect(answer.statusCode).toBe(500);
  expect(answer.body).toContain("studio/page.js");
  expect(answer.body).not.toContain("hacked");
});

test("[PK32] what a pack shows is known without running it: its views, and texts under the names of its feature alone", async () => {
  const { studio } = await added({ ...files, "studio/page.js": "throw new Error('this was run');" });
  const [part] = partsOf(studio);
  expect(part).toMatchObject({ pack: "@brewco/doppelwerk-brewery", version: "0.1.0", feature: "brewery", isChanging: false });
  expect(part!.views).toEqual([{ ...view, order: 500, onPhone: false, inspector: "always" }]);
  expect(part!.words).toEqual({ en: { "brewery.title": "Batches" }, zh: { "brewery.title": "批次" } });
  expect(part!.ownReact).toBeUndefined();
});

test("[PK32] a React that a pack brings is named with its file, for the views that import it and no others", async () => {
  const vendor = { "studio/vendor.js": "export const t = Symbol.for(`react.transitional.element`);" };
  const { studio } = await added({ ...files, ...vendor });
  expect(partsOf(studio)[0]!.ownReact).toEqual({});
  const folder = await written({
    ...words,
    ...vendor,
    "studio/page.tsx": `import { shown } from "./parts/shown.tsx";\nexport default () => shown;`,
    "studio/parts/shown.tsx": `export const shown = await import("../vendor.js");`,
  });
  expect(partsOf(folder)[0]!.ownReact).toEqual({ [view.id]: "studio/vendor.js" });
});

test("[PK33] a folder that is being written is served as it is now: types and JSX taken out, its address another one after each change", async () => {
  const source = `import { count } from "./count.ts";\nexport default function Page(): object { return <b>{count as number}</b>; }\n`;
  const studio = await written({ ...words, "studio/page.tsx": source, "studio/count.ts": "export const count: number = 1;" });
  const [part] = partsOf(studio);
  expect(part).toMatchObject({ isChanging: true });
  const get = serving(studio);
  const page = await get(`${part!.base}studio/page.js`);
  expect(page.headers["cache-control"]).toBe("no-store");
  expect(page.body).toContain('from "react/jsx-runtime"');
  expect(page.body).toContain('from "./count.js"');
  expect((await get(`${part!.base}studio/count.js`)).body.trim()).toBe("export const count = 1;");
  writeFileSync(join(studio.folder, "studio/count.ts"), "export const count: number = ;");
  writeFileSync(join(studio.folder, "words/en.json"), JSON.stringify({ "brewery.title": "Brews" }));
  const [next] = partsOf(studio);
  expect(next!.base).not.toBe(part!.base);
  expect(next!.words.en).toEqual({ "brewery.title": "Brews" });
  const broken = await get(`${next!.base}studio/count.js`);
  expect([broken.statusCode, broken.json().error.code]).toEqual([400, "DW_INVALID"]);
  expect(broken.json().error.message).toMatch(/studio\/count\.ts does not compile: 1:30 /);
  // half written: what was there stays
  writeFileSync(join(studio.folder, "package.json"), "{");
  expect(partsOf(studio)[0]!.words.en).toEqual({ "brewery.title": "Brews" });
});

test("[PK33] of a folder nothing is served that lies outside, behind a link, in node_modules or hidden", async () => {
  const studio = await written({ ...words, "studio/page.tsx": "export default () => null;" });
  const outside = writePack(emptyFolder(), new Map([["secret.js", Buffer.from("export const secret = 1;")]]));
  const { base } = partsOf(studio)[0]!;
  cpSync(outside, join(studio.folder, "node_modules/x"), { recursive: true });
  cpSync(outside, join(studio.folder, ".hidden"), { recursive: true });
  symlinkSync(outside, join(studio.folder, "linked"));
  const get = serving(studio);
  for (const path of ["node_modules/x/secret.js", ".hidden/secret.js", "linked/secret.js", "../secret.js", "%2e%2e%2fsecret.js"])
    expect((await get(base + path)).statusCode, path).toBe(404);
});
