import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { originWord, type Origin } from "@doppelwerk/world";
import type { Translate } from "../language/catalogues.ts";
import { originText, type ShownOrigin } from "./origin-mark.tsx";

const ORIGINS: readonly Origin[] = ["measured", "simulated", "replayed", "entered", "derived"];
const SHOWN: readonly ShownOrigin[] = [...ORIGINS, "forecast", "simulation"];
const wordsOf = (language: "en" | "zh") =>
  JSON.parse(readFileSync(new URL(`../../words/${language}.json`, import.meta.url), "utf8")) as Readonly<Record<string, string>>;

test("[V16] each origin has one word of its own in both languages, with a meaning, and it is the word of exports and of the glossary", () => {
  const [english, chinese] = [wordsOf("en"), wordsOf("zh")];
  const glossary = readFileSync(new URL("../../../../docs/GLOSSARY.md", import.meta.url), "utf8");
  for (const words of [english, chinese]) {
    expect(new Set(SHOWN.map((origin) => words[`origin.${origin}`])).size).toBe(SHOWN.length);
    for (const origin of SHOWN) expect(words[`origin.meaning.${origin}`], origin).toMatch(/\S/);
  }
  for (const origin of ORIGINS) expect(originWord(origin)).toBe(english[`origin.${origin}`]);
  const row = glossary.split("\n").find((line) => line.startsWith("| measured, simulated machine"))!;
  for (const origin of SHOWN) for (const words of [english, chinese]) expect(row).toContain(words[`origin.${origin}`]!);
  // a simulated machine and a forecast are no simulation, in Chinese too
  expect(SHOWN.filter((origin) => chinese[`origin.${origin}`]!.includes("仿真"))).toEqual(["simulation"]);
  const t = ((code: string, { origin, meaning }: Record<string, string> = {}) =>
    code === "origin.valueIs" ? `${origin}: ${meaning}` : english[code]) as unknown as Translate;
  expect(originText("measured", t)).toBe("measured: read from a machine or sent by it");
});
