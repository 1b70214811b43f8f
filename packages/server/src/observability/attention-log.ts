import type { TransparencyLog } from "../transparency/transparency-log.ts";
import type { Attention } from "./attention.ts";

/** What of the state of the server is an event of security; how busy it is, is none. */
const OF_SECURITY: ReadonlySet<string> = new Set([
  "server.attentionSignIns",
  "server.attentionExpired",
  "server.attentionExpires",
  "server.attentionNotRenewed",
  "server.attentionFull",
  "server.attentionRefusing",
  "server.attentionDamaged",
  "server.attentionDisk",
  "server.attentionNoBackup",
  "server.attentionBackup",
  "server.attentionSecurityRelease",
  "server.attentionDropped.transparency",
  "server.attentionClock",
  "server.attentionScanner",
  "proof.attentionCosigned",
  "proof.attentionStamped",
  "proof.attentionAnchored",
]);

const EVERY_MS = 30_000;

/** Writes to the transparency log when something that needs attention begins, and when it is over; by its code alone. */
export class AttentionLog {
  readonly #log: Pick<TransparencyLog, "append">;
  readonly #look: () => Promise<readonly Attention[]>;
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Map<string, Attention["level"]>();

  constructor(log: Pick<TransparencyLog, "append">, look: () => Promise<readonly Attention[]>, onFault: (error: unknown) => void) {
    this.#log = log;
    this.#look = look;
    this.#timer = setInterval(() => void this.look().catch(onFault), EVERY_MS).unref();
  }

  /** Errors: DW_UNAVAILABLE; the next look tells it then. */
  async look(): Promise<void> {
    const found = new Map((await this.#look()).map(({ level, message: { code } }) => [code, level] as const));
    for (const [code, level] of found) {
      if (!OF_SECURITY.has(code) || this.#open.has(code)) continue;
      await this.#log.append(() => ({ what: "attention", code, level, state: "begun" }));
      this.#open.set(code, level);
    }
    for (const [code, level] of this.#open) {
      if (found.has(code)) continue;
      await this.#log.append(() => ({ what: "attention", code, level, state: "over" }));
      this.#open.delete(code);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
