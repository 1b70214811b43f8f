import { documentChange, DoppelwerkError, isSameJson, message, readDocument, readersOfAll } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmRecord, KnownPeople, RunningRule } from "@doppelwerk/ports";
import type { BranchId, Change, Instant, RecordId } from "@doppelwerk/world";
import { LIVE } from "@doppelwerk/world";
import type { DatabaseAlarm } from "../contract.ts";
import type {} from "../message-codes.ts";
import { differencesOf, enforcedValues, entryState, runningFields } from "../model/enforcement.ts";
import { decisionsOf, entryId, entryKind, fieldsOfEntry, isApproved, type EntryFields, type StoredEntry } from "../model/entry-kind.ts";
import { priorityOfMatrix, type PhilosophyFields } from "../model/philosophy-kind.ts";
import { heldPhilosophy } from "./philosophy.ts";

export interface EntriesOptions {
  readonly record: AlarmRecord;
  readonly people: Pick<KnownPeople, "isRequired">;
  now(): Instant;
  nameOf(actor: string): string;
}

interface Edit {
  readonly fields: EntryFields;
  readonly expected?: EntryFields | null | undefined;
  readonly reason?: string | undefined;
}

/** One alarm as somebody may read it: its rule, what was decided, or both. */
interface Known {
  readonly id: RecordId;
  readonly running?: RunningRule | undefined;
  readonly entry?: StoredEntry | undefined;
}

/** The master alarm database of branches. */
export class Entries {
  readonly #options: EntriesOptions;

  constructor(options: EntriesOptions) {
    this.#options = options;
  }

