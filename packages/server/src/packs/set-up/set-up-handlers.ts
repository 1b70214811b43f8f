import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import type { CallOf, HandlerOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FeatureHost } from "../../features/feature-host.ts";
import { listSetUps, proposeSetUp } from "./set-up-api.ts";
import { describeSetUp, proposeOn, type FeatureSetUp } from "./set-up.ts";

/** Of a world as it is served. */
interface WorldWithPacks {
  readonly features: FeatureHost;
  readonly packs: readonly { readonly setUps?: readonly FeatureSetUp[] }[];
}

/** What the kernel answers of what packs begin with, in a world. */
export function setUpHandlers(world: WorldWithPacks): Readonly<Record<string, unknown>> {
  const isOn = (feature: string): boolean => world.features.states().some(({ id, state }) => id === feature && state.state !== "off");
  const setUps = (): readonly FeatureSetUp[] => world.packs.flatMap((pack) => pack.setUps ?? []).filter(({ feature }) => isOn(feature));
  const list: HandlerOf<typeof listSetUps> = async ({ view, branch }) => ({
    setUps: setUps().map((setUp) => describeSetUp(setUp, view, branch)),
  });
  const propose: HandlerOf<typeof proposeSetUp> = async (call) => {
    const { view, branch, params } = call;
    const setUp = setUps().find(({ feature }) => feature === params.feature);
    if (setUp === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("packs.noSetUp", { feature: params.feature.slice(0, 100) }));
    const feature = world.features.features.find(({ id }) => id === setUp.feature)!;
    return proposeOn(setUp, view, branch, (operation) => run(world, feature, operation, call as unknown as CallOf<EndpointOptions>));
  };
  return { [listSetUps.id]: list, [proposeSetUp.id]: propose };
}

/** The operation of a pack in the place of the caller, on the branch that his access was decided on. */
async function run(
  { features }: WorldWithPacks,
  { id, contract }: FeatureOptions,
  operation: string,
  call: CallOf<EndpointOptions>,
): Promise<unknown> {
  const endpoint = contract.find((one) => one.id === operation)!;
  return features.handler(id, endpoint)({ ...call, params: {}, query: { branch: call.branch }, body: {} } as never);
}
