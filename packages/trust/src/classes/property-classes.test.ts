import { expect, test } from "vitest";
import { pathMatcher, PropertyClasses, type Covers, type PropertyClass } from "./property-classes.ts";

const classOf = (name: string, covers: readonly Covers[]): PropertyClass => ({
  id: `propertyClass:${name}`,
  name,
  covers,
  propose: [],
  approve: [],
  approvers: 1,
  presence: false,
  directWrites: false,
});

test("[T14] a document is of each class that names its kind, its meaning or what it stands in, or its path, in the order of the classes", () => {
  const classes = new PropertyClasses([
    classOf("safety", [{ semanticId: "urn:limit" }]),
    classOf("quality", [{ path: "TechnicalData.Limits" }, { kind: "alarmRule" }]),
    classOf("access", [{ kind: "accessRules" }]),
    classOf("machines", [{ commands: "connection:press" }]),
    classOf("all machines", [{ commands: "*" }]),
  ]);
  const names = (kind: string, semanticIds: readonly string[] = [], path?: string): readonly string[] =>
    classes.of({ kind, semanticIds, ...(path !== undefined && { path }) }).map(({ name }) => name);
  expect(names("alarmRule")).toEqual(["quality"]);
  expect(names("accessRules")).toEqual(["access"]);
  expect(names("element", ["urn:other", "urn:limit"], "TechnicalData.Limits.Max")).toEqual(["safety", "quality"]);
  expect(names("element", ["urn:limits"], "TechnicalData.LimitsOfSpeed")).toEqual([]);
  expect(names("shell")).toEqual([]);
  expect(classes.ofCommand("connection:press").map(({ name }) => name)).toEqual(["machines", "all machines"]);
  expect(classes.ofCommand("connection:oven").map(({ name }) => name)).toEqual(["all machines"]);
  expect([classes.isAboutProperties(), new PropertyClasses([classOf("a", [{ kind: "x" }])]).isAboutProperties()]).toEqual([true, false]);
});

test.each([
  ["TechnicalData.Limits", "TechnicalData.Limits", true],
  ["TechnicalData.Limits", "TechnicalData.Limits.Max", true],
  ["TechnicalData.Limits", "TechnicalData.Limits[].Max", true],
  ["TechnicalData.Limits", "TechnicalData.LimitsX", false],
  ["TechnicalData.Limits", "TechnicalData", false],
  ["*.Limits", "A.B.Limits.Max", true],
  ["*.Limits", "A.LimitsX.Limits", true],
  ["*.Limits", "A.LimitsX", false],
  ["*Max*", "A.MaxSpeed", true],
  ["A.*.Max", "A.B.Min", false],
  ["*", "anything", true],
  ["A*B*B", "A.Bx.B", true],
  ["A.B", "a.B", false],
  ["A.(B", "A.(B", true],
])("[T14] the path %s covers %s: %s", (pattern, path, is) => {
  expect(pathMatcher(pattern)(path)).toBe(is);
});
