import type { Environment, Submodel, SubmodelElement } from "@doppelwerk/kit/testing";
import { shellOf, smallPlant, submodelOf } from "./small-plant.fixture.ts";

/** Minutes by product, one minute in ten more by chance; every tenth part that was not rejected before goes to rework. */
export const LEAK_TEST = `
export default {
  open: ({ parameters: { minutes, perFamily } }) => ({
    begin: ({ attributes, rejects, state, random }) => ({
      steps: [{ seconds: (minutes + (perFamily[attributes.Family] ?? 0)) * 60 * (0.95 + 0.1 * random()) }, { seconds: 10, holds: "label" }],
      outcome: rejects === 0 && (state.tested + 1) % 10 === 0 ? "rework" : "pass",
      state: { tested: state.tested + 1 },
      uses: { air: 4.5 },
    }),
  }),
};`;

export const LEAK_TEST_DECLARED = {
  id: "brewery.leakTest",
  title: { en: "Leak test", zh: "泄漏测试" },
  module: "./sim/leak-test.js",
  parameters: {
    type: "object",
    properties: { minutes: { type: "number", default: 3 }, perFamily: { type: "object", default: {} } },
  },
  state: ["tested"],
  uses: [{ id: "air", unit: "L", title: { en: "air", zh: "压缩空气" } }],
  resources: ["label"],
};

const property = (idShort: string, value: string | number): SubmodelElement =>
  ({
    modelType: "Property",
    idShort,
    valueType: typeof value === "number" ? "xs:double" : "xs:string",
    value: String(value),
  }) as SubmodelElement;
const collection = (idShort: string | undefined, value: readonly SubmodelElement[]): SubmodelElement =>
  ({ modelType: "SubmodelElementCollection", ...(idShort === undefined ? {} : { idShort }), value }) as SubmodelElement;

/** The small plant, its leak test simulated by a component that labels one machine at a time. */
export function plantWithComponent(component = LEAK_TEST_DECLARED.id, minutes: number | string = 3.4): Environment {
  const plant = smallPlant();
  const times: Submodel = {
    modelType: "Submodel",
    id: "urn:test:submodel:times",
    idShort: "Times",
    submodelElements: [property("A", 0), property("B", 0.5)],
  } as Submodel;
  const byFamily = {
    modelType: "ReferenceElement",
    idShort: "perFamily",
    value: { type: "ModelReference", keys: [{ type: "Submodel", value: times.id }] },
  } as SubmodelElement;
  const own = [property("SimulationComponent", component), collection("ComponentParameters", [property("minutes", minutes), byFamily])];
  const resources = {
    modelType: "SubmodelElementList",
    idShort: "Resources",
    typeValueListElement: "SubmodelElementCollection",
    value: [collection(undefined, [property("Resource", "label"), property("Count", 1)])],
  } as SubmodelElement;
  const withMore = (submodel: Submodel): Submodel => {
    const more =
      submodel.id === submodelOf("S90", "Station") ? own : submodel.id === submodelOf("Line1", "ProductionLine") ? [resources] : [];
    return { ...submodel, submodelElements: [...submodel.submodelElements!, ...more] };
  };
  return {
    ...plant,
    submodels: [...plant.submodels!.map(withMore), times],
    assetAdministrationShells: plant.assetAdministrationShells!.map((shell) =>
      shell.id === shellOf("S90")
        ? { ...shell, submodels: [...shell.submodels!, { type: "ModelReference", keys: [{ type: "Submodel", value: times.id }] }] }
        : shell,
    ),
  } as Environment;
}
