import { join } from "node:path";
import { message, type Message } from "@doppelwerk/messages";
import { parseKeyText, parseNote, type NoteKey } from "@doppelwerk/trust/log";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { Logger } from "pino";
import { Anchoring, type AnchorStep } from "../anchoring/anchoring.ts";
import type { IndependentNodes } from "../anchoring/block-agreement.ts";
import { ChainNode } from "../anchoring/chain-node.ts";
import { partsOf } from "../transparency/folder.ts";
import { OutsideRecords, type OutsideKind } from "../transparency/outside-records.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import { askOutside, type Reachable } from "./ask-outside.ts";
import { askTimeStamp } from "./ask-time-stamp.ts";
import { askWitness, type Cosignature } from "./ask-witness.ts";
import { hostsOf, type AnchoringConfig, type OutsideConfig, type WitnessesConfig } from "./outside-config.ts";

/** How often is looked whether something is due. */
const TICK_MS = 5_000;
/** After a failure it is tried again so soon, however long the interval is. */
const RETRY_MS = 60_000;

/** How it is with one kind of statement. */
export interface OutsideState {
  /** Of the last that was received. */
  readonly size?: number;
  /** Microseconds since 1970. */
  readonly at?: number;
  /** Why the last attempt failed; absent once one succeeds. */
  readonly failure?: Message;
  readonly failures: number;
}

export interface WitnessState {
  readonly key: string;
  readonly url: string;
  readonly size?: number;
  /** Seconds since 1970, by its clock. */
  readonly signedAt?: number;
  readonly failure?: Message;
  /** It had cosigned more of this log than it knew later: its own record was set back. */
  readonly forgot?: Cosignature["forgot"];
}

interface Task {
  readonly everyMs: number;
  readonly everyEntries: number;
  run(): Promise<void>;
  triedAt: number;
  failures: number;
  failure?: Message;
}

export interface OutsideProofOptions {
  readonly data: string;
  readonly log: TransparencyLog;
  readonly config: OutsideConfig;
  readonly logger: Pick<Logger, "warn" | "error">;
  readonly nowMs?: () => number;
}

/** Has checkpoints of the log cosigned, stamped and anchored by others, each so often as configured and where the log grew. */
export class OutsideProof {
  readonly records: OutsideRecords;
  readonly config: OutsideConfig;
  readonly #options: OutsideProofOptions;
  readonly #reachable: Reachable;
  readonly #closing = new AbortController();
  readonly #tasks = new Map<OutsideKind, Task>();
  readonly #witnesses = new Map<string, WitnessState>();
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #anchoring: Anchoring | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** Errors: DW_DAMAGED. */
  constructor(options: OutsideProofOptions) {
    const { data, config, nowMs = () => Date.now() } = options;
    this.#options = options;
    this.config = config;
    this.#nowMs = nowMs;
    this.#reachable = { hosts: hostsOf(config), signal: this.#closing.signal };
    this.records = new OutsideRecords(partsOf(data).outside);
    const { witnesses, timeStamps, anchoring } = config;
    if (witnesses !== undefined) {
      this.#recallWitnesses(witnesses);
      this.#add("cosigned", witnesses, () => this.#cosign(witnesses));
    }
    if (timeStamps !== undefined) this.#add("stamped", timeStamps, () => this.#stamp());
    if (anchoring !== undefined) {
      const node = chainNode(anchoring, this.#reachable);
      this.#anchoring = new Anchoring(
        node,
        anchoring,
        join(partsOf(data).directory, "anchoring.json"),
        nowMs,
        independentNodes(anchoring, this.#reachable),
      );
      this.#add("anchored", anchoring, () => this.#anchor());
    }
    this.#timer = setInterval(() => void this.#tick(), TICK_MS).unref();
  }

  get kinds(): readonly OutsideKind[] {
    return [...this.#tasks.keys()];
  }

  stateOf(kind: OutsideKind): OutsideState | undefined {
    const task = this.#tasks.get(kind);
    if (task === undefined) return undefined;
    const last = this.records.newest(kind);
    return { ...(last && { size: last.size, at: last.at }), ...(task.failure && { failure: task.failure }), failures: task.failures };
  }

  get witnesses(): readonly WitnessState[] {
    return [...this.#witnesses.values()];
  }

  /** Whether a checkpoint waits in the chain until it is deep enough. */
  get isAnchorPending(): boolean {
    return this.#anchoring?.isPending === true;
  }

  /** Everything that is configured, now; what fails is in the states. */
  run(kinds: readonly OutsideKind[] = this.kinds): Promise<void> {
    return this.#inTurn(kinds);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
  }

  #add(
    kind: OutsideKind,
    every: { readonly everyMinutes: number; readonly everyEntries?: number | undefined },
    run: () => Promise<void>,
  ): void {
    const last = this.records.newest(kind);
    this.#tasks.set(kind, {
      everyMs: every.everyMinutes * 60_000,
      everyEntries: every.everyEntries ?? Number.POSITIVE_INFINITY,
      run,
      triedAt: last === undefined ? Number.NEGATIVE_INFINITY : last.at / 1_000,
      failures: 0,
    });
  }

