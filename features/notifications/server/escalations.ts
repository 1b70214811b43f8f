import { MINUTE, SECOND, type Instant, type RecordId } from "@doppelwerk/world";
import type { AlarmValue } from "@doppelwerk/ports";
import type { NotificationFact } from "../model/event-kinds.ts";
import { isAttended, occurrenceKey, occurrenceOf, targetKey, type Occurrence, type Target } from "../model/occurrence.ts";
import type { NotificationRuleFields, Priority, Recipient } from "../model/rule-kind.ts";
import type { DurableMap } from "./durable-map.ts";
import type { Outbox } from "./outbox.ts";
import type { Escalation, Item } from "./outbox-entries.ts";

export interface NotificationRule {
  readonly id: RecordId;
  readonly fields: NotificationRuleFields;
}

/** An alarm of live with what its notification is decided by. */
export interface ListedAlarm {
  readonly alarm: AlarmValue;
  readonly inputs: readonly RecordId[];
}

export interface EscalationsOptions {
  readonly kept: DurableMap;
  readonly outbox: Pick<Outbox, "add" | "forget">;
  now(): Instant;
  rules(): readonly NotificationRule[];
  /** Whether an alarm is at a place or in it. */
  isAt(alarm: ListedAlarm, place: RecordId): boolean;
  /** It is concluded from values that no plant measured. */
  isSimulated(alarm: ListedAlarm): boolean;
  /** Whom a step reaches at an instant with an alarm: those with an address who may read of it and want to; `from`: not before, as he set it himself. */
  targetsOf(recipient: Recipient, occurrence: Occurrence, now: Instant): readonly (Target & { readonly from?: Instant })[];
  quietUntil(rule: NotificationRule, priority: Priority, now: Instant): Instant | undefined;
  record(facts: readonly NotificationFact[]): void;
}

/** Occurrences that are followed; beyond them none is, and how many is known. */
const MAX_ESCALATIONS = 20_000;
/** How far the alarm list may be behind when it is read: better that somebody is notified twice than not of an alarm that was raised again. */
const BEHIND = 10 * SECOND;

/** Each unacknowledged alarm under each notification rule that is about it: raised, step after step, then acknowledged, returned or expired. */
export class Escalations {
  readonly #options: EscalationsOptions;
  readonly #open = new Map<string, Escalation>();
  /** When the alarms that are followed were raised, as of the last time that the list was read. */
  #followed: ReadonlyMap<RecordId, Instant>;
  #read: Instant;
  /** From then on every raise is heard as it is concluded. */
  readonly #begun: Instant;
  /** How often each rule was heard to raise its alarm since the list was read that was followed last. */
  #raised = new Map<RecordId, number>();
  /** Alarms that were not followed because too many are. */
  #beyond = 0;

  constructor(options: EscalationsOptions) {
    this.#options = options;
    for (const [key, value] of options.kept.values) if (key.startsWith("escalation ")) this.#open.set(key, value as Escalation);
    this.#begun = options.now();
    this.#read = (options.kept.values.get("read") ?? 0) as Instant;
    this.#followed = new Map(this.#ofOpen());
  }

