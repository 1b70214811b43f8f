import type { ConclusionInputs, Derivations, PlantView, SampleListener } from "@doppelwerk/kit/server";
import type { PastReading } from "@doppelwerk/ports";
import { LIVE, type AccessGate, type Clock, type Principal, type SampleBatch } from "@doppelwerk/world";
import type { Logger } from "pino";
import { createPlantView } from "../features/plant-view.ts";
import { Guests, type OnEndedGuest } from "../http/guests.ts";
import type { OwnAddress } from "../http/guard.ts";
import type { People } from "../accounts/people.ts";
import { ConclusionEvents } from "../live/conclusion-events.ts";
import { FollowedBatches } from "../live/followed-batches.ts";
import { Intake } from "../live/intake.ts";
import { pastPort } from "../live/past-port.ts";
import { PastProgress } from "../live/past-progress.ts";
import { SignalAccess } from "../live/readable-signals.ts";
import { SignalDirectory } from "../live/signal-directory.ts";
import { createSignalGate } from "../live/signal-gate.ts";
import { Hub } from "../rooms/hub.ts";
import type { SpanSink } from "../telemetry/span-sink.ts";
import type { Documents } from "./open-documents.ts";
import type { Stores } from "./open-stores.ts";

export interface LiveOptions {
  readonly worldName: string;
  /** Throws where a person may not enter the world. */
  admit(principal: Principal): void;
  readonly people: People;
  readonly address?: OwnAddress | undefined;
  readonly stores: Stores;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where spans of followed batches go. */
  readonly spans?: SpanSink | undefined;
  /** Somebody took the key of a guest back. */
  readonly onEndedGuest?: OnEndedGuest | undefined;
}

/** The live values of a world: what comes in, who watches, and what is concluded from it. */
export interface Live {
  readonly signals: SignalDirectory;
  readonly intake: Intake;
  readonly hub: Hub;
  readonly followed: FollowedBatches;
  readonly past: PastProgress;
  readonly pastReading: PastReading;
  readonly derivations: Derivations;
  /** What is stored already and still holds becomes the live value of its signal, where that is not a later one. */
  showKept(batch: SampleBatch): void;
  readonly guests: Guests;
  /** What is concluded live and waits to be recorded. */
  readonly events: ConclusionEvents;
  /** The plant as a principal may see it: documents, signals and their samples. */
  plantView(principal: Principal): PlantView;
}

/** What is shared by the parts of the live side. */
interface Parts extends LiveOptions {
  readonly signals: SignalDirectory;
  /** The gate as it stands before signals. */
  readonly gate: AccessGate;
  readonly guests: Guests;
  readonly conclusions: { inputs?: ConclusionInputs };
  readonly listeners: Set<SampleListener>;
  readonly followed: FollowedBatches;
}

/** Nothing comes in before the intake is started. */
export function openLive(options: LiveOptions): Live {
  const { world, gate } = options.documents;
  const signals = new SignalDirectory();
  signals.load(world.reader(LIVE));
  const conclusions: Parts["conclusions"] = {};
  const signalGate = createSignalGate({
    gate,
    record: (id) => signals.record(id),
    inputsOf(signal) {
      if (signal.role !== "Alarm") return signal.concludedOf;
      return conclusions.inputs === undefined ? "unknown" : conclusions.inputs.of(signal);
    },
  });
  options.documents.showValues((id) => signals.live(id));
  const guests = new Guests((principal) => hub.withdraw(principal), options.onEndedGuest);
  const followed = new FollowedBatches({ clock: options.clock, spans: options.spans });
  const parts: Parts = { ...options, signals, gate: signalGate, guests, conclusions, listeners: new Set(), followed };
  const hub = openHub(parts);
  const intake = openIntake(parts, hub);
  const past = new PastProgress(options.clock.now());
  const events = new ConclusionEvents({ record: (recorded) => options.documents.world.record(recorded), logger: options.logger });
  return {
    signals,
    intake,
    hub,
    followed,
    past,
    pastReading: pastPort(past, {
      onArchive: (connection, read) => parts.listeners.forEach((listener) => listener.archive(connection, read)),
      onArchiveGone: (connection) => parts.listeners.forEach((listener) => listener.archiveGone(connection)),
    }),
    derivations: derivationsOf(parts, intake, past, events),
    showKept(batch) {
      signals.table.take(batch);
      showLive(batch, signals, hub);
    },
    guests,
    events,
    plantView: (principal) => plantViewOf(parts, principal),
  };
}

