/** What of an address of the web matters here, without the URL of browsers, which a pure room has not. */
export interface WebAddress {
  /** Scheme and host in small letters, with the port: `https://id.gs1.org`. */
  readonly origin: string;
  /** As it is written. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
}

const LONGEST = 2_000;
/** Without a user: nobody's password is part of an identification. */
const ADDRESS =
  /^(?<scheme>https?):\/\/(?<host>[\w.-]+|\[[\da-f:.]+\])(?<port>:\d{1,5})?(?<path>\/[^?#\s\\]*)?(?:\?(?<query>[^#\s]*))?(?:#\S*)?$/iu;

/** Undefined for any other text. */
export function parseWebAddress(text: string): WebAddress | undefined {
  if (text.length > LONGEST) return undefined;
  const { scheme, host, port = "", path = "/", query = "" } = ADDRESS.exec(text)?.groups ?? {};
  if (scheme === undefined || host === undefined) return undefined;
  const pairs = query.split("&").flatMap((pair) => {
    const [name = "", value = ""] = pair.split("=", 2).map((part) => decoded(part.replaceAll("+", " ")) ?? "");
    return name === "" ? [] : [[name, value] as const];
  });
  return { origin: `${scheme}://${host}`.toLowerCase() + port, path, query: pairs };
}

/** Undefined for octets that are no text. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
