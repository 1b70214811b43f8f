import { fork, type ChildProcess } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { inThisLanguage, readFile } from "@doppelwerk/aas";
import type { Environment, FileContent, FileFinding, Identifiable } from "@doppelwerk/aas";
import { message as messageOf, textOf } from "@doppelwerk/kit";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ReadFile } from "@doppelwerk/ports";
import { reportOf, type RepairRequest } from "@doppelwerk/aas";
import type { FromReader, ToReader } from "./read-file-main.ts";

export interface ReadBesideOptions {
  /** Reading a shorter file takes less than starting a process; it is read here. In bytes. */
  readonly beside?: number;
  /** Memory for what is read, in MB; a file that needs more is refused. */
  readonly heapMb?: number;
  readonly withinMs?: number;
}

const BESIDE = 256 * 1024;
const HEAP_MB = 2_048;
const WITHIN_MS = 600_000;
/** Files that wait to be read; the next is refused. */
const WAITING_MAX = 16;

/**
 * Reads and checks files in a process of its own, one at a time, so that the live plant is never kept waiting by a file, and a file that takes too much
 * memory or time ends that process and nothing else. What was read comes over in pieces, one a turn. Errors: DW_INVALID (too much memory or time),
 * DW_UNAVAILABLE (too many files wait).
 */
export function createFileReader(options: ReadBesideOptions = {}): (bytes: Uint8Array, request: RepairRequest) => Promise<ReadFile> {
  const { beside = BESIDE, heapMb = HEAP_MB, withinMs = WITHIN_MS } = options;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (bytes, request) => {
    if (bytes.length < beside) return readHere(bytes, request);
    if (waiting >= WAITING_MAX) throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("assets.filesWaitRead", { max: WAITING_MAX }));
    waiting++;
    const read = last.then(() => readInProcess(bytes, request, heapMb, withinMs));
    last = read.catch(() => {
      // handled by the caller; the next file is read all the same
    });
    return read.finally(() => waiting--);
  };
}

/** In this thread. */
export function readHere(bytes: Uint8Array, request: RepairRequest): ReadFile {
  const content = readFile(bytes);
  const { environment, report } = reportOf(content, request);
  return { content: { ...content, environment }, report };
}

async function readInProcess(bytes: Uint8Array, request: RepairRequest, heapMb: number, withinMs: number): Promise<ReadFile> {
  const main = new URL(import.meta.url.endsWith(".ts") ? "read-file-main.ts" : "read-file-main.js", import.meta.url);
  const child = fork(main, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${heapMb}`],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (error) =>
      reject(new DoppelwerkError("DW_UNAVAILABLE", messageOf("assets.fileCannotReadNow", { reason: error.message }))),
    );
    child.once("exit", (code, signal) =>
      reject(
        new DoppelwerkError(
          "DW_INVALID",
          messageOf("assets.readingFileGivenUp", { signal: signal ?? `code ${code}`, heapMb, withinMs: withinMs / 1_000 }),
        ),
      ),
    );
  });
  ended.catch(() => {
    // handled where `collect` waits for it; an exit after the answer is no failure
  });
  try {
    return await collect(child, { bytes, request }, ended);
  } finally {
    clearTimeout(timer);
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

async function collect(child: ChildProcess, order: ToReader, ended: Promise<never>): Promise<ReadFile> {
  const ask = (message: ToReader): Promise<FromReader> => {
    const answer = new Promise<FromReader>((resolve) => child.once("message", (said: FromReader) => resolve(said)));
    child.send(message, () => undefined); // A process that is gone is told by its exit.
    return Promise.race([answer, ended]);
  };
  const lists = new Map<keyof Environment, Identifiable[]>();
  const files = new Map<string, { readonly contentType: string; readonly bytes: Uint8Array }>();
  for (let said = await ask(order); ; said = await ask("next")) {
    if (said.kind === "end") {
      const environment = { ...said.content.environment, ...Object.fromEntries(lists) } as Environment;
      const { report, content } = said;
      return {
        report: { ...report, findings: report.findings.map(readAgain) },
        content: { ...content, findings: content.findings.map(inThisLanguage), environment, files } as FileContent,
      };
    }
    if (said.kind === "file") files.set(said.path, said.file);
    else {
      const list = lists.get(said.list) ?? [];
      list.push(...said.items);
      lists.set(said.list, list);
    }
    // Whoever waited meanwhile comes first.
    await setImmediate();
  }
}

/** With its texts in the language of this process: the other one has none. */
function readAgain(finding: FileFinding): FileFinding {
  const { repairs, ...own } = inThisLanguage(finding);
  return repairs === undefined ? own : { ...own, repairs: repairs.map((repair) => ({ ...repair, how: textOf(repair.reason) })) };
}
