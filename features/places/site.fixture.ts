import type { Environment, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { smallPlant, smallPlantSignals } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import type { SignalRecord } from "@doppelwerk/world";

// Engineering shells of places, as the hierarchies of IDTA 02011 hold them, and a site of them around the small line.

const BASE = "https://admin-shell.io/idta/HierarchicalStructures";

export interface PlaceSketch {
  readonly id: string;
  readonly en?: string;
  readonly zh?: string;
  /** Of `EquipmentLevel`. */
  readonly level?: string;
  /** What stands in it (archetype OneDown). */
  readonly holds?: readonly string[];
  /** What it stands in (archetype OneUp). */
  readonly standsIn?: readonly string[];
  /** Relationships beside the entities. */
  readonly relations?: readonly (readonly ["HasPart" | "IsPartOf", first: string, second: string])[];
  readonly position?: readonly [x: number, y: number];
  readonly assetKind?: "Instance" | "Type";
  /** AAS ids of further submodels of the shell. */
  readonly submodels?: readonly string[];
}

export const shellOf = (id: string) => `urn:test:shell:${id}`;
export const assetOf = (id: string) => `urn:test:asset:${id}`;

const external = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });
const property = (idShort: string, value: string | number): SubmodelElement =>
  ({
    modelType: "Property",
    idShort,
    valueType: typeof value === "number" ? "xs:double" : "xs:string",
    value: String(value),
  }) as SubmodelElement;
const entity = (idShort: string, id: string | undefined, statements: readonly SubmodelElement[] = []): SubmodelElement =>
  ({
    modelType: "Entity",
    idShort,
    entityType: id === undefined ? "CoManagedEntity" : "SelfManagedEntity",
    ...(id === undefined ? {} : { globalAssetId: assetOf(id) }),
    ...(statements.length > 0 && { statements }),
  }) as SubmodelElement;

/** A submodel HierarchicalStructures whose entities are given. */
export function hierarchy(id: string, archetype: string, elements: readonly SubmodelElement[]): Submodel {
  return {
    modelType: "Submodel",
    idShort: "HierarchicalStructures",
    id: `${shellOf(id)}:hierarchy`,
    semanticId: external(`${BASE}/1/1/Submodel`),
    submodelElements: [property("ArcheType", archetype), ...elements],
  } as Submodel;
}

export { entity, property };

export function placesEnvironment(sketches: readonly PlaceSketch[]): Environment {
  const shells: Shell[] = [];
  const submodels: Submodel[] = [];
  for (const sketch of sketches) {
    const own = [...hierarchiesOf(sketch), ...layoutOf(sketch)];
    submodels.push(...own);
    shells.push({
      modelType: "AssetAdministrationShell",
      id: shellOf(sketch.id),
      idShort: sketch.id,
      ...(sketch.en !== undefined && {
        displayName: [{ language: "en", text: sketch.en }, ...(sketch.zh === undefined ? [] : [{ language: "zh", text: sketch.zh }])],
      }),
      assetInformation: { assetKind: sketch.assetKind ?? "Instance", globalAssetId: assetOf(sketch.id) },
      submodels: [...own.map(({ id }) => id), ...(sketch.submodels ?? [])].map((value) => ({
        type: "ModelReference",
        keys: [{ type: "Submodel", value }],
      })),
    } as Shell);
  }
  return { assetAdministrationShells: shells, submodels };
}

function hierarchiesOf({ id, level, holds = [], standsIn = [], relations = [] }: PlaceSketch): readonly Submodel[] {
  if (level === undefined && holds.length === 0 && standsIn.length === 0) return [];
  const path = (name: string) => ({
    type: "ModelReference",
    keys: [
      { type: "Submodel", value: `${shellOf(id)}:hierarchy` },
      { type: "Entity", value: "EntryNode" },
      ...(name === id ? [] : [{ type: "Entity", value: name }]),
    ],
  });
  const nodes = [...holds, ...standsIn].map((name) => entity(name, name));
  const related = relations.map(
    ([name, first, second], at) =>
      ({ modelType: "RelationshipElement", idShort: `${name}${at}`, first: path(first), second: path(second) }) as SubmodelElement,
  );
  const archetype = standsIn.length > 0 && holds.length === 0 ? "OneUp" : "OneDown";
  return [
    hierarchy(id, archetype, [
      ...(level === undefined ? [] : [property("EquipmentLevel", level)]),
      entity("EntryNode", id, nodes),
      ...related,
    ]),
  ];
}

