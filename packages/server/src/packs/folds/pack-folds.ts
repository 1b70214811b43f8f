import { instanceOfPackFold, signalOfOutput, type PackDocuments, type PackFoldDeclaration } from "@doppelwerk/kit/pack";
import type { FeatureContext, FoldPlace, PlantView } from "@doppelwerk/kit/server";
import { message, textOf } from "@doppelwerk/messages";
import { changedKind, LIVE, oneAtATime, type BranchId, type Json, type LogEntry, type RecordId, type WorldRecord } from "@doppelwerk/world";

/** Documents that a fold is opened for; of more the first by id. */
export const MAX_INSTANCES = 500;

export interface PackFoldsOptions {
  readonly ctx: Pick<FeatureContext, "folds" | "own" | "log" | "degraded">;
  readonly feature: string;
  readonly pack: string;
  readonly folds: readonly PackFoldDeclaration[];
  readonly documents: PackDocuments;
  /** The plant with the pack's own rights: what it may not read it concludes nothing of. */
  readonly own: PlantView;
}

/** The folds of a feature of a pack in a world: an instance for each document, set as documents come, change and go. */
export class PackFolds {
  readonly #options: PackFoldsOptions;
  readonly #kinds: ReadonlySet<string>;
  readonly #follow: () => Promise<void>;
  #followed: Promise<void> = Promise.resolve();
  #set: string | undefined;
  readonly #unfollow: readonly (() => void)[];

  constructor(options: PackFoldsOptions) {
    this.#options = options;
    const { ctx, folds, own, pack } = options;
    this.#kinds = new Set(["signal", ...folds.map(({ kind }) => kind)]);
    this.#follow = oneAtATime(() => this.#readDocuments());
    this.#unfollow = [
      own.documents.onCommit(({ entry }) => this.#onCommit(entry)),
      this.#group.follow({
        fault: ({ fold, subject, reason }) => ctx.degraded(stopped(pack, fold, subject, reason)),
      }),
    ];
  }

  get #group() {
    const { ctx, feature } = this.#options;
    return ctx.folds.group(`pack ${feature}`);
  }

  open(): Promise<void> {
    this.#read();
    return this.#followed;
  }

  /** States are kept for when it is opened again. */
  async close(): Promise<void> {
    for (const unfollow of this.#unfollow) unfollow();
    await this.#followed;
    await this.#group.set(this.#ids, async () => ({ instances: () => [] }));
  }

  get #ids(): readonly string[] {
    return this.#options.folds.map(({ id }) => id);
  }

  #onCommit({ branch, changes }: LogEntry): void {
    if (branch === LIVE && changes.some((change) => this.#kinds.has(changedKind(change)))) this.#read();
  }

  #read(): void {
    const { ctx, pack } = this.#options;
    this.#followed = this.#follow().catch((error: unknown) => ctx.log.error({ err: error, pack }, "the folds of a pack could not be set"));
  }

  async #readDocuments(): Promise<void> {
    const { folds, documents, own } = this.#options;
    const instances = folds.flatMap((fold) => instancesOf(fold, documents, own, LIVE));
    const set = JSON.stringify(instances);
    if (set === this.#set) return;
    await this.#limitOutputs(instances);
    await this.#group.set(this.#ids, async () => ({ instances: () => instances }));
    this.#set = set;
  }

  /** Outputs that are there are read by who may read what they come of now, too: before anything is concluded of it. */
  async #limitOutputs(instances: readonly FoldPlace[]): Promise<void> {
    const { ctx, folds } = this.#options;
    const changes = instances.flatMap((place) => {
      const { outputs } = folds.find(({ id }) => id === place.fold)!;
      return outputs.flatMap(({ type }) => {
        const record = ctx.own.signal(signalOfOutput(place.fold, place.subject, type));
        const before = record?.concludedOf ?? [];
        const missing = signalsOf(place).filter((id) => !before.includes(id));
        if (record === undefined || missing.length === 0) return [];
        const fields = { concludedOf: { from: record.concludedOf as Json | undefined, to: [...before, ...missing] } };
        return [{ op: "update" as const, id: record.id, fields }];
      });
    });
    if (changes.length > 0) await ctx.own.documents.apply({ branch: LIVE, reason: message("changes.logDerivedSignals"), changes });
  }
}

/** The instances of a fold on a branch, as a principal may see its documents and signals. */
export function instancesOf(fold: PackFoldDeclaration, documents: PackDocuments, view: PlantView, branch: BranchId): readonly FoldPlace[] {
  const stored = view.documents.reader(branch).query({ kind: fold.kind, limit: MAX_INSTANCES });
  return stored.flatMap((record) => documents.read(record) ?? []).map((document) => placeOf(fold, document, view));
}

export function placeOf(fold: PackFoldDeclaration, document: WorldRecord, view: PlantView): FoldPlace {
  return { fold: fold.id, ...instanceOfPackFold(fold, document, (id) => view.mayReadSignal(id)) };
}

function signalsOf({ inputs }: FoldPlace): readonly RecordId[] {
  return inputs.flatMap((input) => ("signal" in input ? [input.signal] : []));
}

function stopped(pack: string, fold: string, subject: RecordId, reason = ""): string {
  return textOf(message("packs.failed", { name: pack, reason: message("packs.foldStopped", { fold, subject, reason }) }));
}
