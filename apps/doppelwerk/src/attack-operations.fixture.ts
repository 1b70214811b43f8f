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
  // without accounts, as here, nobody logs in; e2e/accounts.test.ts attacks a server with them
  "GET /session": "anyone",
  "POST /session": "anyone",
  "DELETE /session": "anyone",
  "PUT /session/password": "anyone",
  "POST /session/invitation": "anyone",
  "POST /session/join": "anyone",
  "POST /session/authenticator": "anyone",
  "PUT /session/authenticator": "anyone",
  "POST /session/authenticator/removal": "anyone",
  "GET /terminals": "anyone",
  "POST /terminals": "anyone",
  "POST /terminals/:terminal/link": "anyone",
  "DELETE /terminals/:terminal": "anyone",
  "POST /terminals/declaration": "anyone",
  "GET /terminal/people": "anyone",
  "POST /terminal/session": "anyone",
  "POST /terminal/session/stay": "anyone",
  "PUT /session/pin": "anyone",
  "PUT /accounts/:account/badge": "anyone",
  "GET /session/passkeys": "anyone",
  "POST /session/passkeys/options": "anyone",
  "POST /session/passkeys": "anyone",
  "DELETE /session/passkeys/:passkey": "anyone",
  "POST /session/passkey/options": "anyone",
  "POST /session/passkey": "anyone",
  "POST /session/recovery-codes": "anyone",
  "DELETE /session/password": "anyone",
  "POST /session/presence/options": "anyone",
  "POST /session/presence": "anyone",
  // e2e/company-login.test.ts attacks a server with providers
  "GET /session/providers": "anyone",
  "GET /session/providers/:provider": "anyone",
  "POST /session/providers/:provider": "anyone",
  "POST /session/providers/:provider/answer": "anyone",
  "POST /session/providers/:provider/binding": "anyone",
  "GET /session/provider": "anyone",
  "PUT /session/provider/password": "anyone",
  "GET /providers": "anyone",
  "PUT /providers/:provider": "anyone",
  "DELETE /providers/:provider": "anyone",
  "POST /providers/:provider/test": "anyone",
  "DELETE /accounts/:account/binding": "anyone",
  "GET /accounts": "anyone",
  "POST /accounts": "anyone",
  "PATCH /accounts/:account": "anyone",
  "DELETE /accounts/:account": "anyone",
  "POST /accounts/:account/invitation": "anyone",
  "DELETE /accounts/:account/sessions/:session": "anyone",
  // without accounts there are no machines; e2e/machines.test.ts attacks a server with them, e2e/access-rules.test.ts one with rules
  "GET /machines": "anyone",
  "POST /machines": "anyone",
  "POST /machines/:machine/code": "anyone",
  "POST /machines/:machine/token": "anyone",
  "PATCH /machines/:machine": "anyone",
  "DELETE /machines/:machine": "anyone",
  "GET /session/sign-ins": "anyone",
  "PUT /session/sign-ins/read": "anyone",
  "PUT /session/language": "anyone",
  "DELETE /session/sign-ins/:session": "anyone",
  "GET /session/notice": "anyone",
  "PUT /session/notice": "anyone",
  "POST /machines/certificate": "anyone",
  "DELETE /machines/:machine/certificates": "anyone",
  "POST /session/join/passkey/options": "anyone",
  "POST /session/join/passkey": "anyone",
  "POST /machines/enrolment": "anyone",
  "POST /machines/token": "anyone",
  // a witness knows logs and no people
  "POST /witness/add-checkpoint": "anyone",
  "GET /witness/:log/checkpoint": "anyone",
  // e2e/credentials.test.ts attacks two servers that trust one another
  "GET /credentials": "anyone",
  "PUT /credentials/publication": "anyone",
  "POST /credentials": "anyone",
  "GET /credentials/:credential/text": "anyone",
  "PUT /credentials/:credential/suspension": "anyone",
  "POST /credentials/:credential/revocation": "anyone",
  "POST /credentials/verification": "anyone",
  "POST /trusted-issuers": "anyone",
  "PATCH /trusted-issuers/:issuer": "anyone",
  "DELETE /trusted-issuers/:issuer": "anyone",
  "POST /machines/presentation/challenge": "anyone",
  "POST /machines/presentation": "anyone",
  "GET /identities": "anyone",
  "PUT /identities/:identity/open": "anyone",
  "PUT /identities/:identity/published": "anyone",
  "GET /access": "read",
  "GET /access/sets": "administer",
  "POST /access/sets": "administer",
  "PUT /access/sets/:set": "administer",
  "DELETE /access/sets/:set": "administer",
  "POST /access/preview": "administer",
  "GET /branches/:branch/access-changes": "administer",
  // without accounts one person administers: e2e/property-classes.test.ts attacks a server with several
  "GET /place-roles": "administer",
  "GET /place-roles/actions": "administer",
  "POST /place-roles": "administer",
  "PUT /place-roles/:set": "administer",
  "DELETE /place-roles/:set": "administer",
  "POST /place-roles/preview": "administer",
  "GET /property-classes": "read",
  "POST /property-classes": "administer",
  "PUT /property-classes/:class": "administer",
  "DELETE /property-classes/:class": "administer",
  "GET /codes": "read",
  "GET /server": "administer",
  "GET /server/diagnostics": "administer",
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
  "GET /protection": "administer",
  "GET /controls": "administer",
  "GET /controls/report": "administer",
  "GET /bill-of-materials": "administer",
  "GET /transparency": "administer",
  "GET /transparency/checkpoint": "administer",
  "GET /transparency/tile/:level/:tile1": "administer",
  "GET /transparency/tile/:level/:tile1/:tile2": "administer",
  "GET /transparency/tile/:level/:tile1/:tile2/:tile3": "administer",
  "GET /transparency/tile/:level/:tile1/:tile2/:tile3/:tile4": "administer",
  "GET /transparency/entries": "administer",
  "GET /transparency/entries/:entry/proof": "administer",
  "GET /transparency/evidence": "administer",
  "GET /transparency/outside": "administer",
  "POST /transparency/outside": "administer",
  "GET /transparency/outside/settings": "administer",
  "PUT /transparency/outside/settings": "administer",
  "POST /transparency/witness/logs": "administer",
  "POST /transparency/witness/forgotten": "administer",
  "GET /privacy/inventory": "read",
  "GET /privacy/inventory/report": "read",
  "GET /privacy/person": "read",
  "POST /privacy/person/erasure": "read",
  "GET /privacy/people/:account": "administer",
  "POST /privacy/people/:account/erasure": "administer",
  "GET /privacy/breaches": "administer",
  "POST /privacy/breaches": "administer",
  "PATCH /privacy/breaches/:breach": "administer",
  "POST /privacy/breaches/:breach/evidence": "administer",
  "GET /privacy/breaches/:breach/evidence/:file": "administer",
  "POST /privacy/breaches/:breach/closing": "administer",
  "GET /privacy/breaches/:breach/report": "administer",
  "PUT /privacy/breach-limit": "administer",
  "GET /privacy/timers": "administer",
  "PUT /privacy/timers": "administer",
  "POST /privacy/timers/run": "administer",
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
            action: contract?.isPublic === true ? "anyone" : (contract?.action ?? undescribed[name]),
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

