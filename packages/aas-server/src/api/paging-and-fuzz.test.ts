import { encodeId, type Environment, type Property, type SubmodelElement } from "@doppelwerk/aas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.fixture.ts";

const property = (idShort: string): Property => ({ modelType: "Property", idShort, valueType: "xs:int", value: "1" });
const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(3, "0")}`);
const shell = (id: string) =>
  ({ modelType: "AssetAdministrationShell", id, assetInformation: { assetKind: "Instance", globalAssetId: `${id}:asset` } }) as const;
const submodel = (id: string, elements: readonly SubmodelElement[]) => ({ modelType: "Submodel", id, submodelElements: elements }) as const;
const descriptor = (id: string) => ({
  id,
  endpoints: [{ interface: "AAS-3.1", protocolInformation: { href: "https://elsewhere.example" } }],
});
const nested: SubmodelElement = {
  modelType: "SubmodelElementCollection",
  idShort: "deep",
  value: [
    {
      modelType: "SubmodelElementList",
      idShort: "list",
      typeValueListElement: "Property",
      valueTypeListElement: "xs:int",
      value: [{ modelType: "Property", valueType: "xs:int", value: "1" }],
    },
  ],
};
const environment: Environment = {
  assetAdministrationShells: numbered("urn:aas:", 60).map(shell),
  submodels: [submodel("urn:sm:pages", numbered("e", 60).map(property)), submodel("urn:sm:fuzz", [nested, property("plain")])],
  conceptDescriptions: numbered("urn:cd:", 60).map((id) => ({ modelType: "ConceptDescription", id })),
};
const elements = `/submodels/${encodeId("urn:sm:pages")}/submodel-elements`;
const fuzzed = `/submodels/${encodeId("urn:sm:fuzz")}/submodel-elements`;

let server: TestServer;
const call: TestServer["call"] = (...given) => server.call(...given);

/** A small generator of chance (mulberry32): the seed is printed, so that what was found can be asked for again. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function seedFor(title: string): number {
  const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${title}: seed ${seed} (FUZZ_SEED=${seed} repeats it)`);
  return seed;
}

const ROUNDS = process.env["SOAK"] ? 20_000 : 700;

beforeAll(async () => {
  server = await startTestServer(environment);
  for (const id of numbered("urn:far:", 40)) await call("POST", "/shell-descriptors", descriptor(id));
});
afterAll(() => server.close());

