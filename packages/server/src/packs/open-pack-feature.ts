import { fileURLToPath } from "node:url";
import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import { packDocuments, type PackPermission } from "@doppelwerk/kit/pack";
import type { CallOf, FeatureContext, HandlerOf, Open, Opened, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import { faultsText } from "../http/query.ts";
import { guardAnswer } from "./answer-guard.ts";
import type { Ask } from "./pack-context.ts";
import type { CrossingCall } from "./pack-protocol.ts";
import { NO_WORDS, readPackWords, type PackWords } from "./pack-words.ts";
import { PackProcess } from "./pack-process.ts";
import { packServices } from "./pack-services.ts";
import { kpiSources } from "@doppelwerk/ports";
import { packKpis, type PackHandlers } from "./kpis/pack-kpis.ts";
import { PackFolds } from "./folds/pack-folds.ts";
import type { RunningPack } from "./running-pack.ts";

/** What answers the operations of a feature of a pack, wherever it runs. */
interface Runner {
  call(endpoint: string, call: CrossingCall, view: PlantView): Promise<unknown>;
  close(): Promise<void>;
  /** Resolves when it ended by itself. */
  readonly ended?: Promise<Error>;
}

/** An open feature that may end by itself: the host shows it as failed then, and opens it again later. */
export type OpenedPack = Opened<FeatureOptions> & {
  readonly ended?: Promise<Error>;
};

/** Opens the server part of a feature of a pack in a world. */
export function openPackFeature(pack: RunningPack, feature: FeatureOptions): Open<FeatureOptions> {
  return async (ctx): Promise<OpenedPack> => {
    const { name, permissions } = pack;
    const own = ctx.view(principalOf(name, permissions));
    const folds =
      pack.folds.length === 0
        ? undefined
        : new PackFolds({ ctx, feature: feature.id, pack: name, folds: pack.folds, documents: packDocuments(feature.kinds), own });
    await folds?.open();
    if (feature.server === undefined)
      return { handlers: {}, ports: {}, close: async () => void (await folds?.close()), ...contributedBy(pack, feature, ctx, {}) };
    const services = packServices(ctx, feature, pack);
    const views = new Map<number, PlantView>();
    const ask: Ask = async (view, method, args) => {
      const asking = view === "own" ? own : views.get(view);
      if (asking === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("packs.callOver"));
      return services.ask(asking, method, args);
    };
    const take = (view: PlantView) => (id: number) => {
      views.set(id, view);
      return () => void views.delete(id);
    };
    const runner = await runnerOf(pack, feature, ctx, ask, take).catch(async (error: unknown) => {
      await folds?.close();
      throw error;
    });
    const handlers = Object.fromEntries(feature.contract.map((endpoint) => [endpoint.id, handlerOf(endpoint, runner, name)]));
    return {
      handlers,
      ports: {},
      ...contributedBy(pack, feature, ctx, handlers),
      async close() {
        await runner.close();
        await folds?.close();
      },
      ...(runner.ended && { ended: runner.ended }),
    };
  };
}

/** What is declared as data and shown by features of the product. */
function contributedBy(
  pack: RunningPack,
  feature: FeatureOptions,
  ctx: FeatureContext,
  handlers: PackHandlers,
): Pick<OpenedPack, "contributed"> {
  if (pack.kpis.length === 0) return {};
  return { contributed: [{ key: kpiSources.key, value: packKpis(pack, feature, (principal) => ctx.view(principal), handlers) }] };
}

/** A pack's own work: who reads is a viewer, who edits or records an engineer. */
function principalOf(name: string, permissions: readonly PackPermission[]): Principal {
  const writes = permissions.includes("edit") || permissions.includes("record");
  return { id: `pack:${name}`, name, verified: true, roles: permissions.length === 0 ? [] : [writes ? "engineer" : "viewer"] };
}

type Take = (view: PlantView) => (id: number) => () => void;

async function runnerOf(pack: RunningPack, feature: FeatureOptions, ctx: FeatureContext, ask: Ask, take: Take): Promise<Runner> {
  const child = new PackProcess({
    name: pack.name,
    folder: fileURLToPath(pack.folder),
    server: feature.server!,
    world: ctx.world.name,
    ask,
    words: wordsOf(pack, feature),
    ...(pack.limits && { limits: pack.limits }),
    onPrinted: (text) => ctx.log.info({ pack: pack.name, text }, "a pack printed"),
  });
  try {
    requireHandlers(feature, pack.name, await child.open());
  } catch (error) {
    await child.close();
    throw error;
  }
  return {
    call: (endpoint, call, view) => child.call(endpoint, call, take(view)),
    close: () => child.close(),
    ended: child.ended,
  };
}

/** One without words refuses in those that it wrote. */
function wordsOf({ folder }: RunningPack, feature: FeatureOptions): PackWords {
  try {
    return readPackWords(fileURLToPath(folder), feature);
  } catch {
    return NO_WORDS;
  }
}

function requireHandlers({ contract }: FeatureOptions, name: string, handlers: readonly string[]): void {
  const missing = contract.filter(({ id }) => !handlers.includes(id)).map(({ id }) => id);
  if (missing.length > 0)
    throw new DoppelwerkError("DW_INVALID", message("packs.handlersMissing", { name, endpoints: missing.join(", ") }));
}

/** The answer is held to its contract, and to what the caller may read, before anybody sees it. */
function handlerOf(endpoint: EndpointOptions, runner: Runner, name: string): HandlerOf<EndpointOptions> {
  return async (call: CallOf<EndpointOptions>) => {
    const { principal, branch, params, query, body, view } = call;
    const answer = await runner.call(endpoint.id, { principal, branch, params: params as CrossingCall["params"], query, body }, view);
    if (endpoint.answer === undefined || "octets" in endpoint.answer) return undefined as never;
    const checked = endpoint.answer.safeParse(answer);
    if (!checked.success)
      throw new Error(`the pack ${name} answers ${endpoint.id} otherwise than its manifest declares: ${faultsText(checked.error, answer)}`);
    guardAnswer(checked.data, view, branch, name);
    return checked.data as never;
  };
}
