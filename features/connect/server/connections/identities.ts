import type { Secret, SecretStore } from "@doppelwerk/connectors";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OwnCertificates } from "@doppelwerk/ports";
import type { RecordId } from "@doppelwerk/world";
import type { z } from "zod";
import type { Identity } from "../../connection-shapes.ts";
import type {} from "../../message-codes.ts";

export interface IdentitiesOptions {
  readonly secrets: SecretStore;
  /** Undefined on a server without authorities. */
  certificates(): OwnCertificates | undefined;
  /** Connections that use the secret. */
  users(name: string): readonly RecordId[];
  /** What uses the secret is opened again. */
  changed(name: string): void;
  /** Microseconds since 1970. */
  now(): number;
  fault(name: string, error: unknown): void;
}

const RENEWED_EVERY_MS = 3_600_000;

/** Keys that this server made for its connections, kept sealed among the secrets, and renewed before they expire. */
export class Identities {
  readonly #options: IdentitiesOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: IdentitiesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.renew(), RENEWED_EVERY_MS).unref();
  }

  /** Errors: DW_NOT_FOUND. */
  shown(name: string): z.input<typeof Identity> {
    const known = this.of(name);
    if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noIdentity", { name: name.slice(0, 64) }));
    const { did, certificate, opcua, until, renew } = known;
    return { did, certificate, opcuaCertificate: opcua.certificate, until, renew };
  }

  /** Undefined where the secret has none. */
  of(name: string): Secret["identity"] {
    return this.#secretOf(name).identity;
  }

  /** New keys. Errors: DW_NOT_FOUND where the server has no authorities, DW_INVALID for a bad name. */
  async make(name: string): Promise<z.input<typeof Identity>> {
    const certificates = this.#options.certificates();
    if (certificates === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noAuthorities"));
    const secret = this.#secretOf(name);
    // a bad name is refused before anything is signed
    const [user, ...others] = this.#options.users(name);
    const identity = await certificates.identify(name, others.length === 0 ? user : undefined);
    this.#options.secrets.put(name, { ...secret, identity });
    this.#options.changed(name);
    return this.shown(name);
  }

  /** The secret is forgotten. */
  removed(name: string): void {
    this.#options.certificates()?.revoke(name);
  }

  /** Of every secret whose certificates are due. Never rejects. */
  async renew(): Promise<void> {
    const certificates = this.#options.certificates();
    if (certificates === undefined) return;
    for (const name of this.#options.secrets.names())
      try {
        const secret = this.#secretOf(name);
        if (secret.identity === undefined || Date.parse(secret.identity.renew) > this.#options.now() / 1_000) continue;
        this.#options.secrets.put(name, { ...secret, identity: await certificates.renewed(name, secret.identity) });
        this.#options.changed(name);
      } catch (error) {
        this.#options.fault(name, error);
      }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #secretOf(name: string): Secret {
    return this.#options.secrets.names().includes(name) ? this.#options.secrets.read(name) : {};
  }
}
