import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isUsable, type Account, type AccountStore } from "../accounts/account-store.ts";
import { InTurns } from "../accounts/in-turns.ts";
import { LoginBrake } from "../accounts/login-brake.ts";
import { hashOfPassword, isPassword } from "../accounts/password.ts";
import type { Session, Sessions } from "../accounts/sessions.ts";
import type { Terminal, TerminalStore } from "./terminal-store.ts";

const FREE_OF_PERSON = 5;
const FREE_OF_TERMINAL = 20;
/** PINs that are computed at a time, and that wait. */
const [AT_ONCE, WAITING] = [1, 20];
const DAY_MS = 86_400_000;

/** Who somebody says he is on a terminal. */
export type Shown = { readonly person: string; readonly pin: string } | { readonly badge: string; readonly pin?: string | undefined };

export interface TerminalsOptions {
  readonly store: TerminalStore;
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  readonly now: () => number;
  /** What a terminal has open while nobody is signed in is to be ended. */
  readonly ended: (terminal: string) => void;
  /** A terminal that is none any more. */
  readonly removed?: (terminal: Terminal, by: string | undefined) => void;
}

/** Browsers that places share, and how people sign in on them: quickly, there alone, and with tries that get slower. */
export class Terminals {
  readonly store: TerminalStore;
  readonly #options: TerminalsOptions;
  readonly #brake: LoginBrake;
  readonly #turns = new InTurns(AT_ONCE, WAITING);
  /** For who has no PIN: the time of an answer does not tell. */
  #nobody: Promise<string> | undefined;

  constructor(options: TerminalsOptions) {
    this.store = options.store;
    this.#options = options;
    this.#brake = new LoginBrake(options.now);
  }

  /** People who can sign in by a PIN, by name. */
  people(): readonly Pick<Account, "id" | "name">[] {
    const { accounts, now } = this.#options;
    return this.store
      .people()
      .flatMap(({ account, pin }) => (pin === undefined ? [] : [accounts.byId(account)]))
      .filter((account) => account !== undefined && isUsable(account, now()))
      .map((account) => ({ id: account!.id, name: account!.name }))
      .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /**
   * Whose PIN or badge it is. Errors: DW_UNAUTHENTICATED for anything that does not fit, which does not say what (details.needsPin: the badge is right, and this
   * terminal asks for the PIN too); DW_TOO_OFTEN with details.retryAfterS.
   */
  async signIn(terminal: Terminal, shown: Shown): Promise<Account> {
    const { accounts, now } = this.#options;
    const quick = "badge" in shown ? await this.store.ofBadge(shown.badge) : this.store.quickOf(shown.person);
    const ofTerminal = { name: `terminal ${terminal.id}`, free: FREE_OF_TERMINAL };
    const ofPerson = { name: `person ${quick?.account ?? ("person" in shown ? shown.person : "")}`, free: FREE_OF_PERSON };
    const counted = [ofPerson, ofTerminal];
    const waitS = this.#brake.waitS(counted);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    // counted before it is computed: a thousand at once are not a thousand free attempts
    this.#brake.failed(counted);
    const account = quick === undefined ? undefined : accounts.byId(quick.account);
    if ("badge" in shown && account !== undefined && terminal.badgeNeedsPin && shown.pin === undefined) {
      this.#brake.undo(counted);
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.badgeNeedsPin"), { needsPin: true });
    }
    const needsPin = !("badge" in shown) || terminal.badgeNeedsPin;
    const isRight = !needsPin || (await this.isPin(quick?.account, shown.pin ?? "", terminal.id));
    if (quick === undefined || account === undefined || !isRight || account.binding !== undefined || !isUsable(account, now()))
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.signInRefused"));
    this.#brake.undo(counted);
    this.#brake.forget(ofPerson);
    return account;
  }

  /** Computed for who has none as well. */
  async isPin(account: string | undefined, pin: string, terminal: string): Promise<boolean> {
    const hash = account === undefined ? undefined : this.store.quickOf(account)?.pin;
    this.#nobody ??= hashOfPassword("nobody has this PIN");
    const compared = hash ?? (await this.#nobody);
    return (await this.#turns.run(() => isPassword(pin, compared), terminal)) && hash !== undefined;
  }

  /** The terminal is none any more: whoever is signed in on it is signed off, and what it shows ends. Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  remove(id: string, by?: string): void {
    const known = this.store.byId(id);
    this.store.remove(id);
    this.#end(id);
    if (known !== undefined) this.#options.removed?.(known, by);
  }

  /** Errors: DW_NOT_FOUND, DW_UNAVAILABLE. */
  declare(link: string): { readonly terminal: Terminal; readonly token: string } {
    const declared = this.store.declare(link, this.#options.now());
    this.#end(declared.terminal.id);
    return declared;
  }

  #end(id: string): void {
    const { sessions, ended } = this.#options;
    sessions.sweep(({ terminal }) => terminal?.id === id, { why: "removed" });
    ended(id);
  }
}

/** What bounds a session that begins on a terminal now. */
export function boundsOn(terminal: Terminal, nowMs: number): NonNullable<Session["terminal"]> {
  const until = signOffTime(terminal, nowMs);
  return { id: terminal.id, idleMs: terminal.idleS * 1_000, ...(until !== undefined && { until }) };
}

/** When the terminal signs off whoever is there, ms since 1970; undefined where no shift ends. */
export function signOffTime({ signOffAt }: Pick<Terminal, "signOffAt">, nowMs: number): number | undefined {
  const times = signOffAt.flatMap((text) => {
    const [hours = 0, minutes = 0] = text.split(":").map(Number);
    return [0, DAY_MS].map((days) => new Date(nowMs + days).setHours(hours, minutes, 0, 0));
  });
  return times.filter((time) => time > nowMs).toSorted((a, b) => a - b)[0];
}
