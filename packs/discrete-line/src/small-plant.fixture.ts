import type { SignalRecord } from "@doppelwerk/kit";
import type { Environment, Submodel, SubmodelElement } from "@doppelwerk/kit/testing";

// A small plant for tests: tubs T10 joined at S30 to cabinets from S10, leak test S90 with rework R1, packing S120. Kits come to S30 by vehicle.

const property = (idShort: string, value: string | number | boolean): SubmodelElement =>
  ({
    modelType: "Property",
    idShort,
    valueType: typeof value === "number" ? "xs:double" : typeof value === "boolean" ? "xs:boolean" : "xs:string",
    value: String(value),
  }) as SubmodelElement;

const collection = (values: Readonly<Record<string, string | number | boolean>>, idShort?: string): SubmodelElement =>
  ({
    modelType: "SubmodelElementCollection",
    ...(idShort ? { idShort } : {}),
    value: Object.entries(values).map(([name, value]) => property(name, value)),
  }) as SubmodelElement;

const list = (idShort: string, items: readonly SubmodelElement[]): SubmodelElement =>
  ({
    modelType: "SubmodelElementList",
    idShort,
    typeValueListElement: "SubmodelElementCollection",
    ...(items.length > 0 ? { value: items } : {}),
  }) as SubmodelElement;

const submodel = (id: string, idShort: string, elements: readonly SubmodelElement[], semantic?: string): Submodel =>
  ({
    modelType: "Submodel",
    id,
    idShort,
    ...(semantic ? { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: semantic }] } } : {}),
    submodelElements: elements,
  }) as Submodel;

interface Row {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly kind: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly added?: Readonly<Record<string, number>>;
  readonly setUps?: readonly { readonly Attribute: string; readonly Duration: number }[];
  readonly x: number;
}

const ROWS: readonly Row[] = [
  {
    id: "T10",
    en: "T10 Bearing press",
    zh: "T10 轴承压装",
    kind: "press",
    x: 0,
    values: {
      NumberOfPlaces: 1,
      IdealCycleTime: 32,
      BufferCapacity: 3,
      Operators: 0,
      MeanOperatingTimeBetweenFailures: 600,
      MeanTimeToRepair: 15,
    },
  },
  {
    id: "S10",
    en: "S10 Cabinet load",
    zh: "S10 箱体上线",
    kind: "robot",
    x: 6,
    values: { NumberOfPlaces: 1, IdealCycleTime: 34, BufferCapacity: 4, Operators: 0 },
    setUps: [{ Attribute: "Family", Duration: 180 }],
  },
  {
    id: "S30",
    en: "S30 Tub marriage",
    zh: "S30 外筒合装",
    kind: "workplace",
    x: 12,
    values: { NumberOfPlaces: 2, IdealCycleTime: 70, BufferCapacity: 4, Operators: 1 },
    added: { WM9: 30 },
  },
  {
    id: "S90",
    en: "S90 Leak test",
    zh: "S90 泄漏测试",
    kind: "leak-test-rack",
    x: 20,
    values: {
      NumberOfPlaces: 6,
      PlacesFailAlone: true,
      IdealCycleTime: 208,
      BufferCapacity: 8,
      Operators: 0,
      MeanOperatingTimeBetweenFailures: 1800,
      MeanTimeToRepair: 45,
      RejectRate: 0.035,
      RetestRejectRate: 0.12,
      MaxTries: 3,
      RejectTo: "R1",
    },
  },
  {
    id: "R1",
    en: "R1 Rework",
    zh: "R1 返修",
    kind: "rework-bench",
    x: 20,
    values: { NumberOfPlaces: 2, IdealCycleTime: 540, BufferCapacity: 8, Operators: 1 },
  },
  {
    id: "S120",
    en: "S120 Packing",
    zh: "S120 包装",
    kind: "machine",
    x: 28,
    values: { NumberOfPlaces: 1, IdealCycleTime: 33, BufferCapacity: 6, Operators: 0, MicroStopInterval: 18, MicroStopDuration: 60 },
  },
];

export const shellOf = (id: string) => `urn:test:shell:${id}`;
export const submodelOf = (id: string, name: string) => `urn:test:submodel:${id}:${name}`;

export function smallPlant(): Environment {
  const submodels: Submodel[] = [];
  const shells = ROWS.map((row) => {
    const own = [
      submodel(submodelOf(row.id, "Station"), "Station", [
        ...Object.entries(row.values).map(([name, value]) => property(name, value)),
        list(
          "ProductCycleTimes",
          Object.entries(row.added ?? {}).map(([Product, AddedTime]) => collection({ Product, AddedTime })),
        ),
        list(
          "SetUps",
          (row.setUps ?? []).map((setUp) => collection(setUp)),
        ),
      ]),
      submodel(submodelOf(row.id, "Layout"), "Layout", [
        property("PartKind", row.kind),
        property("PositionX", row.x),
        property("PositionY", 10),
        property("Rotation", 0),
      ]),
      submodel(submodelOf(row.id, "StateMapping"), "StateMapping", [
        property("Version", 4),
        list("Words", [
          collection({ Word: "20", State: "working", Cause: "internal" }),
          collection({ Word: "40", State: "minor stop", Cause: "internal" }),
          collection({ Word: "99", State: "gibberish", Cause: "internal" }),
        ]),
        property("BlockedBit", row.id !== "S10"),
        property("StarvedBit", true),
        property("Neighbours", true),
      ]),
    ];
    submodels.push(...own);
    return shell(row.id, row.en, row.zh, own);
  });
  const fleet = submodel(submodelOf("Fleet", "Layout"), "Layout", [
    property("PartKind", "agv"),
    property("PositionX", 2),
    property("PositionY", 1),
    property("Rotation", 0),
  ]);
  const line = productionLine();
  submodels.push(fleet, line);
  return {
    assetAdministrationShells: [...shells, shell("Fleet", "Vehicles", "车队", [fleet]), shell("Line1", "Line 1", "1 号线", [line])],
    submodels,
  } as Environment;
}

