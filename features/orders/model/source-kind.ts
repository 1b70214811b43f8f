import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { FieldMap } from "./field-map.ts";

const name = z.string().trim().min(1).max(60);
/** Of an http or https address without a password in it: secrets have a place of their own. */
const address = z
  .string()
  .max(2_000)
  .refine((text) => isWebAddress(text), fault(message("orders.fault.address")));

function isWebAddress(text: string): boolean {
  const found = /^https?:\/\/([^/?#\s]+)([/?][^\s#]*)?$/.exec(text);
  return found !== null && !found[1]!.includes("@");
}

const shared = {
  name,
  isOn: z.boolean().default(true),
  /** Where a source has each field, where it is not the usual name. */
  fields: FieldMap.default({}),
};

/** Polls a list that is read with `?after=SEQ&limit=N`, whose entries have a growing `seq`. */
export const RestSource = z.object({
  ...shared,
  kind: z.literal("rest"),
  /** Absent: it has master data alone. */
  url: address.optional(),
  intervalS: z.number().min(1).max(3_600).default(5),
  /** Entries of one answer. */
  limit: z.int().min(1).max(5_000).default(500),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  /** Addresses inside the own network, such as that of the demonstration. */
  allowPrivate: z.boolean().default(false),
  /** Receives what the line made of each order: `{id, order, good, scrap, time}`. Absent: nothing is written back. */
  confirmations: address.optional(),
  /** Receives what the line needs of a material: `{id, material, quantity, line, by}`. Absent: calls are shown here alone. */
  calls: address.optional(),
  /** Lists of master data: products, their bills of material (`{product}` in it), cost rates, materials with stock and their lots (`{material}`). */
  masterData: z
    .object({
      products: address.optional(),
      bills: address.optional(),
      rates: address.optional(),
      materials: address.optional(),
      lots: address.optional(),
    })
    .default({}),
});
export type RestSource = z.output<typeof RestSource>;

/** Files that somebody leaves in a folder: CSV, XML (B2MML 7) or JSON. They are moved to `done` or, with the reason beside them, to `bad`. */
export const FolderSource = z.object({
  ...shared,
  kind: z.literal("folder"),
  /** In one of the folders that the server may read files from. */
  path: z.string().min(1).max(1_000),
  intervalS: z.number().min(0.2).max(3_600).default(2),
  /** Taken files stay where they are, and are remembered by name, size and time: for a folder that this server may not write. */
  leaveFiles: z.boolean().default(false),
  /** Files whose names begin so; empty: all. */
  prefix: z.string().max(100).default(""),
});
export type FolderSource = z.output<typeof FolderSource>;

/** A query of a PostgreSQL database; `$1` in it is the greatest position of the rows that were taken. */
export const SqlSource = z.object({
  ...shared,
  kind: z.literal("sql"),
  /** `postgres://host:port/database`. */
  url: z
    .string()
    .max(500)
    .refine((text) => /^postgres(ql)?:\/\/[^@/\s]+\/[^/\s?#]+$/.test(text), fault(message("orders.fault.database"))),
  user: z.string().min(1).max(100),
  query: z
    .string()
    .min(1)
    .max(20_000)
    .refine((text) => /^\s*(?:select|with)\b/i.test(text) && /\$1\b/.test(text), fault(message("orders.fault.query"))),
  /** A growing whole number of each row. */
  position: z.string().min(1).max(100).default("seq"),
  intervalS: z.number().min(1).max(3_600).default(10),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  limit: z.int().min(1).max(5_000).default(500),
  allowPrivate: z.boolean().default(false),
  tls: z.boolean().default(true),
  /** PEM of the authority to trust. */
  ca: z.string().max(100_000).optional(),
});
export type SqlSource = z.output<typeof SqlSource>;

export const SourceFields = z.discriminatedUnion("kind", [RestSource, FolderSource, SqlSource]);
export type SourceFields = z.output<typeof SourceFields>;

/** A record has a `kind` of its own: the kind of source stands in a field beside. */
const Stored = z.object({ title: name, source: SourceFields });

/** Where orders come from. Its position and its secret are not in it. */
export const orderSource = {
  id: "orders.source",
  record: "orderSource",
  version: 1,
  schema: Stored,
  upcast: {},
} satisfies KindDeclaration;
