import { documentChange, z } from "@doppelwerk/kit";
import type { GuardedClient } from "@doppelwerk/connectors/http";
import type { Change, Instant, RecordReader } from "@doppelwerk/world";
import {
  BillLine,
  costRates,
  lotDocumentId,
  LotFields,
  materialDefinition,
  materialDocumentId,
  MaterialFields,
  materialLot,
  RateFields,
  RATES,
} from "../../model/resource-kinds.ts";
import type { RestSource } from "../../model/source-kind.ts";
import { askJson } from "./rest-adapter.ts";

const text = z.string().min(1).max(300);
const named = z.union([text, z.object({ en: text }).transform(({ en }) => en)]);
const Product = z.object({ product: text, name: named.optional(), line: text.optional(), unit: text.optional() });
const Material = z.object({
  material: text,
  name: named.optional(),
  unit: text.optional(),
  minimum: z.number().optional(),
  target: z.number().optional(),
  onHand: z.number().optional(),
  usedAt: text.optional(),
});
const Lot = z.object({ lot: text, location: text.optional(), quantity: z.number(), unit: text.optional() });
const MAX_ROWS = 5_000;

export interface MasterData {
  readonly materials: readonly MaterialFields[];
  readonly lots: readonly LotFields[];
  readonly rates: RateFields | undefined;
}

/** Products with their bills, materials with stock and lots, and cost rates, as far as a source has addresses for them. Rejects where one does not answer. */
export async function readMasterData(
  client: GuardedClient,
  { masterData }: RestSource,
  now: Instant,
  stop: AbortSignal,
): Promise<MasterData> {
  const { products, bills, rates, materials, lots } = masterData;
  const list = async <Schema extends z.ZodType>(address: string | undefined, row: Schema): Promise<z.output<Schema>[]> =>
    address === undefined
      ? []
      : z
          .array(row)
          .max(MAX_ROWS)
          .parse(await askJson(client, new URL(address), stop));
  const made: MaterialFields[] = [];
  for (const { product, name, line, unit } of await list(products, Product)) {
    const bill = bills === undefined ? [] : await list(bills.replaceAll("{product}", encodeURIComponent(product)), BillLine);
    made.push(MaterialFields.parse({ material: product, title: name ?? product, use: "product", unit, line, bill }));
  }
  const foundLots: LotFields[] = [];
  for (const { material, name, unit, minimum, target, onHand, usedAt } of await list(materials, Material)) {
    const stock = { ...(onHand !== undefined && { onHand, onHandAt: now }), minimum, target, station: usedAt };
    made.push(MaterialFields.parse({ material, title: name ?? material, use: "material", unit, ...stock }));
    const own = lots === undefined ? [] : await list(lots.replaceAll("{material}", encodeURIComponent(material)), Lot);
    foundLots.push(...own.map((lot) => LotFields.parse({ ...lot, material, at: now })));
  }
  return {
    materials: made,
    lots: foundLots,
    rates: rates === undefined ? undefined : RateFields.parse(await askJson(client, new URL(rates), stop)),
  };
}

/** What of it is other than the documents say. A stock that is the same has the time of when it became so. */
export function changesOfMasterData(reader: RecordReader, { materials, lots, rates }: MasterData): Change[] {
  const changes: (Change | undefined)[] = [];
  for (const fields of materials) {
    const id = materialDocumentId(fields.material);
    const before = reader.get(id);
    const same = before !== undefined && before["onHand"] === fields.onHand && before["onHandAt"] !== undefined;
    changes.push(documentChange(materialDefinition, id, before, same ? { ...fields, onHandAt: before["onHandAt"] as Instant } : fields));
  }
  const present = new Set<string>();
  for (const fields of lots) {
    const id = lotDocumentId(fields.material, fields.lot, fields.location ?? "");
    if (present.has(id)) continue;
    present.add(id);
    const before = reader.get(id);
    const same = before !== undefined && before["quantity"] === fields.quantity;
    changes.push(documentChange(materialLot, id, before, same ? { ...fields, at: before["at"] as Instant } : fields));
  }
  // a lot of a material that was listed and is not any more is used up
  const listed = new Set(lots.map(({ material }) => material));
  if (lots.length > 0)
    for (const record of reader.query({ kind: materialLot.record }))
      if (listed.has(String(record["material"])) && !present.has(record.id)) changes.push({ op: "delete", record });
  if (rates !== undefined) changes.push(documentChange(costRates, RATES, reader.get(RATES), rates));
  return changes.filter((change) => change !== undefined);
}
