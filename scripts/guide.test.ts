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
      "docs/guide/errors.md: connectors.portInUse has no row",
    ]),
  );
});

test("a remedy in the table that screens do not show is reported", () => {
  const complaints = (remedy: string) =>
    checkErrors("| `DW_FENCED` | 503 | x | Stop `one` of the two. |", { "error.remedy.DW_FENCED": remedy }).filter((line) =>
      line.includes("DW_FENCED"),
    );
  expect(complaints("Stop one of the two.")).toEqual([]);
  expect(complaints("Stop both.")).toEqual(["docs/guide/errors.md: DW_FENCED has not the remedy of the catalogue, Stop both."]);
});
