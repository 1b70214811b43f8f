import { DoppelwerkError, HOUR, LIVE, SECOND } from "@doppelwerk/world";
import type { Snapshot } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { recordedSpans, signalDisplays, stateSignals, withPresent, shownError } from "@doppelwerk/ui";
import type { StateHistory, Studio } from "@doppelwerk/ui";
import type { Rewind } from "@doppelwerk/ui/rewind";

const LIVE_SNAPSHOT_MS = 1000;
const RAIL_POINTS = 1200;
/** Bands of lines that fit on the highest Rail. */
const MAX_RAIL_LINES = 4;
const STATES_EVERY = 15 * SECOND;

/** Loads what every view shares and keeps it up to date; returns how to stop. */
export function keepLoaded(studio: Studio): () => void {
  const stops = [
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

/**
 * Runs after each commit. A window connects while it already asks: the first welcome is news only where its revision is not the one that the world was
 * read at.
 */
function afterCommits(studio: Studio, run: () => void): () => void {
  return studio.commits.subscribe(() => {
    const world = studio.world.get();
    const isFirst = studio.commits.get() === 1;
    if (!isFirst || (world !== undefined && world.revision !== studio.live.revision())) run();
  });
}

function keepWorld(studio: Studio): () => void {
  const load = latest(async () => {
    const [world, branches] = await Promise.all([studio.client.world(), studio.client.branches()]);
    studio.world.set(world);
    studio.branches.set(branches);
    studio.loadFailure.set(undefined);
  }, studio);
  load();
  const timer = setInterval(load, 20_000);
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
    try {
      studio.line.set(await studio.client.line(branch, { line }));
    } catch (error) {
      // a link to a line that is not there any more, or not on this branch, shows the first
      if (line === undefined || !(error instanceof DoppelwerkError) || error.code !== "DW_NOT_FOUND") throw error;
      studio.address.amend({ line: undefined });
    }
  }, studio);
  const check = (): void => {
    const { branch, line } = studio.address.store.get();
    const next = JSON.stringify([branch, line, edition, studio.world.get()?.line]);
    if (next === key) return;
    key = next;
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
  }, studio);
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
    if (base === undefined) load();
  });
  const timer = setInterval(() => {
    if (studio.time.state.get().kind === "live" && document.visibilityState === "visible") load();
  }, LIVE_SNAPSHOT_MS);
  const off = studio.time.shown.subscribe(() => {
    showFolded();
    load();
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
  const load = latest(async () => {
    const keys = stateSignals(studio.signals.entries());
    if (keys.size === 0) return;
    const to = studio.time.instant();
    const batch = await studio.client.window([...keys.keys()], to - HOUR, to);
    const byIndex = new Map([...keys].map(([id, key]) => [studio.signals.indexOf(id), key]));
    recorded = recordedSpans(batch, (index) => byIndex.get(index), to);
    loadedTo = to;
    show();
  }, studio);
  const show = (): void => {
    const snapshot = studio.snapshot.get();
    if (snapshot !== undefined) studio.states.set(withPresent(recorded, snapshot));
  };
  const offs = [
    studio.snapshot.subscribe(() => {
      const snapshot = studio.snapshot.get();
      if (snapshot === undefined) return;
      show();
      if (snapshot.instant < loadedTo || snapshot.instant - loadedTo > STATES_EVERY) load();
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
  }, studio);
  // A link opens at its instant: nothing changes that would ask for the values.
  load();
  return studio.time.shown.subscribe(() => {
    if (studio.time.shown.get() === undefined) {
      studio.signals.clear();
      // The server sends the last value of every subscribed signal again.
      studio.live.subscribe("all");
    } else load();
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
  }, studio);
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

/** Loads the Rail for a range, with a margin so that a small move needs nothing. */
export function railLoader(studio: Studio): { range(from: Instant, to: Instant): void; stop(): void } {
  let wanted = { from: 0, to: 0 };
  let covered = { from: 0, to: 0, scale: 0 };
  let loadedAt = 0;
  const load = latest(async () => {
    const { from, to } = wanted;
    const margin = (to - from) * 0.25;
    const { line } = studio.address.store.get();
    const lines = studio.railLines.get().slice(0, MAX_RAIL_LINES);
    const ask = (of: string | undefined) =>
      studio.client.rail(Math.round(from - margin), Math.round(to + margin), RAIL_POINTS, { line: of });
    const [first, ...others] = await Promise.all((lines.length < 2 ? [line] : lines.map(({ id }) => id)).map(ask));
    const bands = lines.length < 2 ? undefined : [first!, ...others].map(({ band }, at) => ({ title: lines[at]!.title, band }));
    const rail = { ...first!, ...(bands && { bands }) };
    covered = { from: rail.from, to: rail.to, scale: to - from };
    loadedAt = Date.now();
    studio.rail.set(rail);
  }, studio);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const consider = (force: boolean): void => {
    if (wanted.to === 0) return;
    const span = wanted.to - wanted.from;
    const enough =
      wanted.from >= covered.from &&
      Math.min(wanted.to, studio.now()) <= Math.max(covered.to, studio.now()) &&
      span > covered.scale / 1.6 &&
      span < covered.scale * 1.6;
    if (enough && !force) return;
    clearTimeout(timer);
    timer = setTimeout(load, 90);
  };
  const off = afterCommits(studio, () => consider(true));
  let shown = studio.address.store.get().line;
  const offLine = studio.address.store.subscribe(() => {
    const { line } = studio.address.store.get();
    if (line === shown) return;
    shown = line;
    consider(true);
  });
  const offLines = studio.railLines.subscribe(() => consider(true));
  // Fresh segments at the live end: often when zoomed in, seldom when weeks are shown.
  const pulse = setInterval(() => {
    const span = wanted.to - wanted.from;
    const every = Math.min(30_000, Math.max(2000, span / 1000 / 600));
    if (document.visibilityState === "visible" && Date.now() - loadedAt > every) consider(true);
  }, 1000);
  return {
    range(from, to) {
      wanted = { from, to };
      consider(false);
    },
    stop() {
      off();
      offLine();
      offLines();
      clearInterval(pulse);
      clearTimeout(timer);
    },
  };
}

/**
 * A load that is never in flight twice: calls while one runs are folded into one more after it. Failures that only say the server is
 * away are shown by the banner, not as notices.
 */
function latest(run: () => Promise<void>, studio: Studio): () => void {
  let running = false;
  let again = false;
  const start = async (): Promise<void> => {
    running = true;
    try {
      await run();
    } catch (error) {
      if (!(error instanceof DoppelwerkError && error.code === "DW_CANCELLED")) studio.loadFailure.set(shownError(error));
    }
    running = false;
    if (again) {
      again = false;
      void start();
    }
  };
  return () => {
    if (running) again = true;
    else void start();
  };
}
