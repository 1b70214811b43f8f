import { zipSync, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { randomFrom } from "./random.fixture.ts";
import { readAasx } from "./aasx/read-aasx.ts";
import { elementAt, formatIdShortPath, parseIdShortPath } from "./id-short-path.ts";
import { readFile } from "./import/read-file.ts";
import { downgrade } from "./release/downgrade.ts";
import { repairEnvironment } from "./repair/repair-environment.ts";
import { writeAasx } from "./aasx/write-aasx.ts";
import { parseEnvironment } from "./json/parse-environment.ts";
import type { Environment } from "./metamodel.ts";
import { validate } from "./validation/validate.ts";
import { applyValue } from "./value-form/apply-value.ts";
import { valueOf } from "./value-form/value-of.ts";
import { parseValueText, writeValueText } from "./value-form/value-text.ts";
import { readXml } from "./xml/read-xml.ts";
import { writeXml } from "./xml/write-xml.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20261124);
const rounds = process.env.SOAK === undefined ? 250 : 20_000;
console.info(`seed of the reader fuzz: ${seed} (FUZZ_SEED), ${rounds} rounds`);

const environment: Environment = {
  assetAdministrationShells: [
    {
      modelType: "AssetAdministrationShell",
      id: "urn:aas",
      assetInformation: { assetKind: "Instance", globalAssetId: "urn:a" },
      submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: "urn:sm" }] }],
    },
  ],
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:sm",
      submodelElements: [
        {
          modelType: "Property",
          idShort: "p1",
          valueType: "xs:long",
          value: "9223372036854775807",
          qualifiers: [{ type: "q", valueType: "xs:int", value: "1" }],
        },
        {
          modelType: "SubmodelElementList",
          idShort: "l1",
          typeValueListElement: "Range",
          valueTypeListElement: "xs:double",
          value: [{ modelType: "Range", valueType: "xs:double", min: "1", max: "INF" }],
        },
        {
          modelType: "Entity",
          idShort: "e1",
          statements: [{ modelType: "MultiLanguageProperty", idShort: "m1", value: [{ language: "en", text: "ü🙂" }] }],
        },
        { modelType: "Operation", idShort: "o1", inputVariables: [{ value: { modelType: "Capability", idShort: "c1" } }] },
      ],
    },
  ],
};

/** Whatever a reader was given, it must answer with an environment that everything else can work on. */
function mustHold(read: { environment: Environment; findings: readonly unknown[] }, given: string): void {
  try {
    expect(Array.isArray(read.findings)).toBe(true);
    readXml(writeXml(read.environment));
    downgrade(read.environment);
    const repaired = repairEnvironment(read.environment, () => true);
    if (validate(repaired.environment, "Environment").some(({ constraint }) => constraint === "type" || constraint === "structure"))
      throw new Error("a repair broke a shape");
    for (const submodel of read.environment.submodels ?? []) {
      const value = valueOf(submodel);
      if (value !== undefined) applyValue(submodel, parseValueText(writeValueText(value)));
    }
    if (parseEnvironment(read.environment).environment !== read.environment)
      throw new Error(`what was read is not clean: ${JSON.stringify(read.environment)}`);
  } catch (cause) {
    throw new Error(`seed ${seed}: ${given.slice(0, 2000)}`, { cause });
  }
}

function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const next = [...bytes];
  for (let times = 1 + Math.floor(random() * 8); times > 0; times--) {
    const at = Math.floor(random() * next.length);
    const what = random();
    if (what < 0.4) next[at] = Math.floor(random() * 256);
    else if (what < 0.6) next.splice(at, 1 + Math.floor(random() * 20));
    else if (what < 0.8) next.splice(at, 0, ...next.slice(at, at + Math.floor(random() * 40)));
    else next.length = Math.max(1, at);
    if (next.length === 0) next.push(0);
  }
  return Uint8Array.from(next);
}

function mutated(value: unknown, random: () => number): unknown {
  const junk = [
    null,
    0,
    -1.5,
    "",
    "x",
    [],
    {},
    true,
    [[]],
    { modelType: "Submodel" },
    { modelType: "Property", idShort: "__proto__" },
    "\ud800",
  ];
  if (random() < 0.02) return junk[Math.floor(random() * junk.length)];
  if (Array.isArray(value)) {
    const items = value.map((item) => mutated(item, random));
    return random() < 0.05 ? [...items, ...items] : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] =>
    random() < 0.02 ? [] : [[random() < 0.01 ? "constructor" : name, mutated(item, random)]],
  );
  if (random() < 0.01) entries.push(["__proto__", { polluted: true }]);
  return Object.fromEntries(entries);
}

