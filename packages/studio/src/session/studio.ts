import { createClient } from "@doppelwerk/client";
import type { Client, LineInfo, LiveSession, LiveState, Rail, Snapshot, WorldInfo } from "@doppelwerk/client";
import type { ConnectionStatus, Person, RunProgress } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import type { Branch, BranchId, Instant } from "@doppelwerk/world";
import { createAddressBar } from "../address/address-bar.ts";
import type { AddressBar } from "../address/address-bar.ts";
import { createStore } from "../store.ts";
import type { Store } from "../store.ts";
import { createTimeController } from "../time/time-controller.ts";
import type { TimeController } from "../time/time-controller.ts";
import { createPreferences } from "./preferences.ts";
import type { Preferences } from "./preferences.ts";
import { SignalTable } from "./signal-table.ts";
import type { StateHistory } from "./state-history.ts";

export interface Notice {
  readonly id: number;
  readonly tone: "plain" | "good" | "trouble";
  readonly text: string;
  readonly detail?: string;
  /** What can be done about it while it stands. */
  readonly action?: NoticeAction;
}

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

/** Everything the views share. One per window; views read stores and call the client, nothing else. */
export interface Studio {
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
  readonly connections: Store<readonly ConnectionStatus[]>;
  readonly runs: Store<ReadonlyMap<string, RunProgress>>;
  readonly state: Store<LiveState>;
  /** Counts up with every commit, with every merge request or run that changed: what lists reload by. */
  readonly commits: Store<number>;
  readonly loadFailure: Store<string | undefined>;
  readonly notices: Store<readonly Notice[]>;
  /** The server's clock, µs. */
  now(): Instant;
  notify(tone: Notice["tone"], text: string, detail?: string, action?: NoticeAction): void;
  dismiss(id: number): void;
}

export function createStudio(): Studio {
  const address = createAddressBar();
  const preferences = createPreferences();
  const { personId, name } = preferences.get();
  let clockOffset = 0;
  const wall = (): Instant => (performance.timeOrigin + performance.now()) * 1000;
  const now = (): Instant => Math.round(wall() + clockOffset);
  const client = createClient({
    baseUrl: location.origin,
    person: { id: personId, name },
    fetch: (url, init) => fetch(url, init as RequestInit),
    WebSocket: WebSocket as never,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    now,
  });
  const world = createStore<WorldInfo | undefined>(undefined);
  const time = createTimeController({
    now,
    nextFrame: (run) => {
      const frame = requestAnimationFrame(run);
      return () => cancelAnimationFrame(frame);
    },
    earliest: () => world.get()?.historyFrom,
  });
  const live = client.live({ branch: address.store.get().branch, session: `w${crypto.randomUUID()}` });
  const notices = createStore<readonly Notice[]>([]);
  let noticeId = 0;
  const studio: Studio = {
    client,
    live,
    address,
    time,
    preferences,
    world,
    line: createStore<LineInfo | undefined>(undefined),
    rail: createStore<Rail | undefined>(undefined),
    snapshot: createStore<Snapshot | undefined>(undefined),
    states: createStore<StateHistory>(new Map()),
    signals: new SignalTable(),
    branches: createStore<readonly Branch[]>([]),
    people: createStore<readonly Person[]>([]),
    connections: createStore<readonly ConnectionStatus[]>([]),
    runs: createStore<ReadonlyMap<string, RunProgress>>(new Map()),
    state: createStore<LiveState>(live.state()),
    commits: createStore(0),
    loadFailure: createStore<string | undefined>(undefined),
    notices,
    now,
    notify(tone, text, detail, action) {
      noticeId += 1;
      const id = noticeId;
      const more = { ...(detail === undefined ? {} : { detail }), ...(action === undefined ? {} : { action }) };
      notices.update((list) => [...list.slice(-3), { id, tone, text, ...more }]);
      setTimeout(() => studio.dismiss(id), tone === "trouble" || action !== undefined ? 9000 : 5000);
    },
    dismiss: (id) => notices.update((list) => list.filter((notice) => notice.id !== id)),
  };
  listen(studio, (serverNow) => {
    clockOffset += serverNow - now();
  });
  return studio;
}

/** The branch entered, or live when it is not known (any more). */
export function enteredBranch(studio: Studio, id: BranchId = studio.address.store.get().branch): Branch | undefined {
  return id === LIVE ? undefined : studio.branches.get().find((branch) => branch.id === id);
}

function listen(studio: Studio, setClock: (serverNow: Instant) => void): void {
  studio.live.subscribe("all");
  studio.live.on((event) => {
    switch (event.kind) {
      case "state":
        studio.state.set(event.state);
        // Who else is here is not known any more.
        if (event.state.kind === "offline") studio.people.set([]);
        break;
      case "welcome":
        setClock(event.now);
        studio.branches.set(event.branches);
        studio.signals.describe(event.signals);
        studio.people.set([...studio.live.people().values()]);
        studio.commits.update((count) => count + 1);
        break;
      case "signals":
        studio.signals.describe(studio.live.signals());
        break;
      case "samples":
        // While a past instant is shown the table holds that instant; the live stream goes on without it.
        if (studio.time.state.get().kind === "live") studio.signals.ingest(event.batch);
        break;
      case "person":
      case "left":
        studio.people.set([...studio.live.people().values()]);
        break;
      case "commit": {
        const { branch } = event;
        if (branch !== undefined) studio.branches.update((list) => [...list.filter((known) => known.id !== branch.id), branch]);
        studio.commits.update((count) => count + 1);
        break;
      }
      case "run":
        studio.runs.update((runs) => new Map(runs).set(event.run.id, event.run));
        if (event.run.state === "done") studio.commits.update((count) => count + 1);
        break;
      case "connection":
        studio.connections.update((list) => {
          const known = list.some((connection) => connection.id === event.connection.id);
          return known
            ? list.map((connection) => (connection.id === event.connection.id ? event.connection : connection))
            : [...list, event.connection];
        });
        break;
      case "backfill":
        studio.world.update((world) =>
          world === undefined ? world : { ...world, backfill: { progress: event.progress, samples: event.samples, done: event.done } },
        );
        break;
      case "pong":
        setClock(event.now);
        break;
      default:
        break;
    }
  });
}
