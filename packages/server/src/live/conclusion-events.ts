import type { AlarmEvent, LineOutput, PartEvent } from "@doppelwerk/operations";
import { DoppelwerkError, hashedId, type EventPayload, type NewEvent, type RecordedEvents, type RecordId } from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";
import { inputsOfRule } from "../../../../features/line/server/alarm-port.ts";
import { alarmSignalId, stateSignalId } from "@doppelwerk/operations";
import type { LineFold } from "../../../../features/line/server/fold/line-fold.ts";
import type { LineSignals } from "../../../../features/line/server/line-signals.ts";
import { ALARM_EVENT } from "../../../../features/line/model/event-kinds.ts";

export interface ConclusionEventOptions {
  record(events: readonly NewEvent[]): Promise<RecordedEvents>;
  /** The record whose readers may read the alarms of a rule. */
  subjectOf(rule: RecordId): RecordId;
  readonly logger: FeatureLog;
}

const CALL_EVENTS = 1_000;
/** While nothing can be recorded so many wait; then the oldest are dropped, counted and logged. */
const MAX_WAITING = 100_000;
const RETRY_MS = 1_000;

/** Records what the live fold concludes as events, in order. What it concludes again has the same id and stays one event. */
export class ConclusionEvents {
  readonly #options: ConclusionEventOptions;
  #waiting: NewEvent[] = [];
  #recording: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #dropped = 0;

  constructor(options: ConclusionEventOptions) {
    this.#options = options;
  }

  add({ alarms, parts }: Pick<LineOutput, "alarms" | "parts">): void {
    this.#waiting.push(...alarms.map((alarm) => eventOfAlarm(alarm, this.#options.subjectOf(alarm.rule))), ...parts.map(eventOfPart));
    if (this.#waiting.length > MAX_WAITING) {
      this.#dropped += this.#waiting.splice(0, this.#waiting.length - MAX_WAITING).length;
      this.#options.logger.error(
        { dropped: this.#dropped },
        "events of the line were dropped, because none could be recorded for too long",
      );
    }
    if (this.#waiting.length > 0 && this.#retry === undefined) this.#start();
  }

  /** What waits is recorded once more; what then cannot be is logged. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#recording;
    await this.#recordAll();
    clearTimeout(this.#retry);
    if (this.#waiting.length > 0) this.#options.logger.error({ events: this.#waiting.length }, "events of the line could not be recorded");
  }

  #start(): void {
    this.#recording ??= this.#recordAll().finally(() => (this.#recording = undefined));
  }

  async #recordAll(): Promise<void> {
    this.#retry = undefined;
    while (this.#waiting.length > 0) {
      const call = this.#waiting.slice(0, CALL_EVENTS);
      try {
        await this.#record(call);
      } catch (error) {
        this.#options.logger.warn({ err: error }, "events of the line cannot be recorded now; they are tried again");
        this.#retry = setTimeout(() => this.#start(), RETRY_MS).unref();
        return;
      }
      const recorded = new Set(call);
      this.#waiting = this.#waiting.filter((event) => !recorded.has(event));
    }
  }

  /** One that is refused by rule must not keep the others from being recorded. */
  async #record(events: readonly NewEvent[]): Promise<void> {
    try {
      await this.#options.record(events);
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code === "DW_UNAVAILABLE") throw error;
      if (events.length > 1) for (const event of events) await this.#record([event]);
      else this.#options.logger.error({ err: error, event: events[0] }, "an event of the line was refused");
    }
  }
}

/** An alarm tells of its inputs: its subject is one that not everybody may read, where there is one. */
export function alarmSubject(fold: LineFold, signals: Pick<LineSignals, "record">, id: RecordId): RecordId {
  const rule = fold.knownRules.find((candidate) => candidate.id === id);
  const inputs =
    rule === undefined ? [] : [...inputsOfRule(rule, fold), ...fold.formerSignals(id)].flatMap((signal) => signals.record(signal) ?? []);
  return (inputs.find((input) => input["readers"] !== undefined) ?? inputs[0])?.id ?? alarmSignalId(id);
}

export function eventOfAlarm(alarm: AlarmEvent, subject: RecordId): NewEvent {
  const { instant, actor, ...payload } = alarm;
  return {
    id: hashedId("event", ALARM_EVENT, `${alarm.rule}\n${alarm.action}`),
    subject,
    type: ALARM_EVENT,
    at: instant,
    origin: "derived",
    ...(actor === undefined ? {} : { actor }),
    payload: payload as unknown as EventPayload,
  };
}

export function eventOfPart(part: PartEvent): NewEvent {
  const { kind, at, ...payload } = part;
  return {
    id: hashedId("event", `part.${kind}`, `${part.station}\n${part.serial}`),
    subject: stateSignalId(part.station),
    type: `part.${kind}`,
    at,
    origin: "derived",
    payload,
  };
}
