import { hashedId, z, type KindDeclaration, type RecordId } from "@doppelwerk/kit";

const instant = z.int().min(0).max(8_000_000_000_000_000);
const name = z.string().trim().min(1).max(100);
const amount = z.number().min(0).max(1_000_000_000);

export const BillLine = z.object({
  material: name,
  perPiece: amount,
  unit: z.string().max(20).optional(),
  station: z.string().max(100).optional(),
});
export type BillLine = z.output<typeof BillLine>;

/** A material definition of ISA-95: what is made, or what is used. */
export const MaterialFields = z.object({
  material: name,
  title: z.string().max(300),
  use: z.enum(["product", "material"]),
  unit: z.string().trim().min(1).max(20).default("PCE"),
  /** Work centre that makes it. */
  line: name.optional(),
  /** What one piece of a product is made of. */
  bill: z.array(BillLine).max(500).readonly().default([]),
  /** Stock below which it is ordered. */
  minimum: amount.optional(),
  target: amount.optional(),
  /** Stock as its source has it, and when. */
  onHand: z.number().optional(),
  onHandAt: instant.optional(),
  /** Where it is used first. */
  station: z.string().max(100).optional(),
});
export type MaterialFields = z.output<typeof MaterialFields>;

export const materialDefinition = {
  id: "orders.material",
  record: "materialDefinition",
  version: 1,
  schema: MaterialFields,
  upcast: {},
} satisfies KindDeclaration;

/** A material lot of ISA-95: a quantity of one material at a place. */
export const LotFields = z.object({
  lot: name,
  material: name,
  quantity: z.number(),
  unit: z.string().max(20).default("PCE"),
  location: z.string().max(100).optional(),
  at: instant,
});
export type LotFields = z.output<typeof LotFields>;

export const materialLot = { id: "orders.lot", record: "materialLot", version: 1, schema: LotFields, upcast: {} } satisfies KindDeclaration;

/** What an hour of a work centre costs. */
export const WorkCentreRate = z.object({
  workCentre: name,
  machineHour: amount,
  labourHour: amount.optional(),
  /** People at it while it works. */
  operators: amount.optional(),
});
export type WorkCentreRate = z.output<typeof WorkCentreRate>;

/** Rates that hold from a day on; one document. */
export const RateFields = z.object({
  currency: z.string().trim().min(1).max(10),
  validFrom: z.string().max(10).optional(),
  workCentres: z.array(WorkCentreRate).max(500).readonly(),
  materials: z
    .array(z.object({ material: name, price: amount }))
    .max(5_000)
    .readonly(),
});
export type RateFields = z.output<typeof RateFields>;

export const costRates = { id: "orders.rates", record: "costRates", version: 1, schema: RateFields, upcast: {} } satisfies KindDeclaration;

export const materialDocumentId = (material: string): RecordId => hashedId("materialDefinition", "material", material);
export const lotDocumentId = (material: string, lot: string, location: string): RecordId =>
  hashedId("materialLot", material, `${lot}\n${location}`);
/** The rates that hold. */
export const RATES: RecordId = hashedId("costRates", "rates", "in force");
