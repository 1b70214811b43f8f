import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { createClient, type Client, type ProposalReport } from "@doppelwerk/client";
import { DoppelwerkError, said } from "@doppelwerk/world";

export interface ProposeOptions {
  readonly server: string;
  readonly json?: boolean;
  readonly name?: string;
  readonly protocol?: string;
  readonly secret?: string;
  readonly listen?: number;
  readonly eventLog?: string;
  readonly answer?: readonly string[];
}

/** `doppelwerk propose`: waits for the proposal and tells what it found, what it asks and where to look at it. */
export async function propose(target: string | undefined, options: ProposeOptions): Promise<void> {
  if (target === undefined && options.eventLog === undefined)
    throw new DoppelwerkError("DW_INVALID", said`name a connection, an address or --event-log`);
  const client = createClient({
    baseUrl: options.server,
    person: {
      id: `cli-${hostname()}-${userInfo().username}-${process.env["DOPPELWERK_PERSON"] ?? randomUUID()}`,
      name: userInfo().username,
    },
    fetch: (url, init) => reach(options.server, url, init as RequestInit),
  });
  const eventLog = options.eventLog === undefined ? undefined : await textOf(options.eventLog);
  const { name, protocol, secret, listen: listenS } = options;
  const begun = await client.proposeTwin({
    ...(await wishOf(client, target)),
    name,
    protocol,
    secret,
    listenS,
    eventLog,
    answers: answersOf(options.answer ?? []),
  });
  const report = await finished(client, begun.id);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${told(report, options.server)}\n`);
}

/** An address, else the id or name of a connection that is there. */
async function wishOf(client: Client, target: string | undefined): Promise<{ readonly url?: string; readonly connection?: string }> {
  if (target === undefined) return {};
  if (target.includes("://")) return { url: target };
  const known = (await client.connections()).filter(({ id, name }) => id === target || name === target);
  if (known.length !== 1) throw new DoppelwerkError("DW_NOT_FOUND", said`${known.length} connections of this id or name: ${target}`);
  return { connection: known[0]!.id };
}

function answersOf(pairs: readonly string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new DoppelwerkError("DW_INVALID", said`an answer is question=answer, not ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function finished(client: Client, id: string): Promise<ProposalReport> {
  for (;;) {
    const report = await client.proposal(id);
    if (report.state === "failed") throw new DoppelwerkError("DW_INVALID", report.why ?? "the proposal failed");
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
      ? ["", "Questions (answer with --answer ID=TEXT, or leave them):", ...questions.map(({ id, text }) => `  ${id}  ${text.en}`)]
      : []),
    ...(unknowns.length > 0 ? ["", "Unknown:", ...unknowns.map(({ text, count }) => `  ${text.en}${count > 0 ? `: ${count}` : ""}`)] : []),
  ];
  return lines.join("\n");
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new DoppelwerkError("DW_INVALID", said`cannot read the file (${error.code ?? error.message}): ${file}`);
  });
}

async function reach(server: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", said`no server answers at ${server}: ${(error as Error).message}`);
  }
}
