import { textOf } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import type { z } from "zod";
import { BREWERY_FILES, breweryPackage } from "./brewery.fixture.ts";
import { featureOfPack } from "./feature-of-pack.ts";
import { isPackPath } from "./manifest-shape.ts";
import { readPackManifest } from "./pack-manifest.ts";

type Package = ReturnType<typeof breweryPackage>;
const has = (path: string): boolean => BREWERY_FILES.includes(path);
const firstFeature = (given: Package) => given["doppelwerk"].contributes.features[0];

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
  ["a pattern in a schema", /schema/, (given) => (firstFeature(given).endpoints[0].answer = { type: "string", pattern: "(a+)+$" })],
  ["a query that is no object", /properties/, (given) => (firstFeature(given).endpoints[0].query = { anyOf: [{ type: "object" }] })],
  ["a parameter twice", /:a\/:a/, (given) => (firstFeature(given).endpoints[0].route = "GET /packs/brewery/:a/:a")],
  ["a branch that its route does not have", /branch and subject/, (given) => (firstFeature(given).endpoints[0].branch = "params.branch")],
  ["a name that is no name of a package", /name/, (given) => (given["name"] = "../brewery")],
  ["a version that is none", /version/, (given) => (given["version"] = "../1")],
])("[PK1] a manifest with %s is refused, and says so", (_, said, change) => {
  expect(faultsOf(change).join("\n")).toMatch(said);
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
        for (const path of [feature.server, feature.studio, feature.module, feature.words])
          expect(path === undefined || isPackPath(path)).toBe(true);
      }
    }
  }
  // some changes are of no matter
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(1_000);
});
