import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { repairsOf, validate, type Environment } from "@doppelwerk/aas";
import { findingsZh } from "./findings-zh.ts";
import { repairText } from "./repairs-zh.ts";

const aas = fileURLToPath(new URL("../../../aas/src", import.meta.url));

/** Every constraint that a finding can name: ids as they stand in the sources, and the list of our own words. */
function constraintsIn(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of readdirSync(aas, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const source = readFileSync(`${aas}/${file}`, "utf8");
    for (const [, id] of source.matchAll(/"(AASd-\d+|AASc-3a-\d+|SMT\/[A-Z][A-Za-z]+)"/g)) found.add(id!);
  }
  // what is told of interface descriptions, mapping configurations and carried samples
  found.add("interface").add("mapping").add("series");
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

test("[U19] a repair says in Chinese what it would do, with the values it would write; in English its own sentence", () => {
  const bad = { modelType: "Property", idShort: "1 bad", valueType: "xs:boolean", value: "Yes" };
  const environment = { submodels: [{ modelType: "Submodel", id: "urn:a", submodelElements: [bad] }] } as unknown as Environment;
  const repairs = validate(environment, "Environment").flatMap((finding) => repairsOf(environment, finding));
  expect(repairs.map((repair) => repairText(repair, "zh"))).toEqual([
    '将 "1 bad" 改名为 "bad"（只含字母、数字、连字符和下划线）。',
    '将值写为 "true"。',
    "将值改为文本（xs:string）。",
  ]);
  expect(repairs.map((repair) => repairText(repair, "en"))).toEqual(repairs.map(({ how }) => how));
  const newer = { how: "Do more.", told: { code: "unheardOf" as never, values: [] } };
  expect(repairText(newer, "zh")).toBe("Do more.");
});
