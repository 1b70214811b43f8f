import { readFileSync, realpathSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { sourcesOf } from "@doppelwerk/kit/pack";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { PACK_FILES_ROUTE } from "../http/content-policy.ts";
import { errorBody } from "../http/errors.ts";
import { compileView } from "./compile-view.ts";
import { hashOf } from "./integrity.ts";
import { checkName, MAX_FILE_BYTES } from "./pack-files.ts";
import { editionOf, type PackStudio } from "./pack-studio.ts";

/** What a browser may fetch of a pack. Others are no part of the studio. */
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".glb": "model/gltf-binary",
  ".wasm": "application/wasm",
};
const FOR_GOOD = "public, max-age=31536000, immutable";

/** Files of packs under `/packs/NAME/VERSION~EDITION/PATH`: of an added pack those that its list names, of an author's folder what stands in it now. */
export function servePackFiles(app: FastifyInstance, packs: () => readonly PackStudio[], policy: string): void {
  app.get(PACK_FILES_ROUTE, async (request, reply) => {
    const address = (request.params as { readonly "*": string })["*"];
    const found = packOf(packs(), address);
    const content = found && (await contentOf(found.studio, found.path));
    if (found === undefined || content === undefined)
      return reply
        .status(404)
        .send(errorBody("DW_NOT_FOUND", message("server.nothingAnswers", { method: request.method, url: request.url.slice(0, 200) })));
    // a worker has the policy that its script came with
    if (/\.m?js$/.test(found.path)) reply.header("content-security-policy", policy);
    return reply
      .header("cache-control", found.studio.hashes === undefined ? "no-store" : FOR_GOOD)
      .type(TYPES[extname(found.path)]!)
      .send(content);
  });
}

/** The pack that an address is of, and the path in it; undefined for another version or edition than the one that is loaded. */
function packOf(packs: readonly PackStudio[], address: string): { readonly studio: PackStudio; readonly path: string } | undefined {
  for (const studio of packs) {
    if (!address.startsWith(`${studio.name}/`)) continue;
    const [edition = "", ...path] = address.slice(studio.name.length + 1).split("/");
    const isIt =
      studio.hashes === undefined ? edition.startsWith(`${studio.version}~`) : edition === `${studio.version}~${editionOf(studio)}`;
    if (isIt) return { studio, path: path.join("/") };
  }
  return undefined;
}

/** Undefined where the pack has no such file for a browser. Errors: DW_DAMAGED where it is not the one that was added, DW_INVALID where it does not compile. */
async function contentOf({ name, folder, hashes }: PackStudio, path: string): Promise<string | Buffer | undefined> {
  if (!Object.hasOwn(TYPES, extname(path))) return undefined;
  if (hashes === undefined) return authorsFile(folder, path);
  if (!Object.hasOwn(hashes, path)) return undefined;
  const content = readFileSync(join(folder, path));
  if (hashOf(content) !== hashes[path])
    throw new DoppelwerkError("DW_DAMAGED", message("packs.tampered", { name, reason: message("packs.fileChanged", { name: path }) }));
  return content;
}

async function authorsFile(folder: string, path: string): Promise<string | Buffer | undefined> {
  for (const source of sourcesOf(path)) {
    const file = fileIn(folder, source);
    if (file !== undefined) return compileView(source, readFileSync(file, "utf8"));
  }
  const file = fileIn(folder, path);
  return file === undefined ? undefined : readFileSync(file);
}

/** A plain file in the folder, reached through no link; not what npm and git keep there. */
function fileIn(folder: string, path: string): string | undefined {
  const parts = path.split("/");
  if (parts.includes("node_modules") || parts.some((part) => part.startsWith("."))) return undefined;
  try {
    checkName(path);
    const root = realpathSync(folder);
    const file = realpathSync(join(root, path));
    const stats = statSync(file);
    return file === [root, ...parts].join(sep) && stats.isFile() && stats.size <= MAX_FILE_BYTES ? file : undefined;
  } catch {
    return undefined;
  }
}
