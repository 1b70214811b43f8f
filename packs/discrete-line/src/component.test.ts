import { expect, test } from "vitest";
import { testDocuments, validateLineModel } from "@doppelwerk/kit/testing";
import { plantWithComponent } from "./component-plant.fixture.ts";
import { factors } from "./factors.ts";
import { nominalLineModel } from "./nominal-line-model.ts";
import { withValues } from "./plant.ts";
import { readPlant } from "./read-plant.ts";

test("[D19] a station names a component, its parameters are plain data of documents, its numbers and the resources of the line are factors", () => {
  const plant = readPlant(testDocuments(plantWithComponent()).reader)!;
  const model = nominalLineModel(plant);
  expect(validateLineModel(model)).toEqual([]);
  const station = model.stations.find(({ id }) => id === "S90")!;
  expect(station.component).toEqual({ id: "brewery.leakTest", parameters: { minutes: 3.4, perFamily: { A: 0, B: 0.5 } } });
  expect(model.stations.filter(({ component }) => component !== undefined)).toHaveLength(1);
  expect(model.personnel).toContainEqual({ id: "label", name: "label", count: 1 });
  const named = new Map(factors(plant).map((factor) => [factor.key, factor]));
  expect(named.get("S90/Parameter/minutes")).toMatchObject({ station: "S90", asIs: 3.4, label: { en: "Minutes" } });
  expect(named.get("Line1/Resource/label")).toMatchObject({ asIs: 1, min: 0, max: 4 });
  const other = withValues(plant, new Map([[named.get("S90/Parameter/minutes")!.elementId, 5]]));
  expect(nominalLineModel(other).stations.find(({ id }) => id === "S90")!.component!.parameters).toMatchObject({ minutes: 5 });
});