describe("pages while others write", () => {
  const lists: readonly {
    readonly list: string;
    readonly keyOf: (item: { id: string; idShort: string }) => string;
    readonly fixed: readonly string[];
    readonly disturb: (round: number, chance: (below: number) => number) => Promise<unknown>;
  }[] = [
    {
      list: "/shells",
      keyOf: ({ id }) => id,
      fixed: numbered("urn:aas:", 60).filter((_, index) => index % 2 === 0),
      disturb: async (round, chance) => {
        await call("POST", "/shells", shell(`urn:new:${round}`));
        await call("DELETE", `/shells/${encodeId(`urn:aas:${String(chance(30) * 2 + 1).padStart(3, "0")}`)}`);
        const id = `urn:aas:${String(chance(30) * 2).padStart(3, "0")}`;
        await call("PUT", `/shells/${encodeId(id)}`, { ...shell(id), idShort: `Renamed${round}` });
      },
    },
    {
      list: "/concept-descriptions",
      keyOf: ({ id }) => id,
      fixed: numbered("urn:cd:", 60).filter((_, index) => index % 2 === 0),
      disturb: (round, chance) =>
        Promise.all([
          call("POST", "/concept-descriptions", { modelType: "ConceptDescription", id: `urn:cd:new:${round}` }),
          call("DELETE", `/concept-descriptions/${encodeId(`urn:cd:${String(chance(30) * 2 + 1).padStart(3, "0")}`)}`),
        ]),
    },
    {
      list: elements,
      keyOf: ({ idShort }) => idShort,
      fixed: numbered("e", 60).filter((_, index) => index % 2 === 0),
      disturb: (round, chance) =>
        Promise.all([
          call("POST", elements, property(`new${round}`)),
          call("DELETE", `${elements}/e${String(chance(30) * 2 + 1).padStart(3, "0")}`),
          call("PATCH", `${elements}/e${String(chance(30) * 2).padStart(3, "0")}/$value`, String(round)),
        ]),
    },
    {
      list: "/shell-descriptors",
      keyOf: ({ id }) => id,
      fixed: numbered("urn:far:", 40).filter((_, index) => index % 2 === 0),
      disturb: async (round, chance) => {
        await call("POST", "/shell-descriptors", descriptor(`urn:far:new:${round}`));
        await call("DELETE", `/shell-descriptors/${encodeId(`urn:far:${String(chance(20) * 2 + 1).padStart(3, "0")}`)}`);
        const id = `urn:aas:${String(chance(30) * 2).padStart(3, "0")}`;
        await call("PUT", `/shell-descriptors/${encodeId(id)}`, descriptor(id));
      },
    },
  ];

  test.each(lists)(
    "[API3] $list: what stays is seen once each, nothing twice, and the last page has no cursor",
    async ({ list, keyOf, fixed, disturb }) => {
      const chance = chanceOf(seedFor(list));
      const seen: string[] = [];
      let cursor = "";
      let round = 0;
      for (; round < 200; round++) {
        const page = (await call("GET", `${list}?limit=3${cursor}`)).json;
        seen.push(...page.result.map(keyOf));
        if (page.paging_metadata.cursor === undefined) break;
        expect(page.result).toHaveLength(3);
        cursor = `&cursor=${page.paging_metadata.cursor}`;
        if (round < 30) await disturb(round, chance);
      }
      expect(round).toBeLessThan(200);
      expect(new Set(seen).size).toBe(seen.length);
      expect(fixed.filter((id) => !seen.includes(id))).toEqual([]);
    },
  );

  test("[API3] references of a shell go on after the last one shown, wherever it stands by now", async () => {
    const reference = (id: string) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] });
    const path = `/shells/${encodeId("urn:refs")}`;
    await call("PUT", path, { ...shell("urn:refs"), submodels: numbered("urn:s:", 9).map(reference) });
    const first = (await call("GET", `${path}/submodel-refs?limit=3`)).json;
    await call("DELETE", `${path}/submodel-refs/${encodeId("urn:s:000")}`);
    const second = (await call("GET", `${path}/submodel-refs?limit=3&cursor=${first.paging_metadata.cursor}`)).json;
    await call("DELETE", `${path}/submodel-refs/${encodeId("urn:s:005")}`);
    const third = (await call("GET", `${path}/submodel-refs?limit=9&cursor=${second.paging_metadata.cursor}`)).json;
    const values = [...first.result, ...second.result, ...third.result].map(({ keys }) => keys[0].value);
    expect(values).toEqual(numbered("urn:s:", 9));
    expect(third.paging_metadata).toEqual({});
  });
});

