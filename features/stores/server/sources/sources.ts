import { isSameJson } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { SealedSecrets } from "@doppelwerk/storage/sealing";
import { LIVE, type Change, type RecordId } from "@doppelwerk/world";
import type { SourceState } from "../../contract.ts";
import type { stores } from "../../feature.ts";
import { storesSource, type SourceFields } from "../../model/source-kind.ts";
import type { Ledger } from "../ledger.ts";
import type { Reported } from "../shown-parts.ts";
import { keptName, SourceRunner } from "./source-runner.ts";
import { sourcesOf } from "./source-store.ts";

interface Running {
  readonly fields: SourceFields;
  readonly secret: string | undefined;
  readonly runner: SourceRunner;
}

/** Every source of live, polled while it is on. A document that changed opens its source anew, at the same position. */
export class Sources {
  readonly #ctx: FeatureContext<typeof stores>;
  readonly #ledger: Ledger;
  readonly #changed: () => void;
  readonly #running = new Map<RecordId, Running>();
  readonly secrets: SealedSecrets;
  readonly #uncommit: () => void;
  #following: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(ctx: FeatureContext<typeof stores>, ledger: Ledger, changed: () => void) {
    this.#ctx = ctx;
    this.#ledger = ledger;
    this.#changed = changed;
    this.secrets = new SealedSecrets(ctx.folder("stores"), "stores-sources.json");
    this.#uncommit = ctx.own.documents.onCommit(({ entry }) => {
      if (entry.branch === LIVE && entry.changes.some((change) => this.#isOfSource(change))) this.follow();
    });
    this.follow();
  }

  /** Opens and closes sources as the documents say. */
  follow(): void {
    this.#following = this.#following
      .then(() => this.#adjust())
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "sources of the stores could not be opened"));
  }

  /** Once what was stored is in effect. */
  async settled(): Promise<void> {
    await this.#following;
  }

  nameOf(id: string): string | undefined {
    return this.#running.get(id)?.fields.name;
  }

  reported(part: string): Reported | undefined {
    for (const { runner } of this.#running.values()) {
      const found = runner.reported(part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  stateOf(id: RecordId): SourceState | undefined {
    const own = this.#running.get(id);
    return own && { id, fields: own.fields, hasSecret: own.secret !== undefined, ...own.runner.state };
  }

  states(): SourceState[] {
    return [...this.#running.keys()].flatMap((id) => this.stateOf(id) ?? []);
  }

  /** Its position is of no use any more. */
  async forget(id: RecordId): Promise<void> {
    this.secrets.set(id, undefined);
    await this.settled();
    await this.#ctx.store.set(keptName(id), {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#uncommit();
    await this.#following;
    await Promise.all([...this.#running.values()].map(({ runner }) => runner.close()));
  }

  #isOfSource(change: Change): boolean {
    if (change.op === "create" || change.op === "delete") return change.record.kind === storesSource.record;
    return this.#running.has(change.id);
  }

  async #adjust(): Promise<void> {
    if (this.#isClosed) return;
    const wanted = new Map(sourcesOf(this.#ctx.own).map(({ id, fields }) => [id, fields]));
    for (const [id, { runner, fields, secret }] of this.#running) {
      if (isSameJson(wanted.get(id), fields) && secret === this.secrets.of(id)) continue;
      await runner.close();
      this.#running.delete(id);
    }
    for (const [id, fields] of wanted) if (!this.#running.has(id)) this.#open(id, fields);
    this.#changed();
  }

  #open(id: RecordId, fields: SourceFields): void {
    const secret = this.secrets.of(id);
    const { own, store } = this.#ctx;
    const now = () => this.#ctx.now();
    const runner = new SourceRunner({ id, fields, secret, own, store, ledger: this.#ledger, now, changed: this.#changed });
    this.#running.set(id, { fields, secret, runner });
  }
}
