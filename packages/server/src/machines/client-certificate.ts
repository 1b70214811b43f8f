import { createHash } from "node:crypto";
import { TLSSocket } from "node:tls";
import type { Asked } from "../accounts/people.ts";

/**
 * SHA-256 in base64url (RFC 8705, 3.1) of the certificate that the other side of the connection showed, and whose key it proved to have, where the authority
 * of this server signed it and it holds; undefined for all else.
 */
export function clientThumbprint({ socket }: Pick<Asked, "socket">): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  return certificate && createHash("sha256").update(certificate.raw).digest("base64url");
}
