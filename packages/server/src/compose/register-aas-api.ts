import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type Instant, type RecordId, type WorldView } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  aasApi,
  AasLookups,
  aasSourceOfWorld,
  branchSamples,
  Jobs,
  samplesAt,
  SourceCache,
  type AasSource,
  howToCommand,
} from "@doppelwerk/aas-server";
import { seriesOperations } from "../time-series/series-operations.ts";
import type { Site } from "./site.ts";

/** The AAS API of the live branch, of this world by name, and of every branch under its own base URL (HOUSE: outside contract). */
export async function registerAasApi(app: FastifyInstance, site: Site): Promise<void> {
  const [lookups, sources, jobs] = [new AasLookups(), new SourceCache(), new Jobs()];
  const source = (request: FastifyRequest): AasSource | undefined | Promise<AasSource | undefined> => {
    const { world, branch = LIVE } = request.params as { readonly world?: string; readonly branch?: string };
    if (world !== undefined && world !== site.name) return undefined;
    const person = site.person(request);
    const reason = reasonOf(request.headers["doppelwerk-reason"]);
    const since = sinceOf(request.headers["doppelwerk-unchanged-since"]);
    const isPlain = reason === undefined && since === undefined;
    const make = () => {
      const seen = site.view(person);
      if (since !== undefined && since > seen.revision())
        throw new DoppelwerkError("DW_INVALID", message("server.headerDoppelwerkUnchangedSinceNames", { since, seen: seen.revision() }));
      const more = { ...(reason !== undefined && { reason }), ...(since !== undefined && { since }) };
      const view: WorldView = isPlain ? seen : { ...seen, apply: (transaction) => seen.apply({ ...transaction, ...more }) };
      if (!view.branches().some(({ id }) => id === branch)) return undefined;
      const then = (signals: readonly RecordId[], instant: Instant) =>
        samplesAt(site.history, view.branch(branch), view.reader(branch), signals, instant);
      const commandFor = (signal: RecordId) => howToCommand(view.reader(LIVE), signal);
      const readings = seriesOperations(site.history, view, branch);
      const shared = { view, branch, ids: site.ids, commandFor, lookups, blobs: site.blobs, samplesAt: then, readings };
      if (branch === LIVE) return aasSourceOfWorld({ ...shared, sample: (signal) => site.signals.live(signal) });
      return branchSamples(site.history, view.branch(branch), view.reader(branch)).then((sample) =>
        aasSourceOfWorld({ ...shared, sample }),
      );
    };
    return isPlain ? sources.of(person, branch, make) : make();
  };
  for (const base of ["", "/worlds/:world", "/worlds/:world/branches/:branch"]) {
    await app.register(aasApi, {
      prefix: `${base}/api/v3`,
      source,
      jobs,
      signer: site.signer,
      handling: site.handling,
      stage: site.blobs.stage,
    });
    await app.register(aasApi, {
      prefix: `${base}/templates/api/v3`,
      source,
      jobs,
      signer: site.signer,
      handling: site.handling,
      stage: site.blobs.stage,
      templates: true,
    });
  }
}

const LONGEST_REASON = 500;

/** Why something is written, in the words of who writes it: `Doppelwerk-Reason`, percent-encoded UTF-8. Without it the log names the call. */
function reasonOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    const reason = decodeURIComponent(String(header)).trim();
    if (reason !== "" && [...reason].length <= LONGEST_REASON) return reason;
  } catch {
    // A bad escape is refused in the same words.
  }
  throw new DoppelwerkError("DW_INVALID", message("server.headerDoppelwerkReasonHoldsNoPercent", { max: LONGEST_REASON }));
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
