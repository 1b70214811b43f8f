import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Control } from "../packages/server/src/controls/control-lists.ts";
import { checkControls, faultsOfList, rulesOf } from "./controls.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("[SV263] every control names tests that are there, and every gap a reason", () => {
  expect(checkControls(root)).toEqual([]);
});

test("[SV263] a control without proof or reason, with a rule that no test carries, or twice in its list is named", () => {
  const rules = rulesOf("[SV1] one\n[E2] [studio U3] two\n%s [SV9] no\n[AT3] [CM11] three\n");
  expect([...rules]).toEqual(["SV1", "E2", "U3", "AT3", "CM11"]);
  const faultsOf = (...controls: readonly Omit<Control, "statement">[]) =>
    faultsOfList(
      { id: "list", title: "List", about: "Some", controls: controls.map((each) => ({ ...each, statement: "Something" })) },
      rules,
      (path) => path === "SECURITY.md",
    );
  expect(
    faultsOf({ id: "1", state: "met", tests: ["SV1"] }, { id: "2", state: "partly", reason: "part", documents: ["SECURITY.md"] }),
  ).toEqual([]);
  expect(faultsOf({ id: "1", state: "gap", reason: "not yet" }, { id: "2", state: "notApplicable", reason: "none" })).toEqual([]);
  expect(faultsOf({ id: "1", state: "met" })).toEqual(["docs/controls/list.json: 1 is met, and nothing shows it"]);
  expect(faultsOf({ id: "1", state: "gap" })).toEqual(["docs/controls/list.json: 1 has no reason"]);
  expect(faultsOf({ id: "1", state: "gap", reason: "not yet", tests: ["SV1"] })).toHaveLength(1);
  expect(faultsOf({ id: "1", state: "met", tests: ["SV9"] })).toEqual(["docs/controls/list.json: 1 names SV9, which no test carries"]);
  expect(faultsOf({ id: "1", state: "met", documents: ["gone.md"] })).toEqual([
    "docs/controls/list.json: 1 names gone.md, which is not there",
  ]);
  expect(faultsOf({ id: "1", state: "met", tests: ["E2"] }, { id: "1", state: "met", tests: ["E2"] })).toEqual([
    "docs/controls/list.json: 1 is there twice",
  ]);
});

test("[SV336] the threat model names for each threat rules whose tests are there", () => {
  const rules = rulesOf(readFileSync(join(root, "scripts/test-titles.txt"), "utf8"));
  const rows = readFileSync(join(root, "docs/threat-model.md"), "utf8")
    .split("## Threats")[1]!
    .split("\n")
    .filter((line) => /^\| (?!threat|-)/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(12);
  for (const [, threat, kinds, against, shown] of rows) {
    expect(kinds, threat).toMatch(/^[STRIDE](?: [STRIDE])*$/);
    expect(against, threat).not.toBe("");
    expect(
      shown!.split(" ").filter((rule) => !rules.has(rule)),
      threat,
    ).toEqual([]);
  }
});
