import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold } from "@doppelwerk/ports";
import { LIVE, type EventRecord } from "@doppelwerk/world";
import type { QueryOf } from "@doppelwerk/kit";
import type { list, Notification } from "../contract.ts";
import { NOTIFICATION_EVENTS, type NotificationEvent } from "../model/event-kinds.ts";
import type { NotificationRule } from "./escalations.ts";
import type { People } from "./people.ts";

interface FactsRequest {
  readonly view: PlantView;
  readonly query: QueryOf<typeof list>;
  readonly names: { readonly people: Pick<People, "names">; channel(id: string): string | undefined; actor(id: string): string };
  readonly alarms: AlarmFold;
  readonly rules: readonly NotificationRule[];
}

/** What became of notifications, newest first, with the names that things have now. */
export async function listFacts({
  view,
  query,
  names,
  alarms,
  rules,
}: FactsRequest): Promise<{ notifications: Notification[]; next?: string }> {
  const { alarm, from, to, limit, cursor } = query;
  // of one that may not be read it is not said whether anybody was notified of it
  const inputs = alarm === undefined ? [] : await alarms.inputsOf(alarm);
  if (inputs === undefined || !inputs.every((signal) => view.mayReadSignal(signal))) return { notifications: [] };
  const page = await view.events.query({
    branch: LIVE,
    types: [...NOTIFICATION_EVENTS],
    order: "descending",
    limit,
    ...(alarm !== undefined && { key: { name: "alarms", value: alarm } }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cursor !== undefined && { cursor }),
  });
  const titles = new Map((await alarms.rules()).map((rule) => [rule.id, rule.title]));
  const readable = await readableAlarms(view, alarms, page.events);
  const ruleNames = new Map(rules.map(({ id, fields }) => [id, fields.name]));
  const shown = page.events.map((event) => shownFact(event, { names, titles, readable, ruleNames }));
  return { notifications: shown, ...(page.next !== undefined && { next: page.next }) };
}

interface Shown {
  readonly names: FactsRequest["names"];
  readonly titles: ReadonlyMap<string, { readonly en: string; readonly zh: string }>;
  readonly readable: ReadonlySet<string>;
  readonly ruleNames: ReadonlyMap<string, string>;
}

function shownFact({ id, type, at, subject, actor, payload }: EventRecord, { names, titles, readable, ruleNames }: Shown): Notification {
  const person = payload["person"] as string | undefined;
  const channel = payload["channel"] as string | undefined;
  const step = payload["steps"] as number | undefined;
  const rule = ruleNames.get(subject);
  return {
    id,
    type: type as NotificationEvent,
    at,
    ...(rule !== undefined && { rule: { id: subject, name: rule } }),
    ...(person !== undefined && { person: { id: person, name: names.people.names([person])[person]! } }),
    ...(channel !== undefined && { channel: { id: channel, name: names.channel(channel) ?? channel } }),
    alarms: alarmsOf({ payload }).flatMap((each) => {
      const title = titles.get(each);
      return readable.has(each) ? [{ id: each, title: title ?? { en: each, zh: each } }] : [];
    }),
    count: (payload["count"] as number) + ((payload["more"] as number | undefined) ?? 0),
    ...(step !== undefined && { step }),
    ...(payload["reason"] !== undefined && { reason: payload["reason"] as never }),
    ...(payload["isFinal"] !== undefined && { isFinal: payload["isFinal"] === true }),
    ...(actor !== undefined && { by: names.actor(actor) }),
    ...(payload["byLink"] === true && { byLink: true }),
  };
}

const alarmsOf = ({ payload }: Pick<EventRecord, "payload">): readonly string[] => payload["alarms"] as readonly string[];

/** Alarms of events whose inputs may all be read, and those whose rules are gone. */
async function readableAlarms(view: PlantView, alarms: AlarmFold, events: readonly EventRecord[]): Promise<ReadonlySet<string>> {
  const readable = new Set<string>();
  for (const id of new Set(events.flatMap(alarmsOf))) {
    const inputs = await alarms.inputsOf(id);
    if (inputs !== undefined && inputs.every((signal) => view.mayReadSignal(signal))) readable.add(id);
  }
  return readable;
}
