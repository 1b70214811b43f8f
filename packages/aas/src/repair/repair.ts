import type { Message } from "@doppelwerk/messages";
import type { RepairCode } from "./repair-reason.ts";

export interface FormerRepair {
  readonly code: RepairCode;
  readonly values: readonly string[];
}

/** What can be done about a finding, offered, never done unasked. */
export interface Repair {
  /** The finding it answers, by its path and constraint. */
  readonly path: string;
  readonly constraint: string;
  /** One sentence: what would be done, in the language of the process that found it. */
  readonly how: string;
  /** The same as a code with its values, for a screen of any language. */
  readonly reason: Message;
  /** Deprecated: `reason`. */
  readonly told: FormerRepair;
  /** `plain`: says the same in the right form. `guess`: says something that the file did not, or loses something; someone must know. */
  readonly kind: "plain" | "guess";
  readonly changes: readonly RepairChange[];
}

/** A place in the environment and its new value; undefined leaves the attribute, or the item of a list, out. */
export interface RepairChange {
  readonly path: string;
  readonly value: unknown;
}

type Instance = Readonly<Record<string, unknown>>;

/** Steps of a finding's path: `submodels[0].value` is `["submodels", 0, "value"]`. */
export function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const match of path.matchAll(/([^.[\]]+)|\[([0-9]+)\]/g)) steps.push(match[2] === undefined ? match[1]! : Number(match[2]));
  return steps;
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const step of stepsOf(path)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** The path of what holds the thing at a path. */
export function parentOf(path: string): string {
  return path.replace(/(\.[^.[\]]+|\[[0-9]+\]|^[^.[\]]+)$/, "");
}

/** The path of an attribute below a path. */
export function below(path: string, attribute: string): string {
  return path === "" ? attribute : `${path}.${attribute}`;
}

/**
 * The environment with the repairs done. Later repairs see what earlier ones left; a change whose place is not there any more is skipped.
 * Items of a list are left out last, so that the places of the others stay right meanwhile.
 */
export function applyRepairs<T extends object>(environment: T, repairs: readonly Repair[]): T {
  let root: unknown = environment;
  const removals: string[] = [];
  for (const { changes } of repairs) {
    for (const { path, value } of changes) {
      if (value === undefined && path.endsWith("]")) removals.push(path);
      else root = withValue(root, stepsOf(path), value);
    }
  }
  const last = (path: string) =>
    stepsOf(path)
      .map((step) => (typeof step === "number" ? String(step).padStart(9, "0") : step))
      .join(".");
  for (const path of [...new Set(removals)].sort((left, right) => (last(left) < last(right) ? 1 : -1)))
    root = withValue(root, stepsOf(path), undefined);
  return root as T;
}

function withValue(root: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof root !== "object" || root === null) return root;
  if (Array.isArray(root)) {
    if (typeof step !== "number" || step >= root.length) return root;
    if (rest.length === 0 && value === undefined) return root.filter((_, index) => index !== step);
    return root.map((item: unknown, index) => (index === step ? withValue(item, rest, value) : item));
  }
  const instance = root as Instance;
  if (rest.length > 0) {
    if (!Object.hasOwn(instance, step)) return root;
    const next = withValue(instance[step], rest, value);
    const isGone = Array.isArray(next) && next.length === 0;
    return isGone ? Object.fromEntries(Object.entries(instance).filter(([name]) => name !== step)) : { ...instance, [step]: next };
  }
  if (value === undefined) return Object.fromEntries(Object.entries(instance).filter(([name]) => name !== step));
  return { ...instance, [step]: value };
}
