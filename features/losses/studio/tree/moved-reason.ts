import type { KnownReason } from "../../contract.ts";
import type { ReasonFields } from "../../model/reason-kind.ts";

export interface MovedReason {
  readonly code: string;
  readonly fields: ReasonFields;
  readonly expected: ReasonFields;
}

/** What is to be stored so that a reason changes places with the one before or after it among those of its group: only those whose order is another one. */
export function movedBefore(reasons: readonly KnownReason[], reason: KnownReason, by: -1 | 1): readonly MovedReason[] {
  const beside = reasons.filter(({ group }) => group === reason.group);
  const at = beside.findIndex(({ code }) => code === reason.code);
  const other = beside[at + by];
  if (at < 0 || other === undefined) return [];
  const moved = beside.map((each, index) => (index === at ? other : index === at + by ? reason : each));
  // the least numbers that keep everything else where it is
  let order = -1;
  return moved.flatMap(({ code, fields }, index): MovedReason[] => {
    const isTurned = index === Math.min(at, at + by) || index === Math.max(at, at + by);
    order = Math.max(order + 1, isTurned ? beside[index]!.fields.order : fields.order);
    return order === fields.order ? [] : [{ code, fields: { ...fields, order }, expected: fields }];
  });
}
