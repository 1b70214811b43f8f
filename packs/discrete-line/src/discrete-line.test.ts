import { alarmRuleProblems } from "@doppelwerk/kit";
import { createLineEngine, fitLine, runLine, testDocuments, validateLineModel, type SampleBatch } from "@doppelwerk/kit/testing";
import { expect, test } from "vitest";
import {
  branchLineModel,
  defaultAlarmRules,
  discreteLine,
  factors,
  lineSource,
  lineDefinition,
  lineObservations,
  lineStateOf,
  nominalLineModel,
  readPlant,
  stage,
  type Plant,
} from "./index.ts";
import { shellOf, smallPlant, smallPlantSignals, smallPlantWithWork, submodelOf } from "./small-plant.fixture.ts";

const documents = () => testDocuments(smallPlant());
const plantOf = ({ reader }: ReturnType<typeof documents>): Plant => readPlant(reader)!;
const MONDAY = Date.UTC(2026, 10, 23, 5) * 1000;
const HOUR = 3_600_000_000;

test("[D1] the line is read from its shells, every number with the property it stands in", () => {
  const plant = plantOf(documents());
  expect(plant).toMatchObject({
    id: "Line1",
    title: { en: "Line 1", zh: "1 号线" },
    shell: shellOf("Line1"),
    constraint: "S90",
    timeZone: "Europe/Berlin",
  });
  expect(plant.stations.map((station) => station.id)).toEqual(["T10", "S10", "S30", "S90", "R1", "S120"]);
  const leakTest = plant.stations[3]!;
  expect(leakTest).toMatchObject({
    placesFailAlone: true,
    rejectTo: "R1",
    values: { NumberOfPlaces: { value: 6, path: "NumberOfPlaces" } },
  });
  expect(plant.stations[1]!.setUps).toMatchObject([{ attribute: "Family", duration: { value: 180, path: "SetUps[0].Duration" } }]);
  expect(plant.shifts[1]).toEqual({
    name: "Night",
    startMinute: 1320,
    endMinute: 360,
    days: [1],
    breaks: [{ startMinute: 120, minutes: 30 }],
  });
  expect(plant.logistics).toMatchObject({ station: "S30", kitsPerTrip: 24, distanceM: 19 });
  expect(leakTest.mapping).toEqual({
    version: 4,
    blockedBit: true,
    starvedBit: true,
    neighbours: true,
    words: { "20": { state: "working", cause: "internal" }, "40": { state: "microStop", cause: "internal" } },
  });
});

test("[D2] what cannot be read is a finding, and documents without a line are no plant", () => {
  expect(plantOf(documents()).findings.filter(({ en, zh }) => en.includes("99") && zh.includes("99"))).toHaveLength(6);
  const broken = documents();
  broken.set(submodelOf("Line1", "ProductionLine"), "Flows[0].To", "S99");
  broken.set(submodelOf("Line1", "ProductionLine"), "ConstraintStation", "S98");
  broken.set(submodelOf("S90", "Station"), "RejectTo", "S97");
  const plant = plantOf(broken);
  expect(plant.flows).toHaveLength(5);
  expect(plant.constraint).toBeUndefined();
  expect(plant.findings.map(({ en }) => en)).toEqual(
    expect.arrayContaining([expect.stringContaining("S99"), expect.stringContaining("S98"), expect.stringContaining("S97")]),
  );
  expect(plant.stations[3]!.rejectTo).toBeUndefined();
  expect(readPlant(testDocuments({}).reader)).toBeUndefined();
});

test("[D3] signals take their roles at the station of their shell; a row of place states counts only when it is complete", () => {
  const definition = lineDefinition(plantOf(documents()), smallPlantSignals());
  const leakTest = definition.stations[3]!;
  expect(leakTest.signals.PartIn).toMatchObject({ id: "signal:S90.PartIn", valueType: "string" });
  expect(leakTest.placeSignals?.map((signal) => signal.id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `signal:S90.PlaceState${n}`));
  expect(leakTest.processValues.map((signal) => signal.role)).toContain("PressureDrop6");
  expect(definition.stations[1]!.placeSignals).toBeUndefined();
  expect(definition.stations[2]!.signals.ComponentIn).toMatchObject({ id: "signal:S30.TubSerial" });
  expect(leakTest.signals.ComponentIn).toBeUndefined();
  expect(definition).toMatchObject({ constraint: "S90", carriers: { count: 40, from: "S10", to: "S120" }, taktS: 36 });
  expect(createLineEngine(definition, { zoneOffset: () => 60 }).signals).toContain("signal:S90.PlaceState6");
});

