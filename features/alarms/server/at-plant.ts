import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold } from "@doppelwerk/ports";
import { LIVE, type ConnectionRecord, type EventRecord, type Instant } from "@doppelwerk/world";
import type { PlantCondition, ConditionReport } from "../contract.ts";
import type {} from "../message-codes.ts";

/** The type of event that a connection records of the conditions of its plant. */
const SAID = "plant.condition";
/** Newest events that are read: earlier states that wait are looked for among them. */
const READ = 200;
const SHOWN = 50;
/** Bits of the state of a condition. */
const WAITS = 2 | 4;

/** What the plant reported of the condition that an alarm follows, up to an instant. Errors: DW_NOT_FOUND where there is none, or one may not read it. */
export async function readAtPlant(fold: AlarmFold, view: PlantView, id: string, at: Instant | undefined): Promise<PlantCondition> {
  const condition = (await fold.rules()).find((rule) => rule.id === id)?.condition;
  const signal = condition?.kind === "condition" && view.mayReadSignal(condition.signal) ? view.signal(condition.signal) : undefined;
  if (signal?.connection === undefined || signal.address === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noAlarmOfPlant", { id: id.slice(0, 200) }));
  const connection = view.documents.reader(LIVE).get(signal.connection) as ConnectionRecord | undefined;
  const { events } = await view.events.query({
    branch: LIVE,
    subject: signal.id,
    types: [SAID],
    order: "descending",
    limit: READ,
    ...(at === undefined ? {} : { to: at + 1, knownAt: at }),
  });
  // what people answer bears the time of the state that they answered
  const reports = events.map(reportOf).toSorted((a, b) => b.at - a.at || b.known - a.known);
  return {
    connection: signal.connection,
    ...(connection === undefined ? {} : { plant: connection.name }),
    condition: signal.address,
    reports: reports.slice(0, SHOWN),
    waiting: waitingBranches(reports),
  };
}

/** The newest of each earlier state that still waits, oldest first. */
function waitingBranches(reports: readonly ConditionReport[]): ConditionReport[] {
  const newest = new Map<string, ConditionReport>();
  for (const each of reports) if (each.branch !== undefined && !newest.has(each.branch)) newest.set(each.branch, each);
  return [...newest.values()].filter(({ retain, state }) => retain && (state & WAITS) !== 0).toReversed();
}

function reportOf({ at, known, payload }: EventRecord): ConditionReport {
  const text = (name: string): string | undefined => (typeof payload[name] === "string" ? payload[name] : undefined);
  const number = (name: string): number => (typeof payload[name] === "number" ? payload[name] : 0);
  const [branch, comment, user] = [text("branch"), text("comment"), text("user")];
  return {
    at,
    known,
    eventId: text("eventId") ?? "",
    state: number("state"),
    severity: number("severity"),
    message: text("message") ?? "",
    retain: payload["retain"] !== false,
    ...(branch === undefined ? {} : { branch }),
    ...(comment === undefined ? {} : { comment }),
    ...(user === undefined ? {} : { user }),
    ...(typeof payload["aheadS"] === "number" ? { aheadS: payload["aheadS"] } : {}),
  };
}
