import { randomBytes } from "node:crypto";
import { message, textOf } from "@doppelwerk/messages";
import {
  didOfKey,
  holdPresentation,
  isSameKey,
  keyFor,
  keysOfKeyDid,
  readPresentation,
  type Credential,
} from "@doppelwerk/trust/credentials";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { Asked } from "../accounts/people.ts";
import type { MachineKey } from "../machines/machine-key.ts";
import type { Machines } from "../machines/machines.ts";
import { MACHINE_ROLES, type Machine, type MachineRole } from "../machines/machine-store.ts";
import type { Checked, CredentialChecks } from "./credential-checks.ts";
import { verifySignature } from "./node-signatures.ts";
import { readable } from "../http/readable-name.ts";

export interface PresentedOptions {
  readonly machines: Machines;
  readonly checks: CredentialChecks;
  readonly now: () => number;
  /** Whether an administrator ended the identity with this DID. */
  readonly wasEnded: (did: string) => boolean;
  readonly onFault: (error: unknown) => void;
}

export const NONCE_MS = 300_000;
const MAX_NONCES = 10_000;
/** A credential is looked at again so often: with the time that a list is kept it is how late a revocation elsewhere is known here. */
export const RECHECK_MS = 10_000;
const NAME_MAX = 40;

/** Machines of other companies, that come in by credentials of issuers that are trusted, and stay as long as these hold. */
export class PresentedMachines {
  readonly #options: PresentedOptions;
  readonly #nonces = new Map<string, number>();
  #rechecking: Promise<void> | undefined;
  /** Told of a machine that may connect no more, or again, because of its credential. */
  told: (machine: Machine, what: "withheld" | "restored") => void = () => {};

  constructor(options: PresentedOptions) {
    this.#options = options;
    setInterval(() => void this.recheck(), RECHECK_MS).unref();
  }

  /** What a presentation is to contain, once, within five minutes. */
  challenge(): string {
    const nowMs = this.#options.now();
    for (const [old, untilMs] of this.#nonces) {
      if (untilMs > nowMs && this.#nonces.size < MAX_NONCES) break;
      this.#nonces.delete(old);
    }
    const nonce = randomBytes(24).toString("base64url");
    this.#nonces.set(nonce, nowMs + NONCE_MS);
    return nonce;
  }

  /**
   * The machine whose key signed the presentation and this request, with the rights that its credential and the trusted issuer both give.
   * Errors: as of `Machines.present` and `CredentialChecks.check`; DW_CONFLICT for a key that is known by another way.
   */
  present(
    request: Asked,
    address: string,
    asked: { readonly presentation: string; readonly audiences: readonly string[] },
  ): Promise<Machine> {
    const { machines, now } = this.#options;
    return machines.present(request, address, async (key) => {
      const { credential, checked } = await this.#shown(key, asked);
      const { issuer, subject, validUntilMs } = checked.credential;
      const name = readable(String(subject["name"] ?? ""));
      const from = checked.trusted?.name;
      const shown = [...(name.trim() === "" ? didOfKey(key).slice(0, 20) : name.trim())].slice(0, NAME_MAX).join("");
      return machines.store.present(
        {
          key,
          name: from === undefined ? shown : `${shown} (${from})`,
          roles: [roleOf(checked)],
          presented: { credential, issuer },
          ...(validUntilMs !== undefined && { expires: new Date(validUntilMs).toISOString() }),
        },
        now(),
      );
    });
  }

  /** The first of the presented credentials that is about the holder and holds. Errors: as of `present`. */
  async #shown(
    key: MachineKey,
    { presentation, audiences }: { readonly presentation: string; readonly audiences: readonly string[] },
  ): Promise<{ readonly credential: string; readonly checked: Checked }> {
    const { checks, now, wasEnded } = this.#options;
    const nowMs = now();
    const read = readPresentation(presentation);
    const nonce = String(read.jws.payload["nonce"]);
    const untilMs = this.#nonces.get(nonce);
    // gone whether it holds or not
    this.#nonces.delete(nonce);
    if (untilMs === undefined || untilMs <= nowMs)
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("trust.nonce"), { where: "nonce" });
    // whoever connects later proves the key alone, so that the holder is his key
    const holderKey = keyFor(keysOfKeyDid(read.holder), read.jws.keyName, "authentication");
    holdPresentation(read, holderKey, verifySignature, { audiences, nonce, nowMs });
    if (!isSameKey(holderKey, key)) throw new DoppelwerkError("DW_UNAUTHENTICATED", message("credentials.otherKey"));
    if (wasEnded(read.holder)) throw new DoppelwerkError("DW_FORBIDDEN", message("credentials.wasEnded"));
    let refused: unknown;
    for (const credential of read.credentials)
      try {
        const checked = await checks.check(credential);
        if (checked.credential.subject["id"] !== read.holder)
          throw new DoppelwerkError("DW_UNAUTHENTICATED", message("credentials.ofOther"), { where: "credentialSubject.id" });
        return { credential, checked };
      } catch (error) {
        refused ??= error;
      }
    throw refused;
  }

  /** Looks at the credential of each machine that came in by one. */
  recheck(): Promise<void> {
    this.#rechecking ??= this.recheckOf(() => true).finally(() => {
      this.#rechecking = undefined;
    });
    return this.#rechecking;
  }

  /** Of issuers that are named by their DID. What may connect no more has ended once this is done. */
  async recheckOf(isOf: (issuer: string) => boolean): Promise<void> {
    const { machines, onFault } = this.#options;
    for (const machine of machines.store.list())
      if (machine.presented !== undefined && isOf(machine.presented.issuer))
        await this.#recheck(machine, machine.presented.credential).catch(onFault);
  }

  async #recheck({ id }: Machine, credential: string): Promise<void> {
    const { machines, checks, now } = this.#options;
    const { store } = machines;
    let granted: MachineRole | undefined;
    let reason = "";
    try {
      granted = roleOf(await checks.check(credential));
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
      reason = textOf(reasonOf(error)).slice(0, 300);
    }
    const machine = store.byId(id);
    // gone, or with another credential meanwhile
    if (machine === undefined || machine.presented?.credential !== credential) return;
    if (granted === undefined) {
      if (machine.withheld !== undefined) return;
      const after = store.update(id, (before) => ({ ...before, withheld: { since: new Date(now()).toISOString(), reason } }));
      machines.end(id);
      this.told(after, "withheld");
      return;
    }
    const roles = machine.roles.filter((role) => rank(role) <= rank(granted));
    const isLess = roles.length < machine.roles.length;
    if (machine.withheld === undefined && !isLess) return;
    const after = store.update(id, ({ withheld: _withheld, ...before }) => ({ ...before, roles: roles.length === 0 ? [granted] : roles }));
    if (isLess) machines.end(id);
    if (machine.withheld !== undefined) this.told(after, "restored");
  }
}

const rank = (role: MachineRole): number => MACHINE_ROLES.indexOf(role);

/** What the credential says, and never more than the issuer is trusted with. Errors: DW_FORBIDDEN for a credential that gives no role here. */
function roleOf({ credential, trusted }: Checked): MachineRole {
  const claimed = MACHINE_ROLES.find((role) => role === roleIn(credential));
  if (trusted === undefined) {
    if (claimed === undefined || !credential.types.includes("MachineCredential"))
      throw new DoppelwerkError("DW_FORBIDDEN", message("credentials.noRole"));
    return claimed;
  }
  return claimed !== undefined && rank(claimed) < rank(trusted.role) ? claimed : trusted.role;
}

const roleIn = ({ subject }: Credential): unknown => subject["role"];
