import { decodeId, encodeId, formatIdShortPath, semanticIds } from "@doppelwerk/aas";
import { message } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { INSTALLATION, standsIn } from "@doppelwerk/operations";
import { conceptNameOf, DoppelwerkError, LIVE, pathOfElement, recordOfAasId, unitOf } from "@doppelwerk/world";
import type { BranchId, ElementRecord, Instant, Json, RecordReader, ShellRecord, SubmodelRecord, WorldView } from "@doppelwerk/world";
import type { ShellCard, ShownLine } from "../../contract.ts";

type Text = ShellCard["name"];
type World = FeatureContext["world"];

/** What people see of one asset: its nameplate, its properties with plans, its submodels. Errors: DW_INVALID, DW_NOT_FOUND. */
export function cardAt(
  view: WorldView,
  encodedId: string,
  { branch, at, world }: { readonly branch: BranchId; readonly at: Instant | undefined; readonly world: World },
): ShellCard {
  const aasId = decodeId(encodedId);
  if (typeof aasId !== "string")
    throw new DoppelwerkError("DW_INVALID", message("assets.reasonAt", { reason: aasId.reason ?? aasId.message, place: encodedId }));
  const reader = view.reader(branch, at === undefined ? undefined : { time: at });
  const shell = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
  if (!shell) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellId", { aasId }));
  return cardOf(reader, shell, baseOf(world, branch), at);
}

/** Base URL of the AAS API. */
function baseOf({ name, path }: World, branch: BranchId): string {
  return branch === LIVE ? `${path}/api/v3` : `/worlds/${name}/branches/${encodeURIComponent(branch)}/api/v3`;
}

/** How an asset is connected is told on the page of its connection. */
const HOW_CONNECTED: ReadonlySet<string> = new Set(["AssetInterfacesDescription", "AssetInterfacesMappingConfiguration"]);

/** The card of a place has the nameplate of what stands there: a place itself has no serial (P12). */
function cardOf(reader: RecordReader, shell: ShellRecord, base: string, at: number | undefined): ShellCard {
  const submodels = submodelsOf(reader, shell);
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
