import { endpoint, z } from "@doppelwerk/kit";

// Of the server, not of one world: each answers at the short address only.

const signature = z.discriminatedUnion("state", [
  z.object({ state: z.literal("unsigned") }),
  z.object({ state: z.literal("untrusted"), key: z.string() }),
  z.object({ state: z.literal("trusted"), key: z.string(), name: z.string() }),
]);
const trustedKey = z.object({ fingerprint: z.string(), name: z.string(), added: z.string() });

export const listKeys = endpoint({
  id: "kernel.packKeys",
  route: "GET /pack-keys",
  summary: "Keys whose packs are trusted on this server",
  action: "administer",
  answer: z.object({ keys: z.array(trustedKey) }),
});

export const addKey = endpoint({
  id: "kernel.trustPackKey",
  route: "POST /pack-keys",
  summary: "Trust a key: a fingerprint SHA256:… or a PEM of the public key",
  action: "administer",
  body: z.object({ key: z.string().min(1).max(5_000), name: z.string().max(200) }),
  answer: trustedKey,
  status: 201,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_DAMAGED"],
});

export const removeKey = endpoint({
  id: "kernel.distrustPackKey",
  route: "DELETE /pack-keys/:key",
  summary: "Trust a key no more, by fingerprint or name",
  action: "administer",
  answer: trustedKey,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_DAMAGED"],
});

export const uploadPack = endpoint({
  id: "kernel.uploadPack",
  route: "POST /pack-uploads",
  summary: "Look into an archive of npm pack (.tgz, at most 16 MB) before it is added: what it brings, asks for and who signed it",
  action: "administer",
  body: { octets: "application/octet-stream" },
  answer: z.object({
    /** Names it for ten minutes. */
    id: z.string(),
    name: z.string(),
    version: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    features: z.array(z.string()),
    views: z.int(),
    files: z.int(),
    signature,
    /** The version that it takes the place of. */
    replaces: z.string().optional(),
    /** That version is newer. */
    replacesNewer: z.boolean(),
  }),
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_DAMAGED"],
});

export const addUpload = endpoint({
  id: "kernel.addUploadedPack",
  route: "POST /pack-uploads/:id/add",
  summary: "Add the pack of an upload to the server: what was shown is agreed to",
  action: "administer",
  answer: z.object({ name: z.string(), version: z.string() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_DAMAGED"],
});
