import { MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import type { Message } from "@doppelwerk/kit";
import type { NotificationFact } from "../model/event-kinds.ts";
import { occurrenceKey, targetKey, type Target } from "../model/occurrence.ts";
import type { DurableMap } from "./durable-map.ts";
import type { Item, Mailing } from "./outbox-entries.ts";

/** What became of a message. `unsure`: it may have arrived. `refused`: sending it again would be refused again. */
export type Outcome =
  | { readonly kind: "sent" }
  | { readonly kind: "later" | "unsure" | "refused"; readonly reason: Message; readonly waitMs?: number };

export interface OutboxOptions {
  readonly kept: DurableMap;
  now(): Instant;
  newId(): string;
  /** Never rejects. */
  send(mailing: Mailing, isAgain: boolean): Promise<Outcome>;
  record(facts: readonly NotificationFact[]): void;
  /** What these items tell did not arrive, and will not. */
  undelivered(items: readonly Item[]): void;
  /** Messages of a channel in a minute. */
  perMinute(channel: string): number;
  onFault(error: unknown): void;
}

/** How a channel is, as far as messages tell. */
export interface ChannelState {
  readonly since: Instant;
  readonly reason: Message;
  readonly attempts: number;
  readonly next: Instant;
}

const GATHER = 2 * SECOND;
const BACKOFF = { first: 10 * SECOND, most: 10 * MINUTE };
/** Between two messages to one target: longer the more there were lately. */
const PACE = { each: 5 * SECOND, most: MINUTE, within: 10 * MINUTE };
const HOUR = 60 * MINUTE;
/** Items of one target that are kept; of more it is known how many there are. */
const MAX_ITEMS = 2_000;
const MAX_SENDING = 4;

interface Waiting {
  readonly target: Target;
  readonly items: Map<string, Item>;
  /** One of the least urgent, as of when it was asked for. */
  least?: Item;
}

/**
 * Messages on their way: what comes for one target within two seconds, while its channel is down, or beyond its number in an hour is one message.
 * A message is on disk before it is sent, and sent until somebody took it or what it tells expired.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #mailings = new Map<string, Mailing>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #failing = new Map<string, ChannelState>();
  readonly #sentOfChannel = new Map<string, Instant[]>();
  /** Sent before this process began, perhaps. */
  readonly #again = new Set<string>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    for (const [key, value] of options.kept.values) {
      if (key.startsWith("item ")) this.#of((value as Item).target).items.set(key, value as Item);
      if (!key.startsWith("mailing ")) continue;
      const mailing = value as Mailing;
      this.#mailings.set(targetKey(mailing.target), { ...mailing, isUnsure: true });
      this.#again.add(mailing.id);
    }
    // the process ended while a message was made of them
    for (const { items } of this.#mailings.values())
      for (const item of items)
        if (this.#of(item.target).items.get(item.id)?.step === item.step) this.#drop(this.#of(item.target).items, item.id);
  }

  /** Channels that take nothing. */
  get failing(): ReadonlyMap<string, ChannelState> {
    return this.#failing;
  }

  get counts(): { readonly items: number; readonly mailings: number; readonly more: number } {
    let items = 0;
    let more = 0;
    for (const [key, waiting] of this.#waiting) {
      items += waiting.items.size;
      more += this.#number("more", key);
    }
    return { items, mailings: this.#mailings.size, more };
  }

  /** Of one occurrence a target is told the newest step alone. */
  add(item: Omit<Item, "id">): void {
    const id = `item ${targetKey(item.target)} ${occurrenceKey(item.occurrence)}`;
    const key = targetKey(item.target);
    const added: Item = { ...item, id };
    const { items } = this.#of(item.target);
    if (items.size >= MAX_ITEMS && !items.has(id)) {
      this.#count("more", key, this.#number("more", key) + 1);
      const lesser = leastUrgent(this.#of(item.target));
      if (lesser.occurrence.priority <= item.occurrence.priority) return;
      items.delete(lesser.id);
      this.#options.kept.delete(lesser.id);
    }
    items.set(id, added);
    this.#options.kept.set(id, added);
  }

  /** Nobody has to be told any more that these were raised. */
  forget(occurrences: ReadonlySet<string>): void {
    for (const { items } of this.#waiting.values())
      for (const [id, item] of items) if (item.what === "raised" && occurrences.has(occurrenceKey(item.occurrence))) this.#drop(items, id);
  }

  /** Targets that are gone: nothing of them is kept; nor is what counts for an hour alone. */
  forgetTargets(isGone: (target: Target) => boolean): void {
    const { kept, now } = this.#options;
    for (const [key, { target, items }] of this.#waiting) {
      if (!isGone(target)) continue;
      for (const id of items.keys()) this.#drop(items, id);
      this.#waiting.delete(key);
    }
    for (const [key, mailing] of this.#mailings) if (isGone(mailing.target) && !this.#sending.has(key)) this.#end(key, mailing);
    for (const name of kept.values.keys()) {
      const [, what, channel, person] = /^(sent|more|expired) ([^\n]*)\n(.*)$/.exec(name) ?? [];
      if (channel === undefined || person === undefined) continue;
      const target = { channel, ...(person !== "" && { person }) };
      if (isGone(target) || (what === "sent" && this.#sent(targetKey(target), now()).length === 0)) kept.delete(name);
    }
  }

  /** Begins to send what is due. */
  pump(): void {
    const now = this.#options.now();
    this.#expire(now);
    for (const key of new Set([...this.#mailings.keys(), ...this.#waiting.keys()])) {
      if (this.#sending.size >= MAX_SENDING) return;
      if (this.#sending.has(key) || !this.#isDue(key, now)) continue;
      const mailing = this.#mailings.get(key) ?? this.#make(key, now);
      if (mailing === undefined) continue;
      const sending = this.#deliver(key, mailing).finally(() => this.#sending.delete(key));
      this.#sending.set(key, sending);
    }
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending.values());
  }

  #isDue(key: string, now: Instant): boolean {
    const mailing = this.#mailings.get(key);
    const { target, items } = mailing === undefined ? this.#waiting.get(key)! : { ...mailing, items: undefined };
    if (now < (this.#failing.get(target.channel)?.next ?? 0)) return false;
    const lately = this.#sentOfChannel.get(target.channel) ?? [];
    if (lately.filter((sent) => sent > now - MINUTE).length >= this.#options.perMinute(target.channel)) return false;
    if (items === undefined) return true;
    if (items.size === 0) return false;
    const [first, most] = firstOf(items.values());
    const sent = this.#sent(key, now);
    const pace = Math.min(PACE.most, PACE.each * sent.filter((instant) => instant > now - PACE.within).length);
    return now >= first + GATHER && now >= (sent.at(-1) ?? 0) + pace && sent.length < most;
  }

  /** What waits for a target becomes one message, which is on disk when this returns. */
  #make(key: string, now: Instant): Mailing | undefined {
    const { target, items } = this.#waiting.get(key)!;
    const made: Mailing = {
      id: this.#options.newId(),
      target,
      made: now,
      items: [...items.values()].toSorted(
        (a, b) => a.occurrence.priority - b.occurrence.priority || a.occurrence.since - b.occurrence.since || (a.id < b.id ? -1 : 1),
      ),
      more: this.#number("more", key),
      expired: this.#number("expired", key),
      isUnsure: false,
    };
    const { kept } = this.#options;
    kept.set(`mailing ${made.id}`, made);
    for (const id of items.keys()) this.#drop(items, id);
    this.#count("more", key, 0);
    this.#count("expired", key, 0);
    this.#mailings.set(key, made);
    return made;
  }

  async #deliver(key: string, mailing: Mailing): Promise<void> {
    const { kept, send, onFault, now } = this.#options;
    try {
      // one that is not on disk would be sent twice after a crash, as another one
      kept.flush();
    } catch (error) {
      return onFault(error);
    }
    const { channel } = mailing.target;
    const lately = (this.#sentOfChannel.get(channel) ?? []).filter((sent) => sent > now() - MINUTE);
    this.#sentOfChannel.set(channel, [...lately, now()]);
    const outcome = await send(mailing, this.#again.has(mailing.id));
    this.#again.add(mailing.id);
    if (outcome.kind === "sent") this.#arrived(key, mailing);
    else if (outcome.kind === "refused") this.#refused(key, mailing, outcome.reason);
    else this.#later(key, mailing, outcome);
    try {
      kept.flush();
    } catch (error) {
      onFault(error);
    }
  }

  #arrived(key: string, mailing: Mailing): void {
    const { now, record } = this.#options;
    this.#failing.delete(mailing.target.channel);
    record([this.#fact("notification.sent", mailing, { more: mailing.more, expired: mailing.expired })]);
    this.#options.kept.set(`sent ${key}`, [...this.#sent(key, now()), now()]);
    this.#end(key, mailing);
  }

  #refused(key: string, mailing: Mailing, reason: Message): void {
    this.#options.record([this.#fact("notification.failed", mailing, { reason: reason as never, isFinal: true })]);
    this.#end(key, mailing);
    this.#options.undelivered(mailing.items);
  }

  #later(key: string, mailing: Mailing, { kind, reason, waitMs }: Exclude<Outcome, { readonly kind: "sent" }>): void {
    const now = this.#options.now();
    const { channel } = mailing.target;
    const before = this.#failing.get(channel);
    const attempts = (before?.attempts ?? 0) + 1;
    const wait = Math.max(Math.min(BACKOFF.most, BACKOFF.first * 2 ** Math.min(attempts - 1, 10)), (waitMs ?? 0) * 1_000);
    this.#failing.set(channel, { since: before?.since ?? now, reason, attempts, next: now + wait });
    // an outage is one fact, not one for each attempt
    if (before === undefined)
      this.#options.record([this.#fact("notification.failed", mailing, { reason: reason as never, isFinal: false })]);
    if (kind === "unsure" || mailing.isUnsure) {
      const unsure = { ...mailing, isUnsure: true };
      this.#mailings.set(key, unsure);
      return;
    }
    // nobody has it: what comes meanwhile is told with it
    this.#end(key, mailing);
    for (const item of mailing.items) {
      const { items } = this.#of(item.target);
      if (items.has(item.id)) continue;
      items.set(item.id, item);
      this.#options.kept.set(item.id, item);
    }
    this.#count("more", key, this.#number("more", key) + mailing.more);
    this.#count("expired", key, this.#number("expired", key) + mailing.expired);
  }

  #expire(now: Instant): void {
    for (const [key, { items }] of this.#waiting) {
      const over = [...items.values()].filter(({ expires }) => expires <= now);
      if (over.length > 0) this.#expired(key, over, now);
      for (const { id } of over) this.#drop(items, id);
    }
    for (const [key, mailing] of this.#mailings)
      if (!this.#sending.has(key) && mailing.items.every(({ expires }) => expires <= now)) {
        this.#expired(key, mailing.items, now);
        this.#end(key, mailing);
      }
  }

  #expired(key: string, items: readonly Item[], now: Instant): void {
    const [{ target, by }] = items as [Item];
    this.#options.record([
      {
        type: "notification.expired",
        key: `${key} ${items.map(({ occurrence, step }) => `${occurrenceKey(occurrence)} ${step}`).join(" ")}`,
        at: now,
        subject: by,
        alarms: items.map(({ occurrence }) => occurrence.rule),
        ...target,
      },
    ]);
    this.#count("expired", key, this.#number("expired", key) + items.length);
  }

  #fact(type: NotificationFact["type"], mailing: Mailing, payload: NonNullable<NotificationFact["payload"]>): NotificationFact {
    const { id, items, target } = mailing;
    return {
      type,
      key: id,
      at: this.#options.now(),
      subject: items[0]!.by,
      alarms: items.map(({ occurrence }) => occurrence.rule),
      ...target,
      payload: { ...payload, message: id, steps: Math.max(...items.map(({ step }) => step)) },
    };
  }

  #end(key: string, mailing: Mailing): void {
    this.#mailings.delete(key);
    this.#again.delete(mailing.id);
    this.#options.kept.delete(`mailing ${mailing.id}`);
  }

  #of(target: Target): Waiting {
    const key = targetKey(target);
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, (waiting = { target, items: new Map() }));
    return waiting;
  }

  #drop(items: Map<string, Item>, id: string): void {
    items.delete(id);
    this.#options.kept.delete(id);
  }

  #sent(key: string, now: Instant): readonly Instant[] {
    return ((this.#options.kept.values.get(`sent ${key}`) ?? []) as readonly Instant[]).filter((sent) => sent > now - HOUR);
  }

  #number(what: "more" | "expired", key: string): number {
    return (this.#options.kept.values.get(`${what} ${key}`) ?? 0) as number;
  }

  #count(what: "more" | "expired", key: string, count: number): void {
    if (count === this.#number(what, key)) return;
    if (count === 0) this.#options.kept.delete(`${what} ${key}`);
    else this.#options.kept.set(`${what} ${key}`, count);
  }
}

/** When the first one was due, and how many messages in an hour the strictest one allows. */
function firstOf(items: Iterable<Item>): readonly [first: Instant, most: number] {
  let first = Number.POSITIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (const { at, maxPerHour } of items) {
    first = Math.min(first, at);
    most = Math.min(most, maxPerHour);
  }
  return [first, most];
}

/** Remembered while nothing of it changes: in a flood thousands come that are no more urgent. */
function leastUrgent(waiting: Waiting): Item {
  if (waiting.least === undefined || waiting.items.get(waiting.least.id) !== waiting.least) {
    let least: Item | undefined;
    for (const item of waiting.items.values())
      if (least === undefined || item.occurrence.priority > least.occurrence.priority) least = item;
    waiting.least = least!;
  }
  return waiting.least;
}
