import { documentChange, DoppelwerkError, message, readDocument, readersOfAll } from "@doppelwerk/kit";
import type { PersonalTexts, PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant, RecordId, WorldRecord } from "@doppelwerk/world";
import type { z } from "zod";
import type { Note } from "../contract.ts";
import type {} from "../message-codes.ts";
import { noteKind, type NoteFields } from "../model/note-kind.ts";

type Stored = z.output<typeof noteKind.schema>;

export interface NotesOptions {
  now(): Instant;
  newId(): RecordId;
  nameOf(actor: string): string;
  /** What people write can be erased everywhere. */
  readonly texts: PersonalTexts;
}

/** Notes on spans of time, as documents of branches. */
export class Notes {
  readonly #options: NotesOptions;

  constructor(options: NotesOptions) {
    this.#options = options;
  }

  /** Those that overlap [from, to), oldest first, of subjects that may be read. */
  within(view: PlantView, branch: BranchId, from: Instant, to: Instant): Note[] {
    return view.documents
      .reader(branch)
      .query({ kind: noteKind.record })
      .flatMap((record) => {
        const stored = this.#read(record);
        if (stored === undefined || stored.to <= from || stored.from >= to) return [];
        return this.#isReadable(view, branch, stored.subjects) ? [this.#shown(view, branch, record.id, stored)] : [];
      })
      .toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  }

  /** Throws DW_NOT_FOUND where a subject is not there or may not be read. */
  async add(view: PlantView, branch: BranchId, fields: NoteFields): Promise<Note> {
    this.#requireSubjects(view, branch, fields.subjects);
    const author = view.principal.id;
    const stored = { ...fields, text: this.#options.texts.seal(author, fields.text), author, written: this.#options.now() };
    return this.#store(view, branch, this.#options.newId(), undefined, stored);
  }

  /** Throws DW_NOT_FOUND, and DW_FORBIDDEN for who did not write it. */
  async edit(view: PlantView, branch: BranchId, id: RecordId, fields: NoteFields): Promise<Note> {
    const { record, stored } = this.#own(view, branch, id, false);
    this.#requireSubjects(view, branch, fields.subjects);
    const text = fields.text === stored.text ? (record["text"] as string) : this.#options.texts.seal(stored.author, fields.text);
    return this.#store(view, branch, id, record, { ...stored, ...fields, text, edited: this.#options.now() });
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId): Promise<void> {
    const { record } = this.#own(view, branch, id, true);
    await view.documents.apply({ branch, reason: "remove a note", changes: [{ op: "delete", record }] });
  }

  async #store(view: PlantView, branch: BranchId, id: RecordId, before: WorldRecord | undefined, stored: Stored): Promise<Note> {
    const reader = view.documents.reader(branch);
    const change = documentChange(noteKind, id, before, stored, readersOfAll(stored.subjects.map((subject) => reader.get(subject))));
    // who may not read the note reads the reason all the same
    if (change) await view.documents.apply({ branch, reason: "write a note", changes: [change] });
    return this.#shown(view, branch, id, { ...stored, text: this.#options.texts.open(stored.text) ?? "" });
  }

  /** As it was written; undefined where it is none, and where its author erased it. */
  #read(record: WorldRecord): Stored | undefined {
    const stored = readDocument(noteKind, record);
    const text = stored && this.#options.texts.open(stored.text);
    return stored && text !== undefined ? { ...stored, text } : undefined;
  }

  /** One whose subjects may not be read is answered like one that is not there. */
  #own(view: PlantView, branch: BranchId, id: RecordId, isRemoved: boolean): { readonly record: WorldRecord; readonly stored: Stored } {
    const record = view.documents.reader(branch).get(id);
    const stored = record?.kind === noteKind.record ? this.#read(record) : undefined;
    if (record === undefined || stored === undefined || !this.#isReadable(view, branch, stored.subjects))
      throw new DoppelwerkError("DW_NOT_FOUND", message("notes.noNote", { id: id.slice(0, 200) }));
    const mayChange = stored.author === view.principal.id || (isRemoved && view.documents.may("administer", branch).allowed);
    if (!mayChange) throw new DoppelwerkError("DW_FORBIDDEN", message("notes.notYours", { author: this.#options.nameOf(stored.author) }));
    return { record, stored };
  }

  #isReadable(view: PlantView, branch: BranchId, subjects: readonly RecordId[]): boolean {
    return subjects.every((id) => view.mayReadSignal(id) || view.documents.reader(branch).get(id) !== undefined);
  }

  #requireSubjects(view: PlantView, branch: BranchId, subjects: readonly RecordId[]): void {
    for (const id of subjects)
      if (view.documents.reader(branch).get(id) === undefined)
        throw new DoppelwerkError("DW_NOT_FOUND", message("notes.noSubject", { id: id.slice(0, 200) }));
  }

  #shown(view: PlantView, branch: BranchId, id: RecordId, { author, edited, ...stored }: Stored): Note {
    return {
      ...stored,
      id,
      author: this.#options.nameOf(author),
      ...(edited !== undefined && { edited }),
      isMine: author === view.principal.id || view.documents.may("administer", branch).allowed,
    };
  }
}
