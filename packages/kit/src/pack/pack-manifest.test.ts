import { textOf } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import type { z } from "zod";
import { BREWERY_FILES, breweryPackage } from "./brewery.fixture.ts";
import { featureOfPack } from "./feature-of-pack.ts";
import { isPackPath } from "./manifest-fields.ts";
import { readPackManifest } from "./pack-manifest.ts";

type Package = ReturnType<typeof breweryPackage>;
const has = (path: string): boolean => BREWERY_FILES.includes(path);
const firstFeature = (given: Package) => given["doppelwerk"].contributes.features[0];

const fold = {
  id: "brewery.weight",
  module: "./server/open.js",
  kind: "brewery.recipe",
  inputs: ["plato"],
  outputs: [{ type: "weight", valueType: "double", title: { en: "weight", zh: "重量" } }],
};

function faultsOf(change: (given: Package) => void): readonly string[] {
  const given = breweryPackage();
  change(given);
  return (readPackManifest(given, has).faults ?? []).map(textOf);
}

test("[PK1] a manifest is read without running code, and is a feature of the host with the schemas that it says", () => {
  const { manifest, faults } = readPackManifest(breweryPackage(), has);
  expect(faults).toBeUndefined();
  expect(manifest).toMatchObject({ name: "@brewco/doppelwerk-brewery", version: "0.1.0", permissions: ["read", "publish"] });
  const feature = featureOfPack(manifest!.features[0]!);
  expect(feature).toMatchObject({ id: "brewery", perWorld: true, server: "./server/open.js", words: "./words" });
  const [{ query, answer }] = feature.contract as unknown as [{ readonly query: z.ZodType; readonly answer: z.ZodType }];
  expect(query.parse({ limit: "3", open: "true" })).toEqual({ limit: 3, open: true });
  expect(query.parse({})).toEqual({ limit: 10 });
  expect(query.safeParse({ limit: "many" }).success).toBe(false);
  expect(answer.safeParse([{ tank: "T1" }]).success).toBe(true);
  expect(answer.safeParse([{}]).success).toBe(false);
});

