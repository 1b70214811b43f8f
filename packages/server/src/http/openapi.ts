import type { FastifyInstance } from "fastify";
import type { EndpointOptions } from "@doppelwerk/kit";
import { errorStatus } from "@doppelwerk/world";
import { z } from "zod";
import { aasHeaderComponents, aasResultSchema, describedAasRoutes } from "@doppelwerk/aas-server";
import { ownContract } from "./world-contract.ts";

/** What an operation is described by beside its answer. */
interface Described {
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly binaryBody?: true;
}

type Schema = Record<string, unknown>;

/** The OpenAPI 3.1 document of the own API. */
export function openApiDocument(version: string, prefix: string, endpoints: readonly EndpointOptions[] = []): Schema {
  const schemas: Record<string, unknown> = { Error: errorSchema, Result: aasResultSchema };
  const paths: Record<string, Schema> = {};
  for (const endpoint of [...ownContract, ...endpoints]) {
    const [method, path] = endpoint.route.split(" ") as [string, string];
    const address = `${prefix}${path.replace(/:(\w+)/g, "{$1}")}`;
    (paths[address] ??= {})[method.toLowerCase()] = describedEndpoint(endpoint, path, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Doppelwerk",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      description:
        "Instants are integer microseconds since the epoch; a request may also give a date and time of RFC 3339 with its zone. The AAS API is IDTA-01002, at /api/v3 and for a branch at /worlds/{world}/branches/{branch}/api/v3; the live protocol is at /ws. These are the addresses of the default world: each stands below /api/doppelwerk/v1/worlds/{world} and /worlds/{world} for any other, but for /worlds itself.",
    },
    paths: { ...paths, ...describedAasRoutes("/api/v3") },
    components: { schemas, ...aasHeaderComponents },
  };
}

export function registerOpenApi(
  app: FastifyInstance,
  version: string,
  prefix: string,
  endpoints: () => readonly EndpointOptions[] = () => [],
): void {
  let made: { readonly of: string; readonly document: Schema } | undefined;
  app.get("/openapi.json", async () => {
    const described = endpoints();
    const of = described.map(({ id, route }) => `${id} ${route}`).join("\n");
    // features of packs come and go
    if (made?.of !== of) made = { of, document: openApiDocument(version, prefix, described) };
    return made.document;
  });
}

function operationOf(id: string, path: string, described: Described, schemas: Schema): Schema {
  const { summary, query, body, binaryBody } = described;
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
  const inPath = names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  const content = binaryBody
    ? { "application/octet-stream": {} }
    : body
      ? { "application/json": { schema: schemaOf(id, body, schemas) } }
      : undefined;
  return {
    operationId: id,
    summary,
    parameters: [...inPath, ...(query ? queryParameters(id, query, schemas) : [])],
    ...(content ? { requestBody: { content, required: binaryBody === true || body!.safeParse({}).success === false } } : {}),
    responses: {
      default: { description: "refused", content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } },
    },
  };
}

/** An endpoint of a contract: request and answer by the very shapes that judge them. */
function describedEndpoint(endpoint: EndpointOptions, path: string, schemas: Schema): Schema {
  const { id, summary, query, body, answer, accepted, status = 200, deprecated, tool, presence } = endpoint;
  const octets = body !== undefined && "octets" in body ? body.octets : undefined;
  const described = operationOf(
    id,
    path,
    {
      summary,
      ...(query && { query }),
      ...(body !== undefined && !("octets" in body) && { body }),
      ...(octets !== undefined && { binaryBody: true as const }),
    },
    schemas,
  );
  const content =
    answer === undefined
      ? undefined
      : "octets" in answer
        ? { [answer.octets]: {} }
        : { "application/json": { schema: schemaOf(`${id}.answer`, answer, schemas) } };
  const { default: refused } = described["responses"] as Schema;
  return {
    ...described,
    tags: [id.split(".")[0]!],
    ...(tool && { "x-doppelwerk-tool": tool }),
    ...(presence !== undefined && { "x-doppelwerk-presence": presence }),
    ...(deprecated && {
      deprecated: true,
      description: `Deprecated since ${deprecated.since}, removed in ${deprecated.removedIn}: use ${deprecated.use}.`,
    }),
    responses: {
      [answer === undefined ? 204 : status]: { description: answer === undefined ? "done" : summary, ...(content && { content }) },
      ...(accepted && { 202: acceptedAnswer(id, accepted, schemas) }),
      default: refused,
    },
  };
}

function acceptedAnswer(id: string, accepted: z.ZodType, schemas: Schema): Schema {
  return {
    description: "asked with `Prefer: respond-async`: the job, which is read at `Location`",
    content: { "application/json": { schema: schemaOf(`${id}.accepted`, accepted, schemas) } },
  };
}

function queryParameters(id: string, query: z.ZodType, schemas: Schema): Schema[] {
  const properties = schemaOf(id, query, schemas)["properties"] as Record<string, Schema>;
  const shape = (query as z.ZodObject).shape as Record<string, z.ZodType>;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: !shape[name]!.safeParse(undefined).success,
    schema,
  }));
}

/** JSON Schema of a shape; definitions it needs are kept once, under `components`. */
function schemaOf(id: string, shape: z.ZodType, schemas: Schema): Schema {
  // What is read, not what is sent: a query is text that is read as a number, and the number is what a caller must know.
  const text = JSON.stringify(z.toJSONSchema(shape, { io: "output", unrepresentable: "any" })).replaceAll(
    "#/$defs/",
    `#/components/schemas/${id}.`,
  );
  const { $schema: _, $defs = {}, ...schema } = JSON.parse(text) as Schema & { readonly $defs?: Schema };
  for (const [name, definition] of Object.entries($defs)) schemas[`${id}.${name}`] = definition;
  return schema;
}

const messageSchema = {
  type: "object",
  description: "the message as a stable code with its parameters, for a screen of any language",
  required: ["code", "params"],
  properties: {
    code: { type: "string", example: "world.noBranch" },
    params: {
      type: "object",
      description: "a parameter may be a message itself, or a list of messages",
      additionalProperties: { type: ["string", "number", "object", "array"] },
    },
  },
};

const toldSchema = {
  type: "object",
  deprecated: true,
  description: "the form of `reason` before 1.0, answered for one release: use `reason`",
  required: ["code", "values"],
  properties: { code: { type: "string" }, values: { type: "object" } },
};

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "reason"],
      properties: {
        code: { type: "string", enum: [...Object.keys(errorStatus), "DW_BUG"] },
        message: { type: "string" },
        reason: messageSchema,
        told: toldSchema,
        details: {},
      },
    },
  },
};
