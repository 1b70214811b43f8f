import { grantsHold, PropertyClasses, type Described, type PropertyClass } from "@doppelwerk/trust";
import {
  changedId,
  foldChange,
  recordOfAasId,
  type Action,
  type ApprovalClass,
  type ApprovalClasses,
  type Change,
  type ElementRecord,
  type Principal,
  type RecordId,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import type { WorldPlaces } from "../place-roles/world-places.ts";
import { message, type Message } from "@doppelwerk/messages";
import { PLACE_ROLES, type PlaceRolesRecord } from "../place-roles/place-roles-record.ts";
import { lockedOut } from "./locks-out.ts";
import { classOf, PROPERTY_CLASS, type PropertyClassRecord } from "./class-record.ts";

export interface ClassSources {
  /** Raw: what nobody may read is looked at too. */
  reader(): RecordReader;
  revision(): number;
  /** Who may connect, and act; absent: nobody is asked for. */
  people?(): readonly Principal[];
  /** The roles at places that somebody would have under these sets. */
  grantsUnder?(sets: readonly PlaceRolesRecord[]): (principal: Principal) => readonly string[];
  /** Roles at places; absent: none. */
  readonly places?: Pick<WorldPlaces, "grantsOf" | "chainsOf">;
}

type Find = (id: RecordId) => WorldRecord | undefined;

/** Fields that say where something stands and what it means: with them what stands below is another property. */
const STRUCTURE = ["idShort", "parent", "submodel", "semanticId", "body", "modelType"] as const;
const NONE: ReadonlyMap<RecordId, readonly ApprovalClass[]> = new Map();
const MAX_DEPTH = 100;
/** What decides who may change classes. */
const DECIDING = new RegExp(`^(?:${PROPERTY_CLASS}|${PLACE_ROLES}):`);

/** The property classes of live. A change is of the classes of what it was and of what it becomes, and of those of everything that it moves or renames. */
export class WorldClasses implements ApprovalClasses {
  readonly #sources: ClassSources;
  #classes: PropertyClasses | undefined;
  #revision = -1;

  constructor(sources: ClassSources) {
    this.#sources = sources;
  }

  of(changes: readonly Change[]): ReadonlyMap<RecordId, readonly ApprovalClass[]> {
    const classes = this.#current();
    if (classes === undefined) return NONE;
    const reader = this.#sources.reader();
    const before: Find = (id) => reader.get(id);
    const later = new Map<RecordId, WorldRecord | undefined>();
    const after: Find = (id) => (later.has(id) ? later.get(id) : reader.get(id));
    for (const change of changes) {
      const now = after(changedId(change));
      // what meets nothing to change is refused by the world
      if (change.op !== "update" || now !== undefined) later.set(changedId(change), foldChange(now, change));
    }
    const found = new Map<RecordId, readonly ApprovalClass[]>();
    for (const change of changes) {
      const id = changedId(change);
      const all = new Set<PropertyClass>(found.get(id) as readonly PropertyClass[] | undefined);
      const looked = [id, ...(classes.isAboutProperties() && isStructural(change) ? below(reader, id) : [])];
      for (const one of looked)
        for (const find of [before, after]) {
          const record = find(one);
          if (record !== undefined) for (const of of classes.of(this.#describe(record, find, reader))) all.add(of);
        }
      if (all.size > 0) found.set(id, [...all]);
    }
    return found;
  }

  refusal(changes: readonly Change[]): Message | undefined {
    const { people, grantsUnder, places } = this.#sources;
    if (people === undefined || !changes.some((change) => DECIDING.test(changedId(change)))) return undefined;
    const reader = this.#sources.reader();
    const now = <Of extends WorldRecord>(kind: string): readonly Of[] => reader.query({ kind }) as readonly Of[];
    const then = <Of extends WorldRecord>(kind: string): readonly Of[] => {
      const records = new Map<RecordId, WorldRecord>(now(kind).map((record) => [record.id, record]));
      for (const change of changes) {
        const id = changedId(change);
        // what meets nothing to change is refused by the world
        if (!id.startsWith(`${kind}:`) || (change.op === "update" && !records.has(id))) continue;
        const record = foldChange(records.get(id), change);
        if (record === undefined) records.delete(id);
        else records.set(id, record);
      }
      return [...records.values()] as unknown as readonly Of[];
    };
    const all = people();
    const grantsNow = (principal: Principal): readonly string[] => places?.grantsOf(principal) ?? [];
    const grantsThen = grantsUnder?.(then(PLACE_ROLES)) ?? grantsNow;
    const locked = new Set(
      now<PropertyClassRecord>(PROPERTY_CLASS).flatMap((one) => (lockedOut(one, all, grantsNow) === undefined ? [] : [one.id])),
    );
    for (const { id, ...given } of then<PropertyClassRecord>(PROPERTY_CLASS)) {
      const found = lockedOut(given, all, grantsThen);
      if (found !== undefined && !locked.has(id))
        return message("server.classLocksOut", {
          name: given.name,
          count: given.approvers,
          roles: given.approve.join(", ") || "–",
          people: found,
        });
    }
    return undefined;
  }

  ofCommand(connection: RecordId): readonly ApprovalClass[] {
    return this.#current()?.ofCommand(connection) ?? [];
  }

  /** Names of the classes of a document as it stands, and where it is commanded, of its commands. */
  namesOf(record: WorldRecord, action: Action): readonly string[] {
    const classes = this.#current();
    if (classes === undefined) return [];
    const reader = this.#sources.reader();
    const own = classes.of(this.#describe(record, (id) => reader.get(id), reader));
    const connection = record.kind === "connection" ? record.id : record["connection"];
    const commanded = action === "command" && typeof connection === "string" ? classes.ofCommand(connection) : [];
    return [...new Set([...own, ...commanded].map(({ name }) => name))];
  }

  grantsOf(principal: Principal): readonly string[] {
    return [...principal.roles, ...(this.#sources.places?.grantsOf(principal) ?? [])];
  }

  qualifies(grants: readonly string[], roles: readonly string[], id: RecordId): boolean {
    if (roles.some((role) => grants.includes(role))) return true;
    const record = this.#sources.reader().get(id);
    return record !== undefined && grantsHold(new Set(grants), roles, this.#sources.places?.chainsOf(record) ?? []);
  }

  #describe(record: WorldRecord, find: Find, reader: RecordReader): Described {
    const { kind } = record;
    if (this.#classes?.isAboutProperties() !== true) return { kind, semanticIds: [] };
    if (kind === "element") return { kind, ...placeOf(record as ElementRecord, find) };
    if (kind === "submodel") return { kind, semanticIds: meaningsOf(record), path: String(record["idShort"] ?? "") };
    const holder = holderOf(record, find, reader);
    return holder === undefined ? { kind, semanticIds: [] } : { ...this.#describe(holder, find, reader), kind };
  }

  #current(): PropertyClasses | undefined {
    const revision = this.#sources.revision();
    if (revision === this.#revision) return this.#classes;
    const reader = this.#sources.reader();
    const isOther = this.#revision < 0 || reader.changedSince(this.#revision).some((id) => id.startsWith(`${PROPERTY_CLASS}:`));
    this.#revision = revision;
    if (!isOther) return this.#classes;
    const enabled = (reader.query({ kind: PROPERTY_CLASS }) as readonly PropertyClassRecord[]).filter((one) => one.enabled);
    this.#classes = enabled.length === 0 ? undefined : new PropertyClasses(enabled.map(classOf));
    return this.#classes;
  }
}

/** What a signal shows, and the element that a file is the content of. */
function holderOf(record: WorldRecord, find: Find, reader: RecordReader): WorldRecord | undefined {
  if (record.kind === "signal" && typeof record["element"] === "string") return find(record["element"]);
  if (record.kind !== "file" || typeof record["owner"] !== "string") return undefined;
  const submodel = recordOfAasId(reader, "submodel", record["owner"]);
  if (submodel === undefined) return undefined;
  const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel.id } });
  return elements.find(({ modelType, value }) => modelType === "File" && value === record["path"]);
}

/** The meanings and the path of an element, from its submodel on. */
function placeOf(element: ElementRecord, find: Find): Pick<Described, "semanticIds" | "path"> {
  const semanticIds: string[] = [];
  let path = "";
  let at: WorldRecord | undefined = element;
  for (let depth = 0; at !== undefined && depth < MAX_DEPTH; depth++) {
    semanticIds.push(...meaningsOf(at));
    const name = typeof at["idShort"] === "string" && at["idShort"] !== "" ? at["idShort"] : "[]";
    path = path === "" ? name : path.startsWith("[") ? name + path : `${name}.${path}`;
    at = at.kind === "element" ? (find((at as ElementRecord).parent) ?? find((at as ElementRecord).submodel)) : undefined;
  }
  return { semanticIds, path };
}

/** Every key: what a reference names stands in one of them. */
function meaningsOf({ body }: WorldRecord): readonly string[] {
  const { semanticId, supplementalSemanticIds } = (body ?? {}) as {
    readonly semanticId?: Reference;
    readonly supplementalSemanticIds?: readonly Reference[];
  };
  return [semanticId, ...(Array.isArray(supplementalSemanticIds) ? supplementalSemanticIds : [])].flatMap((reference) =>
    Array.isArray(reference?.keys)
      ? reference.keys.flatMap(({ value }: { readonly value?: unknown }) => (typeof value === "string" ? [value] : []))
      : [],
  );
}

interface Reference {
  readonly keys?: readonly { readonly value?: unknown }[];
}

function isStructural(change: Change): boolean {
  const id = changedId(change);
  if (!id.startsWith("element:") && !id.startsWith("submodel:")) return false;
  return change.op === "delete" || (change.op === "update" && STRUCTURE.some((field) => field in change.fields));
}

/** Elements below a submodel or an element. */
function below(reader: RecordReader, id: RecordId): readonly RecordId[] {
  if (id.startsWith("submodel:")) return reader.query({ kind: "element", index: { name: "submodel", value: id } }).map((one) => one.id);
  const found: RecordId[] = [];
  const next = [id];
  for (let parent = next.pop(); parent !== undefined; parent = next.pop())
    for (const child of reader.query({ kind: "element", index: { name: "parent", value: parent } })) {
      found.push(child.id);
      next.push(child.id);
    }
  return found;
}
