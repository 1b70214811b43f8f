import { z } from "zod";
import type { EndpointOptions, Shape, TopicOptions } from "../contract/endpoint.ts";
import { feature, type FeatureOptions } from "../feature/feature.ts";
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
    kinds: given.kinds.map(({ id, version, schema }) => ({ id, version, schema: shapeOf(schema), upcast: {} })),
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
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, { readonly type?: unknown }>>);
  const types = new Map(properties.map(([name, { type }]) => [name, type]));
  return z.preprocess(
    (query) =>
      typeof query === "object" && query !== null
        ? Object.fromEntries(Object.entries(query).map(([name, value]) => [name, typed(value, types.get(name))]))
        : query,
    shapeOf(schema),
  );
}

function typed(value: unknown, type: unknown): unknown {
  if (typeof value !== "string") return value;
  if ((type === "number" || type === "integer") && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return type === "boolean" && (value === "true" || value === "false") ? value === "true" : value;
}

function shapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}
