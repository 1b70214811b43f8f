/** What a code says, as far as the code itself says it. */
export type Scanned =
  | { readonly kind: "serial"; readonly serial: string; readonly product?: string; readonly lot?: string }
  | { readonly kind: "lot"; readonly lot: string; readonly product?: string }
  | { readonly kind: "order"; readonly order: string }
  | { readonly kind: "plain"; readonly text: string };

const MAX_LENGTH = 500;
const SEPARATOR = "\u001d";
/** Application identifiers of GS1 that are read, with the length of what has a fixed one. */
const FIXED: Readonly<Record<string, number>> = { "00": 18, "01": 14, "02": 14, "11": 6, "13": 6, "15": 6, "17": 6, "20": 2 };
const OPEN = new Set(["10", "21", "22", "37", "240", "241", "250", "251"]);

/** A digital link, an element string of GS1 (with brackets, or with the mark `]C1`, `]d2`, `]Q3` of its reader), an order that is known, or a plain text. */
export function readScan(given: string, orders: readonly string[]): Scanned {
  const text = given.trim().slice(0, MAX_LENGTH);
  const elements = digitalLink(text) ?? bracketed(text) ?? elementString(text);
  if (elements !== undefined) {
    const [product, lot, serial] = ["01", "10", "21"].map((ai) => elements.get(ai));
    const more = { ...(product !== undefined && { product }) };
    if (serial !== undefined) return { kind: "serial", serial, ...more, ...(lot !== undefined && { lot }) };
    if (lot !== undefined) return { kind: "lot", lot, ...more };
  }
  if (orders.includes(text)) return { kind: "order", order: text };
  return { kind: "plain", text };
}

function digitalLink(text: string): ReadonlyMap<string, string> | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const found = new Map<string, string>();
  try {
    const steps = new URL(text).pathname.split("/").slice(1);
    const at = steps.findIndex((step, index) => (step === "01" || step === "00") && /^\d+$/.test(steps[index + 1] ?? ""));
    if (at < 0) return undefined;
    for (let index = at; index + 1 < steps.length; index += 2) found.set(steps[index]!, decodeURIComponent(steps[index + 1]!));
  } catch {
    // no address: a text like any other
    return undefined;
  }
  return found;
}

function bracketed(text: string): ReadonlyMap<string, string> | undefined {
  if (!/^\(\d{2,4}\)/.test(text)) return undefined;
  const found = new Map<string, string>();
  for (const [, ai, value] of text.matchAll(/\((\d{2,4})\)([^(]*)/g)) found.set(ai!, value!.trim());
  return found;
}

function elementString(text: string): ReadonlyMap<string, string> | undefined {
  const marked = /^\](C1|d2|Q3|e0)/.exec(text);
  if (marked === null && !text.includes(SEPARATOR)) return undefined;
  const found = new Map<string, string>();
  let rest = marked === null ? text : text.slice(3);
  while (rest !== "") {
    if (rest.startsWith(SEPARATOR)) rest = rest.slice(1);
    const ai = [2, 3].map((length) => rest.slice(0, length)).find((each) => each in FIXED || OPEN.has(each));
    if (ai === undefined) return undefined;
    rest = rest.slice(ai.length);
    const end = FIXED[ai] ?? (rest.includes(SEPARATOR) ? rest.indexOf(SEPARATOR) : rest.length);
    if (rest.length < end) return undefined;
    found.set(ai, rest.slice(0, end));
    rest = rest.slice(end);
  }
  return found;
}