function productionLine(): Submodel {
  const flow = (From: string, To: string, Kind: string) => collection({ From, To, Kind, TravelTime: 10, Length: 4 });
  return submodel(
    submodelOf("Line1", "ProductionLine"),
    "ProductionLine",
    [
      property("Takt", 36),
      property("ConstraintStation", "S90"),
      property("NumberOfCarriers", 40),
      property("CarrierFrom", "S10"),
      property("CarrierTo", "S120"),
      property("DirectOperators", 6),
      property("MaintenanceTechnicians", 2),
      list(
        "Stations",
        ROWS.map(
          (row) =>
            ({
              modelType: "SubmodelElementCollection",
              value: [
                property("Station", row.id),
                {
                  modelType: "ReferenceElement",
                  idShort: "Shell",
                  value: { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: shellOf(row.id) }] },
                },
              ],
            }) as SubmodelElement,
        ),
      ),
      list("Flows", [
        flow("T10", "S30", "assembly"),
        flow("S10", "S30", "main"),
        flow("S30", "S90", "main"),
        flow("S90", "S120", "main"),
        flow("S90", "R1", "reject"),
        flow("R1", "S90", "return"),
      ]),
      list("Products", [
        collection({ Id: "WM7", Family: "A", CartonFamily: "L", Share: 0.7, BatchMin: 20, BatchMax: 60 }),
        collection({ Id: "WM9", Family: "B", CartonFamily: "XL", Share: 0.3, BatchMin: 20, BatchMax: 40 }),
      ]),
      list("Shifts", [
        collection({ Name: "Early", Start: "06:00", End: "14:00", Days: "Mon Tue Wed Thu Fri", Breaks: "09:00/30 12:00/10" }),
        collection({ Name: "Night", Start: "22:00", End: "06:00", Days: "Mon", Breaks: "02:00/30" }),
      ]),
      property("TimeZone", "Europe/Berlin"),
      collection({ NumberOfAgvs: 2, Speed: 1.2, KitsPerTrip: 24, BatteryHours: 6, Station: "S30" }, "Logistics"),
    ],
    "urn:doppelwerk:submodel:production-line:1:0",
  );
}

function shell(idShort: string, en: string, zh: string, submodels: readonly Submodel[]) {
  return {
    modelType: "AssetAdministrationShell",
    id: shellOf(idShort),
    idShort,
    displayName: [
      { language: "en", text: en },
      { language: "zh", text: zh },
    ],
    assetInformation: { assetKind: "Instance", globalAssetId: `urn:test:asset:${idShort}` },
    submodels: submodels.map(({ id }) => ({ type: "ModelReference", keys: [{ type: "Submodel", value: id }] })),
  };
}

const TEXT_ROLES: readonly string[] = ["Product", "PartIn", "PartOut"];

/** The signals that a connection would have made of it. */
export function smallPlantSignals(): readonly SignalRecord[] {
  const roles = ["ItemState", "VendorState", "Blocked", "Starved", "Total", "Good", "Reject", "LastCycle", "Product", "PartIn", "PartOut"];
  const of = (station: string, role: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
    id: `signal:${station}.${role}`,
    kind: "signal",
    name: `Line1.${station}.${role}`,
    valueType: TEXT_ROLES.includes(role) ? "string" : "double",
    shell: shellOf(station),
    role,
    connection: "connection:opcua",
    ...more,
  });
  return [
    ...ROWS.flatMap((row) => roles.map((role) => of(row.id, role))),
    ...[1, 2, 3, 4, 5, 6].flatMap((place) => [of("S90", `PlaceState${place}`), of("S90", `PressureDrop${place}`, { unit: "kPa" })]),
    of("S10", "PlaceState2"),
    of("S30", "TubSerial", { valueType: "string" }),
    of("S90", "LabelSerial", { valueType: "string" }),
    of("S120", "FilmLeft", { unit: "%", aliveS: 120 }),
    of("S30", "FilmLeft", { unit: "m", aliveS: 200 }),
  ];
}

/** The small plant, whose line knows its work in these elements too. */
export function smallPlantWithWork(elements: readonly Readonly<Record<string, string | number | boolean>>[]): Environment {
  const plant = smallPlant();
  const work = submodel(
    submodelOf("Line1", "WorkElements"),
    "WorkElements",
    [
      list(
        "Elements",
        elements.map((element) => collection(element)),
      ),
    ],
    "urn:doppelwerk:submodel:work-elements:1:0",
  );
  return {
    ...plant,
    submodels: [...plant.submodels!, work],
    assetAdministrationShells: plant.assetAdministrationShells!.map((one) =>
      one.idShort === "Line1"
        ? { ...one, submodels: [...one.submodels!, { type: "ModelReference", keys: [{ type: "Submodel", value: work.id }] }] }
        : one,
    ),
  } as Environment;
}