export const namesSomething = (name: string): boolean => NAMES_SOMETHING.test(name);

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
      "alarm-database": { objects: plant.RULE_RECORD },
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
      // of who requested it alone: features/alarms/try-rules.test.ts
      "alarm-what-ifs": {},
      // of lines, which all may read
      "shift-calendars": {},
      "kpi-targets": {},
      "kpi-inputs": {},
      // calls of stations, which all may read
      andon: {},
      "andon-recipients": {},
      // of who asks alone
      "shift-mail": {},
      "andon-rules": {},
      "stop-codings": {},
      // made by a device for what it enters
      "terminal-entries": {},
      // of the product
      lists: {},
      // with whom they are shared is judged by themselves: features/boards/boards.test.ts
      boards: {},
      // who is on call and is notified, which all may read
      "on-call-calendars": {},
      "notification-rules": {},
      "shift-notes": {},
      // holds of things that nothing here names, which all may read
      tracking: {},
      // of assets, by which each is decided: features/maintenance/maintenance.test.ts
      "work-orders": {},
      // made by who enters a movement: features/stores/stores.test.ts
      "spare-parts": {},
      // of shells, by which each is decided: features/pins/pins.test.ts
      "pinned-documents": {},
      notes: { objects: plant.NOTE },
      // decided by their signals: features/trends/trends.test.ts
      "saved-trends": {},
      // administrators' alone, and none is there
      "pack-uploads": {},
    };
    return byFolder[first];
  }
  // kinds of tiles of the product
  if (first === "board-tiles" && name === "kind") return {};
  // of signals and shells, by which each is decided: features/trends/trends.test.ts
  if (["curves", "curves-of-serial", "analysis"].includes(first) && (name === "curve" || name === "serial")) return {};
  // prices of energy, which all may read
  if (["energy-tariffs", "energy-baselines", "carbon-factors"].includes(first) && name === "name") return {};
  // reasons of the plant, which all may read
  if (first === "loss-reasons" && name === "code") return {};
  // administrators' alone, and none is there; a link is judged by itself: features/notifications/links.test.ts
  if ((first === "notification-channels" && name === "channel") || (first === "alarm-links" && name === "token")) return {};
  // job plans of the plant, which all may read, and plans, which are shown with their assets; a photo is judged with its work order: features/maintenance/maintenance.test.ts
  if ((first === "maintenance-jobs" || first === "maintenance-plans") && name === "code") return {};
  if (first === "work-orders" && name === "photo") return {};
  // of lines, which all may read; sources of orders are administrators' alone
  if (first === "orders" && name === "number") return {};
  if (first === "order-sources" && name === "source") return {};
  // what is of others is left out by who asks: features/personnel/personnel.test.ts; folders are administrators' alone
  if (first === "personnel") return {};
  if (first === "roster-sources" && name === "source") return {};
  // stations of lines, codes and instructions, which all may read; a station is decided by its shell: features/station-terminal
  if (first === "terminal-stations" && name === "station") return {};
  if (first === "terminal-entries" && name === "station") return {};
  if (["defect-codes", "life-items", "labels", "work-instructions"].includes(first)) return {};
  // administrators' alone
  if (first === "terminal-badges") return {};
  // parts, which all may read; programs of stores are administrators' alone
  if (first === "spare-parts" && name === "part") return {};
  // of shells, by which each is decided, and none is there: features/pins/pins.test.ts
  if (first === "pinned-documents") return {};
  // rounds, which all may read
  if (first === "inspection-rounds") return {};
  if (first === "stores-sources" && name === "source") return {};
  if (first === "b2mml" && name === "document") return {};
  // asked for by the keys of grants alone, of which none is here
  if (name === "file" && path.includes("/links/")) return {};
  // a server without accounts has none
  if (first === "accounts" && (name === "account" || name === "session")) return {};
  if (name === "provider" || name === "terminal") return {};
  if (first === "machines" && name === "machine") return {};
  // administrators' alone
  if (first === "access" && name === "set") return {};
  if (first === "place-roles" && name === "set") return {};
  if (first === "property-classes" && name === "class") return {};
  // without accounts nobody has one
  if (first === "session" && name === "passkey") return {};
  // people are of the server, and administrators' alone
  if (first === "privacy") return {};
  // without accounts nobody is logged in, and nobody has credentials
  if (path.startsWith("/session/sign-ins/") && name === "session") return {};
  if (first === "credentials" || first === "trusted-issuers") return {};
  // of logs of other servers, which anybody may ask a witness for
  if (first === "witness") return {};
  // what connects is of the server, and administrators' alone
  if (first === "identities") return {};
  // of the server's own log, administrators' alone
  if (first === "transparency") return {};
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
