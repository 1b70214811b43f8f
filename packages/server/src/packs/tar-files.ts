import { gunzipSync } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { checkCount, checkName, MAX_FILE_BYTES, MAX_PACK_BYTES, type PackFiles } from "./pack-files.ts";

const BLOCK = 512;

/**
 * The files of an npm archive (`npm pack`): tar of POSIX or GNU, compressed with gzip. The outermost folder is left out, as npm does. Links, devices, names
 * that leave the folder, more files or octets than the bounds and damaged headers are refused: DW_INVALID, with the file's name.
 */
export function readTarGz(archive: Uint8Array, maxBytes = MAX_PACK_BYTES): PackFiles {
  const tar = inflated(archive, maxBytes);
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((octet) => octet === 0)) break;
    checkHeader(header);
    const size = sizeOf(header);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw damaged();
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "x" || type === "L") {
      longName = type === "x" ? (pathOfPax(content) ?? longName) : fieldText(content);
      continue;
    }
    const name = longName ?? nameOf(header);
    longName = undefined;
    // of the archive as a whole, and folders, which follow from their files
    if (type === "g" || type === "5") continue;
    if (type !== "0" && type !== "\0") throw refused(message("packs.archiveNotFile", { name: name.slice(0, 200) }));
    addFile(files, name, content);
  }
  return files;
}

function inflated(archive: Uint8Array, maxBytes: number): Uint8Array {
  try {
    // tar rounds each file up and has a header for each
    return gunzipSync(archive, { maxOutputLength: maxBytes * 2 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ERR_BUFFER_TOO_LARGE") throw refused(message("packs.tooLarge", { max: maxBytes / 1e6 }));
    throw refused(message("packs.archiveNotGzip"));
  }
}

function addFile(files: Map<string, Uint8Array>, name: string, content: Uint8Array): void {
  const path = name.slice(name.indexOf("/") + 1);
  if (!name.includes("/")) throw refused(message("packs.archiveWithoutFolder", { name: name.slice(0, 200) }));
  checkName(path);
  if (content.length > MAX_FILE_BYTES) throw refused(message("packs.fileTooLarge", { name: path, max: MAX_FILE_BYTES / 1e6 }));
  if (files.has(path)) throw refused(message("packs.archiveTwice", { name: path }));
  files.set(path, content);
  checkCount(files);
}

/** The sum of the header's octets, its own field taken as spaces. */
function checkHeader(header: Uint8Array): void {
  const sum = header.reduce((total, octet, at) => total + (at >= 148 && at < 156 ? 32 : octet), 0);
  if (octal(header.subarray(148, 156)) !== sum) throw damaged();
}

function sizeOf(header: Uint8Array): number {
  const size = octal(header.subarray(124, 136));
  if (size === undefined || size > MAX_PACK_BYTES) throw damaged();
  return size;
}

function octal(field: Uint8Array): number | undefined {
  const text = fieldText(field).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function nameOf(header: Uint8Array): string {
  const name = fieldText(header.subarray(0, 100));
  const isPosix = fieldText(header.subarray(257, 263)).startsWith("ustar");
  const prefix = isPosix ? fieldText(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `LENGTH path=NAME`, one record a line. */
function pathOfPax(content: Uint8Array): string | undefined {
  const text = fieldText(content);
  // a size of its own would let a header say another size than the file has
  if (/^\d+ size=/m.test(text)) throw damaged();
  return /^\d+ path=(.*)$/m.exec(text)?.[1];
}

function fieldText(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  return new TextDecoder().decode(end === -1 ? octets : octets.subarray(0, end));
}

function damaged(): DoppelwerkError {
  return refused(message("packs.archiveDamaged"));
}

function refused(reason: ConstructorParameters<typeof DoppelwerkError>[1]): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", reason);
}
