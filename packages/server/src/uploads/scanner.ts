import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, type Instant } from "@doppelwerk/world";
import type { Logger } from "pino";
import { scanByClamd, type ScannerAddress } from "./clamd.ts";

export interface ScannerOptions {
  readonly address: ScannerAddress;
  /** Whether a file is stored that could not be scanned. */
  readonly isOptional: boolean;
  now(): Instant;
  readonly logger: Pick<Logger, "warn">;
}

export interface ScannerState {
  readonly address: string;
  readonly scanned: number;
  readonly found: number;
  /** Files that were stored without a judgement. */
  readonly unscanned: number;
  readonly failing?: { readonly since: Instant; readonly reason: string };
}

/** At once; further ones wait. */
const AT_ONCE = 4;

/** Has a malware scanner judge what comes in, before it is stored. */
export class Scanner {
  readonly #options: ScannerOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #scanned = 0;
  #found = 0;
  #unscanned = 0;
  #failing: ScannerState["failing"];

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  get state(): ScannerState {
    const [scanned, found, unscanned] = [this.#scanned, this.#found, this.#unscanned];
    return { address: this.#options.address.text, scanned, found, unscanned, ...(this.#failing && { failing: this.#failing }) };
  }

  /** Errors: DW_FORBIDDEN where something was found, DW_UNAVAILABLE where nobody judged and that is not optional. */
  async check(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const { address, isOptional, now, logger } = this.#options;
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    let found: string | undefined;
    try {
      found = await scanByClamd(address, pieces);
      this.#failing = undefined;
    } catch (error) {
      const { message: said, code } = error as NodeJS.ErrnoException;
      const reason = (said || code || "unknown").slice(0, 200);
      if (this.#failing === undefined) logger.warn({ scanner: address.text, reason }, "a file could not be scanned");
      this.#failing = { since: this.#failing?.since ?? now(), reason };
      if (!isOptional) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotScanned", { reason: verbatim(reason) }));
      this.#unscanned++;
      return;
    } finally {
      // a place goes on to who waits
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
    this.#scanned++;
    if (found === undefined) return;
    this.#found++;
    logger.warn({ found }, "a file was refused: the scanner found something in it");
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.fileInfected", { found: found.slice(0, 100) }));
  }
}
