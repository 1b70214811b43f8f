import type { Place } from "../contract.ts";

/** What a place is called: a work unit of a storage zone is a storage location. */
export function shownKind({ kind }: Pick<Place, "kind">, above: Pick<Place, "kind"> | undefined): Place["kind"] | "storageLocation" {
  return kind === "workUnit" && above?.kind === "storageZone" ? "storageLocation" : kind;
}
