import { join } from "node:path";
import { DoppelwerkError, HOUR, message, SECOND, textOf, type Message } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { alarmFold, livePlaces, type ConcludedAlarm, type Notice, type NoticeRecipient } from "@doppelwerk/ports";
import { changedKind, LIVE, type Instant, type RecordId } from "@doppelwerk/world";
import type { notifications } from "../feature.ts";
import { changed } from "../contract.ts";
import type {} from "../message-codes.ts";
import { PER_MINUTE } from "../model/channel-kind.ts";
import type { MessageContent } from "../model/composed.ts";
import { eventOfNotification, type NotificationFact } from "../model/event-kinds.ts";
import { isAttended, occurrenceKey, targetKey, type Occurrence, type Target } from "../model/occurrence.ts";
import { onCallAt } from "../model/on-call.ts";
import { quietUntil } from "../model/quiet.ts";
import type { Recipient } from "../model/rule-kind.ts";
import type { AddressStore } from "./address-store.ts";
import type { ChannelStore } from "./channel-store.ts";
import { calendarsOf, rulesOf, type Known } from "./documents.ts";
import { openDurableMap, type DurableMap } from "./durable-map.ts";
import { Escalations, type ListedAlarm, type NotificationRule } from "./escalations.ts";
import { Links } from "./links.ts";
import { Outbox, type Outcome } from "./outbox.ts";
import type { Mailing } from "./outbox-entries.ts";
import type { People } from "./people.ts";
import { sendBy } from "./send-by.ts";
import type { Watchdogs } from "./watchdogs.ts";
import type { OnCallFields } from "../model/on-call-kind.ts";

export interface EngineOptions {
  readonly ctx: FeatureContext<typeof notifications>;
  readonly folder: string;
  readonly channels: ChannelStore;
  readonly addresses: AddressStore;
  readonly people: People;
  readonly watchdogs: Watchdogs;
}

const TICK_MS = 500;
/** The list is read again this often, whatever was heard: a transition that nobody told of is made up for. */
const READ_EVERY = 60 * SECOND;
const READ_AFTER_MS = 200;
/** In a flood the list is read less often. */
const READ_AFTER_MANY_MS = 1_000;
const MANY = 1_000;
const HOUSEKEEPING = 3_600 * SECOND;

/** A notice that could not be delivered so long is delivered no more, and so many reach one person in an hour; more come as one digest. */
const [NOTICE_EXPIRES, NOTICES_PER_HOUR] = [4 * HOUR, 20];

/** Follows the alarms of live, and sends what the rules say. */
export class Engine {
  readonly links: Links;
  readonly outbox: Outbox;
  readonly escalations: Escalations;
  readonly #options: EngineOptions;
  readonly #kept: DurableMap;
  readonly #stops: (() => void)[] = [];
  #listed: readonly ConcludedAlarm[] = [];
  #inputs: ReadonlyMap<RecordId, readonly RecordId[]> = new Map();
  #rules: readonly NotificationRule[] = [];
  #calendars: ReadonlyMap<RecordId, Known<OnCallFields>> = new Map();
  #isStale = true;
  #reading: Promise<void> | undefined;
  #read = 0;
  #house = 0;
  #published = 0;
  #isPublishing = false;
  /** What is said of its state. */
  #said = "";
  #isClosed = false;

