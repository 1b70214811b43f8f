import type * as OpenIdClient from "openid-client";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { ASKING_MS, guardedFetch, isAllowed } from "./guarded-fetch.ts";
import type { OutsidePerson } from "./outside-person.ts";
import type { OpenIdConfig } from "./provider-config.ts";
import { groupsIn } from "./roles-of-groups.ts";

/** What an answer of the provider is held to; known to the server alone. */
export interface Checks {
  readonly redirectUri: string;
  /** Since when the person was to prove there again who he is, milliseconds since 1970; undefined where it does not matter. */
  readonly freshSince: number | undefined;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Signatures that only the provider can make: none, and those of a secret that the client has too, are not among them (RFC 8725, 3.1). */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];
/** How long it may take there, where a person is to prove again who he is. */
const FRESH_S = 600;
/** How far the clock of the provider may be behind. */
const SKEW_MS = 30_000;
/** How long what the provider says of itself is not asked for again. */
const METADATA_MS = 3_600_000;
/** How long it is not asked again whether it answers. */
const PROBE_MS = 10_000;

interface Metadata {
  readonly client: OpenIdClient.Configuration;
  readonly read: number;
}

/** A provider of OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0; RFC 9700). */
export class OpenIdProvider {
  readonly config: OpenIdConfig;
  readonly #fetch: ReturnType<typeof guardedFetch>;
  readonly #now: () => number;
  #metadata: Metadata | undefined;
  #probe: { readonly client: Promise<OpenIdClient.Configuration>; readonly at: number } | undefined;

  constructor(config: OpenIdConfig, now: () => number) {
    this.config = config;
    this.#now = now;
    this.#fetch = guardedFetch(this.#hosts());
  }

