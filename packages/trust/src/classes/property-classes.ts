import type { ApprovalClass, RecordId } from "@doppelwerk/world";

/** What a class is about; one of the four. */
export type Covers =
  /** A property, collection or submodel of this meaning, with what is below it. */
  | { readonly semanticId: string }
  /** `TechnicalData.Limits.*`: idShorts from the submodel on, with what is below; `*` is any text. */
  | { readonly path: string }
  /** Documents of a kind. */
  | { readonly kind: string }
  /** Commands of a connection; `*`: of any. */
  | { readonly commands: RecordId | "*" };

export interface PropertyClass extends ApprovalClass {
  readonly covers: readonly Covers[];
}

/** A document, as far as classes look at it. */
export interface Described {
  readonly kind: string;
  /** Its own, and those of what it stands in. */
  readonly semanticIds: readonly string[];
  /** idShorts from the submodel on, joined by points; an entry of a list has `[]` instead. */
  readonly path?: string;
}

const NONE: readonly PropertyClass[] = [];

/** Property classes of a world, compiled for many changes. */
export class PropertyClasses {
  readonly #byKind = new Map<string, PropertyClass[]>();
  readonly #byMeaning = new Map<string, PropertyClass[]>();
  readonly #byPath: (readonly [matches: (path: string) => boolean, of: PropertyClass])[] = [];
  readonly #byConnection = new Map<string, PropertyClass[]>();
  readonly #order = new Map<PropertyClass, number>();

  constructor(classes: readonly PropertyClass[]) {
    for (const [at, one] of classes.entries()) {
      this.#order.set(one, at);
      for (const covers of one.covers) {
        if ("kind" in covers) enter(this.#byKind, covers.kind, one);
        else if ("semanticId" in covers) enter(this.#byMeaning, covers.semanticId, one);
        else if ("path" in covers) this.#byPath.push([pathMatcher(covers.path), one]);
        else enter(this.#byConnection, covers.commands, one);
      }
    }
  }

  /** Whether some class looks at what a property means or where it stands. */
  isAboutProperties(): boolean {
    return this.#byMeaning.size > 0 || this.#byPath.length > 0;
  }

  /** The classes of a document, in their order. */
  of({ kind, semanticIds, path }: Described): readonly PropertyClass[] {
    const found = new Set<PropertyClass>(this.#byKind.get(kind));
    for (const meaning of semanticIds) for (const one of this.#byMeaning.get(meaning) ?? []) found.add(one);
    if (path !== undefined) for (const [matches, one] of this.#byPath) if (matches(path)) found.add(one);
    return this.#ordered(found);
  }

  /** Those of a command of a connection. */
  ofCommand(connection: RecordId): readonly PropertyClass[] {
    return this.#ordered(new Set([...(this.#byConnection.get(connection) ?? []), ...(this.#byConnection.get("*") ?? [])]));
  }

  #ordered(found: ReadonlySet<PropertyClass>): readonly PropertyClass[] {
    return found.size === 0 ? NONE : [...found].toSorted((a, b) => this.#order.get(a)! - this.#order.get(b)!);
  }
}

function enter(map: Map<string, PropertyClass[]>, key: string, one: PropertyClass): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [one]);
  else if (!list.includes(one)) list.push(one);
}

/** Of a path that the pattern names, or of one below such a path. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  return (path) => {
    if (!path.startsWith(first)) return false;
    let at = first.length;
    for (const [index, part] of rest.entries()) {
      if (part === "") return true;
      // the earliest place leaves the most for what follows, and what is below counts too; a later one may end where a name ends
      const found = nextPlace(path, part, at, index === rest.length - 1);
      if (found < 0) return false;
      at = found + part.length;
    }
    return isEnd(path, at);
  };
}

function nextPlace(path: string, part: string, from: number, isLast: boolean): number {
  for (let found = path.indexOf(part, from); found >= 0; found = path.indexOf(part, found + 1))
    if (!isLast || isEnd(path, found + part.length)) return found;
  return -1;
}

function isEnd(path: string, at: number): boolean {
  return at === path.length || path[at] === "." || path[at] === "[";
}
