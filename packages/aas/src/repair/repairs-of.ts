import { CLASSES } from "../class-table.ts";
import type { Finding } from "../finding.ts";
import { isLexical, isXmlText } from "../lexical.ts";
import type { Environment } from "../metamodel.ts";
import { hasForm } from "../text-form.ts";
import type { ValueType } from "../value-type.ts";
import { repairReason, type RepairCode } from "./repair-reason.ts";
import { below, parentOf, stepsOf, valueAt, type Repair, type RepairChange } from "./repair.ts";
import { textOf } from "@doppelwerk/messages";

interface Place {
  readonly environment: Environment;
  readonly path: string;
  readonly constraint: string;
  readonly value: unknown;
}

type Offer = (place: Place) => readonly (Repair | undefined)[];
type Loose = Readonly<Record<string, unknown>>;

/**
 * What can be done about a finding of an environment, the best first; empty when someone must say what was meant.
 * `finding.path` is a path in the environment: what a package puts before it (`/aasx/data.xml#`) does not matter.
 */
export function repairsOf(environment: Environment, finding: Finding): readonly Repair[] {
  if (finding.severity === "repaired" || finding.severity === "info") return [];
  const offer = OFFERS[finding.constraint];
  if (offer === undefined) return [];
  const path = finding.path.slice(finding.path.lastIndexOf("#") + 1);
  const place = { environment, path, constraint: finding.constraint, value: valueAt(environment, path) };
  return offer(place).filter((repair) => repair !== undefined);
}

const OFFERS: Readonly<Record<string, Offer>> = {
  "AASd-002": (place) => [renamed(place, place.path, "renameInForm")],
  "AASd-005": (place) => [guess(place, ["setVersion"], [{ path: below(place.path, "version"), value: "0" }])],
  "AASd-014": (place) => [guess(place, ["coManaged"], [{ path: below(place.path, "entityType"), value: "CoManagedEntity" }])],
  "AASd-020": (place) => [...lexical(place, below(parentOf(place.path), "valueType"))],
  "AASd-021": leftOutIfTwice,
  "AASd-022": (place) => [renamed(place, place.path, "renameApart")],
  "AASd-077": leftOutIfTwice,
  "AASd-107": (place) => [guess(place, ["withoutOwnSemanticId"], [{ path: place.path, value: undefined }])],
  "AASd-108": (place) => [asDeclared(place)],
  "AASd-109": valueTypeOfList,
  "AASd-114": (place) => [guess(place, ["withoutSemanticId"], [{ path: place.path, value: undefined }])],
  "AASd-116": (place) => [guess(place, ["withoutReservedName"], [{ path: parentOf(place.path), value: undefined }])],
  "AASd-117": (place) => [named(place)],
  "AASd-118": (place) => [firstSupplemental(place)],
  "AASd-119": (place) => [plain(place, ["conceptQualifier"], [{ path: place.path, value: "ConceptQualifier" }])],
  "AASd-129": (place) => [plain(place, ["conceptQualifier"], [{ path: place.path, value: "ConceptQualifier" }])],
  "AASd-121": (place) => [asExternal(place)],
  "AASd-122": (place) => [asModel(place), asExternal(place)],
  "AASd-123": (place) => [asExternal(place)],
  "AASd-124": (place) => [asModel(place), asExternal(place)],
  "AASd-135": (place) => [asModel(place), asExternal(place)],
  "AASd-128": (place) => [indexOf(place)],
  "AASd-130": (place) => [withoutControls(place)],
  "AASd-133": (place) => [asExternal({ ...place, path: `${place.path}.keys[0].type` })],
  "AASd-134": (place) => [renamed(place, place.path, "renameApart")],
  "AASc-3a-002": (place) => [inEnglish(place)],
  "AASc-3a-008": (place) => [inEnglish(place)],
  "AASc-3a-010": (place) => [guess(place, ["withoutValue"], [{ path: below(place.path, "value"), value: undefined }])],
  additional: unknownAttribute,
  length: lengths,
  pattern: patterns,
  enumeration: ofEnumeration,
  lexical: (place) => lexical(place, typeBeside(place)),
};

/** A sentence by its code, with its values. */
type Says = readonly [code: RepairCode, ...values: string[]];

