import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { CLIENT, CLIENT_SECRET, startForgingProvider, type Forgery, type ForgingProvider } from "./forging-provider.fixture.ts";
import { OpenIdProvider } from "./openid-provider.ts";
import { providerOf, type OpenIdConfig } from "./provider-config.ts";

const REDIRECT = "https://plant.example/sign-in/company";
let forging: ForgingProvider;

beforeAll(async () => {
  forging = await startForgingProvider();
});
afterAll(() => forging.stop());
beforeEach(() => {
  forging.forgery = {};
  forging.metadata = {};
});

const configOf = (more: Readonly<Record<string, unknown>> = {}): OpenIdConfig =>
  providerOf({
    kind: "openid",
    id: "company",
    name: "Company",
    issuer: forging.issuer,
    clientId: CLIENT,
    clientSecret: CLIENT_SECRET,
    roles: { operator: ["crew"] },
    ...more,
  }) as OpenIdConfig;

/** Logs in with what the provider says then. */
async function enter(forgery: Forgery = {}, change: (query: URLSearchParams) => void = () => {}) {
  const provider = new OpenIdProvider(configOf(), () => Date.now());
  const { url, checks } = await provider.begin(REDIRECT);
  forging.nonce = checks.nonce;
  forging.forgery = forgery;
  const query = new URLSearchParams({ code: "c", state: new URL(url).searchParams.get("state")! });
  change(query);
  return provider.finish(String(query), checks);
}

test("[SV221] the browser goes to the provider with PKCE, state and nonce, and who comes back is told by a token that the provider signed", async () => {
  const provider = new OpenIdProvider(configOf(), () => Date.now());
  const asked = new URL((await provider.begin(REDIRECT)).url);
  expect(asked.origin).toBe(forging.issuer);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    response_type: "code",
    redirect_uri: REDIRECT,
    code_challenge_method: "S256",
    code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    state: expect.stringMatching(/^[\w-]{43}$/) as string,
    nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
  });
  expect(await enter()).toEqual({ issuer: forging.issuer, subject: "mara", login: undefined, name: "Mara", groups: ["crew"] });
});

test("[SV221] a token of another issuer, audience, nonce, time, algorithm or key is none", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1_000);
  const forgeries: Readonly<Record<string, Forgery>> = {
    "another issuer": { claims: { iss: "https://evil.example" } },
    "another audience": { claims: { aud: "another-client" } },
    "several audiences without azp": { claims: { aud: [CLIENT, "another-client"] } },
    "several audiences for another": { claims: { aud: [CLIENT, "another-client"], azp: "another-client" } },
    "another nonce": { claims: { nonce: "of another login" } },
    "no nonce": { claims: { nonce: undefined } },
    over: { claims: { exp: now - 120, iat: now - 400 } },
    "no end": { claims: { exp: undefined } },
    "no subject": { claims: { sub: undefined } },
    "no algorithm": { alg: "none" },
    "signed with the secret of the client": { alg: "HS256", secret: CLIENT_SECRET },
    "said to be RS256, signed with the secret": { secret: CLIENT_SECRET },
    "another key": { key: privateKey },
    "a code that was used": { status: 400 },
  };
  for (const [name, forgery] of Object.entries(forgeries))
    await expect(enter(forgery), name).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
});

test("[SV301] who proves at the provider to be there is asked there again: a proof of before, or none, is none", async () => {
  const provider = new OpenIdProvider(configOf(), () => Date.now());
  const prove = async (authTime: number | undefined) => {
    const { url, checks } = await provider.begin(REDIRECT, true);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: "login", max_age: "0" });
    forging.nonce = checks.nonce;
    forging.forgery = { claims: { auth_time: authTime } };
    return provider.finish(String(new URLSearchParams({ code: "c", state: checks.state })), checks);
  };
  const nowS = Math.floor(Date.now() / 1_000);
  expect(await prove(nowS)).toMatchObject({ subject: "mara", proved: nowS * 1_000 });
  for (const authTime of [undefined, nowS - 120, nowS - 3_600])
    await expect(prove(authTime), String(authTime)).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
});

test("[SV221] an answer with another state, of another issuer, or with a value twice is refused before the provider is asked for a token", async () => {
  for (const change of [
    (query: URLSearchParams) => query.set("state", "other"),
    (query: URLSearchParams) => query.delete("state"),
    (query: URLSearchParams) => query.append("state", "other"),
    // mix-up: RFC 9207
    (query: URLSearchParams) => query.set("iss", "https://evil.example"),
    (query: URLSearchParams) => query.delete("code"),
    (query: URLSearchParams) => query.set("error", "access_denied"),
  ]) {
    forging.asked.length = 0;
    await expect(enter({}, change), String(change)).rejects.toMatchObject({ code: "DW_UNAUTHENTICATED" });
    expect(forging.asked).not.toContain("/token");
  }
});

test("[SV222] what the provider says of itself sends the server and the browser to no other host", async () => {
  for (const [name, address] of [
    ["authorization_endpoint", "https://evil.example/authorize"],
    ["authorization_endpoint", "javascript:alert(1)"],
    ["token_endpoint", "http://169.254.169.254/token"],
    ["token_endpoint", `http://user@${new URL(forging.issuer).host}/token`],
    ["jwks_uri", "http://127.0.0.1:1/keys"],
    ["jwks_uri", "file:///etc/passwd"],
    ["userinfo_endpoint", "https://evil.example/me"],
    ["issuer", "https://evil.example"],
  ] as const) {
    forging.metadata = { [name]: address };
    await expect(new OpenIdProvider(configOf(), () => Date.now()).begin(REDIRECT), `${name} ${address}`).rejects.toMatchObject({
      code: "DW_UNAVAILABLE",
    });
  }
  forging.metadata = { jwks_uri: "http://127.0.0.1:1/keys" };
  await new OpenIdProvider(configOf({ hosts: ["127.0.0.1:1"] }), () => Date.now()).begin(REDIRECT);
});

test("[SV222] a provider that answers without end or not at all is away, and is asked again only after a while", async () => {
  await expect(enter({ octets: 2_000_000 })).rejects.toMatchObject({ code: "DW_UNAVAILABLE", details: { away: true } });
  await expect(enter({ delayMs: 8_000 })).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  let now = Date.now();
  const gone = new OpenIdProvider(configOf({ issuer: "http://127.0.0.1:1" }), () => now);
  expect(await gone.answers()).toBe(false);
  const config = configOf();
  const provider = new OpenIdProvider(config, () => now);
  forging.asked.length = 0;
  expect(await Promise.all([provider.answers(), provider.answers(), provider.answers()])).toEqual([true, true, true]);
  expect(forging.asked).toHaveLength(1);
  now += 11_000;
  await provider.answers();
  expect(forging.asked).toHaveLength(2);
});

test("[SV220] a provider without TLS beyond this machine, or for everybody's customers, is no provider", () => {
  for (const issuer of ["http://idp.example", "https://user:word@idp.example", "https://idp.example/?tenant=a", "ftp://idp.example", "idp"])
    expect(() => configOf({ issuer }), issuer).toThrow(expect.objectContaining({ code: "DW_INVALID" }) as Error);
  expect(() => configOf({ roles: { owner: ["crew"] } })).toThrow(expect.objectContaining({ code: "DW_INVALID" }) as Error);
  expect(() => configOf({ id: "../etc" })).toThrow(expect.objectContaining({ code: "DW_INVALID" }) as Error);
});