  get counts(): { readonly open: number; readonly beyond: number } {
    return { open: this.#open.size, beyond: this.#beyond };
  }

  /** An alarm was raised just now. */
  raised(rule: RecordId): void {
    this.#raised.set(rule, (this.#raised.get(rule) ?? 0) + 1);
  }

  /** What was heard so far; to be asked for before the list is read, and handed in with it. */
  get heard(): ReadonlyMap<RecordId, number> {
    return new Map(this.#raised);
  }

  /** The alarm list as it is now, with the raises that were heard before it was read. What was missed while nobody followed it is made up for. */
  follow(list: readonly ListedAlarm[], heard: ReadonlyMap<RecordId, number> = this.heard): void {
    const now = this.#options.now();
    const rules = this.#options.rules().filter(({ fields }) => fields.isOn);
    const listed = new Map<string, ListedAlarm>();
    for (const each of list) {
      const alarm = { ...each.alarm, since: this.sinceOf(each.alarm) };
      listed.set(occurrenceKey(alarm), { ...each, alarm });
    }
    this.#settle(listed, new Map(rules.map((rule) => [rule.id, rule])), now);
    for (const [key, each] of listed) if (!isAttended(each.alarm)) this.#begin(key, each, rules, now);
    this.#followed = new Map(this.#ofOpen());
    this.#raised = new Map([...this.#raised].filter(([rule, count]) => heard.get(rule) !== count));
    this.#read = now;
    this.#options.kept.set("read", now);
  }

  /**
   * When an alarm was raised, as it was said first. Where the past is derived again it may be another instant afterwards, and nobody hears of a raise; one
   * that was heard is another occurrence. Of raises from before anybody listened, one that is not after the list was read the last time is of the same.
   */
  sinceOf({ rule, since }: Pick<AlarmValue, "rule" | "since">): Instant {
    const known = this.#followed.get(rule);
    if (known === undefined || known === since || this.#raised.has(rule)) return since;
    return Math.max(known, since) >= this.#begun || since <= this.#read - BEHIND ? known : since;
  }

  *#ofOpen(): Iterable<readonly [RecordId, Instant]> {
    for (const { occurrence } of this.#open.values()) yield [occurrence.rule, occurrence.since];
  }

  /** Carries out the steps that are due. */
  tick(): void {
    const now = this.#options.now();
    const rules = new Map(this.#options.rules().map((rule) => [rule.id, rule]));
    const unreached = new Map<RecordId, RecordId[]>();
    for (const each of this.#open.values()) {
      if (each.due === undefined || each.due > now) continue;
      const rule = rules.get(each.by);
      if (rule === undefined) continue;
      if (!this.#step(each, rule, now)) unreached.set(rule.id, [...(unreached.get(rule.id) ?? []), each.occurrence.rule]);
    }
    this.#options.record(
      [...unreached].map(([subject, alarms]) => ({
        type: "notification.failed",
        key: `nobody ${subject} ${now}`,
        at: now,
        subject,
        alarms,
        payload: { isFinal: true, reason: { code: "notifications.nobodyReached", params: {} } },
      })),
    );
  }

  /** What these items told did not arrive: the next step is due at once. */
  undelivered(items: readonly Item[]): void {
    const now = this.#options.now();
    for (const { occurrence, by } of items) {
      const found = this.#open.get(idOf(occurrence, by));
      if (found !== undefined && found.due !== undefined) this.#put({ ...found, due: now });
    }
  }

  /** Nothing says any more that a person was told. */
  forgetPerson(person: string): void {
    for (const each of this.#open.values())
      if (each.told.some((target) => target.person === person))
        this.#put({ ...each, told: each.told.filter((target) => target.person !== person) });
  }

  #begin(key: string, each: ListedAlarm, rules: readonly NotificationRule[], now: Instant): void {
    for (const rule of rules) {
      const id = `escalation ${key} ${rule.id}`;
      if (this.#open.has(id) || !this.#isAbout(rule, each)) continue;
      const { since } = each.alarm;
      // of an alarm that was there for so long nobody is woken by a rule or a server that is new
      if (since + rule.fields.expiresMinutes * MINUTE <= now) continue;
      if (this.#open.size >= MAX_ESCALATIONS) {
        this.#beyond += 1;
        continue;
      }
      const due = since + Math.round(rule.fields.steps[0]!.afterMinutes * MINUTE);
      this.#put({
        id,
        occurrence: occurrenceOf(each.alarm, this.#options.isSimulated(each)),
        by: rule.id,
        done: 0,
        due,
        told: [],
        isOver: false,
      });
    }
  }

  #isAbout({ fields }: NotificationRule, each: ListedAlarm): boolean {
    const { alarm } = each;
    if (!fields.priorities.includes(alarm.priority)) return false;
    if (fields.rules.length > 0 && !fields.rules.includes(alarm.rule)) return false;
    if (fields.place !== undefined && !this.#options.isAt(each, fields.place)) return false;
    return fields.alsoSimulated || !this.#options.isSimulated(each);
  }

  /** Of what is acknowledged nothing more is due; what left the list is forgotten. */
  #settle(listed: ReadonlyMap<string, ListedAlarm>, rules: ReadonlyMap<RecordId, NotificationRule>, now: Instant): void {
    const over = new Set<string>();
    for (const each of this.#open.values()) {
      const key = occurrenceKey(each.occurrence);
      const alarm = listed.get(key)?.alarm;
      const rule = rules.get(each.by);
      if (alarm !== undefined && rule !== undefined && !isAttended(alarm)) continue;
      over.add(key);
      if (alarm !== undefined && rule !== undefined) {
        if (!each.isOver) this.#put({ ...each, due: undefined, isOver: true });
        continue;
      }
      if (alarm === undefined && rule?.fields.alsoReturned === true) this.#tellReturned(each, rule, now);
      this.#open.delete(each.id);
      this.#options.kept.delete(each.id);
    }
    if (over.size > 0) this.#options.outbox.forget(over);
  }

  #tellReturned({ occurrence, told, done, by }: Escalation, { fields }: NotificationRule, now: Instant): void {
    for (const target of told)
      this.#options.outbox.add({
        target,
        occurrence,
        by,
        what: "returned",
        step: done,
        at: now,
        expires: now + fields.expiresMinutes * MINUTE,
        maxPerHour: fields.maxPerHour,
      });
  }

