import { message, type Message } from "@doppelwerk/messages";
import { unzipSync } from "fflate";
import { error, warning, type Finding } from "../finding.ts";
import { checksumOf, zipDirectory, type DirectoryEntry } from "./zip-directory.ts";

/** All sizes in bytes, unpacked. What breaks a limit is refused before it is unpacked. */
export interface ArchiveLimits {
  readonly mostEntries: number;
  readonly mostEntryBytes: number;
  readonly mostBytes: number;
  /** Unpacked size divided by packed size, of entries that unpack to more than 1 MiB. */
  readonly mostRatio: number;
}

export const DEFAULT_LIMITS: ArchiveLimits = { mostEntries: 10_000, mostEntryBytes: 256 * 2 ** 20, mostBytes: 2 ** 30, mostRatio: 200 };

const RATIO_MATTERS_FROM = 2 ** 20;

/** How an entry can be packed: not at all, and by Deflate. */
const METHODS = [0, 8];

/**
 * The files of a zip archive by absolute name (`/binaries/x86_64-linux/Model.so`), or undefined with a finding that tells why not. Entries whose name
 * leads out of the archive are left out with a warning of `constraint`, those that cannot be unpacked with an error; what is damaged or comes twice is
 * told. Never throws.
 */
export function unpackArchive(
  bytes: Uint8Array,
  limits: ArchiveLimits,
  findings: Finding[],
  constraint: string,
): Map<string, Uint8Array> | undefined {
  let [entries, total] = [0, 0];
  let refusal: Message | undefined;
  const directory = zipDirectory(bytes, limits.mostEntries);
  /** By the name that the unpacker gives. */
  const taken = new Map<string, { readonly name: string; readonly entry: DirectoryEntry | undefined }>();
  try {
    const files = unzipSync(directory === undefined ? bytes : bytes.subarray(0, directory.length), {
      filter: ({ name: given, size, originalSize, compression }) => {
        if (refusal !== undefined) return false;
        const entry = directory?.entries[entries++];
        const name = entry?.name ?? given;
        total += originalSize;
        if (entries > limits.mostEntries) refusal = message("aas.tooManyEntries", { max: limits.mostEntries });
        else if (originalSize > limits.mostEntryBytes)
          refusal = message("aas.entryTooLarge", { name: JSON.stringify(name), bytes: originalSize, max: limits.mostEntryBytes });
        else if (total > limits.mostBytes) refusal = message("aas.packageTooLarge", { max: limits.mostBytes });
        else if (originalSize > RATIO_MATTERS_FROM && originalSize > size * limits.mostRatio)
          refusal = message("aas.entryRatio", {
            name: JSON.stringify(name),
            times: Math.round(originalSize / Math.max(size, 1)),
          });
        if (refusal !== undefined || name.endsWith("/")) return false;
        const safe = safeName(name, findings, constraint);
        if (safe === undefined) return false;
        const hindrance = entry?.isEncrypted
          ? message("aas.entryEncrypted")
          : METHODS.includes(compression)
            ? undefined
            : message("aas.entryMethod", { compression });
        if (hindrance !== undefined) findings.push(error(safe, constraint, hindrance));
        else {
          if (taken.has(given)) findings.push(warning(safe, constraint, message("aas.entryComesTwiceLastTaken")));
          taken.set(given, { name: safe, entry });
        }
        return hindrance === undefined;
      },
    });
    if (refusal === undefined) {
      const unpacked = new Map<string, Uint8Array>();
      for (const [given, { name, entry }] of taken) {
        const content = files[given]!;
        if (entry !== undefined && checksumOf(content) !== entry.checksum)
          findings.push(error(name, constraint, message("aas.entryDamagedContentWhatChecksum")));
        unpacked.set(name, content);
      }
      return unpacked;
    }
    findings.push(error("", "limit", message("aas.packageRefused", { refusal })));
  } catch (cause) {
    findings.push(error("", constraint, message("aas.packageNotZip", { cause: cause instanceof Error ? cause.message : String(cause) })));
  }
  return undefined;
}

/** The absolute name of a zip entry; undefined, with a finding, when it would leave the archive. */
function safeName(name: string, findings: Finding[], constraint: string): string | undefined {
  const parts = name
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  // fflate keeps its files in an object, which cannot hold that name.
  const isUnsafe = parts.length === 0 || name === "__proto__" || parts.includes("..") || /^[a-zA-Z]:/.test(name) || name.includes("\0");
  if (!isUnsafe) return `/${parts.join("/")}`;
  findings.push(warning(name.slice(0, 200), constraint, message("aas.entryNameNotUsable")));
  return undefined;
}
