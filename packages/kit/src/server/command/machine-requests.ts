import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { API_BASE } from "@doppelwerk/client";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from "jose";

/** What a file of `doppelwerk machines enrol` holds: the private key of this machine, and where it is known. */
interface MachineFile {
  readonly key: JWK & { readonly d: string };
  /** Absent until the key is enrolled. */
  readonly id?: string;
  readonly server?: string;
}

export interface EnrolledMachine {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly did?: string;
}

/** A token that ends within this time is not used any more. */
const RENEWED_BEFORE_MS = 30_000;
const ASSERTION_S = 120;
const TOKEN = /^\s*(dwm_[\w-]+)\s*$/;
const tokens = new Map<string, { readonly text: string; readonly untilMs: number }>();

/**
 * Enrols the key of a file with a code; makes key and file where there is none. `baseUrl` is the origin of the server.
 * Errors: DW_INVALID for a file that holds no key, and what the server refuses.
 */
export async function enrolMachine(baseUrl: string, code: string, path: string): Promise<EnrolledMachine> {
  const { key } = existsSync(path) ? readMachineFile(path) : await newMachineFile(path);
  const url = `${baseUrl}${API_BASE}/machines/enrolment`;
  const headers = { "content-type": "application/json", dpop: await proofOf(key, "POST", url) };
  const machine = await answered<EnrolledMachine>(await fetch(url, { method: "POST", headers, body: JSON.stringify({ code }) }));
  writeMachineFile(path, { key, id: machine.id, server: baseUrl });
  return machine;
}

export type MachineJwk = MachineFile["key"];

/** The private key of a file, made where there is none. Errors: DW_INVALID for a file that holds no key. */
export async function machineKeyOf(path: string): Promise<MachineJwk> {
  return (existsSync(path) ? readMachineFile(path) : await newMachineFile(path)).key;
}

/**
 * Enrols the key of a file by a presentation of credentials, which `present` makes for what the server asks. Errors: as of `enrolMachine`.
 */
export async function enrolByPresentation(
  baseUrl: string,
  path: string,
  present: (key: MachineJwk, asked: { readonly nonce: string; readonly audience: string }) => string,
): Promise<EnrolledMachine> {
  const key = await machineKeyOf(path);
  const url = `${baseUrl}${API_BASE}/machines/presentation`;
  const asked = await answered<{ readonly nonce: string; readonly audience: string }>(await fetch(`${url}/challenge`, { method: "POST" }));
  const headers = { "content-type": "application/json", dpop: await proofOf(key, "POST", url) };
  const body = JSON.stringify({ presentation: present(key, asked) });
  const machine = await answered<EnrolledMachine>(await fetch(url, { method: "POST", headers, body }));
  writeMachineFile(path, { key, id: machine.id, server: baseUrl });
  return machine;
}

/** Headers with which a request is of the machine of a file, which holds its key or its access token. Errors: DW_INVALID, and what the server refuses. */
export async function machineHeaders(path: string, method: string, url: string): Promise<Record<string, string>> {
  const token = TOKEN.exec(textOf(path))?.[1];
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const { key, id } = readMachineFile(path);
  if (id === undefined) throw new DoppelwerkError("DW_INVALID", message("server.machineNotEnrolled", { path }));
  const bound = await tokenOf(new URL(url).origin, path, { key, id });
  return { authorization: `DPoP ${bound}`, dpop: await proofOf(key, method, url, bound) };
}

async function tokenOf(baseUrl: string, path: string, { key, id }: Required<Pick<MachineFile, "key" | "id">>): Promise<string> {
  const kept = tokens.get(`${baseUrl} ${path}`);
  if (kept !== undefined && kept.untilMs - Date.now() > RENEWED_BEFORE_MS) return kept.text;
  const url = `${baseUrl}${API_BASE}/machines/token`;
  const nowS = Math.floor(Date.now() / 1_000);
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: algorithmOf(key), typ: "JWT" })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(url)
    .setJti(randomUUID())
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + ASSERTION_S)
    .sign(await signerOf(key));
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", dpop: await proofOf(key, "POST", url) };
  const answer = await answered<{ readonly access_token: string; readonly expires_in: number }>(
    await fetch(url, { method: "POST", headers, body: String(body) }),
  );
  tokens.set(`${baseUrl} ${path}`, { text: answer.access_token, untilMs: Date.now() + answer.expires_in * 1_000 });
  return answer.access_token;
}

/** DPoP (RFC 9449, 4.2): that who sends this one request has the key. */
async function proofOf(key: MachineFile["key"], method: string, url: string, token?: string): Promise<string> {
  const { d: _d, ...jwk } = key;
  const { origin, pathname } = new URL(url);
  const ath = token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") };
  return new SignJWT({ htm: method, htu: origin + pathname, ...ath })
    .setProtectedHeader({ alg: algorithmOf(key), typ: "dpop+jwt", jwk })
    .setJti(randomUUID())
    .setIssuedAt()
    .sign(await signerOf(key));
}

function algorithmOf({ crv }: JWK): "ES256" | "EdDSA" {
  return crv === "P-256" ? "ES256" : "EdDSA";
}

async function signerOf(key: MachineFile["key"]): Promise<CryptoKey> {
  return (await importJWK(key, algorithmOf(key))) as CryptoKey;
}

async function newMachineFile(path: string): Promise<MachineFile> {
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  const file = { key: { kty: kty!, crv: crv!, x: x!, d: d! } };
  writeMachineFile(path, file);
  return file;
}

function writeMachineFile(path: string, file: MachineFile): void {
  writeFileSync(path, `${JSON.stringify(file, undefined, 1)}\n`, { mode: 0o600 });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("server.machineFileNotRead", { path }));
  }
}

function readMachineFile(path: string): MachineFile {
  const text = textOf(path);
  try {
    const file = JSON.parse(text) as MachineFile;
    if (typeof file.key.d === "string" && typeof file.key.x === "string") return file;
  } catch {
    // the error below says what is to be done
  }
  throw new DoppelwerkError("DW_INVALID", message("server.machineFileNotRead", { path }));
}

async function answered<Answer>(response: Response): Promise<Answer> {
  const answer = (await response.json()) as {
    readonly error?: { readonly message?: string } | string;
    readonly error_description?: string;
  };
  if (response.ok) return answer as Answer;
  const said = typeof answer.error === "object" ? answer.error.message : answer.error_description;
  throw new DoppelwerkError("DW_UNAUTHENTICATED", verbatim(said ?? `${response.status} ${response.url}`));
}
