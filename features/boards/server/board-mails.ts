import { documentChange, DoppelwerkError, hashedId, message, readDocument, textIn } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { lineFlow, mails, type TileKind } from "@doppelwerk/ports";
import { LIVE, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import type { boards } from "../feature.ts";
import type {} from "../message-codes.ts";
import { boardCsv } from "../model/board-csv.ts";
import { boardMail, type MailFields } from "../model/board-kind.ts";
import { lastDue } from "../model/due-mail.ts";
import type { BoardStore } from "./board-store.ts";
import { readBoard } from "./read-board.ts";

const LOOK_EVERY_MS = 20_000;
/** After an attempt that failed. */
const AGAIN: Instant = 5 * MINUTE;
/** What could not be sent for so long is not sent any more: the next one comes. */
const TOO_LATE: Instant = 12 * 60 * MINUTE;
const SENT = "mails";

/** Boards by mail, as each person asked for: with the rights of the person at that moment, as CSV and PDF. */
export class BoardMails {
  readonly #ctx: FeatureContext<typeof boards>;
  readonly #store: BoardStore;
  readonly #kinds: () => readonly TileKind[];
  readonly #waits = new Map<RecordId, Instant>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(ctx: FeatureContext<typeof boards>, store: BoardStore, kinds: () => readonly TileKind[]) {
    this.#ctx = ctx;
    this.#store = store;
    this.#kinds = kinds;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.look()
        .catch((error: unknown) => this.#ctx.log.error({ err: error }, "boards could not be sent by mail"))
        .finally(() => (this.#looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** What the person gets of a board, and whether a mail would arrive. */
  async of(view: PlantView, board: RecordId): Promise<{ readonly mail?: MailFields; readonly isReachable: boolean }> {
    const record = view.documents.reader(LIVE).get(mailId(board, view.principal.id));
    const stored = record && readDocument(boardMail, record);
    const isReachable = (await this.#ctx.find(mails)?.recipient(view.principal.id)) !== undefined;
    return { ...(stored && { mail: { at: stored.at, days: [...stored.days] } }), isReachable };
  }

  /** Without fields the person gets it no more. Errors: DW_NOT_FOUND for a board that the person may not see. */
  async set(view: PlantView, board: RecordId, fields: MailFields | undefined): Promise<void> {
    this.#store.read(view, LIVE, board);
    const person = view.principal.id;
    if (view.principal.machine === true || !person.startsWith("person:"))
      throw new DoppelwerkError("DW_FORBIDDEN", message("boards.mailForPeople"));
    const id = mailId(board, person);
    const before = view.documents.reader(LIVE).get(id);
    const change =
      fields === undefined
        ? before && ({ op: "delete", record: before } as const)
        : documentChange(boardMail, id, before, { ...fields, board, person, since: this.#ctx.now() });
    if (change) await view.documents.apply({ branch: LIVE, reason: message("boards.log.mail"), changes: [change] });
  }

  /** Sends what is due. */
  async look(): Promise<void> {
    const now = this.#ctx.now();
    const stored = this.#ctx.own.documents.reader(LIVE).query({ kind: boardMail.record });
    if (stored.length === 0) return;
    const zone = (await this.#ctx.find(lineFlow)?.lines())?.lines[0]?.timeZone ?? "UTC";
    const offset = zoneOffsetOf(zone);
    const sent = { ...(this.#ctx.store.get(SENT) as Readonly<Record<string, Instant>> | undefined) };
    for (const record of stored) {
      const asked = readDocument(boardMail, record);
      const due = asked && lastDue(asked, now, offset);
      if (asked === undefined || due === undefined || due < asked.since || due <= (sent[record.id] ?? 0)) continue;
      if (now - due < TOO_LATE && (this.#waits.get(record.id) ?? 0) > now) continue;
      const isDone = now - due >= TOO_LATE || (await this.#send(asked.board, asked.person, `${record.id}.${due}`));
      this.#waits.set(record.id, now + AGAIN);
      if (!isDone) continue;
      sent[record.id] = due;
      await this.#ctx.store.set(SENT, sent);
    }
  }

  /** Whether it need not be sent again. */
  async #send(board: RecordId, person: string, id: string): Promise<boolean> {
    const port = this.#ctx.find(mails);
    const to = await port?.recipient(person);
    if (port === undefined || to === undefined) return false;
    const { principal, language } = to;
    const view = this.#ctx.view(principal);
    let shown;
    try {
      shown = this.#store.read(view, LIVE, board);
    } catch (error) {
      // it is gone, or not shared with the person any more
      if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return true;
      throw error;
    }
    const read = await readBoard(shown, this.#kinds(), { view, page: { branch: LIVE }, now: this.#ctx.now() });
    const { boardPdf } = await import("../model/board-pdf.ts");
    const name =
      shown.title
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .trim()
        .slice(0, 60) || "board";
    const outcome = await port.send({
      id: id.replace(/[^\w.-]/g, "-"),
      person,
      subject: shown.title,
      text: textIn(message("boards.mailText", { title: shown.title }), language),
      path: `/boards/${encodeURIComponent(board)}${this.#ctx.world.path === "" ? "" : `?world=${this.#ctx.world.name}`}`,
      files: [
        { name: `${name}.pdf`, type: "application/pdf", bytes: boardPdf(read, language) },
        { name: `${name}.csv`, type: "text/csv; charset=utf-8", bytes: boardCsv(read, language) },
      ],
    });
    if (outcome.kind !== "sent") this.#ctx.log.warn({ board, kind: outcome.kind }, "a board was not sent by mail");
    return outcome.kind !== "later";
  }
}

function mailId(board: RecordId, person: string): RecordId {
  return hashedId("boardMail", board, person);
}
