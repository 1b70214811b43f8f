import { expect, test } from "vitest";
import { checkLanguages } from "./languages.ts";
import { readSource } from "./sources.ts";

const check = (text: string, file = "packages/a/src/a.ts"): string[] => checkLanguages([readSource(file, text)]);

test("a Chinese text in code is refused, whatever it stands in", () => {
  expect(check('export const why = { en: "blocked", zh: "堵料" };')).toEqual([
    'packages/a/src/a.ts:1: a Chinese text in code, it belongs into words/: "堵料"',
  ]);
  for (const text of ["`${n} 个`", 'zh ? "方案" : "Proposal"', '{ language: "zh", text: "转速" }', '{ zh: "Demo" }', "<b>中</b>"])
    expect(check(`use(${text});`, "features/f/studio/a.tsx"), text).toHaveLength(1);
});

test("texts of data, of tests and of files with a purpose are none, nor are words that are read, names and comments", () => {
  const text = 'export const title = { en: "Press", zh: "压机" };';
  for (const file of [
    "packs/discrete-line/src/a.ts",
    "examples/demo-plant/src/a.ts",
    "packages/a/src/a.test.ts",
    "packages/a/src/a.fixture.ts",
    "packages/ui/src/values/unit-names.ts",
  ])
    expect(check(text, file), file).toEqual([]);
  for (const read of [
    "/^(?:yes|是)$/.test(answer)",
    "({ en: name, zh: name })",
    "({ 工位: station })",
    '({ en: "", zh: "" })',
    "0 // 堵料",
  ])
    expect(check(read), read).toEqual([]);
});

test("code that decides by the text of a message is refused", () => {
  for (const text of [
    'error.message === "the snapshot is cut short"',
    "`no ${name}` !== error.message",
    'owner.why.en.startsWith("MTConnect")',
    'finding?.message.includes("first key")',
    "/snapshot/.test((error as Error).message)",
    "/^OPC/.exec(why.en)",
    "error.message.match(/locked/)",
    'textOf(reason) === "blocked"',
    'textOf(reason).endsWith(".")',
  ])
    expect(check(`use(${text});`), text).toHaveLength(1);
});

test("a search for what a person typed, a comparison of codes and one of two texts decide by no message", () => {
  for (const text of [
    'error.reason.code === "sim.snapshotCutShort"',
    "title.en.includes(needle)",
    "error.message === other.message",
    'message.kind === "hello"',
    'error.message === ""',
    "/^a/.test(name)",
  ])
    expect(check(`use(${text});`), text).toEqual([]);
  expect(check("/locked/.test(error.message)", "packages/a/src/a.test.ts")).toEqual([]);
});