test("[D4] the nominal model is valid, runs, and means what the file says", () => {
  const model = nominalLineModel(plantOf(documents()), { utcOffsetS: 3600 });
  expect(validateLineModel(model)).toEqual([]);
  const of = (id: string) => model.stations.find((station) => station.id === id)!;
  expect(of("T10")).toMatchObject({ source: { program: false }, next: { station: "S30", input: "assembly" } });
  expect(of("S10")).toMatchObject({ source: { program: true } });
  expect(of("S30")).toMatchObject({
    assembly: { buffer: { capacity: 4 } },
    cycle: { byProduct: { WM9: { mean: 100 } } },
    materials: [{ kitsPerTrip: 24, distanceM: 19 }],
  });
  expect(of("S90")).toMatchObject({
    places: 6,
    stops: [{ id: "failure", scope: "place", between: { mean: 108_000 }, duration: { mean: 2700 } }],
    inspection: { rejectByTry: [0.035, 0.12], maxTries: 3, tries: "rework", reject: { station: "R1" } },
  });
  expect(of("R1").next).toMatchObject({ station: "S90" });
  const { good, conservation } = runLine(model, { seed: 1, startInstant: MONDAY, endInstant: MONDAY + 8 * HOUR });
  expect(conservation.balanced).toBe(true);
  expect(good).toBeGreaterThan(300);
});

test("[D5] an edit on a branch acts in its ratio on what history has fitted; counts are taken as they are", () => {
  const live = documents();
  const branch = documents();
  branch.set(submodelOf("S90", "Station"), "IdealCycleTime", "104");
  branch.set(submodelOf("S90", "Station"), "MeanTimeToRepair", "90");
  branch.set(submodelOf("S90", "Station"), "NumberOfPlaces", "7");
  branch.set(submodelOf("Line1", "ProductionLine"), "NumberOfCarriers", "30");
  const valuesS = Array.from({ length: 200 }, (_, index) => 190 + (index % 21));
  const observations = lineObservations([
    {
      station: "S90",
      cycles: [{ product: "WM7", n: 200, valuesS }],
      stops: [],
      setUps: [],
      tries: [],
      scrapped: { n: 0, scrapped: 0 },
      runs: [],
      travel: [],
      rests: { stood: 0, ended: 0 },
    },
  ]);
  const fits = fitLine(nominalLineModel(plantOf(live)), observations);
  const mean = (model: ReturnType<typeof branchLineModel>) => {
    const { time } = model.stations.find((station) => station.id === "S90")!.cycle;
    if (time.kind === "empirical") return time.values.reduce((sum, value) => sum + value, 0) / time.values.length;
    return "mean" in time ? time.mean : Number.NaN;
  };
  const before = branchLineModel(plantOf(live), plantOf(live), fits);
  const after = branchLineModel(plantOf(live), plantOf(branch), fits);
  expect(mean(before)).toBeCloseTo(200, 0);
  expect(mean(after) / mean(before)).toBeCloseTo(0.5, 6);
  const leakTest = after.stations.find((station) => station.id === "S90")!;
  expect(leakTest.places).toBe(7);
  expect(leakTest.stops![0]!.duration).toMatchObject({ mean: 2 * 2700 });
  expect(after.carriers![0]!.count).toBe(30);
  expect(branchLineModel(plantOf(live), plantOf(live), fits)).toEqual(before);
});

