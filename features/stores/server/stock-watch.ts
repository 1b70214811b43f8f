import { message, readDocument, textsOf } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { notices } from "@doppelwerk/ports";
import { LIVE, type BranchId } from "@doppelwerk/world";
import type { KnownPart } from "../contract.ts";
import type { stores } from "../feature.ts";
import type {} from "../message-codes.ts";
import { lookAtStock, type LowEpisode } from "../model/low-stock.ts";
import { NoticeFields, STOCK_NOTICE, stockNotice } from "../model/notice-kind.ts";
import type { ShownParts } from "./shown-parts.ts";

type Ctx = FeatureContext<typeof stores>;
type Episodes = Readonly<Record<string, LowEpisode>>;

const KEPT = "low";

/** Who is notified, as the document says; nobody where there is none. */
export function noticeFields(view: PlantView, branch: BranchId): NoticeFields {
  const record = view.documents.reader(branch).get(STOCK_NOTICE);
  return (record && readDocument(stockNotice, record)) ?? NoticeFields.parse({});
}

/** On-call calendars that the view may read: documents of whoever notifies. */
export function calendarsOf(view: PlantView, branch: BranchId): readonly { readonly id: string; readonly name: string }[] {
  return view.documents
    .reader(branch)
    .query({ kind: "onCallCalendar" })
    .flatMap(({ id, name }) => (typeof name === "string" ? [{ id, name }] : []));
}

/** Notifies people of parts that fall below their minimum on live: once, until there was enough again for a while. */
export class StockWatch {
  readonly #ctx: Ctx;
  readonly #shown: ShownParts;
  #looking: Promise<void> | undefined;

  constructor(ctx: Ctx, shown: ShownParts) {
    this.#ctx = ctx;
    this.#shown = shown;
  }

  /** One look at a time; what throws is logged and looked at again. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "the stock could not be looked at"))
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { own, store } = this.#ctx;
    const { isOn, to, priority } = noticeFields(own, LIVE);
    const port = this.#ctx.find(notices);
    // nobody is there to be notified: the episode begins when somebody is
    if (port === undefined || !isOn || to.length === 0) return;
    const before = (store.get(KEPT) ?? {}) as Episodes;
    const { parts } = await this.#shown.list(own, LIVE);
    const now = this.#ctx.now();
    const steps = parts.map((part) => ({ part, step: lookAtStock(before[part.part], part.isLow, now) }));
    // an episode is on disk before anybody is notified of it: after a crash it is sent again with the same id and instant, and counts once
    const begun = steps.filter(({ step }) => step.kind === "notify");
    if (begun.length > 0)
      await store.set(KEPT, {
        ...before,
        ...Object.fromEntries(begun.map(({ part, step }) => [part.part, { ...step.episode, isNotified: false }])),
      });
    const after: Record<string, LowEpisode> = {};
    for (const { part, step } of steps) {
      if (step.kind === "notify") await port.send(noticeOf(part, step.episode, priority), to);
      if (step.kind === "withdraw") await port.withdraw({ id: idOf(part), at: step.episode.since });
      else if (step.episode !== undefined) after[part.part] = step.episode;
    }
    if (JSON.stringify(store.get(KEPT) ?? {}) !== JSON.stringify(after)) await store.set(KEPT, after);
  }
}

const idOf = ({ part }: KnownPart): string => `stores ${part}`;

function noticeOf(part: KnownPart, { since }: LowEpisode, priority: NoticeFields["priority"]) {
  const { title, place, unit, minimum } = part.fields;
  return {
    id: idOf(part),
    at: since,
    title: textsOf(message("stores.notice.title", { part: part.part, title })),
    station: place ?? part.part,
    priority,
    value: `${part.available} / ${minimum} ${unit}`,
    step: 1,
  };
}
