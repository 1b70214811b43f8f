import { afterEach, expect, test } from "vitest";
import { encodeId } from "@doppelwerk/aas";
import type { Environment, Property, SubmodelElement, SubmodelElementCollection } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { ENGINEER, startTestServer, type TestServer } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import { createImporter } from "./importer.ts";

const servers: TestServer[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

const text = (idShort: string, value: string): Property => ({ modelType: "Property", idShort, valueType: "xs:string", value });
const group = (idShort: string, value: SubmodelElement[]): SubmodelElementCollection => ({
  modelType: "SubmodelElementCollection",
  idShort,
  value,
});

/** One interface description an asset, each with one signal behind the address. */
function plant(...addresses: readonly string[]): Environment {
  return {
    submodels: addresses.map((address, asset) => ({
      modelType: "Submodel",
      id: `urn:test:aid:${asset}`,
      idShort: "AssetInterfacesDescription",
      semanticId: {
        type: "ExternalReference",
        keys: [{ type: "GlobalReference", value: "https://admin-shell.io/idta/AssetInterfacesDescription/1/0/Submodel" }],
      },
      submodelElements: [
        group("InterfaceOPCUA", [
          text("title", "line"),
          group("EndpointMetadata", [text("base", address)]),
          group("InteractionMetadata", [
            group("properties", [
              group("Total", [text("type", "integer"), group("forms", [text("href", `/?id=nsu=urn:plant;s=Total${asset}`)])]),
            ]),
          ]),
        ]),
      ],
    })),
  };
}

/** A world into which files are imported one after the other; its connections, and over which each asset's signal comes. */
async function aWorld() {
  const server = await startTestServer({});
  servers.push(server);
  const importer = createImporter(server.blobs);
  const view = server.world.view(ENGINEER);
  return async (environment: Environment, demo = false) => {
    await importer.importFile(view, "plant.json", new TextEncoder().encode(JSON.stringify(environment)), { demo });
    const reader = view.reader(LIVE);
    const connections = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
    const signals = reader.query({ kind: "signal" }) as readonly SignalRecord[];
    const urlOf = (id: string | undefined) => connections.find((connection) => connection.id === id)?.url;
    return {
      connections: connections.map(({ url, demo: marked, origin }) => ({ url, demo: marked === true, ...(origin && { origin }) })),
      behind: signals.map(({ address, connection }) => [address!.slice(-1), urlOf(connection)]).sort(),
    };
  };
}

test("[SV15] the file of a demonstration plant that is imported by hand adds no second connection, and the plant stays marked", async () => {
  const bring = await aWorld();
  const first = await bring(plant("opc.tcp://a:1", "opc.tcp://a:1"), true);
  expect(first.connections).toEqual([{ url: "opc.tcp://a:1", demo: true, origin: "simulated" }]);
  expect(await bring(plant("opc.tcp://a:1", "opc.tcp://a:1"))).toEqual(first);
  expect(await bring(plant("opc.tcp://a:2", "opc.tcp://a:2"))).toEqual({
    connections: [{ url: "opc.tcp://a:2", demo: true, origin: "simulated" }],
    behind: [
      ["0", "opc.tcp://a:2"],
      ["1", "opc.tcp://a:2"],
    ],
  });
});

test("[SV15] a plant that moves keeps its connection; one asset of it that moves alone gets one of its own", async () => {
  const bring = await aWorld();
  await bring(plant("opc.tcp://a:1", "opc.tcp://a:1"));
  expect((await bring(plant("opc.tcp://b:1", "opc.tcp://b:1"))).connections).toEqual([{ url: "opc.tcp://b:1", demo: false }]);
  const parted = await bring(plant("opc.tcp://b:1", "opc.tcp://c:1"));
  expect(parted.behind).toEqual([
    ["0", "opc.tcp://b:1"],
    ["1", "opc.tcp://c:1"],
  ]);
  expect(parted.connections).toHaveLength(2);
});

test("[SV15] a signal that is there is described twice by a file, and the file is imported all the same", async () => {
  const bring = await aWorld();
  const first = await bring(plant("opc.tcp://a:1"));
  const twice = JSON.parse(JSON.stringify(plant("opc.tcp://a:1")).replaceAll("urn:test:aid:0", "urn:test:other")) as Environment;
  const properties = ((twice.submodels![0]!.submodelElements![0] as SubmodelElementCollection).value![2] as SubmodelElementCollection)
    .value![0] as unknown as { value: SubmodelElementCollection[] };
  const [total] = properties.value as [SubmodelElementCollection];
  properties.value = [total, { ...total, idShort: "Again", value: [...total.value!, text("unit", "1")] }];
  expect(await bring(twice)).toEqual(first);
});

test("[SV63] [API6] what a file describes waits until a person connects it; an element of a mapping configuration shows the value of its source", async () => {
  const server = await startTestServer({});
  servers.push(server);
  const importer = createImporter(server.blobs);
  const view = server.world.view(ENGINEER);
  const element = (idShort: string, submodel: string, ...path: readonly string[]): SubmodelElement => ({
    modelType: "ReferenceElement",
    idShort,
    value: {
      type: "ModelReference",
      keys: [
        { type: "Submodel", value: submodel },
        ...path.map((value, at) => ({
          type: at === path.length - 1 ? ("Property" as const) : ("SubmodelElementCollection" as const),
          value,
        })),
      ],
    },
  });
  const sources = (name: string): SubmodelElement => ({
    modelType: "SubmodelElementList",
    idShort: "Sources",
    typeValueListElement: "SubmodelElementCollection",
    value: [
      {
        modelType: "SubmodelElementCollection",
        value: [element("Source", "urn:test:aid:0", "InterfaceHTTP", "InteractionMetadata", "properties", name)],
      },
    ],
  });
  const sinks = (...path: readonly string[]): SubmodelElement => ({
    modelType: "SubmodelElementList",
    idShort: "Sinks",
    typeValueListElement: "SubmodelElementCollection",
    value: [{ modelType: "SubmodelElementCollection", value: [element("Sink", "urn:test:data", ...path)] }],
  });
  const configuration = (...children: SubmodelElement[]): SubmodelElement => ({
    modelType: "SubmodelElementCollection",
    value: [{ modelType: "Property", idShort: "DefaultPollingInterval", valueType: "xs:double", value: "7" }, ...children],
  });
  const [aid] = plant("http://machine:8080").submodels!;
  const environment: Environment = {
    submodels: [
      JSON.parse(JSON.stringify(aid).replaceAll("InterfaceOPCUA", "InterfaceHTTP").replace("/?id=nsu=urn:plant;s=Total0", "/state#/total")),
      { modelType: "Submodel", id: "urn:test:data", submodelElements: [group("Counts", [text("Good", "0"), text("Other", "0")])] },
      {
        modelType: "Submodel",
        id: "urn:test:aimc",
        idShort: "AssetInterfacesMappingConfiguration",
        semanticId: {
          type: "ExternalReference",
          keys: [{ type: "GlobalReference", value: "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration/2/0/Submodel" }],
        },
        submodelElements: [
          {
            modelType: "SubmodelElementList",
            idShort: "MappingConfigurations",
            typeValueListElement: "SubmodelElementCollection",
            value: [
              configuration(sources("Total"), sinks("Counts", "Good")),
              configuration(sources("Total"), sinks("Counts", "Nowhere")),
              configuration(sources("Unknown"), sinks("Counts", "Other")),
            ],
          },
        ],
      },
    ],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(environment));
  const report = await importer.importFile(view, "plant.json", bytes);
  expect(report.waiting).toBe(1);
  expect(report.findings.filter(({ constraint }) => constraint === "mapping").map(({ message }) => message)).toEqual([
    "the element does not exist",
    "no signal was created for InterfaceHTTP.InteractionMetadata.properties.Unknown in urn:test:aid:0",
  ]);
  const reader = () => view.reader(LIVE);
  const connection = () => reader().query({ kind: "connection" })[0] as ConnectionRecord;
  expect(connection()).toMatchObject({ enabled: false, protocol: "http", settings: { intervalS: 7 } });
  const signal = reader().query({ kind: "signal" })[0] as SignalRecord;
  const good = reader()
    .query({ kind: "element" })
    .find(({ idShort }) => idShort === "Good")!;
  expect(good).toMatchObject({ idShort: "Good", signal: signal.id });
  // [API6] While it is not connected an export keeps what the file said; connected, a value that is missing is missing.
  const exported = async () => {
    const answer = await server.call("GET", `/serialization?submodelIds=${encodeId("urn:test:data")}`);
    return (answer.json as Environment).submodels![0]!.submodelElements![0]!;
  };
  expect(await exported()).toEqual(group("Counts", [text("Good", "0"), text("Other", "0")]));
  await view.apply({
    branch: LIVE,
    reason: "connect it",
    changes: [{ op: "update", id: connection().id, fields: { enabled: { from: false, to: true } } }],
  });
  const [shown] = ((await exported()) as SubmodelElementCollection).value as Property[];
  expect([shown!.value, shown!.extensions]).toEqual([undefined, [{ name: "LiveQuality", valueType: "xs:string", value: "bad" }]]);
  const again = await importer.importFile(view, "plant.json", bytes);
  expect([again.waiting, again.changed, connection().enabled]).toEqual([undefined, 0, true]);
});
