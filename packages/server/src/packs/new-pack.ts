import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { listPackFolder } from "./pack-files.ts";

const SKELETON = fileURLToPath(new URL("skeleton", import.meta.url));
const KIT = fileURLToPath(new URL("../../../kit", import.meta.url));
/** Starts the `doppelwerk` of this installation. */
const PROGRAM = fileURLToPath(new URL("../../../../scripts/doppelwerk.mjs", import.meta.url));
const INSTALLED = fileURLToPath(new URL("../../../../node_modules", import.meta.url));
/** What checks types, by the kit's `tsconfig.pack.json`. */
const TYPES = ["@types/node", "@types/react", "@types/react-dom", "vite"] as const;
/** What the skeleton is called where it stands. */
const NAME = "brewery";

/** Writes a pack that works into a new folder of its name; returns the folder. Errors: DW_INVALID for another name than one in kebab case, DW_CONFLICT. */
export function newPack(name: string, parent: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > 40)
    throw new DoppelwerkError("DW_INVALID", message("packs.newName", { name }));
  const folder = join(resolve(parent), name);
  if (existsSync(folder)) throw new DoppelwerkError("DW_CONFLICT", message("packs.folderThere", { path: folder }));
  for (const path of listPackFolder(SKELETON)) write(join(folder, path), named(readFileSync(join(SKELETON, path), "utf8"), name));
  // the kit, the Node that runs it and the command are those of this installation: npm has none of them
  link(KIT, join(folder, "node_modules", "@doppelwerk", "kit"), "junction");
  link(process.execPath, join(folder, "node_modules", ".bin", "node"), "file");
  link(PROGRAM, join(folder, "node_modules", ".bin", "doppelwerk"), "file");
  linkTypes(join(folder, "node_modules"));
  write(join(folder, ".gitignore"), "node_modules\n*.tgz\nstudio/**/*.js\n");
  return folder;
}

/** Not there where this installation leaves out what only its authors need. */
function linkTypes(modules: string): void {
  const compiler = join(INSTALLED, "typescript", "bin", "tsc");
  if (existsSync(compiler)) link(compiler, join(modules, ".bin", "tsc"), "file");
  for (const name of TYPES) if (existsSync(join(INSTALLED, name))) link(join(INSTALLED, name), join(modules, name), "junction");
}

/** Ids are in camel case, all else is in kebab case. */
function named(text: string, name: string): string {
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return text.replaceAll(new RegExp(`\\b${NAME}(?=\\.[a-z])`, "g"), camel).replaceAll(NAME, name);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function link(target: string, path: string, type: "junction" | "file"): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, type);
}
