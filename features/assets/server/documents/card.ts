import type { ShellCard, ShownLine, Text } from "@doppelwerk/client";
import { decodeId, encodeId, formatIdShortPath, semanticIds } from "@doppelwerk/aas";
import { message, verbatim } from "@doppelwerk/messages";
import { INSTALLATION } from "@doppelwerk/operations";
import { DoppelwerkError, LIVE, pathOfElement, recordOfAasId } from "@doppelwerk/world";
import type { ElementRecord, Json, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { instant, parse } from "../../../../packages/server/src/http/query.ts";
import { conceptNameOf, unitOf } from "../../../../packages/server/src/log/concept-of.ts";
import { renameAt, renameBody } from "./rename.ts";
import { standsIn } from "@doppelwerk/operations";
import { shellVersionsQuery, versionsOf, versionsOfShell, versionsQuery } from "./versions.ts";

export const cardQuery = z.object({ branch: z.string().max(200).default(LIVE), at: instant.optional() });
const repair = z.string().max(12_000).default("none");
export const importQuery = z.object({
  name: z.string().trim().min(1).max(300),
  repair,
  /** true = what the file describes is connected at once; else a person connects it. */
  connect: z.enum(["true", "false"]).default("false"),
});
export const reportQuery = z.object({ repair });

/** What people see of one asset: its nameplate, its properties with plans, its submodels; and the door for files. */
export function registerShells(app: FastifyInstance, site: Site): void {
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer", bodyLimit: 256_000_000 }, (_request, body, done) =>
    done(null, body),
  );

  app.post("/import", async (request) => {
    const { name, repair: wish, connect } = parse(importQuery, request.query, "an import");
    return site.importer.importFile(site.viewOf(request), name, fileIn(request.body), {
      repair: wish,
      connect: connect === "true",
    });
  });

  app.post("/import/report", async (request) => {
    const { repair: wish } = parse(reportQuery, request.query, "an import");
    return site.importer.reportFile(site.viewOf(request), fileIn(request.body), wish);
  });

  app.get<{ Params: { id: string } }>("/submodels/:id/versions", async (request) =>
    versionsOf(site, site.viewOf(request), request.params.id, parse(versionsQuery, request.query, "versions")),
  );

  app.get<{ Params: { id: string } }>("/shells/:id/versions", async (request) =>
    versionsOfShell(site, site.viewOf(request), request.params.id, parse(shellVersionsQuery, request.query, "versions")),
  );

  app.post<{ Params: { id: string } }>("/submodels/:id/rename", async (request) =>
    renameAt(site.viewOf(request), request.params.id, parse(renameBody, request.body, "a renaming")),
  );

  app.get<{ Params: { id: string } }>("/shells/:id/card", async (request): Promise<ShellCard> => {
    const { branch, at } = parse(cardQuery, request.query, "a card");
    const aasId = decodeId(request.params.id);
    if (typeof aasId !== "string") throw new DoppelwerkError("DW_INVALID", verbatim(`${aasId.message} ${request.params.id}`));
    const reader = site.viewOf(request).reader(branch, at === undefined ? undefined : { time: at });
    const shell = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
    if (!shell) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellId", { aasId }));
    return cardOf(reader, shell, branch, at);
  });
}

/** How an asset is connected is told on the page of its connection. */
const HOW_CONNECTED: ReadonlySet<string> = new Set(["AssetInterfacesDescription", "AssetInterfacesMappingConfiguration"]);

function fileIn(body: unknown): Uint8Array {
  if (Buffer.isBuffer(body)) return body;
  throw new DoppelwerkError("DW_INVALID", message("assets.importSentApplicationOctetStreamFile"));
}