test.each<[string, RegExp, (given: Package) => void]>([
  ["no block", /no manifest/, (given) => delete given["doppelwerk"]],
  ["a newer kit", /\^2.*offers 1\.0/, (given) => (given["doppelwerk"].api = "^2")],
  ["a newer minor of the kit", /\^1\.7.*offers 1\.0/, (given) => (given["doppelwerk"].api = "^1.7")],
  ["an older kit", /\^0/, (given) => (given["doppelwerk"].api = "^0")],
  ["a range without a major number", /">=1"/, (given) => (given["doppelwerk"].api = ">=1")],
  ["a permission that there is not", /permissions\.0/, (given) => (given["doppelwerk"].permissions = ["root"])],
  ["a field that there is not", /contribute/, (given) => (given["doppelwerk"].contribute = {})],
  ["a file that is not there", /\.\/server\/gone\.js/, (given) => (firstFeature(given).server = "./server/gone.js")],
  ["a path that leaves the folder", /server/, (given) => (firstFeature(given).server = "./../open.js")],
  ["a path that is absolute", /server/, (given) => (firstFeature(given).server = "/etc/passwd")],
  ["words in one language", /other\/zh\.json/, (given) => (firstFeature(given).words = "./other")],
  ["an id that is not its own", /alarms\.list/, (given) => (firstFeature(given).endpoints[0].id = "alarms.list")],
  ["a route that is not its own", /\/packs\/brewery/, (given) => (firstFeature(given).endpoints[0].route = "GET /alarms")],
  [
    "an id twice",
    /brewery\.batches/,
    ({ doppelwerk }) => doppelwerk.contributes.features[0].endpoints.push(doppelwerk.contributes.features[0].endpoints[0]),
  ],
  ["a feature twice", /feature brewery/, ({ doppelwerk }) => doppelwerk.contributes.features.push({ id: "brewery" })],
  ["an id of the kernel", /kernel/, ({ doppelwerk }) => doppelwerk.contributes.features.push({ id: "kernel" })],
  ["operations without a server part", /brewery/, (given) => delete firstFeature(given).server],
  ["ports without a module", /module/, (given) => (firstFeature(given).needs = { ports: ["line.flow@1"] })],
  [
    "a fold of another kind",
    /brewery\.tank.*does not declare/,
    (given) => (firstFeature(given).folds = [{ ...fold, kind: "brewery.tank" }]),
  ],
  ["an input that is no field", /brewery\.weight.*level/, (given) => (firstFeature(given).folds = [{ ...fold, inputs: ["level"] }])],
  ["a fold without the permission to record", /record/, (given) => (firstFeature(given).folds = [fold])],
  ["a fold twice", /declared twice: fold brewery\.weight/, (given) => (firstFeature(given).folds = [fold, fold])],
  ["a pattern in a schema", /schema/, (given) => (firstFeature(given).endpoints[0].answer = { type: "string", pattern: "(a+)+$" })],
  ["a query that is no object", /properties/, (given) => (firstFeature(given).endpoints[0].query = { anyOf: [{ type: "object" }] })],
  ["a parameter twice", /:a\/:a/, (given) => (firstFeature(given).endpoints[0].route = "GET /packs/brewery/:a/:a")],
  ["a branch that its route does not have", /branch and subject/, (given) => (firstFeature(given).endpoints[0].branch = "params.branch")],
  ["a name that is no name of a package", /name/, (given) => (given["name"] = "../brewery")],
  ["a version that is none", /version/, (given) => (given["version"] = "../1")],
])("[PK1] a manifest with %s is refused, and says so", (_, said, change) => {
  expect(faultsOf(change).join("\n")).toMatch(said);
});

const page = {
  at: "shell.page@1",
  id: "brewery.page",
  path: "/brewery",
  title: "brewery.title",
  about: "brewery.about",
  guide: "write-a-pack",
  icon: "box",
  load: "./server/open.js",
};
const tab = {
  at: "shell.tab@1",
  id: "brewery.tab",
  name: "brewery",
  title: "brewery.title",
  accepts: ["station"],
  load: "./server/open.js",
};

test("[PK30] views of a manifest are data, with what they leave open filled in", () => {
  const given = breweryPackage();
  firstFeature(given).views = [page, tab, { at: "shell.lane@1", id: "brewery.lane", row: "above", order: 120, load: "./server/open.js" }];
  const { manifest } = readPackManifest(given, has);
  expect(manifest!.features[0]!.views).toEqual([
    { ...page, order: 500, onPhone: false, inspector: "always" },
    { ...tab, order: 500 },
    { at: "shell.lane@1", id: "brewery.lane", row: "above", order: 120, load: "./server/open.js" },
  ]);
});

test.each<[string, RegExp, object]>([
  ["a slot that there is not", /views\.0\.at/, { ...page, at: "shell.page@2" }],
  ["a slot that is not for packs", /views\.0\.at/, { ...page, at: "shell.crumbs@1" }],
  ["a field that its slot does not have", /accepts/, { ...page, accepts: ["station"] }],
  ["an icon that there is not", /icon/, { ...page, icon: "beer" }],
  ["an order before those of the product", /order/, { ...page, order: 5 }],
  ["a sentence of another pack", /bakery\.about/, { ...page, about: "bakery.about" }],
  ["a guide that is a path", /guide/, { ...page, guide: "../errors" }],
  ["the address of another page", /brewery.*board/, { ...page, path: "/board" }],
  ["an address that only begins alike", /brewery.*breweries/, { ...page, path: "/breweries" }],
  ["the name of another tab", /brewery.*alarms/, { ...tab, name: "alarms" }],
  ["an id that is not its own", /alarms\.page/, { ...page, id: "alarms.page" }],
  ["a title that is not its own", /alarms\.title/, { ...page, title: "alarms.title" }],
  ["a module that is not there", /\.\/studio\/page\.js/, { ...page, load: "./studio/page.js" }],
  ["a module outside", /load/, { ...page, load: "https://evil.example/page.js" }],
])("[PK30] a view with %s is refused", (_, said, view) => {
  expect(faultsOf((given) => (firstFeature(given).views = [view])).join("\n")).toMatch(said);
});

