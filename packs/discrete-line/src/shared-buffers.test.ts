import { readFileSync } from "node:fs";
import { runPlant, testDocuments, validateLineModel, validatePlantModel, type Environment, type PlantModel } from "@doppelwerk/kit/testing";
import { expect, test } from "vitest";
import { factors, lineSource, readPlants } from "./index.ts";
import { shellOf, smallPlant } from "./small-plant.fixture.ts";

const foreign = (): Environment =>
  JSON.parse(readFileSync(new URL("../fixtures/three-lines.aas.json", import.meta.url), "utf8")) as Environment;
const shell = (id: string) => `https://motors.example/aas/${id}`;

test("[D16] outlets and inlets of lines name the buffers that they share, with their capacity", () => {
  const { lines, findings } = lineSource.read(testDocuments(foreign()).reader);
  expect(findings).toEqual([]);
  expect(lines.map(({ id, findings: own }) => [id, own])).toEqual([
    ["Assembly", []],
    ["Frames", []],
    ["Motors", []],
  ]);
  const frames = { shell: shell("PaintedFrames"), title: { en: "Painted frames", zh: "已喷涂机架" }, capacity: 12 };
  expect(lines[1]!.ends).toEqual([{ side: "outlet", station: "F3", buffer: frames }]);
  expect(lines[0]!.ends).toEqual([
    { side: "inlet", station: "A1", buffer: frames },
    { side: "inlet", station: "A2", buffer: { shell: shell("MotorStore"), title: { en: "Motor store", zh: "电机库" }, capacity: 8 } },
  ]);
  const renamed = lines[1]!.renamed({ id: "Frames.2", stations: new Map([["F3", "Frames.2.F3"]]) });
  expect(renamed.ends).toMatchObject([{ station: "Frames.2.F3" }]);
});

test("[D16] the lines of a foreign plant run together through the buffers that they name, and feed what is joined", () => {
  const { lines } = lineSource.read(testDocuments(foreign()).reader);
  const models = lines.map((line) => line.model({ utcOffsetS: 0 }));
  for (const model of models) expect(validateLineModel(model).filter(({ severity }) => severity === "error")).toEqual([]);
  const plant: PlantModel = {
    format: "doppelwerk-plant/1",
    id: "foreign",
    lines: models,
    buffers: [
      { id: "frames", capacity: 12, from: [{ line: "Frames", station: "F3" }], to: [{ line: "Assembly", station: "A1" }] },
      { id: "motors", capacity: 8, from: [{ line: "Motors", station: "M2" }], to: [{ line: "Assembly", station: "A2" }] },
    ],
  };
  expect(validatePlantModel(plant).filter(({ severity }) => severity === "error")).toEqual([]);
  const result = runPlant(plant, { startInstant: Date.UTC(2026, 10, 23, 6) * 1_000, seed: 1, horizonS: 16 * 3_600 });
  const [assembly, frames, motors] = result.lines;
  expect(result.balanced).toBe(true);
  expect(result.total.good).toBe(assembly!.good);
  expect(assembly!.good).toBeGreaterThan(700);
  expect(frames!.good).toBe(result.buffers[0]!.entered);
  expect(motors!.good).toBe(result.buffers[1]!.entered);
  // what is joined is the same product that was painted
  expect(assembly!.goodByProduct.Pump! / assembly!.good).toBeCloseTo(0.6, 0);
});

test("[D16] the capacity of a shared buffer is a factor of the line that takes from it", () => {
  const { plants } = readPlants(testDocuments(foreign()).reader);
  const capacities = plants.map((plant) => factors(plant).filter(({ key }) => key.endsWith("/Capacity")));
  expect(capacities.map((own) => own.map(({ key, asIs, group, path }) => [key, asIs, group, path]))).toEqual([
    [
      ["Assembly/PaintedFrames/Capacity", 12, "buffer", "Capacity"],
      ["Assembly/MotorStore/Capacity", 8, "buffer", "Capacity"],
    ],
    [],
    [],
  ]);
});

test("[D17] a flow to a station of another line is a finding that names both, and leaves the other lines as they are", () => {
  const strayed = foreign();
  const flows = strayed.submodels!.find(({ id }) => id.endsWith("Motors/ProductionLine"))!;
  const text = JSON.stringify(flows).replace(
    '"idShort":"To","valueType":"xs:string","value":"M2"',
    '"idShort":"To","valueType":"xs:string","value":"A3"',
  );
  expect(text).not.toBe(JSON.stringify(flows));
  const read = lineSource.read(
    testDocuments({ ...strayed, submodels: strayed.submodels!.map((one) => (one === flows ? JSON.parse(text) : one)) } as Environment)
      .reader,
  );
  const motors = read.lines.find(({ id }) => id === "Motors")!;
  expect(motors.findings.map(({ en }) => en)).toEqual([
    "the flow from M1 to A3 leads to the line Assembly, which A3 is of: lines meet at a shared buffer (Outlets, Inlets)",
  ]);
  expect(read.lines.filter(({ id }) => id !== "Motors").flatMap(({ findings }) => findings)).toEqual([]);
});

test("[D17] an outlet or inlet that cannot be one is a finding in both languages, and left out", () => {
  const environment = smallPlant();
  const line = environment.submodels!.find(({ idShort }) => idShort === "ProductionLine")!;
  const item = (station: string, of: string | undefined) => ({
    modelType: "SubmodelElementCollection",
    value: [
      { modelType: "Property", idShort: "Station", valueType: "xs:string", value: station },
      ...(of === undefined
        ? []
        : [
            {
              modelType: "ReferenceElement",
              idShort: "Shell",
              value: { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: shellOf(of) }] },
            },
          ]),
    ],
  });
  const listed = (idShort: string, value: readonly unknown[]) => ({
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: "SubmodelElementCollection",
    value,
  });
  const own = {
    ...line,
    submodelElements: [
      ...line.submodelElements!,
      listed("Outlets", [
        item("S120", "Fleet"),
        item("S120", "Fleet"),
        item("S30", "Fleet"),
        item("S999", "Fleet"),
        item("S90", undefined),
      ]),
      listed("Inlets", [item("S10", "Fleet"), item("S90", "Fleet")]),
    ],
  };
  const { reader } = testDocuments({
    ...environment,
    submodels: environment.submodels!.map((one) => (one === line ? own : one)),
  } as Environment);
  const [plant] = readPlants(reader).plants;
  expect(plant!.ends.map(({ side, station, buffer: { capacity } }) => [side, station, capacity])).toEqual([
    ["outlet", "S120", undefined],
    ["inlet", "S10", undefined],
  ]);
  expect(plant!.findings.map(({ en }) => en).filter((text) => /Outlets|Inlets/.test(text))).toEqual([
    "Outlets names S120 twice: it has one buffer there",
    "Outlets names S30, whose parts go on to S90: they do not leave the line there",
    "Outlets names no station of the line: S999",
    "Outlets of S90 names no shell of a buffer",
    "Inlets names S90, whose parts come from S30: they do not enter the line there",
  ]);
  expect(plant!.findings.every(({ zh }) => /[一-鿿]/.test(zh))).toBe(true);
});
