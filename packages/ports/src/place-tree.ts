import type { RecordId, SubmodelRecord } from "@doppelwerk/world";
import { port } from "./token.ts";

/** The place tree of live (ISA-95). A place is named by the record id of its shell. */
export interface LivePlaces {
  /** The place and every one in it; nothing where it is no place. */
  within(place: RecordId): readonly RecordId[];
  /** Another value whenever the tree may be another. */
  version(): unknown;
  /** The place and every one that contains it, from the inside out; nothing where it is no place. */
  above(place: RecordId): readonly RecordId[];
  /** Whether the tree is read from a submodel. */
  isReadFrom(submodel: SubmodelRecord): boolean;
}

export const livePlaces = port<LivePlaces>("places.live", 1);
