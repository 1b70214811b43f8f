import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import { hostsOf, outsideOf, readOutsideConfig, writeOutsideConfig, type OutsideConfig } from "./outside-config.ts";
import { OutsideProof } from "./outside-proof.ts";
import { Witness } from "./witness.ts";

export interface OutsideServiceOptions {
  readonly data: string;
  readonly log: TransparencyLog;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Hosts, with their port where it is not that of https, that administrators may have asked; those of the configuration at the start may be asked too. */
  readonly hosts?: readonly string[];
}

/** Proof of the transparency log by others, and for others, as it is set up now: it is changed while the server runs. */
export class OutsideService {
  readonly #options: OutsideServiceOptions;
  readonly #hosts: ReadonlySet<string>;
  #config: OutsideConfig;
  #proof: OutsideProof | undefined;
  #witness: Witness | undefined;
  /** One change at a time. */
  #changing: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Errors: those of the files that say so. */
  constructor(options: OutsideServiceOptions) {
    this.#options = options;
    this.#config = readOutsideConfig(options.data);
    this.#witness = Witness.open(options.data);
    this.#hosts = new Set([...(options.hosts ?? []).map((host) => host.toLowerCase()), ...hostsOf(this.#config)]);
    this.#proof = this.#started();
  }

  /** Undefined where nobody is asked. */
  get proof(): OutsideProof | undefined {
    return this.#proof;
  }

  /** Undefined where it is no witness. */
  get witness(): Witness | undefined {
    return this.#witness;
  }

  get config(): OutsideConfig {
    return this.#config;
  }

  /** Hosts that may be asked, sorted. */
  get hosts(): readonly string[] {
    return [...this.#hosts].toSorted();
  }

  /**
   * Whom the log is shown to from now on; `value` is as the file of the command has it, where the key that pays may be left out: then the one of now stays.
   * Errors: DW_INVALID, DW_FORBIDDEN for a host that is not on the list, DW_CONFLICT while an anchor waits on a chain that would be another, DW_UNAVAILABLE.
   */
  configure(value: unknown): Promise<void> {
    return this.#inTurn(async () => {
      const config = await outsideOf(this.#withKey(value));
      const other = [...hostsOf(config)].find((host) => !this.#hosts.has(host));
      if (other !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("proof.outsideHostNotListed", { host: other }));
      if (this.#proof?.isAnchorPending === true && !isSameAccount(this.#config, config))
        throw new DoppelwerkError("DW_CONFLICT", message("proof.outsideAnchorWaits"));
      writeOutsideConfig(this.#options.data, config);
      await this.#proof?.close();
      this.#config = config;
      this.#proof = this.#started();
    });
  }

  /** Makes this server a witness where it is none. Errors: those of `Witness.addLog`. */
  cosign(key: string): void {
    const witness = Witness.make(this.#options.data);
    this.#witness ??= witness;
    this.#witness.addLog(key);
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  forget(origin: string, alsoCheckpoint: boolean): void {
    if (this.#witness === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("proof.witnessNone"));
    this.#witness.removeLog(origin);
    if (alsoCheckpoint) this.#witness.forgetCheckpoint(origin);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#changing;
    await this.#proof?.close();
  }

  #started(): OutsideProof | undefined {
    const { data, log, logger } = this.#options;
    return Object.keys(this.#config).length === 0 ? undefined : new OutsideProof({ data, log, config: this.#config, logger });
  }

  /** A key in a body is taken; it is in no answer. */
  #withKey(value: unknown): unknown {
    const { anchoring } = Object(value) as { readonly anchoring?: unknown };
    const key = this.#config.anchoring?.key;
    if (anchoring === undefined || anchoring === null || key === undefined || "key" in Object(anchoring)) return value;
    return { ...(value as object), anchoring: { ...(anchoring as object), key } };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#changing.then(() => (this.#isClosed ? undefined : work()));
    this.#changing = next.catch(() => {
      // told to who asked for it
    });
    return next;
  }
}

/** Whether what was sent to the chain is still looked for in the same place, by the same account. */
function isSameAccount({ anchoring: before }: OutsideConfig, { anchoring: after }: OutsideConfig): boolean {
  return before?.chain === after?.chain && before?.contract?.toLowerCase() === after?.contract?.toLowerCase() && before?.key === after?.key;
}
