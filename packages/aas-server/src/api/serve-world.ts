import { message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  LIVE,
  type Blobs,
  type BranchId,
  type History,
  type IdSource,
  type Instant,
  type Principal,
  type RecordId,
  type Sample,
  type WorldView,
} from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { aasApi } from "./aas-api.ts";
import { AasLookups } from "./aas-lookups.ts";
import { aasSourceOfWorld } from "./aas-source-of-world.ts";
import type { AasSource, OperationBinding } from "./aas-source.ts";
import { branchSamples, samplesAt } from "./branch-samples.ts";
import type { Handling } from "./handling.ts";
import { howToCommand } from "./how-to-command.ts";
import { Jobs } from "./jobs.ts";
import type { Signer } from "./signer.ts";
import { SourceCache } from "./source-cache.ts";

/** What the AAS API needs of the world that it serves. */
export interface AasWorld {
  readonly name: string;
  readonly ids: IdSource;
  readonly blobs: Blobs;
  readonly history: History;
  /** Signs documents with the key of the data folder. */
  readonly signer: Signer;
  person(request: Pick<FastifyRequest, "headers">): Principal;
  /** The world as a principal may see it. */
  view(principal: Principal): WorldView;
  /** The last sample of a signal on live. */
  live(signal: RecordId): Sample | undefined;
  /** What stands behind Operations that only read, on a branch as a view may see it. */
  readings(principal: Principal, branch: BranchId): OperationBinding;
}

export interface ServedAasWorlds {
  /** The world that a request is about, as far as it is open: one of another name than the address has means that there is none of that name. */
  worldOf(request: FastifyRequest): AasWorld;
  /** How documents are taken where a request does not say. */
  readonly handling: Handling;
}

/** What is kept of a world between requests. */
interface Kept {
  readonly lookups: AasLookups;
  readonly sources: SourceCache;
}

/** The AAS API of the live branch, of each world by name, and of every branch under its own base URL (HOUSE: outside contract). */
export async function serveAasWorlds(app: FastifyInstance, { worldOf, handling }: ServedAasWorlds): Promise<void> {
  const jobs = new Jobs();
  const worlds = new WeakMap<AasWorld, Kept>();
  const keptOf = (world: AasWorld): Kept => {
    let kept = worlds.get(world);
    if (kept === undefined) worlds.set(world, (kept = { lookups: new AasLookups(), sources: new SourceCache() }));
    return kept;
  };
  const source = (request: FastifyRequest): AasSource | undefined | Promise<AasSource | undefined> => {
    const { world, branch = LIVE } = request.params as { readonly world?: string; readonly branch?: string };
    const served = worldOf(request);
    if (world !== undefined && world !== served.name) return undefined;
    const { lookups, sources } = keptOf(served);
    const person = served.person(request);
    const reason = reasonOf(request.headers["doppelwerk-reason"]);
    const since = sinceOf(request.headers["doppelwerk-unchanged-since"]);
    const isPlain = reason === undefined && since === undefined;
    const make = () => {
      const seen = served.view(person);
      if (since !== undefined && since > seen.revision())
        throw new DoppelwerkError("DW_INVALID", message("server.headerDoppelwerkUnchangedSinceNames", { since, seen: seen.revision() }));
      const more = { ...(reason !== undefined && { reason }), ...(since !== undefined && { since }) };
      const view: WorldView = isPlain ? seen : { ...seen, apply: (transaction) => seen.apply({ ...transaction, ...more }) };
      if (!view.branches().some(({ id }) => id === branch)) return undefined;
      const then = (signals: readonly RecordId[], instant: Instant) =>
        samplesAt(served.history, view.branch(branch), view.reader(branch), signals, instant);
      const commandFor = (signal: RecordId) => howToCommand(view.reader(LIVE), signal);
      const readings = served.readings(person, branch);
      const shared = {
        view,
        world: served.name,
        branch,
        ids: served.ids,
        commandFor,
        lookups,
        blobs: served.blobs,
        samplesAt: then,
        readings,
      };
      if (branch === LIVE) return aasSourceOfWorld({ ...shared, sample: (signal) => served.live(signal) });
      return branchSamples(served.history, view.branch(branch), view.reader(branch)).then((sample) =>
        aasSourceOfWorld({ ...shared, sample }),
      );
    };
    return isPlain ? sources.of(person, branch, make) : make();
  };
  const options = {
    source,
    jobs,
    signer: (request: FastifyRequest) => worldOf(request).signer,
    handling,
    stage: (request: FastifyRequest) => worldOf(request).blobs.stage,
  };
  for (const base of ["", "/worlds/:world", "/worlds/:world/branches/:branch"]) {
    await app.register(aasApi, { prefix: `${base}/api/v3`, ...options });
    await app.register(aasApi, { prefix: `${base}/templates/api/v3`, ...options, templates: true });
  }
}

const MAX_REASON = 500;

/** Why something is written, in the words of who writes it: `Doppelwerk-Reason`, percent-encoded UTF-8. Without it the log names the call. */
function reasonOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    const reason = decodeURIComponent(String(header)).trim();
    if (reason !== "" && [...reason].length <= MAX_REASON) return reason;
  } catch {
    // A bad escape is refused in the same words.
  }
  throw new DoppelwerkError("DW_INVALID", message("server.headerDoppelwerkReasonHoldsNoPercent", { max: MAX_REASON }));
}

/** `Doppelwerk-Unchanged-Since`: the revision that a reader looked at (`Doppelwerk-Revision` of its answer), after which nothing that is written may have changed. */
function sinceOf(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const since = Number(header);
  if (/^\d+$/.test(String(header)) && Number.isSafeInteger(since)) return since;
  throw new DoppelwerkError(
    "DW_INVALID",
    message("server.headerDoppelwerkUnchangedSinceHoldsNo", { header: String(header).slice(0, 100) }),
  );
}
