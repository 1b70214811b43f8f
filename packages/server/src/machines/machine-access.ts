import { createHash, randomUUID } from "node:crypto";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { calculateJwkThumbprint, decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT, type CryptoKey, type JWK } from "jose";
import type { Asked } from "../accounts/people.ts";
import type { IssuedCertificate } from "../certificates/certificate-store.ts";
import { clientThumbprint } from "./client-certificate.ts";
import { ALGORITHMS, didOfKey, machineKeyOf, type MachineKey } from "./machine-key.ts";
import { isUsable, type Machine, type MachineStore } from "./machine-store.ts";
import { UsedOnce } from "./used-once.ts";

export interface MachineAccessOptions {
  readonly machines: MachineStore;
  /** Signs the tokens of this server (Ed25519). */
  readonly signingKey: { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
  /** Of a certificate that an authority of this server issued and that holds now. */
  certificate(thumbprint: string): Pick<IssuedCertificate, "owner"> | undefined;
  readonly scheme: "http" | "https";
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

export interface AccessToken {
  readonly access_token: string;
  /** Bearer: bound to a certificate (RFC 8705, 3). */
  readonly token_type: "DPoP" | "Bearer";
  /** Seconds. */
  readonly expires_in: number;
}

/** A stolen token is good for so long at most, and only with the key that it is bound to. */
export const ACCESS_LIFETIME_S = 600;
/** How far a proof may be from the clock of the server, either way (RFC 9449, 11.1). */
const SKEW_S = 60;
/** RFC 7523, 3: an assertion names its own end; none is good for longer. */
const ASSERTION_MAX_S = 300;
const ISSUER = "urn:doppelwerk";
/** What all tokens of this server begin with. */
const HEADER = { alg: "EdDSA", typ: "at+jwt" } as const;
const OWN_TOKEN = `Bearer ${Buffer.from(JSON.stringify(HEADER)).toString("base64url")}.`;
const SCHEME = /^(?<scheme>DPoP|Bearer) (?<token>[\w.~+/=-]{1,4096})$/i;

/**
 * Which machine a request is of. A machine with a key of its own gets a token for ten minutes by an assertion that its key signs (OAuth 2.0 client
 * credentials with private_key_jwt: RFC 6749, 4.4, RFC 7523), bound to the key (DPoP, RFC 9449): each request proves the key anew. One with a certificate of
 * this server for its key gets the token by that (tls_client_auth, RFC 8705, 2.1), bound to the certificate: each request comes by a connection that shows it.
 * One with an access token sends it with each request (RFC 6750).
 */
export class MachineAccess {
  readonly #options: MachineAccessOptions;
  readonly #startedS: number;
  readonly #proofs = new UsedOnce();
  readonly #assertions = new UsedOnce();
  /** Who was found to send a request: its headers are one object from the socket to the route. */
  readonly #admitted = new WeakMap<object, string>();

  constructor(options: MachineAccessOptions) {
    this.#options = options;
    this.#startedS = Math.floor(options.now() / 1_000);
  }

  /** Whether the request says that it is of a machine. */
  isOfMachine({ headers: { authorization = "" } }: Pick<Asked, "headers">): boolean {
    // other JWTs are of others, as that of a connection that takes values
    return /^(?:DPoP |Bearer dwm_)/i.test(authorization) || authorization.startsWith(OWN_TOKEN);
  }

  /** Looks once at what the request shows. Errors: DW_UNAUTHENTICATED for what does not hold. */
  async admit(request: Asked, address: string): Promise<void> {
    const { scheme = "", token = "" } = SCHEME.exec(request.headers.authorization ?? "")?.groups ?? {};
    const isStatic = scheme.toLowerCase() !== "dpop" && token.startsWith("dwm_");
    const machine = isStatic ? this.#options.machines.byToken(token) : await this.#ofToken(request, scheme.toLowerCase(), token);
    const nowMs = this.#options.now();
    if (machine === undefined || !isUsable(machine, nowMs)) throw refused(message("server.machineTokenWrong"));
    this.#admitted.set(request.headers, machine.id);
    try {
      this.#options.machines.saw(machine.id, address, nowMs);
    } catch (error) {
      // when it last spoke is worth less than what it says
      this.#options.onFault(error);
    }
  }

  /** Of a request that was admitted, as long as it may connect. Errors: DW_UNAUTHENTICATED. */
  machineOf({ headers }: Pick<Asked, "headers">): Machine {
    const id = this.#admitted.get(headers);
    const machine = id === undefined ? undefined : this.#options.machines.byId(id);
    if (machine === undefined || !isUsable(machine, this.#options.now())) throw refused(message("server.machineTokenWrong"));
    return machine;
  }

  /** The key that signed the proof of a request. Errors: DW_UNAUTHENTICATED. */
  async keyOf(request: Asked): Promise<MachineKey> {
    return (await this.#proven(request)).key;
  }

  /** The machine redeems its code with the key that signed the proof of the request. Errors: DW_UNAUTHENTICATED, DW_NOT_FOUND, DW_CONFLICT, DW_UNAVAILABLE. */
  async enrol(request: Asked, code: string): Promise<Machine> {
    const { key } = await this.#proven(request);
    return this.#options.machines.enrol(code, key, this.#options.now());
  }

  /** A token for the machine whose key signed the assertion. Errors: DW_UNAUTHENTICATED. */
  async issue(request: Asked, assertion: string): Promise<AccessToken> {
    const { thumbprint } = await this.#proven(request);
    return this.#tokenFor(await this.#ofAssertion(request, assertion), { jkt: thumbprint });
  }

  /** A token for the machine whose certificate the connection shows; `client`: its id or DID. Errors: DW_UNAUTHENTICATED. */
  async issueByCertificate(request: Asked, client: string): Promise<AccessToken> {
    const { thumbprint, machine } = this.#certified(request);
    if (machine.id !== this.#named(client)?.id) throw refused(message("server.machineCertificateWrong"));
    return this.#tokenFor(machine, { "x5t#S256": thumbprint });
  }

  async #tokenFor(machine: Machine, cnf: { readonly jkt: string } | { readonly "x5t#S256": string }): Promise<AccessToken> {
    const nowS = Math.floor(this.#options.now() / 1_000);
    const access_token = await new SignJWT({ cnf })
      .setProtectedHeader(HEADER)
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(machine.id)
      .setJti(randomUUID())
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + ACCESS_LIFETIME_S)
      .sign(this.#options.signingKey.privateKey);
    return { access_token, token_type: "jkt" in cnf ? "DPoP" : "Bearer", expires_in: ACCESS_LIFETIME_S };
  }

  /** Whose certificate the connection shows. Errors: DW_UNAUTHENTICATED. */
  #certified(request: Asked): { readonly thumbprint: string; readonly machine: Machine } {
    const thumbprint = clientThumbprint(request);
    const issued = thumbprint === undefined ? undefined : this.#options.certificate(thumbprint);
    const machine = issued === undefined ? undefined : this.#options.machines.byId(issued.owner);
    if (machine?.key === undefined || !isUsable(machine, this.#options.now())) throw refused(message("server.machineCertificateWrong"));
    return { thumbprint: thumbprint!, machine };
  }

  async #ofToken(request: Asked, scheme: string, token: string): Promise<Machine | undefined> {
    const { payload } = await held(
      jwtVerify(token, this.#options.signingKey.publicKey, {
        typ: "at+jwt",
        algorithms: ["EdDSA"],
        issuer: ISSUER,
        audience: ISSUER,
        currentDate: new Date(this.#options.now()),
        requiredClaims: ["sub", "exp", "iat", "cnf"],
      }),
      message("server.machineTokenWrong"),
    );
    const cnf = payload["cnf"] as { readonly jkt?: unknown; readonly "x5t#S256"?: unknown };
    if (scheme === "dpop") {
      const { thumbprint } = await this.#proven(request, token);
      if (cnf.jkt !== thumbprint) throw refused(message("server.machineProofOfOtherKey"));
    } else {
      const { thumbprint, machine } = this.#certified(request);
      if (cnf["x5t#S256"] !== thumbprint || machine.id !== payload.sub) throw refused(message("server.machineCertificateWrong"));
    }
    const machine = this.#options.machines.byId(payload.sub!);
    // one that enrolled another key since then has lost the one of this token
    return machine?.key !== undefined && Date.parse(machine.key.since) <= payload.iat! * 1_000 + 999 ? machine : undefined;
  }

  async #ofAssertion(request: Asked, assertion: string): Promise<Machine> {
    const wrong = message("server.machineAssertionWrong");
    const nowMs = this.#options.now();
    let named: Machine | undefined;
    const keyOf = (): Promise<CryptoKey | Uint8Array> => {
      const { sub } = claimsOf(assertion);
      named = typeof sub === "string" ? this.#named(sub) : undefined;
      if (named?.key === undefined) throw refused(wrong);
      return importJWK(named.key, named.key.crv === "P-256" ? "ES256" : "EdDSA");
    };
    const { payload } = await held(
      jwtVerify(assertion, keyOf, {
        algorithms: ALGORITHMS,
        audience: [originOf(request, this.#options.scheme), urlOf(request, this.#options.scheme)],
        currentDate: new Date(nowMs),
        clockTolerance: SKEW_S,
        requiredClaims: ["iss", "sub", "exp", "jti"],
      }),
      wrong,
    );
    const latestS = nowMs / 1_000 + ASSERTION_MAX_S + SKEW_S;
    if (payload.iss !== payload.sub || payload.exp! > latestS || !isUsable(named!, nowMs)) throw refused(wrong);
    if (!this.#assertions.take(`${named!.id}\n${payload.jti}`, latestS * 1_000, nowMs)) throw refused(message("server.machineProofUsed"));
    return named!;
  }

  /** By id or DID. */
  #named(subject: string): Machine | undefined {
    const { machines } = this.#options;
    return machines.byId(subject) ?? machines.list().find(({ key }) => key !== undefined && didOfKey(key) === subject);
  }

  /** That who sends the request has a key: RFC 9449, 4.3. Errors: DW_UNAUTHENTICATED. */
  async #proven(request: Asked, token?: string): Promise<{ readonly key: MachineKey; readonly thumbprint: string }> {
    const proof = request.headers["dpop"];
    if (typeof proof !== "string" || proof.length > 4_096) throw refused(message("server.machineProofMissing"));
    const nowMs = this.#options.now();
    const nowS = nowMs / 1_000;
    const wrong = message("server.machineProofWrong");
    const key = keyOfProof(proof);
    const { payload } = await held(
      jwtVerify(proof, await importJWK(key, key.crv === "P-256" ? "ES256" : "EdDSA"), {
        typ: "dpop+jwt",
        algorithms: ALGORITHMS,
        currentDate: new Date(nowMs),
        clockTolerance: SKEW_S,
      }),
      wrong,
    );
    const { htm, htu, jti, iat, ath } = payload;
    if (typeof iat !== "number" || typeof jti !== "string" || jti.length > 200) throw refused(wrong);
    // what was used before the server started is not remembered
    if (Math.abs(iat - nowS) > SKEW_S || iat < this.#startedS)
      throw refused(message("server.machineClock", { seconds: Math.round(iat - nowS), max: SKEW_S }));
    if (htm !== request.method || withoutQuery(htu) !== urlOf(request, this.#options.scheme))
      throw refused(
        message("server.machineProofOfOtherRequest", { method: request.method ?? "", url: urlOf(request, this.#options.scheme) }),
      );
    if (token !== undefined && ath !== createHash("sha256").update(token).digest("base64url")) throw refused(wrong);
    const thumbprint = await calculateJwkThumbprint(key as JWK);
    if (!this.#proofs.take(`${thumbprint}\n${jti}`, (iat + SKEW_S) * 1_000, nowMs)) throw refused(message("server.machineProofUsed"));
    return { key, thumbprint };
  }
}

function keyOfProof(proof: string): MachineKey {
  let key: unknown;
  try {
    key = decodeProtectedHeader(proof).jwk;
  } catch {
    // no header, no key
  }
  if (typeof key !== "object" || key === null) throw refused(message("server.machineProofWrong"));
  return machineKeyOf(key);
}

/** Of an assertion whose signature is looked at next. */
function claimsOf(jwt: string): { readonly sub?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"))) as { readonly sub?: unknown };
  } catch {
    return {};
  }
}

/** What jose finds wrong is one refusal: who tries keys learns nothing. */
async function held<Result>(verified: Promise<Result>, why: Message): Promise<Result> {
  try {
    return await verified;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw refused(why);
    throw error;
  }
}

function originOf({ headers }: Asked, scheme: string): string {
  return `${scheme}://${(headers.host ?? "").toLowerCase()}`;
}

/** RFC 9449, 4.2: without query and fragment. */
function urlOf(request: Asked, scheme: string): string {
  const path = (request.originalUrl ?? request.url ?? "/").split(/[?#]/, 1)[0]!;
  return new URL(originOf(request, scheme) + path).href;
}

function withoutQuery(htu: unknown): string | undefined {
  if (typeof htu !== "string" || !URL.canParse(htu)) return undefined;
  const { origin, pathname } = new URL(htu);
  return origin + pathname;
}

function refused(why: Message): DoppelwerkError {
  return new DoppelwerkError("DW_UNAUTHENTICATED", why);
}
