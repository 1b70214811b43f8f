import { unzipSync } from "fflate";
import { error, warning, type Finding } from "../finding.ts";

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

/**
 * The files of a zip archive by absolute name (`/binaries/x86_64-linux/Model.so`), or undefined with a finding that tells why not. Entries whose name
 * leads out of the archive are left out with a warning of `constraint`. Never throws.
 */
export function unpackArchive(
  bytes: Uint8Array,
  limits: ArchiveLimits,
  findings: Finding[],
  constraint: string,
): Map<string, Uint8Array> | undefined {
  let [entries, total] = [0, 0];
  let refusal: string | undefined;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (refusal !== undefined) return false;
        entries++;
        total += originalSize;
        if (entries > limits.mostEntries) refusal = `more than ${limits.mostEntries} entries`;
        else if (originalSize > limits.mostEntryBytes)
          refusal = `${JSON.stringify(name)} unpacks to ${originalSize} bytes; at most ${limits.mostEntryBytes} are allowed`;
        else if (total > limits.mostBytes) refusal = `it unpacks to more than ${limits.mostBytes} bytes`;
        else if (originalSize > RATIO_MATTERS_FROM && originalSize > size * limits.mostRatio)
          refusal = `${JSON.stringify(name)} unpacks to ${Math.round(originalSize / Math.max(size, 1))} times its size`;
        return refusal === undefined && !name.endsWith("/") && safeName(name, findings, constraint) !== undefined;
      },
    });
    if (refusal === undefined) return new Map(Object.entries(files).map(([name, content]) => [safeName(name, [], "")!, content]));
    findings.push(error("", "limit", `The package is refused: ${refusal}.`));
  } catch (cause) {
    findings.push(error("", constraint, `The package is no readable zip file: ${cause instanceof Error ? cause.message : String(cause)}.`));
  }
  return undefined;
}

/** The absolute name of a zip entry; undefined, with a finding, when it would leave the archive. */
function safeName(name: string, findings: Finding[], constraint: string): string | undefined {
  const parts = name
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const isUnsafe = parts.length === 0 || parts.includes("..") || /^[a-zA-Z]:/.test(name) || name.includes("\0");
  if (!isUnsafe) return `/${parts.join("/")}`;
  findings.push(warning(name.slice(0, 200), constraint, "The entry's name leads out of the package: left out."));
  return undefined;
}
