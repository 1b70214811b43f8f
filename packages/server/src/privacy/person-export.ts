import { LIVE, type LogEntry, type WorldRecord } from "@doppelwerk/world";
import type { Account } from "../accounts/account-store.ts";
import type { Identities } from "../accounts/account-routes.ts";
import { entryOf } from "../transparency/entry.ts";
import { peopleOf } from "../transparency/evidence.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import type { KeptData } from "./inventory.ts";
import type { PeopleWorld, PeopleWorlds } from "./people-worlds.ts";

export interface PersonExportOptions {
  readonly person: string;
  readonly inventory: readonly KeptData[];
  readonly worlds: PeopleWorlds;
  readonly identities: Pick<Identities, "accounts" | "sessions" | "further"> | undefined;
}

const FORMAT = "doppelwerk-person";
const VERSION = 1;
const ENTRIES = 1_000;
const EVENTS = 1_000;

/** Everything that is kept of a person, as pieces of one text of JSON: a log of years does not have to be in memory. */
export async function* personExport(options: PersonExportOptions): AsyncGenerator<string> {
  const { person, worlds, identities, inventory } = options;
  const { home, registry } = worlds;
  const account = identities?.accounts.byId(person);
  const head = {
    format: FORMAT,
    version: VERSION,
    made: new Date(home.now() / 1_000).toISOString(),
    person: { id: person, name: home.accounts.nameOf(person) },
    ...(account !== undefined && { account: { ...shownAccount(account), ...identities?.further.exported(person) } }),
    sessions: identities?.sessions.of(person).map(({ begun, seen, agent, address }) => ({ begun, seen, agent, address })) ?? [],
    /** What is kept of people, and is not here because it ends by itself or tells nothing. */
    notIncluded: inventory.filter(({ exported }) => !exported).map(({ id }) => id),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"worlds":[`;
  let isFirst = true;
  for (const { name, title, state } of registry.list()) {
    yield isFirst ? "" : ",";
    isFirst = false;
    if (state === "archived") {
      yield JSON.stringify({ world: name, title, archived: true });
      continue;
    }
    const { world, leave } = await registry.enter(name);
    try {
      yield* worldExport(world, title, options);
    } finally {
      leave();
    }
  }
  yield '],"transparency":';
  yield* listed(home.transparency === undefined ? [] : entriesOf(home.transparency, person));
  yield "}";
}

async function* worldExport(world: PeopleWorld, title: string, { person, inventory }: PersonExportOptions): AsyncGenerator<string> {
  yield `{"world":${JSON.stringify(world.name)},"title":${JSON.stringify(title)},"documents":`;
  yield* listed(documentsOf(world, person, inventory));
  yield ',"journals":';
  yield* listed(journalsOf(world, person, inventory));
  yield ',"jobs":';
  const jobs = (await world.jobs.list()).filter(({ by }) => by === person);
  yield* listed(jobs.map(({ id, kind, state, enqueuedAt }) => ({ id, kind, state, enqueuedAt })));
  yield ',"events":';
  yield* listed(eventsOf(world, person, inventory));
  yield ',"kept":';
  yield* listed([...world.personal.holders].map((holder) => holder.exported(person)).filter((kept) => kept !== undefined));
  yield ',"log":';
  yield* listed(logOf(world, person));
  yield "}";
}

async function* listed(items: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = "[";
  for await (const item of items) {
    yield before + JSON.stringify(item);
    before = ",\n";
  }
  yield before === "[" ? "[]" : "]";
}

/** Without what only proves who somebody is: hashes and secrets are nobody's to read. */
function shownAccount({ id, login, name, roles, created, expires, disabled, codeSecret, recovery = [], binding }: Account): object {
  return {
    binding,
    id,
    login,
    name,
    roles,
    created,
    expires,
    disabled,
    hasAuthenticator: codeSecret !== undefined,
    recoveryCodes: recovery.length,
  };
}

/** Documents of the declared kinds that name the person, of live and as the open branches have them otherwise. */
function* documentsOf(world: PeopleWorld, person: string, inventory: readonly KeptData[]): Generator<object> {
  const kinds = placesOf(inventory, "documents").map(({ record }) => record);
  const view = world.personal.view();
  const seen = new Set<string>();
  for (const { id: branch, closed } of view.branches()) {
    if (closed !== undefined && branch !== LIVE) continue;
    const reader = view.reader(branch);
    for (const record of kinds.flatMap((kind) => reader.query({ kind }))) {
      const text = JSON.stringify(record);
      if (!text.includes(person) || seen.has(text)) continue;
      seen.add(text);
      yield { branch, document: opened(record, world) };
    }
  }
}

function opened(record: WorldRecord, { personal }: PeopleWorld): object {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, typeof value === "string" ? (personal.texts.open(value) ?? "") : value]),
  );
}

function* journalsOf(world: PeopleWorld, person: string, inventory: readonly KeptData[]): Generator<object> {
  for (const { journal } of placesOf(inventory, "journal"))
    for (const item of world.personal.journal(journal)) if (JSON.stringify(item).includes(person)) yield { journal, item };
}

async function* eventsOf(world: PeopleWorld, person: string, inventory: readonly KeptData[]): AsyncGenerator<object> {
  const types = placesOf(inventory, "events").map(({ type }) => type);
  if (types.length === 0) return;
  const { events } = world.personal.view();
  let cursor: string | undefined;
  do {
    const page = await events.query({ branch: LIVE, types, limit: EVENTS, ...(cursor !== undefined && { cursor }) });
    for (const { actor, type, at, subject, payload } of page.events)
      if (actor === person || payload["person"] === person) yield { type, at, subject, payload };
    cursor = page.next;
  } while (cursor !== undefined);
}

async function* logOf(world: PeopleWorld, person: string): AsyncGenerator<object> {
  for await (const entry of world.logAfter(world.personal.view(), 0)) if (entry.actor === person) yield shownEntry(entry);
}

function shownEntry({ revision, time, branch, reason, changes, fork, merge, abandon, undo }: LogEntry): object {
  const changed = changes.slice(0, ENTRIES).map((change) => ({ op: change.op, id: change.op === "update" ? change.id : change.record.id }));
  return { revision, time, branch, reason, changed, fork, merge, abandon, undo };
}

async function* entriesOf(log: TransparencyLog, person: string): AsyncGenerator<object> {
  const ofPerson = {
    owners: [person],
    open: (...asked: Parameters<TransparencyLog["salts"]["open"]>) => log.salts.open(...asked),
  };
  for (let first = 0; first < log.size; first += ENTRIES)
    for (const [at, bytes] of (await log.entries(first, Math.min(ENTRIES, log.size - first))).entries()) {
      const entry = entryOf(bytes);
      const { who, whom } = peopleOf(entry, ofPerson);
      if (entry === undefined || (who !== person && whom !== person)) continue;
      const { what, time } = entry;
      const operation = "operation" in entry ? entry.operation : undefined;
      const revision = "revision" in entry ? entry.revision : undefined;
      yield { index: first + at, what, time, operation, revision, as: who === person ? "who" : "whom" };
    }
}

function placesOf<Kind extends KeptData["places"][number]["kind"]>(
  inventory: readonly KeptData[],
  kind: Kind,
): readonly Extract<KeptData["places"][number], { readonly kind: Kind }>[] {
  return inventory.flatMap(({ places, exported }) =>
    exported ? places.filter((place): place is Extract<KeptData["places"][number], { readonly kind: Kind }> => place.kind === kind) : [],
  );
}
