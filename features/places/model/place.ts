import type { LocalText } from "@doppelwerk/kit";
import type { Message } from "@doppelwerk/messages";
import type { RecordId } from "@doppelwerk/world";

/** Levels of the equipment hierarchy of ISA-95 (IEC 62264-1 §5.3), outermost first; `utilityNetwork` is a work centre that makes no product. */
export const PLACE_KINDS = [
  "enterprise",
  "site",
  "area",
  "processCell",
  "productionUnit",
  "productionLine",
  "storageZone",
  "utilityNetwork",
  "workUnit",
  "equipmentModule",
] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** Metres on the floor of the plant, y to the north: the middle, and the size where it is given. */
export interface PlaceLayout {
  readonly x: number;
  readonly y: number;
  readonly length?: number;
  readonly width?: number;
  /** Degrees against the clock. */
  readonly rotation?: number;
  /** The part of the 3D library that it looks like, as the documents name it. */
  readonly part?: string;
  /** The submodel that says it: who may not read that does not see where the place is. */
  readonly submodel: RecordId;
}

export interface Place {
  /** Record id of its shell: the same wherever the place is moved to. */
  readonly id: RecordId;
  /** AAS id of its shell. */
  readonly shell: string;
  readonly idShort: string;
  readonly title: LocalText;
  readonly kind: PlaceKind;
  readonly parent: RecordId | undefined;
  readonly layout?: PlaceLayout;
  /** AAS id of the shell whose energy its meter counts, where it is not its own. */
  readonly meters?: string;
}

/** What is wrong with the hierarchy as the shells say it. */
export interface PlaceFinding {
  /** Who may not read every one of these places does not see the finding. */
  readonly about: readonly RecordId[];
  readonly message: Message;
}

export interface PlaceTree {
  /** A place stands before the places in it, those in the order of their hierarchy. */
  readonly places: readonly Place[];
  readonly findings: readonly PlaceFinding[];
}

const WORK_CENTRES: ReadonlySet<PlaceKind> = new Set(["processCell", "productionUnit", "productionLine", "storageZone", "utilityNetwork"]);

export function isWorkCentre(kind: PlaceKind): boolean {
  return WORK_CENTRES.has(kind);
}

/** Holds work centres or areas, so that its board is a page of rows. */
export function isAreaOrAbove(kind: PlaceKind): boolean {
  return kind === "enterprise" || kind === "site" || kind === "area";
}
