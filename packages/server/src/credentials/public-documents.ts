import { message } from "@doppelwerk/messages";
import { didDocument, multibaseOf, webDidOf, type PublicKey } from "@doppelwerk/trust/credentials";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { keyOfConnection } from "../connections/connection-register.ts";
import type { CredentialIdentities } from "./credential-routes.ts";
import { LISTS_PATH } from "./issuer.ts";

/** `METHOD route` of what is answered to anybody. */
export const PUBLIC_DOCUMENTS: readonly string[] = [
  "GET /.well-known/did.json",
  "GET /did/:machine/did.json",
  `GET ${LISTS_PATH}/:purpose`,
];

/** Ids of machines and connections, as they stand in a path. */
const MACHINE = /^[0-9a-f-]{36}$/;

/** What others need to verify credentials of this server: DID documents, and the lists of what was revoked. Nothing of it names a person. */
export function servePublicDocuments(app: FastifyInstance, identities: CredentialIdentities | undefined): void {
  const none = (): DoppelwerkError => new DoppelwerkError("DW_NOT_FOUND", message("credentials.noPublicDocument"));
  app.get("/.well-known/did.json", async (_, reply) => {
    const document = identities?.credentials.issuer.document();
    if (document === undefined) throw none();
    return reply.type("application/json").header("cache-control", "no-cache").send(document);
  });
  app.get<{ Params: { readonly machine: string } }>("/did/:machine/did.json", async (request, reply) => {
    const { machine: name } = request.params;
    const host = identities?.credentials.store.publishedAs;
    const key = identities === undefined || !MACHINE.test(name) ? undefined : publishedKey(identities, name);
    if (host === undefined || key === undefined) throw none();
    return reply
      .type("application/json")
      .header("cache-control", "no-cache")
      .send(didDocument(webDidOf(host, ["did", name]), multibaseOf(key), key));
  });
  app.get<{ Params: { readonly purpose: string } }>(`${LISTS_PATH}/:purpose`, async (request, reply) => {
    if (identities === undefined) throw none();
    const text = identities.credentials.issuer.list(request.params.purpose);
    return reply.type("application/vc+jwt").header("cache-control", "no-cache").send(text);
  });
}

function publishedKey({ machines, connections }: CredentialIdentities, name: string): PublicKey | undefined {
  const connection = connections.published(name);
  if (connection !== undefined) return keyOfConnection(connection);
  const machine = machines.store.byId(`machine:${name}`);
  if (machine?.key === undefined || machine.published !== true) return undefined;
  const { since: _since, ...key } = machine.key;
  return key;
}
