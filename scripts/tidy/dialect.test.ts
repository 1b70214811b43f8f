import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkDialect } from "./dialect.ts";
import { readSource } from "./sources.ts";

function check(texts: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "dialect-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const files = Object.keys(texts);
  return checkDialect(
    root,
    files,
    files.filter((file) => file.endsWith(".ts")).map((file) => readSource(file, texts[file]!)),
  );
}

test("words that are gone are refused in exported names, names of files, fields of the API and English texts", () => {
  expect(
    check({
      "packages/a/src/told-marks.ts": "export const one = 1;",
      "packages/a/src/a.ts":
        "export interface RunWish {}\nexport const MOST_ROWS = 1;\nexport function hearAll() {}\nconst MOST_INSIDE = 2;",
      "features/f/contract.ts": "const shape = z.object({\n  told: z.string(),\n});",
      "features/f/words/en.json": '{ "f.a": "the agent was started anew" }',
    }),
  ).toEqual([
    "packages/a/src/a.ts: RunWish is a name in words that are gone (scripts/tidy/dialect.ts)",
    "packages/a/src/a.ts: MOST_ROWS is a name in words that are gone (scripts/tidy/dialect.ts)",
    "packages/a/src/a.ts: hearAll is a name in words that are gone (scripts/tidy/dialect.ts)",
    "packages/a/src/told-marks.ts is named in words that are gone (scripts/tidy/dialect.ts)",
    "features/f/contract.ts:2: the field told is named in words that are gone (scripts/tidy/dialect.ts)",
    "features/f/words/en.json: f.a says “anew”, a word that is gone (scripts/tidy/dialect.ts)",
  ]);
});

test("other words, parameters, what only tests load and what is deprecated are none", () => {
  expect(
    check({
      "packages/a/src/a.ts": "export const essay = 1;\nexport const MAX_ROWS = 1;\nexport function heartbeat() {}",
      "packages/a/src/b.fixture.ts": "export const SAID = 1;",
      "features/f/contract.ts": 'const shape = z.object({\n  told: z.string().describe("deprecated: use message"),\n});',
      "features/f/words/en.json": '{ "f.a": "refused: {said}" }',
    }),
  ).toEqual([]);
});
