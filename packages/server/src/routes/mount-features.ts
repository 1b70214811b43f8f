import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import type { HandlerOf } from "@doppelwerk/kit/server";
import { textOf } from "@doppelwerk/messages";
import { LIVE, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { HostedWorld } from "./hosted-world.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";
import { worldOfRequests } from "./request-world.ts";
import { worldHandlers } from "../worlds/world-handlers.ts";
import { changeWorld, createWorld, deleteWorld, listWorlds, readWorldContent } from "../worlds/worlds-api.ts";
import { listFeatures, listPacks, switchFeature } from "../features/features-api.ts";
import type { PackState } from "../packs/load-packs.ts";
import { partsOf } from "../packs/pack-studio.ts";
import { listStudioParts } from "../packs/studio-api.ts";
import { addKey, addUpload, listKeys, removeKey, uploadPack } from "../packs/admin/pack-admin-api.ts";
import { packAdminHandlers } from "../packs/admin/pack-admin-handlers.ts";
import { listSetUps, proposeSetUp } from "../packs/set-up/set-up-api.ts";
import { setUpHandlers } from "../packs/set-up/set-up-handlers.ts";
import { protectionHandlers, readProtection } from "../protection/protection.ts";
import { controlsContract } from "../controls/controls-contract.ts";
import { controlsHandlers } from "../controls/controls-handlers.ts";
import { transparencyContract } from "../transparency/transparency-contract.ts";
import { transparencyHandlers } from "../transparency/transparency-handlers.ts";
import { outsideContract } from "../outside-proof/outside-contract.ts";
import { outsideHandlers } from "../outside-proof/outside-handlers.ts";
import type { Identities } from "../accounts/account-routes.ts";
import { breachContract } from "../privacy/breach-contract.ts";
import { breachHandlers } from "../privacy/breach-handlers.ts";
import { inventoryOf, shownInput } from "../privacy/inventory.ts";
import { privacyContract } from "../privacy/privacy-contract.ts";
import { privacyHandlers } from "../privacy/privacy-handlers.ts";
import { cancelJob, listJobs, readJob } from "../jobs/jobs-api.ts";
import { jobHandlers } from "../jobs/job-handlers.ts";
import type { RequirePresence } from "../features/endpoint-call.ts";
import { mountEndpoint, type MountOptions } from "../features/mount-contract.ts";
import { isOfPack, mountPackRoutes } from "../packs/pack-routes.ts";

/** What the kernel itself answers of the features and jobs of a world. */
const worldEndpoints = [
  listFeatures,
  switchFeature,
  listPacks,
  listStudioParts,
  listSetUps,
  proposeSetUp,
  listJobs,
  readJob,
  cancelJob,
] as const;
/** What it answers of the worlds and packs of the server. */
const serverEndpoints = [
  listWorlds,
  readWorldContent,
  createWorld,
  changeWorld,
  deleteWorld,
  listKeys,
  addKey,
  removeKey,
  uploadPack,
  addUpload,
  readProtection,
  ...transparencyContract,
  ...outsideContract,
  ...controlsContract,
  ...privacyContract,
  ...breachContract,
] as const;

/** Every endpoint of the contracts, those of the kernel first. */
export function describedEndpoints(features: readonly FeatureOptions[]): readonly EndpointOptions[] {
  return [...worldEndpoints, ...serverEndpoints, ...features.flatMap(({ contract }) => contract)];
}

/** Mounted once, also for features that are off: they answer why. */
export function mountFeatures(api: FastifyInstance, worlds: HostedWorlds, presence: RequirePresence, identities?: Identities): void {
  const { home } = worlds;
  const worldOf = worldOfRequests(home);
  const common = {
    person: (request: FastifyRequest) => worldOf(request).person(request),
    view: (principal: Principal, request: FastifyRequest) => worldOf(request).plantView(principal),
    presence,
    checkAnswers: process.env["DOPPELWERK_CHECK_ANSWERS"] === "1",
  };
  for (const endpoint of worldEndpoints)
    mountEndpoint(api, endpoint, {
      ...common,
      handler: (_, request) => kernelHandlers(worldOf(request))[endpoint.id]!,
      branchOf: async (_kind, id, request) => (await worldOf(request).jobs.get(id)).branch,
    });
  const server = {
    ...worldHandlers(worlds.registry, worlds.mayEnter),
    ...packAdminHandlers(worlds.data),
    ...protectionHandlers(worlds.data),
    ...transparencyHandlers(home.transparency, home.nameOf, (size) => worlds.outside?.proof?.records.covering(size) ?? []),
    ...outsideHandlers(home.transparency, worlds.outside),
    ...controlsHandlers(home.version),
    ...breachHandlers({
      data: worlds.data,
      transparency: home.transparency,
      inventory: () => inventoryOf(home.features.features),
      now: () => home.now() / 1_000,
      nameOf: home.nameOf,
    }),
    ...privacyHandlers({
      worlds,
      identities,
      data: worlds.data,
      logger: home.logger,
      onClose: (close) => api.addHook("onClose", close),
    }),
  } as unknown as Handlers;
  for (const endpoint of serverEndpoints)
    mountEndpoint(api, endpoint, {
      ...common,
      // rights of the server are those of the default world
      view: (principal) => home.plantView(principal),
      handler: () => server[endpoint.id]!,
      branchOf: () => LIVE,
    });
  const optionsOf = ({ id: feature }: FeatureOptions): MountOptions => ({
    ...common,
    handler: (endpoint, request) => worldOf(request).features.handler(feature, endpoint),
    branchOf: (kind, id, request) => worldOf(request).features.branchOf(feature, kind, id),
  });
  for (const feature of home.features.features)
    for (const endpoint of feature.contract) if (!isOfPack(endpoint)) mountEndpoint(api, endpoint, optionsOf(feature));
  mountPackRoutes(api, () => home.features.features, optionsOf);
}

type Handlers = Readonly<Record<string, HandlerOf<EndpointOptions>>>;

const kernels = new WeakMap<HostedWorld, Handlers>();

/** Made once a world. */
function kernelHandlers(world: HostedWorld): Handlers {
  let handlers = kernels.get(world);
  if (handlers === undefined) kernels.set(world, (handlers = handlersOf(world)));
  return handlers;
}

function shownPack(pack: PackState) {
  const { refused, studio: _, setUps: __, ...shown } = pack;
  return { ...shown, state: refused === undefined ? "loaded" : "refused", ...(refused && { reason: textOf(refused), why: refused }) };
}

function handlersOf(world: HostedWorld): Handlers {
  const { features: host, jobs } = world;
  const isOn = (feature: string) => host.states().some(({ id, state }) => id === feature && state.state !== "off");
  const features = () =>
    host.states().map(({ id, perWorld, state, inputs = [] }) => ({
      id,
      perWorld,
      state: state as never,
      ...(inputs.length > 0 && { inputs: inputs.map(shownInput) }),
    }));
  return {
    ...jobHandlers(jobs),
    ...setUpHandlers(world),
    [listFeatures.id]: async () => ({ features: features() }),
    [listPacks.id]: async () => ({ packs: world.packs.map(shownPack) }),
    [listStudioParts.id]: async () => ({
      parts: world.packs.flatMap(({ studio }) => (studio === undefined ? [] : partsOf(studio))).filter(({ feature }) => isOn(feature)),
    }),
    [switchFeature.id]: async ({
      params,
      body,
    }: {
      readonly params: { readonly feature: string };
      readonly body: { readonly on: boolean };
    }) => {
      const switched = await host.switchFeature(params.feature, body.on);
      return { switched, features: features() };
    },
  } as unknown as Handlers;
}
