import { expect, test } from "vitest";
import { definePack, type Pack } from "./define-pack.ts";
import { testDocuments } from "./testing.ts";

const pack: Pack<string> = {
  id: "some-pack",
  title: { en: "Some pack", zh: "某包" },
  kinds: [],
  readPlant: () => undefined,
  lineDefinition: () => {
    throw new Error("no plant");
  },
  nominalLineModel: () => {
    throw new Error("no plant");
  },
  stage: () => ({ parts: [], stations: [], paths: [], tracks: [], bounds: { min: [0, 0, 0], max: [0, 0, 0] } }),
  defaultAlarmRules: () => [],
};

test("[K1] a pack is returned as it was given", () => {
  expect(definePack(pack)).toBe(pack);
});

test("[K1] a name that is not in kebab case and a kind declared twice are bugs", () => {
  expect(() => definePack({ ...pack, id: "Some Pack" })).toThrow(/kebab case/);
  expect(() => definePack({ ...pack, kinds: [{ kind: "mould" }, { kind: "mould" }] })).toThrow(/twice/);
});

test("[K2] test documents answer like a branch: by id, by index, and with the versions of an edit, newest first", () => {
  const { reader, set } = testDocuments({
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:sm",
        idShort: "Station",
        submodelElements: [{ modelType: "Property", idShort: "Places", valueType: "xs:int", value: "2" }],
      },
    ],
  });
  const [submodel] = reader.query({ kind: "submodel", index: { name: "aasId", value: "urn:sm" } });
  const [element] = reader.query({ kind: "element", index: { name: "parent", value: submodel!.id } });
  expect(element).toMatchObject({ idShort: "Places", value: "2" });
  set("urn:sm", "Places", "3");
  expect(reader.get(element!.id)).toMatchObject({ value: "3" });
  expect(reader.versions(element!.id).map((version) => version.record?.["value"])).toEqual(["3", "2"]);
  expect(() => set("urn:sm", "Nothing", "3")).toThrow(/no element/);
});
