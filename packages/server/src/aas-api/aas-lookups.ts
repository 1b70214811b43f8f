import {
  childrenOfRecord,
  elementAtPath,
  recordOfAasId,
  type ElementRecord,
  type RecordId,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import { parseIdShortPath } from "@doppelwerk/aas";

/** Most remembered names of each sort; when full, all are forgotten, since they are found again at once. */
const MOST_REMEMBERED = 100_000;

export type Identified = "shell" | "submodel" | "conceptDescription";

/**
 * Remembers which record a name meant, for one world. A memory is only a guess: it is checked against the records that the asker may see,
 * so it can neither be stale nor leak, whatever branch or principal it came from.
 */
export class AasLookups {
  readonly #ids = new Map<string, RecordId>();
  readonly #chains = new Map<string, readonly RecordId[]>();

  /** The record of an identifiable by its AAS id. */
  record(reader: RecordReader, kind: Identified, aasId: string): WorldRecord | undefined {
    const key = `${kind} ${aasId}`;
    const guess = this.#ids.get(key);
    const guessed = guess === undefined ? undefined : reader.get(guess);
    if (guessed !== undefined && guessed.kind === kind && guessed["aasId"] === aasId) return guessed;
    const found = recordOfAasId(reader, kind, aasId);
    if (found !== undefined) remember(this.#ids, key, found.id);
    return found;
  }

  /** The element at an idShortPath below a submodel record. */
  element(reader: RecordReader, submodel: RecordId, path: string): ElementRecord | undefined {
    const key = `${submodel} ${path}`;
    const chain = this.#chains.get(key);
    if (chain !== undefined) {
      const found = this.#follow(reader, submodel, path, chain);
      if (found !== undefined) return found;
    }
    // Positions in lists shift when neighbours come and go, so paths with an index are looked up every time.
    if (path.includes("[")) return listAwareElement(reader, submodel, path);
    const found = listAwareElement(reader, submodel, path);
    if (found !== undefined) remember(this.#chains, key, chainOf(reader, submodel, found));
    return found;
  }

  #follow(reader: RecordReader, submodel: RecordId, path: string, chain: readonly RecordId[]): ElementRecord | undefined {
    const names = path.split(".");
    if (names.length !== chain.length) return undefined;
    let parent = submodel;
    let record: ElementRecord | undefined;
    for (let step = 0; step < chain.length; step++) {
      const next = reader.get(chain[step]!) as ElementRecord | undefined;
      if (
        next === undefined ||
        next.kind !== "element" ||
        next.parent !== parent ||
        next.idShort !== names[step] ||
        record?.modelType === "SubmodelElementList"
      )
        return undefined;
      record = next;
      parent = next.id;
    }
    return record;
  }
}

/** Below a list only an index is a name, everywhere else only an idShort (IDTA-01001, Format "Path"). */
function listAwareElement(reader: RecordReader, submodel: RecordId, path: string): ElementRecord | undefined {
  const segments = parseIdShortPath(path);
  if ("severity" in segments) return undefined;
  let parent = submodel;
  let found: ElementRecord | undefined;
  for (const segment of segments) {
    if ((found?.modelType === "SubmodelElementList") !== (typeof segment === "number")) return undefined;
    found = typeof segment === "number" ? childrenOfRecord(reader, parent)[segment] : elementAtPath(reader, parent, [segment]);
    if (found === undefined) return undefined;
    parent = found.id;
  }
  return found;
}

function chainOf(reader: RecordReader, submodel: RecordId, element: ElementRecord): readonly RecordId[] {
  const chain = [element.id];
  for (let parent = element.parent; parent !== submodel;) {
    chain.unshift(parent);
    parent = (reader.get(parent) as ElementRecord).parent;
  }
  return chain;
}

function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
}
