import { DoppelwerkError, hashedId, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type BranchId, type EventPayload, type EventRecord, type Instant, type RecordId } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { actOfEvent, WORK_EVENT, type Act, type Opened, type RecordedAct } from "../model/acts.ts";
import { foldOrder, isOver, refusal, type WorkOrder } from "../model/work-order.ts";

/** Open ones at a time: more are refused. */
export const MAX_OPEN = 5_000;
const PAGE = 1_000;
/** Branches whose work orders are kept folded. */
const MAX_BRANCHES = 20;

export interface HeldOrder {
  /** Record of the shell of its asset: who may read it may read the work order. */
  readonly subject: RecordId;
  readonly acts: readonly RecordedAct[];
  readonly order: WorkOrder;
}

type Held = Map<string, HeldOrder>;

export interface OrderBookOptions {
  /** The feature's own view: work orders are folded of all acts, and shown by what each asker may read. */
  readonly own: PlantView;
  now(): Instant;
  newId(): string;
  /** Done with an act before it is recorded; what rejects refuses it. Called again for the same act where the process ended in between. */
  before?(view: PlantView, branch: BranchId, act: RecordedAct): Promise<void>;
}

/** Work orders, folded of their acts, which are events of the shell of the asset. One act of a work order at a time is judged and recorded. */
export class OrderBook {
  readonly #options: OrderBookOptions;
  readonly #branches = new Map<BranchId, Promise<Held>>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: OrderBookOptions) {
    this.#options = options;
  }

  /** Of a branch as it was at an instant, or is now, as far as the view may read them. Errors: DW_NOT_FOUND of a branch that is hidden. */
  async list(view: PlantView, branch: BranchId, at?: Instant): Promise<readonly HeldOrder[]> {
    const reader = view.documents.reader(branch);
    const visible = new Map<RecordId, boolean>();
    const shows = (subject: RecordId): boolean => {
      const known = visible.get(subject) ?? reader.get(subject) !== undefined;
      visible.set(subject, known);
      return known;
    };
    const all = [...(await this.#held(branch)).values()].filter(({ subject }) => shows(subject));
    return at === undefined ? all : all.flatMap((held) => asOf(held, at));
  }

  /** Errors: DW_NOT_FOUND. */
  async one(view: PlantView, branch: BranchId, id: string, at?: Instant): Promise<HeldOrder> {
    const held = (await this.#held(branch)).get(id);
    const shown = held && view.documents.reader(branch).get(held.subject) !== undefined ? held : undefined;
    const [found] = shown === undefined ? [] : at === undefined ? [shown] : asOf(shown, at);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.missing", { id: id.slice(0, 200) }));
    return found;
  }

  /** The same id again is the same work order. Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_CONFLICT. */
  open(
    view: PlantView,
    branch: BranchId,
    id: string,
    fields: Omit<Opened, "act" | "number">,
    at: Instant = this.#options.now(),
  ): Promise<{ readonly order: WorkOrder; readonly isNew: boolean }> {
    return this.#alone(`${branch} number`, async () => {
      const held = await this.#held(branch);
      const known = held.get(id);
      if (known !== undefined) return { order: (await this.one(view, branch, id)).order, isNew: false };
      const subject = subjectOf(view, branch, fields.shell);
      if ([...held.values()].filter(({ order }) => !isOver(order)).length >= MAX_OPEN)
        throw new DoppelwerkError("DW_CONFLICT", message("maintenance.tooMany", { count: MAX_OPEN }));
      const act = { act: "opened" as const, number: nextNumber(held, branch), ...fields };
      const { order } = await this.#record(view, branch, { order: id, n: 1, at, by: view.principal.id, known: at, act }, subject, held);
      return { order, isNew: true };
    });
  }

  newId(): string {
    return this.#options.newId();
  }

  /**
   * Judges and records an act; on disk when it resolves. `at`: when it was, where it is entered later. Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_CONFLICT
   * where the work order is in a state in which it cannot be, DW_INVALID of an instant before the act before it or in the future.
   */
  act(view: PlantView, branch: BranchId, id: string, act: Act, at?: Instant): Promise<HeldOrder> {
    return this.#alone(`${branch} ${id}`, async () => {
      const { order, subject } = await this.one(view, branch, id);
      const by = view.principal.id;
      const why = refusal(order, act, by);
      if (why !== undefined) throw new DoppelwerkError("DW_CONFLICT", why);
      const now = this.#options.now();
      if (at !== undefined && (at < order.lastAt || at > now)) throw new DoppelwerkError("DW_INVALID", message("maintenance.instant"));
      // a clock that was set back does not bring acts out of their order
      const when = at ?? Math.max(now, order.lastAt);
      const recorded: RecordedAct = { order: id, n: order.acts + 1, at: when, by, known: now, act };
      await this.#options.before?.(view, branch, recorded);
      return this.#record(view, branch, recorded, subject, await this.#held(branch));
    });
  }

  async #record(view: PlantView, branch: BranchId, act: RecordedAct, subject: RecordId, held: Held): Promise<HeldOrder> {
    const { order: id, n, at, act: what } = act;
    const event = { id: hashedId("event", WORK_EVENT, `${id}\n${n}`), subject, type: WORK_EVENT, at, origin: "entered" as const };
    await view.events.record([{ ...event, branch, payload: { order: id, n, what } as unknown as EventPayload }]);
    const acts = [...(held.get(id)?.acts ?? []), act];
    const next = { subject, acts, order: foldOrder(acts)! };
    held.set(id, next);
    // what a branch inherits ends at its fork: only acts of the past reach one
    if (branch === LIVE) for (const other of this.#branches.keys()) if (other !== LIVE) this.#branches.delete(other);
    return next;
  }

  #held(branch: BranchId): Promise<Held> {
    const known = this.#branches.get(branch);
    if (known !== undefined) return known;
    const read = this.#read(branch);
    this.#branches.set(branch, read);
    read.catch(() => this.#branches.delete(branch));
    const oldest = [...this.#branches.keys()].find((each) => each !== LIVE);
    if (this.#branches.size > MAX_BRANCHES && oldest !== undefined && oldest !== branch) this.#branches.delete(oldest);
    return read;
  }

  async #read(branch: BranchId): Promise<Held> {
    const acts = new Map<string, { subject: RecordId; acts: RecordedAct[] }>();
    for (let cursor: string | undefined; ;) {
      const page = await this.#options.own.events.query({ branch, types: [WORK_EVENT], limit: PAGE, ...(cursor && { cursor }) });
      for (const event of page.events) collect(acts, event);
      if (page.next === undefined) break;
      cursor = page.next;
    }
    const held: Held = new Map();
    for (const [id, { subject, acts: own }] of acts) {
      const order = foldOrder(own);
      if (order !== undefined) held.set(id, { subject, acts: own.toSorted((a, b) => a.n - b.n), order });
    }
    return held;
  }

  #alone<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const run = before.then(work, work);
    const settled = Promise.allSettled([run]);
    this.#queues.set(key, settled);
    void settled.then(() => this.#queues.get(key) === settled && this.#queues.delete(key));
    return run;
  }
}

