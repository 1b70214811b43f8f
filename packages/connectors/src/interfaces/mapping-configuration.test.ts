import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Key, Property, Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { readAssetInterfaces } from "./asset-interfaces.ts";
import { isMappingConfiguration, readMappingConfiguration } from "./mapping-configuration.ts";
import { canBeDescribed, writeAssetInterfaces } from "./write-interfaces.ts";

const base = "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration";
const text = (idShort: string, value: string): Property => ({ modelType: "Property", idShort, valueType: "xs:string", value });
const group = (idShort: string | undefined, value: SubmodelElement[]): SubmodelElement =>
  ({ modelType: "SubmodelElementCollection", ...(idShort === undefined ? {} : { idShort }), value }) as SubmodelElement;
const list = (idShort: string, value: SubmodelElement[]): SubmodelElement => ({
  modelType: "SubmodelElementList",
  idShort,
  typeValueListElement: "SubmodelElementCollection",
  value,
});
const keys = (submodel: string, ...path: readonly string[]): Key[] => [
  { type: "Submodel", value: submodel },
  ...path.map((value, at): Key => ({ type: at === path.length - 1 ? "Property" : "SubmodelElementCollection", value })),
];
const reference = (idShort: string, submodel: string, ...path: readonly string[]): SubmodelElement => ({
  modelType: "ReferenceElement",
  idShort,
  value: { type: "ModelReference", keys: keys(submodel, ...path) },
});
const property = (name: string) => ["InterfaceHTTP", "InteractionMetadata", "properties", name];
const part = (name: "Source" | "Sink", id: string | undefined, target: SubmodelElement, ...more: SubmodelElement[]) =>
  group(undefined, [target, ...more, ...(id === undefined ? [] : [text(`${name}Id`, id)])]);
const configuration = (version: "1" | "2", configurations: SubmodelElement[]): Submodel => ({
  modelType: "Submodel",
  id: "urn:test:aimc",
  idShort: "AssetInterfacesMappingConfiguration",
  semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: `${base}/${version}/0/Submodel` }] },
  submodelElements: [list("MappingConfigurations", configurations)],
});

describe("Asset Interfaces Mapping Configuration", () => {
  test("[C46] 2.0: a source and a sink, or as many of each by their ids, with the interval in seconds of each or of all", () => {
    const submodel = configuration("2", [
      group(undefined, [
        { modelType: "Property", idShort: "DefaultPollingInterval", valueType: "xs:double", value: "5" },
        list("Sources", [part("Source", "a", reference("Source", "urn:aid", ...property("voltage")))]),
        list("Sinks", [part("Sink", "b", reference("Sink", "urn:data", "Electrical", "Voltage"))]),
      ]),
      group(undefined, [
        list("Sources", [
          part("Source", "x", reference("Source", "urn:aid", ...property("x")), text("PollingInterval", "0.5")),
          part("Source", "y", reference("Source", "urn:aid", ...property("y")), text("PollingInterval", "0")),
          part("Source", "z", reference("Source", "urn:aid", ...property("z"))),
        ]),
        list("Sinks", [part("Sink", "y", reference("Sink", "urn:data", "Y")), part("Sink", "x", reference("Sink", "urn:data", "X"))]),
      ]),
    ]);
    expect(isMappingConfiguration(submodel)).toBe(true);
    const { mappings, findings } = readMappingConfiguration(submodel);
    const source = (name: string) => ({ submodel: "urn:aid", path: `InterfaceHTTP.InteractionMetadata.properties.${name}` });
    expect(mappings).toEqual([
      { source: source("voltage"), sink: { submodel: "urn:data", path: "Electrical.Voltage" }, pollingS: 5 },
      { source: source("x"), sink: { submodel: "urn:data", path: "X" }, pollingS: 0.5 },
      { source: source("y"), sink: { submodel: "urn:data", path: "Y" } },
    ]);
    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "MappingConfigurations[1].Sources[1].PollingInterval: an interval is more than 0 seconds, not 0",
      "MappingConfigurations[1].Sources[2]: without a transformation a source needs a sink of the same id",
    ]);
  });

  test("[C46] 1.0: each relation leads from a property of an interface to an element; positions in lists are kept", () => {
    const inList: Key[] = [
      { type: "Submodel", value: "urn:data" },
      { type: "SubmodelElementList", value: "Axes" },
      { type: "SubmodelElementCollection", value: "2" },
      { type: "Property", value: "Speed" },
    ];
    const relation = (second: Key[]): SubmodelElement => ({
      modelType: "RelationshipElement",
      first: { type: "ModelReference", keys: keys("urn:aid", ...property("speed")) },
      second: { type: "ModelReference", keys: second },
    });
    const { mappings, findings } = readMappingConfiguration(
      configuration("1", [group(undefined, [list("MappingSourceSinkRelations", [relation(inList), relation([])])])]),
    );
    expect(mappings.map(({ sink }) => sink.path)).toEqual(["Axes[2].Speed"]);
    expect(findings.map(({ path }) => path)).toEqual(["MappingConfigurations[0].MappingSourceSinkRelations[1]"]);
  });

  test("[C47] a transformation is code of a file: it is never run; what is broken is a finding, and nothing throws", () => {
    const transformed = group(undefined, [
      { modelType: "Blob", idShort: "Transformation", contentType: "text/javascript", value: "cHJvY2Vzcy5leGl0KDEp" },
      list("Sources", [part("Source", "a", reference("Source", "urn:aid", ...property("a")))]),
      list("Sinks", [part("Sink", "a", reference("Sink", "urn:data", "A"))]),
    ]);
    const broken = group(undefined, [list("Sources", [group(undefined, [text("Source", "x")])]), list("Sinks", [text("Sink", "y")])]);
    const { mappings, findings } = readMappingConfiguration(configuration("2", [transformed, broken, text("odd", "x")]));
    expect(mappings).toEqual([]);
    expect(findings.map(({ path }) => path)).toEqual([
      "MappingConfigurations[0].Transformation",
      "MappingConfigurations[1].Sources[0].Source",
      "MappingConfigurations[1].Sinks[0].Sink",
    ]);
    expect(readMappingConfiguration({ modelType: "Submodel", id: "x" })).toEqual({ mappings: [], findings: [] });
  });
});

