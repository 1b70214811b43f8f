import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { need } from "./services.ts";

/** A certificate that the authority has made. */
export interface TsaCertificate {
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
}

export interface IssueOptions {
  /** As `openssl x509 -extfile` reads them. */
  readonly extensions?: string;
  /** `YYYYMMDDHHMMSSZ`. */
  readonly from?: string;
  readonly until?: string;
  /** Who signs it; default the root. */
  readonly by?: TsaCertificate;
}

/** A time-stamping authority of a test's own: `openssl ts` behind a small HTTP server, on a free port of the loopback. */
export interface TsaServer {
  readonly url: string;
  /** PEM of the certificate that time stamps lead to. */
  readonly root: string;
  readonly policy: string;
  /** Makes a certificate of this authority; by default one for time stamps, valid now. */
  issue(name: string, options?: IssueOptions): TsaCertificate;
  /** Gives something else instead of answers, as a wrong authority does. */
  replace(change: ((answer: Buffer, query: Buffer) => Buffer | Promise<Buffer>) | undefined): void;
  /** Time-stamp info signed as CMS by a certificate that `openssl ts` would not sign with; `also` is a certificate that comes with it. */
  signAs(certificate: TsaCertificate, info: Buffer, also?: TsaCertificate): Buffer;
  close(): Promise<void>;
}

const FOR_TIME_STAMPS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n";
/** Object identifier of what a time stamp states. */
const TIME_STAMP_INFO = "1.2.840.113549.1.9.16.1.4";
const POLICY = "1.3.6.1.4.1.99999.1";

export async function startTsa(): Promise<TsaServer> {
  const authority = new TsaAuthority();
  let change: Parameters<TsaServer["replace"]>[0];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (query) => {
      const real = authority.answer(query);
      response
        .writeHead(200, { "content-type": "application/timestamp-reply" })
        .end(change === undefined ? real : await change(real, query));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    root: readFileSync(authority.root.certificate, "utf8"),
    policy: POLICY,
    issue: (name, options) => authority.issue(name, options),
    replace: (other) => void (change = other),
    signAs: (certificate, info, also) => authority.signAs(certificate, info, also),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      authority.remove();
    },
  };
}

/** What is done with `openssl`, in a folder of its own. */
class TsaAuthority {
  readonly root: TsaCertificate;
  readonly #openssl = need("openssl");
  readonly #folder = mkdtempSync(join(tmpdir(), "doppelwerk-tsa-"));
  readonly #signer: TsaCertificate;

  constructor() {
    this.root = this.#file("root");
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const subject = ["-subj", "/CN=Trial root", "-addext", "keyUsage=critical,keyCertSign"];
    this.#run(["req", "-x509", ...ec, "-keyout", "root.key", "-out", "root.pem", "-days", "3650", ...subject]);
    this.#signer = this.issue("Trial TSA");
  }

  issue(
    name: string,
    { extensions = FOR_TIME_STAMPS, from = "20240101000000Z", until = "20380101000000Z", by = this.root }: IssueOptions = {},
  ): TsaCertificate {
    writeFileSync(join(this.#folder, `${name}.ext`), extensions);
    this.#run(["req", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`]);
    const authority = ["-CA", by.certificate, "-CAkey", by.key, "-CAcreateserial"];
    const dates = ["-not_before", from, "-not_after", until];
    this.#run(["x509", "-req", "-in", `${name}.csr`, ...authority, ...dates, "-extfile", `${name}.ext`, "-out", `${name}.pem`]);
    return this.#file(name);
  }

  answer(query: Buffer): Buffer {
    writeFileSync(join(this.#folder, "tsa.cnf"), configurationOf(this.#folder, this.#signer));
    writeFileSync(join(this.#folder, "query.tsq"), query);
    this.#run(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr"]);
    return readFileSync(join(this.#folder, "answer.tsr"));
  }

  signAs({ certificate, key }: TsaCertificate, info: Buffer, also?: TsaCertificate): Buffer {
    const words = ["cms", "-sign", "-binary", "-nodetach", "-econtent_type", TIME_STAMP_INFO, "-signer", certificate, "-inkey", key];
    const certificates = also === undefined ? [] : ["-certfile", also.certificate];
    const signed = spawnSync(this.#openssl, [...words, "-cades", "-outform", "DER", ...certificates], { input: info, cwd: this.#folder });
    if (signed.status !== 0) throw new Error(`openssl cms: ${signed.stderr.toString()}`);
    return signed.stdout;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(name: string): TsaCertificate {
    return { certificate: join(this.#folder, `${name}.pem`), key: join(this.#folder, `${name}.key`) };
  }

  #run(words: readonly string[]): void {
    execFileSync(this.#openssl, words, { cwd: this.#folder, stdio: ["ignore", "ignore", "pipe"] });
  }
}

function configurationOf(folder: string, { certificate, key }: TsaCertificate): string {
  return [
    "[tsa]",
    "default_tsa = trial",
    "[trial]",
    `serial = ${join(folder, "serial")}`,
    "crypto_device = builtin",
    `signer_cert = ${certificate}`,
    `signer_key = ${key}`,
    `certs = ${join(folder, "root.pem")}`,
    "signer_digest = sha256",
    `default_policy = ${POLICY}`,
    `other_policies = ${POLICY}.2`,
    "digests = sha256, sha384",
    "accuracy = secs:1",
    "tsa_name = yes",
    "ess_cert_id_alg = sha256",
    "",
  ].join("\n");
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
