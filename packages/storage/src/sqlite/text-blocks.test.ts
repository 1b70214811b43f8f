import { DatabaseSync } from "node:sqlite";
import type { Json } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { cacheDifference } from "./compare-caches.ts";
import { openRecordTables } from "./record-tables.ts";
import { textLine, textOf, textOfLine, written } from "./searched-text.ts";
import { NEXT_BLOCK, TextBlocks } from "./text-blocks.ts";
import { GROUP } from "./text-signature.ts";
import { TextWriter } from "./text-writer.ts";

const mulberry = (state: number) => (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};

const seed = Number(process.env["SEED"] ?? 5);

test(`[ST25] what signatures leave of many blocks is what a reading of everything finds, while blocks are added too (SEED=${seed})`, () => {
  const database = openRecordTables(":memory:", "test");
  const [writer, blocks] = [new TextWriter(database, 40), new TextBlocks(database)];
  const random = mulberry(seed);
  const any = (below: number): number => Math.floor(random() * below);
  const parts = ["Pumpe", "泵-", "12.25", 'a "b"', "\t", "é", "x", "Förder"];
  const texts = new Map<string, string[]>();
  const add = (count: number): void => {
    const lines = Array.from({ length: count }, () => {
      const id = `part:${any(900)}`;
      const text = Array.from({ length: 1 + any(4) }, () => parts[any(parts.length)]! + any(30)).join("");
      texts.set(id, [...(texts.get(id) ?? []), text]);
      return textLine(id, textOf({ id, kind: "part", text, parent: "part:7", nested: [{ text }] }, ["parent"]));
    });
    writer.add("part", lines);
  };
  const holders = (wanted: readonly string[]): readonly string[] =>
    [...texts].flatMap(([id, all]) => (all.some((text) => wanted.some((one) => text.includes(one))) ? [id] : [])).sort();
  const found = (wanted: readonly string[]): readonly string[] =>
    [...new Set([...blocks.holding("part", wanted.map(written))].flat())].sort();
  while (Number(database.prepare("SELECT max(number) AS last FROM texts").get()!["last"]) < 2 * GROUP + 40) {
    add(1 + any(60));
    const all = [...texts.values()].flat();
    const [one, other] = [all[any(all.length)]!, all[any(all.length)]!];
    for (const wanted of [[one], [one.slice(any(one.length - 1))], [one, other], [`${one}§`]])
      expect(found(wanted)).toEqual(holders(wanted));
  }
  expect(database.prepare("SELECT count(DISTINCT first) AS count FROM text_slices").get()).toEqual({ count: 2 });
  // What comes while a search is under way is found by it.
  const steps = blocks.holding("part", ["Pumpe"]);
  const early = new Set<string>();
  for (let step = steps.next(); !step.done; step = steps.next()) {
    for (const id of step.value) early.add(id);
    if (early.size % 7 === 0 && texts.size < 3_000) add(3);
  }
  expect([...early].sort()).toEqual(expect.arrayContaining([...holders(["Pumpe"])]));
  expect(cacheDifference(database, database)).toBeUndefined();
  for (const damage of [
    "UPDATE text_slices SET bits = zeroblob(2048) WHERE chunk = 9",
    "UPDATE text_signatures SET bits = zeroblob(8192)",
  ]) {
    database.exec("BEGIN");
    database.exec(damage);
    expect(cacheDifference(database, database)).toMatch(/signature/);
    database.exec("ROLLBACK");
  }
  database.close();
});

test(`[ST25] the text of a line is that of its record, whatever stands in it (SEED=${seed})`, () => {
  const random = mulberry(seed);
  const any = (below: number): number => Math.floor(random() * below);
  const parts = ["", "a", '"', "\\", "\n", "é", "漢", "\u{1f600}", "\ud800", ":", ",", "[", "]", "{", "}", "null", " 1"];
  const text = (): string => Array.from({ length: any(5) }, () => parts[any(parts.length)]).join("");
  const value = (depth: number): Json => {
    const kind = any(depth > 3 ? 5 : 7);
    if (kind < 2) return text();
    if (kind < 5) return [random() * 1e6, -3e-9, 0, true, false, null][any(6)]!;
    const items = Array.from({ length: any(4) }, () => value(depth + 1));
    return kind === 5 ? items : Object.fromEntries(items.map((item, i) => [["parent", `${text()}${i}`][any(2)]!, item]));
  };
  for (let run = 0; run < 5_000; run++) {
    const fields = Array.from({ length: any(6) }, (_, i) => [["parent", "value", `field ${i}`][any(3)]!, value(0)] as const);
    const record = { id: `part:${run}`, kind: "part", ...Object.fromEntries(fields) };
    expect(textOfLine(JSON.stringify(record), ["parent"])).toBe(textOf(record, ["parent"]));
  }
});

test("[ST25] what is left of the last blocks is reached without reading those before it", () => {
  const database: DatabaseSync = openRecordTables(":memory:", "test");
  new TextWriter(database, 10).add("part", ["part:1\tone text", "part:2\tone more"]);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${NEXT_BLOCK}`).all("part", 1, 1, 0);
  expect(plan.map(({ detail }) => detail)[0]).toMatch(/kind=\? AND number>\?/);
  database.close();
});

test("[ST25] ids, names of fields and fields that hold ids of others are not looked for", () => {
  const database: DatabaseSync = openRecordTables(":memory:", "test");
  const [writer, blocks] = [new TextWriter(database), new TextBlocks(database)];
  writer.add("part", [
    textLine("part:abc-def", textOf({ id: "part:abc-def", kind: "part", colour: "green", parent: "part:xyz", n: 12.5 }, ["parent"])),
  ]);
  const found = (text: string): readonly string[] => [...blocks.holding("part", [text])].flat();
  expect(["green", "12.5", "abc-def", "colour", "xyz"].map(found)).toEqual([["part:abc-def"], ["part:abc-def"], [], [], []]);
  database.close();
});
