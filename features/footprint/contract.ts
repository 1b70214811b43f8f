import { endpoint, fault, instant, message, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import type {} from "./message-codes.ts";
import { FactorFields, GridFields } from "./model/carbon-kinds.ts";

const MAX_SPAN = 31 * 86_400 * 1_000_000;
const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", branch: "query.branch" } as const;
const reason = z.string().trim().max(500).optional();

/** One part of a footprint. `kg`: of what is known. */
const Part = z.object({
  /** A medium. */
  of: z.string(),
  unit: z.string(),
  amount: z.number(),
  kg: z.number(),
  /** Of the amount: how much has no factor. */
  unknownAmount: z.number(),
  sources: z.array(z.string()),
});

/** Partial, gate to gate: of production alone, without material, transport, use and end of life. */
const ProductFootprint = z.object({
  kind: z.enum(["order", "product"]),
  id: z.string(),
  product: z.string(),
  /** Absent: not counted. */
  good: z.number().optional(),
  /** kg CO2e of what is known. */
  kg: z.number(),
  /** Of a good piece; absent where anything is not known. */
  each: z.number().optional(),
  /** Parts of which something is not known: `kg` is a lower bound. */
  unknown: z.array(z.string()),
  parts: z.array(Part),
});
export type ProductFootprint = z.output<typeof ProductFootprint>;

export const Footprints = z.object({
  from: z.int(),
  to: z.int(),
  isPartial: z.literal(true),
  isSimulated: z.boolean(),
  /** Of the grid that the plant draws from; absent: none is named. */
  zone: z.string().optional(),
  /** Of the electricity that was used: the share in hours without a known intensity. */
  unknownShare: z.number(),
  /** All that was used, whatever for. */
  total: z.object({ kg: z.number(), unknown: z.array(z.string()), parts: z.array(Part) }),
  /** Hours with electricity: `g` for a kWh, absent where it is not known. */
  hours: z.array(z.object({ at: z.int(), kWh: z.number(), g: z.number().optional() })),
  rows: z.array(ProductFootprint),
  findings: z.array(messageShape),
});
export type Footprints = z.output<typeof Footprints>;

const span = z.object({ from: instant, to: instant, /** Absent: the whole plant. */ line: z.string().max(200).optional() });
const isSpan = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from < to && to - from <= MAX_SPAN;

export const ofProducts = endpoint({
  id: "footprint.ofProducts",
  route: "GET /carbon-footprints",
  summary: "Partial carbon footprint of orders and products, gate to gate: electricity by the hour, other media by their factors",
  action: "read",
  branch: "query.branch",
  query: branch.extend(span.shape).refine(isSpan, fault(message("footprint.fault.period"))),
  answer: Footprints,
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_UNAVAILABLE"],
});

export const KnownGrid = z.object({ fields: GridFields.optional(), /** Days of its zone with an intensity. */ days: z.int() });
export type KnownGrid = z.output<typeof KnownGrid>;

export const grid = endpoint({
  id: "footprint.grid",
  route: "GET /carbon-grid",
  summary: "The grid that the plant draws from",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: KnownGrid,
});

export const storeGrid = endpoint({
  id: "footprint.storeGrid",
  route: "PUT /carbon-grid",
  summary: "Name the grid that the plant draws from, and a signal of its carbon intensity",
  ...edit,
  query: branch,
  body: z.object({ fields: GridFields, reason }),
  answer: KnownGrid,
  errors: ["DW_INVALID", "DW_NOT_FOUND"],
});

export const KnownFactor = z.object({ name: z.string(), fields: FactorFields });
export type KnownFactor = z.output<typeof KnownFactor>;

export const factors = endpoint({
  id: "footprint.factors",
  route: "GET /carbon-factors",
  summary: "Emission factors of a branch, with source and validity",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownFactor),
});

export const storeFactor = endpoint({
  id: "footprint.storeFactor",
  route: "PUT /carbon-factors/:name",
  summary: "Store an emission factor: a new one, or in place of the one of this name",
  ...edit,
  query: branch,
  /** With `expected` it is refused when another one is stored by then; `null`: there must be none. */
  body: z.object({ fields: FactorFields, expected: FactorFields.nullable().optional(), reason }),
  answer: KnownFactor,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_INVALID"],
});

export const removeFactor = endpoint({
  id: "footprint.removeFactor",
  route: "DELETE /carbon-factors/:name",
  summary: "Remove an emission factor",
  ...edit,
  query: branch.extend({ reason }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const writeSubmodel = endpoint({
  id: "footprint.writeSubmodel",
  route: "POST /carbon-footprints/submodel",
  summary: "Write the partial footprint of a product into an AAS, as the submodel Carbon Footprint of IDTA 02023-1-0",
  ...edit,
  subject: "body.shell",
  query: branch,
  body: span
    .extend({ product: z.string().min(1).max(100), /** Id of the record of the shell. */ shell: z.string().min(1).max(2_000), reason })
    .refine(isSpan, fault(message("footprint.fault.period"))),
  answer: z.object({ submodel: z.string(), kg: z.number(), quantity: z.number() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_INVALID", "DW_UNAVAILABLE"],
});
