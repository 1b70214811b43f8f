// Every operation of the own API as the product mounts it, with who may do it and what it is about.

import type { EndpointOptions } from "@doppelwerk/kit";
import { LIVE, type Action, type ErrorCode } from "@doppelwerk/world";
import * as plant from "./attack-plant.fixture.ts";
import type { AttackedPlant, Three } from "./attack-plant.fixture.ts";
import { productFeatures } from "./features.ts";
import { resolved, sampleOf, type Schema, type Schemas } from "./attack-values.fixture.ts";

/** Who may do operations that no contract describes yet; each goes with its move into a feature. */
const undescribed: Readonly<Record<string, Action | "anyone">> = {
  "GET /world": "read",
  "DELETE /person/name": "anyone",
  "GET /features": "read",
  "PUT /features/:feature": "administer",
  "GET /jobs": "read",
  "GET /packs": "read",
  "GET /studio-parts": "read",
  "GET /pack-set-ups": "read",
  "POST /pack-set-ups/:feature": "edit",
  "GET /pack-keys": "administer",
  "POST /pack-keys": "administer",
  "DELETE /pack-keys/:key": "administer",
  "POST /pack-uploads": "administer",
  "POST /pack-uploads/:id/add": "administer",
  "GET /worlds": "read",
  "POST /worlds": "administer",
  "GET /worlds/:world": "administer",
  "PATCH /worlds/:world": "administer",
  "DELETE /worlds/:world": "administer",
  "GET /jobs/:id": "read",
  "DELETE /jobs/:id": "run",
  "GET /branches/:branch/events": "read",
  "GET /branches/:branch/factors": "read",
  "GET /branches/:branch/parameters": "read",
  "GET /branches/:branch/runs": "read",
  "POST /branches/:branch/runs": "run",
  "GET /runs/:id": "read",
  "GET /runs/:id/model": "read",
  "POST /runs/:id/rerun": "run",
  "DELETE /runs/:id": "run",
  "GET /branches/:branch/optimisations": "read",
  "POST /branches/:branch/optimisations": "run",
  "GET /optimisations/:id": "read",
  "DELETE /optimisations/:id": "run",
  "POST /optimisations/:id/choose": "edit",
  "POST /event-log/report": "run",
  "GET /branches/:branch/experiments": "read",
  "POST /branches/:branch/experiments": "run",
  "GET /experiments/:id": "read",
  "GET /experiments/:id/points/:point": "read",
  "GET /experiments/:id/csv": "read",
  "POST /experiments/:id/rerun": "run",
  "POST /experiments/:id/resume": "run",
  "DELETE /experiments/:id": "run",
  "POST /searches": "run",
  "GET /searches/:id": "run",
  "GET /searches/:id/request": "run",
  "GET /searches/:id/wish": "run",
  "DELETE /searches/:id": "run",
  "GET /branches/:branch/schedule": "read",
  "POST /branches/:branch/schedule/check": "read",
  "POST /branches/:branch/schedule": "edit",
  "POST /blends": "run",
  "GET /branches/:branch/charge": "read",
  "POST /branches/:branch/charge": "edit",
  "GET /branches/:branch/work": "read",
  "POST /branches/:branch/work": "edit",
  "GET /branches/:branch/layout": "read",
  "POST /branches/:branch/layout": "edit",
  "GET /branches/:branch/drift": "read",
  "GET /backtest": "read",
  "GET /models": "read",
  "POST /models": "edit",
  "GET /models/:hash": "read",
  "GET /branches/:branch/model-runs": "read",
  "POST /branches/:branch/models/:hash/runs": "run",
  "GET /model-runs/:id": "read",
  "DELETE /model-runs/:id": "run",
};

export interface Operation {
  /** As in the contracts: `GET /alarms`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly action: Action | "anyone" | undefined;
  /** A contract describes it: access is decided before anything is parsed. */
  readonly isDescribed: boolean;
  readonly isOpenToGuests: boolean;
  /** Refusals beyond those of access and parsing. */
  readonly errors: readonly ErrorCode[];
  /** Where the branch stands that the action is decided on. */
  readonly branchAt: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: Schema }[];
  readonly body: Schema | undefined;
  readonly takesOctets: boolean;
  /** It answers without end. */
  readonly isStream: boolean;
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: Operation["parameters"];
            readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
            readonly responses: Readonly<Record<string, { readonly content?: object }>>;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Schemas };
}

