import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkErrors, checkGuide, regionOf } from "./guide.ts";

test("every block of the guide that names a source is cut from it, and errors.md lists every code", () => {
  expect(checkGuide(fileURLToPath(new URL("..", import.meta.url)))).toEqual([]);
});

test("a region ends at its own end, and a missing one is refused", () => {
  expect(regionOf("a\n// #region x\nb\n// #endregion\nc", "x", "s.ts")).toBe("b");
  expect(() => regionOf("a", "x", "s.ts")).toThrow("s.ts has no region x");
});

test("a code that is missing, wrong or unknown is told", () => {
  expect(checkErrors("| `DW_NOT_FOUND` | 400 | x |\n| `DW_NONSENSE` | 400 | x |")).toEqual(
    expect.arrayContaining([
      expect.stringContaining("DW_NOT_FOUND answers 404, the table says 400"),
      "docs/guide/errors.md: nothing answers DW_NONSENSE",
    ]),
  );
});