  /** Whether somebody was reached, or has to wait. */
  #step(each: Escalation, rule: NotificationRule, now: Instant): boolean {
    const { fields } = rule;
    const { occurrence, done } = each;
    const end = occurrence.since + fields.expiresMinutes * MINUTE;
    if (now >= end && done === 0) {
      this.#put({ ...each, due: undefined, isOver: true });
      this.#options.record([this.#expired(each, now)]);
      return true;
    }
    const quiet = this.#options.quietUntil(rule, occurrence.priority, now);
    if (quiet !== undefined) {
      this.#put({ ...each, due: quiet });
      return true;
    }
    const step = fields.steps[Math.min(done, fields.steps.length - 1)]!;
    const targets = new Map(
      step.to.flatMap((recipient) => this.#options.targetsOf(recipient, occurrence, now)).map((target) => [targetKey(target), target]),
    );
    for (const { from = now, ...target } of targets.values())
      this.#options.outbox.add({
        target,
        occurrence,
        by: rule.id,
        what: "raised",
        step: done + 1,
        at: from,
        expires: from + fields.expiresMinutes * MINUTE,
        maxPerHour: fields.maxPerHour,
      });
    const reached = [...targets.values()].map(({ channel, person }) => ({ channel, ...(person !== undefined && { person }) }));
    const told = new Map([...each.told, ...reached].map((target) => [targetKey(target), target]));
    const next = nextStep(each, fields, now);
    // a step that reaches nobody passes to the next at once
    const due = targets.size === 0 && done + 1 < fields.steps.length ? now : next;
    this.#put({ ...each, done: done + 1, due, told: [...told.values()] });
    return targets.size > 0;
  }

  #expired({ occurrence, by, id }: Escalation, at: Instant): NotificationFact {
    return { type: "notification.expired", key: id, at, subject: by, alarms: [occurrence.rule] };
  }

  #put(escalation: Escalation): void {
    this.#open.set(escalation.id, escalation);
    this.#options.kept.set(escalation.id, escalation);
  }
}

const idOf = (occurrence: Occurrence, by: RecordId): string => `escalation ${occurrenceKey(occurrence)} ${by}`;

function nextStep(
  { occurrence, done }: Escalation,
  { steps, repeatMinutes, repeats }: NotificationRuleFields,
  now: Instant,
): Instant | undefined {
  const next = steps[done + 1];
  if (next !== undefined) return Math.max(now, occurrence.since + Math.round(next.afterMinutes * MINUTE));
  if (repeatMinutes === undefined || done + 1 - steps.length >= repeats) return undefined;
  return now + Math.round(repeatMinutes * MINUTE);
}
