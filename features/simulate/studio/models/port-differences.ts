import type { ModelPort } from "@doppelwerk/client";

/** A port that is not the same in two versions; `fields` are what differs, none where the port is there in one only. */
export interface PortDifference {
  readonly name: string;
  readonly kind: "added" | "removed" | "changed";
  readonly fields: readonly { readonly field: ComparedField; readonly from: string; readonly to: string }[];
}

const compared = ["causality", "type", "size", "unit", "min", "max", "start", "description"] as const;
export type ComparedField = (typeof compared)[number];

/** What the ports of `to` have that those of `from` have not, and the other way round, by name. */
export function portDifferences(from: readonly ModelPort[], to: readonly ModelPort[]): readonly PortDifference[] {
  const before = new Map(from.map((port) => [port.name, port]));
  const after = new Map(to.map((port) => [port.name, port]));
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((name): PortDifference[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === undefined) return [{ name, kind: "added", fields: [] }];
    if (now === undefined) return [{ name, kind: "removed", fields: [] }];
    const fields = compared.flatMap((field) =>
      old[field] === now[field] ? [] : [{ field, from: String(old[field] ?? "–"), to: String(now[field] ?? "–") }],
    );
    return fields.length === 0 ? [] : [{ name, kind: "changed", fields }];
  });
}

/** `0–10`, `≥ 0`, `≤ 10`; empty where the model gives no bound. */
export function boundsText({ min, max }: Pick<ModelPort, "min" | "max">): string {
  if (min !== undefined && max !== undefined) return `${min}–${max}`;
  if (min !== undefined) return `≥ ${min}`;
  return max === undefined ? "" : `≤ ${max}`;
}