/** What release 2 wrote: other shapes for the upgrade to go wrong with. */
const old = {
  assetAdministrationShells: [
    {
      modelType: { name: "AssetAdministrationShell" },
      identification: { idType: "IRI", id: "urn:aas" },
      asset: { keys: [{ type: "Asset", local: true, idType: "IRI", value: "urn:a" }] },
      submodels: [{ keys: [{ type: "Submodel", local: true, idType: "IRI", value: "urn:sm" }] }],
      views: [{ idShort: "v1", containedElements: [{ keys: [{ type: "Submodel", value: "urn:sm" }] }] }],
    },
  ],
  assets: [{ identification: { id: "urn:a" }, kind: "Instance", idShort: "a1" }],
  submodels: [
    {
      modelType: { name: "Submodel" },
      identification: { id: "urn:sm" },
      submodelElements: [
        {
          modelType: { name: "Property" },
          idShort: "p1",
          valueType: { dataObjectType: { name: "int" } },
          value: 3,
          constraints: [{ type: "q", value: "1" }],
        },
        {
          modelType: { name: "SubmodelElementCollection" },
          idShort: "c1",
          ordered: true,
          value: [{ idShort: "f1", mimeType: "a/b", value: "/x" }],
        },
        { modelType: { name: "MultiLanguageProperty" }, idShort: "m1", value: { langString: [{ language: "en", text: "x" }] } },
        {
          modelType: { name: "Operation" },
          idShort: "o1",
          inputVariable: [{ value: { modelType: { name: "Capability" }, idShort: "c1" } }],
        },
      ],
    },
  ],
};
const oldXml =
  '<a:aasenv xmlns:a="http://www.admin-shell.io/aas/1/0"><a:submodels><a:submodel><a:identification idType="URI">urn:sm</a:identification><a:submodelElements>' +
  "<a:submodelElement><a:property><a:idShort>p1</a:idShort><a:valueType>int</a:valueType><a:qualifier><a:qualifier><a:qualifierType>q</a:qualifierType></a:qualifier></a:qualifier>" +
  '<a:semanticId><a:keys><a:key type="GlobalReference" local="false" idType="IRDI">x</a:key></a:keys></a:semanticId></a:property></a:submodelElement>' +
  "</a:submodelElements></a:submodel></a:submodels></a:aasenv>";

test("[A15] fuzz: no mutated JSON, XML or package of any release makes a reader throw or give what others cannot work on", () => {
  const random = randomFrom(seed);
  const encoder = new TextEncoder();
  const xml = encoder.encode(writeXml(environment));
  const text = new TextDecoder();
  const packages = (["json", "xml"] as const).map((format) =>
    writeAasx(environment, new Map([["/aasx/a.txt", { contentType: "text/plain", bytes: xml }]]), { format }),
  );
  for (let round = 0; round < rounds; round++) {
    for (const given of [environment, old]) {
      const json = mutated(given, random);
      mustHold(parseEnvironment(json), JSON.stringify(json) ?? "undefined");
    }
    for (const given of [xml, encoder.encode(oldXml), encoder.encode(JSON.stringify(old))]) {
      const broken = damaged(given, random);
      mustHold(readFile(broken), text.decode(broken));
    }
    const whole = packages[round % 2]!;
    const content = unzipSync(whole);
    const names = Object.keys(content);
    const name = names[Math.floor(random() * names.length)]!;
    const inside =
      round % 3 === 0 ? damaged(whole, random) : zipSync({ ...content, [name]: damaged(content[name]!, random) }, { level: 0 });
    mustHold(readAasx(inside, { mostEntryBytes: 2 ** 22, mostBytes: 2 ** 23 }), name);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("[A17] fuzz: an idShortPath is read as it was written, or refused with a finding; never an exception, never two meanings", () => {
  const random = randomFrom(seed + 1);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const pieces = [
    "a",
    "B1",
    "x-y",
    "_",
    ".",
    "[",
    "]",
    "0",
    "17",
    "[0]",
    "..",
    " ",
    "%5B",
    "\u00e4",
    "\ud800",
    "__proto__",
    "99999999999999999999",
    "-1",
    "",
  ];
  for (let round = 0; round < rounds * 20; round++) {
    const path = Array.from({ length: Math.floor(random() * 8) }, () => pick(pieces)).join("");
    const parsed = parseIdShortPath(path);
    if (!Array.isArray(parsed)) expect(parsed, `seed ${seed}: ${JSON.stringify(path)}`).toMatchObject({ severity: "error" });
    else expect(formatIdShortPath(parsed), `seed ${seed}: ${JSON.stringify(path)}`).toBe(path);
    if (Array.isArray(parsed)) elementAt(environment.submodels![0]!, parsed);
  }
});
