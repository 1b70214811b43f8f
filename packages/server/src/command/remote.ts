import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { basename } from "node:path";
import { readFile as readAasFile } from "@doppelwerk/aas";
import { worldPath, type Client, type RunResult } from "@doppelwerk/client";
import { reach, remoteClient, printAnswer, worldOfServer, type RemoteOptions } from "@doppelwerk/kit/command";
import { message as messageOf, textOf, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import { writeContent, type ExportOptions } from "./aas-file.ts";

// Commands that speak to a running server over its own HTTP API, as the studio does.

export async function importFiles(
  files: readonly string[],
  options: RemoteOptions & { readonly repair: string; readonly connect?: boolean },
): Promise<void> {
  for (const file of files) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new DoppelwerkError("DW_INVALID", messageOf("server.cannotReadFile", { code: error.code ?? error.message, file }));
    });
    const body = await request(
      options,
      "POST",
      `/import?name=${encodeURIComponent(basename(file))}&repair=${encodeURIComponent(options.repair)}&connect=${options.connect === true}`,
      bytes,
    );
    const { created, changed, findings, waiting, samples } = body as {
      created: number;
      changed: number;
      findings: readonly unknown[];
      waiting?: number;
      samples?: number;
    };
    const connections = waiting === undefined ? "" : `, ${waiting} connections described and not connected yet`;
    const series = samples === undefined ? "" : `, ${samples} samples into the history`;
    printAnswer(
      options,
      { file, ...(body as object) },
      `${file}: ${created} records new, ${changed} changed, ${findings.length} findings${connections}${series}`,
    );
  }
}

export async function exportEnvironment(options: RemoteOptions & ExportOptions & { readonly branch: string }): Promise<void> {
  const { baseUrl, world } = worldOfServer(options.server);
  const base = options.branch === LIVE ? worldPath(world) : `/worlds/${world}/branches/${encodeURIComponent(options.branch)}`;
  const path = `${base}/api/v3/serialization`;
  const accept = options.format === "aasx" ? "application/asset-administration-shell-package" : "application/json";
  const response = await reach(options, `${baseUrl}${path}?includeConceptDescriptions=true`, {
    headers: { accept },
  });
  if (!response.ok) throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("server.serverAnswered", { status: response.status, path }));
  await writeContent(readAasFile(new Uint8Array(await response.arrayBuffer())), options);
}

export async function fork(name: string, options: RemoteOptions & { readonly at?: string }): Promise<void> {
  const branch = await remoteClient(options).fork(name, options.at === undefined ? undefined : Date.parse(options.at) * 1_000);
  printAnswer(options, branch, `${branch.id}  ${branch.name}`);
}

export async function run(
  branch: string,
  options: RemoteOptions & {
    readonly kind: "forecast" | "study";
    readonly replications: number;
    readonly seed: number;
    /** Ids; none: the first line. */
    readonly lines: readonly string[];
  },
): Promise<void> {
  const client = remoteClient(options);
  const { kind, seed, replications, lines } = options;
  const summary = await client.run(branch, { kind, seed, replications, ...(lines.length > 0 && { lines }) });
  const result = await finished(client, summary.id);
  printAnswer(options, result, describe(result));
}

export async function compare(branch: string, options: RemoteOptions): Promise<void> {
  const client = remoteClient(options);
  const [diff, runs] = await Promise.all([client.diff(branch), client.runs(branch)]);
  const last = runs.filter((candidate) => candidate.state === "done").at(-1);
  const result = last && (await client.runResult(last.id));
  printAnswer(options, { diff, result }, `${diff.length} records differ\n${result ? describe(result) : "no finished run on this branch"}`);
}

export async function merge(
  target: string,
  options: RemoteOptions & {
    readonly title?: string;
    readonly owner?: string;
    readonly effective?: string;
    readonly approve?: boolean;
    readonly apply?: boolean;
  },
): Promise<void> {
  const client = remoteClient(options);
  if (options.title !== undefined) {
    const runs = (await client.runs(target)).filter((candidate) => candidate.state === "done").map((candidate) => candidate.id);
    const planned = {
      owner: options.owner ?? client.person.name,
      effectiveFrom: options.effective ?? new Date().toISOString().slice(0, 10),
      action: options.title,
    };
    const opened = await client.propose({ branch: target, title: options.title, text: "", runs, planned });
    return printAnswer(options, opened, `${opened.id}  ${opened.status}`);
  }
  if (!options.approve && !options.apply) throw new DoppelwerkError("DW_INVALID", messageOf("server.sayTitleOpenRequestBranch"));
  if (options.approve) await client.approve(target);
  const detail = options.apply ? await client.merge(target) : await client.mergeRequest(target);
  const missing = (detail.classes ?? []).filter(({ missing: count }) => count > 0);
  const lines = missing.map(({ name, missing: count, roles }) =>
    textOf(messageOf("server.requestClassMissing", { name, count, roles: roles.length === 0 ? "–" : roles.join(", ") })),
  );
  printAnswer(options, detail, [`${detail.id}  ${detail.status}`, ...lines].join("\n"));
}

async function finished(client: Client, id: string): Promise<RunResult> {
  for (;;) {
    const result = await client.runResult(id);
    const { state, message } = result.run;
    if (state === "done") return result;
    if (state === "failed" || state === "cancelled")
      throw new DoppelwerkError("DW_CANCELLED", messageOf("server.run", { state, message: message ? `: ${message}` : "" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function describe({ kpis, lines = [], buffers = [] }: RunResult): string {
  if (lines.length === 0) return kpiRows(kpis, "one shift").join("\n");
  return [
    "all lines together",
    ...kpiRows(kpis, "one run"),
    ...lines.flatMap((line) => [line.line, ...kpiRows(line.kpis, "one shift")]),
    ...buffers.map(
      ({ name, capacity, live, branch }) =>
        `${name}  mean ${number(live.mean)} → ${number(branch.mean)} parts  most ${live.max} → ${branch.max}${capacity === undefined ? "" : ` of ${capacity}`}`,
    ),
  ].join("\n");
}

function kpiRows(kpis: RunResult["kpis"], once: string): readonly string[] {
  return kpis.map(
    ({ key, unit, live, branch, difference, verdict }) =>
      `${key.padEnd(11)} ${number(live.mean)} → ${number(branch.mean)} ${unit}  difference ${number(difference.mean)} ± ${number(difference.halfWidth)} (95 %)  ${once} ${number(branch.predictionLow)}–${number(branch.predictionHigh)} (90 %)  ${verdict}`,
  );
}

function number(value: number): string {
  return value.toPrecision(4);
}

async function request(options: RemoteOptions, method: string, path: string, body: Uint8Array): Promise<unknown> {
  const headers = {
    "content-type": "application/octet-stream",
    "doppelwerk-person": `cli-${randomUUID()}`,
    "doppelwerk-name": encodeURIComponent(userInfo().username),
  };
  const { baseUrl, world } = worldOfServer(options.server);
  const response = await reach(options, `${baseUrl}/api/doppelwerk/v1${worldPath(world)}${path}`, {
    method,
    headers,
    body: body as Uint8Array<ArrayBuffer>,
  });
  const answer = (await response.json()) as { readonly error?: { readonly message: string } };
  if (!response.ok)
    throw new DoppelwerkError(
      "DW_INVALID",
      answer.error?.message !== undefined
        ? verbatim(answer.error.message)
        : messageOf("server.serverAnsweredStatus", { status: response.status }),
    );
  return answer;
}
