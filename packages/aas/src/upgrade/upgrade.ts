import { message } from "@doppelwerk/messages";
import { CLASSES, classNamed, standInsOf, type AttributeType, type ClassName, type ClassRow } from "../class-table.ts";
import type { Finding } from "../finding.ts";
import { DEEPEST } from "../validation/read-instance.ts";
import { identifiableClassOf, idOf } from "./identifiable-of.ts";
import { isEmpty, isObject, itemsOf, Draft, Reporting, type Loose } from "./loose.ts";
import { upgradeContent, upgradeEmbedded } from "./upgrade-content.ts";
import { elementClassOf, upgradeElement } from "./upgrade-elements.ts";
import { upgradeReference } from "./upgrade-reference.ts";
import { ShellUpgrade } from "./upgrade-shell.ts";
import { valueTypeOf } from "./value-type-of.ts";

export interface Upgraded {
  /** The same object when there was nothing to do. */
  readonly json: unknown;
  readonly findings: readonly Finding[];
  /** Whether anything was met that only an earlier release writes. */
  readonly legacy: boolean;
}

/**
 * An environment (parsed JSON of any release, or what legacyOfXml made of XML) with the shapes of metamodel 3.1, and a finding for everything that was
 * changed, kept elsewhere or left out. Works on shapes, not on versions: files mix them. Never throws; what it does not know stays for the reader to judge.
 */
export function upgradeEnvironment(json: unknown): Upgraded {
  const telling = new Reporting();
  const upgrade = new Upgrade(telling);
  const upgraded = upgrade.environment(json);
  return { json: upgraded, findings: telling.findings(), legacy: telling.legacy };
}

/** Old or mistaken names of attributes; the successor first. Only where the class knows the successor. */
const ALIASES: readonly (readonly [string, ...string[]])[] = [
  ["description", "descriptions"],
  ["displayName", "displayNames"],
  ["qualifiers", "qualifier", "constraints", "constraint"],
  ["embeddedDataSpecifications", "embeddedDataSpecification", "hasDataSpecification", "dataSpecifications", "dataSpecification"],
  ["extensions", "extension"],
  ["supplementalSemanticIds", "supplementalSemanticId"],
  ["specificAssetIds", "specificAssetId", "identifierKeyValuePairs"],
  ["submodels", "submodelRefs"],
  ["submodelElements", "submodelElement"],
  ["contentType", "mimeType"],
  ["statements", "statement"],
  ["annotations", "annotation"],
  ["externalSubjectId", "subjectId"],
  ["inputVariables", "inputVariable", "in"],
  ["outputVariables", "outputVariable", "out"],
  ["inoutputVariables", "inoutputVariable", "inOut", "inout"],
  ["type", "qualifierType"],
  ["value", "qualifierValue"],
  ["valueId", "qualifierValueId"],
  ["keys", "key"],
];

const IDENTIFIABLES = {
  assetAdministrationShells: "AssetAdministrationShell",
  submodels: "Submodel",
  conceptDescriptions: "ConceptDescription",
} as const;

class Upgrade {
  readonly #telling: Reporting;
  readonly #shells: ShellUpgrade;

  constructor(telling: Reporting) {
    this.#telling = telling;
    this.#shells = new ShellUpgrade(telling, (submodel, path) => this.#instance(classNamed("Submodel"), submodel, path, 1));
  }

  environment(given: unknown): unknown {
    const json = this.#environmentShape(given);
    if (!isObject(json)) return json;
    const draft = new Draft(json);
    this.#shells.collectAssets(draft);
    for (const [name, className] of Object.entries(IDENTIFIABLES)) {
      const list = draft.get(name);
      if (list === undefined) continue;
      const upgraded = this.#list(className, list, name, 0);
      draft.set(name, isEmpty(upgraded) ? undefined : upgraded);
    }
    this.#shells.finish(draft);
    return draft.now();
  }

