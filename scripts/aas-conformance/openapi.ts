import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

// The OpenAPI texts of IDTA-01002 (admin-shell-io/aas-specs-api) as what a checker needs: operations with parameters, statuses, headers and judged shapes.

type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As the text writes it, such as `/shells/{aasIdentifier}`. */
  readonly path: string;
  /** Names of the query parameters. */
  readonly query: readonly string[];
  /** Media type of the body, if there is one. */
  readonly body: string | undefined;
  readonly answers: ReadonlyMap<number, AnswerText>;
  /** Of every refusal that the text does not name. */
  readonly otherwise: AnswerText | undefined;
}

export interface AnswerText {
  readonly headers: readonly string[];
  /** Judges an answer by media type: what is wrong with it, "" when nothing is. Binary content is not looked into. */
  readonly content: ReadonlyMap<string, (json: unknown) => string>;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Where the texts say they are, and where they lie in their repository. */
const DOMAINS = [
  ["https://api.swaggerhub.com/domains/Plattform_i40/Part1-MetaModel-Schemas/V3.1.2", "Part1-MetaModel-Schemas/openapi.yaml"],
  ["https://api.swaggerhub.com/domains/Plattform_i40/Part2-API-Schemas/V3.1.2", "Part2-API-Schemas/openapi.yaml"],
] as const;

/** Every operation of one text, such as `Entire-API-Collection/V3.1.yaml`. */
export function operationsOf(directory: string, file: string): readonly Operation[] {
  const read = (name: string) => parse(readFileSync(join(directory, name), "utf8")) as Json;
  const texts = new Map<string, Json>(DOMAINS.map(([url, name]) => [url, prepared(read(name), url) as Json]));
  const text = prepared(read(file), "") as Json;
  // Patterns of the texts are written for UTF-16 code units; examples and descriptions beside a $ref are no keywords to refuse.
  const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false });
  for (const [url, domain] of texts) ajv.addSchema(domain, url);
  const resolve = (node: Json): Json => {
    const ref = node["$ref"];
    if (typeof ref !== "string") return node;
    const [url, pointer] = ref.split("#") as [string, string];
    const home = url === "" ? text : texts.get(url)!;
    return resolve(
      pointer
        .split("/")
        .slice(1)
        .reduce((at, key) => at[key] as Json, home),
    );
  };
  const answerText = (response: Json): AnswerText => ({
    headers: Object.keys((response["headers"] as Json | undefined) ?? {}),
    content: new Map(
      Object.entries((response["content"] as Record<string, Json> | undefined) ?? {}).map(([type, { schema }]) => {
        const isBinary = (schema as Json)["format"] === "binary" || !type.includes("json");
        const validate = isBinary ? undefined : ajv.compile(schema as Json);
        return [type, (json: unknown) => (validate === undefined || validate(json) ? "" : ajv.errorsText(validate.errors))];
      }),
    ),
  });
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(text["paths"] as Record<string, Record<string, Json>>))
    for (const method of METHODS) {
      const described = item[method];
      if (described === undefined) continue;
      // In one place the text nests a list in the list of parameters.
      const parameters = ([described["parameters"] ?? []].flat(3) as Json[]).map(resolve);
      const body = described["requestBody"] as { readonly content: Json } | undefined;
      const { default: otherwise } = described["responses"] as Record<string, Json | undefined>;
      operations.push({
        method: method.toUpperCase() as Operation["method"],
        path,
        query: parameters.filter((each) => each["in"] === "query").map((each) => each["name"] as string),
        body: body === undefined ? undefined : Object.keys(body.content)[0]!,
        answers: new Map(
          Object.entries(described["responses"] as Record<string, Json>)
            .filter(([status]) => /^\d+$/.test(status))
            .map(([status, response]) => [Number(status), answerText(resolve(response))]),
        ),
        otherwise: otherwise === undefined ? undefined : answerText(resolve(otherwise)),
      });
    }
  return operations;
}

/**
 * A text with references that say where they lead, and with `oneOf` as `anyOf`: most choices of the texts are between shapes of which one holds another,
 * so that no answer would fit exactly one. Two patterns double their backslashes, and so say nothing that is meant.
 */
function prepared(node: unknown, home: string): unknown {
  if (Array.isArray(node)) return node.map((each) => prepared(each, home));
  if (typeof node === "string")
    return node.startsWith("#/") ? home + node : node.startsWith("^([\\\\") ? node.replaceAll("\\\\", "\\") : node;
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key === "oneOf" ? "anyOf" : key, prepared(value, home)]));
}