test("[D6] factors name the property, its class and a range that holds the present value", () => {
  const { reader } = documents();
  const list = factors(readPlant(reader)!);
  expect(new Set(list.map((factor) => factor.key)).size).toBe(list.length);
  for (const factor of list) {
    expect(Number((reader.get(factor.elementId) as { value?: string } | undefined)?.value)).toBe(factor.asIs);
    expect(factor.min, factor.key).toBeLessThanOrEqual(factor.asIs);
    expect(factor.max, factor.key).toBeGreaterThanOrEqual(factor.asIs);
    expect(factor.max).toBeGreaterThan(factor.min);
    expect(factor.label.zh).not.toBe(factor.label.en);
  }
  expect(list.find((factor) => factor.key === "S90/NumberOfPlaces")).toMatchObject({
    station: "S90",
    asIs: 6,
    min: 1,
    max: 12,
    step: 1,
    group: "places",
    propertyClass: "logistics",
  });
  expect(list.find((factor) => factor.key === "S90/RejectRate")).toMatchObject({ propertyClass: "quality" });
  // the parameter of a factor is one that is fitted, and its nominal value is that of the property
  const nominalOf = new Map(
    fitLine(nominalLineModel(readPlant(reader)!), lineObservations([])).map(({ target: { kind, station, ...of }, nominal }) => [
      `${station}/${kind}/${String(Object.values(of)[0] ?? "")}`,
      nominal,
    ]),
  );
  const named = list.filter(({ parameter }) => parameter !== undefined);
  expect(named.length).toBeGreaterThan(5);
  for (const { station, parameter, asIs, unit } of named)
    expect(nominalOf.get(`${station!}/${parameter!}`), `${station!}/${parameter!}`).toBeCloseTo(unit === "min" ? asIs * 60 : asIs, 6);
  expect(list.find((factor) => factor.key === "S90/NumberOfPlaces")!.parameter).toBeUndefined();
  expect(list.map((factor) => factor.group)).toEqual(
    expect.arrayContaining(["places", "buffer", "carriers", "cycle", "operators", "repair", "interval"]),
  );
});

test("[D7] every station stands on the stage; one whose layout was edited is moved by the edit, the others stay", () => {
  const before = stage(plantOf(documents()));
  expect(before.stations.map((station) => station.id).toSorted()).toEqual(["R1", "S10", "S120", "S30", "S90", "T10"]);
  expect(before.stations.find((station) => station.id === "S90")!.places).toHaveLength(6);
  expect(before.paths.map((path) => path.id)).toEqual(expect.arrayContaining(["S10>S30", "T10>S30", "S90>R1", "R1>S90"]));
  const moved = documents();
  moved.set(submodelOf("S120", "Layout"), "PositionX", "30.5");
  moved.set(submodelOf("S120", "Layout"), "PositionY", "7");
  const after = stage(plantOf(moved));
  const centre = (of: typeof before, id: string) => of.stations.find((station) => station.id === id)!.footprint.centre;
  expect(centre(after, "S120")[0] - centre(before, "S120")[0]).toBeCloseTo(2.5, 9);
  // Three metres to the south are three metres towards the viewer.
  expect(centre(after, "S120")[1] - centre(before, "S120")[1]).toBeCloseTo(3, 9);
  expect(centre(after, "S90")).toEqual(centre(before, "S90"));
});

test("[D18] products are washing machines where documents say so, by a property or by titles; on any other line the stage says nothing of them", () => {
  const look = stage(plantOf(documents())).product!;
  for (const { kind, parameters } of Object.values(look)) {
    expect(kind).toBe("solids");
    expect((parameters as { readonly solids: readonly unknown[] }).solids.length).toBeLessThanOrEqual(64);
  }
  expect(new Set(Object.values(look).map((spec) => JSON.stringify(spec))).size).toBe(5);
  const line = submodelOf("Line1", "ProductionLine");
  const plain = JSON.parse(JSON.stringify(smallPlant()).replaceAll("Tub marriage", "Capping").replaceAll("外筒合装", "旋盖")) as ReturnType<
    typeof smallPlant
  >;
  expect(stage(plantOf(testDocuments(plain))).product).toBeUndefined();
  const titled = JSON.parse(JSON.stringify(plain).replaceAll('"Line 1"', '"Line 1 dryers"')) as typeof plain;
  expect(stage(plantOf(testDocuments(titled))).product).toEqual(look);
  const declared = (from: typeof plain, shape: string): typeof plain => ({
    ...from,
    submodels: from.submodels!.map((submodel) =>
      submodel.id === line
        ? {
            ...submodel,
            submodelElements: [
              ...submodel.submodelElements!,
              { modelType: "Property", idShort: "ProductShape", valueType: "xs:string", value: shape },
            ],
          }
        : submodel,
    ) as NonNullable<typeof plain.submodels>,
  });
  expect(stage(plantOf(testDocuments(declared(plain, "washing-machine")))).product).toEqual(look);
  expect(stage(plantOf(testDocuments(declared(titled, "bottle")))).product).toBeUndefined();
});

