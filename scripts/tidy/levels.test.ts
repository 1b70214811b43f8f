import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { endpoint, feature, z, type FeatureOptions } from "@doppelwerk/kit";
import { port } from "@doppelwerk/ports";
import { afterEach, expect, test } from "vitest";
import { checkIds, checkNeeds } from "./features.ts";
import { checkLevels, levelsOf } from "./levels.ts";
import { readSource, readSources } from "./sources.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

const shifts = port<object>("shifts.calendar", 1);
const flow = port<object>("flow.alarms", 1);
const tokens = new Map([
  ["shiftCalendar", shifts.key],
  ["alarmFold", flow.key],
]);
const made = (id: string, more: Partial<FeatureOptions> = {}): FeatureOptions =>
  feature({
    id,
    perWorld: true,
    needs: { ports: [], may: [] },
    offers: { ports: [], slots: [] },
    contract: [],
    topics: [],
    kinds: [],
    folds: [],
    jobs: [],
    words: "./words",
    ...more,
  });

test("needs equal imports both ways: what is imported and not named, and what is named and not imported", () => {
  const sources = [
    readSource("features/a/feature.ts", 'import { shiftCalendar } from "@doppelwerk/ports";'),
    readSource(
      "features/a/server/open.ts",
      'import { alarmFold, type AlarmFold } from "@doppelwerk/ports";\nimport type { B } from "../../b/contract.ts";',
    ),
    readSource("features/a/a.test.ts", 'import "../c/contract.ts";'),
  ];
  const manifest = "features/a/feature.ts";
  expect(checkNeeds([made("a", { needs: { ports: [], may: [shifts], features: ["c"] } })], sources, tokens)).toEqual([
    `${manifest}: it imports b, which needs.features does not name`,
    `${manifest}: needs.features names c, which nothing of it imports`,
    `${manifest}: it imports flow.alarms@1, which needs.ports, needs.may or needs.slots does not name`,
    `${manifest}: needs.ports, needs.may or needs.slots names shifts.calendar@1, which nothing of it imports`,
  ]);
  expect(checkNeeds([made("a", { needs: { ports: [flow], may: [], features: ["b"] } })], sources, tokens)).toEqual([]);
  expect(
    checkNeeds([made("a", { needs: { ports: [], may: [], features: ["b"] }, offers: { ports: [flow], slots: [] } })], sources, tokens),
  ).toEqual([]);
});

test("an id stands once in the product", () => {
  const list = endpoint({ id: "a.list", route: "GET /a", summary: "all", action: "read", answer: z.array(z.string()) });
  expect(checkIds([made("a", { contract: [list] }), made("b", { contract: [list] })])).toEqual([
    "features/b/feature.ts: a.list is there already, in features/a",
  ]);
});

function repository(files: Readonly<Record<string, string>>): string[] {
  root = mkdtempSync(join(tmpdir(), "levels-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return Object.keys(files);
}

const whole = {
  "features/package.json": "{}",
  "features/a/README.md": "# A\n",
  "features/a/SPEC.md": "- **A1** it answers\n",
  "features/a/a.test.ts": 'test("[A1] [level: faults] [level: bounded] it answers", () => {});\n',
  "features/a/words/en.json": "{}",
  "features/a/words/zh.json": "{}",
};
const list = endpoint({ id: "a.list", route: "GET /a", summary: "all", action: "read", answer: z.array(z.string()) });

function judge(files: Readonly<Record<string, string>>, more: Partial<FeatureOptions> = {}) {
  const names = repository(files);
  const features = [made("a", { contract: [list], ...more })];
  return levelsOf({ root, files: names, sources: readSources(root, names), features, tokens, messages: [] })[0]!;
}

test("a level is reached when all its rules hold, and what keeps from the next is named", () => {
  expect(judge(whole)).toMatchObject({ level: "silver" });
  expect(judge({ ...whole, "features/a/a.test.ts": 'test("[A1] it answers", () => {});\n' })).toMatchObject({
    level: "bronze",
    missing: [expect.stringContaining("[level: faults]"), expect.stringContaining("[level: bounded]")],
  });
  expect(judge(whole, { settings: { version: 2, schema: z.object({}), upcast: {} } })).toEqual({
    id: "a",
    level: "bronze",
    missing: ["features/a/fixtures/settings-v1.json is missing", "features/a/fixtures/settings-v2.json is missing"],
  });
  const { "features/a/README.md": _readme, ...bare } = whole;
  expect(judge(bare)).toMatchObject({ level: "none", missing: ["features/a/README.md is missing"] });
  expect(judge({ ...whole, "features/a/long.ts": `function long() {\n${"  go();\n".repeat(80)}}\n` })).toMatchObject({
    level: "none",
    missing: ["features/a/long.ts:1 is a function of 82 lines"],
  });
  expect(judge({ ...whole, "features/a/SPEC.md": "- **A1** it answers\n- **A2** always\n" })).toMatchObject({
    level: "none",
    missing: [expect.stringContaining("rule A2 has no test")],
  });
  const loose = endpoint({ id: "a.list", route: "GET /a", summary: "all", action: "read", answer: z.unknown() });
  expect(judge(whole, { contract: [loose] })).toMatchObject({
    level: "none",
    missing: [expect.stringContaining("a.list may be anything")],
  });
});

test("a level may rise, which is recorded, and never falls", () => {
  repository({ "ratchet.json": '{ "n": 1, "levels": { "a": "silver" } }' });
  const recorded = () => JSON.parse(readFileSync(join(root, "ratchet.json"), "utf8")) as object;
  const judged = (level: "bronze" | "gold") => [{ id: "a", level, missing: ["no guide"] }];
  expect(checkLevels(root, judged("bronze"), true)).toEqual(["ratchet.json: the level of a fell from silver to bronze:", "  no guide"]);
  expect(recorded()).toEqual({ n: 1, levels: { a: "silver" } });
  expect(checkLevels(root, judged("gold"), false)).toEqual([expect.stringContaining("rose from silver to gold")]);
  expect(checkLevels(root, judged("gold"), true)).toEqual([]);
  expect(recorded()).toEqual({ n: 1, levels: { a: "gold" } });
});
