import { DoppelwerkError, message, MINUTE } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, Open, PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { alarmFold, connections, knownPeople, mails, notices, type AlarmFold, type NamedRecipient } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { notifications } from "../feature.ts";
import type {} from "../message-codes.ts";
import { occurrenceKey } from "../model/occurrence.ts";
import { onCallAt, peopleOfCalendar } from "../model/on-call.ts";
import { AddressStore } from "./address-store.ts";
import { ChannelStore, shownChannel } from "./channel-store.ts";
import { NotificationDocuments } from "./documents.ts";
import { Engine } from "./engine.ts";
import { listFacts } from "./facts.ts";
import { LinkActs } from "./link-acts.ts";
import { mailsOf } from "./mails.ts";
import { People } from "./people.ts";
import { Watchdogs } from "./watchdogs.ts";

type Ctx = FeatureContext<typeof notifications>;
type Handlers = HandlersOf<(typeof notifications)["contract"]>;

/** Alarms that are on screen at once; of more it is said how many there are. */
const MAX_ON_SCREEN = 50;
/** Tests that one person sends in ten minutes. */
const TESTS = { most: 5, within: 10 * MINUTE };

/** Tells people of alarms: by rules, an on-call calendar, channels, and links that acknowledge. */
export const open: Open<typeof notifications> = async (ctx) => {
  const folder = ctx.folder("notifications");
  const channels = new ChannelStore(folder, () => ctx.ids.next("notificationChannel"));
  const addresses = new AddressStore(folder, ctx.texts);
  const people = new People({
    known: ctx.use(knownPeople),
    addresses,
    view: (principal) => ctx.view(principal),
    nameOf: (actor) => ctx.nameOf(actor),
  });
  const watchdogs = new Watchdogs(() => ctx.now());
  const engine = new Engine({ ctx, folder, channels, addresses, people, watchdogs });
  ctx.personal({
    exported: (person) => addresses.exported(person),
    erase(person) {
      addresses.erase(person);
      engine.erase(person);
    },
  });
  measure(ctx, engine);
  engine.start();
  const parts: Parts = { ctx, channels, addresses, people, engine, watchdogs };
  return {
    handlers: {
      ...documentHandlers(parts),
      ...channelHandlers(parts),
      ...ownHandlers(parts),
      ...factHandlers(parts),
      ...linkHandlers(parts),
    },
    ports: {
      [mails.key]: mailsOf({ channels, addresses, people }),
      [notices.key]: {
        send: async (notice, to) => engine.notify(notice, to),
        recipients: (principal, branch) => namedRecipients(parts, ctx.view(principal), branch),
        withdraw: async ({ id, at }) => engine.outbox.forget(new Set([occurrenceKey({ rule: id, since: at })])),
      },
    },
    close: () => engine.close(),
  };
};

interface Parts {
  readonly ctx: Ctx;
  readonly channels: ChannelStore;
  readonly addresses: AddressStore;
  readonly people: People;
  readonly engine: Engine;
  readonly watchdogs: Watchdogs;
}

function namedRecipients({ ctx, people, channels }: Parts, view: PlantView, branch: BranchId): readonly NamedRecipient[] {
  const documents = new NotificationDocuments({ people, newId: (kind) => ctx.ids.next(kind), now: () => ctx.now() });
  return [
    ...documents
      .calendars(view, branch)
      .map(({ id, fields: { name } }) => ({ recipient: { kind: "onCall", calendar: id } as const, name })),
    ...people.list().map(({ id, name }) => ({ recipient: { kind: "person", person: id } as const, name })),
    ...channels.list().map(({ id, fields: { name } }) => ({ recipient: { kind: "channel", channel: id } as const, name })),
  ];
}

function documentHandlers({ ctx, people, channels }: Parts) {
  const documents = new NotificationDocuments({ people, newId: (kind) => ctx.ids.next(kind), now: () => ctx.now() });
  return {
    "notifications.calendars": async ({ view, branch }) => documents.calendars(view, branch),
    "notifications.addCalendar": ({ view, branch, body, query }) =>
      documents.storeCalendar(view, branch, undefined, { ...body, reason: query.reason }),
    "notifications.storeCalendar": ({ view, branch, params, body, query }) =>
      documents.storeCalendar(view, branch, params.id, { ...body, reason: query.reason }),
    "notifications.removeCalendar": ({ view, branch, params, query }) => documents.removeCalendar(view, branch, params.id, query.reason),
    "notifications.rules": async ({ view, branch }) => documents.rules(view, branch),
    "notifications.addRule": ({ view, branch, body, query }) =>
      documents.storeRule(view, branch, undefined, { ...body, reason: query.reason }),
    "notifications.storeRule": ({ view, branch, params, body, query }) =>
      documents.storeRule(view, branch, params.id, { ...body, reason: query.reason }),
    "notifications.removeRule": ({ view, branch, params, query }) => documents.removeRule(view, branch, params.id, query.reason),
    "notifications.recipients": async ({ view }) => ({
      alarms: await readableAlarms(ctx.use(alarmFold), view),
      people: [...people.list()],
      channels: channels.list().map(({ id, fields: { name, kind, isOn } }) => ({ id, name, kind, isOn })),
    }),
  } satisfies Partial<Handlers>;
}

