import {
  ALARM_ACT,
  alarmEventOf,
  alarmFold as fold,
  alarmListAt,
  alarmSignalId,
  alarmStepsOf,
  evaluationOfSample,
  evaluationSignalId,
  signalsOfRule,
  sortedList,
  activeAlarmsDerived,
  type AlarmEntry,
  type AlarmEvent,
  type AlarmFolding,
  type AlarmList,
  type AlarmOutput,
  type AlarmRule,
  type LineDefinition,
  type OperatorAction,
  type RuleEvaluation,
} from "@doppelwerk/operations";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureLog, FoldGroup, FoldPlace } from "@doppelwerk/kit/server";
import type { AlarmFold, ConcludedAlarm, DerivedValue, FoldedLine, LineFlow } from "@doppelwerk/ports";
import { changedKind, LIVE, nameOfValue, oneAtATime } from "@doppelwerk/world";
import type { Concluded, History, Instant, LogEntry, NewEvent, RecordId, RecordReader, SignalRecord } from "@doppelwerk/world";
import { eventOfAlarm } from "../../model/event-kinds.ts";
import { FIRST, instancesOfAlarms } from "./alarm-instances.ts";
import { heldRules, inputsOfRule } from "./alarm-rules-held.ts";
import { KnownAlarms, type KnownAlarmsOptions } from "./known-alarms.ts";
import { newestSteps } from "./newest-steps.ts";
import { firstOutGroup } from "./occurrences.ts";
import { operatorActs } from "./operator-acts.ts";
import type { RuleBook } from "./rule-book.ts";
import type { OccurrenceReading } from "./shown-occurrence.ts";
import { shownAlarm, shownAlarmEvent, type AlarmNames } from "./shown-alarm.ts";

export interface LiveAlarmsOptions extends KnownAlarmsOptions {
  readonly group: FoldGroup;
  readonly line: LineFlow;
  readonly history: History;
  readonly logger: FeatureLog;
  readonly ruleBook: RuleBook;
  /** The live documents, read by the feature itself. */
  reader(): RecordReader;
  signal(id: RecordId): SignalRecord | undefined;
  /** When this world began to record: alarms of the archive from before were never shown to anyone. */
  recordingSince(): Instant;
  nameOf(actor: string): string;
  recordLater(events: readonly NewEvent[]): void;
  /** Says what of the alarms is not judged, and why; undefined: all are. */
  degraded(why: string | undefined): void;
  /** Called once, with the first instance that follows a line. */
  onFirst(place: FoldPlace, line: FoldedLine): void;
}

const READ_BY: ReadonlySet<string> = new Set(["shell", "submodel", "element", "signal", "alarmRule"]);