test("[D8] default alarm rules may all annunciate; the constraint comes first, and a signal in another unit gets none", () => {
  const plant = plantOf(documents());
  const rules = defaultAlarmRules(plant, smallPlantSignals());
  expect(rules.flatMap((rule) => alarmRuleProblems(rule))).toEqual([]);
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  const titled = (title: string) => rules.filter((rule) => rule.title.en === title);
  expect(titled("S90 has failed")).toMatchObject([{ priority: 1, onDelayS: 60, station: "S90", shell: shellOf("S90") }]);
  expect(titled("S120 has failed")).toMatchObject([{ priority: 2 }]);
  expect(titled("A place of S90 has failed")).toHaveLength(1);
  expect(titled("Film nearly used up at S120")).toHaveLength(1);
  expect(titled("Film nearly used up at S30")).toHaveLength(0);
  expect(titled("Gross leak at S90 place 6")).toMatchObject([
    { condition: { kind: "high", signal: "signal:S90.PressureDrop6", limit: 0.9 } },
  ]);
  expect(titled("No data from a connection")).toMatchObject([
    { condition: { kind: "noData", signals: ["signal:S120.FilmLeft", "signal:S30.FilmLeft"] }, suppressedBy: "S90" },
  ]);
  for (const rule of rules)
    for (const text of [rule.title, rule.cause, rule.consequence, rule.response]) expect(text.en + text.zh).not.toMatch(/[{}]/);
  expect(defaultAlarmRules(plant, smallPlantSignals())).toEqual(rules);
});

test("[D9] an estimate becomes a state from which the model runs on, with every part once", () => {
  const plant = plantOf(documents());
  const engine = createLineEngine(lineDefinition(plant, smallPlantSignals()), { zoneOffset: () => 60, extract: true });
  const at = (seconds: number) => MONDAY + seconds * 1_000_000;
  feed(engine, [
    ["S10.ItemState", 3, at(0)],
    ["S90.ItemState", 3, at(0)],
    ["S90.PlaceState2", 1, at(150)],
    ["T10.PartIn", "t1", at(1)],
    ["T10.PartOut", "t1", at(20)],
    ["T10.PartIn", "t2", at(21)],
    ["S10.Product", "WM7", at(1)],
    ["S10.PartIn", "a", at(2)],
    ["S10.PartOut", "a", at(35)],
    ["S10.PartIn", "b", at(36)],
    ["S30.PartIn", "a", at(50)],
    ["S30.TubSerial", "t1", at(51)],
    ["S10.PartOut", "b", at(70)],
    ["S30.PartOut", "a", at(120)],
    ["S90.PartIn", "a", at(140)],
    ["S10.PartIn", "c", at(195)],
  ]);
  engine.advance(at(200));
  const model = nominalLineModel(plant, { utcOffsetS: 3600 });
  const state = lineStateOf(engine.estimate(), model);
  const parts = [...state.places!.flatMap((place) => place.part ?? []), ...state.buffers!.flatMap((buffer) => buffer.parts)];
  expect(parts).toHaveLength(4);
  expect(new Set(parts.map((part) => part.serial)).size).toBe(4);
  expect(state.places!.find((place) => place.station === "S90" && place.place === 0)).toMatchObject({
    elapsedS: 60,
    phase: "work",
    part: { product: "WM7", enteredAt: at(2) },
  });
  expect(state.places!.find((place) => place.station === "S90" && place.place === 1)).toMatchObject({
    stop: { id: "failure", phase: "repair", elapsedS: 50 },
  });
  expect(state.program).toEqual({ product: "WM7", released: { count: 3, all: false } });
  const run = runLine(model, { seed: 2, startInstant: at(200), endInstant: MONDAY + 2 * HOUR, initialState: state });
  expect(run.conservation.balanced).toBe(true);
  expect(run.good).toBeGreaterThan(50);
});

test("[D10] the pack is one of the kit's", () => {
  const { reader } = documents();
  expect(discreteLine.id).toBe("discrete-line");
  expect(discreteLine.readPlant(reader)).toEqual(readPlant(reader));
});

function feed(
  engine: ReturnType<typeof createLineEngine>,
  rows: readonly (readonly [signal: string, value: number | string, at: number])[],
): void {
  const ids = [...new Set(rows.map(([signal]) => `signal:${signal}`))];
  const batch: SampleBatch = {
    origin: "measured",
    count: rows.length,
    signals: Uint32Array.from(rows, ([signal]) => ids.indexOf(`signal:${signal}`)),
    values: Float64Array.from(rows, ([, value]) => (typeof value === "number" ? value : Number.NaN)),
    texts: new Map(rows.flatMap(([, value], index) => (typeof value === "string" ? [[index, value] as const] : []))),
    qualities: new Uint8Array(rows.length),
    sourceTimes: Float64Array.from(rows, ([, , at]) => at),
    serverTimes: Float64Array.from(rows, ([, , at]) => at),
  };
  engine.step(batch, ids);
}

