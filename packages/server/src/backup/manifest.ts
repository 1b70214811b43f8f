import { createHash } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { verifyEd25519 } from "@doppelwerk/storage/tile-log";
import { keyText, parseKeyText } from "@doppelwerk/trust/log";
import { canonicalJson, DoppelwerkError, type Json } from "@doppelwerk/world";
import { z } from "zod";
import type { LogKey } from "../transparency/folder.ts";

/** A stretch of a file, as an entry of an archive. */
export interface Piece {
  /** File name of the archive; those of earlier backups lie in the same folder. */
  readonly archive: string;
  readonly entry: string;
  readonly length: number;
  readonly sha256: string;
}

export interface BackedUpFile {
  /** In the data folder, with `/`. */
  readonly path: string;
  readonly mode: number;
  /** In order; together they are the file. */
  readonly pieces: readonly Piece[];
}

export interface BackedUpWorld {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly hash?: string | undefined;
  readonly epoch: number;
}

/** What a backup holds. Its signature is by the key of the transparency log of the server. */
export interface Manifest {
  readonly product: "doppelwerk";
  readonly format: number;
  readonly id: string;
  /** Origin of the transparency log. */
  readonly server: string;
  readonly version: string;
  readonly dataFormat: number;
  /** Everything that was acknowledged before is in it: ISO 8601. */
  readonly instant: string;
  readonly worlds: readonly BackedUpWorld[];
  readonly files: readonly BackedUpFile[];
  /** Record caches, as they were or of an earlier revision: what is folded again without them. Each piece is a frame of zstd (RFC 8878). */
  readonly caches: readonly BackedUpFile[];
}

/** Format 1 had no caches. */
export const MANIFEST_FORMAT = 2;
const CACHE_PATH = /^(worlds\/[^/]+\/)?records\.sqlite(-wal)?$/;
/** The entry of an archive that says what is in it; the last one. */
export const MANIFEST_ENTRY = "MANIFEST.json";
const PURPOSE = "doppelwerk backup manifest\n";

const count = z.int().min(0);
const piece = z.strictObject({
  archive: z.string().regex(/^[\w.-]+$/),
  entry: z.string().max(2_000),
  length: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const world = z.strictObject({ id: z.string(), name: z.string(), revision: count, hash: z.string().optional(), epoch: count });
const file = z.strictObject({ path: z.string(), mode: count.max(0o777), pieces: z.array(piece).min(1) });
const shape = z.strictObject({
  product: z.literal("doppelwerk"),
  format: z.int().min(1).max(MANIFEST_FORMAT),
  id: z.string(),
  server: z.string(),
  version: z.string(),
  dataFormat: count,
  instant: z.iso.datetime(),
  worlds: z.array(world),
  files: z.array(file),
  caches: z.array(file).optional(),
});
const signedShape = z.strictObject({ manifest: z.looseObject({ format: z.int() }), key: z.string(), signature: z.string() });

/** Names of the archives that its parts lie in. */
export function archivesOf({ files, caches }: Pick<Manifest, "files" | "caches">): readonly string[] {
  return [...new Set([...files, ...caches].flatMap((each) => each.pieces.map(({ archive }) => archive)))].toSorted();
}

export function signManifest(manifest: Manifest, { key, sign }: Pick<LogKey, "key" | "sign">): Uint8Array {
  const signature = Buffer.from(sign(signedBytes(manifest))).toString("base64");
  return Buffer.from(`${JSON.stringify({ manifest, key: keyText(key), signature })}\n`);
}

export interface SignedManifest {
  readonly manifest: Manifest;
  /** Verifier key of the server that signed it. */
  readonly key: string;
  readonly sha256: string;
}

/** Errors: DW_FORMAT_NEWER; DW_DAMAGED, also for paths that leave the folder; DW_FORBIDDEN where another key signed it than the one expected. */
export function readManifest(bytes: Uint8Array, name: string, expectedKey?: string): SignedManifest {
  const damaged = (reason: string): DoppelwerkError =>
    new DoppelwerkError("DW_DAMAGED", message("server.backupManifestDamaged", { name, reason }));
  let signed: z.infer<typeof signedShape>;
  try {
    signed = signedShape.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (error) {
    throw damaged((error as Error).message.slice(0, 200));
  }
  if (signed.manifest.format > MANIFEST_FORMAT)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.backupNewer", { name, format: signed.manifest.format }));
  const { data: stated, error } = shape.safeParse(signed.manifest);
  if (stated === undefined) throw damaged(z.prettifyError(error).slice(0, 200));
  if (expectedKey !== undefined && expectedKey.trim() !== signed.key)
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.backupOtherKey", { name, key: signed.key }));
  const key = parseKeyText(signed.key);
  if (key === undefined || !verifyEd25519(key.publicKey, signedBytes(stated), Buffer.from(signed.signature, "base64")))
    throw damaged("its signature is not of its key");
  const manifest: Manifest = { ...stated, caches: stated.caches ?? [] };
  checkPaths([...manifest.files, ...manifest.caches], damaged);
  const other = manifest.caches.find(({ path }) => !CACHE_PATH.test(path));
  if (other !== undefined) throw damaged(`no record cache: ${JSON.stringify(other.path.slice(0, 200))}`);
  return { manifest, key: signed.key, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Each below the folder, once, and none the folder of another. */
function checkPaths(files: Manifest["files"], damaged: (reason: string) => DoppelwerkError): void {
  const folders = new Set<string>();
  const paths = new Set<string>();
  for (const { path } of files) {
    const parts = path.split("/");
    const isPlain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0:]/.test(part));
    if (!isPlain || paths.has(path)) throw damaged(`a path that cannot be one: ${JSON.stringify(path.slice(0, 200))}`);
    paths.add(path);
    for (let at = 1; at < parts.length; at++) folders.add(parts.slice(0, at).join("/"));
  }
  for (const path of paths) if (folders.has(path)) throw damaged(`a path that is a file and a folder: ${JSON.stringify(path)}`);
}

function signedBytes(manifest: object): Uint8Array {
  return Buffer.from(PURPOSE + canonicalJson(manifest as unknown as Json));
}
