import type { PackView } from "@doppelwerk/kit/server";
import type { SignalRecord, WorldRecord } from "@doppelwerk/kit";
import type { AssignmentDocument, LotDocument, MachineDocument, RangeDocument, RecipeDocument, TankDocument } from "../model/documents.ts";

export interface DyeHouseDocuments {
  readonly machines: readonly MachineDocument[];
  readonly ranges: readonly RangeDocument[];
  readonly tanks: readonly TankDocument[];
  readonly recipes: readonly RecipeDocument[];
  readonly lots: readonly LotDocument[];
  readonly assignments: readonly AssignmentDocument[];
}

const PAGE = 1_000;

/** All records of a kind that a view may read. */
export async function recordsOf<Found extends WorldRecord>(
  view: PackView,
  kind: string,
  branch: string,
  index?: { readonly name: string; readonly value: string },
): Promise<readonly Found[]> {
  const found: WorldRecord[] = [];
  for (let after: string | undefined; ; after = found.at(-1)!.id) {
    const page = await view.query({ kind, limit: PAGE, ...(index && { index }), ...(after !== undefined && { after }) }, branch);
    found.push(...page);
    if (page.length < PAGE) return found as readonly WorldRecord[] as readonly Found[];
  }
}

export async function documentsOf(view: PackView, branch: string): Promise<DyeHouseDocuments> {
  const of = async <Found>(kind: string) => (await recordsOf(view, `dyeHouse.${kind}`, branch)) as unknown as readonly Found[];
  const [machines, ranges, tanks, recipes, lots, assignments] = await Promise.all([
    of<MachineDocument>("machine"),
    of<RangeDocument>("range"),
    of<TankDocument>("tank"),
    of<RecipeDocument>("recipe"),
    of<LotDocument>("lot"),
    of<AssignmentDocument>("assignment"),
  ]);
  return { machines, ranges, tanks, recipes, lots, assignments };
}

/** The folds of the pack and what they conclude, as package.json declares them. */
const FOLD_OF = {
  phase: "dyeHouse.batches",
  batch: "dyeHouse.batches",
  deviation: "dyeHouse.batches",
  pass: "dyeHouse.passes",
} as const;

/** The signal that keeps what was concluded of a document; undefined: there is none yet, or it may not be read. */
export async function outputSignal(
  view: PackView,
  signals: readonly SignalRecord[],
  document: { readonly id: string },
  output: keyof typeof FOLD_OF,
): Promise<string | undefined> {
  const id = await view.outputSignal(FOLD_OF[output], document.id, output);
  return signals.some((signal) => signal.id === id) ? id : undefined;
}