describe("a connection as an Asset Interfaces Description", () => {
  const cases: readonly (readonly [ConnectionRecord["protocol"], string, readonly string[]])[] = [
    ["opcua", "opc.tcp://plc:4840", ["nsu=urn:plant & more;s=Line.Total 1", "nsu=http://x/y?z=1;i=7"]],
    ["mqtt", "mqtts://broker:8883", ["plant/a/temp", "plant/a/state#/value/0", "wärme/ü"]],
    ["sparkplug", "mqtt://broker:1883", ["G/N/D/Energy/Power", "G/N//Up time"]],
    [
      "modbus",
      "modbus+tcp://plc:502",
      ["1/holding/100/float32?word=little", "3/coil/7/bool", "1/input/0/string?length=20", "1/holding/9/bool?bit=3"],
    ],
    ["http", "http://machine:8080", ["/state#/a/b", "/counts#/0"]],
    ["s7", "s7://plc:102?rack=0&slot=2", ["DB1.DBD4:REAL", "I0.1"]],
  ];
  // of a boolean
  const enumeration = [
    { value: 1, name: "auf" },
    { value: 0, name: "zu & fest" },
  ];
  const connection = (protocol: ConnectionRecord["protocol"], url: string): ConnectionRecord => ({
    id: "connection:1",
    kind: "connection",
    name: "Press 7",
    protocol,
    url,
    enabled: true,
    secret: "press-secret",
    settings: { securityMode: "Sign" },
  });

  test("[C48] what is written reads back the same: addresses, types, units, counters; and no secret is in it", () => {
    for (const [protocol, url, addresses] of cases) {
      const signals = addresses.map((address, n): SignalRecord => ({
        id: `signal:${n}`,
        kind: "signal",
        name: n === 0 ? "Temperatur °C" : "Temperatur  °C",
        valueType: (["double", "integer", "string", "boolean"] as const)[n % 4]!,
        address,
        ...(n === 0 ? { unit: "Cel", low: -10, high: 120, resolution: 0.1, scale: 0.1, aliveS: 5, role: "Temperature" } : {}),
        ...(n === 1 ? { counter: { type: "totaliser", width: 16 } as const } : {}),
        ...(n === 3 ? { enumeration } : {}),
      }));
      expect(canBeDescribed(protocol)).toBe(true);
      const submodel = writeAssetInterfaces("urn:test:written", connection(protocol, url), signals);
      const read = readAssetInterfaces(submodel);
      expect(read.findings).toEqual([]);
      expect(read.connections).toEqual([{ protocol, url, title: "Press 7" }]);
      expect(
        read.signals.map(({ name, address, valueType, unit, low, high, resolution, scale, aliveS, role, counter, enumeration }) =>
          JSON.parse(JSON.stringify({ name, address, valueType, unit, low, high, resolution, scale, aliveS, role, counter, enumeration })),
        ),
      ).toEqual(signals.map(({ id: _id, kind: _kind, ...rest }) => rest));
      expect(JSON.stringify(submodel)).not.toMatch(/press-secret|securityMode/);
    }
    expect(canBeDescribed("entered")).toBe(false);
  });

  test("[C49] an address that carries a password becomes no connection, and the finding does not repeat it", () => {
    const submodel = writeAssetInterfaces("urn:test:written", connection("mqtt", "mqtt://anna:topsecret@broker:1883"), [
      { name: "a", valueType: "double", address: "a" },
    ]);
    const read = readAssetInterfaces(submodel);
    expect([read.connections, read.signals]).toEqual([[], []]);
    expect(read.findings.map(({ message }) => message).join()).toMatch(/put them into a secret/);
    expect(JSON.stringify(read.findings)).not.toContain("topsecret");
  });
});

testOnSharedData(
  "[C46] the IDTA templates of both releases are read without throwing, their placeholders are findings",
  "aas/templates",
  (folder) => {
    for (const file of ["IDTA_02027_Template_AIMC.json", "IDTA_02027-1-0-1_Template_AIMC.json"]) {
      const { submodels } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as { readonly submodels: readonly Submodel[] };
      for (const submodel of submodels) {
        const { mappings, findings } = readMappingConfiguration(submodel);
        expect(mappings).toEqual([]);
        expect(findings.length).toBeLessThan(5);
      }
    }
  },
);
