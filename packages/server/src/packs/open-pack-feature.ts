import { fileURLToPath } from "node:url";
import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import type { PackPermission } from "@doppelwerk/kit/pack";
import type { CallOf, FeatureContext, HandlerOf, Open, OpenPack, Opened, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import { faultsText } from "../http/query.ts";
import { errorOfPack } from "./error-of-pack.ts";
import { guardAnswer } from "./answer-guard.ts";
import { packContext, packView, type Ask } from "./pack-context.ts";
import { crossingError, type CrossingCall } from "./pack-protocol.ts";
import { PackProcess } from "./pack-process.ts";
import { packServices } from "./pack-services.ts";
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
export type OpenedPack = Opened<FeatureOptions> & { readonly ended?: Promise<Error> };

/** Opens the server part of a feature of a pack in a world. */
export function openPackFeature(pack: RunningPack, feature: FeatureOptions): Open<FeatureOptions> {
  return async (ctx): Promise<OpenedPack> => {
    const { name, permissions } = pack;
    const own = ctx.view(principalOf(name, permissions));
    const folds = pack.folds.length === 0 ? undefined : new PackFolds({ ctx, feature: feature.id, pack: name, folds: pack.folds, own });
    await folds?.open();
    if (feature.server === undefined) return { handlers: {}, ports: {}, close: async () => void (await folds?.close()) };
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
    const run = pack.runs === "isolated" ? isolated : inProcess;
    const runner = await run(pack, feature, ctx, ask, take).catch(async (error: unknown) => {
      await folds?.close();
      throw error;
    });
    return {
      handlers: Object.fromEntries(feature.contract.map((endpoint) => [endpoint.id, handlerOf(endpoint, runner, name)])),
      ports: {},
      async close() {
        await runner.close();
        await folds?.close();
      },
      ...(runner.ended && { ended: runner.ended }),
    };
  };
}

/** A pack's own work: who reads is a viewer, who edits or records an engineer. */
function principalOf(name: string, permissions: readonly PackPermission[]): Principal {
  const writes = permissions.includes("edit") || permissions.includes("record");
  return { id: `pack:${name}`, name, verified: true, roles: permissions.length === 0 ? [] : [writes ? "engineer" : "viewer"] };
}

type Take = (view: PlantView) => (id: number) => () => void;

async function isolated(pack: RunningPack, feature: FeatureOptions, ctx: FeatureContext, ask: Ask, take: Take): Promise<Runner> {
  const child = new PackProcess({
    name: pack.name,
    folder: fileURLToPath(pack.folder),
    server: feature.server!,
    world: ctx.world.name,
    ask,
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

async function inProcess(pack: RunningPack, feature: FeatureOptions, ctx: FeatureContext, ask: Ask, take: Take): Promise<Runner> {
  const { open } = (await import(new URL(feature.server!, pack.folder).href)) as { readonly open: OpenPack };
  // as it would cross the boundary: an author sees what others will
  const crossing: Ask = async (view, method, args) => throughJson(await ask(view, method, throughJson(args) as readonly unknown[]));
  const { handlers, close } = await open(packContext(crossing, ctx.world.name, ctx.signal));
  requireHandlers(feature, pack.name, Object.keys(handlers));
  let calls = 0;
  return {
    async call(endpoint, call, view) {
      const id = calls++;
      const giveBack = take(view)(id);
      try {
        return throughJson(await handlers[endpoint]!({ ...(throughJson(call) as CrossingCall), view: packView(crossing, id) }));
      } catch (error) {
        throw errorOfPack(crossingError(error), pack.name);
      } finally {
        giveBack();
      }
    },
    close: async () => void (await close?.()),
  };
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
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
