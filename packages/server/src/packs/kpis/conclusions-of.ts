import { signalOfOutput, type PackFoldDeclaration } from "@doppelwerk/kit/pack";
import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import type { KpiQuestion } from "@doppelwerk/ports";
import { DoppelwerkError, heldSamples, LIVE, type Instant } from "@doppelwerk/world";
import { MAX_INSTANCES } from "../folds/pack-folds.ts";

/** A conclusion of a fold for one of its documents. */
export interface OutputOfFold {
  readonly at: Instant;
  /** NaN where it is text. */
  readonly value: number;
  readonly text: string;
}

/** Of one output in one question. */
const MAX_CONCLUSIONS = 50_000;

/** What a fold concluded in [from, to) of the documents and signals that somebody may read, in order of time; undefined where there is no such signal. Errors: DW_INVALID where it is more than is read at once. */
export async function conclusionsOf(
  view: PlantView,
  { id, kind, shell }: PackFoldDeclaration,
  output: string,
  { from, to, shells }: KpiQuestion,
): Promise<readonly OutputOfFold[] | undefined> {
  const documents = view.documents.reader(LIVE).query({ kind, limit: MAX_INSTANCES });
  const within = documents.filter((document) => shells === undefined || (shell !== undefined && shells.has(String(document[shell]))));
  const signals = within.map((document) => signalOfOutput(id, document.id, output)).filter((signal) => view.mayReadSignal(signal));
  if (signals.length === 0) return undefined;
  const found: OutputOfFold[] = [];
  for (const signal of signals) {
    const columns = await view.history.raw({ branch: LIVE, signal }, from, to, MAX_CONCLUSIONS + 1 - found.length);
    for (const { time, value, text } of heldSamples(columns)) found.push({ at: time, value, text });
    if (found.length > MAX_CONCLUSIONS) throw new DoppelwerkError("DW_INVALID", message("packs.kpiTooMuch"));
  }
  return found.toSorted((a, b) => a.at - b.at);
}