test("[D11] work elements are read from the line; what names nothing that is there is told", () => {
  const { reader } = testDocuments(
    smallPlantWithWork([
      { Id: "load", Title: "Load", Station: "S10", Time: 20, Fixed: true },
      { Id: "wipe", Station: "S10", Time: 14, After: "load, sofa" },
      { Id: "wipe", Station: "S30", Time: 1 },
      { Id: "fly", Station: "S99", Time: 1 },
    ]),
  );
  const { work, findings } = readPlant(reader)!;
  expect(work.map(({ id, title, station, fixed, after, time }) => [id, title.en, station, fixed, after, time.value])).toEqual([
    ["load", "Load", "S10", true, [], 20],
    ["wipe", "wipe", "S10", false, ["load"], 14],
  ]);
  expect(findings.map(({ en }) => en).filter((finding) => finding.includes("work element"))).toEqual([
    "the work element wipe needs an id of its own, a station of the line and a time",
    "the work element fly needs an id of its own, a station of the line and a time",
    "the work element wipe comes after one that is not there: sofa",
  ]);
  expect(plantOf(documents()).work).toEqual([]);
});

test("[D12] every line of the documents is read; what stands for one and is none is named", () => {
  const { assetAdministrationShells: shells = [], submodels = [] } = smallPlant();
  const twin = JSON.parse(
    JSON.stringify({ shells, submodels }).replaceAll("urn:test:", "urn:test:two:").replaceAll('"Line1"', '"Line2"'),
  ) as typeof submodels & { readonly shells: typeof shells; readonly submodels: typeof submodels };
  const orphan = { ...submodels.find(({ idShort }) => idShort === "ProductionLine")!, id: "urn:test:orphan" };
  const { reader } = testDocuments({
    assetAdministrationShells: [...shells, ...twin.shells],
    submodels: [...submodels, ...twin.submodels, orphan],
  } as never);
  const { lines, findings } = lineSource.read(reader);
  expect(lines.map(({ id, shell, stations }) => [id, shell, stations.length])).toEqual([
    ["Line1", "urn:test:shell:Line1", 6],
    ["Line2", "urn:test:two:shell:Line1", 6],
  ]);
  expect(findings).toEqual([
    {
      en: "the submodel urn:test:orphan describes a line and belongs to no shell",
      zh: expect.stringContaining("urn:test:orphan"),
    },
  ]);
});

test("[D13] under other names a line is the same line: its model, stage, rules and work name its stations so, and its documents say what they call them", () => {
  const { reader } = testDocuments(smallPlantWithWork([{ Id: "W1", Title: "press", Time: 20, Station: "S10" }]));
  const [line] = lineSource.read(reader).lines;
  const named = line!.renamed({
    id: "Two",
    stations: new Map([
      ["S10", "Two.S10"],
      ["S90", "Two.S90"],
    ]),
  });
  expect(named.definition(smallPlantSignals())).toMatchObject({
    id: "Two",
    constraint: "Two.S90",
    carriers: { from: "Two.S10", to: "S120" },
  });
  const model = named.model({ utcOffsetS: 3_600 });
  expect(validateLineModel(model)).toEqual([]);
  expect(model.stations.map(({ id }) => id)).toEqual(["T10", "Two.S10", "S30", "Two.S90", "R1", "S120"]);
  expect(named.stage().stations.map(({ id }) => id)).toContain("Two.S90");
  expect(named.alarmRules(smallPlantSignals()).some(({ station }) => station === "Two.S90")).toBe(true);
  expect(named.factors().map(({ key }) => key)).toContain("Two.S90/NumberOfPlaces");
  const { stations, work } = named.documents();
  expect(stations.find(({ id }) => id === "Two.S10")).toMatchObject({ name: "S10" });
  expect(stations.find(({ id }) => id === "S30")).not.toHaveProperty("name");
  expect(work).toMatchObject([{ id: "W1", station: "Two.S10" }]);
  // the numbers are those of the line as it was
  expect(JSON.stringify(model).replaceAll("Two.", "").replaceAll('"Two"', '"Line1"')).toBe(
    JSON.stringify(line!.model({ utcOffsetS: 3_600 })),
  );
});

