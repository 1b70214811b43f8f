// Identifiers of things as GS1 writes them. The same thing has two texts, a URN (Tag Data Standard 1.13, 6 and 7) and a web address (Digital Link URI 1.2, 3): here
// it has one, the canonical web address; identifiers of other schemes stay as they are.

/** Where canonical addresses are (GS1 Digital Link URI Syntax 1.2, 4.9). */
const CANONICAL = "https://id.gs1.org/";
/** Longest identifier that is a key of an event. */
export const MAX_IDENTIFIER = 200;

/** Schemes of URNs whose parts are company prefix, reference and extension. */
const SCHEMES: Readonly<Record<string, (prefix: string, reference: string, extension: string) => string>> = {
  sgtin: (prefix, reference, serial) => `01/${tradeItem(prefix, reference)}/21/${serial}`,
  lgtin: (prefix, reference, lot) => `01/${tradeItem(prefix, reference)}/10/${lot}`,
  sscc: (prefix, reference) => `00/${withCheckDigit(reference[0]! + prefix + reference.slice(1))}`,
  sgln: (prefix, reference, extension) => `414/${withCheckDigit(prefix + reference)}${extension === "0" ? "" : `/254/${extension}`}`,
  pgln: (prefix, reference) => `417/${withCheckDigit(prefix + reference)}`,
  grai: (prefix, reference, serial) => `8003/0${withCheckDigit(prefix + reference)}${serial}`,
  giai: (prefix, reference) => `8004/${prefix}${reference}`,
};
const PARTS: Readonly<Record<string, number>> = { sgtin: 3, lgtin: 3, sscc: 2, sgln: 3, pgln: 2, grai: 3, giai: 2 };
const URN = /^urn:epc:(id|class|idpat):(\w+):(.+)$/i;
/** Keys of Digital Link that begin an identifier of what is tracked, with their qualifiers. */
const LINK =
  /\/((?:01\/\d{14}(?:\/(?:22|10|21|235)\/[^/?#]+)*)|(?:00\/\d{18})|(?:(?:414|417)\/\d{13}(?:\/254\/[^/?#]+)?)|(?:800[34]\/[^/?#]+))(?:[?#].*)?$/;

/** One text for each thing. Class patterns (`urn:epc:idpat:sgtin:4012345.066666.*`) are those of their class. */
export function canonicalIdentifier(text: string): string {
  const urn = URN.exec(text);
  if (urn !== null) return ofUrn(urn[2]!.toLowerCase(), urn[3]!) ?? text;
  const link = /^https?:\/\//i.test(text) ? LINK.exec(text) : null;
  return link === null ? text : CANONICAL + link[1]!;
}

function ofUrn(scheme: string, rest: string): string | undefined {
  const write = SCHEMES[scheme];
  const count = PARTS[scheme];
  if (write === undefined || count === undefined) return undefined;
  const [prefix, reference, ...others] = rest.split(".");
  const extension = others.join(".");
  if (prefix === undefined || reference === undefined || !/^\d{6,12}$/.test(prefix)) return undefined;
  if (scheme !== "giai" && !/^\d*$/.test(reference)) return undefined;
  if (count === 3 ? extension === "" : others.length > 0 && scheme !== "giai") return undefined;
  if (extension === "*") return scheme === "sgtin" ? `${CANONICAL}01/${tradeItem(prefix, reference)}` : undefined;
  // a URN escapes like a web address, so that what is behind the dot stays as it is
  return CANONICAL + write(prefix, scheme === "giai" ? [reference, ...others].join(".") : reference, extension);
}

/** The GTIN of 14 digits: the indicator is the first digit of the reference. */
const tradeItem = (prefix: string, reference: string): string => withCheckDigit(reference[0]! + prefix + reference.slice(1));

/** GS1 General Specifications, 7.9: weights 3 and 1 from the right. */
function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) sum += Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 3 : 1);
  return digits + String((10 - (sum % 10)) % 10);
}

/** What people call it: the serial, lot or number of a container; else the whole text. */
export function shortName(identifier: string): string {
  const link = LINK.exec(identifier);
  if (link === null || !identifier.startsWith(CANONICAL)) return identifier;
  const parts = link[1]!.split("/");
  const last = decoded(parts.at(-1)!);
  return parts.length > 2 ? last : `(${parts[0]}) ${last}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