test("[PK30] two views of one id, page or tab are refused", () => {
  const views = [page, { ...page, id: "brewery.other" }, tab, { ...tab, path: undefined }];
  const faults = faultsOf((given) => (firstFeature(given).views = views.map((view) => JSON.parse(JSON.stringify(view)))));
  for (const name of ["page /brewery", "tab brewery", "view brewery.tab"]) expect(faults.join("\n")).toContain(name);
});

const kpi = {
  id: "brewery.mean",
  title: { en: "Mean weight", zh: "平均重量" },
  unit: "kg",
  target: { target: 5, warning: 4 },
  of: { fold: "brewery.weight", output: "weight", make: "mean" },
};
const ofAnswer = { ...kpi, of: { operation: "brewery.figures", field: "mean", count: "n" } };
const figures = {
  id: "brewery.figures",
  route: "GET /packs/brewery/figures",
  summary: "Figures",
  action: "read",
  query: { type: "object", properties: { from: { type: "number" }, to: { type: "number" } }, required: ["from", "to"] },
  answer: { type: "object", properties: { mean: { type: "number" }, n: { type: "integer" } } },
};

function withKpis(given: Package, ...kpis: readonly object[]): void {
  given["doppelwerk"].permissions = ["read", "record"];
  Object.assign(firstFeature(given), { folds: [fold], kpis, topics: [], endpoints: [figures] });
}

test("[PK100] KPIs are data: of a fold's output or of an operation's answer, with unit, target and better more or less", () => {
  const given = breweryPackage();
  withKpis(given, kpi, { ...ofAnswer, id: "brewery.other", better: "less", target: { target: 4, warning: 5 } });
  const { manifest, faults } = readPackManifest(given, has);
  expect(faults).toBeUndefined();
  expect(manifest!.features[0]!.kpis[0]).toEqual({ ...kpi, better: "more", digits: 1, of: { ...kpi.of, factor: 1 } });
});

test.each<[string, RegExp, object]>([
  ["an id that is not its own", /alarms\.mean/, { ...kpi, id: "alarms.mean" }],
  ["an output that there is not", /output mass of brewery\.weight/, { ...kpi, of: { ...kpi.of, output: "mass" } }],
  ["a field of a number", /`mean`/, { ...kpi, of: { ...kpi.of, field: "kg" } }],
  ["a ratio of one sum", /`ratio`/, { ...kpi, of: { ...kpi.of, make: "ratio", field: "kg" } }],
  ["a way that there is not", /kpis\.0/, { ...kpi, of: { ...kpi.of, make: "median" } }],
  ["an operation that there is not", /brewery\.gone/, { ...ofAnswer, of: { ...ofAnswer.of, operation: "brewery.gone" } }],
  ["a field that is not answered", /median.*brewery\.figures/, { ...ofAnswer, of: { ...ofAnswer.of, field: "median" } }],
  ["a warning bound on the better side", /warning bound/, { ...kpi, target: { target: 5, warning: 6 } }],
])("[PK100] a KPI with %s is refused", (_, said, declared) => {
  expect(faultsOf((given) => withKpis(given, declared)).join("\n")).toMatch(said);
});

