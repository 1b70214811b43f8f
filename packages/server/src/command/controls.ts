import { writeFileSync } from "node:fs";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readProvenLists, type ControlState } from "../controls/control-lists.ts";
import { controlReport, controlText } from "../controls/control-report.ts";

export interface ControlsOptions {
  readonly list?: string;
  readonly state?: ControlState;
  readonly report?: string;
  readonly json?: boolean;
}

/** Prints the control lists that come with the product; with `report` it writes them as a page in HTML. */
export async function controls({ list, state, report, json }: ControlsOptions, version: string): Promise<void> {
  const all = readProvenLists();
  const lists = all.filter(({ id }) => list === undefined || id === list);
  if (lists.length === 0)
    throw new DoppelwerkError(
      "DW_NOT_FOUND",
      message("server.noControlList", { list: list ?? "", lists: all.map(({ id }) => id).join(", ") }),
    );
  if (report !== undefined)
    try {
      writeFileSync(report, controlReport(lists, version));
    } catch (error) {
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path: report }));
    }
  const shown =
    state === undefined ? lists : lists.map((each) => ({ ...each, controls: each.controls.filter((one) => one.state === state) }));
  printAnswer(
    { ...(json !== undefined && { json }) },
    { lists: shown, ...(report !== undefined && { report }) },
    report === undefined ? controlText(lists, state) : report,
  );
}
