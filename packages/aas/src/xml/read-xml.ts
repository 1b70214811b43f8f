import type { AttributeRow, ClassRow } from "../class-table.ts";
import { CLASSES_BY_XML_NAME, classNamed, standInsOf } from "../class-table.ts";
import { error, type Finding } from "../finding.ts";
import type { Environment } from "../metamodel.ts";
import { examine } from "../validation/validate.ts";
import { DEEPEST, report, type Instance } from "../validation/read-instance.ts";
import { parseXml, type XmlElement } from "./xml-node.ts";

export interface ReadEnvironment {
  readonly environment: Environment;
  readonly findings: readonly Finding[];
}

const NAMESPACE = /^https?:\/\/(?:www\.)?admin-shell\.io\/aas\/([0-9]+)\/([0-9]+)\/?$/;

/**
 * An environment from XML text of namespace aas/3/0 or aas/3/1, and everything that is wrong with it. Never throws.
 * As parseEnvironment, it takes a single shell, submodel or concept description for an environment of one;
 * an instance of any other class gives its findings and an empty environment. Releases 1 and 2 are refused with one finding.
 */
export function readXml(text: string): ReadEnvironment {
  const root = parseXml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if ("severity" in root) return { environment: {}, findings: [root] };
  const refusal = refusedNamespace(root);
  if (refusal !== undefined) return { environment: {}, findings: [refusal] };
  const row = CLASSES_BY_XML_NAME.get(root.name);
  if (row === undefined)
    return { environment: {}, findings: [error("", "xml", `The root element <${root.name}> is no class of the metamodel.`)] };
  const findings: Finding[] = [];
  const json = instanceOf(row, root, "", findings, 0);
  const { read, findings: further } = examine(json, row.name);
  const environment = row.name === "Environment" ? ((read ?? {}) as Environment) : environmentOfOne(row, read);
  return { environment, findings: [...findings, ...further] };
}

function environmentOfOne(row: ClassRow, read: Instance | undefined): Environment {
  if (read === undefined) return {};
  if (row.name === "AssetAdministrationShell") return { assetAdministrationShells: [read] } as unknown as Environment;
  if (row.name === "Submodel") return { submodels: [read] } as unknown as Environment;
  return row.name === "ConceptDescription" ? ({ conceptDescriptions: [read] } as unknown as Environment) : {};
}

function refusedNamespace(root: XmlElement): Finding | undefined {
  const match = NAMESPACE.exec(root.namespace);
  if (match === null)
    return error("", "xml", `The namespace ${JSON.stringify(root.namespace)} is not one of the Asset Administration Shell.`);
  if (match[1] === "3") return undefined;
  return error(
    "",
    "xml",
    `This is a file of metamodel release ${match[1]}.${match[2]}; releases 3.0 and 3.1 are read. Convert it with the tool that wrote it.`,
  );
}

/** The JSON shape of an element of a known class; whether its values are good is left to the check of that shape. */
function instanceOf(row: ClassRow, element: XmlElement, path: string, findings: Finding[], depth: number): Instance | undefined {
  if (depth > DEEPEST) {
    report(findings, path, "limit", `Nested more than ${DEEPEST} levels deep: left out.`);
    return undefined;
  }
  if (element.text.trim() !== "") report(findings, path, "xml", `<${element.name}> must hold elements only, but has text.`);
  const instance: Instance = row.hasModelType ? { modelType: row.name } : {};
  for (const child of element.children) {
    const attribute = child.namespace === element.namespace ? row.byName.get(child.name) : undefined;
    if (attribute === undefined) {
      report(
        findings,
        path,
        "additional",
        `${row.name} has no element <${child.name}>${child.namespace === element.namespace ? "" : ` of namespace ${child.namespace}`}.`,
      );
    } else if (Object.hasOwn(instance, attribute.name)) {
      report(findings, path, "xml", `<${child.name}> must not come twice.`);
    } else {
      const value = valueIn(attribute, child, path === "" ? child.name : `${path}.${child.name}`, findings, depth);
      if (value !== undefined) instance[attribute.name] = value;
    }
  }
  return instance;
}

function valueIn(attribute: AttributeRow, element: XmlElement, path: string, findings: Finding[], depth: number): unknown {
  const { type } = attribute;
  if (type.kind === "list") return itemsIn(type.of, element, path, findings, depth);
  if (type.kind === "instance") {
    if (standInsOf(type.of) === undefined) return instanceOf(classNamed(type.of as never), element, path, findings, depth + 1);
    const items = itemsIn(type.of, element, path, findings, depth);
    if (items.length > 1) report(findings, path, "xml", `<${element.name}> must hold one element, but has ${items.length}.`);
    return items[0];
  }
  if (element.children.length > 0)
    report(findings, path, "xml", `<${element.name}> must hold text only, but has <${element.children[0]!.name}>.`);
  if (type.kind === "boolean") return booleanOf(element, path, findings);
  if (type.kind === "enumeration") return element.text.trim();
  return type.kind === "bytes" ? element.text.replace(/[ \t\r\n]+/g, "") : element.text;
}

function itemsIn(of: string, element: XmlElement, path: string, findings: Finding[], depth: number): Instance[] {
  if (element.text.trim() !== "") report(findings, path, "xml", `<${element.name}> must hold elements only, but has text.`);
  const items: Instance[] = [];
  const standIns = standInsOf(of as never);
  element.children.forEach((child, index) => {
    const row = child.namespace === element.namespace ? CLASSES_BY_XML_NAME.get(child.name) : undefined;
    if (row === undefined || (standIns === undefined ? row.name !== of : !standIns.has(row.name))) {
      report(findings, path, "xml", `Expected a ${of} in <${element.name}>, but found <${child.name}>: left out.`);
      return;
    }
    const item = instanceOf(row, child, `${path}[${index}]`, findings, depth + 1);
    if (item !== undefined) items.push(item);
  });
  return items;
}

function booleanOf(element: XmlElement, path: string, findings: Finding[]): boolean | undefined {
  const text = element.text.trim();
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  report(findings, path, "lexical", `${JSON.stringify(text.slice(0, 80))} is not a boolean.`);
  return undefined;
}
