import { textOf } from "@doppelwerk/messages";
import { validate } from "@doppelwerk/aas";
import { expect, test } from "vitest";
import { brownfield } from "./brownfield.fixture.ts";
import type { KnownAsset, Offered, OfferedObject, OfferedVariable, SampleSummary } from "./offered.ts";
import type { Proposal } from "./proposal.ts";
import { propose } from "./propose.ts";

const offer = (parts: Partial<Offered>): Offered => ({
  source: "test",
  name: "Plant",
  objects: [],
  variables: [],
  truncated: false,
  ...parts,
});
const idShortOf = (proposal: Proposal) =>
  new Map((proposal.environment.assetAdministrationShells ?? []).map(({ id, idShort }) => [id, idShort ?? ""]));
const variable = (path: string, valueType: OfferedVariable["valueType"], more: Partial<OfferedVariable> = {}): OfferedVariable => ({
  path: path.split("/"),
  address: `nsu=urn:p;s=${path}`,
  valueType,
  ...more,
});
const rolesOf = (proposal: Proposal) => Object.fromEntries(proposal.signals.map(({ address, role }) => [address.split("s=")[1], role]));

function machine(id: string, properties: Record<string, string> = {}): { objects: OfferedObject[]; variables: OfferedVariable[] } {
  return {
    objects: [
      { path: ["Machines", id], displayName: `${id} press` },
      {
        path: ["Machines", id, "Identification"],
        type: { namespace: "http://opcfoundation.org/UA/Machinery/", name: "MachineIdentificationType" },
        properties: { Manufacturer: "Maker", SerialNumber: `${id}-1`, ...properties },
      },
    ],
    variables: [
      variable(`Machines/${id}/MachineryItemState/CurrentState`, "string"),
      variable(`Machines/${id}/Status/ItemState`, "enumeration", { hasHistory: true }),
      variable(`Machines/${id}/Production/Good`, "integer", { hasHistory: true }),
      variable(`Machines/${id}/Process/Force`, "double", { unit: "kN", low: 0, high: 60 }),
      variable(`Machines/${id}/Identification/Asset`, "string"),
    ],
  };
}

function machinery(ids: readonly string[], properties: Record<string, string> = {}): Offered {
  const all = ids.map((id) => machine(id, properties));
  return offer({ objects: all.flatMap(({ objects }) => objects), variables: all.flatMap(({ variables }) => variables) });
}

test("[O91] PackTags below a folder of their name are the machine's above it, in the line of its path, and a state by number is read as the standard numbers it", () => {
  const names = [
    "Undefined",
    "Clearing",
    "Stopped",
    "Starting",
    "Idle",
    "Suspended",
    "Execute",
    "Stopping",
    "Aborting",
    "Aborted",
    "Holding",
    "Held",
  ];
  const enumeration = names.map((name, value) => ({ name, value }));
  const of = (unit: string) => [
    variable(`acme/hall 1/line2/${unit}/packml/Status/StateCurrent/value`, "enumeration", { enumeration }),
    variable(`acme/hall 1/line2/${unit}/packml/Status/CurMachSpeed/value`, "double"),
    variable(`acme/hall 1/line2/${unit}/packml/Admin/ProdProcessedCount/0/AccCount`, "integer", { role: "Total" }),
  ];
  const proposal = propose(offer({ variables: [...of("filler"), ...of("capper")] }));
  const shells = [...idShortOf(proposal).values()];
  expect(shells).toEqual(expect.arrayContaining(["line2", "hall_1", "filler", "capper"]));
  expect(rolesOf(proposal)).toMatchObject({
    "acme/hall 1/line2/filler/packml/Status/StateCurrent/value": "VendorState",
    "acme/hall 1/line2/filler/packml/Status/CurMachSpeed/value": "CurMachSpeed",
  });
  const mapping = JSON.stringify(proposal.environment.submodels!.filter(({ idShort }) => idShort === "StateMapping"));
  expect(mapping).toMatch(/"value":"6".*?"value":"working"/);
  expect(proposal.unknowns.map(({ message }) => message.code)).not.toContain("operations.proposal.unmappedState");
  // a state in words is enough
  const worded = propose(
    offer({
      variables: [...of("filler"), variable("acme/hall 1/line2/filler/packml/Status/StateCurrentStr", "string", { role: "ItemState" })],
    }),
  );
  expect(Object.values(rolesOf(worded)).filter((role) => role === "VendorState")).toEqual([]);
});

