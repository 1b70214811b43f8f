import { expect, test } from "vitest";
import { unitOfNumber } from "./unit-codes.ts";

test("[C191] a unit without a name is known by its number where that is one of the UNECE's", () => {
  const uri = "http://www.opcfoundation.org/UA/units/un/cefact";
  // Part 8, 5.6.4.3: the letters of the code, the last one in the lowest octet
  const numbers = { "°C": 4_408_652, bar: 4_342_098, "%": 20_529, kW·h: 0, kWh: 4_937_544, m: 5_067_858 };
  expect(Object.values(numbers).map((number) => unitOfNumber(uri, number))).toEqual(["°C", "bar", "%", undefined, "kWh", "m"]);
  expect([unitOfNumber("urn:own:units", 4_408_652), unitOfNumber(uri, -1), unitOfNumber(uri, 1), unitOfNumber(null, "CEL")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
