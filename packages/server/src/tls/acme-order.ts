import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { Agent, get } from "node:https";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";

export interface AcmeOptions {
  /** Address of the directory of an ACME server (RFC 8555, 7.1.1). */
  readonly directory: string;
  /** Where its people write to when something is wrong with a certificate. */
  readonly contact?: string;
  /** File of the authority (PEM) of an ACME server within the company. */
  readonly authority?: string;
}

/** What the ACME server asks for at `/.well-known/acme-challenge/TOKEN`, by token (RFC 8555, 8.3). */
export type Challenges = Map<string, string>;

export interface Order {
  readonly acme: AcmeOptions;
  readonly accountKeyPath: string;
  readonly names: readonly string[];
  readonly challenges: Challenges;
}

/** PEM. */
export interface OrderedCertificate {
  readonly certificate: string;
  readonly key: string;
}

const ACCOUNT_KEY = "tls/acme-account.key";
const ANSWERED_WITHIN_MS = 30_000;
const MAX_ANSWER = 1_000_000;
const OK = 200;

/** Asks for a certificate for all names at once, and shows that they lead here (HTTP-01). Errors: whatever the ACME server says, in its words; as of node:fs. */
export async function orderCertificate({ acme, accountKeyPath, names, challenges }: Order): Promise<OrderedCertificate> {
  const library = await import("acme-client");
  const { axios, crypto } = library;
  axios.defaults.timeout = ANSWERED_WITHIN_MS;
  axios.defaults.maxContentLength = MAX_ANSWER;
  // when it is tried again is decided here
  Object.assign(axios.defaults, { acmeSettings: { retryMaxAttempts: 1, retryDefaultDelay: 1 } });
  if (acme.authority !== undefined) axios.defaults.httpsAgent = new Agent({ ca: readFileSync(acme.authority) });
  await requireAnswer(acme.directory);
  const client = new library.Client({
    directoryUrl: acme.directory,
    accountKey: accountKeyOf(accountKeyPath),
    backoffAttempts: 10,
    backoffMin: 500,
  });
  const contact = acme.contact === undefined ? [] : [`mailto:${acme.contact}`];
  await client.createAccount({ termsOfServiceAgreed: true, contact });
  const order = await client.createOrder({ identifiers: names.map((value) => ({ type: "dns", value })) });
  for (const authorization of await client.getAuthorizations(order)) {
    if (authorization.status === "valid") continue;
    const challenge = authorization.challenges.find(({ type }) => type === "http-01");
    if (challenge === undefined)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("server.acmeWithoutHttp", { name: authorization.identifier.value }));
    challenges.set(challenge.token, await client.getChallengeKeyAuthorization(challenge));
    try {
      await client.completeChallenge(challenge);
      await client.waitForValidStatus(challenge);
    } finally {
      challenges.delete(challenge.token);
    }
  }
  const [key, request] = await crypto.createCsr({ altNames: [...names] }, await crypto.createPrivateEcdsaKey());
  const ready = await client.finalizeOrder(order, request);
  return { certificate: await client.getCertificate(ready), key: key.toString() };
}

/** The library has no words for an address that nobody answers at. Errors: DW_UNAVAILABLE. */
async function requireAnswer(directory: string): Promise<void> {
  const { axios } = await import("acme-client");
  const away = (reason: string): DoppelwerkError =>
    new DoppelwerkError("DW_UNAVAILABLE", message("server.acmeAway", { reason, url: directory }));
  const { httpsAgent, timeout } = axios.defaults;
  const status = await new Promise<number>((resolve, reject) => {
    get(directory, { agent: httpsAgent as Agent, timeout: timeout ?? ANSWERED_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("timeout", function (this: ClientRequest) {
        this.destroy(new Error("ETIMEDOUT"));
      })
      .once("error", (error: NodeJS.ErrnoException) => reject(away(error.code ?? error.message)));
  });
  if (status !== OK) throw away(String(status));
}

/** Made when it is missing. Errors: DW_UNAVAILABLE, and those of `readSecretFile`. */
function accountKeyOf(path: string): string {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeSecretFile(path, ACCOUNT_KEY, privateKey.export({ format: "pem", type: "pkcs8" }) as string);
  }
  return readSecretFile(path, ACCOUNT_KEY);
}
