import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import type { HandlerOf } from "@doppelwerk/kit/server";
import { textOf } from "@doppelwerk/messages";
import type { FastifyInstance } from "fastify";
import type { HostedWorld } from "./hosted-world.ts";
import { listFeatures, listPacks, switchFeature } from "../features/features-api.ts";
import { cancelJob, listJobs, readJob } from "../jobs/jobs-api.ts";
import { jobHandlers } from "../jobs/job-handlers.ts";
import { mountEndpoint, type MountOptions } from "../features/mount-contract.ts";

/** What the kernel itself answers of its features. */
const kernelEndpoints = [listFeatures, switchFeature, listPacks, listJobs, readJob, cancelJob] as const;

/** Every endpoint of the contracts, those of the kernel first. */
export function describedEndpoints(features: readonly FeatureOptions[]): readonly EndpointOptions[] {
  return [...kernelEndpoints, ...features.flatMap(({ contract }) => contract)];
}

/** Mounted once, also for features that are off: they answer why. */
export function mountFeatures(api: FastifyInstance, site: HostedWorld): void {
  const common: Omit<MountOptions, "handler" | "branchOf"> = {
    person: (request) => site.person(request),
    view: (principal) => site.plantView(principal),
    checkAnswers: process.env["DOPPELWERK_CHECK_ANSWERS"] === "1",
  };
  const { features: host } = site;
  const features = () => host.states().map(({ id, perWorld, state }) => ({ id, perWorld, state: state as never }));
  const kernel = {
    ...jobHandlers(site.jobs),
    [listFeatures.id]: async () => ({ features: features() }),
    [listPacks.id]: async () => ({
      packs: site.packs.map(({ refused, ...pack }) => ({
        ...pack,
        state: refused === undefined ? "loaded" : "refused",
        ...(refused && { reason: textOf(refused) }),
      })),
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
  } as unknown as Readonly<Record<string, HandlerOf<EndpointOptions>>>;
  for (const endpoint of kernelEndpoints)
    mountEndpoint(api, endpoint, {
      ...common,
      handler: () => kernel[endpoint.id]!,
      branchOf: async (_kind, id) => (await site.jobs.get(id)).branch,
    });
  for (const feature of host.features)
    for (const endpoint of feature.contract)
      mountEndpoint(api, endpoint, {
        ...common,
        handler: () => host.handler(feature.id, endpoint),
        branchOf: (kind, id) => host.branchOf(feature.id, kind, id),
      });
}
