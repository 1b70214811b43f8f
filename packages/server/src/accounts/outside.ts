import type { DoppelwerkError } from "@doppelwerk/world";
import type { Account } from "./account-store.ts";

/** Who knows people beside this server: directories and providers of the company. */
export interface Outside {
  /** Whether somebody else than this server judges the password of a login; `account` is the one that has it. */
  isAsked(account: Account | undefined): boolean;
  /**
   * The account of whoever the login and password are of; undefined where they do not fit.
   * Errors: DW_FORBIDDEN for who may not come in, DW_UNAVAILABLE where nobody answers.
   */
  check(login: string, password: string, account: Account | undefined): Promise<Account | undefined>;
  /**
   * Asks, for a login that failed, whoever was not asked for it yet, about somebody who is not there: a login takes as long, and is answered alike, whether
   * an account of here, one of elsewhere or none has it. `failure` is that of `check`. Returns what to answer; undefined where everybody answers.
   */
  alike(account: Account | undefined, failure: DoppelwerkError | undefined): Promise<DoppelwerkError | undefined>;
  /** Whether the person logs in on pages of somebody else. */
  sendsBrowser(account: Account): boolean;
  /** Whether the password that an account of elsewhere has here counts while nobody answers there. */
  allowsPassword(account: Account): boolean;
  /** That another way in that an account has here counts now, as a passkey. Errors: DW_FORBIDDEN where the person logs in elsewhere. */
  requireAway(account: Account): Promise<void>;
}
