import { readFile, stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { textOf, unpackedFile } from "@doppelwerk/connectors/files";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { visibleText } from "@doppelwerk/kit/command";
import type { SimulateOptions } from "../simulate/simulate.ts";
import { eventLogReport, eventLogText } from "./event-log-report.ts";

const MAX_BYTES = 256 * 1024 * 1024;

/** `doppelwerk simulate LOG.csv|LOG.xes`: a line, its bottleneck and a forecast with its error; `--line FILE` keeps the line as a model. */
export async function simulateLog(file: string, options: SimulateOptions): Promise<void> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("simulate.largerBytes", { file, max: MAX_BYTES }));
    text = textOf(unpackedFile(file, await readFile(file), MAX_BYTES));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_INVALID", message("simulate.cannotRead", { file, reason: (error as Error).message }));
  }
  try {
    const report = eventLogReport(text, {
      name: basename(file)
        .replace(/\.gz$/i, "")
        .replace(/\.[^.]+$/, ""),
      replications: options.replications ?? 40,
      seed: options.seed ?? 1,
      utcOffsetMinutes: options.utcOffset ?? 0,
      ...(options.duration === undefined ? {} : { periodS: options.duration }),
    });
    if (options.line !== undefined) await writeFile(options.line, `${JSON.stringify(report.model, undefined, 1)}\n`);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : visibleText(eventLogText(report)));
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_INVALID")
      throw new DoppelwerkError("DW_INVALID", verbatim(`${file}: ${error.message}`));
    throw error;
  }
}
