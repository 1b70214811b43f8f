import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PersonalTexts, PlantView } from "@doppelwerk/kit/server";
import type { ShiftFiguresValue } from "@doppelwerk/ports";
import type { BranchId, Instant, RecordId, WorldRecord } from "@doppelwerk/world";
import type { z } from "zod";
import type { HandoverNote, HandoverSignature } from "../contract.ts";
import type {} from "../message-codes.ts";
import { handoverNote, handoverSignature, signedOf, type HandoverRole } from "../model/handover-kinds.ts";

type StoredNote = z.output<typeof handoverNote.schema>;
type StoredSignature = z.output<typeof handoverSignature.schema>;

export interface HandoverOptions {
  now(): Instant;
  newId(): RecordId;
  nameOf(actor: string): string;
  readonly texts: PersonalTexts;
}

/** The line and the shift that something is of. */
export interface ShiftKey {
  /** AAS id of the line. */
  readonly shell: string;
  readonly shift: Instant;
}

interface Read<Fields> {
  readonly id: RecordId;
  readonly stored: Fields;
}

/** What people write and sign at the end of a shift, as documents of branches. */
export class Handover {
  readonly #options: HandoverOptions;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  /** Of the shift alone, oldest first. */
  notes(view: PlantView, branch: BranchId, { shell, shift }: ShiftKey): HandoverNote[] {
    return this.#notes(view, branch, shell)
      .filter(({ stored }) => stored.shift === shift && !isItem(stored))
      .map((note) => this.#shownNote(note));
  }

  /** Items of the shift and of those before it that were open up to its end, or were done in it or later. */
  items(view: PlantView, branch: BranchId, { shell, shift }: ShiftKey): HandoverNote[] {
    return this.#notes(view, branch, shell)
      .filter(({ stored }) => isItem(stored) && stored.shift <= shift && (stored.done === undefined || stored.done.at >= shift))
      .map((note) => this.#shownNote(note));
  }

  async add(
    view: PlantView,
    branch: BranchId,
    key: ShiftKey,
    fields: { readonly text: string; readonly isItem: boolean },
  ): Promise<HandoverNote> {
    const author = view.principal.id;
    const [id, text] = [this.#options.newId(), this.#options.texts.seal(author, fields.text)];
    const stored: StoredNote = { ...key, text, author, written: this.#options.now(), isOpen: fields.isItem };
    const change = documentChange(handoverNote, id, undefined, stored);
    if (change) await view.documents.apply({ branch, reason: message("shiftPage.log.note"), changes: [change] });
    return this.#shownNote({ id, stored: { ...stored, text: fields.text } });
  }

  /** Errors: DW_NOT_FOUND where there is no such item; DW_CONFLICT where somebody has just closed it. */
  async close(view: PlantView, branch: BranchId, id: RecordId, isDone: boolean): Promise<HandoverNote> {
    const record = view.documents.reader(branch).get(id);
    const stored = record?.kind === handoverNote.record ? this.#readNote(record) : undefined;
    if (record === undefined || stored === undefined || !isItem(stored))
      throw new DoppelwerkError("DW_NOT_FOUND", message("shiftPage.noItem", { id: id.slice(0, 200) }));
    if (isDone && stored.done !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("shiftPage.closedMeanwhile", { name: this.#options.nameOf(stored.done.by) }));
    const { done: _done, ...rest } = stored;
    const next: StoredNote = {
      ...rest,
      isOpen: !isDone,
      ...(isDone && { done: { by: view.principal.id, at: this.#options.now() } }),
    };
    // the text stays sealed as it is
    const change = documentChange(handoverNote, id, record, { ...next, text: record["text"] as string });
    if (change) await view.documents.apply({ branch, reason: message("shiftPage.log.item"), changes: [change] });
    return this.#shownNote({ id, stored: next });
  }

  /** Oldest first. */
  signatures(view: PlantView, branch: BranchId, key: ShiftKey): HandoverSignature[] {
    const written = this.#notes(view, branch, key.shell).filter(({ stored }) => stored.shift === key.shift);
    return view.documents
      .reader(branch)
      .query({ kind: handoverSignature.record })
      .flatMap((record): Read<StoredSignature>[] => {
        const stored = readDocument(handoverSignature, record);
        return stored?.shell === key.shell && stored.shift === key.shift ? [{ id: record.id, stored }] : [];
      })
      .toSorted((a, b) => a.stored.at - b.stored.at)
      .map(({ id, stored: { role, by, at, figures, notes } }) => ({
        id,
        role,
        by: this.#options.nameOf(by),
        at,
        figures,
        notesSince: written.filter((note) => !notes.includes(note.id)).length,
      }));
  }

  /**
   * One document, written at once: after a crash it is there whole, or not at all. Errors: DW_CONFLICT where the figures or the notes are others than the
   * signer saw, or he has signed already.
   */
  async sign(
    view: PlantView,
    branch: BranchId,
    key: ShiftKey,
    {
      role,
      seen,
      figures,
    }: {
      readonly role: HandoverRole;
      readonly seen: { readonly good: number; readonly revision: number; readonly notes: number };
      readonly figures: ShiftFiguresValue;
    },
  ): Promise<HandoverSignature> {
    const by = view.principal.id;
    const id = hashedId("handoverSignature", key.shell, `${key.shift} ${role} ${by}`);
    const reader = view.documents.reader(branch);
    if (reader.get(id) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("shiftPage.signedAlready"));
    const notes = this.#notes(view, branch, key.shell).filter(({ stored }) => stored.shift === key.shift);
    if (figures.good !== seen.good || figures.revision !== seen.revision || notes.length !== seen.notes)
      throw new DoppelwerkError("DW_CONFLICT", message("shiftPage.changedMeanwhile"));
    const stored: StoredSignature = {
      ...key,
      role,
      by,
      at: this.#options.now(),
      figures: signedOf(figures),
      notes: notes.map((note) => note.id),
    };
    const change = documentChange(handoverSignature, id, undefined, stored);
    if (change) await view.documents.apply({ branch, reason: message("shiftPage.log.signature", { role }), changes: [change] });
    return { id, role, by: this.#options.nameOf(by), at: stored.at, figures: stored.figures, notesSince: 0 };
  }

  #notes(view: PlantView, branch: BranchId, shell: string): readonly Read<StoredNote>[] {
    return view.documents
      .reader(branch)
      .query({ kind: handoverNote.record })
      .flatMap((record) => {
        const stored = this.#readNote(record);
        return stored?.shell === shell ? [{ id: record.id, stored }] : [];
      })
      .toSorted((a, b) => a.stored.written - b.stored.written || (a.id < b.id ? -1 : 1));
  }

  /** Undefined where its author erased it. */
  #readNote(record: WorldRecord): StoredNote | undefined {
    const stored = readDocument(handoverNote, record);
    const text = stored && this.#options.texts.open(stored.text);
    return stored && text !== undefined ? { ...stored, text } : undefined;
  }

  #shownNote({ id, stored }: Read<StoredNote>): HandoverNote {
    const { shift, text, author, written, done } = stored;
    return {
      id,
      shift,
      text,
      author: this.#options.nameOf(author),
      written,
      isItem: isItem(stored),
      ...(done && { done: { by: this.#options.nameOf(done.by), at: done.at } }),
    };
  }
}

const isItem = ({ isOpen, done }: Pick<StoredNote, "isOpen" | "done">): boolean => isOpen || done !== undefined;