  constructor(options: EngineOptions) {
    const { ctx, folder } = options;
    this.#options = options;
    this.#kept = openDurableMap(join(folder, "outbox.jsonl"));
    const now = (): Instant => ctx.now();
    const record = (facts: readonly NotificationFact[]): void => this.record(facts);
    this.links = new Links(folder, this.#kept, now);
    this.outbox = new Outbox({
      kept: this.#kept,
      now,
      newId: () => ctx.ids.next("notification"),
      send: (mailing) => this.#send(mailing),
      record,
      undelivered: (items) => this.escalations.undelivered(items),
      perMinute: (channel) => PER_MINUTE[options.channels.find(channel)?.kind ?? "smtp"],
      onFault: (error) => this.#fault(error),
    });
    this.escalations = new Escalations({
      kept: this.#kept,
      outbox: this.outbox,
      now,
      rules: () => this.#rules,
      isAt: (alarm, place) => this.#isAt(alarm, place),
      isSimulated: ({ inputs }) => inputs.some((signal) => this.#isSimulated(signal)),
      targetsOf: (recipient, occurrence, at) => this.#targetsOf(recipient, occurrence, at),
      quietUntil: ({ fields: { quiet } }, priority, at) => quiet && quietUntil(quiet, priority, at, zoneOffsetOf(quiet.timeZone)),
      record,
    });
  }

  /** Begins. What happened while nobody followed the alarms is made up for. */
  start(): void {
    const { ctx } = this.#options;
    this.#readDocuments();
    const timer = setInterval(() => this.#tick(), TICK_MS).unref();
    this.#stops.push(
      () => clearInterval(timer),
      ctx.use(alarmFold).follow(({ alarm: { rule, state } }) => {
        if (state === "unacknowledged") this.escalations.raised(rule);
        this.#later();
      }),
      ctx.own.documents.onCommit(({ entry }) => {
        if (entry.branch !== LIVE || !entry.changes.some((change) => ["notificationRule", "onCallCalendar"].includes(changedKind(change))))
          return;
        this.#readDocuments();
        this.#later();
      }),
    );
    this.#later();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    await this.#reading;
    await this.outbox.idle();
    this.#kept.close();
  }

  get rules(): readonly NotificationRule[] {
    return this.#rules;
  }

  get calendars(): ReadonlyMap<RecordId, Known<OnCallFields>> {
    return this.#calendars;
  }

  /** Unacknowledged alarms of live as they were read last. */
  get unattended(): readonly ConcludedAlarm[] {
    return this.#listed.filter(({ alarm }) => !isAttended(alarm));
  }

  /** Whether a rule is about an alarm. */
  isTold({ fields }: NotificationRule, each: ListedAlarm): boolean {
    const { alarm } = each;
    return (
      fields.isOn &&
      fields.priorities.includes(alarm.priority) &&
      (fields.rules.length === 0 || fields.rules.includes(alarm.rule)) &&
      (fields.place === undefined || this.#isAt(each, fields.place)) &&
      (fields.alsoSimulated || !each.inputs.some((signal) => this.#isSimulated(signal)))
    );
  }

  /** What another feature tells people: by the same channels, quiet hours and limits. Returns how many targets it is on its way to. */
  notify({ id, at, title, station, priority, value, step }: Notice, to: readonly NoticeRecipient[]): number {
    const occurrence: Occurrence = { rule: id, since: at, title, station, priority, isNotice: true, ...(value !== undefined && { value }) };
    const now = this.#options.ctx.now();
    const targets = new Map(to.flatMap((each) => this.#targetsOf(each, occurrence, now)).map((each) => [targetKey(each), each]));
    for (const { channel, person, from } of targets.values()) {
      const due = from ?? now;
      this.outbox.add({
        target: { channel, ...(person !== undefined && { person }) },
        occurrence,
        by: id,
        what: "raised",
        step,
        at: due,
        expires: due + NOTICE_EXPIRES,
        maxPerHour: NOTICES_PER_HOUR,
      });
    }
    this.#kept.flush();
    this.outbox.pump();
    return targets.size;
  }

  /** Nothing of a person is kept here afterwards. */
  erase(person: string): void {
    this.outbox.forgetTargets((target) => target.person === person);
    this.links.prune((each) => each === person);
    this.escalations.forgetPerson(person);
    this.#kept.compact();
  }

  forgetChannel(channel: string): void {
    this.outbox.forgetTargets((target) => target.channel === channel);
  }

  record(facts: readonly NotificationFact[]): void {
    if (facts.length === 0) return;
    const { ctx } = this.#options;
    ctx.derivations.recordLater(facts.map(eventOfNotification));
    this.#publish();
  }

  /** Sends a test now. Errors: DW_UNAVAILABLE with what failed. */
  async test(target: Target): Promise<void> {
    const { ctx } = this.#options;
    const told: MessageContent = {
      id: ctx.ids.next("notification"),
      made: ctx.now(),
      alarms: [],
      more: 0,
      expired: 0,
      isTest: true,
      ...this.#about(),
    };
    const outcome = await this.#deliver(target, told);
    if (outcome.kind !== "sent") throw new DoppelwerkError("DW_UNAVAILABLE", outcome.reason);
  }

  /** The alarm list is read soon; at once where that was long ago. */
  #later(): void {
    this.#isStale = true;
    if (this.#reading !== undefined || this.#isClosed) return;
    const wait = this.#listed.length > MANY ? READ_AFTER_MANY_MS : READ_AFTER_MS;
    this.#reading = new Promise<void>((resolve) => setTimeout(resolve, wait))
      .then(() => this.#readList())
      .catch((error: unknown) => this.#fault(error))
      .finally(() => {
        this.#reading = undefined;
        if (this.#isStale) this.#later();
      });
  }

  async #readList(): Promise<void> {
    if (this.#isClosed) return;
    const { ctx } = this.#options;
    this.#isStale = false;
    const before = this.#listed;
    const heard = this.escalations.heard;
    const listed = await ctx.use(alarmFold).at();
    if (this.#isClosed) return;
    this.#listed = listed;
    this.#inputs = new Map(listed.map(({ alarm, inputs }) => [alarm.rule, inputs]));
    this.#read = ctx.now();
    this.escalations.follow(listed, heard);
    if (isOtherList(before, listed)) this.#publish();
    this.#tick();
  }

  #tick(): void {
    if (this.#isClosed) return;
    try {
      const now = this.#options.ctx.now();
      if (now - this.#read > READ_EVERY) this.#later();
      this.escalations.tick();
      this.outbox.pump();
      if (now - this.#house > HOUSEKEEPING) this.#keepHouse(now);
      this.#kept.flush();
      this.#sayState();
    } catch (error) {
      this.#fault(error);
    }
  }

  #keepHouse(now: Instant): void {
    this.#house = now;
    const { people, addresses, channels } = this.#options;
    const isGone = (person: string): boolean => people.principal(person) === undefined;
    for (const person of addresses.people()) if (isGone(person)) addresses.erase(person);
    addresses.sealAgain();
    this.links.prune(isGone);
    this.outbox.forgetTargets(({ channel, person }) => channels.find(channel) === undefined || (person !== undefined && isGone(person)));
  }

  #readDocuments(): void {
    const reader = this.#options.ctx.own.documents.reader(LIVE);
    this.#rules = rulesOf(reader);
    this.#calendars = new Map(calendarsOf(reader).map((calendar) => [calendar.id, calendar]));
  }

  #targetsOf(recipient: Recipient, { rule, priority }: Occurrence, now: Instant): readonly (Target & { readonly from?: Instant })[] {
    const { channels, people } = this.#options;
    const inputs = this.#inputs.get(rule) ?? [];
    if (recipient.kind === "channel") {
      const { channel } = recipient;
      const fields = channels.find(channel);
      return fields?.isOn === true && fields.kind !== "smtp" && people.mayAllRead(inputs) ? [{ channel }] : [];
    }
    const person = recipient.kind === "person" ? recipient.person : this.onCall(recipient.calendar, now);
    const mail = channels.mail();
    const addresses = person === undefined ? undefined : people.reachable(person, inputs);
    if (mail === undefined || person === undefined || addresses === undefined || addresses.mail.length === 0) return [];
    if (!addresses.priorities.includes(priority)) return [];
    const { quiet, timeZone } = addresses;
    const from = quiet && quietUntil({ ...quiet, timeZone }, priority, now, zoneOffsetOf(timeZone));
    return [{ channel: mail.id, person, ...(from !== undefined && { from }) }];
  }

  onCall(calendar: RecordId, now: Instant): string | undefined {
    const fields = this.#calendars.get(calendar)?.fields;
    return fields && onCallAt(fields, now, zoneOffsetOf(fields.timeZone)).person;
  }

  #send(mailing: Mailing): Promise<Outcome> {
    const { id, made, items, more, expired, target } = mailing;
    const { address } = this.#options.channels;
    const told: MessageContent = {
      id,
      made,
      alarms: items.map(({ occurrence, what, step }, at) => ({
        occurrence,
        what,
        step,
        ...(address !== undefined &&
          target.person !== undefined &&
          what === "raised" &&
          occurrence.isNotice !== true &&
          at < MAX_LINKS && { link: `${this.#base(address)}/alarm-links/${this.links.tokenFor(target.person, occurrence)}` }),
      })),
      more,
      expired,
      isTest: false,
      ...this.#about(),
    };
    // what a link may do is on disk before anybody has it
    this.#kept.flush();
    return this.#deliver(target, told);
  }

  #base(address: string): string {
    return `${address}/api/doppelwerk/v1${this.#options.ctx.world.path}`;
  }

  #about(): Pick<MessageContent, "world" | "list"> {
    const { ctx, channels } = this.#options;
    const { address } = channels;
    return { world: ctx.world.name, ...(address !== undefined && { list: `${address}${ctx.world.path}/alarms` }) };
  }

  #deliver({ channel, person }: Target, told: MessageContent): Promise<Outcome> {
    const { channels, addresses, ctx } = this.#options;
    const fields = channels.find(channel);
    const to = person === undefined ? undefined : addresses.of(person);
    const gone = (reason: Message): Promise<Outcome> => Promise.resolve({ kind: "refused", reason });
    if (fields === undefined) return gone(message("notifications.channelGone"));
    if (person !== undefined && to === undefined) return gone(message("notifications.noAddress"));
    return sendBy(fields, to, told, ctx.now() / 1_000).catch((error: unknown) => {
      // a bug in a channel stops no other
      this.#fault(error);
      return { kind: "unsure", reason: message("notifications.channelFault", { text: (error as Error).message.slice(0, 300) }) };
    });
  }

  #isAt({ inputs }: ListedAlarm, place: RecordId): boolean {
    const { ctx } = this.#options;
    const within = new Set(ctx.find(livePlaces)?.within(place) ?? []);
    if (within.size === 0) return false;
    const reader = ctx.own.documents.reader(LIVE);
    return inputs.some((signal) => {
      const shell = ctx.own.signal(signal)?.shell;
      const [record] = shell === undefined ? [] : reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
      return record !== undefined && within.has(record.id);
    });
  }

  #isSimulated(id: RecordId): boolean {
    const { own } = this.#options.ctx;
    const signal = own.signal(id);
    if (signal === undefined) return false;
    const origin = own.live(id)?.origin ?? own.originOf(signal);
    return origin === "simulated" || origin === "replayed";
  }

  /** Viewers read again at most once a second. */
  #publish(): void {
    const { ctx } = this.#options;
    const now = ctx.now();
    if (this.#isPublishing) return;
    if (now - this.#published >= SECOND) {
      this.#published = now;
      return ctx.publish(changed, { at: now });
    }
    this.#isPublishing = true;
    setTimeout(() => {
      this.#isPublishing = false;
      if (!this.#isClosed) this.#publish();
    }, 1_000).unref();
  }

  #sayState(): void {
    const failing = [...this.outbox.failing].map(([id, { reason }]) => `${this.#options.channels.find(id)?.name ?? id}: ${textOf(reason)}`);
    const { beyond } = this.escalations.counts;
    const silent = this.#options.watchdogs
      .list()
      .filter(({ isSilent }) => isSilent)
      .map(({ name }) => `the watchdog ${name} does not ask any more`);
    const said = [...failing, ...silent, ...(beyond > 0 ? [`${beyond} alarms are not followed: too many are active`] : [])].join("; ");
    if (said !== this.#said) this.#options.ctx.degraded(said === "" ? undefined : said);
    this.#said = said;
  }

  #fault(error: unknown): void {
    this.#options.ctx.log.error({ err: error }, "notifications");
  }
}

/** Alarms of one message that have a link of their own. */
const MAX_LINKS = 20;

/** Whether other alarms are unacknowledged. */
function isOtherList(before: readonly ConcludedAlarm[], after: readonly ConcludedAlarm[]): boolean {
  const keys = (list: readonly ConcludedAlarm[]): readonly string[] =>
    list.flatMap(({ alarm }) => (isAttended(alarm) ? [] : [`${occurrenceKey(alarm)} ${alarm.state}`]));
  const [was, is] = [keys(before), keys(after)];
  return was.length !== is.length || was.some((key, at) => key !== is[at]);
}
