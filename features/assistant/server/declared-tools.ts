import { DoppelwerkError, message, z } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { withTimes, type Reach, type Tool } from "./tool.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What of an operation in `/openapi.json` a tool is made from. */
interface Operation {
  readonly "x-doppelwerk-tool"?: { readonly name: string; readonly effect: "read" | "write"; readonly description: string };
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The operations that a contract declares as tools, with the input that the contract describes. Each is called as any client calls it: with the rights of who asks. */
export function declaredTools({ paths, components }: ApiDocument): readonly Tool[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const declared = operation["x-doppelwerk-tool"];
      return declared === undefined ? [] : [toolOf(method, path, operation, declared, components.schemas)];
    }),
  );
}

function toolOf(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
  { name, effect, description }: NonNullable<Operation["x-doppelwerk-tool"]>,
  schemas: ApiDocument["components"]["schemas"],
): Tool {
  const body = (requestBody?.content["application/json"]?.schema ?? {}) as { readonly properties?: Schema; readonly required?: string[] };
  const inputs: Schema = {
    type: "object",
    properties: { ...Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])), ...body.properties },
    required: [...parameters.filter(({ required }) => required === true).map((parameter) => parameter.name), ...(body.required ?? [])],
    additionalProperties: false,
  };
  return {
    name,
    description,
    readOnly: effect === "read",
    input: z.fromJSONSchema(whole(inputs, schemas) as never) as unknown as Tool["input"],
    async run(input, reach) {
      const given = input as Readonly<Record<string, unknown>>;
      if (effect === "write") refuseLive(given);
      return withTimes(await call(reach, method.toUpperCase(), path, parameters, given));
    },
  };
}

/** Definitions beside the schema, as JSON Schema wants them where it stands alone. */
function whole(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  const text = JSON.stringify({ ...schema, $defs: referred(schema, schemas) });
  return JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")) as Schema;
}

function referred(schema: Schema, schemas: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
  const found = new Map<string, Schema>();
  const follow = (one: Schema): void => {
    for (const [, name] of JSON.stringify(one).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      const target = schemas[name!];
      if (target === undefined || found.has(name!)) continue;
      found.set(name!, target);
      follow(target);
    }
  };
  follow(schema);
  return Object.fromEntries(found);
}

function refuseLive(given: Readonly<Record<string, unknown>>): void {
  if (given["branch"] === "live") throw new DoppelwerkError("DW_FORBIDDEN", message("assistant.assistantNeverChangesLive"));
}

function call(
  { client }: Reach,
  method: string,
  path: string,
  parameters: NonNullable<Operation["parameters"]>,
  given: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const places = new Map(parameters.map((parameter) => [parameter.name, parameter.in]));
  const own = path
    .replace(/^\/api\/doppelwerk\/v1/, "")
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name] ?? "")));
  const query = Object.entries(given).filter(([name]) => places.get(name) === "query");
  const body = Object.entries(given).filter(([name]) => !places.has(name));
  return client.requester.json(method, own, {
    query: Object.fromEntries(query.map(([name, value]) => [name, typeof value === "number" ? value : String(value)])),
    ...(body.length > 0 && { body: Object.fromEntries(body) }),
  });
}