test("[PK100] a KPI of an operation that changes something, or needs more than a period, is refused", () => {
  for (const change of [
    { route: "POST /packs/brewery/figures" },
    { route: "GET /packs/brewery/figures/:tank" },
    { action: "administer" },
    { query: { ...figures.query, required: ["from", "to", "tank"] } },
  ]) {
    const faults = faultsOf((given) => {
      withKpis(given, ofAnswer);
      firstFeature(given).endpoints = [{ ...figures, ...change }];
    });
    expect(faults.join("\n"), JSON.stringify(change)).toMatch(/brewery\.mean.*brewery\.figures/);
  }
});

test("[PK1] all faults of a manifest are reported at once", () => {
  const faults = faultsOf((given) => {
    firstFeature(given).endpoints[0].id = "alarms.list";
    firstFeature(given).server = "./gone.js";
    given["doppelwerk"].contributes.templates = ["./gone.aasx"];
  });
  expect(faults).toHaveLength(3);
});

const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);

test(`[PK1] fuzz: a manifest with anything anywhere is read or refused, never throws, and no path leaves the folder (seed ${seed})`, () => {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const deep: unknown = Array.from({ length: 5_000 }).reduce((inner) => ({ items: inner }), {});
  const values = [
    null,
    undefined,
    0,
    -1,
    1e300,
    "",
    "x".repeat(5_000),
    "../..",
    "./..",
    "./a/../../b",
    "./a\\..\\b",
    "./\u0000",
    [],
    {},
    [[]],
    true,
    deep,
    { __proto__: null },
  ];
  // oxlint-disable-next-line no-explicit-any -- anything anywhere
  const spoil = (value: any, depth: number): any => {
    if (typeof value !== "object" || value === null || depth === 0) return values[random(values.length)];
    const keys = Object.keys(value);
    const key = keys.length === 0 || random(8) === 0 ? ["__proto__", "constructor", "id", "then"][random(4)]! : keys[random(keys.length)]!;
    const copy = Array.isArray(value) ? [...value] : { ...value };
    Object.defineProperty(copy, key, { value: spoil(copy[key as never], depth - 1), enumerable: true, configurable: true, writable: true });
    return copy;
  };
  let read = 0;
  for (let round = 0; round < 1_000; round++) {
    const { manifest, faults } = readPackManifest(spoil(breweryPackage(), 1 + random(7)), () => true);
    if (manifest === undefined) expect(faults.length).toBeGreaterThan(0);
    else {
      read++;
      for (const feature of manifest.features) {
        featureOfPack(feature);
        for (const path of [feature.server, feature.module, feature.words, ...feature.views.map(({ load }) => load)])
          expect(path === undefined || isPackPath(path)).toBe(true);
      }
    }
  }
  // some changes are of no matter
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(1_000);
});

test("[PK57] components have ids of their feature, a module that is there and a schema of an object", () => {
  const component = { id: "brewery.fermenter", title: { en: "Fermenter", zh: "发酵罐" }, module: "./sim/fermenter.js" };
  const faultsOf = (...components: readonly object[]): readonly string[] => {
    const brewery = breweryPackage();
    brewery["doppelwerk"].contributes.features[0].components = components;
    const files = [...BREWERY_FILES, "sim/fermenter.js"];
    return (readPackManifest(brewery, (path) => files.includes(path)).faults ?? []).map((fault) => textOf(fault));
  };
  expect(faultsOf(component)).toEqual([]);
  expect(faultsOf({ ...component, id: "malthouse.fermenter" })[0]).toContain("brewery.");
  expect(faultsOf({ ...component, module: "./sim/none.js" })[0]).toContain("./sim/none.js");
  expect(faultsOf({ ...component, parameters: { type: "array" } })[0]).toContain("type object");
  expect(faultsOf({ ...component, parameters: { type: "object", properties: { a: { type: "string", pattern: "(a+)+" } } } })).toHaveLength(
    1,
  );
  expect(faultsOf(component, component)[0]).toContain("brewery.fermenter");
  expect(faultsOf({ ...component, draws: 10_000 })).toHaveLength(1);
});
