import { DoppelwerkError, message, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { isAlarmRule, signalsOfRule, type AlarmRule, type RuleEvaluation } from "@doppelwerk/operations";
import type { ShippedAlarmRules } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Change, type Json, type RecordId } from "@doppelwerk/world";
import type { AlarmRuleFields, KnownRule } from "../contract.ts";
import type {} from "../message-codes.ts";

const KIND = "alarmRule";

/** The alarm rules of branches: what is shipped, and the documents that people store over it. */
export class AlarmRules {
  readonly #shipped: ShippedAlarmRules;

  constructor(shipped: ShippedAlarmRules) {
    this.#shipped = shipped;
  }

  /** By id; those of signals that may not be read are left out. */
  async list(view: PlantView, branch: BranchId): Promise<KnownRule[]> {
    const shipped = new Map((await this.#shipped.of(branch)).map((rule) => [rule.id, rule]));
    const stored = new Map(storedRules(view, branch).map((rule) => [rule.id, rule]));
    const ids = [...new Set([...shipped.keys(), ...stored.keys()])];
    return ids.flatMap((id) => {
      const rule = stored.get(id) ?? shipped.get(id)!;
      return isReadable(view, rule) ? [knownRule(rule, stored.has(id), shipped.get(id))] : [];
    });
  }

  /** Those of live, with what cannot be evaluated. */
  async listEvaluated(view: PlantView, unevaluated: readonly RuleEvaluation[]): Promise<KnownRule[]> {
    const unknown = new Map(unevaluated.map((each) => [each.rule, each]));
    return (await this.list(view, LIVE)).map((rule) => {
      const { instant: since, why } = unknown.get(rule.id) ?? {};
      return since === undefined || why === undefined ? rule : { ...rule, unevaluated: { since, why } };
    });
  }

  /** `id` undefined: a new one. Throws DW_NOT_FOUND (rule, signal), DW_CONFLICT where another rule holds than was expected. */
  async store(
    view: PlantView,
    branch: BranchId,
    id: RecordId | undefined,
    newId: () => RecordId,
    {
      fields,
      expected,
      reason,
    }: { readonly fields: AlarmRuleFields; readonly expected?: AlarmRuleFields | undefined; readonly reason?: string | undefined },
  ): Promise<KnownRule> {
    const known = id === undefined ? undefined : await this.require(view, branch, id);
    if (known && expected && !isSame(known.fields, expected))
      throw new DoppelwerkError("DW_CONFLICT", message("alarms.ruleChangedMeanwhile", { title: known.fields.title }));
    requireSignals(view, fields);
    const record = recordOf(known?.id ?? newId(), fields);
    const change = changeOf(view, branch, record);
    if (change !== undefined)
      await view.documents.apply({ branch, reason: reason || message("alarms.logRule", { title: fields.title }), changes: [change] });
    return { ...knownRule(record, true, undefined), ...(known?.shipped && { shipped: known.shipped }) };
  }

  /** What storing a rule under an id would change; a fault where it is over a signal that is not there. */
  changeTo(
    view: PlantView,
    branch: BranchId,
    id: RecordId,
    fields: AlarmRuleFields,
  ): { readonly change: Change | undefined } | { readonly fault: Message } {
    const fault = signalFault(view, fields);
    if (fault !== undefined) return { fault };
    return { change: changeOf(view, branch, recordOf(id, fields)) };
  }

  /** Those of a branch as they are judged, some of them replaced; a new one has an id that nobody else has. Throws DW_NOT_FOUND (rule, signal). */
  async replaced(
    view: PlantView,
    branch: BranchId,
    changes: readonly { readonly id?: RecordId | undefined; readonly fields: AlarmRuleFields }[],
  ): Promise<readonly AlarmRule[]> {
    const known = new Map((await this.list(view, branch)).map(({ id, fields }) => [id, fields]));
    for (const [at, { id = triedId(at), fields }] of changes.entries()) {
      if (changes[at]!.id !== undefined && !known.has(id))
        throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noRule", { id: id.slice(0, 200) }));
      requireSignals(view, fields);
      known.set(id, fields);
    }
    return [...known].map(([id, fields]) => ({ ...fields, id, kind: KIND }) as unknown as AlarmRule);
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<void> {
    const known = await this.require(view, branch, id);
    const record = view.documents.reader(branch).get(id);
    if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.ruleNotStored", { title: known.fields.title }));
    await view.documents.apply({
      branch,
      reason: reason || message("alarms.logRuleRemoved", { title: known.fields.title }),
      changes: [{ op: "delete", record }],
    });
  }

  /** One that may not be read is answered like one that is not there. */
  async require(view: PlantView, branch: BranchId, id: RecordId): Promise<KnownRule> {
    const known = (await this.list(view, branch)).find((rule) => rule.id === id);
    if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("alarms.noRule", { id: id.slice(0, 200) }));
    return known;
  }
}

/** A record of this kind that is none by its fields (written by an older version or through another way) is not a rule. */
function storedRules(view: PlantView, branch: BranchId): readonly AlarmRule[] {
  return view.documents.reader(branch).query({ kind: KIND }).filter(isAlarmRule) as unknown as readonly AlarmRule[];
}

/** Of a new rule of a test, by its position. */
export function triedId(at: number): RecordId {
  return `${KIND}:tried-${at}`;
}

/** Whether two rules judge alike and say the same. */
export function isSameRule(a: AlarmRule, b: AlarmRule): boolean {
  return isSame(fieldsOf(a), fieldsOf(b));
}

function knownRule(rule: AlarmRule, isStored: boolean, shipped: AlarmRule | undefined): KnownRule {
  return { id: rule.id, fields: fieldsOf(rule), isStored, ...(shipped && { shipped: fieldsOf(shipped) }) };
}

const FIELDS = [
  "title",
  "shell",
  "station",
  "condition",
  "priority",
  "onDelayS",
  "offDelayS",
  "cause",
  "consequence",
  "response",
  "timeToRespondS",
  "latching",
  "suppressedIn",
  "suppressedBy",
  "suppressedWhen",
  "firstOut",
  "enabled",
] as const satisfies readonly (keyof AlarmRuleFields)[];

function fieldsOf(rule: AlarmRule): AlarmRuleFields {
  return Object.fromEntries(FIELDS.flatMap((field) => (rule[field] === undefined ? [] : [[field, rule[field]]]))) as AlarmRuleFields;
}

function isReadable(view: PlantView, rule: AlarmRule): boolean {
  return signalsOfRule(rule).every((signal) => view.mayReadSignal(signal));
}

/** A rule over a signal that is not there would stay silent for ever, one over the record of an alarm could depend on itself. */
function requireSignals(view: PlantView, fields: AlarmRuleFields): void {
  const fault = signalFault(view, fields);
  if (fault !== undefined) throw new DoppelwerkError(fault.code === "alarms.noSignal" ? "DW_NOT_FOUND" : "DW_INVALID", fault);
}

function signalFault(view: PlantView, fields: AlarmRuleFields): Message | undefined {
  for (const id of signalsOfRule(fields as Pick<AlarmRule, "condition" | "suppressedWhen">)) {
    const signal = view.signal(id);
    if (signal === undefined) return message("alarms.noSignal", { id: id.slice(0, 200) });
    if (signal.role === "Alarm") return message("alarms.expression.ofAlarm", { id: id.slice(0, 200) });
  }
  return undefined;
}

const recordOf = (id: RecordId, fields: AlarmRuleFields): AlarmRule => ({ ...fields, id, kind: KIND }) as unknown as AlarmRule;

/** Undefined where it is stored as it is. */
function changeOf(view: PlantView, branch: BranchId, record: AlarmRule): Change | undefined {
  const before = view.documents.reader(branch).get(record.id);
  return before === undefined ? { op: "create", record: record as never } : updateOf(before as never, record);
}

/** Undefined where nothing is different. */
function updateOf(before: AlarmRule, after: AlarmRule): Change | undefined {
  const fields = Object.fromEntries(
    FIELDS.filter((field) => !isSame(before[field], after[field])).map((field) => [
      field,
      { from: before[field] as Json | undefined, to: after[field] as Json | undefined },
    ]),
  );
  return Object.keys(fields).length === 0 ? undefined : { op: "update", id: before.id, fields };
}

/** Whatever the order of their fields. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