test("[O95] stations are named and answered as people call them, umlauts are written out", () => {
  const activity = { namespace: "urn:doppelwerk:event-log", name: "Activity" };
  const log = offer({
    objects: ["锯切", "铣削", "Härten", "Größe prüfen"].map((name) => ({ path: [name], type: activity })),
    precedence: [
      { from: "锯切", to: "铣削", count: 9 },
      { from: "铣削", to: "Härten", count: 9 },
      { from: "Härten", to: "Größe prüfen", count: 9 },
    ],
  });
  const asked = propose(log);
  expect(asked.questions.find(({ id }) => id === "constraint:line")?.choices).toEqual(
    expect.arrayContaining(["锯切", "铣削", "Haerten", "Groesse_pruefen"]),
  );
  const answered = propose(log, { "constraint:line": "铣削" });
  expect(answered.unknowns.map(({ message }) => message.code)).not.toContain("operations.proposal.answerNotUnderstood");
  expect(JSON.stringify(answered.environment)).toContain('"ConstraintStation"');
});

test("[O95] shifts are answered in the words of the screen", () => {
  const lines = machinery(["A", "B"]);
  const shifts = (answer: string) =>
    JSON.stringify(propose(lines, { "shifts:line": answer }).environment.submodels!.find(({ idShort }) => idShort === "ProductionLine"));
  const english = shifts("Early 06:00-14:00 Mon Tue Sun; Late 14:00-22:00 Fri");
  expect(english).toContain("14:00");
  expect(shifts("Early 06:00-14:00 周一、周二，星期日；Late 14：00-22:00 周五")).toBe(english);
  expect(shifts("Early 06:00-14:00 Mo Di So; Late 14:00-22:00 Fr")).toBe(english);
});

