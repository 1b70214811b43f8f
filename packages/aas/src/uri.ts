// Reserved and unreserved characters and escapes of RFC 2396, which the standard asks of File/value and Resource/path.
const RFC_2396 = /^(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,]|%[0-9A-Fa-f]{2})*$/;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+\-.]*$/;

// xs:anyURI is wider: the brackets of RFC 2732, and the characters beyond ASCII that RFC 3987 names, those for private use in the query only.
const BEYOND_ASCII =
  "\\u{A0}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFEF}" +
  Array.from({ length: 14 }, (_, index) => `\\u{${(index + 1).toString(16)}0000}-\\u{${(index + 1).toString(16)}FFFD}`).join("");
const PRIVATE = "\\u{E000}-\\u{F8FF}\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}";
const ANY_URI = anyUriCharacters(BEYOND_ASCII);
const ANY_URI_QUERY = anyUriCharacters(BEYOND_ASCII + PRIVATE);

function anyUriCharacters(more: string): RegExp {
  return new RegExp(`^(?:[A-Za-z0-9\\-_.!~*'();/?:@&=+$,\\[\\]${more}]|%[0-9A-Fa-f]{2})*$`, "u");
}

/** A URI reference of RFC 2396, checked in linear time. */
export function isUriReference(text: string): boolean {
  const [beforeHash, fragment] = partsOf(text, "#");
  if (!RFC_2396.test(fragment) || !RFC_2396.test(beforeHash)) return false;
  const scheme = schemeOf(beforeHash);
  return scheme === undefined || (SCHEME.test(scheme) && scheme.length + 1 < beforeHash.length);
}

/** Of the lexical space of xs:anyURI: what RFC 2396 with RFC 2732 or what RFC 3987 calls a reference, checked in linear time. */
export function isAnyUri(text: string): boolean {
  const [beforeHash, fragment] = partsOf(text, "#");
  const [path, query] = partsOf(beforeHash, "?");
  if (!ANY_URI.test(path) || !ANY_URI_QUERY.test(query) || !ANY_URI.test(fragment)) return false;
  const scheme = schemeOf(beforeHash);
  return scheme === undefined || SCHEME.test(scheme);
}

function partsOf(text: string, at: "#" | "?"): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function schemeOf(text: string): string | undefined {
  const colon = text.search(/[:/?]/);
  return colon < 0 || text[colon] !== ":" ? undefined : text.slice(0, colon);
}
