import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { applyMoves, planMoves, type MoveReport } from "./move.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

function repository(files: Readonly<Record<string, string>>): void {
  root = mkdtempSync(join(tmpdir(), "move-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync("git", ["init", "-q"], { cwd: root });
  execFileSync("git", ["add", "."], { cwd: root });
}

function move(...pairs: readonly (readonly [string, string])[]): MoveReport {
  const report = planMoves(root, pairs);
  applyMoves(root, report);
  return report;
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = (name: string, exports: Record<string, string>): string => JSON.stringify({ name: `@doppelwerk/${name}`, exports });

test("every kind of reference follows a folder inside its package", () => {
  repository({
    "packages/a/package.json": manifest("a", { ".": "./src/index.ts", "./deep": "./src/old/deep.ts" }),
    "packages/a/src/index.ts":
      'export { deep } from "./old/deep.ts";\nexport type { Deep } from "./old/deep.ts";\nconst lazy = import("./old/deep.ts");\nlet x: import("./old/deep.ts").Deep;\nvi.mock("./old/deep.ts");\n',
    "packages/a/src/other.ts": "export const other = 1;\n",
    "packages/a/src/old/deep.ts":
      'import { other } from "../other.ts";\nimport { beside } from "./beside.ts";\nconst worker = new Worker(new URL("./beside.ts", import.meta.url));\nconst text = readFileSync(new URL("../../data/x.txt", import.meta.url));\nconst outside = join(import.meta.dirname, "../../../../../shared");\nconst byName = new URL(`../../data/${name}.txt`, import.meta.url);\n// see `packages/a/src/old/beside.ts`\n',
    "packages/a/src/old/beside.ts": "export const beside = 1;\n",
    "packages/a/data/x.txt": "x",
    "packages/a/README.md": "# a\n\n[deep](src/old/deep.ts), `src/old/`, `old/deep.ts`, `packages/a/src/old/deep.ts`, `gold/deep.ts`\n",
    "knip.json": '{ "workspaces": { "packages/a": { "entry": ["src/old/deep.ts", "src/**/*-worker.ts"] } } }',
    "vitest.config.ts": 'export default { include: ["packages/a/src/old/**"] };\n',
    "docs/page.md": "# page\n\n[deep](../packages/a/src/old/deep.ts#x)\n",
    "packages/a/index.html": '<script src="/src/old/deep.ts"></script>',
    "packages/a/src/main.css": '@import "./old/x.css";\n',
    "packages/a/src/old/x.css": "a {}\n",
  });
  const report = move(["packages/a/src/old", "packages/a/src/new/place"]);
  expect(report.unresolved).toEqual([]);
  expect(existsSync(join(root, "packages/a/src/old"))).toBe(false);
  expect(read("packages/a/src/index.ts")).toBe(
    'export { deep } from "./new/place/deep.ts";\nexport type { Deep } from "./new/place/deep.ts";\nconst lazy = import("./new/place/deep.ts");\nlet x: import("./new/place/deep.ts").Deep;\nvi.mock("./new/place/deep.ts");\n',
  );
  expect(read("packages/a/src/new/place/deep.ts")).toBe(
    'import { other } from "../../other.ts";\nimport { beside } from "./beside.ts";\nconst worker = new Worker(new URL("./beside.ts", import.meta.url));\nconst text = readFileSync(new URL("../../../data/x.txt", import.meta.url));\nconst outside = join(import.meta.dirname, "../../../../../../shared");\nconst byName = new URL(`../../../data/${name}.txt`, import.meta.url);\n// see `packages/a/src/new/place/beside.ts`\n',
  );
  expect(read("packages/a/README.md")).toBe(
    "# a\n\n[deep](src/new/place/deep.ts), `src/new/place/`, `new/place/deep.ts`, `packages/a/src/new/place/deep.ts`, `gold/deep.ts`\n",
  );
  expect(read("packages/a/package.json")).toContain('"./src/new/place/deep.ts"');
  expect(read("knip.json")).toBe('{ "workspaces": { "packages/a": { "entry": ["src/new/place/deep.ts", "src/**/*-worker.ts"] } } }');
  expect(read("vitest.config.ts")).toContain('"packages/a/src/new/place/**"');
  expect(read("docs/page.md")).toContain("[deep](../packages/a/src/new/place/deep.ts#x)");
  expect(read("packages/a/index.html")).toContain('"/src/new/place/deep.ts"');
  expect(read("packages/a/src/main.css")).toBe('@import "./new/place/x.css";\n');
  expect(execFileSync("git", ["status", "--short"], { cwd: root, encoding: "utf8" })).not.toContain("??");
});

const twoPackages = {
  "packages/a/package.json": manifest("a", { ".": "./src/index.ts", "./part/*": "./src/part/*.ts" }),
  "packages/a/src/index.ts": 'export * from "./clock.ts";\n',
  "packages/a/src/clock.ts": "export const clock = 1;\nexport const hidden = 2;\n",
  "packages/a/src/part/wheel.ts": "export const wheel = 1;\n",
  "packages/a/src/inner.ts": "export const inner = 1;\n",
  "packages/b/package.json": manifest("b", { ".": "./src/index.ts", "./gear": "./src/gear.ts" }),
  "packages/b/src/index.ts": "export const b = 1;\n",
};

test("a file that changes its package takes its imports by package names, and its importers follow", () => {
  repository({
    ...twoPackages,
    "packages/a/src/gear.ts":
      'import { clock } from "./clock.ts";\nimport { wheel } from "./part/wheel.ts";\nimport { b } from "@doppelwerk/b";\nexport const gear = 1;\n',
    "packages/a/src/user.ts": 'import { gear } from "./gear.ts";\n',
    "packages/b/src/rim.ts": 'import { wheel } from "@doppelwerk/a/part/wheel";\n',
    "e2e/gear.test.ts": 'import { gear } from "../packages/a/src/gear.ts";\n',
  });
  expect(
    move(["packages/a/src/gear.ts", "packages/b/src/gear.ts"], ["packages/a/src/part/wheel.ts", "packages/a/src/part/round/wheel.ts"])
      .unresolved,
  ).toEqual([]);
  expect(read("packages/b/src/rim.ts")).toBe('import { wheel } from "@doppelwerk/a/part/round/wheel";\n');
  expect(read("packages/b/src/gear.ts")).toBe(
    'import { clock } from "@doppelwerk/a";\nimport { wheel } from "@doppelwerk/a/part/round/wheel";\nimport { b } from "./index.ts";\nexport const gear = 1;\n',
  );
  expect(read("packages/a/src/user.ts")).toBe('import { gear } from "@doppelwerk/b/gear";\n');
  expect(read("e2e/gear.test.ts")).toBe('import { gear } from "../packages/b/src/gear.ts";\n');
});

test("what no export reaches is written as a relative path and reported", () => {
  repository({ ...twoPackages, "packages/a/src/gear.ts": 'import { inner } from "./inner.ts";\nimport { none } from "./none.ts";\n' });
  expect(move(["packages/a/src/gear.ts", "packages/b/src/"]).unresolved).toEqual([
    "packages/b/src/gear.ts: packages/a/src/inner.ts is not exported by @doppelwerk/a; the import is written as a relative path",
    "packages/b/src/gear.ts: ./none.ts names no file",
  ]);
  expect(read("packages/b/src/gear.ts")).toContain('from "../../a/src/inner.ts"');
});

test("a package export whose file left the package is reported", () => {
  repository({
    ...twoPackages,
    "packages/b/src/gear.ts": "export const gear = 1;\n",
    "packages/a/src/user.ts": 'import "@doppelwerk/b/gear";\n',
  });
  const { unresolved } = planMoves(root, [["packages/b/src/gear.ts", "packages/a/src/inside/gear.ts"]]);
  expect(unresolved).toEqual(["packages/b/package.json: ./src/gear.ts is now packages/a/src/inside/gear.ts, outside its package"]);
});

test("a target that exists, a source that does not, and a file named twice are refused before anything moves", () => {
  repository(twoPackages);
  expect(() => planMoves(root, [["packages/a/src/clock.ts", "packages/a/src/inner.ts"]])).toThrow("packages/a/src/inner.ts exists");
  expect(() => planMoves(root, [["packages/a/src/none.ts", "packages/a/src/x.ts"]])).toThrow("packages/a/src/none.ts does not exist");
  expect(() =>
    planMoves(root, [
      ["packages/a/src", "packages/b/src/a"],
      ["packages/a/src/clock.ts", "packages/b/src/x.ts"],
    ]),
  ).toThrow("packages/a/src/clock.ts is named twice");
});