function channelHandlers({ ctx, channels, engine }: Parts) {
  const tests = new Tests(() => ctx.now());
  return {
    "notifications.channels": async () => ({
      channels: channels.list().map(({ id, fields }) => shownChannel(id, fields)),
      ...(channels.address !== undefined && { address: channels.address }),
    }),
    "notifications.addChannel": async ({ body }) => channels.add(body),
    "notifications.changeChannel": async ({ params, body }) => channels.change(params.channel, body),
    "notifications.removeChannel": async ({ params }) => {
      channels.remove(params.channel);
      engine.forgetChannel(params.channel);
    },
    "notifications.testChannel": async ({ params, principal }) => {
      const { kind } = channels.require(params.channel);
      tests.count(principal.id);
      await engine.test({ channel: params.channel, ...(kind === "smtp" && { person: principal.id }) });
    },
    "notifications.setAddress": async ({ body }) => channels.setAddress(body.address),
  } satisfies Partial<Handlers>;
}

function ownHandlers({ ctx, channels, addresses, engine }: Parts) {
  const tests = new Tests(() => ctx.now());
  return {
    "notifications.own": async ({ principal }) => {
      const known = addresses.of(principal.id);
      return {
        ...(known && { addresses: known }),
        hasMail: channels.mail() !== undefined,
        reaches: reachesOf(engine, principal.id, ctx.now()),
      };
    },
    "notifications.setOwn": async ({ principal, body }) => {
      if (principal.machine === true || !principal.id.startsWith("person:") || principal.id === "person:anonymous")
        throw new DoppelwerkError("DW_FORBIDDEN", message("notifications.onlyPeople"));
      addresses.set(principal.id, body);
      return body;
    },
    "notifications.removeOwn": async ({ principal }) => {
      addresses.erase(principal.id);
      engine.erase(principal.id);
    },
    "notifications.testOwn": async ({ principal }) => {
      const mail = channels.mail();
      if (mail === undefined) throw new DoppelwerkError("DW_CONFLICT", message("notifications.noMailServer"));
      if ((addresses.of(principal.id)?.mail.length ?? 0) === 0)
        throw new DoppelwerkError("DW_CONFLICT", message("notifications.noAddress"));
      tests.count(principal.id);
      await engine.test({ channel: mail.id, person: principal.id });
    },
  } satisfies Partial<Handlers>;
}

function factHandlers({ ctx, channels, people, engine, watchdogs }: Parts) {
  return {
    "notifications.list": ({ view, query }) =>
      listFacts({
        view,
        query,
        names: { people, channel: (id) => channels.find(id)?.name, actor: (id) => ctx.nameOf(id) },
        alarms: ctx.use(alarmFold),
        rules: engine.rules,
      }),
    "notifications.state": async () => {
      const { open: followed, beyond } = engine.escalations.counts;
      const { items, mailings, more } = engine.outbox.counts;
      const failing = [...engine.outbox.failing].map(([id, { since, next, attempts, reason }]) => ({
        channel: { id, name: channels.find(id)?.name ?? id },
        since,
        next,
        attempts,
        reason,
      }));
      return { followed, beyond, waiting: items + mailings + more, failing, watchdogs: [...watchdogs.list()] };
    },
    "notifications.onScreen": async ({ view, principal }) => onScreen(engine, view, principal.id, ctx.now()),
    "notifications.watch": async ({ view, query, principal }) => {
      watchdogs.asked(`${principal.id} ${query.name}`, query.name, query.everyS);
      return { now: ctx.now(), inputs: await inputsOf(ctx, view) };
    },
  } satisfies Partial<Handlers>;
}

