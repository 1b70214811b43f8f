import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SALT_PERIOD_MS, Salts } from "../transparency/salts.ts";
import { KEY_PERIOD_MS, SealedTexts, textKeysPath } from "./sealed-texts.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-texts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => mkdtempSync(join(root, `${folders++}-`));

test("[SV271] a text is read with the key of its author alone, across a restart, and never again once that is erased; a released one stays without him", () => {
  const path = textKeysPath(folder());
  const texts = new SealedTexts(path);
  const [one, two, other] = [texts.seal("person:a", "泵 2"), texts.seal("person:a", "泵 2"), texts.seal("person:b", "another")];
  expect(one).not.toBe(two);
  expect(one).not.toContain("泵");
  expect([one, two, other].map((each) => new SealedTexts(path).open(each))).toEqual(["泵 2", "泵 2", "another"]);
  expect(texts.open("a text of before")).toBe("a text of before");
  // another byte, or another key: nothing
  expect(texts.open(`${one.slice(0, -4)}AAA=`)).toBeUndefined();
  expect(texts.open(one.replace(one.split(":")[2]!, other.split(":")[2]!))).toBeUndefined();
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
  texts.release("person:b");
  expect(readFileSync(path, "utf8")).not.toContain("person:b");
  texts.erase("person:a");
  texts.erase("person:b");
  expect([one, two, other].map((each) => new SealedTexts(path).open(each))).toEqual([undefined, undefined, "another"]);
  for (const damaged of ["no JSON", '{"version":9,"keys":[]}']) {
    writeFileSync(path, damaged);
    expect(() => new SealedTexts(path), damaged).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  }
});

test("[SV273] older texts and older entries can be made nobody's without newer ones", () => {
  const data = folder();
  let nowMs = 1_790_000_000_000;
  const texts = new SealedTexts(textKeysPath(data), () => nowMs);
  mkdirSync(join(data, "transparency"));
  const salts = new Salts(join(data, "transparency", "salts.json"), () => nowMs);
  const commit = (nonce: string): string => salts.commit("person:a", nonce, "who", "person:a");
  const opens = (nonce: string, committed: string): boolean => salts.open("person:a", nonce, "who", "person:a", committed) !== undefined;
  const journal = salts.commit("journals w", "j", "content", "x");
  const old = { text: texts.seal("person:a", "old"), who: commit("1") };
  nowMs += Math.max(KEY_PERIOD_MS, SALT_PERIOD_MS);
  const next = { text: texts.seal("person:a", "new"), who: commit("2") };
  expect([texts.open(old.text), texts.open(next.text), opens("1", old.who), opens("2", next.who)]).toEqual(["old", "new", true, true]);
  expect([texts.expire(nowMs), salts.expire(nowMs)]).toEqual([1, 1]);
  expect([texts.open(old.text), texts.open(next.text), opens("1", old.who), opens("2", next.who)]).toEqual([undefined, "new", false, true]);
  const again = new Salts(join(data, "transparency", "salts.json"), () => nowMs);
  expect(again.open("journals w", "j", "content", "x", journal)).toBeDefined();
  expect([texts.expire(nowMs), salts.expire(nowMs)]).toEqual([0, 0]);
});

test("[SV273] salts of before have no date: they count from now", () => {
  const path = join(folder(), "salts.json");
  const salt = Buffer.alloc(32, 7).toString("base64");
  writeFileSync(path, JSON.stringify({ version: 1, salts: { "person:a": salt } }));
  const salts = new Salts(path, () => 1_790_000_000_000);
  expect(salts.has("person:a")).toBe(true);
  expect(salts.expire(1_790_000_000_000)).toBe(0);
  expect(salts.expire(1_790_000_000_000 + SALT_PERIOD_MS)).toBe(1);
});
