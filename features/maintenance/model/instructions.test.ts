import { readFileSync } from "node:fs";
import type { Submodel } from "@doppelwerk/aas";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../scripts/shared-data.ts";
import { instructionsOf, readInstructions, type PlanWithJob } from "./instructions.ts";
import { JobFields } from "./job-kind.ts";
import { PlanFields } from "./plan-kind.ts";

const text = (en: string, zh = en) => ({ en, zh });
const NOW = Date.UTC(2026, 10, 30) * 1_000;
const job = JobFields.parse({
  code: "SEAL",
  title: text("Change the seal", "更换密封"),
  steps: [{ text: text("Open the guard", "打开护罩"), needsLockOut: true }, { text: text("Look at the seal", "检查密封") }],
  lockOut: [{ text: text("Main switch Q1", "主开关 Q1") }],
  parts: [{ part: "SEAL-1", quantity: 2 }],
  minutes: 30,
});
const plan = (code: string, trigger: object, rest: object = {}) =>
  PlanFields.parse({ code, title: text(`Plan ${code}`, `计划 ${code}`), station: "S90", trigger, ...rest });
const PLANS: readonly PlanWithJob[] = [
  {
    plan: plan(
      "A",
      { kind: "time", every: 2, unit: "week", from: "2026-01-05", minute: 360, inShift: true, leadDays: 2 },
      { job: "SEAL", priority: 2, withinDays: 3 },
    ),
    job,
  },
  { plan: plan("B", { kind: "count", counter: "hours", every: 500, from: NOW - 5 }, { isOn: false }) },
  { plan: plan("C", { kind: "count", counter: "pieces", every: 10_000, from: NOW - 7 }, { job: "SEAL" }), job },
  { plan: plan("D", { kind: "condition", rule: "alarmRule:0198", times: 3, from: NOW - 9 }) },
];
const made = instructionsOf("urn:s90/maintenance-instructions", PLANS);

test("[MN15] plans come back from the submodel as they went out, each with its job plan [level: round trip]", () => {
  const { plans, jobs, findings } = readInstructions(JSON.parse(JSON.stringify(made)) as Submodel, "S90", NOW);
  expect(findings).toEqual([]);
  expect(plans).toEqual(PLANS.map((each) => each.plan));
  expect(jobs).toEqual([job]);
});

/** A submodel of others: no extension of ours. */
function foreign(value: string, unit: string): Submodel {
  const copy = JSON.parse(JSON.stringify(instructionsOf("urn:x", [PLANS[0]!]))) as Submodel;
  return JSON.parse(
    JSON.stringify(copy, (key, each: unknown) => {
      if (key === "extensions") return undefined;
      const node = each as { readonly idShort?: string } | null;
      if (node?.idShort === "MaintenanceIntervalValue") return { ...node, value };
      return node?.idShort === "MaintenanceIntervalUnit" ? { ...node, value: unit } : each;
    }),
  ) as Submodel;
}

test("[MN15] of a submodel that others wrote the interval is read in its units, and one that cannot be is named", () => {
  const triggerOf = (value: string, unit: string) => readInstructions(foreign(value, unit), "S90", NOW).plans[0]?.trigger;
  expect(triggerOf("1", "year")).toMatchObject({ kind: "time", every: 12, unit: "month", from: "2026-11-30" });
  expect(triggerOf("500", "h")).toMatchObject({ kind: "count", counter: "hours", every: 500, from: NOW });
  expect(triggerOf("3", "Weeks")).toMatchObject({ kind: "time", every: 3, unit: "week" });
  for (const [value, unit] of [
    ["many", "day"],
    ["0", "day"],
    ["3", "moons"],
    ["1.5", "day"],
    ["2", "alarms"],
  ] as const) {
    const { plans, findings } = readInstructions(foreign(value, unit), "S90", NOW);
    expect([plans.length, findings.length], `${value} ${unit}`).toEqual([0, 1]);
  }
  // an extension that is no JSON is none of ours
  const broken = JSON.parse(JSON.stringify(made).replaceAll('"{\\', '"[\\')) as Submodel;
  expect(readInstructions(broken, "S90", NOW).plans.length).toBeGreaterThan(0);
  expect(readInstructions({ modelType: "Submodel", id: "urn:e", submodelElements: [] } as unknown as Submodel, "S90", NOW).plans).toEqual(
    [],
  );
});

interface Node {
  readonly idShort?: string;
  readonly modelType: string;
  readonly valueType?: string;
  readonly semanticId?: { readonly keys: readonly { readonly value: string }[] };
  readonly qualifiers?: readonly { readonly type: string; readonly value: string }[];
  readonly value?: unknown;
}
const childrenOf = ({ value }: Node): readonly Node[] =>
  Array.isArray(value) ? (value as readonly Node[]).filter(({ modelType }) => modelType) : [];
const nameOf = ({ idShort = "item" }: Node): string => idShort.replace(/_*\d+_*$/, "");

/** What an element has that the template does not, by its path. */
function differences(path: string, nodes: readonly Node[], templates: readonly Node[], inList = false): string[] {
  const found: string[] = [];
  for (const node of nodes) {
    const at = `${path}/${nameOf(node)}`;
    const template = inList ? templates[0] : templates.find((each) => nameOf(each) === nameOf(node));
    if (template === undefined) found.push(`${at} is not in the template`);
    else {
      if (template.modelType !== node.modelType || template.valueType !== node.valueType)
        found.push(`${at} is a ${node.modelType} ${node.valueType}`);
      if (template.semanticId?.keys[0]?.value !== node.semanticId?.keys[0]?.value)
        found.push(`${at} means ${node.semanticId?.keys[0]?.value}`);
      found.push(...differences(at, childrenOf(node), childrenOf(template), node.modelType === "SubmodelElementList"));
    }
  }
  for (const template of templates) {
    const cardinality = template.qualifiers?.find(({ type }) => /Cardinality|Multiplicity/.test(type))?.value;
    if (cardinality?.startsWith("One") === true && !inList && nodes.length > 0 && !nodes.some((node) => nameOf(node) === nameOf(template)))
      found.push(`${path} has no ${nameOf(template)}`);
  }
  return found;
}

testOnSharedData(
  "[MN15] every element has the place, type and meaning that the published template gives it, and none that it demands is missing",
  "aas/templates/IDTA_02018_Template_MaintenanceInstructions.json",
  (path) => {
    const [template] = (JSON.parse(readFileSync(path, "utf8")) as { readonly submodels: readonly [Submodel] }).submodels;
    const elements = (submodel: Submodel) => submodel.submodelElements as unknown as readonly Node[];
    expect(made.semanticId).toEqual(template.semanticId);
    expect(differences("", elements(made), elements(template))).toEqual([]);
    expect(differences("", elements(instructionsOf("urn:none", [])), elements(template))).toEqual([]);
  },
);
