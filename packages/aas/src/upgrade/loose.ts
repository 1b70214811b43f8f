import { message, type Message } from "@doppelwerk/messages";
import { MAX_FINDINGS } from "../validation/read-instance.ts";
import { info, repaired, type Finding } from "../finding.ts";

/** A JSON object of unknown shape. */
export type Loose = Readonly<Record<string, unknown>>;

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value says nothing: null, "", [], {}. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The items of a list, or the one thing that stands where a list belongs. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
}

/** An object that is copied when it is first changed. */
export class Draft {
  readonly #given: Loose;
  #changed: Record<string, unknown> | undefined;

  constructor(given: Loose) {
    this.#given = given;
  }

  get(name: string): unknown {
    const now = this.now();
    return Object.hasOwn(now, name) ? now[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.now(), name);
  }

  set(name: string, value: unknown): void {
    if (this.has(name) && this.now()[name] === value) return;
    this.#changed ??= { ...this.#given };
    if (value === undefined) delete this.#changed[name];
    else Object.defineProperty(this.#changed, name, { value, enumerable: true, configurable: true, writable: true });
  }

  /** The value of an attribute, which is gone afterwards. */
  take(name: string): unknown {
    const value = this.get(name);
    if (this.has(name)) this.set(name, undefined);
    return value;
  }

  names(): string[] {
    return Object.keys(this.now());
  }

  /** The object as it is now: the given one where nothing changed. */
  now(): Loose {
    return this.#changed ?? this.#given;
  }
}

/** What an upgrade has to say. Things that come in hundreds (an idType on every key) are told once, with their number. */
export class Reporting {
  readonly #findings: Finding[] = [];
  readonly #counted = new Map<string, { readonly path: string; readonly constraint: string; readonly reason: Message; count: number }>();
  /** Whether anything was met that only an earlier release writes. */
  legacy = false;

  repaired(path: string, constraint: string, reason: Message): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(repaired(path, constraint, reason));
  }

  info(path: string, constraint: string, reason: Message): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(info(path, constraint, reason));
  }

  /** Something that is told once for the whole file; constraint `release` says that it belongs to an earlier one. */
  count(path: string, reason: Message, constraint = "release"): void {
    if (constraint === "release") this.legacy = true;
    const key = JSON.stringify(reason);
    const known = this.#counted.get(key);
    if (known === undefined) this.#counted.set(key, { path, constraint, reason, count: 1 });
    else known.count++;
  }

  findings(): Finding[] {
    const counted = [...this.#counted.values()].map(({ path, constraint, reason, count }) =>
      repaired(path, constraint, count === 1 ? reason : message("aas.manyTimes", { finding: reason, count })),
    );
    return [...counted, ...this.#findings];
  }
}
