import { createRequire } from "node:module";
import type * as AasCore from "@aas-core-works/aas-core3.0-typescript";
import { validate, writeXml, readXml, type Environment, type Reference, type SubmodelElement } from "@doppelwerk/aas";
import { reportMedian, type Report } from "./report.ts";

// Its modules for `import` name no file endings, which Node does not take.
const { jsonization, verification } = createRequire(import.meta.url)("@aas-core-works/aas-core3.0-typescript") as typeof AasCore;

const RUNS = 7;
const BYTES = 19_000_000;

/**
 * Verifying an environment of 19 MB, every class of elements in it and valid in 3.0 and 3.1 alike: `validate` on parsed JSON, which reads the shapes and
 * checks every constraint, against aas-core 3.0 TypeScript, which needs instances of its classes for that. Bar: at most the time of its `verify` alone.
 * Reading the same content from XML stands beside it.
 */
export async function bench(report: Report): Promise<void> {
  const environment = environmentOf(BYTES);
  const text = JSON.stringify(environment);
  const xml = writeXml(environment);
  const times = {
    own: [] as number[],
    verify: [] as number[],
    both: [] as number[],
    ratio: [] as number[],
    parse: [] as number[],
    xml: [] as number[],
  };
  for (let run = -1; run < RUNS; run++) {
    const json: unknown = JSON.parse(text);
    const parse = timed(() => JSON.parse(text) as unknown);
    const own = timed(() => {
      const findings = validate(json, "Environment");
      if (findings.length > 0) throw new Error(`the environment of the bench is not valid: ${JSON.stringify(findings[0])}`);
    });
    const theirs = deserialised(JSON.parse(text));
    const verify = timed(() => {
      for (const error of verification.verify(theirs.instance))
        throw new Error(`aas-core finds fault with it: ${error.message} at ${error.path.toString()}`);
    });
    if (run < 0) continue;
    times.parse.push(parse);
    times.own.push(own);
    times.verify.push(verify);
    times.both.push(theirs.ms + verify);
    times.ratio.push(own / verify);
    if (run % 3 === 0) times.xml.push(timed(() => readXml(xml)));
  }
  reportMedian(report, "validate", "size of the environment", "MB", [text.length / 1e6]);
  reportMedian(report, "validate", "JSON.parse", "ms", times.parse);
  reportMedian(report, "validate", "validate", "ms", times.own);
  reportMedian(report, "validate", "baseline: aas-core 3.0 verify", "ms", times.verify);
  reportMedian(report, "validate", "baseline: aas-core 3.0 deserialise + verify", "ms", times.both);
  reportMedian(report, "validate", "validate ÷ aas-core verify", "ratio", times.ratio);
  reportMedian(report, "validate", "read and validate the same as XML", "ms", times.xml);
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function deserialised(json: unknown): { readonly instance: Parameters<typeof AasCore.verification.verify>[0]; readonly ms: number } {
  const start = performance.now();
  const { value, error } = jsonization.environmentFromJsonable(json as Parameters<typeof AasCore.jsonization.environmentFromJsonable>[0]);
  if (value === null || error !== null) throw new Error(`aas-core cannot read it: ${error?.message}`);
  return { instance: value, ms: performance.now() - start };
}

const global = (value: string): Reference => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const inModel = (submodel: string, ...path: ["Property" | "SubmodelElementCollection", string][]): Reference => ({
  type: "ModelReference",
  keys: [{ type: "Submodel", value: submodel }, ...path.map(([type, value]) => ({ type, value }))],
});

function environmentOf(bytes: number): Environment {
  const one = JSON.stringify(copy(0)).length;
  const copies = Array.from({ length: Math.ceil(bytes / one) }, (_, index) => copy(index));
  return {
    assetAdministrationShells: copies.flatMap(({ assetAdministrationShells }) => assetAdministrationShells!),
    submodels: copies.flatMap(({ submodels }) => submodels!),
    conceptDescriptions: copies.flatMap(({ conceptDescriptions }) => conceptDescriptions!),
  };
}

/** A shell with one submodel that has every class of elements, and the concept they mean. */
function copy(index: number): Environment {
  const id = `https://example.org/bench/${index}`;
  return {
    assetAdministrationShells: [
      {
        modelType: "AssetAdministrationShell",
        id: `${id}/shell`,
        idShort: `Shell${index}`,
        administration: { version: "1", revision: "2" },
        assetInformation: {
          assetKind: "Instance",
          globalAssetId: `${id}/asset`,
          specificAssetIds: [{ name: "serial", value: `S-${index}`, externalSubjectId: global(id) }],
        },
        submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: `${id}/data` }] }],
      },
    ],
    submodels: [
      {
        modelType: "Submodel",
        id: `${id}/data`,
        idShort: "Data",
        kind: "Instance",
        semanticId: global(`${id}/meaning`),
        submodelElements: Array.from({ length: 6 }, (_, n) => group(`${id}/data`, `Group${n}`)),
      },
    ],
    conceptDescriptions: [
      {
        modelType: "ConceptDescription",
        id: `${id}/concept`,
        idShort: "Speed",
        embeddedDataSpecifications: [
          {
            dataSpecification: global("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
            dataSpecificationContent: {
              modelType: "DataSpecificationIec61360",
              preferredName: [
                { language: "en", text: "Speed" },
                { language: "de", text: "Drehzahl" },
              ],
              unit: "1/min",
              dataType: "REAL_MEASURE",
              definition: [{ language: "en", text: "How fast the shaft turns" }],
            },
          },
        ],
      },
    ],
  };
}

