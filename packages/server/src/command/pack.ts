import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { visibleText } from "@doppelwerk/kit/command";
import type { PackPermission } from "@doppelwerk/kit/pack";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { INTEGRITY_FILE, signFiles, signerOf } from "../packs/integrity.ts";
import { buildPack } from "../packs/build-pack.ts";
import { newPack } from "../packs/new-pack.ts";
import { readPackFolder } from "../packs/pack-files.ts";
import { manifestOf, readPack, type GivenPack } from "../packs/pack-source.ts";
import { packedFiles } from "../packs/packed-files.ts";
import { listTrustedKeys, signatureOf, type PackSignature } from "../packs/trusted-keys.ts";
import { isOlderVersion } from "../packs/version-order.ts";
import { addPack, listPacks, readInstalled, removePack, type InstalledPack } from "../packs/pack-store.ts";

interface PackOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** Writes a pack that works into a folder of the current one. */
export function create(name: string, options: { readonly json?: boolean }): void {
  const folder = newPack(name, process.cwd());
  print(options, { made: folder }, textOf(message("packs.newMade", { path: folder })));
}

/** Shows what the pack asks for and adds it once that is agreed to. Errors: as `readPack` and `addPack`; DW_CANCELLED where nobody agreed. */
export async function add(path: string, options: PackOptions & { readonly yes?: boolean }): Promise<void> {
  const given = readPack(path);
  const lines = [describe(given, signatureOf(given.signedBy, listTrustedKeys(options.data))), ...replacedText(options.data, given)];
  process.stderr.write(visibleText(`${lines.join("\n")}\n`));
  if (!(options.yes ?? false) && !(await agreed()))
    throw new DoppelwerkError("DW_CANCELLED", message("packs.notAgreed", { name: given.manifest.name }));
  const added = await addPack(options.data, given, new Date());
  print(options, { added: shown(added) }, textOf(message("packs.added", { name: added.name, version: added.version })));
}

/** Exit 1 when a pack is not as it was added. */
export async function list(options: PackOptions): Promise<void> {
  const keys = listTrustedKeys(options.data);
  const packs = listPacks(options.data).map((pack) => ({
    ...shown(pack),
    signature: signatureOf(pack.signedBy, keys),
    ...stateOf(options.data, pack),
  }));
  const lines = packs.map(
    ({ name, version, permissions, signature, damage }) =>
      `${name} ${version}: ${permissionsText(permissions)}; ${signatureText(signature)}${damage === undefined ? "" : `; ${damage}`}`,
  );
  print(options, { packs }, lines.length === 0 ? textOf(message("packs.none")) : lines.join("\n"));
  if (packs.some(({ damage }) => damage !== undefined)) process.exitCode = 1;
}

export async function remove(name: string, options: PackOptions): Promise<void> {
  const removed = await removePack(options.data, name);
  print(options, { removed: shown(removed) }, textOf(message("packs.removed", { name, version: removed.version })));
}

/** Errors: as `buildPack`. */
export async function build(folder: string, options: { readonly json?: boolean }): Promise<void> {
  const built = await buildPack(folder);
  print(options, { built }, textOf(message("packs.built", { count: built.length, path: folder })));
}

/** Writes the list of files with its signature into the folder. */
export async function sign(folder: string, options: { readonly key: string; readonly json?: boolean }): Promise<void> {
  const folderFiles = readPackFolder(folder);
  manifestOf(folderFiles, folder);
  const files = packedFiles(folderFiles);
  const content = signFiles(files, readKey(options.key));
  writeFileSync(join(folder, INTEGRITY_FILE), content);
  const signedBy = signerOf(new Map([...files, [INTEGRITY_FILE, Buffer.from(content)]]));
  print(options, { signed: { files: files.size, signedBy } }, textOf(message("packs.signed", { count: files.size, key: signedBy ?? "" })));
}

function readKey(path: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(readFileSync(path));
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("packs.keyUnreadable", { reason: reasonOf(error), path }));
  }
}

function shown({ name, version, added, permissions, features, signedBy }: InstalledPack) {
  return { name, version, added, permissions, features, signedBy: signedBy ?? null };
}

function stateOf(data: string, pack: InstalledPack): { readonly damage?: string } {
  try {
    readInstalled(data, pack);
    return {};
  } catch (error) {
    return { damage: textOf(reasonOf(error)) };
  }
}

function describe({ manifest: { name, version, description, permissions, features }, files }: GivenPack, signature: PackSignature): string {
  const views = features.reduce((count, feature) => count + feature.views.length, 0);
  return [
    `${name} ${version}${description === "" ? "" : `: ${description}`}`,
    textOf(message("packs.brings", { features: features.map(({ id }) => id).join(", "), count: files.size })),
    permissionsText(permissions),
    ...(views === 0 ? [] : [textOf(message("packs.bringsViews", { count: views }))]),
    signatureText(signature),
  ].join("\n");
}

/** Which version goes for it. */
function replacedText(data: string, { manifest: { name, version } }: GivenPack): readonly string[] {
  const before = listPacks(data).find((pack) => pack.name === name)?.version;
  if (before === undefined || before === version) return [];
  return [textOf(isOlderVersion(version, before) ? message("packs.replacesNewer", { before }) : message("packs.replaces", { before }))];
}

function permissionsText(permissions: readonly PackPermission[]): string {
  if (permissions.length === 0) return textOf(message("packs.asksForNothing"));
  return textOf(message("packs.asksFor", { permissions: permissions.map((permission) => message(PERMISSION_TEXTS[permission])) }));
}

const PERMISSION_TEXTS = {
  read: "packs.mayRead",
  edit: "packs.mayEdit",
  record: "packs.mayRecord",
  publish: "packs.mayPublish",
} as const;

function signatureText(signature: PackSignature): string {
  if (signature.state === "unsigned") return textOf(message("packs.unsigned"));
  const { key } = signature;
  return textOf(signature.state === "trusted" ? message("packs.signedByTrusted", signature) : message("packs.signedByUntrusted", { key }));
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new DoppelwerkError("DW_INVALID", message("packs.needsYes"));
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|是)$/i.test((await asked.question(`${textOf(message("packs.question"))} `)).trim());
  } finally {
    asked.close();
  }
}

function print(options: { readonly json?: boolean }, value: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${visibleText(text)}\n`);
}