function collect(acts: Map<string, { subject: RecordId; acts: RecordedAct[] }>, event: EventRecord): void {
  const act = actOfEvent(event);
  if (act === undefined) return;
  const known = acts.get(act.order);
  if (known === undefined) acts.set(act.order, { subject: event.subject, acts: [act] });
  else known.acts.push(act);
}

/** As its acts up to an instant leave it; nothing where it was not open yet. */
function asOf({ subject, acts }: HeldOrder, at: Instant): readonly HeldOrder[] {
  const until = acts.filter((act) => act.at <= at);
  const order = foldOrder(until);
  return order === undefined ? [] : [{ subject, acts: until, order }];
}

/** Numbers count up, on a branch with its own letter, so that two worlds never give one number to two work orders. */
function nextNumber(held: Held, branch: BranchId): string {
  const prefix = branch === LIVE ? "WO-" : "WO-B";
  const last = [...held.values()].reduce((max, { order }) => Math.max(max, Number(order.number.replace(/\D/g, ""))), 0);
  return `${prefix}${String(last + 1).padStart(4, "0")}`;
}

/** Errors: DW_NOT_FOUND of an asset that is not there, or may not be read. */
export function subjectOf(view: PlantView, branch: BranchId, shell: string): RecordId {
  const [found] = view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noAsset", { shell: shell.slice(0, 200) }));
  return found.id;
}
