import { X509Certificate } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { AuthorityKind } from "../tls/authority.ts";
import type { Certificates } from "./certificates.ts";

/** `tls.crl`, `opcua.crt` …: answered to anybody, as those who check a certificate of this server ask for them. */
export const AUTHORITIES_ROUTE = "/pki/:file";
const FILE = /^(?<kind>tls|opcua)\.(?<form>crt|crt\.pem|crl|crl\.pem)$/;

/** The authorities and their revocation lists (RFC 2585 for DER, and as PEM), once one signed something. */
export function serveAuthorities(app: FastifyInstance, certificates: Certificates): void {
  app.get<{ Params: { readonly file: string } }>(AUTHORITIES_ROUTE, async (request, reply) => {
    const { kind, form } = (FILE.exec(request.params.file)?.groups ?? {}) as { kind?: AuthorityKind; form?: string };
    // nobody who asks makes an authority
    if (kind === undefined || !certificates.store.list().some(({ of }) => of === kind))
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAuthorityHere"));
    reply.header("cache-control", "no-cache");
    if (form === "crt" || form === "crt.pem") {
      const { certificate } = await certificates.authority(kind);
      return form === "crt"
        ? reply.type("application/pkix-cert").send(new X509Certificate(certificate).raw)
        : reply.type("application/x-pem-file").send(certificate);
    }
    const { der, pem } = await certificates.list(kind);
    return form === "crl" ? reply.type("application/pkix-crl").send(der) : reply.type("application/x-pem-file").send(pem);
  });
}
