import { createHmac, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a token says and how it is signed; what is left out is as it should be. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: string;
  /** Signs instead of the key of the provider. */
  readonly key?: KeyObject;
  /** Signs with this secret instead of a key (HS256). */
  readonly secret?: string;
  readonly status?: number;
  readonly octets?: number;
  readonly delayMs?: number;
}

/** A provider that answers whatever a test wants, to see what a client believes. */
export interface ForgingProvider {
  readonly issuer: string;
  /** Of the next token. */
  forgery: Forgery;
  /** The nonce that was asked for. */
  nonce: string;
  /** Added to what it says of itself. */
  metadata: Readonly<Record<string, unknown>>;
  /** Paths that were asked for. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export const CLIENT = "doppelwerk";
export const CLIENT_SECRET = "a secret that the client and the provider have both";

export async function startForgingProvider(): Promise<ForgingProvider> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    provider.asked.push(path);
    const send = (body: unknown, status = 200): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (path.startsWith("/.well-known")) return send(metadataOf(provider));
    if (path === "/keys") return send({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" }] });
    const { status = 200, octets = 0, delayMs = 0 } = provider.forgery;
    setTimeout(
      () =>
        send(
          status === 200
            ? { access_token: "a", token_type: "Bearer", id_token: tokenOf(provider, privateKey), filling: "x".repeat(octets) }
            : { error: "invalid_grant" },
          status,
        ),
      delayMs,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: ForgingProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forgery: {},
    nonce: "",
    metadata: {},
    asked: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}

function metadataOf({ issuer, metadata }: ForgingProvider): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
    ...metadata,
  };
}

function tokenOf({ issuer, nonce, forgery: { claims, alg = "RS256", key, secret } }: ForgingProvider, own: KeyObject): string {
  const now = Math.floor(Date.now() / 1_000);
  const said = { iss: issuer, aud: CLIENT, sub: "mara", iat: now, exp: now + 300, nonce, name: "Mara", groups: ["crew"], ...claims };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg, kid: "one", typ: "JWT" })}.${part(said)}`;
  const bytes = Buffer.from(signed);
  if (alg === "none") return `${signed}.`;
  if (secret !== undefined) return `${signed}.${createHmac("sha256", secret).update(bytes).digest("base64url")}`;
  return `${signed}.${sign("sha256", bytes, key ?? own).toString("base64url")}`;
}
