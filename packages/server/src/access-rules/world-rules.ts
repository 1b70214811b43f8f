import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { QuerySubject } from "@doppelwerk/aas/query";
import type { ObjectClass } from "@doppelwerk/aas/access-rules";
import { LISTED_FIELDS, Policy, textsOf, type Asked, type AskerPolicy, type ListedObject, type Surroundings } from "@doppelwerk/trust";
import {
  changedId,
  elementAtPath,
  foldChange,
  LIVE,
  pathOfElement,
  recordOfAasId,
  shellJson,
  submodelOf,
  conceptDescriptionOf,
  type BranchId,
  type Change,
  type ElementRecord,
  type Instant,
  type ListedRecords,
  type Principal,
  type RecordId,
  type RecordReader,
  type ShellRecord,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import { ListedForAsker } from "./listed-for-asker.ts";
import { ListedKind } from "./listed-kind.ts";
import { jsonOfElement, PARTED, partOfElement, partOfRecord, type Beside } from "./record-part.ts";
import { withElement } from "./with-element.ts";
import { ACCESS_RULES, accessRulesOf, type AccessRulesRecord } from "./rule-record.ts";

export type Right = "CREATE" | "READ" | "UPDATE" | "DELETE" | "EXECUTE";
type PathSegments = ReturnType<typeof pathOfElement>;

export interface RuleSources {
  /** Raw: what nobody may read is looked at too. */
  reader(branch: BranchId): RecordReader;
  branches(): Iterable<BranchId>;
  revision(): number;
  /** Whose rules hold; default: live. */
  readonly rulesOf?: BranchId;
  /** Instead of the sets of a branch. */
  readonly sets?: () => readonly AccessRulesRecord[];
  /** What the element shows now. */
  valueOf(element: ElementRecord): string | undefined;
  now(): Instant;
  /** Minutes that the clock of the server is ahead of UTC; absent: none. */
  offsetAt?(instant: Instant): number;
}

/** Why something is permitted: the number of the rule in the set, from 0. */
export interface PermittedBy {
  readonly set: string;
  readonly rule: number;
}

interface OfAsker {
  readonly policy: AskerPolicy;
  /** Of records as they are; forgotten when anything was written, because a rule may look at other records. */
  readonly readable: WeakMap<WorldRecord, boolean>;
  /** What is shown of records of which a part is hidden. */
  readonly parts: WeakMap<WorldRecord, WorldRecord>;
  /** What is known of a kind before its records are read. */
  readonly listed: Map<string, ListedForAsker>;
}

const MAX_ASKERS = 1_000;
const MAX_READ = 50;
/** A byte a record each. */
const MAX_LISTS = 100;
/** Kinds of which there are many, and lists of them. */
const LISTED: Readonly<Record<string, { readonly class: ObjectClass; readonly collection: string }>> = {
  shell: { class: "aas", collection: "shells" },
  submodel: { class: "sm", collection: "submodels" },
  conceptDescription: { class: "cd", collection: "concept-descriptions" },
  shellDescriptor: { class: "aasdesc", collection: "shell-descriptors" },
  submodelDescriptor: { class: "smdesc", collection: "submodel-descriptors" },
};
/** How long a stream goes on at most by what a rule about the time, or about a value, permitted before. */
const TIMED_US = 500_000;
/** Kinds that rules look at. */
const LOOKED_AT = /^(?:accessRules|shell|submodel|element|conceptDescription|shellDescriptor|submodelDescriptor):/;
const RIGHTS = { create: "CREATE", update: "UPDATE", delete: "DELETE" } as const satisfies Readonly<Record<Change["op"], Right>>;
/** To change them is to change what they belong to; to write something else about an object one has to read it. */
const PARTS: ReadonlySet<string> = new Set(["signal", "file", "alarmRule", "assetLinks", "aasxPackage"]);
/** Fields of other documents that name what they are about, by id or by AAS id. */
const ABOUT = ["signal", "element", "shell", "submodel", "subject", "place"] as const;

/**
 * The access rules of a world (AAS Part 4). They are about shells, submodels, elements and concept descriptions, and about what belongs to them: signals,
 * files, alarm rules. What is about none of them is for roles alone. They only forbid: what a role does not allow they do not give.
 */
export class WorldRules {
  readonly #sources: RuleSources;
  #policy: Policy | undefined;
  /** In the order of the numbers that a decision gives. */
  #origins: readonly PermittedBy[] = [];
  #isTimed = false;
  /** Some rule shows a part only. */
  #isFiltered = false;
  #askers = new Map<string, OfAsker>();
  /** The same by who asks, which is one object for all that a request looks at. */
  #asked = new WeakMap<Principal, OfAsker>();
  /** Elements of submodels as they are, while nothing is written. */
  readonly #read = new Map<string, readonly SubmodelElement[]>();
  readonly #listed = new Map<string, ListedKind>();
  #revision = -1;
  #version = 0;
  #slot = 0;
  #lists = 0;

  constructor(sources: RuleSources) {
    this.#sources = sources;
  }

  isEmpty(): boolean {
    this.#follow();
    return this.#policy === undefined;
  }

  /** Another one whenever something else may be permitted. */
  version(): number {
    this.#follow();
    const slot = this.#isTimed ? Math.floor(this.#sources.now() / TIMED_US) : 0;
    if (slot !== this.#slot) this.#version++;
    this.#slot = slot;
    return this.#version;
  }

  mayRead(principal: Principal, record: WorldRecord): boolean {
    this.#follow();
    if (this.#policy === undefined) return record.kind !== ACCESS_RULES;
    const asker = this.#asker(principal);
    const known = asker.readable.get(record);
    if (known !== undefined) return known;
    const may = this.#permits(asker, "READ", record, LIVE) !== undefined;
    if (!this.#isTimed) asker.readable.set(record, may);
    return may;
  }

  /** What is shown of a record that may be read: itself, or without what the filters of all rules that permit it hide. */
  shown(principal: Principal, record: WorldRecord): WorldRecord {
    this.#follow();
    if (this.#policy === undefined || !this.#isFiltered || !PARTED.has(record.kind)) return record;
    const asker = this.#asker(principal);
    const known = asker.parts.get(record);
    if (known !== undefined) return known;
    const part = this.#partOf(asker, record);
    if (!this.#isTimed) asker.parts.set(record, part);
    return part;
  }

  /** What is known of the records of a kind on live before they are read. */
  listed(principal: Principal, kind: string): ListedRecords | undefined {
    this.#follow();
    const of = LISTED[kind];
    if (this.#policy === undefined || of === undefined) return undefined;
    const asker = this.#asker(principal);
    let known = asker.listed.get(kind);
    if (known === undefined) {
      if (++this.#lists > MAX_LISTS) for (const one of this.#askers.values()) one.listed.clear();
      if (this.#lists > MAX_LISTS) this.#lists = 1;
      const isHidden = (record: WorldRecord): boolean => this.#asker(principal).readable.get(record) === false;
      asker.listed.set(kind, (known = new ListedForAsker(this.#listedKind(kind), asker.policy, { ...of, nameOf: routeNameOf, isHidden })));
    }
    return known.ready();
  }

  #listedKind(kind: string): ListedKind {
    let listed = this.#listed.get(kind);
    if (listed === undefined) {
      const known = (record: WorldRecord): ListedObject => {
        const about = this.#aboutOf(record, LIVE);
        const subject = about.is === "object" ? about.object.subject?.() : undefined;
        const texts = LISTED_FIELDS.flatMap((field) => (subject === undefined ? [] : textsOf(field, subject)).map((text) => [field, text]));
        return { id: String(record["aasId"]), texts: Object.fromEntries(texts) as ListedObject["texts"] };
      };
      this.#listed.set(kind, (listed = new ListedKind(this.#sources, kind, known)));
    }
    return listed;
  }

  #partOf(asker: OfAsker, record: WorldRecord): WorldRecord {
    const surroundings = this.#surroundings();
    const holder = record.kind === "assetLinks" ? this.#holderOfLinks(String(record["aasId"]), LIVE) : record;
    const about = holder && this.#aboutOf(holder, LIVE);
    if (about?.is !== "object") return record;
    const decisions = [about.object, about.route()].map((asked) => asker.policy.decide("READ", asked, surroundings));
    const permitting = decisions.filter((decision) => decision.allowed);
    if (permitting.length === 0 || permitting.some(({ filters }) => filters === undefined)) return record;
    const filters = permitting.flatMap((decision) => decision.filters!);
    const { object } = about;
    if (object.kind === "element") {
      const subject = object.subject() as QuerySubject & { readonly kind: "submodel" };
      return partOfElement(record as ElementRecord, (whole) =>
        asker.policy.filteredElement(whole, object.path, filters, {
          ...surroundings,
          subjectOf: (one) => (one === whole ? subject : { ...subject, elements: () => withElement(subject.elements(), object.path, one) }),
        }),
      );
    }
    const prune = <Whole extends object>(whole: Whole, subjectOf: (whole: Whole) => QuerySubject): Whole =>
      asker.policy.filtered(whole, filters, { ...surroundings, subjectOf });
    return partOfRecord(record, holder!, prune, besideOf(object.subject));
  }

  #surroundings(): Surroundings {
    const now = this.#sources.now();
    return {
      now,
      serverOffset: this.#sources.offsetAt?.(now) ?? 0,
      elementValue: (submodel: string, path: string) => this.#valueAt(submodel, path),
    };
  }

  /** An operation, or a command to what a signal shows. What is not there is nobody's. */
  mayExecute(principal: Principal, branch: BranchId, id: RecordId): boolean {
    if (this.isEmpty()) return true;
    const record = this.#sources.reader(branch).get(id);
    return record !== undefined && this.#permits(this.#asker(principal), "EXECUTE", record, branch) !== undefined;
  }

  mayChange(principal: Principal, branch: BranchId, change: Change): boolean {
    if (this.isEmpty()) return true;
    const asker = this.#asker(principal);
    const before = change.op === "create" ? undefined : this.#sources.reader(branch).get(changedId(change));
    if (change.op !== "create" && before === undefined) return false;
    // what it becomes counts as what it was: nothing is moved to where one may change nothing
    const versions = [before, foldChange(before, change)];
    return versions.every((record) => record === undefined || this.#permits(asker, RIGHTS[change.op], record, branch) !== undefined);
  }

  /** By which rule somebody may do something with a record; undefined where none permits it. */
  explain(principal: Principal, right: Right, record: WorldRecord): PermittedBy | undefined {
    this.#follow();
    return this.#policy === undefined ? undefined : this.#permits(this.#asker(principal), right, record, LIVE);
  }

  #permits(asker: OfAsker, right: Right, record: WorldRecord, branch: BranchId): PermittedBy | undefined {
    if (record.kind === "aasxPackage") return this.#permitsPackage(asker, right, record, branch);
    const about = this.#aboutOf(record, branch);
    if (about.is === "roles") return ROLES;
    if (about.is === "nothing") return undefined;
    if (about.is === "record") {
      const by = this.#permits(asker, rightOf(right, record), about.record, branch);
      return by !== undefined && right === "READ" && isValueOf(record, about.record) && !this.#showsValue(asker, about.record)
        ? undefined
        : by;
    }
    const surroundings = this.#surroundings();
    const object = asker.policy.decide(right, about.object, surroundings);
    if (object.allowed) return this.#origins[object.rule];
    const route = about.route();
    const decision = asker.policy.decide(right, route, surroundings);
    if (decision.allowed) return this.#origins[decision.rule];
    if (right !== "EXECUTE" || route.kind !== "route") return undefined;
    const invoked = asker.policy.decide(right, { ...route, route: `${route.route}/invoke` }, surroundings);
    return invoked.allowed ? this.#origins[invoked.rule] : undefined;
  }

  /** What shows the value of an element, or holds it, is hidden with it. */
  #showsValue(asker: OfAsker, element: WorldRecord): boolean {
    return !this.#isFiltered || this.#partOf(asker, element)["value"] === element["value"];
  }

  /** What holds several shells is as each of them. */
  #permitsPackage(asker: OfAsker, right: Right, record: WorldRecord, branch: BranchId): PermittedBy | undefined {
    const ids = Array.isArray(record["aasIds"]) ? (record["aasIds"] as readonly unknown[]) : [];
    const shells = ids.flatMap((id) => this.#ofAasId(String(id), branch) ?? []);
    const found = shells.map((shell) => this.#permits(asker, rightOf(right, record), shell, branch));
    return found.includes(undefined) ? undefined : (found[0] ?? ROLES);
  }

  #aboutOf(record: WorldRecord, branch: BranchId): About {
    switch (record.kind) {
      case "shell":
        return object("aas", String(record["aasId"]), "shells", () => this.#shellSubject(record as ShellRecord, branch));
      case "submodel":
        return object("sm", String(record["aasId"]), "submodels", () => this.#submodelSubject(record as SubmodelRecord, branch));
      case "conceptDescription":
        return object("cd", String(record["aasId"]), "concept-descriptions", () => ({
          kind: "conceptDescription",
          value: conceptDescriptionOf(this.#sources.reader(branch), record.id) ?? record,
        }));
      case "shellDescriptor":
        return object("aasdesc", String(record["aasId"]), "shell-descriptors", () => ({ kind: "shellDescriptor", value: bodyOf(record) }));
      case "submodelDescriptor":
        return object("smdesc", String(record["aasId"]), "submodel-descriptors", () => ({
          kind: "submodelDescriptor",
          value: bodyOf(record),
        }));
      case "element":
        return this.#elementAsked(record as ElementRecord, branch);
      case "assetLinks": {
        const shell = this.#holderOfLinks(String(record["aasId"]), branch);
        // links of a shell that is registered nowhere are nobody's
        return shell === undefined ? { is: "roles" } : belonging(shell);
      }
      case "file": {
        const owner = this.#ofAasId(String(record["owner"]), branch);
        const element = this.#isFiltered && owner?.kind === "submodel" ? this.#elementOfFile(record, owner, branch) : undefined;
        return belonging(element ?? owner);
      }
      case ACCESS_RULES:
        return NOTHING;
      default:
        return this.#named(record, branch);
    }
  }

  /** The element that a file is the content of. */
  #elementOfFile(file: WorldRecord, submodel: WorldRecord, branch: BranchId): WorldRecord | undefined {
    const elements = this.#readerOf(submodel.id, branch).query({ kind: "element", index: { name: "submodel", value: submodel.id } });
    return elements.find(({ modelType, value }) => modelType === "File" && value === file["path"]);
  }

  #holderOfLinks(aasId: string, branch: BranchId): WorldRecord | undefined {
    const descriptors = { kind: "shellDescriptor", index: { name: "aasId", value: aasId } };
    return this.#ofAasId(aasId, branch) ?? this.#sources.reader(branch).query(descriptors)[0];
  }

  #named(record: WorldRecord, branch: BranchId): About {
    for (const field of ABOUT) {
      const named = record[field];
      if (typeof named !== "string") continue;
      return belonging(this.#record(named, branch) ?? this.#ofAasId(named, branch));
    }
    // a signal that is bound to nothing has nobody's permission
    return record.kind === "signal" ? NOTHING : { is: "roles" };
  }

  #elementAsked(element: ElementRecord, branch: BranchId): About {
    const submodel = this.#record(element.submodel, branch) as SubmodelRecord | undefined;
    if (submodel === undefined) return NOTHING;
    const path = this.#pathOf(element, branch);
    const subject = (): QuerySubject => this.#subjectWith(element, path, submodel, branch);
    const aasId = String(submodel["aasId"]);
    return {
      is: "object",
      object: { kind: "element", submodel: aasId, path, subject },
      route: () => ({ kind: "route", route: `/submodels/${routeNameOf(aasId)}/submodel-elements/${path}`, subject }),
    };
  }

  /** Of a former version, or one that is to be, what it says itself decides. */
  #subjectWith(element: ElementRecord, path: string, submodel: SubmodelRecord, branch: BranchId): QuerySubject {
    const subject = this.#submodelSubject(submodel, branch) as QuerySubject & { readonly kind: "submodel" };
    if (!this.#isFiltered || this.#readerOf(element.id, branch).get(element.id) === element) return subject;
    return { ...subject, elements: () => withElement(subject.elements(), path, jsonOfElement(element)) };
  }

  #pathOf(element: ElementRecord, branch: BranchId): string {
    const reader = this.#readerOf(element.submodel, branch);
    if (reader.get(element.id) !== undefined) return textOfPath(pathOfElement(reader, element));
    // it is not there yet
    const parent = reader.get(element.parent);
    const before = parent?.kind === "element" ? textOfPath(pathOfElement(reader, parent as ElementRecord)) : "";
    return before === "" ? (element.idShort ?? "") : `${before}.${element.idShort ?? ""}`;
  }

  #shellSubject(record: ShellRecord, branch: BranchId): QuerySubject {
    return {
      kind: "shell",
      shell: shellJson(record),
      submodels: () => {
        const reader = this.#readerOf(record.id, branch);
        return record.submodels.flatMap((aasId) => {
          const submodel = recordOfAasId(reader, "submodel", aasId);
          return (submodel && submodelOf(reader, submodel.id)) ?? [];
        });
      },
    };
  }

  #submodelSubject(record: SubmodelRecord, branch: BranchId): QuerySubject {
    const { aasId, idShort, body } = record;
    return {
      kind: "submodel",
      // its elements are read when a rule asks for them, once while nothing is written
      submodel: { modelType: "Submodel", ...body, id: aasId, ...(idShort !== "" && { idShort }) } as unknown as Submodel,
      elements: () => this.#elementsOf(record.id, branch),
      shells: () =>
        (
          this.#readerOf(record.id, branch).query({ kind: "shell", index: { name: "submodel", value: aasId } }) as readonly ShellRecord[]
        ).map(shellJson),
    };
  }

  #elementsOf(submodel: RecordId, branch: BranchId): readonly SubmodelElement[] {
    const key = `${branch}\n${submodel}`;
    let elements = this.#read.get(key);
    if (elements === undefined) {
      if (this.#read.size >= MAX_READ) this.#read.clear();
      elements = submodelOf(this.#readerOf(submodel, branch), submodel)?.submodelElements ?? [];
      this.#read.set(key, elements);
    }
    return elements;
  }

  #record(id: RecordId, branch: BranchId): WorldRecord | undefined {
    return this.#readerOf(id, branch).get(id);
  }

  /** What is made on a branch is on no other one. */
  #readerOf(id: RecordId, branch: BranchId): RecordReader {
    const own = this.#sources.reader(branch);
    if (own.get(id) !== undefined) return own;
    for (const other of this.#sources.branches()) {
      const reader = this.#sources.reader(other);
      if (reader.get(id) !== undefined) return reader;
    }
    return own;
  }

  #ofAasId(aasId: string, branch: BranchId): WorldRecord | undefined {
    const readers = [branch, ...this.#sources.branches()].map((each) => this.#sources.reader(each));
    for (const reader of readers) {
      const found = recordOfAasId(reader, "shell", aasId) ?? recordOfAasId(reader, "submodel", aasId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #valueAt(submodel: string, path: string): string | undefined {
    const reader = this.#sources.reader(LIVE);
    const record = recordOfAasId(reader, "submodel", submodel);
    const element = record && elementAtPath(reader, record.id, path);
    return element && this.#sources.valueOf(element);
  }

  #asker(principal: Principal): OfAsker {
    const asked = this.#asked.get(principal);
    if (asked !== undefined) return asked;
    const asker = this.#askerOf(principal);
    this.#asked.set(principal, asker);
    return asker;
  }

  #askerOf(principal: Principal): OfAsker {
    const { id, name, roles, machine } = principal;
    const claims = { sub: id, name, role: roles, ...(machine && { machine: "true" }) };
    const key = JSON.stringify(Object.entries(claims).filter(([claim]) => this.#policy!.claims.has(claim)));
    let known = this.#askers.get(key);
    if (known === undefined) {
      if (this.#askers.size >= MAX_ASKERS) this.#askers = new Map();
      known = { policy: this.#policy!.for({ claims }), readable: new WeakMap(), parts: new WeakMap(), listed: new Map() };
      this.#askers.set(key, known);
    }
    return known;
  }

  #follow(): void {
    const revision = this.#sources.revision();
    if (revision === this.#revision) return;
    this.#read.clear();
    const reader = this.#sources.reader(this.#sources.rulesOf ?? LIVE);
    const changed = this.#revision < 0 ? undefined : reader.changedSince(this.#revision).filter((id) => LOOKED_AT.test(id));
    this.#revision = revision;
    if (changed === undefined || changed.some((id) => id.startsWith(`${ACCESS_RULES}:`))) return this.#compile(reader);
    if (changed.length === 0 || this.#policy === undefined) return;
    this.#version++;
    this.#asked = new WeakMap();
    for (const [key, { policy, listed }] of this.#askers) {
      for (const one of listed.values()) one.forgetWhatWasRead();
      this.#askers.set(key, { policy, readable: new WeakMap(), parts: new WeakMap(), listed });
    }
  }

  #compile(reader: RecordReader): void {
    const sets = (this.#sources.sets?.() ?? (reader.query({ kind: ACCESS_RULES }) as readonly AccessRulesRecord[]))
      .filter(({ enabled }) => enabled)
      .map(({ id, text }) => ({ id, read: accessRulesOf(text) }));
    this.#version++;
    this.#askers = new Map();
    this.#asked = new WeakMap();
    // a set that cannot be read (written by a newer Doppelwerk) permits nothing, and is there all the same
    const rules = sets.map(({ id, read }) => ({ id, rules: "rules" in read ? read.rules : [] }));
    this.#policy = sets.length === 0 ? undefined : new Policy(rules);
    this.#origins = rules.flatMap(({ id, rules: own }) => own.map((_, rule) => ({ set: id, rule })));
    this.#isFiltered = rules.some((set) => set.rules.some(({ filters }) => filters.length > 0));
    this.#isTimed = rules.some((set) =>
      /"(?:\w+NOW|element)"/.test(JSON.stringify(set.rules.map(({ formula, filters }) => [formula, filters]))),
    );
  }
}

/** What conditions read of an object beside itself. */
function besideOf(subjectOf: (() => QuerySubject) | undefined): Beside {
  const subject = (): Partial<Beside> => (subjectOf?.() ?? {}) as Partial<Beside>;
  return {
    elements: () => subject().elements?.() ?? [],
    shells: () => subject().shells?.() ?? [],
    submodels: () => subject().submodels?.() ?? [],
  };
}

/** A signal shows it, a file is its content. */
function isValueOf({ kind }: WorldRecord, of: WorldRecord): boolean {
  return of.kind === "element" && (kind === "signal" || kind === "file");
}

/** What a record is about. */
type About =
  | { readonly is: "object"; readonly object: Asked; /** What a rule for a route calls it. */ readonly route: () => Asked }
  /** It belongs to another one, and is read by who reads that. */
  | { readonly is: "record"; readonly record: WorldRecord }
  /** No shell: roles alone decide. */
  | { readonly is: "roles" }
  /** Something that is not there, or that rules never give. */
  | { readonly is: "nothing" };

/** Of what a record belongs to. */
function rightOf(right: Right, { kind }: WorldRecord): Right {
  if (right === "READ" || right === "EXECUTE") return right;
  return PARTS.has(kind) ? "UPDATE" : "READ";
}

const ROLES: PermittedBy = { set: "", rule: -1 };
const NOTHING: About = { is: "nothing" };

function object(of: "aas" | "sm" | "cd" | "aasdesc" | "smdesc", id: string, collection: string, subject: () => QuerySubject): About {
  return {
    is: "object",
    object: { kind: "object", class: of, id, subject },
    route: () => ({ kind: "route", route: `/${collection}/${routeNameOf(id)}`, subject }),
  };
}

function routeNameOf(id: string): string {
  return Buffer.from(id).toString("base64url");
}

function belonging(record: WorldRecord | undefined): About {
  return record === undefined ? NOTHING : { is: "record", record };
}

function textOfPath(path: PathSegments): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");
}

function bodyOf(record: WorldRecord): object {
  const body = record["body"];
  return typeof body === "object" && body !== null ? body : {};
}
