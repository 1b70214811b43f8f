import { writeFileSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { evidenceOfFolder } from "../transparency/write-evidence.ts";

export interface EvidenceOptions {
  readonly data: string;
  readonly entry?: number;
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Writes evidence of a data folder to a file, which `verify` checks without either. */
export async function evidence({ data, entry, from, to, out, json }: EvidenceOptions): Promise<void> {
  if ((entry === undefined) === (from === undefined && to === undefined))
    throw new DoppelwerkError("DW_INVALID", message("server.evidenceOfEntryOrPeriod"));
  const instant = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Date.parse(text) * 1_000);
  const which = entry === undefined ? { from: instant(from, 0), to: instant(to, Number.MAX_SAFE_INTEGER) } : { entry };
  const { text, count } = evidenceOfFolder(data, which);
  try {
    writeFileSync(out, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path: out }));
  }
  process.stdout.write(json === true ? `${JSON.stringify({ out, entries: count })}\n` : `${count} entries with their proofs in ${out}\n`);
}
