import type { XmlElement } from "@doppelwerk/aas";

/** Variables of one model: enough for any model that a person can bind, and a bound for what an attacker sends. */
export const MAX_VARIABLES = 200_000;

const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The element with its references in attributes resolved: predefined entities and characters; what is neither stays as it is written. */
export function withText(element: XmlElement): XmlElement {
  const attributes: Record<string, string> = {};
  for (const [name, raw] of Object.entries(element.attributes)) attributes[name] = raw.includes("&") ? resolved(raw) : raw;
  return { ...element, attributes, children: element.children.map(withText) };
}

function resolved(raw: string): string {
  return raw.replace(
    /&(?:(lt|gt|amp|quot|apos)|#x([0-9a-fA-F]{1,6})|#([0-9]{1,7}));/g,
    (whole, name?: string, hex?: string, decimal?: string) => {
      if (name !== undefined) return PREDEFINED[name]!;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
    },
  );
}

export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

export function isTrue(element: XmlElement, name: string): boolean {
  const value = element.attributes[name];
  return value === "true" || value === "1";
}

/** `{[name]: number}` of a lexical double, nothing of what is none. */
export function numberField<K extends string>(name: K, text: string | undefined): { readonly [key in K]?: number } {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return (Number.isFinite(value) ? { [name]: value } : {}) as { readonly [key in K]?: number };
}
