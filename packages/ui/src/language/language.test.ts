import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { studioSources } from "../theme/studio-sources.fixture.ts";
import { en } from "./en.ts";
import { words } from "./messages-en.ts";
import { zh } from "./zh.ts";

function flat(tree: object, path = ""): Map<string, string> {
  const words = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string") words.set(at, value);
    else for (const [inner, text] of flat(value as object, at)) words.set(inner, text);
  }
  return words;
}

const english = flat(en);
const chinese = flat(zh);

test("[U19] both languages say everything, with the same values in it, and Chinese is Chinese", () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  const places = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
  for (const [key, text] of english) {
    expect(places(chinese.get(key)!), key).toEqual(places(text));
    const words = text.replace(/\{\{\w+\}\}/g, "");
    // What is a name, a unit or an abbreviation stands as it is.
    if (/[a-z]{4}/.test(words)) expect(chinese.get(key), key).toMatch(/[\u4e00-\u9fff]/);
  }
});

test("[U19] every key the screens ask for is in the catalogue", () => {
  const asked = new Set<string>();
  for (const name of studioSources(/\.tsx?$/)) {
    if (name.includes("/viewer/")) continue;
    for (const [, key] of readFileSync(name, "utf8").matchAll(/\b(?:t\(|label: )"([a-z]+\.[A-Za-z. ]+)"/g)) asked.add(key!);
  }
  expect(asked.size).toBeGreaterThan(200);
  const missing = [...asked].filter((key) => !english.has(key) && !english.has(`${key}_other`) && !(key in words));
  expect(missing).toEqual([]);
});

test("[U19] words are short, without exclamation", () => {
  for (const [key, text] of [...english, ...chinese]) expect(text, key).not.toMatch(/[!！]/);
});
