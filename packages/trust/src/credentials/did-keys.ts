import { message } from "@doppelwerk/messages";
import { keyNameOf, type KeyName } from "./did.ts";
import { isObject, listOf, type JsonObject } from "./json.ts";
import { keyOfMultibase, publicKeyOf, type PublicKey } from "./public-key.ts";
import { malformed, notHeld } from "./refused.ts";

/** What a key may prove: that its controller says something, or that it is there. */
export type KeyUse = "assertionMethod" | "authentication";

const MAX_METHODS = 100;

/** The keys of a DID, as its document says. */
export interface DidKeys {
  readonly did: string;
  readonly methods: ReadonlyMap<string, { readonly key: PublicKey; readonly uses: ReadonlySet<KeyUse> }>;
}

/** did:key is its own document. Errors: DW_INVALID. */
export function keysOfKeyDid(did: string): DidKeys {
  const multibase = did.slice("did:key:".length);
  if (!did.startsWith("did:key:")) throw malformed(message("trust.didMethod", { did: did.slice(0, 200) }), "issuer");
  const key = keyOfMultibase(multibase, "issuer");
  return { did, methods: new Map([[multibase, { key, uses: new Set(["assertionMethod", "authentication"] as const) }]]) };
}

/**
 * Keys of a DID document (DID Core 1.0; Controlled Identifiers 1.0): JsonWebKey and Multikey, of this DID alone. Methods of other kinds are passed over.
 * Errors: DW_INVALID.
 */
export function keysOfDocument(document: unknown, did: string): DidKeys {
  if (!isObject(document) || document["id"] !== did) throw malformed(message("trust.documentOfOther", { did }), "id");
  const methods = new Map<string, { key: PublicKey; uses: Set<KeyUse> }>();
  const take = (method: JsonObject): string | undefined => {
    const found = methodOf(method, did);
    if (found === undefined) return undefined;
    if (methods.size >= MAX_METHODS || methods.has(found.fragment)) throw malformed(message("trust.documentMethods"), "verificationMethod");
    methods.set(found.fragment, { key: found.key, uses: new Set() });
    return found.fragment;
  };
  for (const method of listOf(document["verificationMethod"])) if (isObject(method)) take(method);
  for (const use of ["assertionMethod", "authentication"] as const)
    for (const each of listOf(document[use]).slice(0, MAX_METHODS)) {
      const fragment = isObject(each) ? take(each) : fragmentOf(each, did);
      if (fragment !== undefined) methods.get(fragment)?.uses.add(use);
    }
  return { did, methods };
}

/** Errors: DW_UNAUTHENTICATED for a key that the document does not name for this use. */
export function keyFor({ did, methods }: DidKeys, name: KeyName, use: KeyUse): PublicKey {
  const method = name.did === did ? methods.get(name.fragment) : undefined;
  if (method === undefined) throw notHeld(message("trust.keyUnknown", { did, key: name.fragment }), "header.kid");
  if (!method.uses.has(use)) throw notHeld(message("trust.keyUse", { key: name.fragment, use }), "header.kid");
  return method.key;
}

/** The document of a DID with one key. */
export function didDocument(did: string, fragment: string, key: PublicKey): JsonObject {
  const id = `${did}#${fragment}`;
  return {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
    id: did,
    verificationMethod: [{ id, type: "JsonWebKey", controller: did, publicKeyJwk: key }],
    assertionMethod: [id],
    authentication: [id],
  };
}

function methodOf({ id, controller, publicKeyJwk, publicKeyMultibase }: JsonObject, did: string) {
  const fragment = fragmentOf(id, did);
  // a key of somebody else does not speak for this DID
  if (fragment === undefined || controller !== did) return undefined;
  if (publicKeyJwk !== undefined) {
    const key = publicKeyOf(publicKeyJwk);
    return key && { fragment, key };
  }
  try {
    return typeof publicKeyMultibase === "string" ? { fragment, key: keyOfMultibase(publicKeyMultibase, "publicKeyMultibase") } : undefined;
  } catch {
    // of a kind that proves nothing here
    return undefined;
  }
}

function fragmentOf(id: unknown, did: string): string | undefined {
  if (typeof id !== "string") return undefined;
  try {
    const name = keyNameOf(id.startsWith("#") ? did + id : id, "verificationMethod.id");
    return name.did === did ? name.fragment : undefined;
  } catch {
    // an id that is none names no key
    return undefined;
  }
}
