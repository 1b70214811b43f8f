import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findingsZh } from "./findings-zh.ts";

const aas = fileURLToPath(new URL("../../../aas/src", import.meta.url));

/** Every constraint that a finding can name: ids as they stand in the sources, and the list of our own words. */
function constraintsIn(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of readdirSync(aas, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const source = readFileSync(`${aas}/${file}`, "utf8");
    for (const [, id] of source.matchAll(/"(AASd-\d+|AASc-3a-\d+|SMT\/[A-Z][A-Za-z]+)"/g)) found.add(id!);
  }
  // what is told of interface descriptions and mapping configurations
  found.add("interface").add("mapping");
  const ownWords = /one of our own words: (.*)\./.exec(readFileSync(`${aas}/finding.ts`, "utf8"))![1]!;
  for (const [, word] of ownWords.matchAll(/`(\w+)`/g)) found.add(word!);
  return found;
}

test("[U19] what every constraint of a finding asks is there in Chinese, and nothing that no finding names", () => {
  const known = constraintsIn();
  expect(known.size).toBeGreaterThan(60);
  expect([...known].filter((id) => !(id in findingsZh))).toEqual([]);
  expect(Object.keys(findingsZh).filter((id) => !known.has(id))).toEqual([]);
  for (const [id, text] of Object.entries(findingsZh)) expect(text, id).toMatch(/[\u4e00-\u9fff].*。$/);
});
