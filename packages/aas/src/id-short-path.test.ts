import { expect, test } from "vitest";
import { elementAt, formatIdShortPath, parseIdShortPath } from "./id-short-path.ts";
import type { Submodel } from "./metamodel.ts";

const submodel: Submodel = {
  modelType: "Submodel",
  id: "urn:sm",
  submodelElements: [
    {
      modelType: "SubmodelElementCollection",
      idShort: "a",
      value: [
        {
          modelType: "SubmodelElementList",
          idShort: "b",
          typeValueListElement: "SubmodelElementCollection",
          value: [
            {
              modelType: "SubmodelElementCollection",
              idShort: "named",
              value: [{ modelType: "Property", idShort: "c", valueType: "xs:int", value: "1" }],
            },
          ],
        },
      ],
    },
    { modelType: "Entity", idShort: "e", statements: [{ modelType: "Property", idShort: "s", valueType: "xs:int" }] },
  ],
};

test("[A17] a path becomes its steps and back", () => {
  expect(parseIdShortPath("a.b[0].c")).toEqual(["a", "b", 0, "c"]);
  expect(parseIdShortPath("x[10][0]")).toEqual(["x", 10, 0]);
  for (const path of ["a", "a.b[0].c", "x[10][0].y-z_1"])
    expect(formatIdShortPath(parseIdShortPath(path) as (string | number)[])).toBe(path);
});

test("[A17] a path that is not of the grammar is refused with a finding", () => {
  for (const path of [
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "[0]",
    "a[]",
    "a[-1]",
    "a[01]",
    "a[1",
    "a]",
    "a[0]b",
    "a[1e3]",
    "a.[0]",
    `${"a.".repeat(600)}a`,
  ]) {
    expect(parseIdShortPath(path), path).toMatchObject({ severity: "error", constraint: "path" });
  }
});

test("[A17] elements are found by idShort, and below a list by index only", () => {
  expect(elementAt(submodel, "a.b[0].c")).toMatchObject({ idShort: "c" });
  expect(elementAt(submodel, "e.s")).toMatchObject({ idShort: "s" });
  for (const path of ["a.b.named", "a[0]", "a.b[1]", "a.x", "e.s.t", "a..b"]) expect(elementAt(submodel, path), path).toBeUndefined();
});
