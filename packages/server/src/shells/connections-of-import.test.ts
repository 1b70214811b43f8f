import { afterEach, expect, test } from "vitest";
import type { Environment, Property, SubmodelElement, SubmodelElementCollection } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { ENGINEER, startTestServer, type TestServer } from "../aas-api/test-server.fixture.ts";
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
      connections: connections.map(({ url, demo: marked }) => ({ url, demo: marked === true })),
      behind: signals.map(({ address, connection }) => [address!.slice(-1), urlOf(connection)]).sort(),
    };
  };
}

test("[SV15] the file of a demonstration plant that is imported by hand adds no second connection, and the plant stays marked", async () => {
  const bring = await aWorld();
  const first = await bring(plant("opc.tcp://a:1", "opc.tcp://a:1"), true);
  expect(first.connections).toEqual([{ url: "opc.tcp://a:1", demo: true }]);
  expect(await bring(plant("opc.tcp://a:1", "opc.tcp://a:1"))).toEqual(first);
  expect(await bring(plant("opc.tcp://a:2", "opc.tcp://a:2"))).toEqual({
    connections: [{ url: "opc.tcp://a:2", demo: true }],
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
