import { expect, test } from "vitest";
import { csvFieldOfText, safeFromFormulas, withoutApostrophe } from "./csv-field.ts";

test("[SV356] a text that any spreadsheet would compute is a text in CSV, in wide forms and behind white space too, and can be given back", () => {
  const formulas = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "'=1",
    "''=1",
  ];
  for (const text of formulas) {
    expect(safeFromFormulas(text), JSON.stringify(text)).toBe(`'${text}`);
    expect(withoutApostrophe(safeFromFormulas(text))).toBe(text);
  }
  for (const text of ["", "a=b", "Pump 7", "'quoted'", "中文", "7.5", "it's"]) {
    expect(safeFromFormulas(text)).toBe(text);
    expect(withoutApostrophe(text)).toBe(text);
  }
  // what ends a field in one language's spreadsheet is within quotes, or what follows would begin another
  expect(csvFieldOfText('a;=HYPERLINK("x")')).toBe('"a;=HYPERLINK(""x"")"');
  expect(csvFieldOfText('=cmd|" /c calc"!A1')).toBe('"\'=cmd|"" /c calc""!A1"');
  expect(csvFieldOfText("a,b\r\n=1")).toBe('"a,b\r\n=1"');
});
