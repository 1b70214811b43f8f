import { fork, type ChildProcess } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { inThisLanguage, readFile } from "@doppelwerk/aas";
import type { Environment, FileContent, FileFinding, FileReport, Identifiable } from "@doppelwerk/aas";
import { message as messageOf, textOf } from "@doppelwerk/kit";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ReadFile } from "@doppelwerk/ports";
import { reportOf, type RepairRequest } from "@doppelwerk/aas";
import { bytesOf, sourceOf, type FileSource, type TakeFile } from "./file-source.ts";
import type { FilePiece, FromReader, ToReader } from "./read-file-main.ts";

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

/** A file as it was read, its supplementary files wherever they were taken. */
export interface ReadInto<File> {
  readonly content: Omit<FileContent, "files"> & { readonly files: ReadonlyMap<string, File> };
  readonly report: FileReport;
}

export type FileReader = <File>(
  source: FileSource,
  request: RepairRequest,
  take: TakeFile<File>,
  signal?: AbortSignal,
) => Promise<ReadInto<File>>;

/**
 * Reads and checks files in a process of its own, one at a time, so that the live plant is never kept waiting by a file, and a file that takes too much
 * memory or time ends that process and nothing else. The file goes over in pieces, and so does what was read. Errors: DW_INVALID (too much memory or
 * time), DW_UNAVAILABLE (too many files wait), DW_CANCELLED (the signal ended).
 */
export function createFileReader(options: ReadBesideOptions = {}): FileReader {
  const { beside = BESIDE, heapMb = HEAP_MB, withinMs = WITHIN_MS } = options;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (source, request, take, signal) => {
    if (source.size < beside) return taken(readHere(await bytesOf(source), request), take);
    if (waiting >= WAITING_MAX) throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("assets.filesWaitRead", { max: WAITING_MAX }));
    waiting++;
    const read = last.then(() => readInProcess(source, request, take, { heapMb, withinMs, signal }));
    // what was read is not kept for as long as no other file comes; a failure is handled by the caller, and the next file is read all the same
    last = Promise.allSettled([read]).then(() => {});
    return read.finally(() => waiting--);
  };
}

async function taken<File>({ content, report }: ReadFile, take: TakeFile<File>): Promise<ReadInto<File>> {
  const files = new Map<string, File>();
  for (const [path, { contentType, bytes }] of content.files) files.set(path, await take(contentType, sourceOf(bytes).pieces()));
  return { content: { ...content, files }, report };
}

/** In this thread. */
export function readHere(bytes: Uint8Array, request: RepairRequest): ReadFile {
  const content = readFile(bytes);
  const { environment, report } = reportOf(content, request);
  return { content: { ...content, environment }, report };
}

interface Bounds {
  readonly heapMb: number;
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

async function readInProcess<File>(
  source: FileSource,
  request: RepairRequest,
  take: TakeFile<File>,
  { heapMb, withinMs, signal }: Bounds,
): Promise<ReadInto<File>> {
  if (signal?.aborted) throw cancelled();
  const main = new URL(import.meta.url.endsWith(".ts") ? "read-file-main.ts" : "read-file-main.js", import.meta.url);
  const child = fork(main, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [`--max-old-space-size=${heapMb}`],
  });
  const kill = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(kill, withinMs);
  signal?.addEventListener("abort", kill, { once: true });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (error) =>
      reject(new DoppelwerkError("DW_UNAVAILABLE", messageOf("assets.fileCannotReadNow", { reason: error.message }))),
    );
    child.once("exit", (code, by) =>
      reject(
        signal?.aborted
          ? cancelled()
          : new DoppelwerkError(
              "DW_INVALID",
              messageOf("assets.readingFileGivenUp", { signal: by ?? `code ${code}`, heapMb, withinMs: withinMs / 1_000 }),
            ),
      ),
    );
  });
  ended.catch(() => {
    // handled where `collect` waits for it; an exit after the answer is no failure
  });
  try {
    return await collect(askerOf(child, ended), source, request, take);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

type Ask = (message: ToReader) => Promise<FromReader>;

function askerOf(child: ChildProcess, ended: Promise<never>): Ask {
  return (message) => {
    const answer = new Promise<FromReader>((resolve) => child.once("message", (said: FromReader) => resolve(said)));
    child.send(message, () => undefined); // A process that is gone is told by its exit.
    return Promise.race([answer, ended]);
  };
}

async function collect<File>(ask: Ask, source: FileSource, request: RepairRequest, take: TakeFile<File>): Promise<ReadInto<File>> {
  await ask({ kind: "begin", size: source.size, request });
  for await (const bytes of source.pieces()) await ask({ kind: "piece", bytes });
  const lists = new Map<keyof Environment, Identifiable[]>();
  const files = new Map<string, File>();
  for (;;) {
    const said = await ask({ kind: "next" });
    if (said.kind === "end") {
      const environment = { ...said.content.environment, ...Object.fromEntries(lists) } as Environment;
      const { report, content } = said;
      return {
        report: { ...report, findings: report.findings.map(readAgain) },
        content: { ...content, findings: content.findings.map(inThisLanguage), environment, files },
      };
    }
    if (said.kind === "file") files.set(said.path, await take(said.contentType, bytesFrom(said, ask)));
    else if (said.kind === "items") {
      const list = lists.get(said.list) ?? [];
      list.push(...said.items);
      lists.set(said.list, list);
    }
    // Whoever waited meanwhile comes first.
    await setImmediate();
  }
}

async function* bytesFrom(first: FilePiece, ask: Ask): AsyncGenerator<Uint8Array> {
  for (let piece = first; ; piece = (await ask({ kind: "next" })) as FilePiece) {
    yield piece.bytes;
    if (piece.isLast) return;
  }
}

function cancelled(): DoppelwerkError {
  return new DoppelwerkError("DW_CANCELLED", messageOf("assets.importCancelled"));
}

/** With its texts in the language of this process: the other one has none. */
function readAgain(finding: FileFinding): FileFinding {
  const { repairs, ...own } = inThisLanguage(finding);
  return repairs === undefined ? own : { ...own, repairs: repairs.map((repair) => ({ ...repair, how: textOf(repair.reason) })) };
}
