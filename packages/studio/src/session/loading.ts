import { DoppelwerkError, HOUR, LIVE, SECOND } from "@doppelwerk/world";
import type { Rail, Snapshot } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { endedBetween, isWorldAsRead, recordedSpans, signalDisplays, stateSignals, withPresent, shownError } from "@doppelwerk/ui";
import type { ShownError, StateHistory, Studio } from "@doppelwerk/ui";
import type { Rewind } from "@doppelwerk/ui/rewind";
import { forgetLine, keepPlace } from "./keep-place.ts";

const LIVE_SNAPSHOT_MS = 1000;
const RAIL_POINTS = 1200;
/** Bands of lines that fit on the highest Rail. */
const MAX_RAIL_LINES = 4;
const STATES_EVERY = 15 * SECOND;
/** What is concluded is recorded within this time. */
const RECORDED_AFTER = 5 * SECOND;
/** How long a clock waits after a failure before it asks again: at first, and at most. */
const [FIRST_WAIT_MS, MOST_WAIT_MS] = [2_000, 60_000];

/** Loads what every view shares and keeps it up to date; returns how to stop. */
export function keepLoaded(studio: Studio): () => void {
  const stops = [
    // before anything is asked of the line
    keepPlace(studio),
    keepWorld(studio),
    keepLine(studio),
    keepSnapshot(studio),
    keepSignalsAt(studio),
    keepStates(studio),
    keepDisplays(studio),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Runs after each commit. A window connects while it already asks: its first welcome is news only of another revision than it read. */
function afterCommits(studio: Studio, run: () => void): () => void {
  return studio.commits.subscribe(() => {
    const isFirstRead = studio.commits.get() === 1 && studio.world.get() === undefined;
    if (!isFirstRead && !isWorldAsRead(studio)) run();
  });
}

function keepWorld(studio: Studio): () => void {
  const load = latest(async () => {
    const [world, branches] = await Promise.all([studio.client.world(), studio.client.branches()]);
    studio.world.set(world);
    studio.branches.set(branches);
    studio.loadFailure.set(undefined);
  }, studio.loadFailure.set);
  load();
  const timer = setInterval(load.byClock, 20_000);
  const off = afterCommits(studio, load);
  return () => {
    clearInterval(timer);
    off();
  };
}

function keepLine(studio: Studio): () => void {
  let key = "";
  let edition = 0;
  const load = latest(async () => {
    const { branch, line } = studio.address.store.get();
    // A world without a line has nothing to ask for; what the world is is asked again when something was committed.
    const world = studio.world.get();
    if (world === undefined || (!world.line && branch === LIVE)) {
      studio.line.set(undefined);
      return;
    }
    const isShown = (): boolean => {
      const now = studio.address.store.get();
      return now.branch === branch && now.line === line;
    };
    try {
      const read = await studio.client.line(branch, { line });
      // another one is shown by now, and was asked for too
      if (isShown()) studio.line.set(read);
    } catch (error) {
      if (!isShown()) return;
      // a link to a line that is not there any more, or not on this branch, shows the first
      if (line === undefined || !(error instanceof DoppelwerkError) || error.code !== "DW_NOT_FOUND") throw error;
      forgetLine(studio.address.store.get());
      studio.address.amend({ line: undefined });
    }
  }, studio.loadFailure.set);
  const check = (): void => {
    const { branch, line } = studio.address.store.get();
    const next = JSON.stringify([branch, line, edition, studio.world.get()?.line]);
    if (next === key) return;
    key = next;
    leaveOtherLine(studio);
    load();
  };
  check();
  const again = (): void => {
    edition += 1;
    check();
  };
  const offs = [studio.address.store.subscribe(check), afterCommits(studio, again), studio.world.subscribe(check)];
  return () => {
    for (const off of offs) off();
  };
}

/** Nothing of the line before is shown as that of the line chosen, not even until that is read. */
function leaveOtherLine(studio: Studio): void {
  const read = studio.line.get();
  const chosen = studio.address.store.get().line ?? studio.world.get()?.lines[0]?.id;
  if (read === undefined || chosen === undefined || read.id === chosen) return;
  studio.line.set(undefined);
  studio.snapshot.set(undefined);
}

/** Live: the server's fold once a second. In the past: this browser's fold where its window is loaded, the server's where it is not (yet). */
function keepSnapshot(studio: Studio): () => void {
  // The fold comes when the past is first shown; until then the server answers.
  let rewind: Rewind | undefined;
  let isComing = false;
  const fetchRewind = (): void => {
    if (isComing) return;
    isComing = true;
    import("@doppelwerk/ui/rewind").then(
      (room) => (rewind = new room.Rewind(studio.client, (index) => studio.signals.idOf(index) ?? "")),
      () => (isComing = false),
    );
  };
  let base: Snapshot | undefined;
  const load = latest(async () => {
    if (studio.world.get()?.snapshot !== true) return;
    const state = studio.time.state.get();
    const instant = state.kind === "live" ? undefined : studio.time.instant();
    const { line } = studio.address.store.get();
    const snapshot = await studio.client.snapshot(instant, { line });
    // Another line is shown by now; it was asked for too.
    if (line !== studio.address.store.get().line) return;
    // The answer of a moment that is shown no more would make the screen jump.
    if ((instant === undefined) !== (studio.time.state.get().kind === "live")) return;
    base = snapshot;
    if (instant === undefined || !showFolded()) studio.snapshot.set(snapshot);
  }, studio.loadFailure.set);
  const showFolded = (): boolean => {
    const line = studio.line.get();
    if (studio.time.state.get().kind === "live" || line === undefined || line.id !== (studio.address.store.get().line ?? line.id))
      return false;
    if (rewind === undefined) {
      fetchRewind();
      return false;
    }
    const folded = rewind.at(studio.time.instant(), line, base);
    if (folded === undefined) return false;
    studio.snapshot.set(folded);
    return true;
  };
  load();
  let shown = studio.address.store.get().line;
  const offLine = studio.address.store.subscribe(() => {
    const { line } = studio.address.store.get();
    if (line === shown) return;
    shown = line;
    base = undefined;
    load();
  });
  const offWorld = studio.world.subscribe(() => {
    if (base === undefined) load.byClock();
  });
  const timer = setInterval(() => {
    if (studio.time.state.get().kind === "live" && document.visibilityState === "visible") load.byClock();
  }, LIVE_SNAPSHOT_MS);
  const off = studio.time.shown.subscribe(() => {
    showFolded();
    if (studio.time.state.get().kind === "playing") load.byClock();
    else load();
  });
  return () => {
    clearInterval(timer);
    offLine();
    offWorld();
    off();
  };
}

/** The states of the last hour before the instant shown: closed ones from the historian, the open one from the snapshot. */
function keepStates(studio: Studio): () => void {
  let recorded: StateHistory = new Map();
  let loadedTo = 0;
  /** The instant that was shown then: the server's fold is behind this window's clock. */
  let loadedAt = 0;
  let before: Snapshot | undefined;
  /** What ended since: the window that was read does not have it. */
  let ended: StateHistory = new Map();
  let recordedTo = 0;
  const load = latest(async () => {
    const keys = stateSignals(studio.signals.entries());
    if (keys.size === 0) return;
    const to = studio.time.instant();
    // the server concludes behind the clock: what ended after its last answer may be recorded too late for this one
    const concluded = Math.min(to, studio.snapshot.get()?.instant ?? to - RECORDED_AFTER);
    const batch = await studio.client.window([...keys.keys()], to - HOUR, to);
    const byIndex = new Map([...keys].map(([id, key]) => [studio.signals.indexOf(id), key]));
    recorded = recordedSpans(batch, (index) => byIndex.get(index), to);
    recordedTo = concluded;
    loadedTo = to;
    loadedAt = Math.min(to, studio.snapshot.get()?.instant ?? to);
    show();
  }, studio.loadFailure.set);
  const show = (): void => {
    const snapshot = studio.snapshot.get();
    if (snapshot !== undefined) studio.states.set(withPresent(recorded, snapshot, { ended, recordedTo }));
  };
  const offs = [
    studio.snapshot.subscribe(() => {
      const snapshot = studio.snapshot.get();
      ended = snapshot === undefined ? new Map() : endedBetween(ended, before, snapshot);
      before = snapshot;
      if (snapshot === undefined) return;
      show();
      if (snapshot.instant < loadedAt || snapshot.instant - loadedTo > STATES_EVERY) load.byClock();
    }),
    // A held instant brings one snapshot, perhaps before the signals are known.
    studio.commits.subscribe(load),
  ];
  return () => {
    for (const off of offs) off();
  };
}

function keepSignalsAt(studio: Studio): () => void {
  const load = latest(async () => {
    const shown = studio.time.shown.get();
    if (shown === undefined) return;
    const batch = await studio.client.at(shown);
    if (studio.time.state.get().kind === "live") return;
    studio.signals.clear();
    studio.signals.ingest(batch);
  }, studio.loadFailure.set);
  // A link opens at its instant: nothing changes that would ask for the values.
  load();
  return studio.time.shown.subscribe(() => {
    if (studio.time.shown.get() === undefined) {
      studio.signals.clear();
      // The server sends the last value of every subscribed signal again.
      studio.live.subscribe("all");
    } else if (studio.time.state.get().kind === "playing") load.byClock();
    else load();
  });
}

/** How signals are shown on the branch entered. Values are shown without it: where it fails they are shown as before. */
function keepDisplays(studio: Studio): () => void {
  let key = "";
  let edition = 0;
  const load = latest(async () => {
    const sources = studio.views.of(signalDisplays).map(async (source) => (await source.load()).default(studio));
    const answers = await Promise.allSettled(sources);
    if (answers.some(({ status }) => status === "rejected")) return;
    studio.signals.display(new Map(answers.flatMap((answer) => (answer.status === "fulfilled" ? [...answer.value] : []))));
  }, studio.loadFailure.set);
  const check = (): void => {
    const next = `${studio.address.store.get().branch} ${edition}`;
    if (next === key) return;
    key = next;
    load();
  };
  check();
  const again = (): void => {
    edition += 1;
    check();
  };
  const offs = [studio.address.store.subscribe(check), afterCommits(studio, again)];
  return () => {
    for (const off of offs) off();
  };
}

/** The lines whose bands the Rail shows. */
function railLinesOf(studio: Studio): string {
  const lines = studio.railLines.get().slice(0, MAX_RAIL_LINES);
  return JSON.stringify(
    lines.length > 0 ? lines.map(({ id }) => id) : [studio.address.store.get().line ?? studio.world.get()?.lines[0]?.id],
  );
}

/** What is left of the Rail while another line is read: changes and branches, without what was concluded of the line before. */
function withoutLine({ from, to, now, changes, notes, lanes }: Rail): Rail {
  return {
    from,
    to,
    now,
    changes,
    ...(notes && { notes }),
    band: [],
    shifts: [],
    alarms: [],
    lanes: lanes.map(({ branch, hue }) => ({ branch, hue, fan: [] })),
  };
}

interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** Whether what was read shows a window as finely as it should. */
function covers(covered: Window & { readonly scale: Instant }, wanted: Window, now: Instant): boolean {
  const span = wanted.to - wanted.from;
  return (
    wanted.from >= covered.from &&
    Math.min(wanted.to, now) <= Math.max(covered.to, now) &&
    span > covered.scale / 1.6 &&
    span < covered.scale * 1.6
  );
}

/** Loads the Rail for a range, with a margin so that a small move needs nothing; `told` hears why it could not be read, and when it is again. */
export function railLoader(
  studio: Studio,
  told: (failure: ShownError | undefined) => void,
): { range(from: Instant, to: Instant): void; again(): void; stop(): void } {
  let wanted = { from: 0, to: 0 };
  let covered = { from: 0, to: 0, scale: 0 };
  let loadedAt = 0;
  let loadedLines: string | undefined;
  const load = latest(async () => {
    const { from, to } = wanted;
    const margin = (to - from) * 0.25;
    const asked = railLinesOf(studio);
    const { line } = studio.address.store.get();
    const lines = studio.railLines.get().slice(0, MAX_RAIL_LINES);
    const ask = (of: string | undefined) =>
      studio.client.rail(Math.round(from - margin), Math.round(to + margin), RAIL_POINTS, { line: of });
    const [first, ...others] = await Promise.all((lines.length === 0 ? [line] : lines.map(({ id }) => id)).map(ask));
    const bands = lines.length < 2 ? undefined : [first!, ...others].map(({ band }, at) => ({ title: lines[at]!.title, band }));
    // another line is shown by now, and was asked for too
    if (asked !== railLinesOf(studio)) return;
    loadedLines = asked;
    const rail = { ...first!, ...(bands && { bands }) };
    covered = { from: rail.from, to: rail.to, scale: to - from };
    loadedAt = Date.now();
    studio.rail.set(rail);
    told(undefined);
  }, told);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const consider = (force: boolean, ask: () => void = load): void => {
    if (wanted.to === 0) return;
    if (!force && covers(covered, wanted, studio.now())) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  };
  const off = afterCommits(studio, () => consider(true));
  let shown = railLinesOf(studio);
  const check = (): void => {
    const lines = railLinesOf(studio);
    if (lines === shown) return;
    shown = lines;
    const rail = studio.rail.get();
    if (rail !== undefined && loadedLines !== lines) studio.rail.set(withoutLine(rail));
    consider(true);
  };
  const offLine = studio.address.store.subscribe(check);
  const offLines = studio.railLines.subscribe(check);
  // Fresh segments at the live end: often when zoomed in, seldom when weeks are shown.
  const pulse = setInterval(() => {
    const span = wanted.to - wanted.from;
    const every = Math.min(30_000, Math.max(2000, span / 1000 / 600));
    if (document.visibilityState === "visible" && Date.now() - loadedAt > every) consider(true, load.byClock);
  }, 1000);
  return {
    range(from, to) {
      wanted = { from, to };
      consider(false);
    },
    again: () => consider(true),
    stop() {
      off();
      offLine();
      offLines();
      clearInterval(pulse);
      clearTimeout(timer);
    },
  };
}

interface LatestLoad {
  /** Somebody did something: at once. */
  (): void;
  /** A clock has turned: not while it waits after a failure. */
  readonly byClock: () => void;
}

/**
 * A load that is never in flight twice: calls while one runs are folded into one more after it. After a failure, a refusal as well as a server that is
 * away, a clock waits twice as long each time before it asks again.
 */
function latest(run: () => Promise<void>, told: (failure: ShownError) => void): LatestLoad {
  let running = false;
  let again: "person" | "clock" | undefined;
  let waitMs = 0;
  let waitsUntil = 0;
  const start = async (): Promise<void> => {
    running = true;
    try {
      await run();
      waitMs = 0;
    } catch (error) {
      if (!(error instanceof DoppelwerkError && error.code === "DW_CANCELLED")) {
        waitMs = Math.min(MOST_WAIT_MS, Math.max(FIRST_WAIT_MS, waitMs * 2));
        told(shownError(error));
      }
    }
    waitsUntil = waitMs === 0 ? 0 : Date.now() + waitMs;
    running = false;
    const asksAgain = again === "person" || (again === "clock" && waitMs === 0);
    again = undefined;
    if (asksAgain) void start();
  };
  const now = (): void => {
    if (running) again = "person";
    else void start();
  };
  const byClock = (): void => {
    if (running) again ??= "clock";
    else if (Date.now() >= waitsUntil) void start();
  };
  return Object.assign(now, { byClock });
}
