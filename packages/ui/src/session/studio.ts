import type { Client, LineInfo, LiveSession, LiveState, Rail, Snapshot, WorldInfo } from "@doppelwerk/client";
import type { Person } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import type { Branch, BranchId, Instant } from "@doppelwerk/world";
import type { AddressBar } from "../address/address-bar.ts";
import type { ShownError } from "../language/error-text.ts";
import type { Registry } from "../slots/registry.ts";
import type { Signal } from "../store/signal.ts";
import type { Store } from "../store/store.ts";
import type { TimeController } from "../time/time-controller.ts";
import type { Preferences } from "./preferences.ts";
import type { SignalTable } from "./signal-table.ts";
import type { StateHistory } from "./state-history.ts";

/** Metres. */
export type Place = readonly [number, number, number];

/** What can be asked of the Rail. */
export type RailAction =
  | { readonly kind: "move"; readonly by: Instant }
  | { readonly kind: "event"; readonly direction: 1 | -1 }
  | { readonly kind: "alarm"; readonly direction: 1 | -1 }
  /** Copies the link to the instant shown. */
  | { readonly kind: "link" }
  | { readonly kind: "zoom"; readonly factor: number }
  /** Shows so much of the past. */
  | { readonly kind: "span"; readonly span: Instant }
  /** Asks for a span or an instant. */
  | { readonly kind: "ask" }
  | { readonly kind: "instant"; readonly instant: Instant }
  | { readonly kind: "start" }
  | { readonly kind: "live" }
  | { readonly kind: "toggle" }
  | { readonly kind: "speed"; readonly direction: 1 | -1 };

export interface Notice {
  readonly id: number;
  readonly tone: "plain" | "good" | "trouble";
  readonly text: string;
  readonly detail?: string;
  /** Of an error, to search for. */
  readonly code?: string;
  /** What can be done about it while it stands. */
  readonly action?: NoticeAction;
}

/** Whether the person proves to be there; answered by the dialog. */
export interface PresenceQuestion {
  answer(proved: boolean): void;
}

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

/** Everything the views share. One per window; views read stores and call the client, nothing else. */
export interface Studio {
  readonly views: Registry;
  readonly client: Client;
  readonly live: LiveSession;
  readonly address: AddressBar;
  readonly time: TimeController;
  readonly preferences: Store<Preferences>;
  readonly world: Store<WorldInfo | undefined>;
  /** The line of the branch entered. */
  readonly line: Store<LineInfo | undefined>;
  readonly rail: Store<Rail | undefined>;
  /** The line at the instant shown; world, board, alarms and inspector all read this one (P11). */
  readonly snapshot: Store<Snapshot | undefined>;
  /** States of stations and places over the last hour before the instant shown. */
  readonly states: Store<StateHistory>;
  readonly signals: SignalTable;
  readonly branches: Store<readonly Branch[]>;
  readonly people: Store<readonly Person[]>;
  readonly state: Store<LiveState>;
  /** Counts up with every commit, with every merge request or run that changed: what lists reload by. */
  readonly commits: Store<number>;
  readonly loadFailure: Store<ShownError | undefined>;
  /** The server answers nobody who is not logged in, and nobody is. */
  readonly needsLogin: Store<boolean>;
  /** A request waits until the person has proved to be there. */
  readonly presence: Store<PresenceQuestion | undefined>;
  readonly notices: Store<readonly Notice[]>;
  /** Id of the dialog that is open. */
  readonly dialog: Store<string | undefined>;
  /** Where on the floor of the world this person points. */
  readonly pointer: Store<Place | undefined>;
  /** Lines whose bands the Rail shows below each other, the first in need of attention first; without any that of the line shown. */
  readonly railLines: Store<readonly { readonly id: string; readonly title: { readonly en: string; readonly zh: string } }[]>;
  /** The Rail does this; without a Rail nothing happens. */
  readonly rails: Signal<RailAction>;
  /** Opens a page, by the first step of its path, at the place that is shown. */
  openPage(name: string): void;
  /** Does an action of the registry by its id. */
  act(id: string): void;
  /** The server's clock, µs. */
  now(): Instant;
  notify(tone: Notice["tone"], text: string, detail?: string, action?: NoticeAction): void;
  /** Shows why something failed, what to do and the code; `what` failed, in the reader's language, where the error does not say it. */
  notifyFailure(error: unknown, what?: string): void;
  dismiss(id: number): void;
}

/**
 * Whether the first welcome of a window says the revision that the world was read at. A window reads the world before anything else, so that what it read
 * since is of that revision too. A later welcome ends a time without a connection, and an unknown world is no revision: both say no.
 */
export function isWorldAsRead({ world, commits, live }: Studio): boolean {
  return commits.get() === 1 && world.get()?.revision === live.revision();
}

/** The branch entered, or live when it is not known (any more). */
export function enteredBranch(studio: Studio, id: BranchId = studio.address.store.get().branch): Branch | undefined {
  return id === LIVE ? undefined : studio.branches.get().find((branch) => branch.id === id);
}
