import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isUsable, type Account, type AccountStore } from "./account-store.ts";
import { countedAddress } from "../http/connection-limits.ts";
import { InTurns } from "./in-turns.ts";
import { LoginBrake, type Counted } from "./login-brake.ts";
import { stepOfCode } from "./one-time-code.ts";
import type { Outside } from "./outside.ts";
import { withChange, type SignInPlace } from "./sign-in-news.ts";
import { hashOfPassword, isPassword, isPeppered, type PasswordHash } from "./password.ts";

export interface Credentials {
  readonly login: string;
  readonly password: string;
  /** Of the authenticator, or a recovery code. */
  readonly code?: string | undefined;
}

const FREE_OF_LOGIN = 5;
/** A whole plant may have one address. */
const FREE_OF_ADDRESS = 50;
/** Passwords that are computed at a time: each takes 32 MiB and a core for a fifth of a second. */
const AT_ONCE = 1;
/** Further ones wait for so many at most. */
const WAITING_MAX = 30;
const RECOVERY_CODES = 10;
/** Without what is taken for another: 0 and O, 1, I and L. */
const RECOVERY_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** Who somebody is, by what they know and have. Wrong attempts cost more and more time, for the login and for the address. */
export class Login {
  readonly #accounts: AccountStore;
  readonly #brake: LoginBrake;
  readonly #now: () => number;
  readonly #outside: Outside | undefined;
  readonly #pepper: Uint8Array | undefined;
  /** For logins that nobody has: the time of an answer does not tell. */
  readonly #nobody: Promise<PasswordHash> = hashOfPassword("nobody has this password");
  readonly #turns = new InTurns(AT_ONCE, WAITING_MAX);

  /** Passwords that were kept without the pepper are kept with it once they are typed. */
  constructor(accounts: AccountStore, now: () => number, outside?: Outside, pepper?: Uint8Array) {
    this.#pepper = pepper;
    this.#accounts = accounts;
    this.#now = now;
    this.#outside = outside;
    this.#brake = new LoginBrake(now);
  }

  /**
   * Errors: DW_UNAUTHENTICATED for anything that does not fit, which does not say what (details.needsCode: the password was right, and a code is missing);
   * DW_TOO_OFTEN with details.retryAfterS; DW_UNAVAILABLE and DW_FORBIDDEN of who is known elsewhere.
   */
  async check({ login, password, code }: Credentials, address: string, place?: SignInPlace): Promise<Account> {
    const [ofLogin, ofAddress] = this.#begun(login, address);
    const counted = [ofLogin, ofAddress];
    const account = await this.#knowing(login, password, address).catch((error: unknown) => this.#alike({ login, password }, error));
    if (account.codeSecret !== undefined) {
      if (code === undefined || code.trim() === "") {
        this.#brake.undo(counted);
        throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.loginNeedsCode"), { needsCode: true });
      }
      this.#checkCode(account, code, place);
    }
    // of the address others may have failed
    this.#brake.undo(counted);
    this.#brake.forget(ofLogin);
    await this.#keepWithPepper(account.id, password);
    return this.#accounts.byId(account.id)!;
  }

  /** How a password is kept that was typed right: a new one, or one of before the pepper. */
  hashOf(password: string): Promise<PasswordHash> {
    return this.#turns.run(() => hashOfPassword(password, this.#pepper));
  }

