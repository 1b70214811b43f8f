import { expect, test } from "vitest";
import { coreKinds } from "../core-kinds.ts";
import { boundedEnumeration, isEnumeration, MAX_NAMED_VALUES, nameOfValue } from "./enumeration.ts";
import { recordsOfPlant } from "./found-plant.ts";
import type { SignalDraft } from "./plant-offer.ts";

const draft: SignalDraft = {
  name: "Estado",
  path: ["Barra", "Estado"],
  address: "nsu=urn:p;s=Estado",
  valueType: "enumeration",
  writable: false,
  hasHistory: false,
};
const signalsOf = (drafts: readonly SignalDraft[]) =>
  recordsOfPlant(
    {
      target: { protocol: "opcua", url: "opc.tcp://plant" },
      found: { serverName: "", namespaces: [], drafts, skipped: [], truncated: false },
    },
    "plant",
  ).signals;

test("[S8] the names of numbers come from the plant into the record; a plant that gives none leaves it as it was", () => {
  const enumeration = [
    { value: 0, name: "Paro" },
    { value: 1, name: "Marcha" },
  ];
  const [named, bare] = signalsOf([
    { ...draft, enumeration },
    { ...draft, valueType: "integer", unsignedBits: 16, address: "x" },
  ]);
  expect(named!.enumeration).toEqual(enumeration);
  expect(bare).not.toHaveProperty("enumeration");
  expect([named!.unsignedBits, bare!.unsignedBits]).toEqual([undefined, 16]);
  expect([1, 0, 7, true, "1", undefined].map((value) => nameOfValue(named!.enumeration, value))).toEqual([
    "Marcha",
    "Paro",
    undefined,
    "Marcha",
    undefined,
    undefined,
  ]);
  expect(nameOfValue(undefined, 1)).toBeUndefined();
});

test("[S8] an enumeration is bounded: many, long, blank, repeated and impossible entries", () => {
  const many = boundedEnumeration(Array.from({ length: 10_000 }, (_, value) => ({ value, name: `${value} ${"字".repeat(300)}` })))!;
  expect(many).toHaveLength(MAX_NAMED_VALUES);
  expect(many.map(({ value }) => value)).toEqual(Array.from({ length: MAX_NAMED_VALUES }, (_, value) => value));
  expect(Math.max(...many.map(({ name }) => [...name].length))).toBe(100);
  expect(many[0]!.name.endsWith("…")).toBe(true);
  expect(
    boundedEnumeration([
      { value: 1, name: "  first \n name " },
      { value: 1, name: "second" },
      { value: Number.NaN, name: "none" },
      { value: 2 ** 60, name: "huge" },
      { value: 0.5, name: "half" },
      { value: -1, name: "\t" },
      { value: -2, name: "first name" },
    ]),
  ).toEqual([
    { value: 1, name: "first name" },
    { value: -2, name: "first name" },
  ]);
  expect(boundedEnumeration([{ value: 1, name: "" }])).toBeUndefined();
  expect(boundedEnumeration(undefined)).toBeUndefined();
  expect(isEnumeration(many)).toBe(true);
});

test("[S8] a record with an enumeration that is none is refused, one without is taken", () => {
  const { validate } = coreKinds.find(({ kind }) => kind === "signal")!;
  const codes = (enumeration: unknown) =>
    validate!({ id: "signal:1", kind: "signal", name: "x", valueType: "enumeration", enumeration } as never).map(({ code }) => code);
  const one = { value: 1, name: "Marcha" };
  expect([undefined, [one], [one, { value: 2, name: "Marcha" }]].flatMap(codes)).toEqual([]);
  const wrong = [
    [],
    {},
    "x",
    [null],
    [one, one],
    [{ value: 0.5, name: "x" }],
    [{ value: 1, name: "" }],
    [{ value: 1, name: "x".repeat(201) }],
  ];
  for (const enumeration of wrong) expect(codes(enumeration)).toEqual(["world.enumeration"]);
  expect(codes(Array.from({ length: MAX_NAMED_VALUES + 1 }, (_, value) => ({ value, name: "x" })))).toEqual(["world.enumeration"]);
});
