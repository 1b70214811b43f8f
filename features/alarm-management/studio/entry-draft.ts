import type { DatabaseAlarm } from "../contract.ts";
import { EntryFields } from "../model/entry-kind.ts";
import { priorityOfMatrix, type PhilosophyFields, type Priority } from "../model/philosophy-kind.ts";

/** What the form holds: numbers as they are typed, nothing for what is empty. */
export type EntryDraft = Omit<EntryFields, "setpoint" | "deadband"> & { readonly setpoint: number | ""; readonly deadband: number | "" };

const NONE = { en: "", zh: "" };

/** What was decided, else what the rule says; of the matrix what it gives for the most severe line that leads to the priority of the rule. */
export function draftOf({ fields, running }: Pick<DatabaseAlarm, "fields" | "running">, philosophy: PhilosophyFields): EntryDraft {
  const { setpoint = "", deadband = "", ...known } = fields ?? fromRunning(running, philosophy);
  return { ...known, setpoint, deadband };
}

function fromRunning(running: DatabaseAlarm["running"], philosophy: PhilosophyFields): EntryFields {
  const {
    cause = NONE,
    consequence = NONE,
    response = NONE,
    timeToRespondS = 600,
    priority = 3,
    onDelayS = 0,
    offDelayS = 0,
  } = running ?? {};
  const line = philosophy.severities.find(({ key }) => priorityOfMatrix(philosophy, key, timeToRespondS) === priority);
  return {
    cause,
    consequence,
    response,
    timeToRespondS,
    severity: (line ?? philosophy.severities.at(-1)!).key,
    priority,
    priorityBasis: "",
    setpointBasis: "",
    onDelayS,
    offDelayS,
    mayChange: "",
    ...(running?.setpoint !== undefined && { setpoint: running.setpoint }),
    ...(running?.deadband !== undefined && { deadband: running.deadband }),
  };
}

/** Another severity or time to respond: the priority is the one of the matrix, unless somebody wrote why it is another. */
export function withMatrix(draft: EntryDraft, philosophy: PhilosophyFields): EntryDraft {
  const priority: Priority | undefined = priorityOfMatrix(philosophy, draft.severity, draft.timeToRespondS);
  return priority === undefined || draft.priorityBasis.trim() !== "" ? draft : { ...draft, priority };
}

/** Undefined while something is missing. A text in one language is that of both. */
export function fieldsOf({ setpoint, deadband, ...draft }: EntryDraft, philosophy: PhilosophyFields): EntryFields | undefined {
  const both = ({ en, zh }: EntryFields["cause"]) => ({ en: en.trim() || zh.trim(), zh: zh.trim() || en.trim() });
  const parsed = EntryFields.safeParse({
    ...draft,
    cause: both(draft.cause),
    consequence: both(draft.consequence),
    response: both(draft.response),
    ...(setpoint !== "" && { setpoint }),
    ...(deadband !== "" && { deadband }),
  });
  if (!parsed.success) return undefined;
  const byMatrix = priorityOfMatrix(philosophy, parsed.data.severity, parsed.data.timeToRespondS);
  return byMatrix === parsed.data.priority || parsed.data.priorityBasis !== "" ? parsed.data : undefined;
}
