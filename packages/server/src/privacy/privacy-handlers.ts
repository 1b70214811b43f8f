import { join } from "node:path";
import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { Identities } from "../accounts/account-routes.ts";
import { inventoryReport, shownData } from "./inventory.ts";
import { PeopleData } from "./people-data.ts";
import type { PeopleWorlds } from "./people-worlds.ts";
import { personExport } from "./person-export.ts";
import type { privacyContract } from "./privacy-contract.ts";
import { RetentionTimers } from "./retention-timers.ts";

export interface PrivacyOptions {
  readonly worlds: PeopleWorlds;
  readonly identities: Identities | undefined;
  /** Data folder of the server; undefined where a world is served without one. */
  readonly data: string | undefined;
  readonly logger: Pick<Logger, "info" | "error">;
  /** The server ends. */
  onClose(close: () => Promise<void>): void;
}

/** A page that was left open erases nobody. */
const PRESENCE_S = 120;
/** So long a session goes on, so that its last request is answered. */
const ANSWERED_MS = 200;

export function privacyHandlers(options: PrivacyOptions): HandlersOf<typeof privacyContract> {
  const people = new PeopleData(options);
  return { ...inventoryHandlers(options, people), ...personHandlers(options, people), ...timerHandlers(options, people) };
}

type Handlers = HandlersOf<typeof privacyContract>;

function inventoryHandlers(
  { worlds }: PrivacyOptions,
  people: PeopleData,
): Pick<Handlers, "privacy.inventory" | "privacy.inventoryReport"> {
  return {
    "privacy.inventory": async () => ({ data: people.inventory.map(shownData) }),
    "privacy.inventoryReport": async ({ query: { language } }) => ({
      body: Buffer.from(inventoryReport(people.inventory, language, new Date(worlds.home.now() / 1_000).toISOString())),
      headers: { "content-disposition": 'inline; filename="data-inventory.md"' },
    }),
  };
}

function personHandlers(
  { worlds, identities }: PrivacyOptions,
  people: PeopleData,
): Pick<Handlers, "privacy.exportSelf" | "privacy.eraseSelf" | "privacy.exportPerson" | "privacy.erasePerson"> {
  const file = (person: string) => ({
    body: personExport({ person, worlds, identities, inventory: people.inventory }),
    headers: { "content-disposition": 'attachment; filename="person.json"', "cache-control": "no-store" },
  });
  /** Its own session, where somebody erases himself, ends after the answer. */
  const erase = async (person: string, texts: "erase" | "keep") => {
    const erased = await people.erase(person, texts);
    if (identities !== undefined) setTimeout(() => identities.sessions.endAll(person, { why: "removed" }), ANSWERED_MS);
    return erased;
  };
  return {
    "privacy.exportSelf": async ({ principal }) => file(people.requirePerson(principal)),
    "privacy.eraseSelf": async ({ principal, body: { texts }, requirePresence }) => {
      const person = people.requirePerson(principal);
      if (identities !== undefined) requirePresence(PRESENCE_S);
      return erase(person, texts);
    },
    "privacy.exportPerson": async ({ params }) => file(people.requireKnown(params.account)),
    "privacy.erasePerson": async ({ params, body: { texts } }) => erase(people.requireKnown(params.account), texts),
  };
}

function timerHandlers(
  { worlds, identities, data, logger, onClose }: PrivacyOptions,
  people: PeopleData,
): Pick<Handlers, "privacy.timers" | "privacy.setTimers" | "privacy.runTimers"> {
  const expired = () =>
    (identities?.accounts.list() ?? []).flatMap(({ id, expires }) =>
      expires === undefined ? [] : [{ id, expiredMs: Date.parse(expires) }],
    );
  const opened =
    data === undefined
      ? undefined
      : new RetentionTimers({
          path: join(data, "privacy", "timers.json"),
          worlds,
          people,
          expiredAccounts: expired,
          now: () => worlds.home.now() / 1_000,
          info: (run) => logger.info({ run }, "data of people was removed after its time"),
          onFault: (error) => logger.error({ err: error }, "data of people could not be removed after its time; it is tried again"),
        });
  if (opened !== undefined) {
    opened.start();
    onClose(() => opened.stop());
  }
  const timers = (): RetentionTimers => {
    if (opened === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("privacy.noFolder"));
    return opened;
  };
  const shown = ({ timers: set, ran }: RetentionTimers) => {
    if (ran === undefined) return { timers: set };
    const { atMs, ...removed } = ran;
    return { timers: set, ran: { at: Math.round(atMs * 1_000), ...removed } };
  };
  return {
    "privacy.timers": async () => shown(timers()),
    "privacy.setTimers": async ({ body }) => {
      timers().set(body as RetentionTimers["timers"]);
      return shown(timers());
    },
    "privacy.runTimers": async () => {
      await timers().run();
      return shown(timers());
    },
  };
}
