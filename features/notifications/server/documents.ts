import { DAY, documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { KindDeclaration } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import type { BranchId, Instant, RecordId, RecordReader } from "@doppelwerk/world";
import type { z } from "zod";
import type { NotificationRule, OnCallCalendar } from "../contract.ts";
import type {} from "../message-codes.ts";
import { onCallSpans, peopleOfCalendar } from "../model/on-call.ts";
import { onCallKind, type OnCallFields } from "../model/on-call-kind.ts";
import { notificationRuleKind, type NotificationRuleFields } from "../model/rule-kind.ts";
import type { People } from "./people.ts";

export interface DocumentsOptions {
  readonly people: Pick<People, "names">;
  readonly newId: (kind: "onCallCalendar" | "notificationRule") => RecordId;
  now(): Instant;
}

interface Edit<Fields> {
  readonly fields: Fields;
  readonly expected?: Fields | undefined;
  readonly reason?: string | undefined;
}

const SHOWN = 14 * DAY;

/** On-call calendars and notification rules of branches. */
export class NotificationDocuments {
  readonly #options: DocumentsOptions;

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  calendars(view: PlantView, branch: BranchId): OnCallCalendar[] {
    return calendarsOf(view.documents.reader(branch)).map(({ id, fields }) => this.#shownCalendar(id, fields));
  }

  rules(view: PlantView, branch: BranchId): NotificationRule[] {
    return rulesOf(view.documents.reader(branch)).map(({ id, fields }) => this.#shownRule(id, fields));
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT where another one holds than was expected. Without an id: a new one. */
  async storeCalendar(view: PlantView, branch: BranchId, id: RecordId | undefined, edit: Edit<OnCallFields>): Promise<OnCallCalendar> {
    const stored = await this.#store(onCallKind, view, branch, id ?? this.#options.newId("onCallCalendar"), id !== undefined, edit);
    return this.#shownCalendar(stored, edit.fields);
  }

  /** The same; DW_NOT_FOUND for a calendar that is not there too. */
  async storeRule(
    view: PlantView,
    branch: BranchId,
    id: RecordId | undefined,
    edit: Edit<NotificationRuleFields>,
  ): Promise<NotificationRule> {
    const reader = view.documents.reader(branch);
    for (const { to } of edit.fields.steps)
      for (const recipient of to)
        if (recipient.kind === "onCall" && reader.get(recipient.calendar)?.kind !== onCallKind.record)
          throw new DoppelwerkError("DW_NOT_FOUND", message("notifications.noCalendar", { id: recipient.calendar.slice(0, 200) }));
    if (edit.fields.place !== undefined && reader.get(edit.fields.place) === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("notifications.noPlace", { id: edit.fields.place.slice(0, 200) }));
    const stored = await this.#store(
      notificationRuleKind,
      view,
      branch,
      id ?? this.#options.newId("notificationRule"),
      id !== undefined,
      edit,
    );
    return this.#shownRule(stored, edit.fields);
  }

  async removeCalendar(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<void> {
    const user = rulesOf(view.documents.reader(branch)).find(({ fields }) =>
      fields.steps.some(({ to }) => to.some((recipient) => recipient.kind === "onCall" && recipient.calendar === id)),
    );
    if (user !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("notifications.calendarUsed", { rule: user.fields.name }));
    await this.#remove(onCallKind, view, branch, id, reason);
  }

  removeRule(view: PlantView, branch: BranchId, id: RecordId, reason: string | undefined): Promise<void> {
    return this.#remove(notificationRuleKind, view, branch, id, reason);
  }

  async #store<Schema extends z.ZodType<{ readonly name: string }>>(
    kind: KindDeclaration<Schema> & { readonly record: string },
    view: PlantView,
    branch: BranchId,
    id: RecordId,
    isThere: boolean,
    { fields, expected, reason }: Edit<z.output<Schema>>,
  ): Promise<RecordId> {
    const before = view.documents.reader(branch).get(id);
    const known = before !== undefined && before.kind === kind.record ? readDocument(kind, before) : undefined;
    if (isThere && known === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("notifications.noDocument", { id: id.slice(0, 200) }));
    if (expected !== undefined && !isSameJson(known, expected))
      throw new DoppelwerkError("DW_CONFLICT", message("notifications.changedMeanwhile", { name: fields.name }));
    const change = documentChange(kind, id, before, fields as z.input<Schema>);
    if (change) await view.documents.apply({ branch, reason: reason || fields.name, changes: [change] });
    return id;
  }

  async #remove(
    kind: KindDeclaration & { readonly record: string },
    view: PlantView,
    branch: BranchId,
    id: RecordId,
    reason: string | undefined,
  ): Promise<void> {
    const record = view.documents.reader(branch).get(id);
    if (record === undefined || record.kind !== kind.record)
      throw new DoppelwerkError("DW_NOT_FOUND", message("notifications.noDocument", { id: id.slice(0, 200) }));
    await view.documents.apply({ branch, reason: reason || String(record["name"]), changes: [{ op: "delete", record }] });
  }

  #shownCalendar(id: RecordId, fields: OnCallFields): OnCallCalendar {
    const now = this.#options.now();
    return {
      id,
      fields,
      names: this.#options.people.names(peopleOfCalendar(fields)),
      spans: [...onCallSpans(fields, now, now + SHOWN, zoneOffsetOf(fields.timeZone))],
    };
  }

  #shownRule(id: RecordId, fields: NotificationRuleFields): NotificationRule {
    const people = fields.steps.flatMap(({ to }) => to.flatMap((recipient) => (recipient.kind === "person" ? [recipient.person] : [])));
    return { id, fields, names: this.#options.people.names(people) };
  }
}

export interface Known<Fields> {
  readonly id: RecordId;
  readonly fields: Fields;
}

export const calendarsOf = (reader: RecordReader): readonly Known<OnCallFields>[] => documentsOf(reader, onCallKind);
export const rulesOf = (reader: RecordReader): readonly Known<NotificationRuleFields>[] => documentsOf(reader, notificationRuleKind);

function documentsOf<Schema extends z.ZodType<{ readonly name: string }>>(
  reader: RecordReader,
  kind: KindDeclaration<Schema> & { readonly record: string },
): readonly Known<z.output<Schema>>[] {
  return reader
    .query({ kind: kind.record })
    .flatMap((record) => {
      const fields = readDocument(kind, record);
      return fields === undefined ? [] : [{ id: record.id, fields }];
    })
    .toSorted((a, b) => a.fields.name.localeCompare(b.fields.name, "en"));
}
