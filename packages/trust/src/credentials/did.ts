import { message } from "@doppelwerk/messages";
import { malformed } from "./refused.ts";

/** DID Core 1.0, 3.1, without what this server has no use for: paths, queries and matrix parameters. */
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]$/;
const DID_MAX = 500;
/** A name in DNS; addresses of IP are none in did:web. */
const HOST = /^(?=.{1,253}(?:$|:))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?::[1-9]\d{0,4})?$/;
const PORT_MAX = 65_535;
/** What is percent-encoded in a path would be another path where it is decoded. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export function isDid(text: string): boolean {
  return text.length <= DID_MAX && DID.test(text);
}

export interface KeyName {
  readonly did: string;
  readonly fragment: string;
}

/** A DID URL with a fragment, as `kid` names a key. Errors: DW_INVALID. */
export function keyNameOf(text: unknown, where: string): KeyName {
  const [did, fragment, more] = typeof text === "string" ? text.split("#") : [];
  if (did === undefined || !isDid(did) || fragment === undefined || more !== undefined || !/^[\w.:%-]{1,300}$/.test(fragment))
    throw malformed(message("trust.keyName"), where);
  return { did, fragment };
}

/** The only address at which the document of a did:web is (did:web, 3.2): over TLS, of the host that the DID names. Errors: DW_INVALID. */
export function addressOfWebDid(did: string): string {
  const [, method, encoded = "", ...path] = did.split(":");
  const host = encoded.replace(/%3A/i, ":");
  const port = Number(host.split(":")[1] ?? 0);
  const isWeb = isDid(did) && method === "web" && HOST.test(host) && port <= PORT_MAX && path.every((segment) => SEGMENT.test(segment));
  if (!isWeb) throw malformed(message("trust.webDid", { did: did.slice(0, 200) }), "issuer");
  return `https://${host}/${path.length === 0 ? ".well-known" : path.join("/")}/did.json`;
}

/** Errors: DW_INVALID for what is no name of a host, with its port or without. */
export function webDidOf(host: string, path: readonly string[] = []): string {
  const did = ["did:web", host.toLowerCase().replace(":", "%3A"), ...path].join(":");
  addressOfWebDid(did);
  return did;
}
