// Reserved and unreserved characters and escapes of RFC 2396; the second set adds the brackets of RFC 2732, which xs:anyURI allows.
const RFC_2396 = /^(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,]|%[0-9A-Fa-f]{2})*$/;
const RFC_2732 = /^(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,[\]]|%[0-9A-Fa-f]{2})*$/;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+\-.]*$/;

/**
 * A URI reference, checked in linear time: RFC 2396, which the standard asks of File/value and Resource/path,
 * with brackets (RFC 2732) where `brackets` is set, as for xs:anyURI.
 */
export function isUriReference(text: string, brackets = false): boolean {
  const characters = brackets ? RFC_2732 : RFC_2396;
  const hash = text.indexOf("#");
  const beforeHash = hash < 0 ? text : text.slice(0, hash);
  if (hash >= 0 && !characters.test(text.slice(hash + 1))) return false;
  if (!characters.test(beforeHash)) return false;
  const colon = beforeHash.search(/[:/?]/);
  if (colon < 0 || beforeHash[colon] !== ":") return true;
  return SCHEME.test(beforeHash.slice(0, colon)) && colon + 1 < beforeHash.length;
}