describe("whatever comes in a URL", () => {
  const bits = [
    "deep",
    "list",
    "plain",
    "[0]",
    "[9]",
    ".",
    "[",
    "]",
    "..",
    "[-1]",
    "[00]",
    "%5B0%5D",
    "%2F",
    "%00",
    "ü",
    "%F0%9F%92%A9",
    "%zz",
    "$value",
    "a".repeat(300),
    " ",
    "'",
    '"',
    "\\",
    "__proto__",
    "constructor",
    "%25",
    "?",
    "#",
    ";",
    "&",
  ];
  const forms = ["", "/$value", "/$metadata", "/$path", "/$reference", "/attachment", "/$history", "/invoke"];

  const isAnswer = async (path: string, method: string, body?: string): Promise<void> => {
    const answer = await call(method, path, body);
    expect(answer.status, `${method} ${path}`).toBeLessThan(500);
    if (answer.status >= 400) {
      expect(Object.keys(answer.json ?? {}), `${method} ${path}: ${answer.text.slice(0, 200)}`).toEqual(["messages"]);
      expect(answer.json.messages[0].text.length).toBeLessThan(2_000);
    }
  };

  test("[API4] fuzz of paths: answered or refused with one Result, never a failure", async () => {
    const chance = chanceOf(seedFor("idShortPath"));
    const pick = (from: readonly string[]) => from[chance(from.length)]!;
    for (let round = 0; round < ROUNDS; round++) {
      const path = Array.from({ length: 1 + chance(5) }, () => pick(bits)).join(chance(2) === 0 ? "." : "");
      const method = pick(["GET", "GET", "PUT", "PATCH", "POST", "DELETE"]);
      const body =
        method === "GET" || method === "DELETE"
          ? undefined
          : pick(["{}", "1", '{"modelType":"Property","valueType":"xs:int"}', "[", "null"]);
      if (method === "DELETE" && /^(deep|plain)/.test(path)) continue;
      await isAnswer(`${fuzzed}/${path}${pick(forms)}`, method, body);
    }
    // Dots in a path are taken together before it is sent, so a DELETE may have meant the submodel itself: it is made again, and read.
    const after = { modelType: "Property", idShort: "afterwards", valueType: "xs:int", value: "7" };
    const submodel = { modelType: "Submodel", id: "urn:sm:fuzz", submodelElements: [after] };
    expect([201, 204]).toContain((await call("PUT", fuzzed.replace("/submodel-elements", ""), submodel)).status);
    expect((await call("GET", `${fuzzed}/afterwards/$value`)).text).toBe("7");
  });

  test("[API4] fuzz of base64url of every sort, in every place", async () => {
    const chance = chanceOf(seedFor("base64url"));
    const alphabet = "ABCXYZabcxyz0189-_+/=%. ";
    const places = [
      "/shells/:",
      "/submodels/:/$value",
      "/concept-descriptions/:",
      "/shell-descriptors/:",
      "/lookup/shells/:",
      "/packages/:",
      "/bulk/status/:",
      "/shells?assetIds=:",
      "/submodels?semanticId=:",
      "/serialization?aasIds=:",
      "/packages?aasId=:",
      "/shell-descriptors?assetType=:",
    ];
    for (let round = 0; round < ROUNDS; round++) {
      const garbled = Array.from({ length: chance(40) }, () => alphabet[chance(alphabet.length)]!).join("");
      const json = encodeId(
        ["{}", "[]", '{"name":1}', '{"type":"ExternalReference","keys":[]}', "null", '[{"name":"a","value":"b"}]'][chance(6)]!,
      );
      await isAnswer(places[chance(places.length)]!.replace(":", chance(2) === 0 ? garbled : json), "GET");
    }
    for (const id of ["urn:x#y/z?q=1&r=ü💩", "\u0001", " ", "a".repeat(2_048)]) {
      const path = `/concept-descriptions/${encodeId(id)}`;
      const put = await call("PUT", path, { modelType: "ConceptDescription", id });
      expect([201, 400], JSON.stringify(id)).toContain(put.status);
      if (put.status === 201) expect((await call("GET", path)).json.id).toBe(id);
    }
  });

  test("[API3] fuzz: cursors that are not ours are refused, and ours that were changed do no harm", async () => {
    const chance = chanceOf(seedFor("cursor"));
    const lists = [
      "/shells",
      "/submodels/$path",
      elements,
      "/shell-descriptors",
      "/lookup/shells",
      "/packages",
      "/shells/$recent-changes",
      `/shells/${encodeId("urn:aas:000")}/submodel-refs`,
    ];
    for (let round = 0; round < ROUNDS / 2; round++) {
      const list = lists[chance(lists.length)]!;
      const given = (await call("GET", `${list}?limit=${1 + chance(4)}`)).json.paging_metadata.cursor as string | undefined;
      const own = given ?? "YQ";
      const at = chance(own.length);
      const changed = own.slice(0, at) + "Az9-_"[chance(5)] + own.slice(at + 1 + chance(3));
      await isAnswer(
        `${list}?limit=2&cursor=${[changed, encodeURIComponent(own + "="), "", encodeId('[1,"x"]'), encodeId("[-1]")][chance(5)]}`,
        "GET",
      );
    }
  });
});
