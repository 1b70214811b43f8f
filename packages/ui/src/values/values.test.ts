import { expect, test } from "vitest";
import { withGaps } from "./gaps.ts";
import { roleWords } from "../language/role-words.ts";
import { fixedText, namedText, differenceOf, numberText, tickText, percentText, signedText, unitText, withUnit } from "./number.ts";
import { unitName } from "./unit-names.ts";
import { byRelevance, placeOf, quantityOf } from "./signal-order.ts";

test("[U20] digits follow the resolution, units are written as people do, an unknown unit stays as it came", () => {
  expect(numberText(34.8049, 0.1)).toBe("34.8");
  expect(numberText(-0.04, 0.1)).toBe("0.0");
  expect(numberText(-43.06, 0.1)).toBe("−43.1");
  expect(numberText(1234.5)).toBe("1235");
  expect([9.25, 9.5, 9.75].map((value) => tickText(value, 0.25))).toEqual(["9.25", "9.50", "9.75"]);
  expect([0, 2.5, 5].map((value) => tickText(value, 2.5))).toEqual(["0.0", "2.5", "5.0"]);
  expect([0.1 + 0.2, 20].map((value) => tickText(value, 0.1))).toEqual(["0.3", "20.0"]);
  expect([-50, 0].map((value) => tickText(value, 50))).toEqual(["−50", "0"]);
  expect(tickText(0.0025, 0.0025)).toBe("0.0025");
  // 590.64 and 590.78 are written 590.6 and 590.8
  expect([differenceOf(590.64, 590.78, 1), differenceOf(48.6, 47.4, 0), differenceOf(48.6, 47.4, 1)]).toEqual([0.2, -2, -1.2]);
  expect(withUnit("130", "m3")).toBe("130\u202fm³");
  expect(withUnit("36.0", "s")).toBe("36.0\u202fs");
  expect([unitText("Cel"), unitText("1"), unitText("{parts}"), unitText("furlong"), unitText(undefined)]).toEqual([
    "°C",
    "",
    "parts",
    "furlong",
    "",
  ]);
  expect([signedText(16, 0), signedText(-0.94, 1), signedText(0.02, 1)]).toEqual(["+16", "−0.9", "0.0"]);
  expect(percentText(undefined)).toBe("–");
  expect([fixedText(-3.44, 1), fixedText(-0.04, 1), percentText(-0.0123), percentText(-0.0001)]).toEqual([
    "−3.4",
    "0.0",
    "−1.2\u202f%",
    "0.0\u202f%",
  ]);
  expect(["PressureDrop_place4", "URIOfTheProduct", "CarrierRfid", "Carrier RFID"].map(roleWords)).toEqual([
    "Pressure drop place4",
    "URI of the product",
    "Carrier rfid",
    "Carrier RFID",
  ]);
});

test("[U119] a number that the plant names stands with its name and the number; a state of a truth value too", () => {
  const enumeration = [
    { value: 0, name: "Paro" },
    { value: 1, name: "Marcha" },
  ];
  expect([1, 0, true, 2, 0.5, "Marcha", undefined].map((value) => namedText(value, { enumeration }))).toEqual([
    "Marcha (1)",
    "Paro (0)",
    "Marcha (1)",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(namedText(1, {})).toBeUndefined();
});

test("[U21] what reports once a cycle is whole; what fell silent has a gap", () => {
  const sparse = [1, null, null, 2, null, null, 3, null, null, 4, ...Array.from({ length: 30 }, () => null), 5, null, null, 6];
  const marked = withGaps(sparse);
  expect(marked.slice(0, 10)).toEqual([1, undefined, undefined, 2, undefined, undefined, 3, undefined, undefined, 4]);
  expect(marked.slice(10, 40).every((value) => value === null)).toBe(true);
  expect(marked.slice(40)).toEqual([5, undefined, undefined, 6]);
  expect(withGaps([null, null])).toEqual([null, null]);
  // a bad sample between two good ones is no line
  expect(withGaps([1, null, 2, null, 3, null, 4], [3])).toEqual([1, undefined, 2, null, 3, undefined, 4]);
});

test("[U22] what is measured at every place comes before single values and the energy meter", () => {
  const names = ["Power factor", "Place 2 pressure drop", "Water temperature", "Place 1 pressure drop"];
  const ordered = byRelevance(names, (id) => ({ id, name: id, valueType: "double" }));
  expect(ordered).toEqual(["Place 1 pressure drop", "Place 2 pressure drop", "Water temperature", "Power factor"]);
  expect(quantityOf("PressureDrop3")).toBe(quantityOf("Place 4 pressure drop"));
  expect([placeOf("Place 4 pressure drop"), placeOf("PressureDrop3"), placeOf("Torque")]).toEqual([4, 3, undefined]);
});

test("[U42] a unit has its name in the reader's language, whichever way it is written; one that is not known has none", () => {
  expect([unitName("m3/h", "en"), unitName("m3/h", "zh")]).toEqual(["cubic metres per hour", "立方米每小时"]);
  expect(unitName("Cel", "zh")).toBe("摄氏度");
  expect([unitName("constructor", "en"), unitName(undefined, "en")]).toEqual([undefined, undefined]);
});
