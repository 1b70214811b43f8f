import { answerOf, inLanguage, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownReason } from "../contract.ts";

export interface ReasonTree {
  readonly reasons: readonly KnownReason[];
  /** Undefined: one that is not in the tree. */
  title(code: string): string | undefined;
  /** Those that may be given to a stop of a station, in their order. */
  offeredAt(station: string): readonly KnownReason[];
}

/** The tree of the branch entered; undefined until it is known. */
export function useReasons(): ReasonTree | undefined {
  const { branch } = useScope();
  const { language } = useWords();
  const loaded = useLoad(answerOf(calls.reasons, { query: { branch } }, { kinds: ["lossReason"] }));
  const reasons = loaded.value;
  if (reasons === undefined) return undefined;
  const byCode = new Map(reasons.map((reason) => [reason.code, reason]));
  return {
    reasons,
    title(code) {
      const found = byCode.get(code);
      return found && inLanguage(found.fields.title, language);
    },
    offeredAt: (station) =>
      reasons.filter(
        ({ group, fields: { isRetired, stations } }) =>
          group !== undefined &&
          !isRetired &&
          byCode.get(group)?.fields.isRetired !== true &&
          (stations.length === 0 || stations.includes(station)),
      ),
  };
}
