import { hash } from "node:crypto";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createAccessGate, createSeal, type AccessGateOptions } from "@doppelwerk/trust";
import { documentFaults, recordKindOf } from "@doppelwerk/kit";
import type { KindDeclaration } from "@doppelwerk/kit";
import { coreKinds, openWorld } from "@doppelwerk/world";
import type {
  AccessGate,
  Clock,
  EventKind,
  IdSource,
  LogEntry,
  Principal,
  RecordKind,
  World,
  WorldRecord,
  WorldView,
} from "@doppelwerk/world";
import type { Logger } from "pino";
import type { Accounts } from "../http/person.ts";
import { entriesBefore } from "./entries-before.ts";
import type { Stores } from "./open-stores.ts";
import { openPeople } from "./people.ts";

/** The documents of a world, who may do what to them, and the names of those who did. */
export interface Documents {
  /** The raw world: nothing but the composition holds it. */
  readonly world: World;
  readonly gate: AccessGate;
  readonly accounts: Accounts;
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
  /** Kinds of documents that features declare: what does not fit one is not written. */
  readonly declared?: readonly KindDeclaration[];
}

export async function openDocuments({
  stores,
  clock,
  ids,
  logger,
  access,
  declared = [],
  ...options
}: DocumentsOptions): Promise<Documents> {
  const { folder, records, kept, events } = stores;
  const gate = createAccessGate({ rolesOf: (principal) => principal.roles, ...access });
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
  const onFault = (error: unknown): void => logger.error({ err: error }, "a name could not be kept");
  const accounts = options.accounts ?? openPeople(join(folder.directory, "people.json"), onFault);
  return {
    world,
    gate,
    accounts,
    declare: (kinds, types) => world.declare(kindsOf(kinds), types),
    nameOf: (actor) => (actor.startsWith("system") ? "Doppelwerk" : (accounts.nameOf(actor) ?? "someone")),
    logBefore: (view, before, limit) => entriesBefore(kept.log, before, limit, (entry) => view.visible(entry)),
    async *logAfter(view, after) {
      for await (const entry of kept.log.read(after)) {
        const visible = view.visible(entry);
        if (visible) yield visible;
      }
    },
  };
}

function kindsOf(declared: readonly KindDeclaration[]): readonly RecordKind[] {
  const own = declared.map((kind) => ({ kind: recordKindOf(kind), validate: (record: WorldRecord) => documentFaults(kind, record) }));
  return [...coreKinds, ...own];
}

/** Without accounts the server answers this machine only, and whoever sits there may do everything but approve his own request. */
export function localPerson(principal: Principal): Principal {
  return { ...principal, roles: ["administrator"] };
}