/** Every operation under the prefix of the own API, as the server describes itself. */
export function operationsOf(document: unknown): { readonly operations: readonly Operation[]; readonly schemas: Schemas } {
  const { paths, components } = document as OpenApi;
  const contracts = new Map<string, EndpointOptions>(
    productFeatures.flatMap(({ feature }) => feature.contract.map((one) => [one.route, one])),
  );
  const operations = Object.entries(paths).flatMap(([address, methods]) =>
    !address.startsWith(plant.API)
      ? []
      : Object.entries(methods).map(([lower, { parameters = [], requestBody, responses }]): Operation => {
          const method = lower.toUpperCase();
          const path = address.slice(plant.API.length).replace(/\{(\w+)\}/g, ":$1");
          const name = `${method} ${path}`;
          const contract = contracts.get(name);
          return {
            name,
            method,
            path,
            action: contract?.action ?? undescribed[name],
            isDescribed: contract !== undefined,
            isOpenToGuests: contract?.isOpenToGuests === true,
            errors: contract?.errors ?? [],
            branchAt: contract
              ? contract.branch
              : path.includes(":branch")
                ? "params.branch"
                : parameters.some((one) => one.name === "branch")
                  ? "query.branch"
                  : undefined,
            parameters,
            body: requestBody?.content["application/json"]?.schema,
            takesOctets: requestBody !== undefined && requestBody.content["application/json"] === undefined,
            isStream: Object.values(responses).some(({ content = {} }) => "text/event-stream" in content),
          };
        }),
  );
  return { operations, schemas: components.schemas };
}

/** A place of a request that names something: a parameter of the path, or a field. */
export interface Place {
  readonly name: string;
  readonly in: "path" | "query" | "body";
  /** Undefined = what it names is nothing that one person may read and another may not. */
  readonly objects: Three | undefined;
  /** Only who sees one branch alone is kept from the foreign one. */
  readonly ofBranch: boolean;
}

/** Fields whose name says that they lead to something. */
const NAMES_SOMETHING = /^(id|ids|signal|signals|shell|submodel|element|subject|connection|station|run|runs|model|asset|branch|corrects)$/;

/** What a place of an operation names; `undefined` where nobody said it: then the test fails. */
export function objectsAt(
  attacked: AttackedPlant,
  { path, name: operation }: Operation,
  name: string,
): { readonly objects?: Three; readonly ofBranch?: true } | undefined {
  const { branch, request, run, element, place } = attacked;
  const first = path.split("/")[1]!;
  if (name === "branch") return { objects: branch, ofBranch: true };
  if (name === "run" || name === "runs") return { objects: run, ofBranch: true };
  if (name === "signal" || name === "signals" || name === "subject") return { objects: plant.SIGNAL };
  if (name === "shell") return { objects: plant.SHELL };
  if (name === "connection") return { objects: plant.CONNECTION };
  if (name === "id") {
    const byFolder: Readonly<Record<string, { readonly objects?: Three; readonly ofBranch?: true }>> = {
      alarms: { objects: plant.RULE },
      "alarm-rules": { objects: plant.RULE_RECORD },
      commands: { objects: plant.COMMAND },
      connections: { objects: plant.CONNECTION },
      elements: { objects: element },
      places: { objects: place },
      signals: { objects: plant.SIGNAL },
      shells: { objects: plant.encoded(plant.SHELL) },
      submodels: { objects: plant.encoded(plant.SUBMODEL) },
      "merge-requests": { objects: request, ofBranch: true },
      runs: { objects: run, ofBranch: true },
      // every run is a job
      jobs: { objects: run, ofBranch: true },
      // of branches like runs, and none is there: who may not see the branch cannot tell
      optimisations: {},
      experiments: {},
      searches: {},
      "model-runs": {},
      proposals: {},
      // of live, and none is there: only who may import asks for one
      imports: {},
      // of lines, which all may read
      "shift-calendars": {},
      "kpi-targets": {},
      notes: { objects: plant.NOTE },
      // administrators' alone, and none is there
      "pack-uploads": {},
    };
    return byFolder[first];
  }
  // asked for by the keys of grants alone, of which none is here
  if (name === "file" && path.includes("/links/")) return {};
  // names of stations are in the line, names of features in the product, the rest is administrators' alone
  if (
    ["station", "feature", "world", "point", "thumbprint", "name", "hash", "corrects", "element", "submodel", "grant", "link"].includes(
      name,
    ) ||
    (name === "key" && first === "pack-keys")
  )
    return {};
  void operation;
  return undefined;
}

