import type { Blobs, EventStore, History, IdSource, Instant, LogEntry, Principal, WorldView } from "@doppelwerk/world";
import type { FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { PastState } from "@doppelwerk/ports";
import type { Guests } from "../http/guests.ts";
import type { Accounts } from "../http/person.ts";
import type { PlantView } from "@doppelwerk/kit/server";
import type { PlaceAct } from "../place-roles/place-acts.ts";
import type { PlaceAccess } from "../place-roles/place-access.ts";
import type { WorldAccess } from "../access-rules/world-access.ts";
import type { FeatureMetrics } from "../features/feature-metrics.ts";
import type { ListedFeature } from "../features/resolve.ts";
import type { PackState } from "../packs/load-packs.ts";
import type { FeatureHost } from "../features/feature-host.ts";
import type { WorldJobs } from "../jobs/world-jobs.ts";
import type { FrameTimes } from "../live/frame-times.ts";
import type { RollingTimes } from "../live/rolling-times.ts";
import type { Hub } from "../rooms/hub.ts";
import type { Handling, Signer } from "@doppelwerk/aas-server";
import type { StoreRefusal } from "../live/intake.ts";
import type { WorldPersonal } from "../privacy/world-personal.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import type { SignalDirectory } from "../live/signal-directory.ts";

/** A world as this process serves it: what routes may hold, services and views, never the raw world. */
export interface HostedWorld {
  readonly name: string;
  /** As it was declared. */
  title(): string;
  /** `viewed`: somebody looks at it, or it works. `connected`: a plant is connected, so that it records whoever looks. */
  activity(): Promise<{ readonly viewed: boolean; readonly connected: boolean }>;
  readonly version: string;
  /** What entries of the transparency log call it: stays when it is renamed. */
  readonly id: string;
  /** Of the server; undefined where it writes none. */
  readonly transparency: TransparencyLog | undefined;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly accounts: Accounts;
  /** What is kept of people in it beside its documents. */
  readonly personal: WorldPersonal;
  readonly history: History;
  /** Counts and damages of recorded events; the events themselves are read through a view. */
  readonly events: Pick<EventStore, "counts" | "damages">;
  readonly blobs: Blobs;
  /** Signs documents with the key of this data folder. */
  readonly signer: Signer;
  /** How the AAS API takes documents where a request does not say. */
  readonly handling: Handling;
  readonly signals: SignalDirectory;
  readonly hub: Hub;
  /** Who came in by keys of features. */
  readonly guests: Pick<Guests, "list" | "end">;
  readonly features: FeatureHost;
  readonly packs: readonly PackState[];
  /** Other features, while it is open: those that are gone close, new ones open. Errors: DW_INVALID where they do not fit together; then nothing is changed. */
  change(features: readonly ListedFeature[], packs: readonly PackState[]): Promise<void>;
  readonly jobs: Pick<WorldJobs, "list" | "get" | "cancel">;
  readonly featureMetrics: FeatureMetrics;
  /** The historian takes no samples; undefined while it does. */
  storeRefusal(): StoreRefusal | undefined;
  /** Bytes that the disk of the data folder has left for this process; undefined where the system does not say. */
  freeBytes(): number | undefined;
  readonly intakeCounts: Readonly<Record<"ingested" | "dropped" | "unwritten" | "ticks", number>>;
  /** Live rows that wait for a tick or for the disk. */
  waitingRows(): number;
  /** From the arrival of values until they were handed to the viewers, of the last minute or two. */
  readonly shownAfter: Pick<RollingTimes, "percentile">;
  /** From the arrival of values at their connector until windows have drawn them, of the last minute or two. */
  readonly frames: Pick<FrameTimes, "list">;
  backfill(): PastState;
  /** The person of a request, and the world as he may see it. */
  person(request: Pick<FastifyRequest, "headers">): Principal;
  view(principal: Principal): WorldView;
  viewOf(request: Pick<FastifyRequest, "headers">): WorldView;
  /** The plant as a principal may see it: documents, signals and their samples. */
  plantView(principal: Principal): PlantView;
  readonly access: WorldAccess;
  readonly places: PlaceAccess;
  /** What operations do at places, which roles may name. */
  placeActs(): readonly PlaceAct[];
  nameOf(actor: string): string;
  /** Log entries after a revision that the view may see, ascending, up to now. */
  logAfter(view: WorldView, after: number): AsyncIterable<LogEntry>;
  now(): Instant;
  close(): Promise<void>;
}
