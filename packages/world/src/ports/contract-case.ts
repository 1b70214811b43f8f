import { canonicalJson } from "../canonical-json.ts";
import { DoppelwerkError, type ErrorCode } from "../error.ts";
import type { Json } from "../record.ts";

/**
 * One case of a port's contract. A driver's test runs them all: `for (const { title, run } of historyContract(open)) test(title, run)`.
 * Without a test framework, so that a driver outside this repository can run them too.
 */
export interface ContractCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Fails with both values; numbers compare with NaN equal to NaN, typed arrays and maps by content. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [comparable(actual), comparable(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

export function assertClose(actual: number | undefined, expected: number, what: string, tolerance = 1e-9): void {
  if (actual === undefined || !(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))))
    throw new Error(`${what}: expected ${expected}, got ${actual}`);
}

export async function assertRefused(code: ErrorCode, attempt: () => unknown, what: string): Promise<DoppelwerkError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === code) return error;
    throw new Error(`${what}: expected ${code}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`${what}: expected ${code}, but it was let through`);
}

function comparable(value: unknown): string {
  return canonicalJson(toJson(value));
}

function toJson(value: unknown): Json | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : { number: String(value) };
  if (value === undefined) return undefined;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, (item) => toJson(item) ?? null);
  if (value instanceof Map) return [...value].map((pair) => toJson(pair) ?? null);
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJson(field)]));
  return value as Json;
}
