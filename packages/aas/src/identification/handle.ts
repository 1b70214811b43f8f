import { decoded } from "./web-address.ts";

/** A Handle (RFC 3650) by its naming authority and its name there; a DOI is one below 10. */
export interface Handle {
  readonly prefix: string;
  readonly suffix: string;
}

const LONGEST = 2_000;
const SCHEMES = /^(?:info:)?(?<scheme>hdl|doi)[:/](?<rest>.+)$/i;
const SITES = /^https?:\/\/(?<site>hdl\.handle\.net|(?:dx\.)?doi\.org|(?:www\.)?handle\.net)\/(?<rest>[^?#]+)/i;
/** Naming authorities are numbers and names with points: 20.500.12345, 88.118.1, 4263537. */
const HANDLE = /^(?<prefix>[\w-]+(?:\.[\w-]+)*)\/(?<suffix>[^\0-\x20\x7f\p{Cs}]+)$/u;

/** Undefined for what is no Handle: `hdl:`, `doi:`, `info:hdl/` and the addresses of the proxies are read. */
export function parseHandle(text: string): Handle | undefined {
  if (text.length > LONGEST) return undefined;
  const site = SITES.exec(text)?.groups;
  const scheme = site === undefined ? SCHEMES.exec(text)?.groups : undefined;
  const isDoi = /^doi$/i.test(scheme?.["scheme"] ?? "") || /doi\.org$/i.test(site?.["site"] ?? "");
  const rest = site === undefined ? scheme?.["rest"] : decoded(site["rest"]!);
  const { prefix, suffix } = HANDLE.exec(rest ?? "")?.groups ?? {};
  if (prefix === undefined || suffix === undefined) return undefined;
  return isDoi && !prefix.startsWith("10.") ? undefined : { prefix, suffix };
}

/** Each way to write it as the id of an asset. */
export function spellingsOfHandle({ prefix, suffix }: Handle): readonly string[] {
  const plain = `${prefix}/${suffix}`;
  const encoded = `${prefix}/${encodeURI(suffix)}`;
  const of = (site: string): readonly string[] =>
    [...new Set([plain, encoded])].flatMap((each) => [`https://${site}/${each}`, `http://${site}/${each}`]);
  const isDoi = prefix.startsWith("10.");
  return [`hdl:${plain}`, ...of("hdl.handle.net"), ...(isDoi ? [`doi:${plain}`, ...of("doi.org"), ...of("dx.doi.org")] : [])];
}
