import { hash } from "node:crypto";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createAccessGate, createSeal, type AccessGateOptions } from "@doppelwerk/trust";
import { documentFaults, recordKindOf } from "@doppelwerk/kit";
import type { KindDeclaration } from "@doppelwerk/kit";
import { coreKinds, LIVE, openWorld, type Principal } from "@doppelwerk/world";
import type {
  AccessGate,
  Clock,
  EventKind,
  IdSource,
  LogEntry,
  RecordId,
  RecordKind,
  Sample,
  World,
  WorldRecord,
  WorldView,
} from "@doppelwerk/world";
import type { LivePlaces } from "@doppelwerk/ports";
import type { Logger } from "pino";
import { worldAccess, type WorldAccess } from "../access-rules/world-access.ts";
import { accessRulesKind } from "../access-rules/rule-record.ts";
import { PLACE_ROLES, placeRolesKind, type PlaceRolesRecord } from "../place-roles/place-roles-record.ts";
import type { PlaceAct } from "../place-roles/place-acts.ts";
import { placeAccess, type PlaceAccess } from "../place-roles/place-access.ts";
import { WorldPlaces, type PlaceSources } from "../place-roles/world-places.ts";
import { propertyClassKind } from "../property-classes/class-record.ts";
import { WorldClasses } from "../property-classes/world-classes.ts";
import { WorldRules, type RuleSources } from "../access-rules/world-rules.ts";
import { NOBODY, type Accounts } from "../http/person.ts";
import { entriesBefore } from "./entries-before.ts";
import type { Stores } from "./open-stores.ts";
import { openPeople } from "./people.ts";

/** The documents of a world, who may do what to them, and the names of those who did. */
export interface Documents {
  /** The raw world: nothing but the composition holds it. */
  readonly world: World;
  readonly gate: AccessGate;
  readonly access: WorldAccess;
  readonly places: PlaceAccess;
  readonly accounts: Accounts;
  /** The live values of signals, which access rules may refer to. */
  showValues(value: (signal: RecordId) => Sample | undefined): void;
  /** The place tree of live, for roles at places; undefined while there is none. */
  showPlaces(tree: () => LivePlaces | undefined): void;
  /** What features do at places, which roles may name. */
  showActs(acts: () => readonly PlaceAct[]): void;
  /** Who may connect, without those whose account may not be used. */
  showPeople(people: () => readonly Principal[]): void;
  /** What features declare now. */
  declare(kinds: readonly KindDeclaration[], events: readonly EventKind[]): void;
  /** A name for the one who did something; "someone" where it was erased. */
  nameOf(actor: string): string;
  /** Log entries before a revision that the view may see, newest first. */
  logBefore(view: WorldView, before: number, limit: number): Promise<readonly LogEntry[]>;
  /** Log entries after a revision that the view may see, ascending, up to now. */
  logAfter(view: WorldView, after: number): AsyncIterable<LogEntry>;
}

export interface DocumentsOptions {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly access?: Partial<AccessGateOptions> | undefined;
  /** Of the server that has the world; default: a file of the world's own folder. */
  readonly accounts?: Accounts | undefined;
  /** A person's name is to be forgotten; whatever else tells who it was goes first. Errors: DW_UNAVAILABLE; then the name stays. */
  readonly onErase?: ((person: string) => void) | undefined;
  /** Somebody gives a name, again or for the first time. */
  readonly onNamed?: ((person: string) => void) | undefined;
  /** Kinds of documents that features declare: what does not fit one is not written. */
  readonly declared?: readonly KindDeclaration[];
}

