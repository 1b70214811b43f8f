import { alarmEventOf, alarmEventsOf, alarmSignalId, isListed, type AlarmEvent, type AlarmRule } from "@doppelwerk/operations";
import type { AlarmSpan, RecordedAlarm, SetAside } from "@doppelwerk/ports";
import { LIVE, type History, type Instant } from "@doppelwerk/world";
import { occurrencesOf, type Occurrence } from "./fold/occurrences.ts";

/** Alarms that are read in one go: the process answers others in between. */
const AT_ONCE = 16;

/** What lasted in [from, to) of these rules, oldest first. Each alarm is read once. */
export async function recordedAlarms(
  history: Pick<History, "raw" | "at">,
  rules: readonly Pick<AlarmRule, "id">[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  nameOf: (actor: string) => string,
): Promise<AlarmSpan> {
  const alarms: RecordedAlarm[] = [];
  const aside: SetAside[] = [];
  const keys = rules.map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) }));
  const before = (await history.at(keys, from - 1)).map(alarmEventOf);
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const read = await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => history.raw(key, from, to)));
    for (const [n, columns] of read.entries()) {
      const steps = withCarried(before[at + n], alarmEventsOf(columns));
      for (const occurrence of occurrencesOf(steps)) alarms.push(recordedOf(occurrence));
      for (const time of asideOf(steps, nameOf)) aside.push(time);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { alarms: alarms.sort((a, b) => a.raised - b.raised), aside: aside.sort((a, b) => a.from - b.from) };
}

/** What stood when the span began, as the first step of it. */
function withCarried(before: AlarmEvent | undefined, steps: readonly AlarmEvent[]): readonly AlarmEvent[] {
  if (before === undefined || before.state === "normal") return steps;
  if (!isListed(before.state)) return [before, ...steps];
  const raise: AlarmEvent = { ...before, action: "alarm", state: "unacknowledged", instant: before.raisedAt ?? before.instant };
  return before.action === "alarm" ? [raise, ...steps] : [raise, before, ...steps];
}

function recordedOf({ raise, returned, acknowledged, suppressed, raisedAgain }: Occurrence): RecordedAlarm {
  const { rule, title, station, priority, instant } = raise;
  const over = [returned, suppressed, raisedAgain].filter((end) => end !== undefined);
  return {
    rule,
    title,
    priority,
    raised: instant,
    ...(station !== undefined && { station }),
    ...(returned !== undefined && { returned }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(over.length > 0 && { over: Math.min(...over) }),
  };
}

/** The times in which the alarm was shelved, suppressed by design or out of service. */
function asideOf(steps: readonly AlarmEvent[], nameOf: (actor: string) => string): readonly SetAside[] {
  const found: SetAside[] = [];
  let open: AlarmEvent | undefined;
  for (const step of steps) {
    if (open?.state === step.state) continue;
    if (open !== undefined) found.push({ ...setAside(open, nameOf), to: step.instant });
    open = step.state === "normal" || isListed(step.state) ? undefined : step;
  }
  if (open !== undefined) found.push(setAside(open, nameOf));
  return found;
}

function setAside(
  { rule, title, station, priority, state, instant, until, actor, reason }: AlarmEvent,
  nameOf: (actor: string) => string,
): SetAside {
  return {
    rule,
    title,
    priority,
    how: state as SetAside["how"],
    from: instant,
    ...(station !== undefined && { station }),
    ...(until !== undefined && { until }),
    ...(actor !== undefined && { by: nameOf(actor) }),
    ...(reason !== undefined && { reason }),
  };
}
