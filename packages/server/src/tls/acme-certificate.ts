import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { message, textOf, verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";
import { renewalOf } from "./renewal.ts";
import type { AcmeOptions, Challenges, Order, OrderedCertificate } from "./acme-order.ts";

export interface AcmeCertificateOptions {
  readonly folder: string;
  readonly acme: AcmeOptions;
  /** That the certificate is for. */
  readonly names: readonly string[];
  /** For the log. */
  readonly onFault: (reason: string) => void;
  /** Default: as RFC 8555 has it. */
  readonly order?: (order: Order) => Promise<OrderedCertificate>;
}

const [CERTIFICATE, KEY] = ["acme.pem", "acme.key"];
const SEALED_KEY = `tls/${KEY}`;
const HOUR_MS = 3_600_000;
const AGAIN = { leastMs: 1_000, firstMs: HOUR_MS / 6, mostMs: 12 * HOUR_MS };

/**
 * A certificate of an ACME server, kept in a folder and ordered anew once two thirds of its life are over, while the server runs. Where it cannot be had the
 * one of before stays, and the next attempt is after a tenth of what is left of it, within twelve hours.
 */
export class AcmeCertificate {
  /** Served over plain HTTP. */
  readonly challenges: Challenges = new Map();
  readonly #options: AcmeCertificateOptions;
  #current: OrderedCertificate | undefined;
  #failure: Message | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Errors: DW_INVALID, DW_FORBIDDEN, DW_DAMAGED. */
  constructor(options: AcmeCertificateOptions) {
    const { acme, names, folder } = options;
    if (!isDirectory(acme.directory)) throw new DoppelwerkError("DW_INVALID", message("server.acmeDirectory", { url: acme.directory }));
    if (names.length === 0) throw new DoppelwerkError("DW_INVALID", message("server.acmeNeedsName"));
    if (acme.authority !== undefined && !existsSync(acme.authority))
      throw new DoppelwerkError("DW_INVALID", message("server.tlsFileNotRead", { path: acme.authority, reason: "ENOENT" }));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#options = options;
    this.#current = this.#kept();
  }

  /** Undefined until one was had for all names. */
  get current(): OrderedCertificate | undefined {
    return this.#current;
  }

  /** Why the last attempt failed; undefined where it did not. */
  get failure(): Message | undefined {
    return this.#failure;
  }

  /** `use` is called with each certificate that takes the place of another. */
  start(use: (certificate: OrderedCertificate) => void): void {
    if (this.#isClosed) return;
    const dueMs = this.#current === undefined ? 0 : Math.max(0, renewalMs(this.#current) - Date.now());
    const waitMs = this.#failure === undefined ? dueMs : this.#againMs();
    this.#timer = setTimeout(
      () => {
        if (waitMs > AGAIN.mostMs) return this.start(use);
        void this.#renew(use).then(() => this.start(use));
      },
      Math.min(waitMs, AGAIN.mostMs),
    ).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #renew(use: (certificate: OrderedCertificate) => void): Promise<void> {
    const { acme, names, folder, onFault, order } = this.#options;
    try {
      // what speaks to ACME servers is loaded where one is configured
      const ask = order ?? (await import("./acme-order.ts")).orderCertificate;
      const made = await ask({ acme, accountKeyPath: join(folder, "acme-account.key"), names, challenges: this.challenges });
      writeSecretFile(join(folder, KEY), SEALED_KEY, made.key);
      writePrivateFile(join(folder, CERTIFICATE), made.certificate);
      this.#current = made;
      this.#failure = undefined;
      this.#failures = 0;
      use(made);
    } catch (error) {
      this.#failures += 1;
      this.#failure = error instanceof DoppelwerkError ? error.reason : verbatim((error as Error).message.slice(0, 300));
      onFault(textOf(this.#failure));
    }
  }

  #againMs(): number {
    const leftMs = this.#current === undefined ? undefined : untilMs(this.#current) - Date.now();
    const wanted = leftMs === undefined || leftMs <= 0 ? AGAIN.firstMs * 2 ** (this.#failures - 1) : leftMs / 10;
    return Math.min(AGAIN.mostMs, Math.max(AGAIN.leastMs, wanted));
  }

  /** That of the folder, where it is for all names and its key is there. */
  #kept(): OrderedCertificate | undefined {
    const { folder, names } = this.#options;
    const [path, keyPath] = [join(folder, CERTIFICATE), join(folder, KEY)];
    if (!existsSync(path) || !existsSync(keyPath)) return undefined;
    const kept = { certificate: readFileSync(path, "utf8"), key: readSecretFile(keyPath, SEALED_KEY) };
    const read = certificateOf(kept);
    return read !== undefined && names.every((name) => read.checkHost(name) !== undefined) ? kept : undefined;
  }
}

/** Over TLS alone. */
function isDirectory(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username } = new URL(url);
  return protocol === "https:" && username === "";
}

function certificateOf({ certificate }: OrderedCertificate): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate);
  } catch {
    // another one is ordered
    return undefined;
  }
}

const untilMs = (certificate: OrderedCertificate): number => Date.parse(certificateOf(certificate)?.validTo ?? "") || 0;

function renewalMs(certificate: OrderedCertificate): number {
  const { validFrom, validTo } = certificateOf(certificate)!;
  return Date.parse(renewalOf(new Date(validFrom).toISOString(), new Date(validTo).toISOString()));
}
