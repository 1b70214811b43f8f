/** Whether a version of npm comes before another one, by the precedence of Semantic Versioning 2.0.0 (§11). */
export function isOlderVersion(version: string, than: string): boolean {
  const [left, right] = [partsOf(version), partsOf(than)];
  return (compare(left.numbers, right.numbers) || compareEnds(left.identifiers, right.identifiers)) < 0;
}

interface Parts {
  readonly numbers: readonly string[];
  /** Of a pre-release; none of a release. */
  readonly identifiers: readonly string[];
}

/** Build metadata does not count. */
function partsOf(version: string): Parts {
  const [, numbers = "", , identifiers] = /^([^-+]*)(-([^+]*))?/.exec(version)!;
  return { numbers: numbers.split("."), identifiers: identifiers === undefined ? [] : identifiers.split(".") };
}

/** A release comes after its pre-releases. */
function compareEnds(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  return compare(left, right) || left.length - right.length;
}

/** By the first identifier that differs: numbers by value and before words. */
function compare(left: readonly string[], right: readonly string[]): number {
  for (const [at, one] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 0;
    if (one === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber) return Number(one) - Number(other);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}
