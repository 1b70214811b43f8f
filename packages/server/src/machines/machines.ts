import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import { LoginBrake } from "../accounts/login-brake.ts";
import type { Asked, Programs } from "../accounts/people.ts";
import { Certificates, type GivenCertificate } from "../certificates/certificates.ts";
import type { AuthorityKind } from "../tls/authority.ts";
import { MachineAccess, type AccessToken } from "./machine-access.ts";
import { didOfKey, spkiOfKey, type MachineKey } from "./machine-key.ts";
import { isUsable, MachineStore, type Machine } from "./machine-store.ts";
import { openSigningKey } from "./signing-key.ts";

/** Where the machines of a data folder are kept. */
export const machinesPath = (data: string): string => join(data, "machines.json");

const FREE_OF_ADDRESS = 10;
const SWEEP_MS = 10_000;

export interface MachinesOptions {
  readonly data: string;
  readonly scheme: "http" | "https";
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** Who may connect no more. */
  readonly removed?: (machine: Machine, by: string | undefined) => void;
  /** Of the server; default: those of the folder. */
  readonly certificates?: Certificates;
}

/** What a machine wants a certificate for. */
export interface CertificateRequest {
  readonly kind: AuthorityKind;
  /** PKCS #10 (PEM) of another key than the one that is enrolled. */
  readonly request?: string | undefined;
}

/** The machines of a server: who they are, how they show it, and what they have open. */
export class Machines implements Programs {
  readonly store: MachineStore;
  readonly certificates: Certificates;
  readonly #access: MachineAccess;
  readonly #now: () => number;
  readonly #removed: MachinesOptions["removed"];
  readonly #brake: LoginBrake;
  /** What they have open, by machine. */
  readonly #open = new Map<string, Set<() => void>>();

