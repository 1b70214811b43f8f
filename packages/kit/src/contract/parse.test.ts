import { readFileSync } from "node:fs";
import { rendererOf, type Words } from "@doppelwerk/messages/icu";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { z } from "zod";
import { fault, message, parse } from "../index.ts";

const shape = z.strictObject({
  name: z.string().min(2).max(5),
  count: z.number().int().min(1).lt(10).multipleOf(2),
  kind: z.enum(["a", "b"]),
  items: z
    .array(z.strictObject({ on: z.boolean() }))
    .min(1)
    .max(2),
  mail: z.email(),
  code: z.string().regex(/^[A-Z]+$/),
  either: z.union([z.string(), z.number()]),
  table: z.record(z.string().max(3), z.number()),
  period: z.object({ from: z.number(), to: z.number() }).refine(({ from, to }) => from < to, fault(message("messages.fromBeforeTo"))),
});

const given = {
  name: "a",
  count: 11,
  kind: "c",
  items: [{ on: 1 }, { on: true, off: 1, up: 2 }],
  mail: "x",
  code: "x",
  either: false,
  table: { long: 1 },
  period: { from: 2, to: 1 },
};

function refusalOf(value: unknown) {
  try {
    parse(shape, value, message("messages.bodyOf", { endpoint: "a.b" }));
  } catch (error) {
    return (error as DoppelwerkError).reason;
  }
  throw new Error("it was taken");
}

const wordsOf = (language: "en" | "zh"): Words =>
  JSON.parse(readFileSync(new URL(`../../../server/words/${language}/messages.json`, import.meta.url), "utf8")) as Words;

test("[K5] every kind of fault in a body is a message with its place, in both languages", () => {
  const english = rendererOf(wordsOf("en"), "en");
  const faults = refusalOf(given).params["faults"] as readonly ReturnType<typeof message>[];
  expect(faults.map(english)).toEqual([
    "name: must have at least 2 characters",
    "count: must be less than 10",
    "count: must be a multiple of 2",
    'kind: must be one of "a", "b"',
    "items.0.on: expected true or false, received a number",
    'items.1: unknown fields: "off", "up"',
    "mail: is not of the format email",
    "code: does not match /^[A-Z]+$/",
    "either: fits none of the allowed forms",
    "table.long: has a key that is not valid",
    "period: from must lie before to",
  ]);
  const chinese = rendererOf(wordsOf("zh"), "zh");
  for (const each of faults.map(chinese)) expect(each).toMatch(/^[\w.]+：.*[\u4e00-\u9fff]/);
  expect(english(refusalOf(null))).toBe("the body of a.b: expected an object, received null");
  expect(chinese(refusalOf({ ...given, name: undefined }))).toContain("name：缺失，须为文本");
});
