import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildPack } from "./build-pack.ts";
import { readPack } from "./pack-source.ts";
import { smallPack, writePack } from "./packs.fixture.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-build-pack-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const view = (name: string): object => ({ at: "shell.tile@1", id: `brewery.${name}`, load: `./studio/${name}.js` });
const block = { contributes: { features: [{ id: "brewery", views: [view("page"), view("tile")] }] } };
const sources = {
  "studio/page.tsx": `import { useState } from "react";
import type { Gone } from "./gone.ts";
import { count } from "../model/count.ts";
export default function Page(): object { const [n] = useState<number>(count); void import("./later.tsx"); return <b>{n as number}</b>; }`,
  "studio/later.tsx": `import { Card } from "@doppelwerk/kit/studio";\nexport { unit } from "./unit.ts";\nexport const Later = () => <Card title="x">{null}</Card>;`,
  "studio/unit.ts": `export const unit: string = "l";`,
  "studio/tile.js": `import { words } from "./words.js";\nexport default () => words;`,
  "studio/words.ts": `export const words: string = "plain";`,
  "studio/unused.tsx": `export const broken: = <b>;`,
  "model/count.ts": `export const count: number = 1;`,
};
let folders = 0;
const written = (more: Readonly<Record<string, string>> = {}): string =>
  writePack(join(root, `${folders++}`), smallPack({ ...sources, ...more }, block));

test("[PK80] what views load, and what that imports, is compiled beside its sources; again, the same", async () => {
  const folder = written();
  const built = ["model/count.js", "studio/later.js", "studio/page.js", "studio/unit.js", "studio/words.js"];
  expect(await buildPack(folder)).toEqual(built);
  const text = (path: string): string => readFileSync(join(folder, path), "utf8");
  expect(text("studio/page.js")).toContain('from "react/jsx-runtime"');
  expect(text("studio/page.js")).toContain('from "../model/count.js"');
  expect(text("studio/page.js")).toContain('import("./later.js")');
  expect(text("studio/page.js")).not.toContain("gone");
  expect(text("model/count.js").trim()).toBe("export const count = 1;");
  const before = built.map(text);
  expect(await buildPack(folder)).toEqual(built);
  expect(built.map(text)).toEqual(before);
});

test.each([
  ["does not compile", { "studio/unit.ts": "export const unit: string = ;" }, /studio\/unit\.ts does not compile: 1:29 /],
  ["imports a package", { "studio/unit.ts": `import "lodash";` }, /studio\/unit\.ts imports lodash/],
  ["imports what is not there", { "studio/unit.ts": `export * from "./none.ts";` }, /studio\/unit\.ts imports \.\/none\.js/],
  ["imports a source as it is", { "studio/tile.js": `import "./words.ts";` }, /studio\/tile\.js imports \.\/words\.ts/],
  ["imports from outside", { "studio/unit.ts": `import "../../other/a.js";` }, /imports \.\.\/\.\.\/other\/a\.js/],
])("[PK80] a module that %s is named, and nothing is written", async (_, more, said) => {
  const folder = written(more);
  await expect(buildPack(folder)).rejects.toThrow(said);
  expect(existsSync(join(folder, "studio/page.js"))).toBe(false);
});

test("[PK81] a pack whose views are not compiled is not added: one line names them and pack build", async () => {
  const folder = written({ "studio/tile.js": "", "studio/tile.tsx": "export default () => null;" });
  rmSync(join(folder, "studio/tile.js"));
  expect(() => readPack(folder)).toThrow(
    /: the pack does not hold what its views load, \.\/studio\/page\.js, \.\/studio\/tile\.js: run doppelwerk pack build/,
  );
  await buildPack(folder);
  expect(readPack(folder).manifest.features[0]!.views).toHaveLength(2);
  writeFileSync(join(folder, "studio/page.tsx"), "");
  rmSync(join(folder, "studio/page.js"));
  expect(() => readPack(folder)).toThrow(/load, \.\/studio\/page\.js: run/);
});
