import { isWorkCentre, type PlaceKind } from "./place.ts";

/** Words that say a kind: the names of ISA-95 and B2MML (`EquipmentElementLevel`), and the usual ones of plants. */
const WORDS: Readonly<Record<string, PlaceKind>> = {
  enterprise: "enterprise",
  company: "enterprise",
  site: "site",
  plant: "site",
  factory: "site",
  area: "area",
  hall: "area",
  department: "area",
  processcell: "processCell",
  productionunit: "productionUnit",
  productionline: "productionLine",
  line: "productionLine",
  storagezone: "storageZone",
  warehouse: "storageZone",
  storage: "storageZone",
  utilitynetwork: "utilityNetwork",
  utilities: "utilityNetwork",
  utility: "utilityNetwork",
  workunit: "workUnit",
  workcell: "workUnit",
  unit: "workUnit",
  storageunit: "workUnit",
  equipmentmodule: "equipmentModule",
  controlmodule: "equipmentModule",
};

/** The kind that a value says (`ProductionLine`, `production line`, `WORK_UNIT`); undefined = no word of ours. */
export function kindOfText(text: string): PlaceKind | undefined {
  return WORDS[text.replaceAll(/[^A-Za-z]/g, "").toLowerCase()];
}

/** The kind in the last step of a semantic id: `urn:plant:isa95:Site`, `https://example.com/levels/Area/1/0`. */
export function kindOfSemanticId(id: string): PlaceKind | undefined {
  const step = id.split(/[/:#]/).findLast((part) => /[A-Za-z]/.test(part));
  return step === undefined ? undefined : kindOfText(step);
}

/** The kind in an idShort: the whole of it without its number, else its first or last word (`Hall2`, `SiteNorth`, `ColdStorage`). A `LineFeeder` is no line. */
export function kindOfIdShort(idShort: string): PlaceKind | undefined {
  const whole = kindOfText(idShort);
  if (whole !== undefined) return whole;
  const words = idShort.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).filter((word) => word !== "");
  return [words[0], words.at(-1)].map((word) => kindOfText(word ?? "")).find((kind) => kind !== undefined && kind !== "productionLine");
}

/** What is known of a place before its surroundings say the rest. */
export interface KindEvidence {
  /** By a property or a semantic id. */
  readonly said?: PlaceKind | undefined;
  readonly isLine: boolean;
  readonly isStation: boolean;
  /** It has a nameplate: a machine. */
  readonly isMachine: boolean;
  readonly idShort: string;
}

/** Height in the hierarchy: an enterprise above a site above an area above a work centre above a work unit. */
const LEVELS: Readonly<Record<PlaceKind, number>> = {
  enterprise: 5,
  site: 4,
  area: 3,
  processCell: 2,
  productionUnit: 2,
  productionLine: 2,
  storageZone: 2,
  utilityNetwork: 2,
  workUnit: 1,
  equipmentModule: 0,
};
const OF_LEVEL: readonly PlaceKind[] = ["equipmentModule", "workUnit", "area", "area", "site", "enterprise"];

/**
 * Kinds of places from what is said, else from what their shells are and what stands in them: what holds lines is an area, what holds areas a site, what
 * holds sites an enterprise; what stands in a work centre is a work unit, and what stands in that an equipment module.
 * @param order indexes, each after its parent
 * @param parents index of the parent, −1 = none
 */
export function kindsOf(evidence: readonly KindEvidence[], order: readonly number[], parents: readonly number[]): readonly PlaceKind[] {
  const heights = heightsOf(evidence, order, parents);
  const kinds: PlaceKind[] = Array.from({ length: evidence.length });
  for (const index of order) {
    const parent = parents[index]!;
    kinds[index] = kindOf(evidence[index]!, heights[index]!, parent < 0 ? undefined : kinds[parent]);
  }
  return kinds;
}

/** The level that a place has to have for what stands in it; 0 = nothing does. */
function heightsOf(evidence: readonly KindEvidence[], order: readonly number[], parents: readonly number[]): readonly number[] {
  const heights = evidence.map(() => 0);
  for (const index of order.toReversed()) {
    const parent = parents[index]!;
    if (parent >= 0)
      heights[parent] = Math.max(heights[parent]!, Math.min(LEVELS.enterprise, levelOf(evidence[index]!, heights[index]!) + 1));
  }
  return heights;
}

function levelOf({ said, isLine, isStation, isMachine, idShort }: KindEvidence, height: number): number {
  if (said !== undefined) return LEVELS[said];
  if (isLine) return LEVELS.productionLine;
  if (isStation || (isMachine && height < LEVELS.area)) return LEVELS.workUnit;
  const named = height < LEVELS.area ? kindOfIdShort(idShort) : undefined;
  if (named !== undefined) return LEVELS[named];
  // what holds work units is an area
  return height > LEVELS.workUnit ? Math.max(LEVELS.area, height) : LEVELS.workUnit;
}

function kindOf({ said, isLine, isStation, isMachine, idShort }: KindEvidence, height: number, parent: PlaceKind | undefined): PlaceKind {
  if (said !== undefined) return said;
  if (isLine) return "productionLine";
  if (isStation) return "workUnit";
  if (parent === "workUnit" || parent === "equipmentModule") return "equipmentModule";
  if (parent !== undefined && isWorkCentre(parent)) return "workUnit";
  const named = kindOfIdShort(idShort);
  if (named !== undefined && LEVELS[named] < levelBelow(parent)) return named;
  // a machine of which parts are listed, not a hall
  if (isMachine && height < LEVELS.area) return "workUnit";
  return OF_LEVEL[Math.min(Math.max(height, LEVELS.workUnit), levelBelow(parent) - 1)]!;
}

/** Above the highest level that may stand in a parent: areas stand in areas, enterprises in enterprises. */
function levelBelow(parent: PlaceKind | undefined): number {
  if (parent === undefined || parent === "enterprise") return LEVELS.enterprise + 1;
  return LEVELS.area + 1;
}
