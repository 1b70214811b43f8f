import { expect, test } from "vitest";
import { missingTitles, titlesOf } from "./census.ts";

test("a title that is gone is named, as often as it is missing; a new one and a moved one are not", () => {
  expect(missingTitles(["a", "b", "b"], ["b", "c"])).toEqual(["a", "b"]);
  expect(missingTitles(["a", "b", "b"], ["b", "a", "b", "new"])).toEqual([]);
});

test("titles are taken from every form of a test, one of a table as its template", () => {
  const text = [
    'describe("group", () => {',
    '  test("plain", () => {});',
    '  test.skipIf(absent)("conditional", async () => {});',
    '  test.each([1, 2])("%s of a table", (n) => {});',
    '  test.each([1])("with options", { timeout: 1 }, () => {});',
    "  it(`one of ${n} parts`, function () {});",
    '  testOnSharedData("on data", "path", (path) => {});',
    '  page.on("response", () => {});',
    "});",
  ].join("\n");
  expect(titlesOf("a.test.ts", text)).toEqual(["plain", "conditional", "%s of a table", "with options", "one of ${} parts", "on data"]);
});