export function placesOf(
  attacked: AttackedPlant,
  operation: Operation,
  schemas: Schemas,
): { readonly places: readonly Place[]; readonly undeclared: readonly string[] } {
  const undeclared: string[] = [];
  const places: Place[] = [];
  const add = (name: string, where: Place["in"]): void => {
    const known = objectsAt(attacked, operation, name);
    if (known === undefined) undeclared.push(`${operation.name}: ${where} ${name}`);
    else places.push({ name, in: where, objects: known.objects, ofBranch: known.ofBranch === true });
  };
  for (const { name, in: where } of operation.parameters) {
    if (where === "path") add(name, "path");
    else if (NAMES_SOMETHING.test(name)) add(name, "query");
  }
  for (const name of Object.keys(resolved(operation.body, schemas).properties ?? {})) if (NAMES_SOMETHING.test(name)) add(name, "body");
  return { places, undeclared };
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  /** The branch that the action is decided on. */
  readonly branch: string;
}

/** What is decided on the branch of the job that is named. */
const ofJob = /^\/(jobs|runs|experiments|optimisations|model-runs)\//;

const HOUR_US = 3_600_000_000;

/** A request that fits, with `which` of the things at `place`, and one's own everywhere else. */
export function requestOf(
  attacked: AttackedPlant,
  operation: Operation,
  schemas: Schemas,
  place?: Place,
  which: keyof Three = "own",
): Request {
  const now = attacked.site.now();
  const plain: Readonly<Record<string, unknown>> = {
    from: now - HOUR_US,
    to: now,
    before: 1_000_000,
    t: now,
    at: now - 1_000_000,
    reason: "a reason",
    untilS: 60,
    format: "csv",
    name: "a name",
    text: "a text",
  };
  const at =
    (where: Place["in"]) =>
    (name: string): unknown => {
      if (place?.name === name && place.in === where) return place.objects?.[which];
      const objects = NAMES_SOMETHING.test(name) || where === "path" ? objectsAt(attacked, operation, name)?.objects : undefined;
      return objects?.own ?? plain[name];
    };
  const values = { path: {} as Record<string, unknown>, query: {} as Record<string, unknown>, body: undefined as unknown };
  for (const { name, in: where, required, schema } of operation.parameters) {
    if (where === "path") values.path[name] = at("path")(name) ?? (name === "station" ? "S10" : name === "feature" ? "alarms" : "nothing");
    else if (where === "query" && (required === true || at("query")(name) !== undefined))
      values.query[name] = at("query")(name) ?? sampleOf(schema, at("query"), schemas, name);
  }
  if (operation.takesOctets) values.body = new TextEncoder().encode("no file of any kind");
  else if (operation.body !== undefined) values.body = sampleOf(operation.body, at("body"), schemas);
  const [part, field] = (operation.branchAt ?? ".").split(".") as [string, string];
  const held =
    part === "params"
      ? values.path[field]
      : part === "query"
        ? values.query[field]
        : (values.body as Record<string, unknown> | undefined)?.[field];
  const query = Object.entries(values.query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.path[name])));
  return {
    method: operation.method,
    url: `${plant.API}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`,
    body: values.body,
    branch: ofJob.test(operation.path)
      ? attacked.branch[which]
      : operation.branchAt === undefined || typeof held !== "string"
        ? LIVE
        : held,
  };
}
