import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { DoppelwerkError, said } from "@doppelwerk/world";
import type { Command } from "./command.ts";

/** Every state of every command, a line each, on disk before it is acted upon. Kept whole: it is the record of what was done to machines. */
export interface CommandJournal {
  /** The last state of each command, oldest first. */
  readonly commands: ReadonlyMap<string, Command>;
  put(command: Command): void;
  close(): void;
}

/** Throws DW_DAMAGED when a line in the middle is none; a torn last line (a crash while writing) is cut off. */
export function openCommandJournal(path: string): CommandJournal {
  const commands = new Map<string, Command>();
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, whole).toString().split("\n").slice(0, -1);
    for (const [at, line] of lines.entries()) {
      try {
        const command = JSON.parse(line) as Command;
        commands.set(command.id, command);
      } catch {
        throw new DoppelwerkError("DW_DAMAGED", said`line ${at + 1} of the journal of commands cannot be read: ${path}`);
      }
    }
    if (whole < bytes.length) truncateSync(path, whole);
  }
  const file = openSync(path, "a", 0o600);
  let open = true;
  return {
    commands,
    put(command) {
      // a number of a closed file may be another file by now
      if (!open) throw new DoppelwerkError("DW_UNAVAILABLE", said`the journal of commands is closed: ${path}`);
      writeSync(file, `${JSON.stringify(command)}\n`);
      fsyncSync(file);
      commands.set(command.id, command);
    },
    close() {
      open = false;
      closeSync(file);
    },
  };
}
