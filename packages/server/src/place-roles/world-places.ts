import type { LivePlaces } from "@doppelwerk/ports";
import { PlaceRoles, type AskerPlaces, type PlaceChains, type PlaceDecision, type PlaceSubject } from "@doppelwerk/trust";
import {
  recordOfAasId,
  type Action,
  type Instant,
  type Principal,
  type RecordId,
  type RecordReader,
  type SubmodelRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import { assignmentsOf, PLACE_ACTIONS, PLACE_ROLES, rolesOf, type PlaceRoleSet, type PlaceRolesRecord } from "./place-roles-record.ts";

export interface PlaceSources {
  /** Raw: what nobody may read is looked at too. */
  reader(): RecordReader;
  revision(): number;
  now(): Instant;
  mayRead(principal: Principal, record: WorldRecord): boolean;
  /** Undefined while there is none: then whole-world roles alone count. */
  tree(): LivePlaces | undefined;
  /** Names of the property classes of a document, and of commands to it. */
  classesOf(record: WorldRecord, action: Action): readonly string[];
  /** The feature that declares a kind of document; undefined for one of the kernel. */
  featureOf(kind: string): string | undefined;
  /** Instead of those of live. */
  readonly sets?: () => readonly PlaceRoleSet[];
}

/** Fields of other documents that name what they are about, by id or by AAS id. */
const ABOUT = ["signal", "element", "shell", "submodel", "subject", "place"] as const;
/** What is decided by what it is about, and not by itself. */
const WITHOUT_PLACE: ReadonlySet<string> = new Set([
  "mergeRequest",
  "comment",
  "spanNote",
  "savedTrend",
  "board",
  "boardTile",
  "boardMail",
]);
const MAX_ASKERS = 1_000;
const MAX_STEPS = 8;
const NOWHERE: PlaceChains = [];

/** The roles of a world over its place tree. */
export class WorldPlaces {
  readonly #sources: PlaceSources;
  #roles: PlaceRoles | undefined;
  #isStrict = false;
  #isClassed = false;
  #askers = new Map<string, AskerPlaces>();
  #revision = -1;

  constructor(sources: PlaceSources) {
    this.#sources = sources;
  }

  isEmpty(): boolean {
    return this.#current() === undefined;
  }

  isOf(action: Action): boolean {
    return (PLACE_ACTIONS as readonly Action[]).includes(action);
  }

  isStrict(): boolean {
    return this.#current() !== undefined && this.#isStrict;
  }

  /** Of what somebody does with an operation the name that its feature gives it counts, too. */
  decide(principal: Principal, action: Action, at: PlaceSubject): PlaceDecision {
    const asker = this.#asker(principal);
    const now = this.#sources.now();
    const own = principal.doing?.action === action ? [action, principal.doing.act] : [action];
    if (at === "everywhere") return asker.decide({ actions: own }, NOWHERE, now);
    const subject = at === "anywhere" ? undefined : at.subject;
    const record = typeof subject === "string" ? this.#sources.reader().get(subject) : subject;
    if (record === undefined || WITHOUT_PLACE.has(record.kind))
      return asker.holds(own, now) ? { allowed: true, role: "", place: "*" } : asker.decide({ actions: own }, NOWHERE, now);
    const feature = this.#sources.featureOf(record.kind);
    const actions = feature === undefined ? own : [...own, `${feature}.${action}`];
    const classes = this.#isClassed ? this.#sources.classesOf(record, action) : [];
    const decision = asker.decide({ actions, classes }, this.chainsOf(record), now);
    return decision.allowed ? decision : { ...decision, places: decision.places.flatMap((place) => this.#nameOf(principal, place)) };
  }

  /** What people call a place, if they may know of it. */
  #nameOf(principal: Principal, id: RecordId): readonly string[] {
    const shell = this.#sources.reader().get(id);
    if (shell === undefined || !this.#sources.mayRead(principal, shell)) return [];
    return [String(shell["idShort"] ?? "") || id];
  }

  grantsOf(principal: Principal): readonly string[] {
    return this.#current() === undefined ? [] : this.#asker(principal).grants(this.#sources.now());
  }

  /** The place of a record, and those that contain it; nothing for what stands in none. */
  chainsOf(record: WorldRecord): PlaceChains {
    const tree = this.#sources.tree();
    if (tree === undefined) return NOWHERE;
    const shells = this.#shellsOf(record, tree, MAX_STEPS);
    return shells.length === 0 ? NOWHERE : shells.map((shell) => tree.above(shell));
  }

  /** Record ids of the shells that it is of; none for what the tree itself is read from: who changes that changes what roles count for. */
  #shellsOf(record: WorldRecord, tree: LivePlaces, steps: number): readonly RecordId[] {
    const reader = this.#sources.reader();
    if (steps === 0) return [];
    const of = (next: WorldRecord | undefined): readonly RecordId[] => (next === undefined ? [] : this.#shellsOf(next, tree, steps - 1));
    if (record.kind === "shell") return [record.id];
    if (record.kind === "submodel") {
      if (tree.isReadFrom(record as SubmodelRecord)) return [];
      return reader.query({ kind: "shell", index: { name: "submodel", value: String(record["aasId"]) } }).map(({ id }) => id);
    }
    if (record.kind === "element") return of(reader.get(String(record["submodel"])));
    if (record.kind === "connection") return this.#shellsOfConnection(record, of);
    const named = record.kind === "file" ? record["owner"] : ABOUT.map((field) => record[field]).find((one) => typeof one === "string");
    if (typeof named !== "string") return [];
    return of(reader.get(named) ?? recordOfAasId(reader, "shell", named) ?? recordOfAasId(reader, "submodel", named));
  }

  /** What it is connected to. */
  #shellsOfConnection({ id }: WorldRecord, of: (next: WorldRecord) => readonly RecordId[]): readonly RecordId[] {
    const signals = this.#sources.reader().query({ kind: "signal", index: { name: "connection", value: id } });
    return [...new Set(signals.flatMap(of))];
  }

  #asker({ id, roles }: Principal): AskerPlaces {
    const key = JSON.stringify([id, roles]);
    let known = this.#askers.get(key);
    if (known === undefined) {
      if (this.#askers.size >= MAX_ASKERS) this.#askers = new Map();
      known = (this.#current() ?? new PlaceRoles([], [])).for({ id, roles });
      this.#askers.set(key, known);
    }
    return known;
  }

  #current(): PlaceRoles | undefined {
    const revision = this.#sources.revision();
    if (revision === this.#revision) return this.#roles;
    const reader = this.#sources.reader();
    const isOther = this.#revision < 0 || reader.changedSince(this.#revision).some((id) => id.startsWith(`${PLACE_ROLES}:`));
    this.#revision = revision;
    if (!isOther) return this.#roles;
    const all = this.#sources.sets?.() ?? (reader.query({ kind: PLACE_ROLES }) as readonly PlaceRolesRecord[]);
    const sets = all.filter((set) => set.enabled);
    this.#isStrict = sets.some(({ otherwise = "deny" }) => otherwise === "deny");
    this.#isClassed = sets.some(({ roles }) => roles.some(({ classes }) => classes !== undefined));
    this.#roles = sets.length === 0 ? undefined : new PlaceRoles(rolesOf(sets), assignmentsOf(sets));
    this.#askers = new Map();
    return this.#roles;
  }
}
