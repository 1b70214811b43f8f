import { expect, test } from "vitest";
import { fittingCut, middleCut } from "./middle-cut.ts";

test("[U133] a long name keeps its beginning and its end, a Chinese character counts as two, and a short one stays", () => {
  expect(middleCut("seventh leak-test place", 28)).toBe("seventh leak-test place");
  expect(middleCut("More places at the leak test beside the compressed air main", 28)).toBe("More places at th…d air main");
  expect(middleCut("示范工厂位于北部总装车间二层压缩空气主管道旁", 16)).toBe("示范工厂…管道旁");
  expect(middleCut("abc", 1)).toBe("…");
  for (let max = 1; max < 40; max++) expect(middleCut("x".repeat(50), max).length).toBeLessThanOrEqual(max);
});

test("[U133] on a canvas a name is cut to what fits by its own measure", () => {
  const measure = (text: string): number => text.length * 7;
  expect(fittingCut("Line 3", 60, measure)).toBe("Line 3");
  const cut = fittingCut("Line 3 final assembly beside the compressed air main", 140, measure);
  expect(measure(cut)).toBeLessThanOrEqual(140);
  expect(cut.length).toBeGreaterThan(16);
  expect(cut).toMatch(/^Line 3 .*….*main$/);
});
