import { expect, test } from "vitest";
import { hasForm } from "./text-form.ts";
import { isLexical } from "./lexical.ts";
import type { ValueType } from "./value-type.ts";

const cases: readonly [ValueType, readonly string[], readonly string[]][] = [
  ["xs:boolean", ["true", "false", "0", "1"], ["TRUE", "", "yes", "01"]],
  ["xs:int", ["0", "-2147483648", "+2147483647", "007"], ["2147483648", "1.0", "", "1e3", " 1"]],
  ["xs:long", ["9223372036854775807", "-9223372036854775808"], ["9223372036854775808", "-9223372036854775809"]],
  ["xs:unsignedLong", ["18446744073709551615", "0", "-0"], ["18446744073709551616", "-1"]],
  ["xs:positiveInteger", ["1", "7345683746578364857368475638745"], ["0", "-1"]],
  ["xs:double", ["INF", "-INF", "NaN", "-0", ".5", "1.", "1e-320", "234.567e8"], ["+INF", "inf", "1e400", "", "0x1"]],
  ["xs:float", ["3.4e38", "INF"], ["3.5e38", "1e39"]],
  ["xs:decimal", ["126789672374892739424.543233", "-.5", "+1."], ["1e3", "INF", "."]],
  [
    "xs:date",
    ["2024-02-29", "2000-01-01Z", "-0001-02-29", "12000-01-01"],
    ["2023-02-29", "1900-02-29", "0000-01-01", "2000-1-1", "2000-01-01+14:01"],
  ],
  ["xs:dateTime", ["2022-04-01T24:00:00", "2022-04-01T01:02:03.456-14:00"], ["2022-04-01T24:00:01", "2022-04-31T00:00:00", "2022-04-01"]],
  ["xs:time", ["14:23:00.527634Z"], ["24:01:00", "1:20:10"]],
  ["xs:gMonthDay", ["--02-29", "--01-31+03:00"], ["--02-30", "--04-31"]],
  ["xs:duration", ["P30D", "-P1Y2M3DT1H", "PT0.5S"], ["P", "PT", "P1YT", "P1S", "1Y", "P-1Y"]],
  ["xs:hexBinary", ["", "6b75"], ["6b7", "xz"]],
  ["xs:base64Binary", ["", "SGVsbG8=", "SGVs bG8="], ["SGVsbG8", "=", "S=Gv"]],
  [
    "xs:anyURI",
    ["", "#", "http://[::1]/x?y#z", "a%20b", "straße/ÄB?ü#泵", "mailto:", "?\u{e006}", "\u{20000}"],
    ["a b", "%zz", "a#b#c", "``", "\u0013", "\u0097", "\u{e006}", "#\u{e006}", "1a:b"],
  ],
];

test.each(cases)("[A7] %s has its lexical space and value range", (type, good, bad) => {
  for (const text of good) expect(isLexical(text, type), text).toBe(true);
  for (const text of bad) expect(isLexical(text, type), text).toBe(false);
});

test("[A7] a text of a million digits is judged at once", () => {
  expect(isLexical("9".repeat(1_000_000), "xs:long")).toBe(false);
  expect(isLexical("9".repeat(1_000_000), "xs:integer")).toBe(true);
});

test("[A1] a language tag may be long, and is judged in a time that grows with it", () => {
  expect(hasForm(`en${"-abcde".repeat(60)}`, "language")).toBe(true);
  for (const hard of [`en${"-abcde".repeat(330)}!`, `en-${"a-".repeat(1000)}`, `x${"-a".repeat(1020)}!`])
    expect(hasForm(hard, "language")).toBe(false);
});
