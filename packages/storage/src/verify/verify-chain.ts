import { DoppelwerkError, GENESIS_HASH, upcastEntry, type LogEntry, type Seal } from "@doppelwerk/world";
import { sealedLine, textOfLine, type LogLine } from "../files/log-lines.ts";
import type { Verified, VerifyFinding } from "./index.ts";

/** The hash of an entry is that of its content and of what came before. Undefined where it is. */
export function chainFinding(entry: LogEntry, revision: number, previous: string, seal: Seal): VerifyFinding | undefined {
  if (entry.revision !== revision) return missing(revision);
  const { hash, ...rest } = entry;
  return hash === seal.seal(rest, previous) ? undefined : altered(revision);
}

/** A seal that is SHA-256 of the hash before and the canonical text, of texts and of bytes. */
export interface ChainSeal {
  readonly seal: Seal;
  /** Of pieces, hex. */
  readonly sha256Of: (pieces: readonly Uint8Array[]) => string;
}

const CLOSED = Buffer.from("}");

/**
 * Checks the hash chain of a whole log. A line is sealed as it is written, so that its hash is taken of the line; one that has another form is parsed. `each`
 * gets every line that holds. Never throws for what it finds.
 */
export function verifyChainOf(lines: Iterable<LogLine>, seal: ChainSeal, each: (line: LogLine, hash: string) => void = () => {}): Verified {
  let previous = GENESIS_HASH;
  let revisions = 0;
  const findings: VerifyFinding[] = [];
  try {
    for (const line of lines) {
      const checked = checkedLine(line.line, revisions + 1, previous, seal);
      if (typeof checked !== "string") {
        findings.push(checked);
        break;
      }
      previous = checked;
      revisions = line.revision;
      each(line, checked);
    }
  } catch (error) {
    findings.push(readingFinding(error, revisions + 1));
  }
  return { revisions, lastHash: previous, findings };
}

/** Of an error while a log is read or folded. */
export function readingFinding(error: unknown, revision: number): VerifyFinding {
  const kind = error instanceof DoppelwerkError && error.code === "DW_DAMAGED" ? "damaged" : "replay";
  return { kind, message: error instanceof Error ? error.message : String(error), revision };
}

/** Its hash, or what is wrong. */
function checkedLine(line: Uint8Array, revision: number, previous: string, { seal, sha256Of }: ChainSeal): string | VerifyFinding {
  const sealed = sealedLine(line);
  if (sealed !== undefined) {
    if (sealed.revision !== revision) return missing(revision);
    // as `createSeal` does it: the hash before, and the text of the entry
    if (sealed.hash === sha256Of([Buffer.from(previous), sealed.bytes, CLOSED])) return sealed.hash;
  }
  const entry = upcastEntry(JSON.parse(textOfLine(line)));
  return chainFinding(entry, revision, previous, seal) ?? entry.hash;
}

function missing(revision: number): VerifyFinding {
  return { kind: "chain", message: `revision ${revision} is missing`, revision };
}

function altered(revision: number): VerifyFinding {
  return {
    kind: "chain",
    message: `revision ${revision} was altered: its hash is not that of its content and of what came before`,
    revision,
  };
}
