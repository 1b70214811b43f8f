import { DoppelwerkError, message, textsOf } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { importChanges, type BranchId, type Change, type ShellRecord } from "@doppelwerk/world";
import type { ProductFootprint } from "../contract.ts";
import type { footprint } from "../feature.ts";
import type {} from "../message-codes.ts";
import { pcfSubmodel } from "../model/pcf-submodel.ts";
import { footprintsOf, type FootprintQuestion } from "./footprints.ts";

interface Wanted extends FootprintQuestion {
  readonly product: string;
  readonly shell: string;
  readonly reason?: string | undefined;
}

/**
 * Writes the footprint of a product into the AAS of its shell, in place of the one that was written before. Throws DW_NOT_FOUND where the shell or anything of
 * the product is not there, DW_CONFLICT where a part of the footprint is not known: it would be stated as less than it is.
 */
export async function writeFootprint(
  ctx: FeatureContext<typeof footprint>,
  view: PlantView,
  branch: BranchId,
  { product, shell, from, to, line, reason }: Wanted,
): Promise<{ submodel: string; kg: number; quantity: number }> {
  const reader = view.documents.reader(branch);
  const record = reader.get(shell) as ShellRecord | undefined;
  if (record?.kind !== "shell") throw new DoppelwerkError("DW_NOT_FOUND", message("footprint.noShell", { shell: shell.slice(0, 200) }));
  const found = await footprintsOf(ctx, view, branch, { from, to, line });
  const own = found.rows.find((row) => row.kind === "product" && row.product === product);
  if (own === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("footprint.noProduct", { product: product.slice(0, 100) }));
  const { good = 0 } = own;
  if (own.unknown.length > 0 || good === 0)
    throw new DoppelwerkError("DW_CONFLICT", message("footprint.notKnown", { product, parts: own.unknown.join(", ") || "-" }));
  const span = `${isoOf(from)} – ${isoOf(to)}`;
  const id = `${record.aasId}/submodels/CarbonFootprint`;
  const submodel = pcfSubmodel({
    id,
    kg: own.kg,
    quantity: good,
    publishedAt: isoOf(ctx.now()),
    explanation: textsOf(message(found.isSimulated ? "footprint.explanationSimulated" : "footprint.explanation", { product, span })),
    information: informationOf(own, span),
  });
  const { changes, conflicts } = importChanges(
    reader,
    { assetAdministrationShells: [], submodels: [submodel], conceptDescriptions: [] } as never,
    // of its own, so that another product keeps its footprint
    `footprint:${id}`,
  );
  if (conflicts.length > 0) throw new DoppelwerkError("DW_CONFLICT", message("footprint.edited"));
  const all: Change[] = [...changes];
  if (!record.submodels.includes(id))
    all.push({ op: "update", id: record.id, fields: { submodels: { from: [...record.submodels], to: [...record.submodels, id] } } });
  if (all.length > 0) await view.documents.apply({ branch, reason: reason || message("footprint.written", { product }), changes: all });
  return { submodel: id, kg: own.kg, quantity: good };
}

const isoOf = (at: number): string => new Date(at / 1_000).toISOString().replace(/\.\d+Z$/, "Z");

function informationOf({ parts, good = 0 }: ProductFootprint, span: string): readonly string[] {
  return [
    `period ${span}, ${good} good pieces`,
    ...parts.flatMap(({ of, amount, unit, kg, sources }) => [
      `${of}: ${amount.toFixed(3)} ${unit}, ${kg.toFixed(6)} kg CO2e`,
      ...sources.map((source) => `${of} factor: ${source}`),
    ]),
  ].slice(0, 99);
}
