import type { ReasonFields } from "./reason-kind.ts";
import { SHIPPED_REASONS } from "./shipped-reasons.ts";

/** A reason as it holds. */
export interface HeldReason {
  readonly code: string;
  /** Of the group that it stands in; absent: it is one. */
  readonly group?: string;
  readonly fields: ReasonFields;
  /** Somebody stored it over the shipped one, or it is new. */
  readonly isStored: boolean;
  readonly shipped?: ReasonFields;
}

/** What people stored lies over what is shipped, code by code; groups in their order, each before its reasons. */
export function reasonsInForce(stored: ReadonlyMap<string, ReasonFields>): readonly HeldReason[] {
  const codes = new Set([...SHIPPED_REASONS.keys(), ...stored.keys()]);
  const held = [...codes].map((code): HeldReason => {
    const shipped = SHIPPED_REASONS.get(code);
    const [group] = code.split(".");
    return {
      code,
      ...(group !== code && { group: group! }),
      fields: stored.get(code) ?? shipped!,
      isStored: stored.has(code),
      ...(shipped && { shipped }),
    };
  });
  const order = new Map(held.map(({ code, fields }) => [code, fields.order]));
  const rank = ({ code, group }: HeldReason): readonly [number, string, number, string] => [
    order.get(group ?? code) ?? 9_999,
    group ?? code,
    group === undefined ? -1 : order.get(code)!,
    code,
  ];
  return held.toSorted((a, b) => compared(rank(a), rank(b)));
}

function compared(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  if (at < 0) return 0;
  return a[at]! < b[at]! ? -1 : 1;
}