function plain(place: Place, [code, ...values]: Says, changes: readonly RepairChange[]): Repair {
  const reason = repairReason(code, values);
  return {
    path: place.path,
    constraint: place.constraint,
    how: textOf(reason),
    reason,
    told: { code, values },
    kind: "plain",
    changes,
  };
}

function guess(place: Place, how: Says, changes: readonly RepairChange[]): Repair {
  return { ...plain(place, how, changes), kind: "guess" };
}

/** idShort made of what is there, and unlike the idShorts beside it. References by the old name are left to the user: a guess. */
function renamed(place: Place, path: string, how: "renameInForm" | "renameApart"): Repair | undefined {
  if (typeof place.value !== "string") return undefined;
  const taken = siblingNames(place.environment, parentOf(path));
  const name = unlike(idShortOf(place.value), taken);
  return guess(place, [how, quote(place.value), quote(name)], [{ path, value: name }]);
}

function named(place: Place): Repair | undefined {
  const element = place.value as Loose | undefined;
  if (typeof element?.["modelType"] !== "string") return undefined;
  const semanticId = (valueAt(element, "semanticId.keys[0].value") as string | undefined)
    ?.replace(/[/#]*$/, "")
    .match(/[/#]([^/#]+)$/)?.[1];
  const name = unlike(
    idShortOf(semanticId !== undefined && /^[a-zA-Z]/.test(semanticId) ? semanticId : element["modelType"]),
    siblingNames(place.environment, place.path),
  );
  return guess(place, ["nameElement", quote(name)], [{ path: below(place.path, "idShort"), value: name }]);
}

function idShortOf(text: string): string {
  const name = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-zA-Z0-9_-]+/g, "_")
    .replace(/^[^a-zA-Z]+/, "")
    .slice(0, 120)
    .replace(/[-]+$/, "")
    .replace(/^_+|_+$/g, "");
  return name.length >= 2 ? name : name.length === 1 ? `${name}_` : "element";
}

function siblingNames(environment: Environment, elementPath: string): ReadonlySet<string> {
  // A variable of an operation shares its names with every other variable.
  const operation = /^(.*)\.(input|output|inoutput)Variables\[[0-9]+\]\.value$/.exec(elementPath);
  const listPaths = operation
    ? ["inputVariables", "outputVariables", "inoutputVariables"].map((name) => `${operation[1]}.${name}`)
    : [elementPath.replace(/\[[0-9]+\]$/, "")];
  const names = listPaths.flatMap((path) => {
    const list = valueAt(environment, path);
    return Array.isArray(list) ? list.map((item: Loose) => (operation ? (item["value"] as Loose) : item)?.["idShort"]) : [];
  });
  return new Set(names.filter((name) => typeof name === "string"));
}

function unlike(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let copy = 2; ; copy++) if (!taken.has(`${name}_${copy}`)) return `${name}_${copy}`;
}

/** The second of two equal qualifiers or extensions says nothing more; one that differs is the user's to judge. */
function leftOutIfTwice(place: Place): readonly (Repair | undefined)[] {
  const path = parentOf(place.path);
  const list = valueAt(place.environment, parentOf(path)) as readonly unknown[] | undefined;
  const own = JSON.stringify(valueAt(place.environment, path));
  const index = stepsOf(path).at(-1) as number;
  const isTwice = list?.some((item, other) => other < index && JSON.stringify(item) === own) === true;
  const change = [{ path, value: undefined }];
  if (isTwice) return [plain(place, ["withoutTwin"], change)];
  const name = String(place.value);
  const taken = new Set((list ?? []).map((item) => String((item as Loose)[stepsOf(place.path).at(-1) as string])));
  return [
    guess(place, ["renameIt", quote(unlike(name, taken))], [{ path: place.path, value: unlike(name, taken) }]),
    guess(place, ["withoutOther"], change),
  ];
}

function asDeclared(place: Place): Repair | undefined {
  const listPath = place.path.replace(/\.?value\[[0-9]+\]$/, "");
  const types = new Set(
    ((valueAt(place.environment, below(listPath, "value")) ?? []) as readonly Loose[]).map((item) => String(item["modelType"])),
  );
  const type = types.size === 1 ? [...types][0]! : "SubmodelElement";
  return guess(place, ["listOf", type], [{ path: below(listPath, "typeValueListElement"), value: type }]);
}

function valueTypeOfList(place: Place): readonly (Repair | undefined)[] {
  const listPath = place.path.replace(/\.?value\[[0-9]+\]\.valueType$|\.?valueTypeListElement$/, "");
  const items = (valueAt(place.environment, below(listPath, "value")) ?? []) as readonly Loose[];
  const types = [...new Set(items.map((item) => item["valueType"]).filter((type) => typeof type === "string"))];
  if (types.length === 1)
    return [plain(place, ["listOfValues", types[0]!], [{ path: below(listPath, "valueTypeListElement"), value: types[0] }])];
  return types.length === 0 ? [guess(place, ["listOfText"], [{ path: below(listPath, "valueTypeListElement"), value: "xs:string" }])] : [];
}

function firstSupplemental(place: Place): Repair | undefined {
  const ids = valueAt(place.environment, below(place.path, "supplementalSemanticIds"));
  if (!Array.isArray(ids) || ids.length === 0) return undefined;
  return plain(
    place,
    ["firstSupplemental"],
    [
      { path: below(place.path, "semanticId"), value: ids[0] },
      { path: below(place.path, "supplementalSemanticIds"), value: ids.length === 1 ? undefined : ids.slice(1) },
    ],
  );
}

const IDENTIFIABLES = new Set<unknown>(["AssetAdministrationShell", "Submodel", "ConceptDescription", "Identifiable"]);

/** A reference called external whose keys name a shell, a submodel or a concept description, and things inside it. */
function asModel(place: Place): Repair | undefined {
  const path = place.path.replace(/\.keys\[[0-9]+\]\.type$/, "");
  const reference = valueAt(place.environment, path) as { keys?: readonly Loose[] } | undefined;
  const keys = reference?.keys ?? [];
  if (!IDENTIFIABLES.has(keys[0]?.["type"]) || keys.slice(1).some(({ type }) => type === "GlobalReference" || IDENTIFIABLES.has(type)))
    return undefined;
  return plain(place, ["modelReference"], [{ path: below(path, "type"), value: "ModelReference" }]);
}

function asExternal(place: Place): Repair | undefined {
  const path = place.path.replace(/\.keys\[[0-9]+\]\.type$/, "");
  const reference = valueAt(place.environment, path) as { type?: unknown; keys?: readonly Loose[] } | undefined;
  if (!Array.isArray(reference?.keys)) return undefined;
  const keys = (reference.keys as readonly Loose[]).map((key, index) =>
    index > 0 && key["type"] === "FragmentReference" ? key : { ...key, type: "GlobalReference" },
  );
  const isPlain = reference.keys.every((key: Loose) => key["type"] === "GlobalReference" || key["type"] === "FragmentReference");
  const how = ["externalReference"] as const;
  const changes = [{ path, value: { ...reference, type: "ExternalReference", keys } }];
  return isPlain ? plain(place, how, changes) : guess(place, how, changes);
}

/** A key after a list that names the element by its idShort. */
function indexOf(place: Place): Repair | undefined {
  const match = /^(.*)\.keys\[([0-9]+)\]\.value$/.exec(place.path);
  if (match === null || typeof place.value !== "string") return undefined;
  const keys = valueAt(place.environment, `${match[1]}.keys`) as readonly Loose[];
  let children: readonly Loose[] | undefined = place.environment.submodels?.find(({ id }) => id === keys[0]?.["value"])
    ?.submodelElements as readonly Loose[] | undefined;
  for (const key of keys.slice(1, Number(match[2]))) {
    const element: Loose | undefined = children?.find(({ idShort }) => idShort === key["value"]) ?? children?.[Number(key["value"])];
    children = (element?.["value"] ?? element?.["statements"]) as readonly Loose[] | undefined;
  }
  const index = Array.isArray(children) ? children.findIndex(({ idShort }) => idShort === place.value) : -1;
  return index < 0 ? undefined : plain(place, ["byIndex", String(index)], [{ path: place.path, value: String(index) }]);
}

function withoutControls(place: Place): Repair | undefined {
  if (typeof place.value !== "string") return undefined;
  const value = [...place.value].map((character) => (isXmlText(character) ? character : "\ufffd")).join("");
  return guess(place, ["withoutControls"], [{ path: place.path, value }]);
}

function inEnglish(place: Place): Repair | undefined {
  const texts = (place.value ?? valueAt(place.environment, below(parentOf(place.path), "preferredName"))) as
    | readonly { language: string; text: string }[]
    | undefined;
  if (!Array.isArray(texts) || texts.length === 0) return undefined;
  const first = (texts as readonly { language: string; text: string }[])[0]!;
  const cleaned = texts.find(({ language }: { language: string }) => /^en[^a-zA-Z-]/i.test(language)) as { text: string } | undefined;
  const value = [
    { language: "en", text: (cleaned ?? first).text },
    ...((place.value ?? []) as readonly unknown[]).filter((text) => text !== cleaned),
  ];
  return guess(place, ["inEnglish", quote((cleaned ?? first).text)], [{ path: place.path, value }]);
}

function unknownAttribute(place: Place): readonly (Repair | undefined)[] {
  const instance = place.value as Loose | undefined;
  if (typeof instance !== "object" || instance === null) return [];
  const known = new Set<string>(["modelType"]);
  const modelType = instance["modelType"];
  const row = typeof modelType === "string" ? CLASSES.get(modelType) : undefined;
  if (row === undefined) return [];
  for (const { name } of row.attributes) known.add(name);
  const names = Object.keys(instance).filter((name) => !known.has(name));
  return names.length === 0
    ? []
    : [
        guess(
          place,
          ["withoutUnknown", names.join(", ")],
          names.map((name) => ({ path: below(place.path, name), value: undefined })),
        ),
      ];
}

function lengths(place: Place): readonly (Repair | undefined)[] {
  if (typeof place.value !== "string") return [];
  if (place.value === "")
    return stepsOf(place.path).at(-1) === "value" && /\.keys\[[0-9]+\]\.value$/.test(place.path)
      ? [emptyKey(place)]
      : [guess(place, ["withoutText"], [{ path: place.path, value: undefined }])];
  const longest = longestOf(place);
  return longest === undefined
    ? []
    : [guess(place, ["cutText", String(longest)], [{ path: place.path, value: [...place.value].slice(0, longest).join("").trimEnd() }])];
}

/** A reference whose only key is empty refers to nothing. */
function emptyKey(place: Place): Repair | undefined {
  const path = place.path.replace(/\.keys\[[0-9]+\]\.value$/, "");
  const keys = valueAt(place.environment, `${path}.keys`);
  return Array.isArray(keys) && keys.length === 1 ? plain(place, ["withoutReference"], [{ path, value: undefined }]) : undefined;
}

function longestOf(place: Place): number | undefined {
  const attribute = stepsOf(place.path).at(-1);
  if (typeof attribute !== "string") return undefined;
  const holder = /(preferredName|shortName|definition|displayName|description)\[[0-9]+\]\.text$/.exec(place.path)?.[1];
  if (holder !== undefined) return { preferredName: 255, shortName: 18, definition: 1023, displayName: 128, description: 1023 }[holder];
  const lengths = [...CLASSES.values()].flatMap((row) => {
    const type = row.byName.get(attribute)?.type;
    return type?.kind === "text" && Number.isFinite(type.longest) ? [type.longest] : [];
  });
  return lengths.length === 0
    ? undefined
    : Math.min(...lengths.filter((longest) => longest < (place.value as string).length), Infinity) === Infinity
      ? undefined
      : Math.max(...lengths.filter((longest) => longest < (place.value as string).length));
}

function patterns(place: Place): readonly (Repair | undefined)[] {
  const attribute = stepsOf(place.path).at(-1);
  const { value } = place;
  if (typeof value !== "string") return [];
  if (attribute === "language") {
    const language = value
      .trim()
      .replaceAll("_", "-")
      .replace(/[^a-zA-Z0-9-]/g, "")
      .replace(/^-+|-+$/g, "");
    if (hasForm(language, "language")) return [plain(place, ["writeLanguage", quote(language)], [{ path: place.path, value: language }])];
    return [guess(place, ["unknownLanguage"], [{ path: place.path, value: "und" }])];
  }
  if (attribute === "contentType") {
    const type = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+/.exec(value.trim().replaceAll(" ", ""))?.[0];
    return [
      type === undefined
        ? guess(place, ["withoutContentType"], [{ path: place.path, value: undefined }])
        : plain(place, ["writeContentType", quote(type)], [{ path: place.path, value: type }]),
    ];
  }
  if (attribute === "version" || attribute === "revision") {
    const number = /[0-9]+/.exec(value)?.[0];
    const written = number === undefined ? undefined : String(BigInt(number));
    return written !== undefined && written.length <= 4
      ? [guess(place, ["writeNumber", attribute, quote(written)], [{ path: place.path, value: written }])]
      : [];
  }
  if (attribute === "value" || attribute === "path") {
    const uri = encodeURI(wellFormed(value.trim().replaceAll("\\", "/")))
      .replace(/%25([0-9A-Fa-f]{2})/g, "%$1")
      .replaceAll("[", "%5B")
      .replaceAll("]", "%5D");
    return hasForm(uri, "uri") ? [plain(place, ["writePath", quote(uri)], [{ path: place.path, value: uri }])] : [];
  }
  return [];
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

function ofEnumeration(place: Place): readonly (Repair | undefined)[] {
  const attribute = stepsOf(place.path).at(-1);
  if (typeof place.value !== "string" || typeof attribute !== "string") return [];
  const holder = valueAt(place.environment, parentOf(place.path)) as Loose;
  const row =
    typeof holder["modelType"] === "string"
      ? CLASSES.get(holder["modelType"])
      : [...CLASSES.values()].find(
          ({ byName, hasModelType }) =>
            !hasModelType && byName.get(attribute)?.type.kind === "enumeration" && Object.keys(holder).every((name) => byName.has(name)),
        );
  const type = row?.byName.get(attribute);
  if (type?.type.kind !== "enumeration") return [];
  const same = [...type.type.values].find((value) => value.toLowerCase() === (place.value as string).trim().toLowerCase());
  if (same !== undefined) return [plain(place, ["writeAs", quote(same)], [{ path: place.path, value: same }])];
  return type.required ? [] : [guess(place, ["withoutAttribute", attribute, quote(place.value)], [{ path: place.path, value: undefined }])];
}

function typeBeside(place: Place): string {
  return below(parentOf(place.path), "valueType");
}

/** A value in a form that people write, in the form of its type; else the type is made a text, or an empty value left out. */
function lexical(place: Place, typePath: string): readonly (Repair | undefined)[] {
  const type = valueAt(place.environment, typePath) as ValueType | undefined;
  const { value } = place;
  if (typeof value !== "string" || type === undefined) return [];
  if (value.trim() === "") return [plain(place, ["withoutEmptyValue"], [{ path: place.path, value: undefined }])];
  const written = candidates(value, type).find((candidate) => isLexical(candidate, type));
  return [
    written === undefined ? undefined : plain(place, ["writeValue", quote(written)], [{ path: place.path, value: written }]),
    isXmlText(value) && /^[^.]*$|\.[^.]*$/.test(typePath)
      ? guess(place, ["textValue"], [{ path: typePath, value: "xs:string" }])
      : undefined,
  ];
}

function candidates(value: string, type: ValueType): string[] {
  const text = value.trim();
  switch (type) {
    case "xs:boolean":
      return [text.toLowerCase(), { yes: "true", no: "false", y: "true", n: "false", on: "true", off: "false" }[text.toLowerCase()] ?? ""];
    case "xs:double":
    case "xs:float":
      return [
        text,
        text.replace(/^([+-]?)(inf|infinity)$/i, (_, sign: string) => `${sign === "-" ? "-" : ""}INF`),
        text.replace(/^nan$/i, "NaN"),
        text.replace(/^([+-]?[0-9]*),([0-9]+)$/, "$1.$2"),
      ];
    case "xs:decimal":
      return [text, text.replace(/^([+-]?[0-9]*),([0-9]+)$/, "$1.$2")];
    case "xs:dateTime":
      return [
        text,
        text.replace(" ", "T"),
        text.replace(/([+-][0-9]{2})([0-9]{2})$/, "$1:$2"),
        text.replace(/T([0-9]{2}:[0-9]{2})(Z?)$/, "T$1:00$2"),
      ];
    case "xs:date":
      return [text, text.replace(/^([0-9]{4})[/.]([0-9]{2})[/.]([0-9]{2})$/, "$1-$2-$3"), text.replace(/T.*$/, "")];
    case "xs:time":
      return [text, text.replace(/^([0-9]{2}:[0-9]{2})(Z?)$/, "$1:00$2")];
    case "xs:anyURI":
      return [text, encodeURI(wellFormed(text))];
    case "xs:hexBinary":
      return [text, text.replace(/^0x/i, ""), text.replaceAll(/[\s:-]/g, "")];
    default:
      return [text, text.replace(/\.0+$/, "")];
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