  async list(view: PlantView, branch: BranchId): Promise<DatabaseAlarm[]> {
    const philosophy = heldPhilosophy(view, branch).fields;
    return (await this.known(view, branch)).map((known) => this.#shown(view, known, philosophy));
  }

  /** Errors: DW_NOT_FOUND, also where it may not be read. */
  async one(view: PlantView, branch: BranchId, id: RecordId): Promise<DatabaseAlarm> {
    return this.#shown(view, await this.#require(view, branch, id), heldPhilosophy(view, branch).fields);
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT where something else holds than was expected, DW_INVALID against the philosophy. */
  async store(view: PlantView, branch: BranchId, id: RecordId, { fields, expected, reason }: Edit): Promise<DatabaseAlarm> {
    const known = await this.#require(view, branch, id);
    const held = known.entry && fieldsOfEntry(known.entry);
    if (expected !== undefined && !isSameJson(held ?? null, expected)) throw changedMeanwhile(known);
    const { change, fault } = this.changeOf(view, branch, known, fields);
    if (fault) throw new DoppelwerkError("DW_INVALID", fault);
    if (change)
      await view.documents.apply({
        branch,
        reason: reason || message("alarmManagement.log.stored", { title: titleOf(known) }),
        changes: [change],
      });
    return this.one(view, branch, id);
  }

  /** What storing this would change; a fault where the philosophy of the plant does not have its severity or class, or a basis is missing. */
  changeOf(
    view: PlantView,
    branch: BranchId,
    known: Known,
    fields: EntryFields,
  ): { readonly change?: Change | undefined; readonly fault?: ReturnType<typeof faultOf> } {
    const fault = faultOf(fields, heldPhilosophy(view, branch).fields);
    if (fault) return { fault };
    if (known.entry && decisionsOf(fieldsOfEntry(known.entry)) === decisionsOf(fields)) return {};
    const inputs = known.running?.inputs ?? known.entry?.inputs ?? [];
    const stored: StoredEntry = {
      ...fields,
      rule: known.id,
      title: titleOf(known),
      inputs,
      by: view.principal.id,
      at: this.#options.now(),
    };
    const id = entryId(known.id);
    const reader = view.documents.reader(branch);
    const readers = readersOfAll([reader.get(known.id), ...inputs.map((signal) => view.documents.reader(LIVE).get(signal))]);
    return { change: documentChange(entryKind, id, reader.get(id), stored, readers) };
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<void> {
    const known = await this.#require(view, branch, id);
    const record = view.documents.reader(branch).get(entryId(id));
    if (record === undefined) throw none(id);
    await view.documents.apply({
      branch,
      reason: reason || message("alarmManagement.log.removed", { title: titleOf(known) }),
      changes: [{ op: "delete", record }],
    });
  }

  /** Errors: DW_FORBIDDEN for who wrote it, DW_CONFLICT where something else holds than was looked at. */
  async approve(
    view: PlantView,
    branch: BranchId,
    id: RecordId,
    expected: EntryFields,
    reason: string | undefined,
  ): Promise<DatabaseAlarm> {
    const known = await this.#require(view, branch, id);
    const { entry } = known;
    if (entry === undefined) throw none(id);
    const fields = fieldsOfEntry(entry);
    if (!isSameJson(fields, expected)) throw changedMeanwhile(known);
    if (this.#options.people.isRequired && entry.by === view.principal.id)
      throw new DoppelwerkError("DW_FORBIDDEN", message("alarmManagement.ownDraft"));
    const record = entryId(id);
    const approval = { by: view.principal.id, at: this.#options.now(), of: decisionsOf(fields) };
    const before = view.documents.reader(branch).get(record)!;
    const readers = before["readers"] as readonly string[] | undefined;
    const change = isApproved(entry) ? undefined : documentChange(entryKind, record, before, { ...entry, approval }, readers);
    if (change)
      await view.documents.apply({
        branch,
        reason: reason || message("alarmManagement.log.approved", { title: titleOf(known) }),
        changes: [change],
      });
    return this.one(view, branch, id);
  }

  /** Errors: DW_CONFLICT where nothing is approved, or the rule is gone. */
  async enforce(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<DatabaseAlarm> {
    const known = await this.#require(view, branch, id);
    const { entry, running } = known;
    if (entry === undefined || running === undefined || !isApproved(entry))
      throw new DoppelwerkError("DW_CONFLICT", message("alarmManagement.notApproved"));
    const values = enforcedValues(fieldsOfEntry(entry), running.rule);
    const made = await this.#options.record.changeTo(view.principal, branch, id, values);
    if ("fault" in made) throw new DoppelwerkError("DW_CONFLICT", made.fault);
    if (made.change)
      await view.documents.apply({
        branch,
        reason: reason || message("alarmManagement.log.enforced", { title: titleOf(known) }),
        changes: [made.change],
      });
    return this.one(view, branch, id);
  }

  /** Every alarm that may be read, by station and title. */
  async known(view: PlantView, branch: BranchId): Promise<readonly Known[]> {
    const rules = await this.#options.record.rules(view.principal, branch);
    const entries = new Map<string, StoredEntry>();
    for (const record of view.documents.reader(branch).query({ kind: entryKind.record })) {
      const entry = readDocument(entryKind, record);
      if (entry !== undefined) entries.set(entry.rule, entry);
    }
    const own = rules.map((running): Known => ({ id: running.rule.id, running, entry: entries.get(running.rule.id) }));
    const listed = new Set(own.map(({ id }) => id));
    // of a rule that is gone, or that may not be read: then one of its signals may not be read either
    const others = [...entries.values()].filter(
      ({ rule, inputs }) => !listed.has(rule) && !view.hides(branch, rule) && inputs.every((signal) => view.mayReadSignal(signal)),
    );
    return [...own, ...others.map((entry): Known => ({ id: entry.rule, entry }))].toSorted(byPlace);
  }

  async #require(view: PlantView, branch: BranchId, id: RecordId): Promise<Known> {
    const known = (await this.known(view, branch)).find((each) => each.id === id);
    if (known === undefined) throw none(id);
    return known;
  }

  #shown(view: PlantView, known: Known, philosophy: PhilosophyFields): DatabaseAlarm {
    const { id, running, entry } = known;
    const rule = running?.rule;
    const fields = entry && fieldsOfEntry(entry);
    const differences = fields && rule ? differencesOf(fields, rule) : [];
    const { approval } = entry ?? {};
    const nameOf = (person: string): string => this.#options.nameOf(person);
    const byMatrix = fields && priorityOfMatrix(philosophy, fields.severity, fields.timeToRespondS);
    const unit = unitOf(view, known);
    return {
      id,
      title: titleOf(known),
      ...(rule?.station !== undefined && { station: rule.station }),
      state: entryState(entry !== undefined, entry !== undefined && isApproved(entry), rule, differences),
      ...(unit !== undefined && { unit }),
      ...(fields && { fields }),
      ...(entry && { written: { by: nameOf(entry.by), at: entry.at } }),
      ...(entry && approval && isApproved(entry) && { approved: { by: nameOf(approval.by), at: approval.at } }),
      ...(rule && { running: runningFields(rule) }),
      differences: [...differences],
      ...(byMatrix !== undefined && { byMatrix }),
      isReviewDue: fields?.reviewBy !== undefined && Date.parse(fields.reviewBy) * 1_000 < this.#options.now(),
    };
  }
}

function faultOf(fields: EntryFields, philosophy: PhilosophyFields) {
  if (!philosophy.severities.some(({ key }) => key === fields.severity))
    return message("alarmManagement.fault.severity", { severity: fields.severity });
  if (fields.class !== undefined && !philosophy.classes.some(({ key }) => key === fields.class))
    return message("alarmManagement.fault.class", { class: fields.class });
  const byMatrix = priorityOfMatrix(philosophy, fields.severity, fields.timeToRespondS);
  if (byMatrix !== fields.priority && fields.priorityBasis === "")
    return message("alarmManagement.fault.basis", { priority: fields.priority, matrix: byMatrix ?? 0 });
  return undefined;
}

export function titleOf({ running, entry }: Known): StoredEntry["title"] {
  return running?.rule.title ?? entry!.title;
}

/** Of the signal that is compared with the limit. */
function unitOf(view: PlantView, { running }: Known): string | undefined {
  const condition = running?.rule.condition as { readonly signal?: unknown; readonly limit?: unknown } | undefined;
  return typeof condition?.signal === "string" && condition.limit !== undefined ? view.signal(condition.signal)?.unit : undefined;
}

function byPlace(a: Known, b: Known): number {
  const [one, other] = [a.running?.rule.station ?? "", b.running?.rule.station ?? ""];
  return one.localeCompare(other, "en", { numeric: true }) || titleOf(a).en.localeCompare(titleOf(b).en, "en") || (a.id < b.id ? -1 : 1);
}

const none = (id: string) => new DoppelwerkError("DW_NOT_FOUND", message("alarmManagement.none", { id: id.slice(0, 200) }));
const changedMeanwhile = (known: Known) =>
  new DoppelwerkError("DW_CONFLICT", message("alarmManagement.changedMeanwhile", { title: titleOf(known) }));
