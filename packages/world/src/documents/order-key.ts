// Fractional order keys: between any two there is room for another, so inserting changes one record only.
// A key is a base-62 integer whose first letter states its length, then a fraction: appending keeps keys short.
// After "Realtime editing of ordered sequences" (Figma, 2017) and David Greenspan's "Implementing fractional indexing" (CC0).

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FIRST = "a0";

/** A key that sorts (by code unit) after `a` and before `b`; `undefined` is the open end. Throws when a ≥ b: a bug of the caller. */
export function keyBetween(a: string | undefined, b: string | undefined): string {
  if (a !== undefined && b !== undefined && a >= b) throw new Error(`order keys out of order: ${a} ≥ ${b}`);
  if (a === undefined && b === undefined) return FIRST;
  if (a === undefined) {
    const whole = integerOf(b!);
    if (whole < b!) return whole;
    return decremented(whole) ?? whole + fractionBetween("", b!.slice(whole.length));
  }
  const wholeA = integerOf(a);
  const fractionA = a.slice(wholeA.length);
  if (b === undefined) return incremented(wholeA) ?? wholeA + fractionBetween(fractionA, undefined);
  const wholeB = integerOf(b);
  if (wholeA === wholeB) return wholeA + fractionBetween(fractionA, b.slice(wholeB.length));
  const next = incremented(wholeA);
  return next !== undefined && next < b ? next : wholeA + fractionBetween(fractionA, undefined);
}

/** `count` ascending keys between two. */
export function keysBetween(a: string | undefined, b: string | undefined, count: number): readonly string[] {
  if (count <= 0) return [];
  if (b === undefined) {
    const keys: string[] = [];
    for (let previous = a; keys.length < count; keys.push(previous)) previous = keyBetween(previous, undefined);
    return keys;
  }
  const middle = keyBetween(a, b);
  const before = Math.floor((count - 1) / 2);
  return [...keysBetween(a, middle, before), middle, ...keysBetween(middle, b, count - 1 - before)];
}

/**
 * Ascending keys for a sequence in which some items have a key already: as many as possible keep theirs (the longest ascending run),
 * the others get new keys in between.
 */
export function keysForSequence(present: readonly (string | undefined)[]): readonly string[] {
  if (isAscending(present)) return present;
  const kept = longestAscending(present);
  const keys: string[] = [];
  for (let start = 0; start < present.length;) {
    if (kept.has(start)) {
      keys.push(present[start++]!);
      continue;
    }
    let end = start;
    while (end < present.length && !kept.has(end)) end++;
    keys.push(...keysBetween(keys.at(-1), present[end], end - start));
    start = end;
  }
  return keys;
}

/** Nothing was added or moved. */
function isAscending(keys: readonly (string | undefined)[]): keys is readonly string[] {
  return keys.every((key, i) => key !== undefined && (i === 0 || keys[i - 1]! < key));
}

function longestAscending(keys: readonly (string | undefined)[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  keys.forEach((key, i) => {
    if (key === undefined || !isOrderKey(key)) return;
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if (keys[ends[middle]!]! < key) low = middle + 1;
      else high = middle;
    }
    before.set(i, ends[low - 1]);
    ends[low] = i;
  });
  const kept = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) kept.add(at);
  return kept;
}

/** Whether a text is a key this file can insert beside. */
export function isOrderKey(key: string): boolean {
  return (
    /^[A-Za-z][0-9A-Za-z]*$/.test(key) &&
    key.length >= integerLength(key[0]!) &&
    !(key.length > integerLength(key[0]!) && key.endsWith("0"))
  );
}

function integerLength(head: string): number {
  return head >= "a" ? head.charCodeAt(0) - "a".charCodeAt(0) + 2 : "Z".charCodeAt(0) - head.charCodeAt(0) + 2;
}

function integerOf(key: string): string {
  if (!isOrderKey(key)) throw new Error(`not an order key: ${key}`);
  return key.slice(0, integerLength(key[0]!));
}

function incremented(whole: string): string | undefined {
  const rest = whole.slice(1).split("");
  for (let i = rest.length - 1; i >= 0; i--) {
    const digit = digits.indexOf(rest[i]!) + 1;
    if (digit < digits.length) {
      rest[i] = digits[digit]!;
      return whole[0] + rest.join("");
    }
    rest[i] = "0";
  }
  if (whole[0] === "z") return undefined;
  if (whole[0] === "Z") return FIRST;
  const head = String.fromCharCode(whole.charCodeAt(0) + 1);
  return head + "0".repeat(integerLength(head) - 1);
}

function decremented(whole: string): string | undefined {
  const rest = whole.slice(1).split("");
  for (let i = rest.length - 1; i >= 0; i--) {
    const digit = digits.indexOf(rest[i]!) - 1;
    if (digit >= 0) {
      rest[i] = digits[digit]!;
      return whole[0] + rest.join("");
    }
    rest[i] = "z";
  }
  if (whole[0] === "A") return undefined;
  const head = whole[0] === "a" ? "Z" : String.fromCharCode(whole.charCodeAt(0) - 1);
  return head + "z".repeat(integerLength(head) - 1);
}

/** A fraction strictly between; "" is 0, `undefined` is 1. Never ends in the digit 0, so there is always room before it. */
function fractionBetween(a: string, b: string | undefined): string {
  if (b !== undefined) {
    let same = 0;
    while ((a[same] ?? "0") === b[same]) same++;
    if (same > 0) return b.slice(0, same) + fractionBetween(a.slice(same), b.slice(same));
  }
  const low = a === "" ? 0 : digits.indexOf(a[0]!);
  const high = b === undefined ? digits.length : digits.indexOf(b[0]!);
  if (high - low > 1) return digits[Math.round((low + high) / 2)]!;
  if (b !== undefined && b.length > 1) return b.slice(0, 1);
  return digits[low]! + fractionBetween(a.slice(1), undefined);
}
