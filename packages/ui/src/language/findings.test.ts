import { readFileSync } from "node:fs";
import { repairsOf, validate, type Environment } from "@doppelwerk/aas";
import { rendererOf, type Words } from "@doppelwerk/messages/icu";
import { expect, test } from "vitest";

const wordsOf = (language: "en" | "zh"): Words =>
  JSON.parse(readFileSync(new URL(`../../../server/words/${language}/aas.json`, import.meta.url), "utf8")) as Words;
const chinese = rendererOf(wordsOf("zh"), "zh-CN");
const english = rendererOf(wordsOf("en"), "en");

const bad = { modelType: "Property", idShort: "1 bad", valueType: "xs:boolean", value: "Yes" };
const environment = { submodels: [{ modelType: "Submodel", id: "urn:a", submodelElements: [bad] }] } as unknown as Environment;

test("[U19] a finding says in Chinese what is wrong at its place with its values; in English its own sentence", () => {
  const findings = validate(environment, "Environment");
  expect(findings.map(({ reason }) => chinese(reason!))).toEqual(['"1 bad" 不符合规定格式（idShort）。', '"Yes" 不是 xs:boolean 的值。']);
  expect(findings.map(({ reason }) => english(reason!))).toEqual(findings.map(({ message }) => message));
  const times = { code: "aas.manyTimes", params: { finding: { code: "aas.referenceWithoutKeysSaysNothing", params: {} }, count: 7 } };
  expect(chinese(times)).toBe("没有键的引用，已去掉。（共 7 处，此为第一处）");
  const few = { code: "aas.tooFew", params: { name: "Care", found: 0, least: 1 } };
  expect([english(few), chinese(few)]).toEqual(["Care is there not at all, and must be at least once.", "Care 有 0 个，至少应有 1 个。"]);
});

test("[U19] a repair says in Chinese what it would do, with the values it would write; in English its own sentence", () => {
  const repairs = validate(environment, "Environment").flatMap((finding) => repairsOf(environment, finding));
  expect(repairs.map(({ reason }) => chinese(reason))).toEqual([
    '将 "1 bad" 改名为 "bad"（只含字母、数字、连字符和下划线）。',
    '将值写为 "true"。',
    "将值改为文本（xs:string）。",
  ]);
  expect(repairs.map(({ reason }) => english(reason))).toEqual(repairs.map(({ how }) => how));
});