function layoutOf({ id, position }: PlaceSketch): readonly Submodel[] {
  if (position === undefined) return [];
  const [x, y] = position;
  return [
    {
      modelType: "Submodel",
      idShort: "Layout",
      id: `${shellOf(id)}:layout`,
      submodelElements: [property("PositionX", x), property("PositionY", y)],
    } as Submodel,
  ];
}

/** An enterprise with one site: a hall with the small line and one that has no signals yet, utilities without a flow, and a warehouse. */
export function sitePlaces(): Environment {
  const line = smallPlant();
  const places = placesEnvironment([
    { id: "Enterprise", en: "Doppelwerk Appliances", zh: "家电集团", holds: ["Site"] },
    { id: "Site", en: "Wuxi plant", zh: "无锡工厂", holds: ["Hall2", "Energy", "Store"] },
    { id: "Hall2", en: "Hall 2", zh: "2 号厂房", holds: ["Line1", "Line4"] },
    { id: "Line4", en: "Line 4", zh: "4 号线", level: "ProductionLine", position: [10, 30] },
    { id: "Energy", en: "Utilities", zh: "公用工程", level: "UtilityNetwork", holds: ["Air", "Power"] },
    { id: "Air", en: "Compressed air", zh: "压缩空气", position: [44, 8] },
    { id: "Power", en: "Power feed", zh: "供电", position: [44, 14] },
    { id: "Store", en: "Warehouse", zh: "仓库", level: "StorageZone", position: [44, 26] },
  ]);
  return {
    assetAdministrationShells: [...places.assetAdministrationShells!, ...line.assetAdministrationShells!],
    submodels: [...places.submodels!, ...line.submodels!],
  };
}

export const BENCH = "connection:bench";

/** Signals of the site, all of them entered over one connection. */
export function siteSignals(): readonly SignalRecord[] {
  const signal = (shell: string, name: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
    id: `signal:${shell}.${name}`,
    kind: "signal",
    name,
    valueType: "double",
    shell: shellOf(shell),
    connection: BENCH,
    address: `${shell}.${name}`,
    ...more,
  });
  const roles = ["ItemState", "Total", "Good", "Reject"];
  return [
    ...smallPlantSignals()
      .filter(({ id, role }) => id.startsWith("signal:S90.") && roles.includes(role ?? ""))
      .map((own) => ({ ...own, connection: BENCH, address: own.role! })),
    signal("Air", "Pressure", { unit: "bar", low: 5.8, high: 7.5, names: { en: "Air main", zh: "主管压力" } }),
    signal("Air", "Energy", { unit: "kWh", counter: { type: "totaliser" } }),
    signal("Power", "ActivePower", { unit: "kW", names: { en: "Power", zh: "有功功率" } }),
    signal("Store", "MotorsHours", { unit: "h", low: 2, names: { en: "Motors", zh: "电机库存" } }),
  ];
}

/** The same with shifts round the clock, so that one runs whenever a test does; the first begins at an hour of the day. */
export function aroundTheClock(environment: Environment, first = 6): Environment {
  const hour = (of: number): string => `${String(of % 24).padStart(2, "0")}:00`;
  const shift = (name: string, start: string, end: string) => ({
    modelType: "SubmodelElementCollection",
    value: [
      property("Name", name),
      property("Start", start),
      property("End", end),
      property("Days", "Mon Tue Wed Thu Fri Sat Sun"),
      property("Breaks", ""),
    ],
  });
  const shifts = ["Early", "Late", "Night"].map((name, at) => shift(name, hour(first + 8 * at), hour(first + 8 * at + 8)));
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    if ((value as { readonly idShort?: string }).idShort === "Shifts") return { ...value, value: shifts };
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, replaced(field)]));
  };
  return replaced(environment) as Environment;
}
