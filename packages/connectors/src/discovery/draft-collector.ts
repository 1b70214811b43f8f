import type { ValueType } from "@doppelwerk/world";
import type { Scalar } from "../samples/json-pointer.ts";
import type { BrowseResult, SignalDraft } from "@doppelwerk/world";
import type { Message } from "@doppelwerk/messages";
import { SkipCounter } from "./skip-counter.ts";

/** Collects drafts by address up to a bound, and what was left out by reason. */
export class DraftCollector {
  readonly #most: number;
  readonly #drafts = new Map<string, SignalDraft>();
  readonly #skipped = new SkipCounter();
  readonly #remarks = new Map<string, Message>();
  #truncated = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether the draft was new. */
  add(draft: Omit<SignalDraft, "writable" | "hasHistory"> & Partial<SignalDraft>): boolean {
    const known = this.#drafts.get(draft.address);
    if (known === undefined && this.#drafts.size >= this.#most) {
      this.#truncated = true;
      return false;
    }
    // a whole number and later a broken one: the wider type holds both
    const valueType = known === undefined ? draft.valueType : wider(known.valueType, draft.valueType);
    this.#drafts.set(draft.address, { writable: false, hasHistory: false, ...draft, valueType });
    return known === undefined;
  }

  get size(): number {
    return this.#drafts.size;
  }

  skip(reason: Message, count = 1): void {
    this.#skipped.skip(reason, count);
  }

  /** Something that a person should know before taking the drafts; the same one counts once. */
  remark(remark: Message): void {
    this.#remarks.set(JSON.stringify(remark), remark);
  }

  result(serverName: string, namespaces: readonly string[] = []): BrowseResult {
    return {
      serverName,
      namespaces,
      drafts: [...this.#drafts.values()],
      skipped: this.#skipped.list(),
      truncated: this.#truncated,
      ...(this.#remarks.size > 0 ? { remarks: [...this.#remarks.values()] } : {}),
    };
  }
}

function wider(a: ValueType, b: ValueType): ValueType {
  if (a === b) return a;
  const numbers: readonly ValueType[] = ["integer", "double"];
  return numbers.includes(a) && numbers.includes(b) ? "double" : "string";
}

/** The type one example speaks for. Numbers count as `double`: a whole one says nothing about the next. */
export function typeOfScalar(value: Scalar): ValueType {
  return typeof value === "number" ? "double" : typeof value === "boolean" ? "boolean" : "string";
}

export function exampleOf(value: Scalar): string {
  return String(value).slice(0, 80);
}