  /** Bare lists, pages of an API's answer, single identifiables and old names of the environment. */
  #environmentShape(given: unknown): unknown {
    if (Array.isArray(given)) return this.#environmentOfList(given, given);
    if (!isObject(given)) return given;
    if (Array.isArray(given["result"]) && ("paging_metadata" in given || Object.keys(given).length === 1))
      return this.#environmentOfList(given, given["result"]);
    for (const name of ["environment", "aasenv", "assetAdministrationShellEnvironment", "AssetAdministrationShellEnvironment"])
      if (isObject(given[name]) && Object.keys(given).length === 1) return given[name];
    const className = identifiableClassOf(given);
    return className === undefined ? given : this.#environmentOfList(given, [given]);
  }

  #environmentOfList(given: unknown, list: readonly unknown[]): unknown {
    if (!list.some((item) => isObject(item) && identifiableClassOf(item) !== undefined)) return given;
    this.#telling.repaired("", "structure", message("aas.fileHoldsEnvironmentPartsTaken"));
    const lists: Record<string, unknown[]> = {};
    list.forEach((item, index) => {
      const className = isObject(item) ? identifiableClassOf(item) : undefined;
      const home = Object.entries(IDENTIFIABLES).find(([, name]) => name === className)?.[0];
      if (home !== undefined) (lists[home] ??= []).push(item);
      else if (className === "Asset") (lists["assets"] ??= []).push(item);
      else this.#telling.info(`[${index}]`, "structure", message("aas.notIdentifiable"));
    });
    return lists;
  }

  #instance(row: ClassRow, given: unknown, path: string, depth: number, owner = ""): unknown {
    if (!isObject(given) || depth > DEEPEST) return given;
    const draft = new Draft(given);
    this.#modelType(row, draft, path);
    this.#rename(row, draft, path);
    this.#own(row, draft, path, owner);
    const name =
      typeof draft.get("idShort") === "string"
        ? (draft.get("idShort") as string)
        : typeof draft.get("id") === "string"
          ? (draft.get("id") as string)
          : owner;
    for (const attribute of row.attributes) {
      if (!draft.has(attribute.name)) continue;
      const at = path === "" ? attribute.name : `${path}.${attribute.name}`;
      const value = draft.get(attribute.name);
      const upgraded = this.#value(attribute.type, value, at, depth, name);
      if (upgraded !== value) draft.set(attribute.name, upgraded);
      this.#leaveOutEmpty(attribute.type, attribute.required, draft, attribute.name, at);
    }
    return draft.now();
  }

  #leaveOutEmpty(type: AttributeType, required: boolean, draft: Draft, name: string, path: string): void {
    const value = draft.get(name);
    if (required || value === undefined || !isEmpty(value)) return;
    if (value === "" && type.kind === "text" && type.shortest === 0 && !this.#telling.legacy) return;
    if (value === "" && type.kind === "bytes") return;
    draft.set(name, undefined);
    if (this.#telling.legacy) this.#telling.count(path, message("aas.emptyAttributeSaysNothing"), "empty");
    else this.#telling.repaired(path, value === "" ? "length" : "empty", message("aas.emptyAttributeSaysNothing"));
  }

  #modelType(row: ClassRow, draft: Draft, path: string): void {
    if (!draft.has("modelType") && !row.hasModelType) return;
    const given = draft.get("modelType");
    if (row.hasModelType && given === row.name) return;
    const name = isObject(given) ? given["name"] : given;
    if (!row.hasModelType) {
      draft.take("modelType");
      this.#telling.count(path, message("aas.noModelType", { name: row.name }));
    } else if (typeof name === "string" && name.toLowerCase() === row.name.toLowerCase()) {
      draft.set("modelType", row.name);
      this.#telling.count(path, message("aas.modelTypeBecameName"));
    } else if (given === undefined) {
      draft.set("modelType", row.name);
      this.#telling.count(path, message("aas.modelTypeAdded", { name: row.name }), "structure");
    }
  }

  #rename(row: ClassRow, draft: Draft, path: string): void {
    for (const name of draft.names()) {
      const known = row.byName.has(name) ? undefined : nameInOtherLetters(row, name);
      if (known === undefined || draft.has(known)) continue;
      draft.set(known, draft.take(name));
      this.#telling.count(path, message("aas.valueBecame", { name: row.name, name2: name, known }), "additional");
    }
    for (const [successor, ...names] of ALIASES) {
      const attribute = row.byName.get(successor);
      if (attribute === undefined) continue;
      for (const name of names) {
        if (!draft.has(name) || row.byName.has(name)) continue;
        const value = draft.take(name);
        if (isEmpty(value)) {
          this.#telling.count(path, message("aas.attributeEmpty", { name }), "empty");
          continue;
        }
        const present = draft.get(successor);
        if (present === undefined || isEmpty(present))
          draft.set(
            successor,
            attribute.type.kind === "list" &&
              !Array.isArray(value) &&
              attribute.type.of !== "LangStringTextType" &&
              attribute.type.of !== "LangStringNameType"
              ? [value]
              : value,
          );
        else if (attribute.type.kind === "list") draft.set(successor, [...itemsOf(present), ...itemsOf(value)]);
        else {
          this.#telling.info(path, "additional", message("aas.bothThere", { name, successor, name2: name }));
          continue;
        }
        this.#telling.count(path, message("aas.attributeBecame", { name: row.name, name2: name, successor }));
      }
    }
  }

  /** What only some classes had. */
  #own(row: ClassRow, draft: Draft, path: string, owner: string): void {
    if (row.byName.has("idShort"))
      for (const name of ["parent", "checksum"]) {
        if (!draft.has(name)) continue;
        draft.take(name);
        this.#telling.count(path, message("aas.noLongerInMetamodel", { name }));
      }
    if (row.byName.has("id") && !row.name.startsWith("Lang")) this.#identification(row, draft, path);
    if (row.byName.has("valueType")) this.#valueType(draft, "valueType", path, row.byName.get("valueType")!.required);
    if (row.byName.has("valueTypeListElement")) this.#valueType(draft, "valueTypeListElement", path, false);
    if (row.byName.get("qualifiers") !== undefined) this.#qualifiers(draft, path);
    if (row.byName.get("embeddedDataSpecifications") !== undefined) this.#embedded(draft, path);
    if (standInsOf("SubmodelElement")!.has(row.name)) upgradeElement(row.name, draft, path, this.#telling);
    switch (row.name) {
      case "AssetAdministrationShell":
        return this.#shells.shell(draft, path);
      case "AssetInformation":
        return this.#shells.assetInformation(draft, path);
      case "Submodel":
        return this.#kind(draft, path);
      case "OperationVariable":
        return this.#variable(draft);
      case "DataSpecificationIec61360":
        return upgradeContent(draft, path, this.#telling, owner === "" ? "unnamed" : owner);
      case "ValueReferencePair":
        if (!draft.has("valueType")) return;
        draft.take("valueType");
        return this.#telling.count(path, message("aas.valueValueListValueType"));
      case "SpecificAssetId":
        if (draft.has("key") && !draft.has("name")) draft.set("name", draft.take("key"));
        return;
      case "Qualifier":
        if (isEmpty(draft.get("valueType"))) {
          draft.set("valueType", "xs:string");
          this.#telling.count(path, message("aas.qualifierWithoutValueTypeXs"), "required");
        }
        return;
      default:
    }
  }

  #identification(row: ClassRow, draft: Draft, path: string): void {
    if (draft.has("identification")) {
      const id = idOf(draft.now());
      draft.take("identification");
      if (id !== undefined && isEmpty(draft.get("id"))) draft.set("id", id);
      this.#telling.count(path, message("aas.identificationBecameId"));
    }
    if (isObject(draft.get("id"))) draft.set("id", (draft.get("id") as Loose)["id"] ?? (draft.get("id") as Loose)["value"]);
    if (!isEmpty(draft.get("id")) || draft.names().every((name) => name === "modelType" || name === "id")) return;
    const idShort = draft.get("idShort");
    draft.set("id", `urn:imported:${row.xmlName}:${encodeURIComponent(typeof idShort === "string" && idShort !== "" ? idShort : path)}`);
    this.#telling.repaired(path, "required", message("aas.idMade", { name: row.name, id: JSON.stringify(draft.get("id")) }));
  }

  #valueType(draft: Draft, name: string, path: string, isRequired: boolean): void {
    let given = draft.get(name);
    if (isObject(given)) {
      const inner = isObject(given["dataObjectType"]) ? given["dataObjectType"] : given;
      given = inner["name"] ?? "";
      draft.take(name);
      this.#telling.count(path, message("aas.valueTypeBecamePlainName"));
    }
    if (typeof given !== "string" || given === "") {
      if (draft.has(name) && isEmpty(draft.get(name))) draft.take(name);
      if (!isRequired || !this.#telling.legacy || draft.has(name)) return;
      draft.set(name, "xs:string");
      this.#telling.count(path, message("aas.elementWithoutValueTypeXs"), "required");
      return;
    }
    const known = valueTypeOf(given);
    if (known === undefined || known === draft.get(name)) {
      if (known === undefined && given !== draft.get(name)) draft.set(name, given);
      return;
    }
    draft.set(name, known);
    if (known !== given)
      this.#telling.count(
        path,
        message("aas.valueTypeBecame", { given: JSON.stringify(given), known }),
        given.startsWith("xs:") ? "enumeration" : "release",
      );
  }

  #qualifiers(draft: Draft, path: string): void {
    const given = draft.get("qualifiers");
    if (given === undefined) return;
    let formulas = 0;
    const qualifiers = itemsOf(given).flatMap((item): unknown[] => {
      if (!isObject(item)) return isEmpty(item) ? [] : [item];
      if (item["formula"] !== undefined || (isObject(item["modelType"]) && item["modelType"]["name"] === "Formula")) {
        formulas++;
        return [];
      }
      if (isObject(item["qualifier"]) || Array.isArray(item["qualifier"])) return [...itemsOf(item["qualifier"])];
      return isEmpty(item) ? [] : [item];
    });
    if (formulas > 0) this.#telling.repaired(path, "release", message("aas.formulaLeftOut"));
    if (!Array.isArray(given) || qualifiers.some((item, index) => item !== given[index]) || qualifiers.length !== given.length)
      draft.set("qualifiers", qualifiers.length === 0 ? undefined : qualifiers);
  }

  #embedded(draft: Draft, path: string): void {
    const given = draft.get("embeddedDataSpecifications");
    if (given === undefined) return;
    const items = itemsOf(given);
    const upgraded = items
      .map((item, index) => upgradeEmbedded(item, `${path}${path === "" ? "" : "."}embeddedDataSpecifications[${index}]`, this.#telling))
      .filter((item) => item !== undefined);
    if (!Array.isArray(given) || upgraded.length !== given.length || upgraded.some((item, index) => item !== given[index]))
      draft.set("embeddedDataSpecifications", upgraded);
  }

  #kind(draft: Draft, path: string): void {
    const kind = draft.get("kind");
    if (typeof kind !== "string" || kind === "Instance" || kind === "Template") return;
    const successor = /^(type|template)$/i.test(kind) ? "Template" : /^instance$/i.test(kind) ? "Instance" : undefined;
    if (successor === undefined) return;
    draft.set("kind", successor);
    this.#telling.count(path, message("aas.kindBecame", { kind: JSON.stringify(kind), successor }));
  }

  #variable(draft: Draft): void {
    let value = draft.get("value");
    if (isObject(value) && isObject(value["value"]) && value["modelType"] === undefined && value["idShort"] === undefined)
      value = value["value"];
    if (Array.isArray(value) && value.length === 1) value = value[0];
    draft.set("value", value);
    // Some writers put the element where the variable belongs.
    if (!isObject(value) && draft.has("idShort")) {
      const element = draft.now();
      for (const name of draft.names()) draft.take(name);
      draft.set("value", element);
    }
  }

  #value(type: AttributeType, value: unknown, path: string, depth: number, owner: string): unknown {
    switch (type.kind) {
      case "text":
        return this.#text(value, path);
      case "boolean":
        return this.#boolean(value, path);
      case "list":
        return this.#list(type.of, value, path, depth, owner);
      case "instance":
        return this.#item(type.of, value, path, depth + 1, owner);
      default:
        return value;
    }
  }

  #text(value: unknown, path: string): unknown {
    if (typeof value !== "number" && typeof value !== "boolean") return value;
    this.#telling.repaired(
      path,
      "type",
      message("aas.stoodWhereTextBelongsWritten", { value: typeof value, value2: JSON.stringify(String(value)) }),
    );
    return String(value);
  }

  #boolean(value: unknown, path: string): unknown {
    const text = typeof value === "string" ? value.trim().toLowerCase() : value;
    if (text !== "true" && text !== "false" && text !== 0 && text !== 1) return value;
    this.#telling.repaired(path, "type", message("aas.stoodWhereTruthValueBelongs", { value: JSON.stringify(value) }));
    return text === "true" || text === 1;
  }

  #list(of: string, value: unknown, path: string, depth: number, owner = ""): unknown {
    if (of.startsWith("LangString")) return this.#langStrings(value, path);
    const listed = this.#asList(of, value, path);
    if (listed === undefined) return value;
    const isWrapped = of === "OperationVariable" && listed.some((item) => isObject(item) && item["operationVariable"] !== undefined);
    const items = isWrapped
      ? listed.flatMap((item) => (isObject(item) && item["operationVariable"] !== undefined ? itemsOf(item["operationVariable"]) : [item]))
      : listed;
    const upgraded = items
      .map((item, index) => this.#item(of, item, `${path}[${index}]`, depth + 1, owner))
      .filter((item) => item !== undefined);
    return items === value && upgraded.length === items.length && upgraded.every((item, index) => item === items[index]) ? value : upgraded;
  }

  /** Lists that were written as an object: of one item, by idShort, or around the items. */
  #asList(of: string, value: unknown, path: string): readonly unknown[] | undefined {
    if (Array.isArray(value)) return value;
    if (isEmpty(value)) return [];
    if (!isObject(value)) return undefined;
    if (of === "SubmodelElement" || of === "DataElement" || of === "OperationVariable") {
      const entries = Object.entries(value);
      const isByName =
        value["modelType"] === undefined &&
        value["idShort"] === undefined &&
        value["value"] === undefined &&
        entries.every(([, item]) => isObject(item));
      if (isByName) {
        this.#telling.repaired(path, "type", message("aas.elementsWrittenTheirNamesThey"));
        return entries.map(([idShort, item]) => ({ idShort, ...(item as Loose) }));
      }
    }
    if (!this.#telling.legacy) this.#telling.repaired(path, "type", message("aas.itemStoodWhereListBelongs"));
    return [value];
  }

  #item(of: string, value: unknown, path: string, depth: number, owner: string): unknown {
    if (of === "Reference") {
      const upgraded = upgradeReference(value, path, this.#telling);
      return isObject(upgraded) ? this.#instance(classNamed("Reference"), upgraded, path, depth) : upgraded;
    }
    if (of === "DataSpecificationContent") return this.#instance(classNamed("DataSpecificationIec61360"), value, path, depth, owner);
    if (standInsOf(of as ClassName) === undefined) return this.#instance(classNamed(of as ClassName), value, path, depth, owner);
    let element = value;
    for (const wrapper of ["submodelElement", "dataElement"])
      if (isObject(element) && isObject(element[wrapper])) element = element[wrapper];
    if (Array.isArray(element) && element.length === 1) element = element[0];
    if (!isObject(element)) return element === null ? undefined : element;
    const className = elementClassOf(element, path, this.#telling);
    if (className === undefined) return element;
    const row = CLASSES.get(className)!;
    return this.#instance(row, element["modelType"] === className ? element : { ...element, modelType: className }, path, depth);
  }

  #langStrings(given: unknown, path: string): unknown {
    const value = isObject(given) && given["langString"] !== undefined ? given["langString"] : given;
    if (isEmpty(value)) return [];
    if (typeof value === "string") {
      const taken = message("aas.textTakenForEnglish");
      if (this.#telling.legacy) this.#telling.count(path, taken, "type");
      else this.#telling.repaired(path, "type", taken);
      return [{ language: "en", text: value }];
    }
    const list: readonly unknown[] = Array.isArray(value)
      ? value
      : isObject(value) && "text" in value
        ? [value]
        : isObject(value)
          ? Object.entries(value).map(([language, text]) => ({ language, text }))
          : [value];
    const upgraded = list.flatMap((item): unknown[] => {
      if (typeof item === "string") return item === "" ? [] : [{ language: "en", text: item }];
      if (!isObject(item)) return item === null ? [] : [item];
      const draft = new Draft(item);
      if (draft.has("lang") && !draft.has("language")) draft.set("language", draft.take("lang"));
      for (const name of ["#text", "value"]) if (draft.has(name) && !draft.has("text")) draft.set("text", draft.take(name));
      draft.take("modelType");
      if (isEmpty(draft.get("text"))) {
        this.#telling.count(path, message("aas.languageStringWithoutTextSays"), "empty");
        return [];
      }
      if (isEmpty(draft.get("language"))) {
        draft.set("language", "und");
        this.#telling.repaired(path, "required", message("aas.languageStringWithoutLanguageUnd"));
      }
      return [draft.now()];
    });
    return Array.isArray(given) && upgraded.length === given.length && upgraded.every((item, index) => item === given[index])
      ? given
      : upgraded;
  }
}

/** The attribute that differs from the name in upper and lower case only. */
function nameInOtherLetters(row: ClassRow, name: string): string | undefined {
  const lower = name.toLowerCase();
  return row.attributes.find((attribute) => attribute.name.toLowerCase() === lower)?.name;
}