function linkHandlers({ ctx, engine, people, addresses, channels }: Parts) {
  const acts = new LinkActs({
    links: engine.links,
    people,
    addresses,
    alarms: ctx.use(alarmFold),
    sinceOf: (alarm) => engine.escalations.sinceOf(alarm),
    studio: () => (channels.address === undefined ? undefined : `${channels.address}${ctx.world.path}/alarms`),
    view: (principal) => ctx.view(principal),
    now: () => ctx.now(),
    record: (facts) => engine.record(facts),
  });
  return {
    "notifications.link": ({ params }) => acts.show(params.token),
    "notifications.acknowledgeByLink": ({ params }) => acts.acknowledge(params.token),
  } satisfies Partial<Handlers>;
}

async function readableAlarms(fold: AlarmFold, view: PlantView) {
  const alarms = [];
  for (const { id, title } of await fold.rules()) {
    // a rule may have readers of its own
    if (view.hides(LIVE, id)) continue;
    const inputs = await fold.inputsOf(id);
    if (inputs?.every((signal) => view.mayReadSignal(signal)) === true) alarms.push({ id, title });
  }
  return alarms.toSorted((a, b) => a.title.en.localeCompare(b.title.en, "en"));
}

/** Rules and calendars by which somebody is told of alarms. */
function reachesOf({ rules, calendars }: Engine, person: string, now: Instant) {
  return rules.flatMap(({ id, fields }) =>
    fields.steps.flatMap(({ to, afterMinutes }, at) =>
      to.flatMap((recipient) => {
        const reach = { rule: { id, name: fields.name }, step: at + 1, afterMinutes };
        if (recipient.kind === "person") return recipient.person === person ? [reach] : [];
        const calendar = recipient.kind === "onCall" ? calendars.get(recipient.calendar) : undefined;
        if (calendar === undefined || !peopleOfCalendar(calendar.fields).includes(person)) return [];
        const isOnCall = onCallAt(calendar.fields, now, zoneOffsetOf(calendar.fields.timeZone)).person === person;
        return [{ ...reach, calendar: { id: calendar.id, name: calendar.fields.name }, isOnCall }];
      }),
    ),
  );
}

/** Of the rules that tell somebody now, whatever the step. */
function onScreen(engine: Engine, view: PlantView, person: string, now: Instant) {
  const telling = engine.rules.filter(({ fields }) =>
    fields.steps.some(({ to }) =>
      to.some(
        (recipient) =>
          (recipient.kind === "person" && recipient.person === person) ||
          (recipient.kind === "onCall" && engine.onCall(recipient.calendar, now) === person),
      ),
    ),
  );
  if (telling.length === 0) return { alarms: [], count: 0 };
  const alarms = engine.unattended
    .filter((each) => each.inputs.every((signal) => view.mayReadSignal(signal)) && telling.some((rule) => engine.isTold(rule, each)))
    .map(({ alarm }) => alarm)
    .toSorted((a, b) => a.priority - b.priority || b.since - a.since);
  return { alarms: alarms.slice(0, MAX_ON_SCREEN), count: alarms.length };
}

/** The newest value of each connection that somebody may read of. */
async function inputsOf(ctx: Ctx, view: PlantView) {
  const newest = new Map<string, Instant>();
  for (const signal of view.signals()) {
    const { connection } = signal;
    const at = connection === undefined ? undefined : view.live(signal.id)?.sourceTime;
    if (connection !== undefined && at !== undefined) newest.set(connection, Math.max(at, newest.get(connection) ?? 0));
  }
  const plants = (await ctx.find(connections)?.list()) ?? [];
  return plants
    .filter(({ id, enabled }) => enabled !== false && !view.hides("live", id))
    .map(({ id, name, state }) => ({ id, name, state, ...(newest.has(id) && { at: newest.get(id)! }) }));
}

/** A test goes to somebody's address at once: nobody sends many. */
class Tests {
  readonly #sent = new Map<string, readonly Instant[]>();
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** Errors: DW_TOO_OFTEN. */
  count(person: string): void {
    const now = this.#now();
    const lately = (this.#sent.get(person) ?? []).filter((sent) => sent > now - TESTS.within);
    if (lately.length >= TESTS.most) throw new DoppelwerkError("DW_TOO_OFTEN", message("notifications.testedTooOften"));
    this.#sent.set(person, [...lately, now]);
  }
}

function measure({ metric }: Pick<Ctx, "metric">, engine: Engine): void {
  const gauge = (name: string, help: string, value: () => number): void =>
    metric({ kind: "gauge", name: `notifications_${name}`, help, read: () => [{ value: value() }] });
  gauge("followed", "alarms that notification rules follow", () => engine.escalations.counts.open);
  gauge("waiting", "alarms and messages that wait to be sent", () => engine.outbox.counts.items + engine.outbox.counts.mailings);
  gauge("failing_channels", "channels that take nothing", () => engine.outbox.failing.size);
}