export async function openDocuments({
  stores,
  clock,
  ids,
  logger,
  access: further,
  declared = [],
  ...options
}: DocumentsOptions): Promise<Documents> {
  const { folder, records, kept, events } = stores;
  const opened: Opened = { features: featuresOf(declared), acts: () => [] };
  const { sources, rules, placeSources, places, classes } = decidingBy(opened, clock);
  const gate = createAccessGate({ rolesOf: (principal) => principal.roles, rules, places, classes, ...further });
  const world = await openWorld({
    store: records,
    log: kept.log,
    leaseEpoch: kept.epoch,
    clock,
    ids,
    seal: createSeal((text) => hash("sha256", text, "hex")),
    kinds: kindsOf(declared),
    gate,
    events,
    onListenerError: (error) => logger.error({ err: error }, "a listener of commits failed"),
    turn: () => setImmediate(),
  });
  opened.world = world;
  const onFault = (error: unknown): void => logger.error({ err: error }, "a name could not be kept");
  const accounts = options.accounts ?? forgetting(openPeople(join(folder.directory, "people.json"), onFault), options, onFault);
  return {
    world,
    gate,
    access: worldAccess(sources, rules, (principal, record) => gate.mayRead(principal, record)),
    places: placeAccess({
      sources: placeSources,
      places,
      setsOf: (branch) => world.reader(branch).query({ kind: PLACE_ROLES }) as readonly PlaceRolesRecord[],
      acts: () => opened.acts(),
    }),
    accounts,
    showValues: (value) => void (opened.value = value),
    showPlaces: (tree) => void (opened.places = tree),
    showActs: (acts) => void (opened.acts = acts),
    showPeople: (people) => void (opened.people = people),
    declare(kinds, types) {
      world.declare(kindsOf(kinds), types);
      opened.features = featuresOf(kinds);
    },
    nameOf: (actor) =>
      actor.startsWith("system") ? "Doppelwerk" : actor === NOBODY.id ? NOBODY.name : (accounts.nameOf(actor) ?? "someone"),
    logBefore: (view, before, limit) => entriesBefore(kept.log, before, limit, (entry) => view.visible(entry)),
    async *logAfter(view, after) {
      for await (const entry of kept.log.read(after)) {
        const visible = view.visible(entry);
        if (visible) yield visible;
      }
    },
  };
}

/** What is known of a world once it is open. */
interface Opened {
  world?: World;
  features: ReadonlyMap<string, string>;
  acts: () => readonly PlaceAct[];
  people?: () => readonly Principal[];
  places?: () => LivePlaces | undefined;
  value?: (signal: RecordId) => Sample | undefined;
}

/** What its documents say of who may do what. */
function decidingBy(opened: Opened, clock: Clock) {
  const sources: RuleSources = {
    reader: (branch) => opened.world!.reader(branch),
    branches: () => opened.world!.branches.keys(),
    revision: () => opened.world!.revision(),
    valueOf: ({ signal, value }) => textOfValue(signal === undefined ? value : opened.value?.(signal)?.value),
    now: () => clock.now(),
    offsetAt: (instant) => -new Date(instant / 1_000).getTimezoneOffset(),
  };
  const rules = new WorldRules(sources);
  const ofLive = { reader: () => opened.world!.reader(LIVE), revision: () => opened.world!.revision() };
  const placeSources: PlaceSources = {
    ...ofLive,
    now: () => clock.now(),
    mayRead: (principal, record) => rules.mayRead(principal, record),
    tree: () => opened.places?.(),
    classesOf: (record, action) => classes.namesOf(record, action),
    featureOf: (kind) => opened.features.get(kind),
  };
  const places = new WorldPlaces(placeSources);
  const grantsUnder = (sets: readonly PlaceRolesRecord[]) => {
    const then = new WorldPlaces({ ...placeSources, sets: () => sets });
    return (principal: Principal) => then.grantsOf(principal);
  };
  const classes: WorldClasses = new WorldClasses({ ...ofLive, places, people: () => opened.people?.() ?? [], grantsUnder });
  return { sources, rules, placeSources, places, classes };
}

function forgetting(
  accounts: Accounts,
  { onErase = () => {}, onNamed = () => {} }: Pick<DocumentsOptions, "onErase" | "onNamed">,
  onFault: (error: unknown) => void,
): Accounts {
  return {
    ...accounts,
    remember(id, name) {
      try {
        onNamed(id);
      } catch (error) {
        // what follows is told of without the person
        onFault(error);
      }
      accounts.remember(id, name);
    },
    erase(id) {
      onErase(id);
      accounts.erase(id);
    },
  };
}

/** As a rule compares it; what is not there is no text. */
function textOfValue(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : undefined;
}

/** The feature of each kind of document: `shifts.calendar` is of `shifts`. */
function featuresOf(declared: readonly KindDeclaration[]): ReadonlyMap<string, string> {
  return new Map(declared.map((kind) => [recordKindOf(kind), kind.id.split(".", 1)[0]!]));
}

function kindsOf(declared: readonly KindDeclaration[]): readonly RecordKind[] {
  const own = declared.map((kind) => ({ kind: recordKindOf(kind), validate: (record: WorldRecord) => documentFaults(kind, record) }));
  return [...coreKinds, accessRulesKind, placeRolesKind, propertyClassKind, ...own];
}
