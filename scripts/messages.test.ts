import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { checkMessages } from "./messages.ts";

test("the catalogues of this repository are complete in both languages", () => {
  expect(checkMessages(fileURLToPath(new URL("..", import.meta.url)))).toEqual([]);
});

test("what is missing, unused, untranslated, unequal, unsorted, malformed or stale is named", () => {
  const root = mkdtempSync(join(tmpdir(), "messages-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const en = { "a.used": "{x} is used", "a.unused": "unused", "b.other": "of another area", "a.broken": "{", "a.prefixed": "put together" };
  write("packages/server/words/en/a.json", JSON.stringify(en));
  write("packages/server/words/zh/a.json", JSON.stringify({ "a.used": "已使用 {y}", "a.more": "多余" }));
  write("packages/messages/src/codes/a.ts", "// stale");
  write("features/f/words/en.json", JSON.stringify({ "f.own": "of a feature" }));
  write("features/f/words/zh.json", JSON.stringify({ "f.own": "功能的" }));
  write("features/f/words/former.json", JSON.stringify({ "f.own": "f.moved", "e.own": "f.own" }));
  write("features/f/studio/use.ts", 't("f.own")');
  write("packages/studio/src/use.ts", 't("f.own")');
  write(
    "packages/world/src/use.ts",
    'message("a.used", { x }); message("a.gone"); t(`a.pre${what}`); t(`a.prefixed`); use("b.other", "a.broken");',
  );
  const complaints = checkMessages(root).join("\n");
  for (const complaint of [
    "en/a.json: the codes are not sorted",
    "a.unused is unused",
    "a.unused is not translated",
    "zh/a.json: a.used has the placeholders y, not x",
    "zh/a.json: a.more is not in English",
    "b.other does not begin with a.",
    "en/a.json: a.broken is no ICU message",
    "packages/studio/src/use.ts: f.own belongs to features/f/, which may be deleted",
    "a.gone is in no catalogue",
    "a.ts differs from",
    "former.json: f.own is in a catalogue",
    "former.json: f.moved is in no catalogue",
  ])
    expect(complaints).toContain(complaint);
  expect(complaints).not.toContain("a.prefixed is unused");
});

test("the types of a large catalogue are one file an area, and those of an area that is gone are removed", () => {
  const root = mkdtempSync(join(tmpdir(), "messages-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const codes = [...Array.from({ length: 500 }, (_, n) => `f.bigArea.m${n}`), "f.few.one", "f.two"].toSorted();
  const words = JSON.stringify(Object.fromEntries(codes.map((code) => [code, "x"])));
  for (const file of ["words/en.json", "words/zh.json", "message-codes/gone.ts"]) {
    mkdirSync(dirname(join(root, "features/f", file)), { recursive: true });
    writeFileSync(join(root, "features/f", file), words);
  }
  mkdirSync(join(root, "packages/messages/src/codes"), { recursive: true });
  const stale = (complaints: readonly string[]): readonly string[] => complaints.filter((line) => line.includes("message-codes"));
  expect(stale(checkMessages(root))).toHaveLength(3);
  expect(stale(checkMessages(root, true))).toEqual([]);
  expect(readdirSync(join(root, "features/f/message-codes"))).toEqual(["big-area.ts"]);
  const text = readFileSync(join(root, "features/f/message-codes.ts"), "utf8");
  expect(text).toContain('import type {} from "./message-codes/big-area.ts";');
  expect([...text.matchAll(/"(f\.[\w.]+)":/g)].map(([, code]) => code)).toEqual(["f.few.one", "f.two"]);
  expect(stale(checkMessages(root))).toEqual([]);
});