  private constructor(
    { store, certificates }: Pick<Machines, "store" | "certificates">,
    access: MachineAccess,
    { now, removed }: MachinesOptions,
  ) {
    this.store = store;
    this.certificates = certificates;
    this.#access = access;
    this.#now = now;
    this.#removed = removed;
    this.#brake = new LoginBrake(now);
    setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_UNAVAILABLE. */
  static async open(options: MachinesOptions): Promise<Machines> {
    const { data, scheme, now, onFault, certificates = new Certificates({ data, now }) } = options;
    const store = new MachineStore(machinesPath(data));
    const signingKey = await openSigningKey(join(data, "machine-tokens.jwk"));
    const certificate = (thumbprint: string) => certificates.valid(thumbprint);
    const access = new MachineAccess({ machines: store, signingKey, certificate, scheme, now, onFault });
    return new Machines({ store, certificates }, access, options);
  }

  /** Whether the request says that it is of a machine. */
  isOfMachine(request: Pick<Asked, "headers">): boolean {
    return this.#access.isOfMachine(request);
  }

  /** Errors: DW_UNAUTHENTICATED. */
  admit(request: Asked, address: string): Promise<void> {
    return this.#access.admit(request, address);
  }

  /** Of a request that was admitted. Errors: DW_UNAUTHENTICATED. */
  principalOf(request: Pick<Asked, "headers">): Principal {
    const { id, name, roles } = this.#access.machineOf(request);
    return { id, name, verified: true, roles, machine: true };
  }

  /** Ends something that was opened for this request when the machine may connect no more. Returns how to forget it. Errors: DW_UNAUTHENTICATED. */
  whileKnown(request: Pick<Asked, "headers">, end: () => void): () => void {
    const { id } = this.#access.machineOf(request);
    const open = this.#open.get(id) ?? this.#open.set(id, new Set()).get(id)!;
    open.add(end);
    return () => {
      open.delete(end);
      if (open.size === 0 && this.#open.get(id) === open) this.#open.delete(id);
    };
  }

  /** Those that hold. */
  certificatesOf(id: string): readonly { readonly kind: AuthorityKind; readonly until: string }[] {
    return this.certificates.store
      .list()
      .filter(({ owner, thumbprint }) => owner === id && this.certificates.valid(thumbprint) !== undefined)
      .map(({ of, until }) => ({ kind: of, until }));
  }

  openOf(id: string): number {
    return this.#open.get(id)?.size ?? 0;
  }

  /** Ends what the machine has open, at once. */
  end(id: string): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    for (const end of open ?? []) end();
  }

  /** Errors: as of the store. */
  offerCode(id: string): string {
    const code = this.store.offerCode(id, this.#now());
    // a token of before holds no more, a key does
    if (this.store.byId(id)!.key === undefined) this.end(id);
    return code;
  }

  /** Errors: as of the store. */
  giveToken(id: string): string {
    const token = this.store.giveToken(id, this.#now());
    this.certificates.revoke(id);
    this.end(id);
    return token;
  }

  /** `by`: the account of whoever ends it. Errors: as of the store. */
  remove(id: string, by?: string): void {
    const known = this.store.byId(id);
    this.store.remove(id);
    this.certificates.revoke(id);
    this.end(id);
    if (known !== undefined) this.#removed?.(known, by);
  }

  /**
   * What `admit` makes of the key of a request, with tries that get slower as those of codes. What it had open ends where its rights changed.
   * Errors: DW_TOO_OFTEN, DW_UNAUTHENTICATED, and those of `admit`.
   */
  async present(request: Asked, address: string, admit: (key: MachineKey) => Promise<Machine>): Promise<Machine> {
    return this.#tried(address, async () => admit(await this.#access.keyOf(request)));
  }

  /** Its certificates hold no more, and what it has open ends, whatever showed who it is. Returns how many there were. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  revokeCertificates(id: string): number {
    this.store.require(id);
    const count = this.certificates.revoke(id);
    this.end(id);
    return count;
  }

  /**
   * A certificate for the key that a machine enrolled, which signed this request, or for one that signed the request for it (PKCS #10).
   * Errors: DW_INVALID for a weak key, one that OPC UA does not speak, and a machine without a key; DW_UNAVAILABLE.
   */
  async certify({ id, name, key }: Machine, { kind, request }: CertificateRequest): Promise<GivenCertificate> {
    if (key === undefined) throw new DoppelwerkError("DW_INVALID", message("server.certificateNeedsKey"));
    const asked = request === undefined ? spkiOfKey(key) : await this.certificates.keyOfRequest(request);
    return this.certificates.issue({ owner: id, name, did: didOfKey(key) }, kind, asked);
  }

  /** Of a request that was admitted. Errors: DW_UNAUTHENTICATED. */
  machineOf(request: Pick<Asked, "headers">): Machine {
    return this.#access.machineOf(request);
  }

  /** What the key of before has open ends. Errors: DW_TOO_OFTEN, and as of `MachineAccess.enrol`. */
  enrol(request: Asked, address: string, code: string): Promise<Machine> {
    return this.#tried(address, async () => {
      const machine = await this.#access.enrol(request, code);
      // they were of the key of before
      this.certificates.revoke(machine.id);
      return machine;
    });
  }

  async #tried(address: string, enrol: () => Promise<Machine>): Promise<Machine> {
    const counted = [{ name: `address ${address}`, free: FREE_OF_ADDRESS }];
    const waitS = this.#brake.waitS(counted);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    this.#brake.failed(counted);
    const machine = await enrol();
    this.#brake.undo(counted);
    this.end(machine.id);
    return machine;
  }

  /** Errors: DW_UNAUTHENTICATED. */
  issue(request: Asked, assertion: string): Promise<AccessToken> {
    return this.#access.issue(request, assertion);
  }

  /** Errors: DW_UNAUTHENTICATED. */
  issueByCertificate(request: Asked, client: string): Promise<AccessToken> {
    return this.#access.issueByCertificate(request, client);
  }

  /** A stream that is open asks nothing more of its machine. */
  #sweep(): void {
    for (const id of this.#open.keys()) {
      const machine = this.store.byId(id);
      if (machine === undefined || !isUsable(machine, this.#now())) this.end(id);
    }
  }
}
