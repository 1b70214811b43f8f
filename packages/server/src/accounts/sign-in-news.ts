import type { Account } from "./account-store.ts";

/** What changed of how somebody signs in. `device`: a sign-in from a kind of device that was not known; `codeReused`: a code of the authenticator came again. */
export const SIGN_IN_CHANGES = [
  "joined",
  "password",
  "passwordOff",
  "offlinePassword",
  "authenticator",
  "authenticatorOff",
  "codeReused",
  "passkey",
  "passkeyOff",
  "recoveryCodes",
  "newLink",
  "device",
] as const;
export type SignInChange = (typeof SIGN_IN_CHANGES)[number];

/** Where something was done from; `at`: ms since 1970. */
export interface SignInPlace {
  readonly at: number;
  /** Kind of device, as `deviceOf` tells it. */
  readonly device: string;
  readonly address: string;
}

export interface SignInEvent extends SignInPlace {
  readonly change: SignInChange;
  /** Id of the session that made the change: whoever sits there knows it. */
  readonly session?: string;
}

/** What the account keeps of it. */
export interface SignInNews {
  /** The newest first. */
  readonly events: readonly SignInEvent[];
  /** Kinds of devices that signed in, the last used first. */
  readonly devices: readonly string[];
  /** Up to when its person has read them. */
  readonly readUntil?: number;
  /** The last sign-ins, the newest first: who has just signed in sees the one before. */
  readonly signIns: readonly (SignInPlace & { readonly session: string })[];
}

const EVENTS_MAX = 30;
const DEVICES_MAX = 20;
const SIGN_INS_MAX = 5;
const NOTHING: SignInNews = { events: [], devices: [], signIns: [] };

/** The account, with a change that its person is told of. */
export function withChange(account: Account, event: SignInEvent): Account {
  const news = account.news ?? NOTHING;
  return { ...account, news: { ...news, events: [event, ...news.events].slice(0, EVENTS_MAX) } };
}

/** The account after a sign-in. The first kind of device is no news: there was nothing to tell it from. */
export function withSignIn(account: Account, place: SignInPlace, session: string): Account {
  const news = account.news ?? NOTHING;
  const { device } = place;
  const isNew = news.devices.length > 0 && !news.devices.includes(device);
  const next = {
    ...news,
    devices: [device, ...news.devices.filter((known) => known !== device)].slice(0, DEVICES_MAX),
    signIns: [{ ...place, session }, ...news.signIns].slice(0, SIGN_INS_MAX),
  };
  const after: Account = { ...account, news: next };
  return isNew ? withChange(after, { ...place, change: "device", session }) : after;
}

/** What somebody in this session has not been told of. A new device is told on the others. */
export function unread({ news = NOTHING }: Account, session: string): readonly SignInEvent[] {
  return news.events.filter((event) => event.at > (news.readUntil ?? 0) && event.session !== session);
}

export function withAllRead(account: Account, now: number): Account {
  return { ...account, news: { ...(account.news ?? NOTHING), readUntil: now } };
}

const BROWSERS = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
] as const;

/** Browser and system, as coarse as people tell their devices apart; versions are no news. */
export function deviceOf(agent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? /^[\w.-]{1,30}/.exec(agent)?.[0] ?? "–";
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return system === undefined ? browser : `${browser} · ${system}`;
}
