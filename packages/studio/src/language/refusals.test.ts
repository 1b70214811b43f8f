import { fileURLToPath } from "node:url";
import { DoppelwerkError, said } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { sentencesIn } from "../../../../scripts/sentences.ts";
import { refusalInChinese } from "./error-text.ts";
import { refusalsZh } from "./refusals-zh.ts";

const sentences = sentencesIn(fileURLToPath(new URL("../../../..", import.meta.url)));
const valuesIn = (text: string) => [...text.matchAll(/\{\{\d+\}\}/g)].map(([value]) => value).sort();

test("[U19] what the server refuses is told in Chinese by its code, with every value of the English sentence, and nothing that it no longer says", () => {
  expect(Object.keys(refusalsZh).filter((code) => !sentences.has(code))).toEqual([]);
  for (const [code, chinese] of Object.entries(refusalsZh)) expect(valuesIn(chinese), code).toEqual(valuesIn(sentences.get(code)!.text));
});

test("[U19] what world and rooms refuse, and who reads or writes a document meets, is there in Chinese", () => {
  const met =
    /^(world\/src\/(merge-request|branches|documents)|sync\/src\/room|server\/src\/((shells|models|history|alarms|decide)\/[a-z-]*routes|optimise|experiments))/;
  const missing = [...sentences].filter(([code, { file }]) => met.test(file) && !(code in refusalsZh)).map(([, { text }]) => text);
  expect(missing).toEqual([
    "a model is sent as application/octet-stream with the FMU as its body",
    "an import is sent as application/octet-stream with the file as its body",
  ]);
});

test("[U19] a refusal says in both languages the same, whatever its values hold", () => {
  const { told, message } = new DoppelwerkError("DW_NOT_FOUND", said`no such branch: ${"{{2}} $1"}`);
  expect([message, told]).toEqual(["no such branch: {{2}} $1", { code: "noSuchBranch", values: { 1: "{{2}} $1" } }]);
  expect(refusalInChinese(told)).toBe("没有这个分支：{{2}} $1");
  expect(refusalInChinese({ code: "neverSaid", values: {} })).toBeUndefined();
  expect(new DoppelwerkError("DW_INVALID", "of a library").told).toBeUndefined();
});