  #tick(): Promise<void> {
    return this.#inTurn(this.kinds.filter((kind) => this.#isDue(kind)));
  }

  #isDue(kind: OutsideKind): boolean {
    const task = this.#tasks.get(kind)!;
    const since = this.#nowMs() - task.triedAt;
    if (task.failure !== undefined) return since >= Math.min(RETRY_MS, task.everyMs);
    if (kind === "anchored" && this.isAnchorPending) return true;
    const grown = this.#options.log.size - (this.records.newest(kind)?.size ?? 0);
    return grown > 0 && (since >= task.everyMs || grown >= task.everyEntries);
  }

  /** One after the other: nothing is asked twice at a time. */
  #inTurn(kinds: readonly OutsideKind[]): Promise<void> {
    const next = this.#running.then(async () => {
      // the log is closed after this
      if (!this.#isClosed) await Promise.all(kinds.map((kind) => this.#attempt(kind)));
    });
    this.#running = next;
    return next;
  }

  async #attempt(kind: OutsideKind): Promise<void> {
    const task = this.#tasks.get(kind);
    if (task === undefined) return;
    task.triedAt = this.#nowMs();
    try {
      await task.run();
      delete task.failure;
    } catch (error) {
      if (task.failure === undefined) this.#options.logger.warn({ err: error }, `a checkpoint of the transparency log was not ${kind}`);
      task.failure = reasonOf(error);
      task.failures++;
    }
  }

  async #cosign({ of, needed }: WitnessesConfig): Promise<void> {
    const { log } = this.#options;
    const { size, note } = await log.checkpoint();
    const signed = { key: logKeyOf(log), size, note, consistency: (old: number) => log.consistency(old, size) };
    const nowS = (): number => Math.floor(this.#nowMs() / 1_000);
    const answers = await Promise.allSettled(
      of.map((witness) => askWitness(witness, signed, this.#witnesses.get(witness.key)?.size ?? 0, this.#reachable, nowS)),
    );
    const lines: string[] = [];
    for (const [at, answer] of answers.entries()) {
      const { key, url } = of[at]!;
      const { failure: _, ...before } = this.#witnesses.get(key) ?? { key, url };
      if (answer.status === "rejected") {
        this.#witnesses.set(key, { ...before, failure: reasonOf(answer.reason) });
        continue;
      }
      const { line, signedAt, forgot = before.forgot } = answer.value;
      if (forgot !== before.forgot)
        this.#options.logger.warn(
          { ...forgot },
          `the witness at ${new URL(url).host} knew less of the transparency log than it had cosigned`,
        );
      lines.push(line);
      this.#witnesses.set(key, { ...before, size, signedAt, ...(forgot && { forgot }) });
    }
    // fewer are no proof by the own policy
    if (lines.length < needed)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("proof.witnessTooFew", { count: lines.length, needed, of: of.length }));
    this.records.append({ what: "cosigned", size, note: note + lines.map((line) => `${line}\n`).join(""), at: this.#nowMs() * 1_000 });
  }

  async #stamp(): Promise<void> {
    const { size, note } = await this.#options.log.checkpoint();
    const { token } = await askTimeStamp(this.config.timeStamps!, parseNote(note)!.text, this.#reachable);
    this.records.append({ what: "stamped", size, note, token: Buffer.from(token).toString("base64"), at: this.#nowMs() * 1_000 });
  }

  async #anchor(): Promise<void> {
    const step = await this.#anchorStep();
    if (step.state !== "anchored") return;
    const { of, anchor } = step;
    this.records.append({ what: "anchored", size: of.size, note: of.note, anchor, at: this.#nowMs() * 1_000 });
  }

  async #anchorStep(): Promise<AnchorStep> {
    const anchoring = this.#anchoring!;
    if (anchoring.isPending) return anchoring.step();
    const { size, note, root } = await this.#options.log.checkpoint();
    return anchoring.begin({ size, note, root: Buffer.from(root).toString("base64") });
  }

  /** How far each witness is, from the last checkpoint that has its line. */
  #recallWitnesses({ of }: WitnessesConfig): void {
    const last = this.records.newest("cosigned");
    const lines = last === undefined ? [] : (parseNote(last.note)?.lines ?? []);
    for (const { key, url } of of) {
      const isIn = lines.some(({ name }) => name === parseKeyText(key)!.name);
      this.#witnesses.set(key, { key, url, ...(isIn && { size: last!.size, signedAt: Math.floor(last!.at / 1e6) }) });
    }
  }
}

function logKeyOf(log: TransparencyLog): NoteKey {
  return parseKeyText(log.keyText)!;
}

export function chainNode(
  { url, chain, authority }: Pick<AnchoringConfig, "url" | "chain" | "authority">,
  reachable: Reachable,
): ChainNode {
  return new ChainNode({ url, chain }, (body, maxOctets) =>
    askOutside(url, reachable, { contentType: "application/json", body, authority, maxOctets }),
  );
}

function independentNodes({ chain, independent }: Pick<AnchoringConfig, "chain" | "independent">, reachable: Reachable): IndependentNodes {
  const nodes = (independent?.of ?? []).map((node) => chainNode({ ...node, chain }, reachable));
  return { needed: independent?.needed ?? 0, nodes };
}