test("[D14] a station without a cycle time takes the times of its log, with their mean as a factor; without either the cycle is assumed", () => {
  const environment = JSON.parse(JSON.stringify(smallPlant())) as ReturnType<typeof smallPlant>;
  const elementsOf = (id: string) =>
    environment.submodels!.find((submodel) => submodel.id === submodelOf(id, "Station"))!.submodelElements as unknown as {
      idShort?: string;
    }[];
  const without = (id: string) => {
    const elements = elementsOf(id);
    elements.splice(
      elements.findIndex(({ idShort }) => idShort === "IdealCycleTime"),
      1,
    );
    return elements;
  };
  const fact = (idShort: string, valueType: string, value: string) => ({ modelType: "Property", idShort, valueType, value });
  without("S10").push({
    modelType: "SubmodelElementCollection",
    idShort: "LoggedTimes",
    value: [fact("Visits", "xs:int", "40"), fact("Mean", "xs:double", "7200"), fact("Values", "xs:string", "3600 7200 10800")],
  } as never);
  without("S120");
  const plant = readPlant(testDocuments(environment).reader)!;
  const cycles = new Map(nominalLineModel(plant).stations.map(({ id, cycle }) => [id, cycle]));
  expect(cycles.get("S10")).toMatchObject({ time: { mean: 7_200, cv: 0.5 }, logged: { n: 40, valuesS: [3_600, 7_200, 10_800] } });
  expect(cycles.get("S10")!.idealS).toBeUndefined();
  expect(cycles.get("S120")).toMatchObject({ isAssumed: true });
  expect(cycles.get("T10")!.isAssumed).toBeUndefined();
  expect(validateLineModel(nominalLineModel(plant))).toEqual([]);
  expect(factors(plant).find(({ key }) => key === "S10/LoggedTimes")).toMatchObject({ asIs: 7_200, path: "LoggedTimes.Mean", unit: "s" });
  const parameters = fitLine(nominalLineModel(plant), { stations: [] });
  const cycleOf = (id: string) => parameters.find(({ target }) => target.kind === "cycle" && target.station === id);
  expect(cycleOf("S10")).toMatchObject({ n: 40, basis: "log" });
  expect(cycleOf("S120")).toMatchObject({ n: 0, basis: "assumed" });
});

test("[D15] a line that names no products makes parts of one kind", () => {
  const { stations, ...line } = plantOf(documents());
  const plant: Plant = { ...line, products: [], stations: stations.map((station) => ({ ...station, addedTimes: [], setUps: [] })) };
  const model = nominalLineModel(plant);
  expect(model.products).toEqual([{ id: "part" }]);
  expect(model.program).toBeUndefined();
  expect(validateLineModel(model)).toEqual([]);
});

test("[D20] any property of a product is an attribute that a set-up compares and screens call by its display name; one that no product has is a finding", () => {
  const edited = (attribute: string) =>
    plantOf(
      testDocuments(
        JSON.parse(
          JSON.stringify(smallPlant())
            .replaceAll(
              '"CartonFamily",',
              '"BottleSize","displayName":[{"language":"en","text":"Bottle"},{"language":"zh","text":"瓶型"}],',
            )
            .replaceAll(
              '"idShort":"Attribute","valueType":"xs:string","value":"Family"',
              `"idShort":"Attribute","valueType":"xs:string","value":"${attribute}"`,
            ),
        ) as ReturnType<typeof smallPlant>,
      ),
    );
  const plant = edited("BottleSize");
  expect(plant.products.map(({ attributes }) => attributes)).toEqual([
    { Family: "A", BottleSize: "L" },
    { Family: "B", BottleSize: "XL" },
  ]);
  expect(lineDefinition(plant, []).stations[1]!.setUps).toEqual([{ attribute: "BottleSize", durationS: 180 }]);
  expect(factors(plant).find(({ label }) => label.en.startsWith("Set-up"))?.label).toEqual({
    en: "Set-up on change of bottle",
    zh: "瓶型换型时间",
  });
  const alone = edited("Colour");
  expect(alone.findings.filter(({ en, zh }) => en.includes("Colour") && zh.includes("Colour"))).toHaveLength(1);
  expect(alone.products.map(({ attributes }) => attributes["Colour"])).toEqual(["WM7", "WM9"]);
});