test("[O104] of a machine only what is its own is told: no states of parts, no limits, no modes of other numbers, no line out of a stand at a fair", () => {
  const uri = "http://opcfoundation.org/UA/MachineTool/";
  const modes = ["Manual", "Automatic", "Setup"].map((name, value) => ({ name, value }));
  const own = ["None", "Maintenance", "Setup", "Processing"].map((name, value) => ({ name, value }));
  const proposal = propose(
    offer({
      objects: [
        { path: ["Mill"], type: { namespace: uri, name: "MachineToolType" }, properties: { Location: "EMO 9 F24" } },
        { path: ["Packer"], type: { namespace: "http://opcfoundation.org/UA/PackML/", name: "PackMLBaseObjectType" } },
        { path: ["Vision"], type: { namespace: "http://opcfoundation.org/UA/MachineVision", name: "VisionSystemType" } },
        { path: ["Saw"], type: { namespace: "http://opcfoundation.org/UA/Woodworking/", name: "WwMachineType" } },
      ],
      variables: [
        variable("Mill/Monitoring/MachineryItemState/CurrentState", "string"),
        variable("Mill/Monitoring/Slide/MachineryItemState/CurrentState", "string"),
        variable("Mill/Production/ActiveProgram/State/CurrentState", "string"),
        variable("Mill/Monitoring/MachineTool/OperationMode", "enumeration", { enumeration: modes }),
        variable("Mill/Monitoring/CoolantLevel/Value", "double", { unit: "%" }),
        variable("Mill/Monitoring/CoolantLevel/LowerErrorLevel", "double", { unit: "%" }),
        variable("Mill/Monitoring/InfeedForce/AnalogSignal", "double", { unit: "kN" }),
        variable("Mill/Monitoring/InfeedForce/AnalogSignal/HighLimit", "double", { unit: "kN" }),
        variable("Mill/Monitoring/OutfeedForce/AnalogSignal", "double", { unit: "kN" }),
        variable("Mill/Monitoring/OutfeedForce/AnalogSignal/HighLimit", "double", { unit: "kN" }),
        variable("Mill/Monitoring/Gas/Value", "double"),
        variable("Packer/Status/EquipmentBlocked", "boolean"),
        variable("Packer/BaseStateMachine/MachineState/ExecuteState/CurrentState", "string"),
        variable("Packer/OperationMode", "enumeration", { enumeration: own }),
        variable("Vision/Total", "integer"),
        variable("Saw/State/Machine/Overview/CurrentState", "enumeration"),
      ],
    }),
  );
  expect(rolesOf(proposal)).toEqual({
    "Mill/Monitoring/MachineryItemState/CurrentState": "ItemState",
    "Mill/Monitoring/Slide/MachineryItemState/CurrentState": "SlideState",
    "Mill/Production/ActiveProgram/State/CurrentState": "ActiveProgramState",
    "Mill/Monitoring/MachineTool/OperationMode": "ControllerMode",
    "Mill/Monitoring/CoolantLevel/Value": "Level",
    "Mill/Monitoring/CoolantLevel/LowerErrorLevel": "LowerErrorLevel",
    "Mill/Monitoring/InfeedForce/AnalogSignal": "Force",
    "Mill/Monitoring/InfeedForce/AnalogSignal/HighLimit": "HighLimit",
    "Mill/Monitoring/OutfeedForce/AnalogSignal": "Force",
    "Mill/Monitoring/OutfeedForce/AnalogSignal/HighLimit": "HighLimit",
    "Mill/Monitoring/Gas/Value": "Gas",
    "Packer/Status/EquipmentBlocked": "Blocked",
    "Packer/BaseStateMachine/MachineState/ExecuteState/CurrentState": "ExecuteState",
    "Packer/OperationMode": "OperationMode",
    "Vision/Total": "Total",
    "Saw/State/Machine/Overview/CurrentState": "VendorState",
  });
  expect(proposal.signals.map(({ idShort }) => idShort)).toEqual(
    expect.arrayContaining(["InfeedForce", "OutfeedForce", "InfeedForce_HighLimit"]),
  );
  expect(proposal.evidence.filter(({ kind }) => kind === "tree").map(({ subject }) => subject)).toEqual(["Plant"]);
  const shared = propose(machinery(["P1", "P2"], { Location: "Cell B" }));
  expect(shared.evidence.filter(({ kind }) => kind === "tree").map(({ subject }) => subject)).toEqual(["Cell_B"]);
});

