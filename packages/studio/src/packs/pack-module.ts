import { isMessage, message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** A module that awaits something while it is loaded may never be there. */
const MAX_LOAD_MS = 10_000;

/** How often a file was asked for in vain: a browser remembers for as long as a page lives that it was not there. */
const failures = new Map<string, number>();

/** The default export of a file of a pack. Errors: DW_UNAVAILABLE after ten seconds, DW_INVALID with the server's reason, and what the module throws. */
export async function loadPackModule(base: string, path: string): Promise<unknown> {
  const address = `${base}${path}`;
  const turn = failures.get(address) ?? 0;
  const loading = import(/* @vite-ignore */ turn === 0 ? address : `${address}?again=${turn}`) as Promise<{ readonly default?: unknown }>;
  try {
    return (await withinTime(loading, path)).default;
  } catch (error) {
    failures.set(address, turn + 1);
    throw error instanceof TypeError ? ((await reasonOfServer(address)) ?? error) : error;
  }
}

function withinTime<Value>(work: Promise<Value>, file: string): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const timer = setTimeout(
    () => reject(new DoppelwerkError("DW_UNAVAILABLE", message("frame.packLate", { file, seconds: MAX_LOAD_MS / 1_000 }))),
    MAX_LOAD_MS,
  );
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

/** Of a module that could not be fetched a browser says no more than that. */
async function reasonOfServer(address: string): Promise<DoppelwerkError | undefined> {
  try {
    const response = await fetch(address);
    if (response.ok) return undefined;
    const { error } = (await response.json()) as { readonly error?: { readonly message?: string; readonly reason?: unknown } };
    return new DoppelwerkError("DW_INVALID", isMessage(error?.reason) ? error.reason : verbatim(error?.message ?? String(response.status)));
  } catch {
    return undefined;
  }
}
