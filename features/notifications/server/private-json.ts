import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DoppelwerkError, message, z } from "@doppelwerk/kit";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import type {} from "../message-codes.ts";

/** A file with secrets: read by the user of the server alone, sealed where secrets of the data folder are, replaced whole. */
export class PrivateJson<Shape extends z.ZodType> {
  readonly #path: string;
  readonly #name: string;
  readonly #shape: Shape;

  constructor(folder: string, name: string, shape: Shape) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, name);
    this.#name = `notifications/${name}`;
    this.#shape = shape;
  }

  /** Undefined where there is none. Errors: DW_DAMAGED, DW_FORBIDDEN (sealed with another key). */
  read(): z.output<Shape> | undefined {
    if (!existsSync(this.#path)) return undefined;
    const text = openedFromDisk(this.#name, readFileSync(this.#path, "utf8"));
    try {
      return this.#shape.parse(JSON.parse(text));
    } catch (error) {
      throw new DoppelwerkError(
        "DW_DAMAGED",
        message("notifications.fileDamaged", { path: this.#path, reason: (error as Error).message.slice(0, 300) }),
      );
    }
  }

  /** On disk once it returns. Errors: DW_UNAVAILABLE. */
  write(value: z.input<Shape>): void {
    try {
      writeFileSync(`${this.#path}.new`, sealedForDisk(this.#name, JSON.stringify(value)), { mode: 0o600, flush: true });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("notifications.fileNotWritten", { path: this.#path, reason: (error as Error).message }),
      );
    }
  }
}
