import type { FeatureContext } from "@doppelwerk/kit/server";
import { isSameJson } from "@doppelwerk/kit";
import { SealedSecrets } from "@doppelwerk/storage/sealing";
import { LIVE, type Change, type RecordId } from "@doppelwerk/world";
import type { KnownOrder, SourceState } from "../../contract.ts";
import type { orders } from "../../feature.ts";
import { orderSource, type SourceFields } from "../../model/source-kind.ts";
import type { OrderBook } from "../order-book.ts";
import { sourcesOf } from "../source-store.ts";
import type { Adapter } from "./adapter.ts";
import { Companion, ledgerName } from "./companion.ts";
import { FolderAdapter } from "./folder-adapter.ts";
import { RestAdapter } from "./rest-adapter.ts";
import { SqlAdapter } from "./sql-adapter.ts";
import { keptName, SourceRunner } from "./source-runner.ts";

interface Running {
  readonly fields: SourceFields;
  readonly secret: string | undefined;
  readonly runner: SourceRunner;
  readonly companion: Companion | undefined;
}

/** Every source of live, polled while it is on. A document that changed opens its source anew, at the same position. */
export class Sources {
  readonly #ctx: FeatureContext<typeof orders>;
  readonly #book: OrderBook;
  readonly #running = new Map<RecordId, Running>();
  readonly #changed: () => void;
  readonly secrets: SealedSecrets;
  readonly #uncommit: () => void;
  /** Orders of a source as they are now; set once they can be computed. */
  ordersOf: (source: RecordId) => Promise<readonly KnownOrder[]> = async () => [];
  #following: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(ctx: FeatureContext<typeof orders>, book: OrderBook, changed: () => void) {
    this.#ctx = ctx;
    this.#book = book;
    this.#changed = changed;
    this.secrets = new SealedSecrets(ctx.folder("orders"), "order-sources.json");
    this.#uncommit = ctx.own.documents.onCommit(({ entry }) => {
      if (entry.branch === LIVE && entry.changes.some((change) => this.#isOfSource(change))) this.follow();
    });
    this.follow();
  }

  /** Opens and closes sources as the documents say. */
  follow(): void {
    this.#following = this.#following
      .then(() => this.#adjust())
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "sources of orders could not be opened"));
  }

  /** Once what was stored is in effect. */
  async settled(): Promise<void> {
    await this.#following;
  }

  nameOf(id: string): string | undefined {
    return this.#running.get(id)?.fields.name;
  }

  get running(): ReadonlyMap<RecordId, Running> {
    return this.#running;
  }

  stateOf(id: RecordId): SourceState | undefined {
    const own = this.#running.get(id);
    if (own === undefined) return undefined;
    return {
      id,
      fields: own.fields,
      hasSecret: own.secret !== undefined,
      ...own.runner.state,
      waiting: 0,
      confirmed: 0,
      ...own.companion?.counts,
    };
  }

  states(): SourceState[] {
    return [...this.#running.keys()].flatMap((id) => this.stateOf(id) ?? []);
  }

  /** Its position is of no use any more. */
  async forget(id: RecordId): Promise<void> {
    this.secrets.set(id, undefined);
    await this.settled();
    await this.#ctx.store.set(keptName(id), {});
    await this.#ctx.store.set(ledgerName(id), {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#uncommit();
    await this.#following;
    await Promise.all([...this.#running.values()].flatMap(({ runner, companion }) => [runner.close(), companion?.close()]));
  }

  #isOfSource(change: Change): boolean {
    if (change.op === "create" || change.op === "delete") return change.record.kind === orderSource.record;
    return this.#running.has(change.id);
  }

  async #adjust(): Promise<void> {
    if (this.#isClosed) return;
    const wanted = new Map(sourcesOf(this.#ctx.own).map(({ id, fields }) => [id, fields]));
    for (const [id, { runner, companion, fields, secret }] of this.#running) {
      if (isSameJson(wanted.get(id), fields) && secret === this.secrets.of(id)) continue;
      await Promise.all([runner.close(), companion?.close()]);
      this.#running.delete(id);
    }
    for (const [id, fields] of wanted) if (!this.#running.has(id)) this.#open(id, fields);
    this.#changed();
  }

  #open(id: RecordId, fields: SourceFields): void {
    const secret = this.secrets.of(id);
    const runner = new SourceRunner({
      id,
      fields,
      store: this.#ctx.store,
      open: () => this.#adapterOf(fields, secret),
      take: (rows) => this.#book.take({ id, name: fields.name }, rows),
      now: () => this.#ctx.now(),
      changed: this.#changed,
    });
    const companion =
      fields.kind === "rest" ? new Companion({ ctx: this.#ctx, id, source: fields, secret, orders: () => this.ordersOf(id) }) : undefined;
    this.#running.set(id, { fields, secret, runner, companion });
  }

  #adapterOf(fields: SourceFields, secret: string | undefined): Adapter {
    switch (fields.kind) {
      case "rest":
        return new RestAdapter(fields, secret);
      case "folder":
        return new FolderAdapter(fields, this.#ctx.fileFolders);
      case "sql":
        return new SqlAdapter(fields, secret);
    }
  }
}
