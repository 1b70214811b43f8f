import { endpoint, z } from "@doppelwerk/kit";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";

const index = z.coerce.number().int().min(0);

export const readTransparency = endpoint({
  id: "transparency.log",
  route: "GET /transparency",
  summary: "The transparency log of the server: its name, the key that verifies its checkpoints, and how many entries it has",
  action: "administer",
  answer: z.object({
    origin: z.string(),
    /** Verifier key (C2SP signed-note). */
    key: z.string(),
    size: z.int(),
    /** Entries of the checkpoint. */
    signed: z.int(),
    /** Root of the tree of these entries, base 64. */
    root: z.string(),
  }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const readCheckpoint = endpoint({
  id: "transparency.checkpoint",
  route: "GET /transparency/checkpoint",
  summary: "The signed checkpoint of all entries of the transparency log (C2SP tlog-checkpoint)",
  action: "administer",
  answer: { octets: "text/plain; charset=utf-8" },
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

const tileSummary = "A tile of hashes, or with the level `entries` a bundle of entries, of the transparency log (C2SP tlog-tiles)";
const tile = {
  action: "administer",
  summary: tileSummary,
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
} as const;

// the number of a tile is up to three groups of digits, and a partial one has its width after them
export const readTile = endpoint({ ...tile, id: "transparency.tile", route: "GET /transparency/tile/:level/:tile1" });
export const readTile2 = endpoint({ ...tile, id: "transparency.tileOfTwo", route: "GET /transparency/tile/:level/:tile1/:tile2" });
export const readTile3 = endpoint({ ...tile, id: "transparency.tileOfThree", route: "GET /transparency/tile/:level/:tile1/:tile2/:tile3" });
export const readTile4 = endpoint({
  ...tile,
  id: "transparency.tileOfFour",
  route: "GET /transparency/tile/:level/:tile1/:tile2/:tile3/:tile4",
});

export const shownEntry = z.object({
  index: z.int(),
  /** Microseconds since 1970. */
  time: z.int(),
  what: z.string(),
  world: z.string().optional(),
  operation: z.string().optional(),
  status: z.int().optional(),
  revision: z.int().optional(),
  did: z.string().optional(),
  kinds: z.array(z.string()).readonly().optional(),
  kind: z.string().optional(),
  state: z.string().optional(),
  journal: z.string().optional(),
  record: z.string().optional(),
  job: z.string().optional(),
  file: z.string().optional(),
  count: z.int().optional(),
  /** Of what needed attention. */
  code: z.string().optional(),
  /** The backup that was restored. */
  backup: z.string().optional(),
  instant: z.string().optional(),
  machine: z.string().optional(),
  credential: z.string().optional(),
  issuer: z.string().optional(),
  terminal: z.string().optional(),
  /** Id and name of who did it; absent where it was the server, or where that was erased. */
  who: z.object({ id: z.string(), name: z.string() }).optional(),
  whom: z.object({ id: z.string(), name: z.string() }).optional(),
  /** Somebody who could write the data folder did it, while no server ran. */
  isCommandLine: z.boolean().optional(),
  /** Its person was erased: nothing tells any more who it was. */
  erased: z.boolean(),
  /** The entry as it is hashed, base 64. */
  bytes: z.string(),
});

export const listEntries = endpoint({
  id: "transparency.entries",
  route: "GET /transparency/entries",
  people: { as: "administration" },
  summary: "Entries of the transparency log, the newest first, with who and what as far as this server can still tell",
  action: "administer",
  query: z.object({ before: index.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  answer: z.object({ size: z.int(), entries: z.array(shownEntry).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const proveEntry = endpoint({
  id: "transparency.proof",
  route: "GET /transparency/entries/:entry/proof",
  summary: "That an entry is in the log, to be verified without the server (C2SP tlog-proof)",
  action: "administer",
  answer: { octets: "text/plain; charset=utf-8" },
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_UNAVAILABLE"],
});

export const exportEvidence = endpoint({
  id: "transparency.evidence",
  route: "GET /transparency/evidence",
  summary: "Entries with their proofs, a checkpoint and its key in one file, which `doppelwerk verify` checks without the server",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  query: z.object({ from: index, to: index.optional() }),
  answer: { octets: "application/json" },
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_UNAVAILABLE"],
});

export const transparencyContract = [
  readTransparency,
  readCheckpoint,
  readTile,
  readTile2,
  readTile3,
  readTile4,
  listEntries,
  proveEntry,
  exportEvidence,
] as const;
