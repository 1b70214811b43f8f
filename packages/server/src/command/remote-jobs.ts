import type { ListedJob } from "@doppelwerk/client";
import { remoteClient, printAnswer, type RemoteOptions } from "@doppelwerk/kit/command";
import { textOf } from "@doppelwerk/messages";

/** Lists the jobs of a running server, or cancels one. */
export async function jobs(
  options: RemoteOptions & { readonly cancel?: string; readonly state?: ListedJob["state"]; readonly limit: number },
): Promise<void> {
  const client = remoteClient(options);
  if (options.cancel !== undefined) {
    await client.cancelJob(options.cancel);
    return printAnswer(options, { cancelled: options.cancel }, `${options.cancel} is cancelled`);
  }
  const found = await client.jobs({ limit: options.limit, ...(options.state === undefined ? {} : { state: options.state }) });
  printAnswer(options, { jobs: found }, found.length === 0 ? "no jobs" : found.map(line).join("\n"));
}

function line({ id, kind, state, progress, enqueuedAt, message, reason }: ListedJob): string {
  const percent = `${Math.floor(progress * 100)} %`.padStart(5);
  const why = message === undefined ? "" : `  ${reason === undefined ? message : textOf(reason)}`;
  return `${new Date(enqueuedAt / 1_000).toISOString()}  ${state.padEnd(9)} ${percent}  ${kind.padEnd(22)} ${id}${why}`;
}
