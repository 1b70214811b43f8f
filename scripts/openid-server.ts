import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider, type Configuration } from "oidc-provider";

/** Somebody whom a provider of a test knows. */
export interface ProvidedPerson {
  readonly name?: string;
  readonly login?: string;
  readonly email?: string;
  readonly groups?: readonly string[];
}

/** A provider of OpenID Connect by another hand (oidc-provider), on a free port of the loopback. */
export interface OpenIdServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By subject. */
  readonly people: Map<string, ProvidedPerson>;
  /** Who sits at the browser: logs in at the provider at once. */
  person: string;
  stop(): Promise<void>;
  /** Again on the same port. */
  start(): Promise<void>;
}

export interface OpenIdServerOptions {
  readonly redirectUris: readonly string[];
  readonly backTo?: readonly string[];
  /** Whether the token says everything, and not only the answer about the person. */
  readonly wholeTokens?: boolean;
}

export async function startOpenIdServer({ redirectUris, backTo = [], wholeTokens = false }: OpenIdServerOptions): Promise<OpenIdServer> {
  const people = new Map<string, ProvidedPerson>();
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  let server = createServer((request, response) => handle(request, response));
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const started: OpenIdServer = {
    issuer: `http://127.0.0.1:${port}`,
    clientId: "doppelwerk",
    clientSecret: "secret of the client that nobody reads",
    people,
    person: "",
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start() {
      server = createServer((request, response) => handle(request, response));
      return listen(port);
    },
  };
  const configuration: Configuration = {
    clients: [
      {
        client_id: started.clientId,
        client_secret: started.clientSecret,
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...backTo],
      },
    ],
    jwks: {
      keys: [
        {
          ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
          kid: "of-the-test",
          alg: "RS256",
          use: "sig",
        },
      ],
    },
    cookies: { keys: ["of the test"] },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email"] },
    conformIdTokenClaims: !wholeTokens,
    // said, so that the provider does not complain
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => {
      const person = people.get(sub);
      if (person === undefined) return undefined;
      const { name, login, email, groups } = person;
      return { accountId: sub, claims: () => ({ sub, name, preferred_username: login, email, groups }) };
    },
  };
  const provider = new Provider(started.issuer, configuration);
  const answer = provider.callback();
  handle = (request, response) => {
    if (request.url?.startsWith("/interaction/")) void enter(provider, request, response, started.person);
    else void answer(request, response);
  };
  return started;
}

/** Logs the person in and lets the client know everything it asks for. */
async function enter(provider: Provider, request: IncomingMessage, response: ServerResponse, accountId: string): Promise<void> {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  if (accountId === "") return provider.interactionFinished(request, response, { error: "access_denied", error_description: "not today" });
  if (prompt.name === "login") return provider.interactionFinished(request, response, { login: { accountId } });
  const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params["client_id"]) });
  grant.addOIDCScope(String(params["scope"]));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}
