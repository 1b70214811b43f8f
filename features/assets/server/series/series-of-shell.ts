import { AasLookups, aasSourceOfWorld, type AasSource } from "@doppelwerk/aas-server";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { LIVE, thinnedBefore, type BranchId, type Instant } from "@doppelwerk/world";
import type { SeriesSubmodel } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { firstOf } from "./read-series.ts";
import { seriesPackage, type PackedSeries } from "./series-package.ts";
import { besideIn, columnsOf, signalsOfSubmodel, timeSeriesOf, timeSeriesSubmodel } from "./time-series-submodel.ts";

/** Where a LinkedSegment sends its reader. */
export function exportEndpoint({ path }: FeatureContext["world"]): string {
  return `/api/doppelwerk/v1${path}/export/samples`;
}

const nothing = { sample: () => undefined, samplesAt: async () => new Map<never, never>() };

/** The series of assets as submodels of their shells. Asked again, a submodel takes up new signals; columns keep their names. */
export class ShellSeries {
  readonly #lookups = new AasLookups();
  readonly #kept: Pick<FeatureContext, "ids" | "blobs" | "world">;

  constructor(kept: Pick<FeatureContext, "ids" | "blobs" | "world">) {
    this.#kept = kept;
  }

  /** Shells with their series and the samples of a period as an AASX package. */
  async pack(view: PlantView, ids: string, from: Instant, to: Instant): Promise<Uint8Array> {
    if (from >= to) throw new DoppelwerkError("DW_INVALID", message("assets.mustLieBefore"));
    const source = this.#source(view, LIVE);
    const chosen = ids.split(",").filter((id) => id !== "");
    for (const id of chosen) {
      const decision = view.documents.may("export", LIVE, id);
      if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    }
    const packed = packedSeries(view, source, chosen);
    const thinned = await thinnedBefore(view.history, chosen);
    if (thinned !== undefined && from < thinned)
      throw new DoppelwerkError("DW_INVALID", message("assets.samplesBefore", { thinned: new Date(thinned / 1_000).toISOString() }));
    return seriesPackage(view.history, source, packed, from, to, exportEndpoint(this.#kept.world));
  }

  async write(
    view: PlantView,
    shellId: string,
    branch: BranchId,
  ): Promise<{ readonly put: "created" | "replaced"; readonly made: SeriesSubmodel }> {
    const source = this.#source(view, branch);
    const shell = source.shell(shellId);
    if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellOfRecord", { shellId }));
    const signals = view.signals().filter((signal) => signal.shell === shellId);
    if (signals.length === 0) throw new DoppelwerkError("DW_INVALID", message("assets.noSignalBelongsShell", { shellId }));
    const id = timeSeriesOf(shellId);
    const columns = columnsOf(signals, signalsOfSubmodel(source.submodel(id)));
    const put = await source.putSubmodel(
      timeSeriesSubmodel(
        shell,
        columns,
        await firstOf(view.history, columns),
        exportEndpoint(this.#kept.world),
        besideIn(source.submodel(id)),
      ),
    );
    // The reference comes second: when it is missing after a crash, asking again writes it.
    if (!(shell.submodels ?? []).some((reference) => reference.keys.at(-1)?.value === id))
      await source.changeShell(shellId, () => {
        const now = source.shell(shellId) ?? shell;
        return { ...now, submodels: [...(now.submodels ?? []), { type: "ModelReference", keys: [{ type: "Submodel", value: id }] }] };
      });
    return { put, made: { submodel: id, columns: columns.map(({ idShort, signal }) => ({ idShort, signal: signal.id })) } };
  }

  #source(view: PlantView, branch: BranchId): AasSource {
    const { ids, blobs } = this.#kept;
    return aasSourceOfWorld({ view: view.documents, branch, ids, blobs, lookups: this.#lookups, ...nothing });
  }
}

/** The shells of signals that were chosen, each with all its signals. Errors: DW_NOT_FOUND, DW_INVALID for a signal without a shell. */
function packedSeries(view: PlantView, source: AasSource, chosen: readonly string[]): readonly PackedSeries[] {
  const signals = view.signals();
  const byId = new Map(signals.map((signal) => [signal.id, signal]));
  const byShell = Map.groupBy(chosen, (id) => {
    const signal = byId.get(id);
    if (signal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noSignalId", { id: id.slice(0, 100) }));
    if (signal.shell !== undefined && source.shell(signal.shell) !== undefined) return signal.shell;
    throw new DoppelwerkError("DW_INVALID", message("assets.signalBelongsNoShell", { name: signal.name }));
  });
  return [...byShell].map(([id, own]) => ({
    shell: source.shell(id)!,
    signals: signals.filter((signal) => signal.shell === id),
    chosen: new Set(own),
  }));
}