function openHub(parts: Parts): Hub {
  const { worldName, admit, people, address, documents, signals, gate, guests, conclusions, clock, logger, followed } = parts;
  const { world } = documents;
  const access = new SignalAccess(gate, signals.table, () => signals.entries());
  let accessOf: unknown;
  const hub = new Hub({
    worldName,
    address,
    now: () => clock.now(),
    person(request, secret, name) {
      const guest = guests.of(secret);
      if (guest !== undefined) return guest;
      const principal = people.ofHello(request, secret, name);
      admit(principal);
      return principal;
    },
    view: (principal) => world.view(principal),
    mayReadSignal(principal, id) {
      const record = signals.record(id);
      return record === undefined || gate.mayRead(principal, record);
    },
    readable(principal) {
      const version = conclusions.inputs?.version();
      if (accessOf !== version) access.changed();
      accessOf = version;
      return access.of(principal);
    },
    hides(principal, id) {
      const record = world.reader(LIVE).get(id);
      return record !== undefined && !documents.gate.mayRead(principal, record);
    },
    lastSamples: (wanted) => signals.lastSamples(wanted),
    shown: (seat, frame) => followed.shown(seat, frame),
    log: (message, details) => logger.warn(details ?? {}, message),
  });
  world.onCommit(({ entry }) => {
    if (!signals.follow(entry, world.reader(LIVE))) return;
    access.changed();
    hub.signalsChanged();
  });
  return hub;
}

function openIntake({ stores, signals, clock, listeners, logger, followed }: Parts, hub: Hub): Intake {
  return new Intake({
    signals,
    history: stores.history,
    clock,
    followed,
    onTick(batch, one) {
      for (const listener of listeners) listener.live(batch);
      one?.mark("folded");
      if (one !== undefined) one.rows = batch.count;
      hub.publish(batch, one);
      one?.mark("published");
    },
    onPast(batch) {
      // a value that has not changed for long is old, and still the present one
      showLive(batch, signals, hub);
      hub.publishPast(batch);
      for (const listener of listeners) listener.past(batch);
    },
    onNotice: (notice) => logger.warn({ notice }, "a source says"),
    onFault: (message, error) => logger.error({ err: error }, message),
  });
}

/** To viewers: the rows of a batch in the table that are the last sample of their signal. */
function showLive(batch: SampleBatch, signals: SignalDirectory, hub: Hub): void {
  const live = signals.liveRowsOf(batch);
  if (live !== undefined) hub.publish(live);
}

function derivationsOf(
  { stores, documents, signals, conclusions, listeners }: Parts,
  intake: Intake,
  past: PastProgress,
  events: ConclusionEvents,
): Derivations {
  return {
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    conclude: (batch) => intake.derive(batch),
    revise: (batch) => stores.history.append(LIVE, batch, signals.table.ids),
    record: (recorded) => documents.world.record(recorded),
    recordLater: (recorded) => events.add(recorded),
    inputs: (inputs) => void (conclusions.inputs = inputs),
    progress: (progress) => past.deriving(progress),
    pastProgress: () => (past.state.done ? undefined : past.state.progress),
    unknownBefore: () => past.unknownBefore,
  };
}

function plantViewOf({ stores, documents, signals, gate }: Parts, principal: Principal): PlantView {
  const { world } = documents;
  const plant = {
    history: stores.history,
    gate,
    documents: (of: Principal) => world.view(of),
    signals: () => signals.records(),
    signal: (id: string) => signals.record(id),
    live: (id: string) => signals.live(id),
    rows: (ids?: readonly string[]) => signals.wanted(ids),
    originOf: (signal: Parameters<SignalDirectory["originOf"]>[0]) => signals.originOf(signal),
    record: (branch: string, id: string) => world.reader(branch).get(id),
    logBefore: documents.logBefore,
  };
  return createPlantView(plant, principal);
}
