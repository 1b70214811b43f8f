import {
  childrenOfRecord,
  importedElementId,
  recordOfAasId,
  type ElementRecord,
  type RecordId,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import { parseIdShortPath } from "@doppelwerk/aas";

/** Most remembered names of each sort; when full, all are forgotten, since they are found again at once. */
const MAX_REMEMBERED = 100_000;
/** Of so many siblings the names are all remembered when one is looked for: their names are mostly asked for next. */
const MAX_SIBLINGS = 1_000;

/** An element by its name below a parent; `path` leads to it from its submodel. */
interface Named {
  readonly submodel: RecordId;
  readonly parent: RecordId;
  readonly idShort: string;
  readonly path: string;
}

export type Identified = "shell" | "submodel" | "conceptDescription";

/**
 * Remembers which record a name meant, for one world. A memory is only a guess: it is checked against the records that the asker may see,
 * so it can neither be stale nor leak, whatever branch or principal it came from.
 */
export class AasLookups {
  readonly #ids = new Map<string, RecordId>();
  /** By parent and idShort. */
  readonly #children = new Map<RecordId, Map<string, RecordId>>();
  #childCount = 0;

  /** The record of an identifiable by its AAS id. */
  record(reader: RecordReader, kind: Identified, aasId: string): WorldRecord | undefined {
    const key = `${kind} ${aasId}`;
    const guess = this.#ids.get(key);
    const guessed = guess === undefined ? undefined : reader.get(guess);
    if (guessed !== undefined && guessed.kind === kind && guessed["aasId"] === aasId) return guessed;
    const found = recordOfAasId(reader, kind, aasId);
    if (found === undefined) return undefined;
    if (this.#ids.size >= MAX_REMEMBERED) this.#ids.clear();
    this.#ids.set(key, found.id);
    return found;
  }

  /** The element at an idShortPath below a submodel record: below a list only an index is a name, everywhere else only an idShort (IDTA-01001, Format "Path"). */
  element(reader: RecordReader, submodel: RecordId, path: string): ElementRecord | undefined {
    const segments = parseIdShortPath(path);
    if ("severity" in segments) return undefined;
    let parent = submodel;
    let found: ElementRecord | undefined;
    let walked = "";
    for (const segment of segments) {
      if ((found?.modelType === "SubmodelElementList") !== (typeof segment === "number")) return undefined;
      // Positions in lists shift when neighbours come and go, so they are looked up every time.
      walked += typeof segment === "number" ? `[${segment}]` : `.${segment}`;
      found =
        typeof segment === "number"
          ? childrenOfRecord(reader, parent)[segment]
          : this.#child(reader, { submodel, parent, idShort: segment, path: walked });
      if (found === undefined) return undefined;
      parent = found.id;
    }
    return found;
  }

  #child(reader: RecordReader, { submodel, parent, idShort, path }: Named): ElementRecord | undefined {
    const isMeant = (record: WorldRecord | undefined): record is ElementRecord =>
      record?.kind === "element" && record["parent"] === parent && record["idShort"] === idShort;
    const known = this.#children.get(parent)?.get(idShort);
    const guessed = known === undefined ? undefined : reader.get(known);
    if (isMeant(guessed)) return guessed;
    // What an import made is found by its name; to read all its siblings for that takes fifty times as long.
    const named = reader.get(submodel);
    const imported = named && importedElementId(named, path);
    const found = imported === undefined ? undefined : reader.get(imported);
    if (isMeant(found)) {
      this.#remember(parent, [found]);
      return found;
    }
    const siblings = childrenOfRecord(reader, parent);
    const first = siblings.find((child) => child.idShort === idShort);
    if (first !== undefined) this.#remember(parent, siblings.length > MAX_SIBLINGS ? [first] : siblings);
    return first;
  }

  #remember(parent: RecordId, siblings: readonly ElementRecord[]): void {
    if (this.#childCount >= MAX_REMEMBERED) {
      this.#children.clear();
      this.#childCount = 0;
    }
    const names = this.#children.get(parent) ?? new Map<string, RecordId>();
    const before = names.size;
    // Where faulty files name two alike the first is meant.
    for (const { idShort, id } of siblings.toReversed()) if (idShort !== undefined) names.set(idShort, id);
    this.#children.set(parent, names);
    this.#childCount += names.size - before;
  }
}