function group(submodel: string, idShort: string): SubmodelElement {
  const speed = inModel(submodel, ["SubmodelElementCollection", idShort], ["Property", "Speed"]);
  const value: SubmodelElement[] = [
    {
      modelType: "Property",
      idShort: "Speed",
      semanticId: global("0173-1#02-BAA120#008"),
      displayName: [{ language: "en", text: "Speed" }],
      description: [
        { language: "en", text: "Speed of the shaft" },
        { language: "de", text: "Drehzahl der Welle" },
      ],
      qualifiers: [{ type: "life", valueType: "xs:string", value: "nominal", kind: "ValueQualifier" }],
      valueType: "xs:double",
      value: "1480.5",
    },
    { modelType: "Property", idShort: "Serial", valueType: "xs:long", value: "9007199254740993" },
    { modelType: "Property", idShort: "Made", valueType: "xs:dateTime", value: "2026-02-28T12:00:00.5Z" },
    {
      modelType: "MultiLanguageProperty",
      idShort: "Name",
      value: [
        { language: "en", text: "Motor" },
        { language: "zh", text: "电机" },
      ],
    },
    { modelType: "Range", idShort: "Allowed", valueType: "xs:int", min: "0", max: "3000" },
    { modelType: "File", idShort: "Manual", contentType: "application/pdf", value: "/aasx/files/manual.pdf" },
    { modelType: "Blob", idShort: "Icon", contentType: "image/png", value: "iVBORw0KGgo=" },
    { modelType: "ReferenceElement", idShort: "Where", value: speed },
    { modelType: "RelationshipElement", idShort: "Drives", first: speed, second: global("urn:pump") },
    {
      modelType: "AnnotatedRelationshipElement",
      idShort: "Feeds",
      first: speed,
      second: speed,
      annotations: [{ modelType: "Property", idShort: "Since", valueType: "xs:date", value: "2024-02-29" }],
    },
    { modelType: "Capability", idShort: "Turning" },
    {
      modelType: "Entity",
      idShort: "Gear",
      entityType: "SelfManagedEntity",
      globalAssetId: `${submodel}/gear`,
      statements: [{ modelType: "Property", idShort: "Teeth", valueType: "xs:unsignedShort", value: "42" }],
    },
    { modelType: "BasicEventElement", idShort: "Changed", observed: speed, direction: "output", state: "on" },
    {
      modelType: "Operation",
      idShort: "Start",
      inputVariables: [{ value: { modelType: "Property", idShort: "Ramp", valueType: "xs:float", value: "0.5" } }],
    },
    {
      modelType: "SubmodelElementList",
      idShort: "Trend",
      typeValueListElement: "Property",
      valueTypeListElement: "xs:double",
      value: Array.from({ length: 4 }, (_, n) => ({
        modelType: "Property" as const,
        valueType: "xs:double" as const,
        value: String(n / 4),
      })),
    },
  ];
  return { modelType: "SubmodelElementCollection", idShort, value };
}
