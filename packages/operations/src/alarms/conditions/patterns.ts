import { SECOND, type Instant } from "@doppelwerk/world";
import type { CompiledExpression } from "./compile.ts";
import type { ConditionJudge } from "./judge.ts";

const NEVER = -1;
const NOTHING = (): number => Number.NaN;

/**
 * `next` begins within `withinS` after `first` began: it holds as long as `next` does. With `isMissing` the other way round: `first` began and `next` did not hold by the end of the
 * time; it holds until `next` does.
 */
export function sequenceJudge(
  { withinS, isMissing = false }: { readonly withinS: number; readonly isMissing?: boolean },
  first: CompiledExpression,
  next: CompiledExpression,
): ConditionJudge {
  const within = withinS * SECOND;
  /** When `first` began last; NEVER: it did not, or that is over. */
  let armed = NEVER;
  let [wasFirst, wasNext, holds] = [0, 0, 0];
  let unknownOf: CompiledExpression = first;

  const follow = (at: Instant, b: number): void => {
    // at one instant nobody knows which came first
    const begins = b === 1 && wasNext === 0;
    if (begins && armed !== NEVER && at > armed && at - armed <= within) {
      holds = 1;
      armed = NEVER;
    } else if (b === 0) holds = 0;
    if (armed !== NEVER && at - armed > within) armed = NEVER;
  };
  const miss = (at: Instant, b: number): void => {
    if (b === 1) {
      holds = 0;
      armed = NEVER;
    } else if (armed !== NEVER && at - armed >= within) {
      holds = 1;
      armed = NEVER;
    }
  };
  const judge = (at: Instant): number => {
    const a = first.run();
    const b = next.run();
    if (a !== a || b !== b) {
      unknownOf = a !== a ? first : next;
      return Number.NaN;
    }
    if (isMissing) miss(at, b);
    else follow(at, b);
    if (a === 1 && wasFirst === 0 && !(isMissing && b === 1)) armed = at;
    wasFirst = a;
    wasNext = b;
    return holds;
  };
  return {
    judge,
    why: () => unknownOf.why(),
    value: NOTHING,
    due: () => (isMissing && armed !== NEVER ? armed + within : Number.POSITIVE_INFINITY),
    reset: () => void ([armed, wasFirst, wasNext, holds] = [NEVER, 0, 0, 0]),
    snapshot: () => [armed, wasFirst, wasNext, holds],
    restore: (state) => void ([armed = NEVER, wasFirst = 0, wasNext = 0, holds = 0] = state),
  };
}

/** It began `times` times within `withinS`: holds until the first of them is that long ago. */
export function repeatedJudge(
  { times, withinS }: { readonly times: number; readonly withinS: number },
  of: CompiledExpression,
): ConditionJudge {
  const within = withinS * SECOND;
  const begun = new Float64Array(times).fill(NEVER);
  /** Where the oldest is, that the next one takes the place of. */
  let next = 0;
  let was = 0;
  const isOften = (at: Instant): boolean => begun[next] !== NEVER && at - begun[next]! < within;
  let holds = false;
  return {
    judge(at) {
      const now = of.run();
      if (now !== now) return now;
      if (now === 1 && was === 0) {
        begun[next] = at;
        next = next + 1 === times ? 0 : next + 1;
      }
      was = now;
      holds = isOften(at);
      return holds ? 1 : 0;
    },
    why: () => of.why(),
    value: NOTHING,
    due: () => (holds ? begun[next]! + within : Number.POSITIVE_INFINITY),
    reset() {
      begun.fill(NEVER);
      [next, was, holds] = [0, 0, false];
    },
    snapshot: () => [next, was, holds ? 1 : 0, ...begun],
    restore([at = 0, now = 0, held = 0, ...kept]) {
      [next, was, holds] = [at, now, held === 1];
      for (let place = 0; place < times; place++) begun[place] = kept[place] ?? NEVER;
    },
  };
}
