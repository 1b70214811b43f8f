import type { PackDocuments, PackFoldDeclaration, PackFoldOutput } from "@doppelwerk/kit/pack";
import type { FeatureContext, FoldPlace, FoldTrialResult, PackConclusion, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import {
  codeOfOrigin,
  createFoldRun,
  DoppelwerkError,
  type AnyFold,
  type Concluded,
  type FoldState,
  type SampleBatch,
} from "@doppelwerk/world";
import type { ConcludeQuery } from "./conclude-query.ts";
import { loadPackFold } from "./load-pack-fold.ts";
import { instancesOf, placeOf } from "./pack-folds.ts";

const MAX_CONCLUDED = 10_000;

/** Folds over the record, as a principal may see it; nothing is stored. Errors: DW_INVALID, DW_NOT_FOUND, DW_UNAVAILABLE where an instance was stopped. */
export async function conclude(
  ctx: Pick<FeatureContext, "folds" | "signal">,
  {
    folds,
    documents,
  }: { readonly folds: readonly { readonly declared: PackFoldDeclaration; readonly url: string }[]; readonly documents: PackDocuments },
  view: PlantView,
  query: ConcludeQuery,
): Promise<readonly PackConclusion[]> {
  const found = folds.find(({ declared }) => declared.id === query.fold);
  if (found === undefined) throw new DoppelwerkError("DW_INVALID", message("packs.noFold", { id: query.fold }));
  const { declared, url } = found;
  const { branch, subject, from, to, simulated } = query;
  const stored = subject === undefined ? undefined : view.documents.reader(branch).get(subject);
  const document = stored && documents.read(stored);
  if (subject !== undefined && document?.kind !== declared.kind)
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.no", { subject: subject.slice(0, 200) }));
  const places = document === undefined ? instancesOf(declared, documents, view, branch) : [placeOf(declared, document, view)];
  if (places.length === 0) return [];
  const past = await ctx.folds.try({ known: [], tried: places, from, to, signal: ctx.signal });
  refuseStopped(declared.id, past);
  const future =
    simulated === undefined || document === undefined
      ? []
      : await foldSimulated(await loadPackFold(url), places[0]!, past.states[0], declared, simulated);
  return [...past.concluded, ...future].slice(0, MAX_CONCLUDED).map(({ subject: of, output, origin }) => {
    const { type, value, from: since } = output as PackFoldOutput;
    return { subject: of, type, value, from: since, origin };
  });
}

function refuseStopped(fold: string, { faults }: Pick<FoldTrialResult, "faults">): void {
  const [fault] = faults;
  if (fault !== undefined)
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("packs.foldStopped", { fold, subject: fault.subject, reason: fault.reason ?? fault.fold }),
    );
}

/** The instance from where the record left it, over values that nobody measured: what follows is simulated. */
async function foldSimulated(
  fold: AnyFold,
  { fold: _id, inputs, ...place }: FoldPlace,
  from: FoldState | undefined,
  declared: PackFoldDeclaration,
  simulated: NonNullable<ConcludeQuery["simulated"]>,
): Promise<readonly Concluded[]> {
  // an input without a signal may still be simulated
  const signals = declared.inputs.map((name, at) => {
    const input = inputs[at]!;
    return "signal" in input ? input.signal : `simulated ${name}`;
  });
  const run = createFoldRun([{ fold, ...place, inputs: signals.map((signal) => ({ signal })), ...(from && { from }) }]);
  const known = simulated.filter(({ input }) => declared.inputs.includes(input));
  if (known.length === 0) return [];
  run.step(batchOf(known.map((each) => ({ ...each, signal: declared.inputs.indexOf(each.input) }))), signals);
  run.advance(known.reduce((last, { at }) => Math.max(last, at), 0));
  refuseStopped(declared.id, { faults: run.faults().map(({ error, ...fault }) => ({ ...fault, reason: (error as Error).message })) });
  return run.drain();
}

function batchOf(
  rows: readonly {
    readonly signal: number;
    readonly at: number;
    readonly value?: number | undefined;
    readonly text?: string | undefined;
  }[],
): SampleBatch {
  const times = Float64Array.from(rows, ({ at }) => at);
  return {
    origin: "simulated",
    origins: new Uint8Array(rows.length).fill(codeOfOrigin("simulated")),
    count: rows.length,
    signals: Uint32Array.from(rows, ({ signal }) => signal),
    values: Float64Array.from(rows, ({ value }) => value ?? Number.NaN),
    texts: new Map(rows.flatMap(({ text }, at) => (text === undefined ? [] : [[at, text] as const]))),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
}
