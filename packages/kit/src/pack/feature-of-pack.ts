import { z } from "zod";
import type { EndpointOptions, Shape, TopicOptions } from "../contract/endpoint.ts";
import { feature, type FeatureOptions } from "../feature/feature.ts";
import { afterSteps } from "./kind-steps.ts";
import type { PackFeature } from "./manifest-shape.ts";

/** A feature of a pack as the host takes it, made of data alone: its schemas are those of the manifest, and none of its code has run. */
export function featureOfPack(given: PackFeature): FeatureOptions {
  return feature({
    id: given.id,
    perWorld: given.perWorld,
    needs: { ports: given.needs.ports.map(tokenOf), may: given.needs.may.map(tokenOf) },
    offers: { ports: given.offers.ports.map(tokenOf), slots: [] },
    contract: given.endpoints.map(endpointOf),
    topics: given.topics.map((topic) => ({ ...topic, payload: shapeOf(topic.payload) }) as TopicOptions),
    kinds: given.kinds.map(({ id, version, schema, upcast }) => ({
      id,
      version,
      schema: shapeOf(schema),
      upcast: Object.fromEntries(
        Object.entries(upcast).map(([from, steps]) => [from, (fields: Readonly<Record<string, unknown>>) => afterSteps(steps, fields)]),
      ),
    })),
    events: given.events.map(({ type, keys }) => ({ type, version: 1, keys })),
    folds: [],
    jobs: [],
    ...(given.server === undefined ? {} : { server: given.server }),
    words: given.words ?? "./words",
  });
}

function tokenOf(key: string): { readonly kind: "port"; readonly key: `${string}@${number}` } {
  return { kind: "port", key: key as `${string}@${number}` };
}

function endpointOf({ query, body, answer, ...rest }: PackFeature["endpoints"][number]): EndpointOptions {
  return {
    ...rest,
    ...(query === undefined ? {} : { query: queryShapeOf(query) }),
    ...(body === undefined ? {} : { body: shapeOf(body) }),
    answer: answer && shapeOf(answer),
  } as EndpointOptions;
}

/** What stands in a query is text: numbers and truths of the schema are read out of it before it is checked. */
function queryShapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  const required = new Set((schema["required"] ?? []) as readonly string[]);
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  const shape = properties.map(([name, { default: fallback, ...property }]) => {
    const read = z.preprocess((value) => typed(value, property["type"]), shapeOf(property));
    if (fallback !== undefined) return [name, read.default(fallback as never)] as const;
    return [name, required.has(name) ? read : read.optional()] as const;
  });
  return z.object(Object.fromEntries(shape));
}

function typed(value: unknown, type: unknown): unknown {
  if (typeof value !== "string") return value;
  if ((type === "number" || type === "integer") && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return type === "boolean" && (value === "true" || value === "false") ? value === "true" : value;
}

function shapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}