test("[O105] what nobody set is not told, a standard's counts have their roles, and a cycle that is no time, a setting and the state of a sub-unit are what they are", () => {
  const ua = (name: string) => `http://opcfoundation.org/UA/${name}/`;
  const unset = { Manufacturer: "-", SerialNumber: "0000", YearOfConstruction: "0", MonthOfConstruction: "0", Model: "n/a" };
  const proposal = propose(
    offer({
      objects: [
        { path: ["Fräszentrum 12"], type: { namespace: ua("MachineTool"), name: "MachineToolType" }, properties: unset },
        {
          path: ["Machines", "Säge"],
          type: { namespace: ua("Woodworking"), name: "WwMachineType" },
          properties: { Manufacturer: "Weiß", YearOfConstruction: "2023" },
        },
        {
          path: ["Machines", "Laser", "Identification"],
          type: { namespace: ua("Machinery"), name: "MachineryComponentIdentificationType" },
          properties: { Manufacturer: "Lux" },
        },
        {
          path: ["RFID"],
          type: { namespace: ua("AutoID"), name: "RfidReaderDeviceType" },
          supertypes: [{ namespace: ua("AutoID"), name: "AutoIdDeviceType" }],
        },
      ],
      variables: [
        variable("Fräszentrum 12/Production/Statistics/PartsProducedInLifetime", "integer"),
        variable("Fräszentrum 12/Monitoring/Stacklight/LevelPercent", "double"),
        variable("Fräszentrum 12/Monitoring/SetTemperature", "double", { unit: "°C" }),
        variable("Machines/Säge/State/Machine/Overview/CurrentState", "enumeration"),
        variable("Machines/Säge/State/SubUnits/Motor/Overview/CurrentState", "enumeration"),
        variable("Machines/Säge/State/Machine/Values/AbsolutePiecesOut", "integer"),
        variable("Machines/Säge/State/Machine/Values/ActualCycle", "double"),
        variable("RFID/RuntimeParameters/ScanSettings/Cycles", "integer"),
        variable("Machines/Laser/MachineryItemState/CurrentState", "string"),
      ],
    }),
  );
  expect(rolesOf(proposal)).toEqual({
    "Fräszentrum 12/Production/Statistics/PartsProducedInLifetime": "Total",
    "Fräszentrum 12/Monitoring/Stacklight/LevelPercent": "LevelPercent",
    "Fräszentrum 12/Monitoring/SetTemperature": "SetTemperature",
    "Machines/Säge/State/Machine/Overview/CurrentState": "VendorState",
    "Machines/Säge/State/SubUnits/Motor/Overview/CurrentState": "MotorState",
    "Machines/Säge/State/Machine/Values/AbsolutePiecesOut": "Total",
    "Machines/Säge/State/Machine/Values/ActualCycle": "ActualCycle",
    "RFID/RuntimeParameters/ScanSettings/Cycles": "Cycles",
    "Machines/Laser/MachineryItemState/CurrentState": "ItemState",
  });
  const subjects = (kind: string) => proposal.evidence.filter((each) => each.kind === kind).map(({ subject }) => subject);
  expect(subjects("nameplate").toSorted()).toEqual(["Laser", "Saege"]);
  expect(subjects("asset")).toContain("Fraeszentrum_12");
  const unknown = (name: string) => proposal.unknowns.find(({ message }) => message.code === `operations.proposal.${name}`);
  // the laser is a station of the line though it only says that it is an item
  expect([unknown("noState")?.examples, unknown("noCount")?.examples]).toEqual([["Fraeszentrum_12"], ["Laser"]]);
});