/** The card of a place has the nameplate of what stands there: a place itself has no serial (P12). */
function cardOf(reader: RecordReader, shell: ShellRecord, branch: string, at: number | undefined): ShellCard {
  const submodels = submodelsOf(reader, shell);
  const base = branch === LIVE ? "/api/v3" : `/worlds/default/branches/${encodeURIComponent(branch)}/api/v3`;
  const period = standsIn(reader, shell, at);
  const installed = period && (recordOfAasId(reader, "shell", period.shell) as ShellRecord | undefined);
  const own = nameplateIn(submodels);
  const nameplate = (installed && nameplateIn(submodelsOf(reader, installed))) ?? own;
  const described = submodels.filter(
    (submodel) => submodel !== own && submodel.semanticId !== INSTALLATION && !HOW_CONNECTED.has(submodel.idShort),
  );
  return {
    aasId: shell.aasId,
    idShort: shell.idShort,
    name: textOf(shell.body["displayName"], shell.idShort),
    nameplate: nameplate ? elementsWithValue(reader, nameplate).map((element) => lineOf(reader, element)) : [],
    ...(period && {
      installed: {
        aasId: period.shell,
        name: installed ? textOf(installed.body["displayName"], installed.idShort) : { en: period.shell, zh: period.shell },
        from: period.from,
      },
    }),
    properties: described.flatMap((submodel) =>
      elementsWithValue(reader, submodel).map((element) => ({
        path: `${submodel.idShort}/${formatIdShortPath(pathOfElement(reader, element))}`,
        ...lineOf(reader, element),
        unit: unitOf(reader, element),
        ...(element.planned === undefined
          ? {}
          : {
              planned: {
                value: shownValue(element.planned.value),
                effectiveFrom: element.planned.effectiveFrom,
                owner: element.planned.owner,
              },
            }),
      })),
    ),
    submodels: submodels.map((submodel) => ({
      idShort: submodel.idShort,
      id: submodel.aasId,
      url: `${base}/submodels/${encodeId(submodel.aasId)}`,
    })),
  };
}

function lineOf(reader: RecordReader, element: ElementRecord): ShownLine {
  const value = shownValue(element.value);
  return { label: labelOf(reader, element), value, ...(Array.isArray(element.value) && { text: textOf(element.value as Json, value) }) };
}

function submodelsOf(reader: RecordReader, shell: ShellRecord): readonly SubmodelRecord[] {
  return shell.submodels
    .map((id) => recordOfAasId(reader, "submodel", id) as SubmodelRecord | undefined)
    .filter((record) => record !== undefined);
}

function nameplateIn(submodels: readonly SubmodelRecord[]): SubmodelRecord | undefined {
  return submodels.find((submodel) => submodel.idShort === "Nameplate" || submodel.semanticId === semanticIds.nameplate);
}

function elementsWithValue(reader: RecordReader, submodel: SubmodelRecord): readonly ElementRecord[] {
  const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel.id } }) as readonly ElementRecord[];
  return inTreeOrder(elements, submodel.id).filter((element) => element.value !== undefined);
}

/** Document order: children after their parent, by order key. */
function inTreeOrder(elements: readonly ElementRecord[], root: string): readonly ElementRecord[] {
  const children = Map.groupBy(elements, (element) => element.parent);
  const ordered: ElementRecord[] = [];
  const walk = (parent: string) => {
    for (const element of [...(children.get(parent) ?? [])].sort((a, b) => (a.order < b.order ? -1 : 1))) {
      ordered.push(element);
      walk(element.id);
    }
  };
  walk(root);
  return ordered;
}

function labelOf(reader: RecordReader, element: ElementRecord): Text {
  return textOf(element.body["displayName"] ?? conceptNameOf(reader, element), spaced(element.idShort ?? ""));
}

/** `NumberOfPlaces` reads as `Number of places`, `URIOfTheProduct` as `URI of the product`. */
function spaced(idShort: string): string {
  const words = idShort
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(" ")
    .map((word) => (/^[A-Z][A-Z0-9]+$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function textOf(strings: Json | undefined, fallback: string): Text {
  const list = Array.isArray(strings) ? (strings as readonly { readonly language?: string; readonly text?: string }[]) : [];
  const of = (language: string) => list.find((entry) => entry.language?.toLowerCase().startsWith(language))?.text;
  return { en: of("en") ?? fallback, zh: of("zh") ?? of("en") ?? fallback };
}

function shownValue(value: Json | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return textOf(value as Json, JSON.stringify(value)).en;
  return JSON.stringify(value);
}
