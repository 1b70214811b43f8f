import type { LivePlaces } from "@doppelwerk/ports";
import {
  LIVE,
  recordOfAasId,
  type RecordId,
  type RecordReader,
  type Scope,
  type ShellRecord,
  type WorldRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { GrantSelection } from "../model/grant-selection.ts";

export interface ScopeSources {
  /** As the feature itself sees them. */
  readonly documents: Pick<WorldView, "reader" | "revision">;
  /** Undefined while places are off: then a place is its shell alone. */
  places(): LivePlaces | undefined;
}

/** What a selection leads to. */
interface Covered {
  readonly shells: ReadonlySet<RecordId>;
  /** AAS ids of the same. */
  readonly shellIds: ReadonlySet<string>;
  readonly submodels: ReadonlySet<RecordId>;
  /** AAS ids of shells and submodels, which files name as their owner. */
  readonly owners: ReadonlySet<string>;
}

/** What a grant covers at each moment: what its selection leads to is found again when shells, submodels or the place tree changed. */
export class GrantScope implements Scope {
  readonly #selection: GrantSelection;
  readonly #signals: ReadonlySet<RecordId>;
  readonly #sources: ScopeSources;
  #covered: Covered = NOTHING;
  #revision = -1;
  #tree: unknown;
  #version = 0;
  #concepts: ReadonlySet<string> | undefined;
  #isEnded = false;

  constructor(selection: GrantSelection, sources: ScopeSources) {
    this.#selection = selection;
    this.#signals = new Set(selection.signals);
    this.#sources = sources;
  }

  /** From now on it covers nothing. */
  end(): void {
    this.#isEnded = true;
    this.#version++;
  }

  version(): number {
    this.#follow();
    return this.#version;
  }

  covers(record: WorldRecord): boolean {
    if (this.#isEnded) return false;
    const { shells, submodels, owners } = this.#follow();
    switch (record.kind) {
      case "shell":
        return shells.has(record.id);
      case "submodel":
        return submodels.has(record.id);
      case "element":
        return submodels.has(String(record["submodel"]));
      case "file":
        return owners.has(String(record["owner"]));
      case "signal":
        return this.#signals.has(record.id) || this.#coversSignal(record);
      case "conceptDescription":
        return this.#named().has(String(record["aasId"]));
      default:
        return false;
    }
  }

  #coversSignal({ shell, element }: WorldRecord): boolean {
    if (typeof shell === "string" && this.#covered.shellIds.has(shell)) return true;
    if (typeof element !== "string") return false;
    const bound = this.#sources.documents.reader(LIVE).get(element);
    return bound !== undefined && this.#covered.submodels.has(String(bound["submodel"]));
  }

  #follow(): Covered {
    const revision = this.#sources.documents.revision();
    if (revision === this.#revision) return this.#covered;
    const reader = this.#sources.documents.reader(LIVE);
    const tree = this.#selection.places.length === 0 ? undefined : this.#sources.places()?.version();
    const changed = this.#revision < 0 ? undefined : reader.changedSince(this.#revision);
    this.#revision = revision;
    if (changed !== undefined && tree === this.#tree && !changed.some(isOfStructure)) return this.#covered;
    this.#tree = tree;
    this.#covered = this.#compile(reader);
    this.#concepts = undefined;
    this.#version++;
    return this.#covered;
  }

  #compile(reader: RecordReader): Covered {
    const places = this.#sources.places();
    const within = this.#selection.places.flatMap((place) => [place, ...(places?.within(place) ?? [])]);
    const found = [...new Set([...this.#selection.shells, ...within])].flatMap((id) => {
      const record = reader.get(id);
      return record?.kind === "shell" ? [record as ShellRecord] : [];
    });
    const shellIds = found.map(({ aasId }) => aasId);
    const submodels = found.flatMap((shell) => shell.submodels).flatMap((aasId) => recordOfAasId(reader, "submodel", aasId) ?? []);
    return {
      shells: new Set(found.map(({ id }) => id)),
      shellIds: new Set(shellIds),
      submodels: new Set(submodels.map(({ id }) => id)),
      owners: new Set([...shellIds, ...submodels.map(({ aasId }) => String(aasId))]),
    };
  }

  /** What the granted submodels and elements are explained by; looked through when somebody asks for a concept description. */
  #named(): ReadonlySet<string> {
    if (this.#concepts !== undefined) return this.#concepts;
    const reader = this.#sources.documents.reader(LIVE);
    const records = [...this.#covered.submodels].flatMap((id) => [
      reader.get(id),
      ...reader.query({ kind: "element", index: { name: "submodel", value: id } }),
    ]);
    this.#concepts = new Set(records.flatMap((record) => (record === undefined ? [] : conceptsOf(record))));
    return this.#concepts;
  }
}

const NOTHING: Covered = { shells: new Set(), shellIds: new Set(), submodels: new Set(), owners: new Set() };

function isOfStructure(id: RecordId): boolean {
  return id.startsWith("shell:") || id.startsWith("submodel:");
}

function conceptsOf({ semanticId, body }: WorldRecord): readonly string[] {
  const reference = (body as { readonly semanticId?: { readonly keys?: readonly { readonly value?: unknown }[] } } | undefined)?.semanticId;
  return [semanticId, ...(reference?.keys ?? []).map(({ value }) => value)].filter((id) => typeof id === "string");
}
