import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_BASE } from "@doppelwerk/client";
import { machineHeaders, printAnswer, worldOfServer } from "@doppelwerk/kit/command";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { GivenCertificate } from "../certificates/certificates.ts";
import { renewalOf } from "../tls/renewal.ts";

export interface MachineCertificateOptions {
  readonly server: string;
  /** Of `doppelwerk machines enrol`. */
  readonly key: string;
  /** Folder that gets certificate, key and authority. */
  readonly out: string;
  readonly opcua?: boolean;
  /** Only where two thirds of its life are over. */
  readonly due?: boolean;
  readonly json?: boolean;
}

const RSA_BITS = 3_072;

/** On the machine itself: a certificate of the server's authority for the key that it enrolled, or for an RSA key that is made for OPC UA. */
export async function certify(options: MachineCertificateOptions): Promise<void> {
  const kind = options.opcua === true ? "opcua" : "tls";
  const paths = pathsIn(options.out, kind);
  const due = options.due === true ? renewalOfFile(paths.certificate) : undefined;
  if (due !== undefined && Date.parse(due) > Date.now())
    return printAnswer(options, { renewed: false, renew: due }, `${paths.certificate} is not due before ${due}`);
  mkdirSync(options.out, { recursive: true, mode: 0o700 });
  const key = kind === "opcua" ? rsaKey(paths.key) : ownKey(options.key);
  const request = kind === "opcua" ? await requestOf(key) : undefined;
  const given = await ask(worldOfServer(options.server).baseUrl, options.key, { kind, ...(request !== undefined && { request }) });
  replace(paths.key, key, 0o600);
  replace(paths.authority, given.authority, 0o644);
  // last: whoever waits for it finds the others
  replace(paths.certificate, given.certificate, 0o644);
  const { until, renew } = given;
  printAnswer(options, { renewed: true, ...paths, until, renew }, `${paths.certificate} holds until ${until}; ask again from ${renew} on`);
}

function pathsIn(folder: string, kind: "tls" | "opcua") {
  const name = (file: string): string => join(folder, kind === "opcua" ? `opcua-${file}` : file);
  return { certificate: name("machine.pem"), key: name("machine.key"), authority: name("authority.pem") };
}

/** Undefined where there is no certificate that could be renewed. */
function renewalOfFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const { validFrom, validTo } = new X509Certificate(readFileSync(path));
  return renewalOf(new Date(validFrom).toISOString(), new Date(validTo).toISOString());
}

/** The enrolled key as programs of TLS read it: PKCS #8 in PEM. Errors: DW_INVALID. */
function ownKey(path: string): string {
  try {
    const { key } = JSON.parse(readFileSync(path, "utf8")) as { readonly key: Record<string, string> };
    return createPrivateKey({ key, format: "jwk" }).export({ format: "pem", type: "pkcs8" }) as string;
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("server.machineFileNotRead", { path }));
  }
}

function rsaKey(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8");
  return generateKeyPairSync("rsa", { modulusLength: RSA_BITS }).privateKey.export({ format: "pem", type: "pkcs8" }) as string;
}

async function requestOf(key: string): Promise<string> {
  const { requestOfKey } = await import("../certificates/sign-certificate.ts");
  return requestOfKey(key);
}

async function ask(baseUrl: string, key: string, body: object): Promise<GivenCertificate> {
  const url = `${baseUrl}${API_BASE}/machines/certificate`;
  const headers = { ...(await machineHeaders(key, "POST", url)), "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as GivenCertificate & { readonly error?: { readonly message?: string } };
  if (!response.ok) throw new DoppelwerkError("DW_FORBIDDEN", verbatim(answer.error?.message ?? `${response.status} ${url}`));
  return answer;
}

/** There whole or as before. */
function replace(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode, flush: true });
  chmodSync(`${path}.new`, mode);
  renameSync(`${path}.new`, path);
}