  async #keepWithPepper(id: string, typed: string): Promise<void> {
    const before = this.#accounts.byId(id)?.password;
    if (this.#pepper === undefined || before === undefined || isPeppered(before)) return;
    // what was typed may be that of a directory, or a recovery code
    if (!(await this.#compute(typed, before, id))) return;
    const hash = await this.hashOf(typed);
    this.#accounts.update(id, (account) => (account.password === before ? { ...account, password: hash } : account));
  }

  /** What is found by a login and password of elsewhere, within the same bounds. Errors: DW_UNAUTHENTICATED where nothing is, DW_TOO_OFTEN. */
  async attempt<T>(login: string, address: string, look: () => Promise<T | undefined>): Promise<T> {
    const [ofLogin, ofAddress] = this.#begun(login, address);
    const found = await look();
    if (found === undefined) throw wrong();
    this.#brake.undo([ofLogin, ofAddress]);
    this.#brake.forget(ofLogin);
    return found;
  }

  /** Counted before it is looked at: a thousand at once are not a thousand free attempts. Errors: DW_TOO_OFTEN. */
  #begun(login: string, address: string): readonly [Counted, Counted] {
    const counted = [
      { name: `login ${login.trim().toLowerCase()}`, free: FREE_OF_LOGIN },
      { name: `address ${countedAddress(address)}`, free: FREE_OF_ADDRESS },
    ] as const;
    const waitS = this.#brake.waitS(counted);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    this.#brake.failed(counted);
    return counted;
  }

  /** Whose login and password they are. A password of elsewhere is judged there; one that is kept here for such an account counts while nobody answers. */
  async #knowing(login: string, password: string, address: string): Promise<Account> {
    // nobody's, wherever it would be judged
    if (password === "") throw wrong();
    const account = this.#accounts.byLogin(login);
    let failure: unknown;
    if (this.#outside?.isAsked(account) === true) {
      try {
        const found = await this.#outside.check(login.trim().toLowerCase(), password, account);
        if (found !== undefined) return found;
      } catch (error) {
        if (!(error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE")) throw error;
        failure = error;
      }
    }
    // computed in any case: the time does not tell which logins there are
    const isRight = await this.#compute(password, account?.password ?? (await this.#nobody), address);
    if (account?.passwordless) return this.#recovered(account, password);
    const counts = account?.binding === undefined || (failure !== undefined && this.#outside?.allowsPassword(account) === true);
    if (account?.password === undefined || !isRight || !counts || !isUsable(account, this.#now())) throw failure ?? wrong();
    return account;
  }

  /** Of every login that does not fit, the same is asked and the same is answered. Throws. */
  async #alike({ login, password }: Credentials, error: unknown): Promise<never> {
    if (!(error instanceof DoppelwerkError) || this.#outside === undefined || password === "") throw error;
    if (error.code !== "DW_UNAUTHENTICATED" && error.code !== "DW_UNAVAILABLE") throw error;
    const failure = error.code === "DW_UNAVAILABLE" ? error : undefined;
    throw (await this.#outside.alike(this.#accounts.byLogin(login), failure)) ?? error;
  }

  /** Who turned the password off and has no passkey at hand types a recovery code in its place. */
  #recovered(account: Account, code: string): Account {
    if (!isUsable(account, this.#now())) throw wrong();
    this.#useRecovery(account, code);
    // which is one of the codes of an authenticator too
    const { codeSecret: _codeSecret, ...recovered } = this.#accounts.byId(account.id)!;
    return recovered;
  }

  /** That who is logged in knows the password of the account. Errors: DW_INVALID, DW_TOO_OFTEN. */
  async confirm(account: Account, password: string): Promise<void> {
    const ofLogin = { name: `login ${account.login}`, free: FREE_OF_LOGIN };
    const waitS = this.#brake.waitS([ofLogin]);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    this.#brake.failed([ofLogin]);
    if (!(await this.#fits(account, password))) throw new DoppelwerkError("DW_INVALID", message("server.passwordOfNowWrong"));
    this.#brake.forget(ofLogin);
  }

  /** Judged by whoever judges a login. Errors: those of `Outside.check`. */
  async #fits(account: Account, password: string): Promise<boolean> {
    if (this.#outside?.isAsked(account) !== true) return this.#compute(password, account.password ?? "", account.id);
    try {
      return (await this.#knowing(account.login, password, account.id)).id === account.id;
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_UNAUTHENTICATED") return false;
      throw error;
    }
  }

  /** Whether the account has a password, here or in a directory of the company. */
  takesPassword(account: Account): boolean {
    if (account.password !== undefined) return true;
    return this.#outside?.isAsked(account) === true && !this.#outside.sendsBrowser(account);
  }

  /** Each code counts once. Errors: DW_UNAUTHENTICATED, DW_TOO_OFTEN, DW_UNAVAILABLE when that cannot be kept. */
  useCode(account: Account, code: string, place?: SignInPlace): void {
    const ofCode = { name: `code ${account.login}`, free: FREE_OF_LOGIN };
    const waitS = this.#brake.waitS([ofCode]);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    this.#brake.failed([ofCode]);
    this.#checkCode(account, code, place);
    this.#brake.forget(ofCode);
  }

  #checkCode(account: Account, code: string, place: SignInPlace | undefined): void {
    const step = account.codeSecret === undefined ? undefined : stepOfCode(account.codeSecret, code, this.#now(), account.codeStep);
    if (step !== undefined) {
      this.#accounts.update(account.id, (known) => ({ ...known, codeStep: step }));
      return;
    }
    this.#tellReuse(account, code, place);
    this.#useRecovery(account, code);
  }

  /** A code that was used, or is older than one that was: somebody else may have seen it. */
  #tellReuse({ id, codeSecret }: Account, code: string, place: SignInPlace | undefined): void {
    if (place === undefined || codeSecret === undefined || stepOfCode(codeSecret, code, this.#now()) === undefined) return;
    this.#accounts.update(id, (known) => withChange(known, { ...place, change: "codeReused" }));
  }

  #useRecovery(account: Account, code: string): void {
    const typed = hashOfRecovery(code);
    const used = account.recovery?.find((hash) => timingSafeEqual(Buffer.from(hash, "hex"), Buffer.from(typed, "hex")));
    if (used === undefined) throw wrong();
    this.#accounts.update(account.id, (known) => ({ ...known, recovery: known.recovery!.filter((hash) => hash !== used) }));
  }

  /** `of`: whose turn it takes, an address or an account. */
  #compute(password: string, hash: PasswordHash, of: string): Promise<boolean> {
    return this.#turns.run(() => isPassword(password, hash, this.#pepper), countedAddress(of));
  }
}

/** Codes for who lost the authenticator, told once, and the hashes that are kept. */
export function newRecoveryCodes(): { readonly codes: readonly string[]; readonly hashes: readonly string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: 12 }, () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)]).join("");
    return letters.replaceAll(/(.{4})(?=.)/g, "$1-");
  });
  return { codes, hashes: codes.map(hashOfRecovery) };
}

/** Sixty random bits: one hash is enough. */
function hashOfRecovery(code: string): string {
  return createHash("sha256")
    .update(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ""))
    .digest("hex");
}

function wrong(): DoppelwerkError {
  return new DoppelwerkError("DW_UNAUTHENTICATED", message("server.loginWrong"));
}
