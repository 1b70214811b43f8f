import { documentChange, DoppelwerkError, hashedId, message, readDocument, textIn, type Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { mails } from "@doppelwerk/ports";
import { LIVE, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import type { HandoverSignature, ShiftPage } from "../contract.ts";
import type { shiftPage } from "../feature.ts";
import type {} from "../message-codes.ts";
import { handoverMail, handoverSignature } from "../model/handover-kinds.ts";
import { lineOf, readPage, type PageSources } from "./read-page.ts";

const LOOK_EVERY_MS = 10_000;
/** After an attempt that failed. */
const AGAIN: Instant = MINUTE;
/** What could not be sent for so long is not sent any more: the next handover comes. */
const TOO_LATE: Instant = 24 * 60 * MINUTE;
const SENT = "mails";
/** Signatures that are remembered as sent: those of longer ago are too late. */
const MAX_SENT = 2_000;

/** Signed handovers by mail, to each person who asked for those of a line, with the rights of the person at that moment. */
export class HandoverMails {
  readonly #ctx: FeatureContext<typeof shiftPage>;
  readonly #sources: PageSources;
  readonly #waits = new Map<string, Instant>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(ctx: FeatureContext<typeof shiftPage>, sources: PageSources) {
    this.#ctx = ctx;
    this.#sources = sources;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.look()
        .catch((error: unknown) => this.#ctx.log.error({ err: error }, "handovers could not be sent by mail"))
        .finally(() => (this.#looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Whether the person gets the handovers of a line, and whether a mail would arrive. Errors: DW_NOT_FOUND. */
  async of(view: PlantView, line: string | undefined): Promise<{ readonly isOn: boolean; readonly isReachable: boolean }> {
    const { shell } = await lineOf(this.#sources, LIVE, line);
    const person = view.principal.id;
    return {
      isOn: this.#ctx.own.documents.reader(LIVE).get(mailId(shell, person)) !== undefined,
      isReachable: (await this.#ctx.find(mails)?.recipient(person)) !== undefined,
    };
  }

  /** Errors: DW_NOT_FOUND, DW_FORBIDDEN for machines. */
  async set(view: PlantView, line: string | undefined, isOn: boolean): Promise<void> {
    const { shell } = await lineOf(this.#sources, LIVE, line);
    const person = view.principal.id;
    if (view.principal.machine === true || !person.startsWith("person:"))
      throw new DoppelwerkError("DW_FORBIDDEN", message("shiftPage.mail.forPeople"));
    const id = mailId(shell, person);
    const before = view.documents.reader(LIVE).get(id);
    const change = isOn
      ? before === undefined
        ? documentChange(handoverMail, id, undefined, { shell, person, since: this.#ctx.now() })
        : undefined
      : before && ({ op: "delete", record: before } as const);
    if (change) await view.documents.apply({ branch: LIVE, reason: message("shiftPage.log.mail"), changes: [change] });
  }

  /** Sends what was signed on live since a person asked for it. */
  async look(): Promise<void> {
    const now = this.#ctx.now();
    const reader = this.#ctx.own.documents.reader(LIVE);
    const asked = reader.query({ kind: handoverMail.record }).flatMap((record) => readDocument(handoverMail, record) ?? []);
    if (asked.length === 0) return;
    const signed = reader.query({ kind: handoverSignature.record }).flatMap((record) => {
      const stored = readDocument(handoverSignature, record);
      return stored === undefined || now - stored.at > TOO_LATE ? [] : [{ id: record.id, ...stored }];
    });
    const sent = new Set((this.#ctx.store.get(SENT) as readonly string[] | undefined) ?? []);
    for (const { shell, person, since } of asked)
      for (const signature of signed) {
        const key = `${signature.id}.${mailId(shell, person)}`;
        if (signature.shell !== shell || signature.at < since || sent.has(key) || (this.#waits.get(key) ?? 0) > now) continue;
        const isDone = await this.#send(shell, person, signature.shift, key);
        this.#waits.set(key, now + AGAIN);
        if (!isDone) continue;
        sent.add(key);
        await this.#ctx.store.set(SENT, [...sent].slice(-MAX_SENT));
      }
  }

  /** Whether it need not be sent again. */
  async #send(shell: string, person: string, shift: Instant, id: string): Promise<boolean> {
    const port = this.#ctx.find(mails);
    const to = await port?.recipient(person);
    if (port === undefined || to === undefined) return false;
    const { lines } = await this.#sources.flow.lines(LIVE);
    const line = lines.find((each) => each.shell === shell);
    // it is gone
    if (line === undefined) return true;
    const page = await readPage(this.#ctx.view(to.principal), LIVE, { line: line.id, shift }, this.#sources);
    if (page.shift === undefined) return true;
    const subject = message("shiftPage.mail.subject", { line: line.title, name: page.shift.name });
    const { world } = this.#ctx;
    const outcome = await port.send({
      // the same mail has the same id: a server that has it already drops it
      id: id.replace(/[^\w.-]/g, "-"),
      person,
      subject: textIn(subject, to.language),
      text: textOfPage(page, page.signatures, line.timeZone)
        .map((each) => textIn(each, to.language))
        .join("\n"),
      path: `/shift/${new Date(shift / 1_000).toISOString()}?line=${encodeURIComponent(line.id)}${world.path === "" ? "" : `&world=${world.name}`}`,
      files: [],
    });
    if (outcome.kind !== "sent") this.#ctx.log.warn({ line: line.id, kind: outcome.kind }, "a handover was not sent by mail");
    return outcome.kind !== "later";
  }
}

function mailId(shell: string, person: string): RecordId {
  return hashedId("handoverMail", shell, person);
}

const MAX_LINES = 50;

/** What the page says, a sentence a line. */
export function textOfPage(
  { shift, plan, alarms, rejected, items, notes }: ShiftPage,
  signatures: readonly HandoverSignature[],
  zone: string,
): readonly Message[] {
  if (shift === undefined) return [];
  const clock = (at: Instant): string =>
    new Date(at / 1_000).toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;
  const open = items.filter(({ done }) => done === undefined);
  return [
    message("shiftPage.mail.span", { name: shift.name, from: clock(shift.from), to: clock(shift.end) }),
    plan === undefined
      ? message("shiftPage.mail.good", { good: shift.good })
      : message("shiftPage.mail.goodOf", { good: shift.good, plan }),
    ...(shift.oee === undefined ? [] : [message("shiftPage.mail.oee", { station: shift.constraint, oee: percent(shift.oee) })]),
    ...shift.topStops
      .slice(0, 3)
      .map(({ station, seconds, count }) => message("shiftPage.mail.stop", { station, minutes: Math.round(seconds / 60), count })),
    ...(alarms[0] === undefined
      ? []
      : [message("shiftPage.mail.alarm", { title: alarms[0].title, station: alarms[0].station, count: alarms[0].count })]),
    ...(rejected.length === 0 ? [] : [message("shiftPage.mail.rejected", { count: rejected.length })]),
    ...open.slice(0, MAX_LINES).map(({ text, author }) => message("shiftPage.mail.open", { text, author })),
    ...notes.slice(0, MAX_LINES).map(({ text, author }) => message("shiftPage.mail.note", { text, author })),
    ...signatures.map(({ role, by, at }) => message(`shiftPage.mail.${role}`, { by, at: clock(at) })),
  ];
}
