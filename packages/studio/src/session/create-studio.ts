import { createClient } from "@doppelwerk/client";
import type { Client, ClientOptions, LineInfo, LiveState, Rail, Snapshot, WorldInfo } from "@doppelwerk/client";
import { message, textOf } from "@doppelwerk/messages";
import type { Person } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import type { Branch, Instant } from "@doppelwerk/world";
import {
  SignalTable,
  createAddressBar,
  createPreferences,
  createSignal,
  createStore,
  createTimeController,
  errorCode,
  errorText,
  shell,
  type ShownError,
} from "@doppelwerk/ui";
import type { Address, Notice, Place, RailAction, Registry, StateHistory, Studio } from "@doppelwerk/ui";
import { createAskPresence, type AskPresence } from "../presence/ask-presence.ts";
import { openPage } from "./keep-place.ts";
import { reportFrame } from "./report-frame.ts";
import { screensOf } from "./screens.ts";

export function createStudio(views: Registry): Studio {
  const address = createAddressBar(screensOf(views));
  const preferences = createPreferences();
  const { personId, name } = preferences.get();
  let clockOffset = 0;
  const wall = (): Instant => (performance.timeOrigin + performance.now()) * 1000;
  const now = (): Instant => Math.round(wall() + clockOffset);
  const needsLogin = createStore(false);
  const presence = createAskPresence();
  const person = { id: personId, name };
  const client = clientOf({ ...worldOf(address.store.get()), person, now }, () => needsLogin.set(true), presence);
  const world = createStore<WorldInfo | undefined>(undefined);
  const time = createTimeController({
    now,
    nextFrame: (run) => {
      const frame = requestAnimationFrame(run);
      return () => cancelAnimationFrame(frame);
    },
    earliest: () => world.get()?.historyFrom,
  });
  const live = client.live({ branch: address.store.get().branch, session: `w${crypto.randomUUID()}`, reportsFrames: true });
  const studio: Studio = {
    views,
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
    state: createStore<LiveState>(live.state()),
    commits: createStore(0),
    loadFailure: createStore<ShownError | undefined>(undefined),
    needsLogin,
    presence: presence.question,
    ...createNotices(),
    dialog: createStore<string | undefined>(undefined),
    pointer: createStore<Place | undefined>(undefined),
    ...createRails(),
    openPage: (name) => openPage(studio, name),
    act(id) {
      const action = views.of(shell.action).find((candidate) => candidate.id === id);
      if (action === undefined || (action.data.onBranch === true && address.store.get().branch === LIVE)) return;
      action.load().then(
        ({ default: run }) => run(studio),
        (error: unknown) => {
          const { pack } = action;
          studio.notifyFailure(error, pack && textOf(message("frame.packFailed", { pack: pack.name, id })));
        },
      );
    },
    now,
  };
  listen(studio, (serverNow) => {
    clockOffset += serverNow - now();
  });
  return studio;
}

/** A client of this server, in the browser. `askLogin` is called where the server answers nobody who is not logged in. */
function clientOf(
  options: Pick<ClientOptions, "world" | "person"> & { readonly now: () => Instant },
  askLogin: () => void,
  presence: AskPresence,
): Client {
  return createClient({
    ...options,
    baseUrl: location.origin,
    fetch: async (url, init) => {
      const response = await presence.sent(() => fetch(url, init as RequestInit));
      // a login that is refused is told where it is typed
      if (response.status === 401 && !/\/(session|session\/stay)$/.test(url)) askLogin();
      return response;
    },
    WebSocket: WebSocket as never,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

/** A window is about one world; another one is another page load. */
function worldOf({ world }: Address): { readonly world?: string } {
  return world === undefined ? {} : { world };
}

const MAX_NOTICES = 4;
const [NOTICE_MS, LONG_NOTICE_MS] = [5_000, 9_000];

/** The newest notices; what went wrong, and what can be acted on, stays longer. */
function createNotices(): Pick<Studio, "notices" | "notify" | "notifyFailure" | "dismiss"> {
  const notices = createStore<readonly Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => notices.update((list) => list.filter((notice) => notice.id !== id));
  const show = (notice: Omit<Notice, "id">): void => {
    lastId += 1;
    const id = lastId;
    notices.update((list) => [...list.slice(1 - MAX_NOTICES), { id, ...notice }]);
    setTimeout(() => dismiss(id), notice.tone === "trouble" || notice.action !== undefined ? LONG_NOTICE_MS : NOTICE_MS);
  };
  return {
    notices,
    dismiss,
    notify: (tone, text, detail, action) =>
      show({ tone, text, ...(detail === undefined ? {} : { detail }), ...(action === undefined ? {} : { action }) }),
    notifyFailure(error, what) {
      const why = errorText(error);
      show({ tone: "trouble", code: errorCode(error), ...(what === undefined ? { text: why } : { text: what, detail: why }) });
    },
  };
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
        if (studio.time.state.get().kind !== "live") break;
        if (event.trace !== undefined) reportFrame(studio, event.trace);
        studio.signals.ingest(event.batch);
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
      case "topic":
        // what is done stands in lists from now on; what did not come may stand there too
        if (isDone(event.payload) || event.dropped !== undefined) studio.commits.update((count) => count + 1);
        break;
      case "pong":
        setClock(event.now);
        break;
      default:
        break;
    }
  });
}

/** Whatever a feature carries out says in its topic when it is done. */
function isDone(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "state" in payload && payload.state === "done";
}

/** What others may do with the Rail. */
function createRails(): Pick<Studio, "rails" | "railLines"> {
  return { rails: createSignal<RailAction>(), railLines: createStore<ReturnType<Studio["railLines"]["get"]>>([]) };
}
