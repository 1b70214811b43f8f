import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { tell } from "./page.mjs";

const LINES_KEPT = 8;
/** A log that storms must not fill the disk. */
const LOG_BYTES_MAX = 32 << 20;

/** Where every program of one start writes what it says, beside the screen. */
export interface StartLog {
  readonly path: string;
  write(line: string): void;
}

export function openStartLog(path: string): StartLog {
  const file = openSync(path, "w");
  process.once("exit", () => closeSync(file));
  let room = LOG_BYTES_MAX;
  return {
    path,
    write(line) {
      if (room > 0) room -= writeSync(file, `${line}\n`);
    },
  };
}

/** A program that a start runs: what it says is kept, and told when it ends without an order. */
export interface WatchedProgram {
  readonly name: string;
  readonly child: ChildProcess;
  /** The newest lines on its stderr, as people read them. */
  readonly lastLines: readonly string[];
  /** It ended, and what it said is read to the end. */
  readonly closed: Promise<void>;
}

export interface WatchOptions {
  readonly name: string;
  readonly log: StartLog;
  /** `tell`: its lines are shown as people read them; `raw`: as they are; `hold`: only kept. */
  readonly show: "tell" | "raw" | "hold";
  readonly environment: Record<string, string | undefined>;
}

export function watchProgram(command: readonly string[], { name, log, show, environment }: WatchOptions): WatchedProgram {
  const child = spawn(process.execPath, command, {
    // The channel carries nothing: it closes when this process is gone, however that came.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: environment,
  });
  const lastLines: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    log.write(line);
    if (show === "raw") process.stderr.write(`${line}\n`);
    // Where in the code it was stands in the log; the screen says what.
    if (/^\s+at /.test(line)) return;
    const readable = readableLine(line);
    lastLines.push(readable);
    if (lastLines.length > LINES_KEPT) lastLines.shift();
    if (show === "tell") tell(readable.startsWith("doppelwerk: ") ? readable : `  ${readable}`);
  });
  return { name, child, lastLines, closed: new Promise((resolve) => child.once("close", () => resolve())) };
}

const levels: Readonly<Record<number, string>> = { 10: "trace", 20: "debug", 30: "info", 40: "warning", 50: "error", 60: "fatal" };
const headers = new Set(["level", "time", "pid", "hostname", "msg", "err"]);

/** A line of the structured log for a person: time of day, level, message, then what else it says. Other lines stay as they came. */
export function readableLine(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const entry = JSON.parse(line) as { level: number; time: number; msg?: string; err?: { message?: string } };
    const rest = Object.entries(entry)
      .filter(([name]) => !headers.has(name))
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    const said = [entry.msg, entry.err?.message, ...rest].filter((part) => part !== undefined).join(" · ");
    return `${new Date(entry.time).toTimeString().slice(0, 8)} ${levels[entry.level] ?? entry.level} ${said}`.slice(0, 400);
  } catch {
    return line;
  }
}

/** A program that refused to start has said why in one line of its own; nothing is to be added to it. */
export function refusalOf({ child, lastLines }: WatchedProgram): string | undefined {
  const last = lastLines.at(-1);
  const refused = child.exitCode === 1 || child.exitCode === 2;
  return refused && last !== undefined && /^(doppelwerk|the demo plant cannot start): /.test(last) ? last : undefined;
}

/** Which program ended, how, with what last words, and what to do. */
export function obituary({ name, child, lastLines }: WatchedProgram, log: StartLog): string {
  const how = child.signalCode === null ? `exit code ${child.exitCode}` : `killed by ${child.signalCode}`;
  const memory =
    child.signalCode === "SIGKILL" ? ["  SIGKILL that nobody sent usually means that the machine ran out of memory: check dmesg."] : [];
  return [
    `\ndoppelwerk: ${name} ended by itself (${how}); everything else was stopped.`,
    ...(lastLines.length === 0
      ? ["  It printed nothing before it ended."]
      : ["  Its last output:", ...lastLines.map((line) => `    ${line}`)]),
    "  What to do: npm start again; every acknowledged change is on disk.",
    ...memory,
    `  The whole log of this start: ${log.path}`,
  ].join("\n");
}