/** The alarms of a world: its rules as they hold, judged live and over the past in one fold, and what people do to them. */
export class LiveAlarms implements AlarmFold {
  readonly #options: LiveAlarmsOptions;
  readonly #follow: () => Promise<void>;
  #followed: Promise<void> = Promise.resolve();
  #lines: readonly FoldedLine[] = [];
  #definitions: readonly LineDefinition[] = [];
  #rules: readonly AlarmRule[] = [];
  /** The instance that a rule is judged in. */
  #instances: ReadonlyMap<RecordId, string> = new Map();
  #subjects: readonly string[] = [FIRST];
  /** Those that hold, and those that are no more but have a history, by id. */
  #known: ReadonlyMap<RecordId, AlarmRule> = new Map();
  /** Records that are no rules, why the rules could not be read, why the fold was stopped. */
  /** Signals that were deleted since the server opened. */
  readonly #deleted = new Set<RecordId>();
  readonly #troubles: { malformed?: string; unread?: string; stopped?: string } = {};
  #isDegraded = false;
  #set: string | undefined;
  readonly #listeners = new Set<(concluded: ConcludedAlarm) => void>();
  readonly #ruleOfSignal = new Map<RecordId, RecordId>();
  readonly #unfollow: () => void;
  readonly #knowledge: KnownAlarms;
  readonly #names: AlarmNames = {
    nameOf: (actor) => this.#options.nameOf(actor),
    nameOfValue: (rule, value) => {
      const condition = this.#known.get(rule)?.condition;
      const signal =
        condition !== undefined && "signal" in condition && condition.signal !== undefined
          ? this.#options.signal(condition.signal)
          : undefined;
      return nameOfValue(signal?.enumeration, value);
    },
    atPlant: (rule) => {
      const condition = this.#known.get(rule)?.condition;
      const signal = condition?.kind === "condition" ? this.#options.signal(condition.signal) : undefined;
      return signal?.connection === undefined || signal.address === undefined
        ? undefined
        : { connection: signal.connection, condition: signal.address };
    },
  };

  constructor(options: LiveAlarmsOptions) {
    this.#options = options;
    this.#knowledge = new KnownAlarms(options);
    this.#follow = oneAtATime(() => this.#readRules());
    this.#unfollow = options.group.follow({
      concluded: (concluded) => this.#concluded(concluded),
      fault: ({ fold: id, reason, needs }) => {
        if (id === fold.id) this.#trouble("stopped", `the alarms are not judged: ${reason ?? `${needs} was stopped`}`);
      },
    });
  }

  open(): Promise<void> {
    this.#read();
    return this.#followed;
  }

  /** The state is kept for when it is opened again. */
  async close(): Promise<void> {
    await this.#followed;
    this.#unfollow();
    await this.#options.group.set([fold.id], async () => ({ instances: () => [] }));
  }

  onCommit(entry: LogEntry): void {
    if (entry.branch !== LIVE) return;
    for (const change of entry.changes) if (change.op === "delete" && change.record.kind === "signal") this.#deleted.add(change.record.id);
    if (entry.changes.some((change) => READ_BY.has(changedKind(change)))) this.#read();
  }

  async at(instant?: Instant): Promise<readonly ConcludedAlarm[]> {
    const { run } = this.#options.group;
    const live = instant === undefined || instant >= run.now() ? this.#list() : undefined;
    const { active, aside } = live ?? (await this.#listAt(instant ?? run.now()));
    const entries = [...active, ...aside].filter((entry) => this.#isKnown(entry));
    return entries.map((entry) => this.#shown(shownAlarm(entry, this.#names)));
  }

  /** Rules that cannot be evaluated at an instant, since when and why; without one: now. */
  async unevaluated(instant?: Instant): Promise<readonly RuleEvaluation[]> {
    const { run } = this.#options.group;
    if (instant === undefined || instant >= run.now())
      return this.#subjects.flatMap((subject) => (run.folding(fold.id, subject) as AlarmFolding | undefined)?.unevaluated() ?? []);
    const rules = this.#knownRules();
    const kept = await this.#options.history.at(
      rules.map(({ id }) => ({ branch: LIVE, signal: evaluationSignalId(id) })),
      instant,
    );
    return rules.flatMap(({ id }, at) => evaluationOfSample(id, kept[at]) ?? []);
  }

  async unknownBefore(): Promise<Instant | undefined> {
    return this.#knowledge.unknownBefore;
  }

  #isKnown(entry: AlarmEntry): boolean {
    return this.#knowledge.isKnown(entry, this.#inputs(entry.rule));
  }

  /** Newest first, also of the steps of one instant. */
  async transitions(
    from: Instant,
    to: Instant,
    station: string | undefined,
    { max = Number.POSITIVE_INFINITY, mayRead = () => true, isAsked = () => true }: Parameters<AlarmFold["transitions"]>[3] = {},
  ): Promise<readonly ConcludedAlarm[]> {
    const rules = this.#knownRules().filter(
      (rule) =>
        (station === undefined || rule.station === station) &&
        isAsked({ rule: rule.id, station: rule.station }) &&
        this.#inputs(rule.id).every(mayRead),
    );
    const steps = await newestSteps(this.#options.history, rules, { from, to, count: max });
    return steps.map((event) => this.#shown(shownAlarmEvent(event, this.#names)));
  }

  /** What occurrences are read from: the rules whose inputs may all be read, as they hold and held. */
  reading(mayRead: (signal: RecordId) => boolean): OccurrenceReading {
    const { history, ruleBook, signal } = this.#options;
    const { since } = ruleBook;
    const ruleAt = (id: RecordId, raised: Instant): AlarmRule | undefined =>
      raised < (since.get(id) ?? -Infinity) ? undefined : this.#known.get(id);
    return {
      history,
      rules: this.#knownRules().filter(({ id }) => this.#inputs(id).every(mayRead)),
      groupOf: ({ rule, instant }) => firstOutGroup(this.#placeOf(rule).subject, ruleAt(rule, instant)),
      names: this.#names,
      ruleAt,
      signal,
    };
  }

  async inputsOf(id: RecordId): Promise<readonly RecordId[] | undefined> {
    return this.#rules.some((rule) => rule.id === id) ? this.#inputs(id) : undefined;
  }

  /** Signals that a rule is judged by, also one that does not hold. */
  inputsOfRule(rule: AlarmRule): readonly RecordId[] {
    return inputsOfRule(rule, this.#definitions);
  }

  /** Of a signal that keeps the steps of an alarm, values among them: what the alarm is concluded from. */
  inputsOfSignal({ id, role }: SignalRecord): readonly RecordId[] | undefined {
    if (role !== "Alarm") return undefined;
    if (!this.#ruleOfSignal.has(id))
      for (const rule of this.#knownRules())
        for (const own of [alarmSignalId(rule.id), evaluationSignalId(rule.id)]) this.#ruleOfSignal.set(own, rule.id);
    const rule = this.#ruleOfSignal.get(id);
    return rule === undefined ? undefined : this.#inputs(rule);
  }

  async act(action: OperatorAction): Promise<ConcludedAlarm> {
    const concluded = await this.#options.group.act(this.#placeOf(action.rule), ALARM_ACT, action);
    const [event] = alarmStepsOf(concluded);
    const list = this.#list();
    const entry = list && [...list.active, ...list.aside].find(({ rule }) => rule === action.rule);
    if (entry) return this.#shown(shownAlarm(entry, this.#names));
    if (event) return this.#shown(shownAlarmEvent(event, this.#names));
    throw new DoppelwerkError("DW_CONFLICT", message("alarms.stateForbidsAct", { action: action.action, rule: action.rule }));
  }

  async rules(): Promise<readonly AlarmRule[]> {
    return this.#rules;
  }

  /** Since when rules hold that did not always, by id. */
  get since(): ReadonlyMap<RecordId, Instant> {
    return this.#options.ruleBook.since;
  }

  /** Another array whenever the rules became others. */
  get version(): unknown {
    return this.#rules;
  }

  async current(): Promise<readonly DerivedValue[]> {
    const list = this.#list();
    if (list === undefined) return [];
    const known: AlarmList = {
      active: list.active.filter((entry) => this.#isKnown(entry)),
      aside: list.aside.filter((entry) => this.#isKnown(entry)),
    };
    return activeAlarmsDerived(this.#rules, known, this.#options.group.run.now());
  }

  follow(listener: (concluded: ConcludedAlarm) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** As they stand live; undefined where there are none, or a fold of them was stopped. */
  #list(): AlarmList | undefined {
    const { run } = this.#options.group;
    const lists = this.#subjects.map((subject) => (run.folding(fold.id, subject) as AlarmFolding | undefined)?.list());
    if (lists.includes(undefined)) return undefined;
    return lists.length === 1 ? lists[0] : sortedList(lists.flatMap((list) => [...list!.active, ...list!.aside]));
  }

  #placeOf(rule: RecordId): { readonly fold: string; readonly subject: string } {
    return { fold: fold.id, subject: this.#instances.get(rule) ?? FIRST };
  }

  async #listAt(instant: Instant): Promise<AlarmList> {
    const steps = await this.#options.history.at(
      this.#knownRules().map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) })),
      instant,
    );
    return alarmListAt(
      steps.map(alarmEventOf).filter((event) => event !== undefined),
      instant,
    );
  }

  /** Those that hold, and those that are no more but have a history. */
  #knownRules(): readonly AlarmRule[] {
    return [...this.#known.values()];
  }

  /** Signals that an alarm was concluded from, also by earlier versions of its rule. */
  #inputs(id: RecordId): readonly RecordId[] {
    const rule = this.#known.get(id);
    return rule === undefined ? [] : [...inputsOfRule(rule, this.#definitions), ...this.#options.ruleBook.formerSignals(id)];
  }

  #shown(alarm: ConcludedAlarm["alarm"]): ConcludedAlarm {
    return { alarm, inputs: this.#inputs(alarm.rule) };
  }

  /** An event has one subject: an input that not everybody may read, where there is one. */
  #subjectOf(id: RecordId): RecordId {
    const inputs = this.#inputs(id).flatMap((signal) => this.#options.signal(signal) ?? []);
    return (inputs.find((input) => input["readers"] !== undefined) ?? inputs[0])?.id ?? alarmSignalId(id);
  }

  #concluded(concluded: readonly Concluded[]): void {
    const events = alarmStepsOf(concluded);
    if (events.length === 0) return;
    for (const event of events) this.#knowledge.concluded(event);
    this.#options.recordLater(events.map((event) => eventOfAlarm(event, this.#subjectOf(event.rule))));
    for (const event of events) {
      const shown = this.#shown(shownAlarmEvent(event, this.#names));
      for (const listener of this.#listeners) listener(shown);
    }
  }

  #read(): void {
    this.#followed = this.#follow().then(
      () => this.#trouble("unread", undefined),
      (error: unknown) => {
        this.#options.logger.error({ err: error }, "the alarm rules could not be read");
        this.#trouble("unread", `the alarm rules hold as they were read before: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
  }

  #trouble(of: "malformed" | "unread" | "stopped", why: string | undefined): void {
    if (why === undefined) delete this.#troubles[of];
    else this.#troubles[of] = why;
    const all = Object.values(this.#troubles);
    if (all.length > 0) this.#options.degraded(all.join("; "));
    else if (this.#isDegraded) this.#options.degraded(undefined);
    this.#isDegraded = all.length > 0;
  }

  /** Rules that somebody edited hold from now on; with those that come with the plant the past is derived again. */
  async #readRules(): Promise<void> {
    const { group, line, reader: readerOf, ruleBook } = this.#options;
    this.#lines = await line.folded();
    this.#definitions = this.#lines.map(({ definition }) => definition);
    const reader = readerOf();
    const { rules, malformed } = heldRules(reader, this.#lines);
    this.#trouble("malformed", malformed.length === 0 ? undefined : `no alarm rules by their fields: ${named(malformed)}`);
    // the first rules of a world hold from the beginning: nothing is held before there are some
    if (this.#lines.length === 0 && rules.length === 0 && this.#set === undefined) return;
    const isGone = (signal: RecordId): boolean =>
      (this.#deleted.has(signal) || ruleBook.gone.has(signal)) && this.#options.signal(signal) === undefined;
    const set = JSON.stringify([rules, ...this.#definitions, ...rules.flatMap(signalsOfRule).filter(isGone)]);
    if (set === this.#set) return;
    const isStored = (id: RecordId): boolean => reader.get(id) !== undefined;
    await group.set([fold.id], async (now) => {
      const { edited, deleted, defaultsChanged } = ruleBook.changes(rules, isStored);
      return {
        concluded: await this.#endings(edited, deleted, now),
        isWholePast: defaultsChanged,
        instances: () => {
          ruleBook.take(rules, isStored, now + 1, isGone);
          this.#rules = rules;
          this.#known = new Map([...rules, ...ruleBook.deleted].map((rule) => [rule.id, rule]));
          // an instance that was stopped is opened again
          this.#trouble("stopped", undefined);
          const places = this.#places(rules);
          const [line, ...more] = this.#lines;
          // an earlier release knew one line
          if (this.#set === undefined && line && more.length === 0) this.#options.onFirst(places[0]!, line);
          return places;
        },
      };
    });
    this.#set = set;
  }

  #places(rules: readonly AlarmRule[]): readonly FoldPlace[] {
    const { history, ruleBook } = this.#options;
    const attendedFrom = this.#options.recordingSince();
    const { since, gone } = ruleBook;
    const instances = instancesOfAlarms({ rules, lines: this.#lines, since: Object.fromEntries(since), attendedFrom, gone });
    this.#subjects = instances.map(({ place }) => place.subject);
    this.#instances = new Map(instances.flatMap(({ place, rules: own }) => own.map(({ id }) => [id, place.subject])));
    return instances.map(({ place, rules: own }) => ({
      ...place,
      recorded: (from, to) => operatorActs(history, own, Math.max(from, attendedFrom), to),
    }));
  }

  #concludedNow(event: AlarmEvent, now: Instant): Concluded {
    const output: AlarmOutput = { type: "transition", event };
    return { ...this.#placeOf(event.rule), output, known: now, from: now, final: true, origin: "derived", timed: false };
  }

  /** An alarm that stands of a rule that was edited or deleted returns to normal, with that as its reason. */
  async #endings(edited: readonly AlarmRule[], deleted: readonly AlarmRule[], now: Instant): Promise<readonly Concluded[]> {
    const ended = [...edited.map(({ id }) => [id, "rule edited"] as const), ...deleted.map(({ id }) => [id, "rule deleted"] as const)];
    const steps = await this.#options.history.at(
      ended.map(([id]) => ({ branch: LIVE, signal: alarmSignalId(id) })),
      now,
    );
    return ended.flatMap(([, reason], at) => {
      const last = alarmEventOf(steps[at]);
      return last === undefined || last.state === "normal" ? [] : [this.#concludedNow(returned(last, reason, now), now)];
    });
  }
}

function returned({ until: _until, value: _value, ...last }: AlarmEvent, reason: string, instant: Instant): AlarmEvent {
  const raisedAt = last.raisedAt ?? last.instant;
  return { ...last, action: "return", from: last.state, state: "normal", instant, raisedAt, actor: "system", reason };
}

const MAX_NAMED = 5;

function named(ids: readonly RecordId[]): string {
  const more = ids.length - MAX_NAMED;
  return `${ids.slice(0, MAX_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
