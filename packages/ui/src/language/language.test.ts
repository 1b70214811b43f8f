import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { expect, test } from "vitest";
import { studioSources } from "../theme/studio-sources.fixture.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** What screens show in a language: the shell's words and those of every feature. */
function wordsOf(language: "en" | "zh"): ReadonlyMap<string, string> {
  const files = globSync([`packages/{ui,studio}/words/${language}.json`, `features/*/words/${language}.json`], { cwd: root });
  return new Map(files.flatMap((file) => Object.entries(JSON.parse(readFileSync(`${root}/${file}`, "utf8")) as Record<string, string>)));
}

const english = wordsOf("en");
const chinese = wordsOf("zh");

test("[U19] both languages say everything, with the same values in it, and Chinese is Chinese", () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  const named = (element: MessageFormatElement): string[] =>
    element.type === TYPE.literal || element.type === TYPE.pound
      ? []
      : [
          ...(element.type === TYPE.tag ? [] : [element.value]),
          ...("options" in element ? Object.values(element.options).flatMap(({ value }) => value.flatMap(named)) : []),
        ];
  const places = (text: string): string[] => [...new Set(parse(text).flatMap(named))].sort();
  for (const [key, text] of english) {
    expect(places(chinese.get(key)!), key).toEqual(places(text));
    const words = text.replace(/\{\w+(?:, (?:plural|select),|\})| (?:one|other) (?=\{)/g, "");
    // What is a name, a unit or an abbreviation stands as it is.
    if (/[a-z]{4}/.test(words)) expect(chinese.get(key), key).toMatch(/[\u4e00-\u9fff]/);
  }
});

test("[U19] every key the screens ask for is in the catalogue", () => {
  const asked = new Set<string>();
  for (const name of studioSources(/\.tsx?$/)) {
    if (name.includes("/viewer/")) continue;
    for (const [, key] of readFileSync(name, "utf8").matchAll(/\b(?:t\(|(?:label|title): )"([a-z]\w*\.[A-Za-z. ]+)"/g)) asked.add(key!);
  }
  expect(asked.size).toBeGreaterThan(200);
  expect([...asked].filter((key) => !english.has(key))).toEqual([]);
});

test("[U19] words are short, without exclamation", () => {
  for (const [key, text] of [...english, ...chinese]) expect(text, key).not.toMatch(/[!！]/);
});
