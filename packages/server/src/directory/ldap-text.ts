/** A value in a search filter: nothing of it is read as a part of the filter (RFC 4515, 3). */
export function filterValue(text: string): string {
  // ldapts reads an escape as a character and not as an octet: what is beyond ASCII stays as it is, which the RFC permits
  return Array.from(text, (each) =>
    /[a-z0-9]|[^\0-\x7f]/i.test(each) ? each : `\\${each.charCodeAt(0).toString(16).padStart(2, "0")}`,
  ).join("");
}

/** A value in a distinguished name: nothing of it begins another part (RFC 4514, 2.4). */
export function nameValue(text: string): string {
  return Array.from(Buffer.from(text, "utf8"), (octet) =>
    /[a-z0-9._-]/i.test(String.fromCharCode(octet)) ? String.fromCharCode(octet) : `\\${octet.toString(16).padStart(2, "0")}`,
  ).join("");
}

/** The text of `template` with `{name}` replaced. */
export function filled(template: string, name: string, value: string): string {
  return template.replaceAll(`{${name}}`, () => value);
}

/** First value of the first part of a distinguished name: `Plant Crew` of `CN=Plant Crew,OU=…`. */
export function firstValue(dn: string): string {
  const value = /^[^=]+=(?<value>(?:\\.|[^,+\\])*)/.exec(dn)?.groups?.["value"] ?? dn;
  return value.replaceAll(/\\([^0-9a-f])/gi, "$1").trim();
}
