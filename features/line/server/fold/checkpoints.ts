import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import type { LineEngine, LineEngineState } from "@doppelwerk/operations";
import type { Instant } from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";

/** The newest are for a restart and for late data; of older ones one a shift is kept, for forecasts that begin in the past. */
const KEPT = 6;
const KEPT_APART: Instant = 8 * 3_600_000_000;
const KEPT_OLD = 42;

/**
 * States of the line engine on disk, so that a restart folds minutes instead of weeks and late data re-folds from before it. A cache: any file
 * may be missing or damaged, and the past is derived from the historian.
 */
export class Checkpoints {
  readonly #directory: string;
  readonly #logger: FeatureLog;

  constructor(directory: string, logger: FeatureLog) {
    this.#directory = directory;
    this.#logger = logger;
    mkdirSync(directory, { recursive: true });
  }

  save(engine: LineEngine): void {
    const name = `${hashOf(engine)}-${String(engine.now()).padStart(17, "0")}.checkpoint`;
    const path = join(this.#directory, name);
    try {
      writeFileSync(`${path}.new`, deflateSync(JSON.stringify(engine.snapshot()), { level: 1 }));
      renameSync(`${path}.new`, path);
    } catch (error) {
      // a cache: where the disk is full the past is derived from an older state
      this.#logger.warn({ err: error }, "a checkpoint of the line could not be kept");
      rmSync(`${path}.new`, { force: true });
      return;
    }
    const names = this.#names();
    const old = names.slice(0, Math.max(0, names.length - KEPT));
    const kept = old.filter(
      (each, at) => at === 0 || Math.floor(instantOf(each) / KEPT_APART) > Math.floor(instantOf(old[at - 1]!) / KEPT_APART),
    );
    const last = new Set(kept.slice(-KEPT_OLD));
    for (const each of old) if (!last.has(each)) rmSync(join(this.#directory, each), { force: true });
  }

  /** Restores the newest state before `before` of an engine of this very definition and these rules; undefined when there is none. */
  restore(engine: LineEngine, before: Instant = Number.POSITIVE_INFINITY): LineEngine | undefined {
    const prefix = `${hashOf(engine)}-`;
    for (const name of this.#names().reverse()) {
      if (!name.startsWith(prefix) || instantOf(name) >= before) continue;
      try {
        engine.restore(JSON.parse(inflateSync(readFileSync(join(this.#directory, name))).toString("utf8")) as LineEngineState);
        return engine;
      } catch (error) {
        this.#logger.warn({ err: error, file: name }, "a checkpoint of the line cannot be read; it is derived again");
        rmSync(join(this.#directory, name), { force: true });
      }
    }
    return undefined;
  }

  /** Drops the states from `since` on, of every definition: samples came that they do not hold. */
  forget(since: Instant): void {
    for (const name of this.#names()) if (instantOf(name) >= since) rmSync(join(this.#directory, name), { force: true });
  }

  #names(): string[] {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith(".checkpoint"))
      .sort((a, b) => instantOf(a) - instantOf(b));
  }
}

function instantOf(name: string): Instant {
  return Number(name.slice(name.indexOf("-") + 1, name.indexOf(".")));
}

/** A state fits an engine of the same definition and rules, that hold since the same instants. */
function hashOf({ definition, rules, rulesSince }: LineEngine): string {
  return createHash("sha256")
    .update(JSON.stringify([definition, rules, ...(rulesSince.size === 0 ? [] : [[...rulesSince]])]))
    .digest("hex")
    .slice(0, 16);
}
