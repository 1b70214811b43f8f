import { encodeId, type Environment } from "@doppelwerk/aas";
import { LIVE, recordOfAasId, renameElement, type ElementRecord, type RecordReader } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AasLookups } from "./aas-lookups.ts";
import { ENGINEER, startTestServer, type TestServer } from "./test-server.fixture.ts";

const property = (idShort: string) => ({ modelType: "Property", idShort, valueType: "xs:int", value: "1" }) as const;
const environment: Environment = {
  submodels: [
    {
      modelType: "Submodel",
      id: "urn:named",
      submodelElements: [
        { modelType: "SubmodelElementCollection", idShort: "Group", value: [property("Alpha"), property("Beta")] },
        {
          modelType: "SubmodelElementList",
          idShort: "List",
          typeValueListElement: "SubmodelElementCollection",
          value: [{ modelType: "SubmodelElementCollection", value: [property("Gamma")] }],
        },
      ],
    },
  ],
};

let server: TestServer;
beforeAll(async () => void (server = await startTestServer(environment)));
afterAll(() => server.close());

test("[API5] what was imported is found by its path without reading what stands beside it, and only while it is that", async () => {
  const view = server.world.view(ENGINEER);
  const submodel = () => recordOfAasId(view.reader(LIVE), "submodel", "urn:named")!.id;
  let queries = 0;
  const counted = (): RecordReader => {
    const reader = view.reader(LIVE);
    return { ...reader, query: (query) => (queries++, reader.query(query)) };
  };
  const find = (path: string) => {
    queries = 0;
    return new AasLookups().element(counted(), submodel(), path);
  };
  const b = find("Group.Beta") as ElementRecord;
  expect([b.idShort, queries]).toEqual(["Beta", 0]);
  // A position in a list is looked up every time.
  expect([find("List[0].Gamma")?.idShort, queries]).toEqual(["Gamma", 1]);
  await view.apply({ branch: LIVE, reason: "rename", changes: [renameElement(view.reader(LIVE), b, "Delta")] });
  expect(find("Group.Beta")).toBeUndefined();
  expect([find("Group.Delta")?.id, queries]).toEqual([b.id, 1]);
  // A new one takes the name that an import gave to another record.
  const path = `/submodels/${encodeId("urn:named")}/submodel-elements/Group`;
  const { status, text } = await server.call("POST", path, property("Beta"));
  expect(status, text).toBe(201);
  expect(find("Group.Beta")?.id).not.toBe(b.id);
  expect(find("Group.Beta")?.idShort).toBe("Beta");
});
