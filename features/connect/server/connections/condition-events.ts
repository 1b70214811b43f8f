import type { FeatureLog } from "@doppelwerk/kit/server";
import { LIVE, hashedId, type ConditionNotice, type EventPage, type EventPageQuery, type NewEvent, type RecordId } from "@doppelwerk/world";
import { CONDITION_EVENT } from "../../event-kinds.ts";

/** What a condition said, with the signal of its state. */
export interface ReportedCondition extends Omit<ConditionNotice, "index"> {
  readonly signal: RecordId;
}

export function reportedOf(
  events: readonly ConditionNotice[],
  signalAt: (index: number) => RecordId | undefined,
): readonly ReportedCondition[] {
  return events.flatMap(({ index, ...reported }) => {
    const signal = signalAt(index);
    return signal === undefined ? [] : [{ signal, ...reported }];
  });
}

interface Recorder {
  recordLater(events: readonly NewEvent[]): void;
  query(query: EventPageQuery): Promise<EventPage>;
  readonly log: Pick<FeatureLog, "warn">;
}

/** Newest events of a condition among which one that is said again is looked for: as many earlier states may wait as a page holds. */
const LOOKED_AT = 200;

/** Records what conditions say, in order; what was recorded before a restart or a loss of the way is not recorded again. */
export class ConditionEvents {
  readonly #to: Recorder;
  #queue: Promise<void> = Promise.resolve();

  constructor(to: Recorder) {
    this.#to = to;
  }

  reported(events: readonly ReportedCondition[]): void {
    this.#queue = this.#queue.then(() => this.#record(events));
  }

  /** What is being looked up is recorded. */
  close(): Promise<void> {
    return this.#queue;
  }

  async #record(events: readonly ReportedCondition[]): Promise<void> {
    const fresh: ReportedCondition[] = [];
    for (const event of events) if (event.refreshed !== true || !(await this.#isRecorded(event))) fresh.push(event);
    if (fresh.length > 0) this.#to.recordLater(fresh.map(eventOf));
  }

  async #isRecorded({ signal, eventId }: ReportedCondition): Promise<boolean> {
    try {
      const { events } = await this.#to.query({
        branch: LIVE,
        subject: signal,
        types: [CONDITION_EVENT],
        order: "descending",
        limit: LOOKED_AT,
      });
      return events.some(({ payload }) => payload["eventId"] === eventId);
    } catch (error) {
      // once too often is better than not at all
      this.#to.log.warn({ err: error, signal }, "whether an event of a condition was recorded is not known");
      return false;
    }
  }
}

function eventOf({ signal, at, refreshed, ...payload }: ReportedCondition): NewEvent {
  return {
    id: hashedId(
      "event",
      CONDITION_EVENT,
      `${signal}\n${payload.eventId}\n${payload.branch ?? ""}\n${payload.eventId === "" ? payload.state : ""}`,
    ),
    subject: signal,
    type: CONDITION_EVENT,
    at,
    origin: "measured",
    payload: { ...payload, ...(refreshed === undefined ? {} : { refreshed }) },
  };
}
