import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { repairsOf, validate, type Environment } from "@doppelwerk/aas";
import { findingDetailZh } from "./finding-details-zh.ts";
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

/** Sentences of the validator and of the check against a template, values as a word, as they stand in the sources. */
function sentencesIn(folder: string): readonly string[] {
  return readdirSync(`${aas}/${folder}`, { encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [...readFileSync(`${aas}/${folder}/${file}`, "utf8").matchAll(/(?:"([^"\n]*)"|`([^`\n]*)`)[,)]/g)])
    .map(([, plain, filled]) => (plain ?? filled!).replace(/\$\{[^}]*\}/g, "Word"))
    .filter((text) => /^[A-Z]\w* .* .*\.$/.test(text) && !text.includes("${"));
}

test("[U19] what a finding says of its place is there in Chinese with its values, and nothing where the constraint says it all", () => {
  const all = [...sentencesIn("validation"), ...sentencesIn("template")];
  expect(all.length).toBeGreaterThan(50);
  expect(all.filter((text) => findingDetailZh(text) === undefined)).toEqual([]);
  expect(findingDetailZh('"de_DE" is not of the form that the standard asks for (language).')).toBe('"de_DE" 不符合规定格式（language）。');
  expect(findingDetailZh("Care is there not at all, and must be at least once.")).toBe("Care 有 0 个，至少应有 1 个。");
  expect(findingDetailZh("A reference without keys says nothing: left out. (7 times, first here)")).toBe(
    "没有键的引用，已去掉。（共 7 处，此为第一处）",
  );
  expect(findingDetailZh("A revision needs a version.")).toBe("");
  expect(findingDetailZh("Nobody ever said this.")).toBeUndefined();
});
