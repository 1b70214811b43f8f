import { fileURLToPath } from "node:url";
import { codeOfWords, DoppelwerkError, said } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { sentencesIn } from "../../../../scripts/sentences.ts";
import { plainSentences } from "../../../connectors/src/sentences/plain-sentences.ts";
import { connectionSentencesZh } from "./connection-sentences-zh.ts";
import { refusalInChinese } from "./error-text.ts";
import { findingInWords } from "./language.ts";
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

test("[U19] what connections and commands say in plain words is told in Chinese by its code, with every value, a sentence in a sentence too", () => {
  const plain = new Map(plainSentences.map((text) => [codeOfWords(text.split(/\{\{\d\}\}/))!, text]));
  expect([...plain.keys()].filter((code) => !(code in connectionSentencesZh) && !(code in refusalsZh))).toEqual([]);
  expect(Object.keys(connectionSentencesZh).filter((code) => !plain.has(code))).toEqual([]);
  for (const [code, chinese] of Object.entries(connectionSentencesZh)) {
    expect(valuesIn(chinese), code).toEqual(valuesIn(plain.get(code)!));
    expect(chinese, code).toMatch(/[\u4e00-\u9fff]/);
  }
  const inner = { code: "noAnswerInMs", values: { 1: 500 } };
  const told = { code: "historyBrokeOff", values: { 1: inner, address: "ns=1" } };
  expect(findingInWords(told, "history broke off: no answer in 500 ms (ns=1)", "zh", (key) => key)).toBe(
    "读取历史时中断：500 毫秒内没有应答（ns=1）",
  );
  expect(findingInWords(told, "history broke off: no answer in 500 ms (ns=1)", "en", (key) => key)).toBe(
    "History broke off: no answer in 500 ms (ns=1)",
  );
});

test("[U19] a refusal says in both languages the same, whatever its values hold", () => {
  const { told, message } = new DoppelwerkError("DW_NOT_FOUND", said`no such branch: ${"{{2}} $1"}`);
  expect([message, told]).toEqual(["no such branch: {{2}} $1", { code: "noSuchBranch", values: { 1: "{{2}} $1" } }]);
  expect(refusalInChinese(told)).toBe("没有这个分支：{{2}} $1");
  expect(refusalInChinese({ code: "neverSaid", values: {} })).toBeUndefined();
  expect(new DoppelwerkError("DW_INVALID", "of a library").told).toBeUndefined();
});