  /** Where the browser goes; `isFresh`: the person proves there again who he is. Errors: DW_UNAVAILABLE. */
  async begin(redirectUri: string, isFresh = false): Promise<{ readonly url: string; readonly checks: Checks }> {
    const { openid, client } = await this.#client();
    const checks: Checks = {
      redirectUri,
      freshSince: isFresh ? this.#now() : undefined,
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const url = openid.buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: this.config.scopes,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: "S256",
      ...(isFresh && { prompt: "login", max_age: "0" }),
    });
    return { url: url.href, checks };
  }

  /** Who came back. Errors: DW_UNAUTHENTICATED for an answer that does not hold, DW_UNAVAILABLE. */
  async finish(query: string, checks: Checks): Promise<OutsidePerson> {
    const person = await this.#answered(query, checks);
    const { freshSince } = checks;
    // one that knew him already and let him through has not asked
    if (freshSince !== undefined && (person.proved ?? 0) < freshSince - SKEW_MS)
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.providerDidNotAsk", { name: this.config.name }));
    return person;
  }

  async #answered(query: string, { redirectUri, freshSince, state, nonce, verifier }: Checks): Promise<OutsidePerson> {
    const { openid, client } = await this.#client();
    const url = new URL(redirectUri);
    url.search = query;
    try {
      const tokens = await openid.authorizationCodeGrant(client, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        // a provider that does not say when it asked has not asked
        ...(freshSince !== undefined && { maxAge: FRESH_S }),
      });
      const claims: Readonly<Record<string, unknown>> = { ...tokens.claims()! };
      const isWhole = groupsIn(claims, this.config.groupsClaim) !== undefined && claims["name"] !== undefined;
      // providers that keep tokens small answer the rest when they are asked
      const more = !isWhole ? await this.#userInfo(openid, client, tokens.access_token, String(claims["sub"])) : {};
      return this.#personOf({ ...more, ...claims });
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  /** Whether the provider answers now, asked at most every ten seconds. */
  answers(): Promise<boolean> {
    return this.#asked().then(
      () => true,
      () => false,
    );
  }

  /** Errors: DW_UNAVAILABLE with the reason why it does not answer, or what is wrong with what it says. */
  async probe(): Promise<void> {
    await this.#discover();
  }

  /** Where a browser ends its session at the provider (OpenID Connect RP-Initiated Logout 1.0); undefined where that is not offered. */
  async logoutUrl(backTo: string): Promise<string | undefined> {
    if (!this.config.logsOut) return undefined;
    const { openid, client } = await this.#client();
    const endpoint = client.serverMetadata().end_session_endpoint;
    if (endpoint === undefined || !isAllowed(new URL(endpoint), this.#hosts())) return undefined;
    return openid.buildEndSessionUrl(client, { post_logout_redirect_uri: backTo }).href;
  }

  async #client(): Promise<{ readonly openid: typeof OpenIdClient; readonly client: OpenIdClient.Configuration }> {
    const openid = await import("openid-client");
    const known = this.#metadata;
    const client = known !== undefined && this.#now() - known.read < METADATA_MS ? known.client : await this.#asked();
    return { openid, client };
  }

  /** One that did not answer is not asked again at once, however many people wait for it. */
  #asked(): Promise<OpenIdClient.Configuration> {
    const now = this.#now();
    if (this.#probe === undefined || now - this.#probe.at >= PROBE_MS) this.#probe = { at: now, client: this.#discover() };
    return this.#probe.client;
  }

  /** Errors: DW_UNAVAILABLE. */
  async #discover(): Promise<OpenIdClient.Configuration> {
    const { issuer, clientId, clientSecret } = this.config;
    const openid = await import("openid-client");
    const isPlain = new URL(issuer).protocol === "http:";
    try {
      const found = await openid.discovery(new URL(issuer), clientId, undefined, undefined, {
        [openid.customFetch]: this.#fetch,
        execute: isPlain ? [openid.allowInsecureRequests] : [],
        timeout: ASKING_MS / 1_000,
      });
      const metadata = found.serverMetadata();
      this.#checkAddresses(metadata);
      const offered = metadata.id_token_signing_alg_values_supported ?? ["RS256"];
      const algorithms = offered.filter((name) => ALGORITHMS.includes(name));
      const client = new openid.Configuration(
        { ...(metadata as OpenIdClient.ServerMetadata), id_token_signing_alg_values_supported: algorithms },
        clientId,
        {},
        clientSecret === undefined ? openid.None() : openid.ClientSecretPost(clientSecret),
      );
      client[openid.customFetch] = this.#fetch;
      client.timeout = ASKING_MS / 1_000;
      if (isPlain) openid.allowInsecureRequests(client);
      openid.enableNonRepudiationChecks(client);
      this.#metadata = { client, read: this.#now() };
      return client;
    } catch (error) {
      throw this.#away(error);
    }
  }

  async #userInfo(
    openid: typeof OpenIdClient,
    client: OpenIdClient.Configuration,
    accessToken: string,
    subject: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    if (client.serverMetadata().userinfo_endpoint === undefined) return {};
    return { ...(await openid.fetchUserInfo(client, accessToken, subject)) };
  }

  #personOf(claims: Readonly<Record<string, unknown>>): OutsidePerson {
    const text = (name: string): string | undefined => (typeof claims[name] === "string" ? claims[name] : undefined);
    const { groupsClaim, loginClaim } = this.config;
    return {
      issuer: String(claims["iss"]),
      subject: String(claims["sub"]),
      login: text(loginClaim) ?? text("email"),
      name: text("name") ?? text(loginClaim) ?? text("email"),
      groups: groupsIn(claims, groupsClaim) ?? [],
      ...(typeof claims["auth_time"] === "number" && { proved: claims["auth_time"] * 1_000 }),
    };
  }

  /** The browser is sent to one of them, the secret of the client to another. */
  #checkAddresses(metadata: Readonly<OpenIdClient.ServerMetadata>): void {
    const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = metadata;
    // one for all customers of a service would let those of others name their own groups
    if (issuer.replace(/\/$/, "") !== this.config.issuer.replace(/\/$/, ""))
      throw new DoppelwerkError("DW_FORBIDDEN", message("server.providerOtherIssuer", { issuer: issuer.slice(0, 200) }));
    for (const address of [authorization_endpoint, token_endpoint, jwks_uri]) {
      if (address === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.providerWithoutAddress"));
    }
    for (const address of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint]) {
      if (address !== undefined && !isAllowed(new URL(address), this.#hosts()))
        throw new DoppelwerkError("DW_FORBIDDEN", message("server.providerElsewhere", { url: address.slice(0, 200) }));
    }
  }

  #hosts(): ReadonlySet<string> {
    return new Set([new URL(this.config.issuer).host, ...this.config.hosts]);
  }

  #refusal(error: unknown): DoppelwerkError {
    // what it could not be asked is no refusal
    if (isAway(error)) return this.#away(error);
    return new DoppelwerkError(
      "DW_UNAUTHENTICATED",
      message("server.providerAnswerRefused", { name: this.config.name, reason: causeOf(error) }),
    );
  }

  #away(error: unknown): DoppelwerkError {
    return new DoppelwerkError("DW_UNAVAILABLE", message("server.providerAway", { name: this.config.name, reason: causeOf(error) }), {
      away: true,
    });
  }
}

/** Whether the other side was not reached, or is not able to answer. */
function isAway(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DoppelwerkError) return true;
    if (cause.name === "TimeoutError" || cause.name === "AbortError") return true;
    if (
      /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|UND_ERR|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(
        String((cause as { code?: unknown }).code),
      )
    )
      return true;
  }
  return error instanceof Error && (error.cause as { status?: number } | undefined)?.status !== undefined
    ? (error.cause as { status: number }).status >= 500
    : false;
}

function causeOf(error: unknown): ReturnType<typeof reasonOf> {
  // the provider's own words for who it does not let through (RFC 6749, 4.1.2.1)
  const { error: refused, error_description: why } = Object(error) as { readonly error?: unknown; readonly error_description?: unknown };
  if (typeof refused === "string") return verbatim(`${refused}${typeof why === "string" ? `: ${why.slice(0, 300)}` : ""}`);
  let last = error;
  while (last instanceof Error && last.cause instanceof Error && !(last instanceof DoppelwerkError)) last = last.cause;
  return reasonOf(last);
}
