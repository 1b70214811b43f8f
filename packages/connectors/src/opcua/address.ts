import { pointerOf, pointerTokens } from "../samples/json-pointer.ts";

/**
 * An address inside an OPC UA server keeps the namespace URI, never the index, which a server may change at any restart (Part 6, 5.3.1.11).
 * `nsu=<uri>;<i|s|g|b>=<identifier>`; without `nsu` it is namespace 0. `;` and `%` inside the URI are percent-encoded. In an identifier `#/` is written
 * `#%2F` and `#%` is written `#%25`, because `#/` begins what is inside the value.
 */
export interface OpcuaAddress {
  readonly namespaceUri?: string;
  /** Only for files of others that wrote an index. */
  readonly namespaceIndex?: number;
  /** `i=…`, `s=…`, `g=…` or `b=…`. */
  readonly identifier: string;
  /** Tokens of a JSON pointer inside the value: an element of an array, a field of a structure. Empty = the whole value. */
  readonly inside: readonly string[];
}

/** Between a node and what is inside its value: `…;s=Zones#/3/Temperature`. */
const INSIDE = "#/";
const ADDRESS = /^(?:nsu=([^;]*);|ns=(\d{1,5});)?([isgb]=[\s\S]+)$/;

/** Undefined when the text is no address. */
export function parseAddress(text: string): OpcuaAddress | undefined {
  const mark = text.indexOf(INSIDE);
  const inside = mark < 0 ? [] : pointerTokens(text.slice(mark + 1));
  const match = ADDRESS.exec(mark < 0 ? text : text.slice(0, mark));
  if (match === null || inside === undefined) return undefined;
  const [, uri, index, written] = match;
  if (written === undefined) return undefined;
  const identifier = written.replaceAll("#%2F", INSIDE).replaceAll("#%25", "#%");
  if (uri !== undefined) return { namespaceUri: uri.replaceAll(/%3B/gi, ";").replaceAll("%25", "%"), identifier, inside };
  if (index !== undefined) return { namespaceIndex: Number(index), identifier, inside };
  return { identifier, inside };
}

export function formatAddress(namespaceUri: string | undefined, identifier: string, inside: readonly string[] = []): string {
  const node = identifier.replaceAll("#%", "#%25").replaceAll(INSIDE, "#%2F");
  const pointer = inside.length === 0 ? "" : `#${pointerOf(inside)}`;
  if (namespaceUri === undefined) return `${node}${pointer}`;
  return `nsu=${namespaceUri.replaceAll("%", "%25").replaceAll(";", "%3B")};${node}${pointer}`;
}

/** The server's own text of the node (`ns=2;s=…`), undefined when the server does not know the namespace. */
export function toNodeIdText(address: Omit<OpcuaAddress, "inside">, namespaces: readonly string[]): string | undefined {
  if (address.namespaceUri === undefined) return `ns=${address.namespaceIndex ?? 0};${address.identifier}`;
  const index = namespaces.indexOf(address.namespaceUri);
  return index < 0 ? undefined : `ns=${index};${address.identifier}`;
}
