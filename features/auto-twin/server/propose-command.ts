import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Client } from "@doppelwerk/client";
import { DoppelwerkError, message, textOf, verbatim } from "@doppelwerk/kit";
import { remoteClient, printNotice, type RemoteOptions } from "@doppelwerk/kit/command";
import * as calls from "../calls.ts";
import { list } from "../../connect/calls.ts";
import type { ProposalReport, ProposalRequest } from "../contract.ts";
import type {} from "../message-codes.ts";

export interface ProposeOptions extends RemoteOptions {
  readonly name?: string;
  readonly protocol?: ProposalRequest["protocol"];
  readonly secret?: string;
  readonly listen?: number;
  /** A file as the wizard takes it; an event log may stand beside an address. */
  readonly eventLog?: string;
  readonly file?: string;
  readonly column?: readonly string[];
  readonly answer?: readonly string[];
}

/** `doppelwerk propose`: waits for the proposal and tells what it found, what it asks and where to look at it. */
export async function propose(target: string | undefined, options: ProposeOptions): Promise<void> {
  const path = options.eventLog ?? options.file;
  if (target === undefined && path === undefined) throw new DoppelwerkError("DW_INVALID", message("autoTwin.nameConnection"));
  const client = remoteClient(options);
  const file = path === undefined ? undefined : await held(client, path, options);
  const { name, protocol, secret, listen: listenS } = options;
  const begun = await calls.propose(client, {
    body: {
      ...(await wishOf(client, target)),
      name,
      protocol,
      secret,
      listenS,
      file,
      answers: pairsOf(options.answer),
    },
  });
  const report = await finished(client, begun.id);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${told(report, options.server)}\n`);
}

/** An address, else the id or name of a connection that is there. */
async function wishOf(client: Client, target: string | undefined): Promise<{ readonly url?: string; readonly connection?: string }> {
  if (target === undefined) return {};
  if (target.includes("://")) return { url: target };
  const known = (await list(client)).filter(({ id, name }) => id === target || name === target);
  if (known.length !== 1)
    throw new DoppelwerkError("DW_NOT_FOUND", message("autoTwin.connectionsIdOrName", { count: known.length, target }));
  return { connection: known[0]!.id };
}

/** A file is looked into first: what it is, and which columns a log has. */
async function held(client: Client, path: string, { column, eventLog }: ProposeOptions): Promise<string> {
  const bytes = new Uint8Array(await bytesOf(path));
  const offer = await calls.lookIntoFile(client, { query: { ...pairsOf(column), name: basename(path) }, body: bytes });
  if (offer.kind === "table")
    throw new DoppelwerkError(
      "DW_INVALID",
      message("autoTwin.sayColumnCaseNameActivityName", {
        why: offer.why.message,
        header: offer.header.slice(0, 30).join(", "),
      }),
    );
  if (eventLog !== undefined && offer.kind !== "eventLog") throw new DoppelwerkError("DW_INVALID", message("autoTwin.noEvent", { path }));
  if (offer.kind === "eventLog")
    for (const note of [
      `read as: ${Object.entries(offer.columns)
        .map(([what, name]) => `${what} = ${name}`)
        .join(", ")}`,
      ...(offer.left === 0 ? [] : [`${offer.left} rows could not be read${offer.leftFirst ? ` (${offer.leftFirst.text})` : ""}`]),
      ...offer.notes,
    ])
      printNotice(note);
  return offer.id;
}

function pairsOf(pairs: readonly string[] | undefined): Record<string, string> | undefined {
  if (pairs === undefined || pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new DoppelwerkError("DW_INVALID", message("autoTwin.answersColumnsNameText", { pair }));
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function finished(client: Client, id: string): Promise<ProposalReport> {
  for (;;) {
    const report = await calls.proposal(client, { params: { id } });
    if (report.state === "failed")
      throw new DoppelwerkError("DW_INVALID", report.why !== undefined ? verbatim(report.why) : message("autoTwin.proposalFailed"));
    if (report.state === "done") return report;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function told({ summary, branch, request, questions, unknowns, conflicts }: ProposalReport, server: string): string {
  const lines = [
    `${summary!.assets} assets, ${summary!.signals} of ${summary!.offered} variables, ${summary!.nameplates} nameplates, ${summary!.flows} steps of flow, ${summary!.candidates} alarm candidates`,
    ...(conflicts.length > 0 ? [`${conflicts.length} edits of people kept`] : []),
    ...(summary!.changes === 0 ? ["nothing new"] : [`branch ${branch}, merge request ${request}: ${server}`]),
    ...(questions.length > 0
      ? [
          "",
          "Questions (answer with --answer ID=TEXT, or leave them):",
          ...questions.map(
            ({ id, message: asked, choices }) =>
              `  ${id}  ${textOf(asked)}${choices === undefined ? "" : ` (${choices.slice(0, 12).join(", ")})`}`,
          ),
        ]
      : []),
    ...(unknowns.length > 0
      ? ["", "Unknown:", ...unknowns.map(({ message: what, count }) => `  ${textOf(what)}${count > 0 ? `: ${count}` : ""}`)]
      : []),
  ];
  return lines.join("\n");
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DoppelwerkError("DW_INVALID", message("autoTwin.cannotReadFile", { code: error.code ?? error.message, file }));
  });
}
