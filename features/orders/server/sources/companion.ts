import { message, MINUTE, SECOND } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { LIVE, reasonOf, type RecordId } from "@doppelwerk/world";
import type { orders } from "../../feature.ts";
import type { KnownOrder } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { RestSource } from "../../model/source-kind.ts";
import { changesOfMasterData, readMasterData } from "./master-data.ts";
import { clientOf } from "./rest-adapter.ts";

const MASTER_EVERY = 5 * MINUTE;
const LOOK_MS = 10_000;
const MAX_KEPT = 2_000;

/** What was written back of an order, and how often. */
interface Confirmed {
  readonly good: number;
  readonly scrap: number;
  readonly n: number;
}

/** What is being written back: sent again with the same id until it is answered, also after a crash. */
interface Pending {
  readonly id: string;
  readonly order: string;
  readonly good: number;
  readonly scrap: number;
  readonly time: string;
}

interface Ledger {
  readonly confirmed: Readonly<Record<string, Confirmed>>;
  readonly pending?: Pending;
  readonly sent: number;
}

export interface CompanionOptions {
  readonly ctx: FeatureContext<typeof orders>;
  readonly id: RecordId;
  readonly source: RestSource;
  readonly secret: string | undefined;
  /** Orders of this source, as they are now. */
  orders(): Promise<readonly KnownOrder[]>;
}

/** What goes with a source over HTTP beside its orders: master data in, what was made of its orders out. */
export class Companion {
  readonly #options: CompanionOptions;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #working: Promise<void> = Promise.resolve();
  #isBusy = false;
  #masterAt = 0;
  #ledger: Ledger;

  constructor(options: CompanionOptions) {
    this.#options = options;
    const kept = options.ctx.store.get(ledgerName(options.id)) as Partial<Ledger> | undefined;
    this.#ledger = { confirmed: {}, sent: 0, ...kept };
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  get counts(): { readonly waiting: number; readonly confirmed: number } {
    return { waiting: this.#ledger.pending === undefined ? 0 : 1, confirmed: this.#ledger.sent };
  }

  /** Does what is due, one thing at a time. */
  look(): void {
    if (this.#isBusy || !this.#options.source.isOn) return;
    this.#isBusy = true;
    this.#serially(() => this.#work())
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted)
          this.#options.ctx.log.warn({ err: reasonOf(error) }, "a source of orders could not be asked or written to");
      })
      .finally(() => (this.#isBusy = false));
  }

  /** Writes back what was made of an order now, also while it is under way. */
  confirm(order: KnownOrder): Promise<void> {
    return this.#serially(() => this.#write(order));
  }

  #serially(work: () => Promise<void>): Promise<void> {
    const done = this.#working.then(work);
    // whoever asked for it handles what it threw
    this.#working = done.then(undefined, () => undefined);
    return done;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { ctx, source } = this.#options;
    if (ctx.now() >= this.#masterAt + MASTER_EVERY) await this.#takeMasterData();
    if (source.confirmations === undefined) return;
    if (this.#ledger.pending !== undefined) await this.#send(this.#ledger.pending);
    for (const order of await this.#options.orders()) {
      const known = this.#ledger.confirmed[order.number];
      // what was over at its source before anything was written back needs no confirmation
      const isDue = order.state === "completed" || (known !== undefined && order.state !== "running");
      if (isDue && order.made !== undefined && isOther(order, known)) await this.#write(order);
    }
  }

  async #takeMasterData(): Promise<void> {
    const { ctx, source, secret } = this.#options;
    if (Object.keys(source.masterData).length === 0) return;
    const client = clientOf(source, secret);
    try {
      const found = await readMasterData(client, source, ctx.now(), this.#stop.signal);
      const changes = changesOfMasterData(ctx.own.documents.reader(LIVE), found);
      if (changes.length > 0)
        await ctx.own.documents.apply({ branch: LIVE, reason: message("orders.log.masterData", { source: source.name }), changes });
      this.#masterAt = ctx.now();
    } finally {
      client.close();
    }
  }

  async #write({ number, made }: KnownOrder): Promise<void> {
    if (made === undefined) return;
    const before = this.#ledger.confirmed[number] ?? { good: 0, scrap: 0, n: 0 };
    const [good, scrap] = [made.good - before.good, (made.missing ?? before.scrap) - before.scrap];
    if (good === 0 && scrap === 0) return;
    const pending = {
      id: `${number}.${before.n + 1}`,
      order: number,
      good,
      scrap,
      time: new Date(this.#options.ctx.now() / (SECOND / 1_000)).toISOString(),
    };
    await this.#keep({ ...this.#ledger, pending });
    await this.#send(pending);
  }

  async #send(pending: Pending): Promise<void> {
    const { source, secret } = this.#options;
    const { id, order, good, scrap, time } = pending;
    const client = clientOf(source, secret);
    try {
      const body = JSON.stringify({ id, order, good, scrap, quantity: good, time });
      const { status } = await client.post(new URL(source.confirmations!), body, { "content-type": "application/json" }, this.#stop.signal);
      // refused for good: it is not sent again, and what follows is
      if (status >= 500 || status === 429) throw new Error(`${status}`);
      const before = this.#ledger.confirmed[order] ?? { good: 0, scrap: 0, n: 0 };
      const confirmed = { ...this.#ledger.confirmed, [order]: { good: before.good + good, scrap: before.scrap + scrap, n: before.n + 1 } };
      await this.#keep({ confirmed: newest(confirmed), sent: this.#ledger.sent + (status < 300 ? 1 : 0) });
    } finally {
      client.close();
    }
  }

  async #keep(ledger: Ledger): Promise<void> {
    await this.#options.ctx.store.set(ledgerName(this.#options.id), ledger);
    this.#ledger = ledger;
  }
}

const isOther = ({ made }: KnownOrder, known: Confirmed | undefined): boolean =>
  made!.good !== (known?.good ?? 0) || (made!.missing ?? 0) !== (known?.scrap ?? 0);

const newest = (confirmed: Readonly<Record<string, Confirmed>>): Readonly<Record<string, Confirmed>> =>
  Object.fromEntries(Object.entries(confirmed).slice(-MAX_KEPT));

export const ledgerName = (id: string): string => `confirmed ${id}`;