for (const seed of [11, 12, 13]) {
  test(`[O92] [O93] brownfield, seed ${seed}: what is asserted is right, what is not understood is listed and left`, () => {
    const plant = brownfield(seed);
    const proposal = propose(offer({ variables: plant.variables }));
    const shells = idShortOf(proposal);
    const english = (station: string) => station.replace("工位", "Station");
    const right = proposal.signals.filter(({ address, role, shell }) => {
      const truth = plant.truth.get(address);
      return truth !== undefined && truth.role === role && english(truth.station) === shells.get(shell);
    });
    const [precision, recall] = [right.length / proposal.signals.length, right.length / plant.truth.size];
    console.log(
      `brownfield ${seed}: ${plant.variables.length} nodes, ${plant.truth.size} matter, ${proposal.signals.length} asserted, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    );
    expect(proposal.signals.length).toBeGreaterThan(150);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    const listed = proposal.unknowns
      .filter(({ message }) => message.code.startsWith("operations.proposal.notProposed"))
      .reduce((sum, { count }) => sum + count, 0);
    expect(listed).toBe(plant.variables.length - proposal.signals.length);
    expect(proposal.questions.length).toBeLessThanOrEqual(10);
    expect(validate(proposal.environment)).toEqual([]);
  });
}

test("[O90] shuffled nodes give the same proposal, another source other ids", () => {
  const offered = machinery(["S010", "S020", "S030"], { Location: "Hall 2/Line3" });
  const turned = { ...offered, objects: offered.objects.toReversed(), variables: offered.variables.toReversed() };
  expect(propose(turned)).toEqual(propose(offered));
  const other = propose({ ...offered, source: "other" });
  const own = new Set(idShortOf(propose(offered)).keys());
  expect([...idShortOf(other).keys()].some((id) => own.has(id))).toBe(false);
});

test("[O91] [O94] [O96] [O99] Machinery: a shell a machine with its nameplate, its place, and one item state, the one with an archive", () => {
  const proposal = propose(machinery(["S010", "S020"], { Location: "Hall 2/Line3", Model: "P 60", ProductCode: "P60" }));
  expect([...idShortOf(proposal).values()].toSorted()).toEqual(["Hall_2", "Line3", "S010", "S020"]);
  expect(rolesOf(proposal)).toMatchObject({
    "Machines/S010/Status/ItemState": "ItemState",
    "Machines/S010/MachineryItemState/CurrentState": "MachineryItemStateCurrentState",
    "Machines/S010/Production/Good": "Good",
    "Machines/S010/Process/Force": "Force",
  });
  expect(rolesOf(proposal)).not.toHaveProperty("Machines/S010/Identification/Asset");
  const nameplate = proposal.environment.submodels!.find(({ idShort }) => idShort === "Nameplate")!;
  expect(nameplate.submodelElements!.map(({ idShort }) => idShort)).toEqual([
    "ManufacturerName",
    "ManufacturerProductDesignation",
    "OrderCodeOfManufacturer",
    "SerialNumber",
  ]);
  expect(proposal.unknowns.map(({ message }) => message.code)).toContain("operations.proposal.noManufacturerAddress");
  expect(validate(proposal.environment)).toEqual([]);
  for (const { message, confidence } of proposal.evidence) {
    expect(textOf(message)).not.toContain("operations.");
    expect(confidence > 0 && confidence <= 1).toBe(true);
  }
});

test.each([
  ["http://opcfoundation.org/UA/MachineTool/", "MachineToolType"],
  ["http://opcfoundation.org/UA/Robotics/", "MotionDeviceSystemType"],
  ["http://opcfoundation.org/UA/PackML/", "PackMLBaseObjectType"],
  ["http://www.OPCFoundation.org/UA/2013/01/ISA95", "EquipmentType"],
  ["urn:mtconnect.org:MTConnectDevices:2.0", "Device"],
])("[O91] %s %s is an asset; a type of that name of another namespace is not", (namespace, name) => {
  const variables = [variable("A/Values/Whatever", "double"), variable("A/Values/Total", "integer")];
  const of = (uri: string) => propose(offer({ objects: [{ path: ["A"], type: { namespace: uri, name } }], variables }));
  expect(of(namespace).signals).toHaveLength(2);
  expect(of("urn:vendor").signals).toEqual([]);
});

test("[O91] PackTags make the unit above them an asset", () => {
  const proposal = propose(
    offer({
      variables: [
        variable("Line1/Filler/Status/StateCurrent", "enumeration", { role: "VendorState" }),
        variable("Line1/Filler/Admin/ProdProcessedCount/0/AccCount", "integer", { role: "Total", counter: "totaliser" }),
        variable("Line1/Weather/Outside", "double"),
      ],
    }),
  );
  expect(proposal.counts).toMatchObject({ assets: 1, signals: 2 });
});

test("[O92] a setting, yesterday's count, an I/O byte and a unit that contradicts are not taken", () => {
  const good = (station: string) => [
    variable(`P/DB_${station}/Zaehler_IO`, "integer"),
    variable(`P/DB_${station}/Taktzeit`, "double", { unit: "s" }),
  ];
  const proposal = propose(
    offer({
      variables: [
        ...good("ST010"),
        ...good("ST020"),
        variable("P/DB_ST010/Temp_Soll", "double", { unit: "°C" }),
        variable("P/DB_ST010/Zaehler_NIO_Vortag", "integer"),
        variable("P/DB_ST010/IO_Byte_3", "integer"),
        variable("P/DB_ST010/Druck", "double", { unit: "°C" }),
        variable("P/Diag/DB_ST010/Temperatur", "double", { unit: "°C" }),
        variable("P/DB_ST990x/Temperatur", "string"),
      ],
    }),
  );
  expect(Object.values(rolesOf(proposal)).toSorted()).toEqual(["Good", "Good", "LastCycle", "LastCycle"]);
});

test("[O94] [O95] two counts that fit alike: one question for all stations, and the answer decides for all", () => {
  const station = (id: string) => [
    variable(`P/${id}/Gutteile_gesamt`, "integer"),
    variable(`P/${id}/Zaehler_gut`, "integer"),
    variable(`P/${id}/Taktzeit`, "double", { unit: "s" }),
    variable(`P/${id}/Zustand`, "integer"),
  ];
  const offered = offer({ variables: ["ST010", "ST020", "ST030"].flatMap(station) });
  const asked = propose(offered);
  const question = asked.questions.find(({ id }) => id.startsWith("Good:"))!;
  expect(question.choices).toEqual(["Gutteile_gesamt", "Zaehler_gut"]);
  expect(Object.values(rolesOf(asked))).not.toContain("Good");
  const answered = propose(offered, { [question.id]: "Zaehler_gut", "takt:line": "abc", "shifts:line": "Early 06:00-14:00 Mon Tue" });
  expect(
    Object.entries(rolesOf(answered))
      .filter(([, role]) => role === "Good")
      .map(([path]) => path),
  ).toEqual(["ST010", "ST020", "ST030"].map((id) => `P/${id}/Zaehler_gut`));
  expect(answered.unknowns.map(({ message }) => textOf(message))).toContain("the answer to takt:line was not understood: abc");
  expect(JSON.stringify(answered.environment)).toContain("06:00");
  expect(JSON.stringify(answered.environment)).not.toContain('Takt"');
});

test("[O97] flow from an event log, against the names; rising numbers are asked", () => {
  const offered = machinery(["S010", "S020", "S030"]);
  const byName = propose(offered);
  expect(byName.evidence.filter(({ kind }) => kind === "flow").map(({ subject, confidence }) => [subject, confidence])).toEqual([
    ["S010 → S020", 0.7],
    ["S020 → S030", 0.7],
  ]);
  expect(byName.questions.some(({ id }) => id === "order:line")).toBe(true);
  const precedence = [
    { from: "S020", to: "S010", count: 90 },
    { from: "S010", to: "S020", count: 5 },
    { from: "S010", to: "S030", count: 85 },
    { from: "S030", to: "S020", count: 2 },
  ];
  const byLog = propose({ ...offered, precedence });
  expect(byLog.evidence.filter(({ kind }) => kind === "flow").map(({ subject }) => subject)).toEqual(["S010 → S030", "S020 → S010"]);
  expect(byLog.questions.some(({ id }) => id === "order:line")).toBe(false);
});

test("[O95] the question for the order of a long line stays a sentence", () => {
  const proposal = propose(machinery(Array.from({ length: 40 }, (_, n) => `ST${String(n + 10)}`)));
  const asked = proposal.questions.find(({ id }) => id.startsWith("order:"))!;
  expect(textOf(asked.message)).toBe(
    "Is this the order of Plant: ST10 ST11 ST12 ST13 ST14 ST15 ST16 ST17 ST18 … ST48 ST49 (40)? It is derived from the names only.",
  );
});

test("[O98] a range seen long enough is a candidate; a short look is none; nothing becomes an alarm rule", () => {
  const seen = (count: number, overS: number): SampleSummary => ({
    count,
    overS,
    min: 20.04,
    max: 61.23,
    rises: count / 2,
    falls: count / 2,
  });
  const offered = machinery(["S010"]);
  const withSamples = (samples: SampleSummary) => ({
    ...offered,
    variables: offered.variables.map((each) => (each.path.at(-1) === "Force" ? { ...each, samples } : each)),
  });
  const proposal = propose(withSamples(seen(5_000, 86_400)));
  expect(proposal.counts.candidates).toBe(1);
  const submodel = proposal.environment.submodels!.find(({ idShort }) => idShort === "AlarmCandidates");
  expect(JSON.stringify(submodel)).toContain("61.2");
  expect(validate(proposal.environment)).toEqual([]);
  expect(propose(withSamples(seen(20, 60))).counts.candidates).toBe(0);
});

test("[O91] what tells its position is a vehicle and no station of a line", () => {
  const cart = (id: string) =>
    ["PositionX", "PositionY", "VendorState"].map((name) => variable(`Fleet/${id}/${name}`, name === "VendorState" ? "string" : "double"));
  const objects = ["AGV1", "AGV2"].map((id) => ({ path: ["Fleet", id], type: { namespace: "urn:doppelwerk:sparkplug", name: "Device" } }));
  const { counts, environment } = propose(offer({ objects, variables: ["AGV1", "AGV2"].flatMap(cart) }));
  expect(counts).toMatchObject({ assets: 2, signals: 6, flows: 0 });
  expect(environment.submodels!.some(({ idShort }) => idShort === "Station" || idShort === "ProductionLine")).toBe(false);
});

test("[O90] several values of one meaning are named by the source, so that one more leaves the others what they are", () => {
  const of = (...names: string[]) => {
    const { objects } = machine("M1");
    const variables = names.map((name) => variable(`Machines/M1/${name}`, "double", { unit: "°C" }));
    return Object.fromEntries(
      propose(offer({ objects, variables })).signals.map(({ address, idShort }) => [address.split("/").at(-1), idShort]),
    );
  };
  const two = of("Temp_Lager", "温度");
  expect(two["Temp_Lager"]).toBe("Temperature_Temp_Lager");
  expect(of("Temp_Antrieb", "Temp_Lager", "温度")).toMatchObject(two);
});

test("[O92] hostile names: endless, empty and strange ones do no harm", () => {
  const names = [
    "x".repeat(100_000),
    "",
    "工".repeat(5_000),
    "ST1_ST2_ST3",
    "__proto__",
    "constructor",
    "ST\u0000010",
    "𓀀𓀁",
    "1234",
    "stückzahl".repeat(2_000),
  ];
  const variables = names.flatMap((name, i) => [
    variable(`A/${name}/Zaehler_IO`, "integer", { address: `a${i}` }),
    variable(`A/DB/${name}`, "integer", { address: `b${i}` }),
  ]);
  expect(validate(propose(offer({ variables })).environment)).toEqual([]);
});

test("[O100] the same machine over a second source joins the asset of the first: by serial number, by counters that stand alike, by an answer; never by its name alone", () => {
  const known = (id: string, more: Partial<KnownAsset> = {}): KnownAsset => ({
    shell: `urn:first:${id}`,
    source: "OPC UA",
    names: [id],
    roles: ["Good", "ItemState"],
    present: { Good: 4_711 },
    ...more,
  });
  const device = (
    id: string,
    good: number,
    properties: Record<string, string> = {},
  ): { object: OfferedObject; variables: OfferedVariable[] } => ({
    object: { path: ["G", "Node", id], type: { namespace: "urn:doppelwerk:sparkplug", name: "Device" }, properties },
    variables: [
      variable(`G/Node/${id}/Good`, "integer", { role: "Good", present: good }),
      variable(`G/Node/${id}/Temperature`, "double", { unit: "°C" }),
    ],
  });
  const run = (parts: ReturnType<typeof device>[], all: readonly KnownAsset[], answers = {}) =>
    propose(
      offer({ objects: parts.map(({ object }) => object), variables: parts.flatMap(({ variables }) => variables), known: all }),
      answers,
    );
  const shellOf = (proposal: Proposal, end: string) => proposal.signals.find(({ address }) => address.endsWith(end))?.shell;

  const counted = run([device("S010", 4_713), device("S020", 12_000)], [known("S010"), known("S020")]);
  expect(counted.counts).toMatchObject({ assets: 1, joined: 1 });
  expect(shellOf(counted, "S010/Temperature")).toBe("urn:first:S010");
  // what both tell stays with the first
  expect(shellOf(counted, "S010/Good")).toBeUndefined();
  expect(shellOf(counted, "S020/Good")).not.toBe("urn:first:S020");
  const joined = counted.evidence.find(({ shell, kind }) => shell === "urn:first:S010" && kind === "asset")!;
  expect(joined.confidence).toBe(0.93);
  expect(textOf(joined.message)).toBe(
    "the same machine as S010 of OPC UA: the names agree, and Good have the same count; Good remains with OPC UA",
  );

  const plate = { Manufacturer: "Muster AG", SerialNumber: "A-0815" };
  const serial = run(
    [device("Press", 1, plate)],
    [known("S010", { serialNumber: "A0815", manufacturer: "Muster" }), known("Press", { serialNumber: "X-1" })],
  );
  expect(shellOf(serial, "Press/Temperature")).toBe("urn:first:S010");
  const otherMaker = run([device("Press", 1, plate)], [known("S010", { serialNumber: "A0815", manufacturer: "Otto" })]);
  expect(otherMaker.counts.joined).toBe(0);

  const quiet = [known("S010", { present: {} })];
  const bare = run([device("S010", 4_713)], quiet);
  expect(bare.counts.joined).toBe(0);
  expect(bare.questions[0]).toMatchObject({ id: "same:OPC UA", choices: ["yes", "no"] });
  expect(run([device("S010", 4_713)], quiet, { "same:OPC UA": "yes" }).counts.joined).toBe(1);
  expect(run([device("S010", 4_713)], quiet, { "same:OPC UA": "no" }).counts.joined).toBe(0);
  expect(run([device("S010", 3)], [known("S010", { present: { Good: 3 } })]).counts.joined).toBe(0);
});

test("[O106] work times of a log become facts of the station of that name; of a step without times the cycle time is unknown", () => {
  const precedence = [
    { from: "S010", to: "s-020", count: 90 },
    { from: "s-020", to: "S030", count: 85 },
  ];
  const times = [
    {
      activity: "S 010",
      n: 90,
      meanS: 18_123.4567,
      valuesS: [3_600, 18_000.04, 40_000],
      places: 4,
      isBound: false,
      resources: [
        { resource: "M1", n: 80, meanS: 18_000, pooled: false },
        { resource: "M2", n: 3, meanS: 17_000, pooled: true },
      ],
    },
    { activity: "S020", n: 85, meanS: 300, valuesS: [300], places: 1, isBound: true, resources: [] },
  ];
  const proposal = propose({ ...machinery(["S010", "S020", "S030"]), precedence, times });
  expect(validate(proposal.environment)).toEqual([]);
  const stationOf = (id: string) =>
    JSON.stringify(
      proposal.environment.submodels!.filter(
        (submodel) =>
          submodel.idShort === "Station" &&
          submodel.id.startsWith(proposal.environment.assetAdministrationShells!.find(({ idShort }) => idShort === id)!.id),
      ),
    );
  expect(stationOf("S010")).toContain('"idShort":"Mean","valueType":"xs:double","value":"18120"');
  expect(stationOf("S010")).toContain('"value":"3600 18000 40000"');
  expect(stationOf("S010")).toContain('"value":"4"');
  expect(stationOf("S030")).not.toContain("LoggedTimes");
  const reasons = proposal.evidence.filter(({ kind }) => kind === "time").map(({ subject, message: reason }) => [subject, textOf(reason)]);
  expect(reasons).toEqual([
    [
      "S010.LoggedTimes",
      "90 visits in the event log, 5.03 h of work on average, at most 4 at one time; by 2 resources, 1 of them with too few visits for a mean of their own",
    ],
    [
      "S020.LoggedTimes",
      "85 visits in the event log, 5 min on average at most: the log has one time a row, so the wait before the work is included; at most 1 at one time",
    ],
  ]);
  const unknown = proposal.unknowns.find(({ message: { code } }) => code === "operations.proposal.noWorkTime");
  expect(unknown).toMatchObject({ count: 1, examples: ["S030"] });
});
