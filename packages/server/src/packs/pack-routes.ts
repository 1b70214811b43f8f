import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answeringOf, type MountOptions } from "../features/mount-contract.ts";

/** Below it stand all operations of packs, each below the name of its feature. */
const PREFIX = "/packs/";

export function isOfPack({ route }: EndpointOptions): boolean {
  return route.split(" ")[1]!.startsWith(PREFIX);
}

interface PackRoute {
  readonly method: string;
  readonly parts: readonly string[];
  readonly answer: ReturnType<typeof answeringOf>;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Operations of packs, which come and go while the server runs: one route for all of them, which finds each by the features that there are. */
export function mountPackRoutes(
  api: FastifyInstance,
  features: () => readonly FeatureOptions[],
  optionsOf: (feature: FeatureOptions) => MountOptions,
): void {
  const routes = new WeakMap<FeatureOptions, readonly PackRoute[]>();
  const routesOf = (feature: FeatureOptions): readonly PackRoute[] => {
    let found = routes.get(feature);
    if (found === undefined)
      routes.set(feature, (found = feature.contract.filter(isOfPack).map((endpoint) => routeOf(endpoint, optionsOf(feature)))));
    return found;
  };
  api.route({
    method: [...METHODS],
    url: `${PREFIX}*`,
    handler(request: FastifyRequest, reply: FastifyReply) {
      // of the address as it came: in the parameter of the route a / within a value is one more place
      const [address] = request.url.split("?") as [string];
      const path = address.slice(address.indexOf(PREFIX) + PREFIX.length);
      const parts = path.split("/").map(decodeURIComponent);
      for (const feature of features())
        for (const route of routesOf(feature)) {
          const params = route.method === request.method ? paramsOf(route, parts) : undefined;
          if (params === undefined) continue;
          request.params = params;
          return route.answer(request, reply);
        }
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.no", { subject: `${request.method} ${PREFIX}${path}`.slice(0, 200) }));
    },
  });
}

function routeOf(endpoint: EndpointOptions, options: MountOptions): PackRoute {
  const [method, path] = endpoint.route.split(" ") as [string, string];
  return { method, parts: path.slice(PREFIX.length).split("/"), answer: answeringOf(endpoint, options) };
}

/** The values of the places of a route; undefined where a path is not of it. */
function paramsOf({ parts }: PackRoute, given: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (given.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const value = given[at]!;
    if (!part.startsWith(":")) {
      if (part !== value) return undefined;
    } else if (value === "") return undefined;
    else params[part.slice(1)] = value;
  }
  return params;
}
